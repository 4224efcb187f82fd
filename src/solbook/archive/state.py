"""What visitors leave: `state.sqlite`, which nothing else can make again.

It stands apart from the catalogue, so that making that anew loses none of it, and every commit is
on disk before it is answered (`synchronous=FULL`). Its shape changes rarely and little: SQLite's
own `user_version` numbers it, and a step to the next number is a few statements.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from solbook.errors import SolbookError

STATE_FILE = "state.sqlite"

METADATA = sa.MetaData()

# What no one may know who would forge a visitor's cookie.
SECRETS = sa.Table(
    "secrets",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What was ever liked, with all its likes. Mission and sol are what the catalogue said when it was
# last liked: lists by sol need no second database.
LIKED_ITEMS = sa.Table(
    "liked_items",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("mission", sa.Text),
    sa.Column("sol", sa.Integer),
    sa.Column("likes", sa.Integer, nullable=False),
    sa.Index("liked_items_by_likes", sa.text("likes DESC"), "key"),
    sa.Index("liked_items_by_mission", "mission", sa.text("likes DESC"), "key"),
    sa.Index("liked_items_by_sol", "mission", "sol", sa.text("likes DESC"), "key"),
)

# The truth: who likes what, and since which UTC day, which is as exact as anybody needs it. A
# visitor is a keyed hash.
LIKES = sa.Table(
    "likes",
    METADATA,
    sa.Column("visitor", sa.LargeBinary, primary_key=True),
    sa.Column("item", sa.Integer, sa.ForeignKey("liked_items.key"), primary_key=True),
    sa.Column("day", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

# The likes an item was given on a day, in a week, in a year (UTC), counted as they are given.
LIKE_TOTALS = sa.Table(
    "like_totals",
    METADATA,
    sa.Column("span", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("item", sa.Integer, sa.ForeignKey("liked_items.key"), primary_key=True),
    sa.Column("mission", sa.Text),
    sa.Column("likes", sa.Integer, nullable=False),
    sa.Index("like_totals_by_likes", "span", "period", sa.text("likes DESC"), "item"),
    sa.Index("like_totals_by_mission", "span", "period", "mission", sa.text("likes DESC"), "item"),
    sa.Index("like_totals_by_item", "item", "span", "period"),
    sqlite_with_rowid=False,
)

# The image of each week that is over, with the likes it had then.
LIKE_WEEKS = sa.Table(
    "like_weeks",
    METADATA,
    sa.Column("week", sa.Text, primary_key=True),
    sa.Column("item", sa.Integer, sa.ForeignKey("liked_items.key"), nullable=False),
    sa.Column("likes", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The statements that lead from each version to the next; METADATA is the newest.
_STEPS: tuple[tuple[str, ...], ...] = ()
VERSION = 1 + len(_STEPS)

_BUSY_TIMEOUT_S = 30
_SECRET = "visitors"  # noqa: S105  (a name)
_SECRET_BYTES = 32


class State:
    """The state of an archive; opened, and made if there is none, when it is first asked for.

    Args:
        folder: The archive's folder.

    Attributes:
        settled_week: The week in which `archive.likes` last fixed the images of those before it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / STATE_FILE
        self.settled_week = ""
        self._engine: sa.Engine | None = None
        self._secret = b""
        self._lock = threading.Lock()

    @property
    def secret(self) -> bytes:
        """The key of everything that is said of visitors; it never changes."""
        self._opened()
        return self._secret

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection on which every statement sees the same state."""
        with self._opened().connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock from its start; at its end it is on disk."""
        with _writing(self._opened()) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection; asking opens the file again."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _opened(self) -> sa.Engine:
        with self._lock:
            if self._engine is None:
                self._engine, self._secret = self._open()
            return self._engine

    def _open(self) -> tuple[sa.Engine, bytes]:
        try:
            # Nobody else's business; what SQLite puts beside it gets the same mode.
            self.path.touch(mode=0o600)
            engine = _engine(self.path)
            with _writing(engine) as connection:
                _bring_up_to_date(connection, self.path)
                kept = sa.select(SECRETS.c.value).where(SECRETS.c.name == _SECRET)
                return engine, connection.execute(kept).scalar_one()
        except (OSError, sa.exc.DatabaseError) as error:
            raise SolbookError(
                f"{self.path} cannot be opened.",
                code="bad_state",
                found=str(getattr(error, "orig", error)),
                expected=f"a file {STATE_FILE} made by Solbook, which may be written",
                help="Put back the file from a copy. Without it, all likes are lost.",
            ) from error


def _bring_up_to_date(connection: sa.Connection, path: Path) -> None:
    at: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if at > VERSION:
        raise SolbookError(
            f"{path} was written by a newer Solbook.",
            code="newer_archive",
            found=f"version {at}",
            expected=f"version {VERSION} or older",
            help="Upgrade: pip install --upgrade solbook",
        )
    if at == VERSION:
        return
    if at == 0:
        METADATA.create_all(connection)
        made = {"name": _SECRET, "value": secrets.token_bytes(_SECRET_BYTES)}
        connection.execute(sa.insert(SECRETS), made)
    else:
        for step in _STEPS[at - 1 :]:
            for statement in step:
                connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version={VERSION}")


@contextmanager
def _writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.execution_options(solbook_write=True).begin() as connection:
        yield connection


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": _BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_connection(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: `_begin` says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("solbook_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
