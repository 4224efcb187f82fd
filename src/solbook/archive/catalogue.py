"""An archive on disk: its folder, its catalogue and its settings."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from solbook.archive import schema
from solbook.archive.files import FileStore
from solbook.archive.state import State
from solbook.archive.watch import CatalogueWatch
from solbook.errors import SolbookError
from solbook.settings import Settings, load_settings

CATALOGUE_FILE = "catalogue.sqlite"

HEAD = "0005"
"""The newest migration; a test compares it with the migrations folder."""

# Alembic's own table, in which it notes the migration a catalogue is at.
_ALEMBIC_VERSION = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), primary_key=True),
)

# One writer at a time: a second one waits this long for its turn.
BUSY_TIMEOUT_MS = 30_000
PAGE_BYTES = 8192
PAGE_CACHE_KIB = 32 * 1024
# The log is folded into the catalogue every 32 MiB: pages of indexes that many transactions touch
# are then written once, not once for each thousand pages of log.
WAL_PAGES = 8192


def now_ns() -> int:
    """The time now, UTC, ns since 1970-01-01."""
    return time.time_ns()


class Archive:
    """An archive on disk, open for reading and writing.

    Args:
        path: The archive's folder; it must have been made by `create`.
        settings: Settings to use in place of those of the folder.

    Raises:
        SolbookError: The folder is not an archive, or a newer Solbook wrote it.
    """

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.path = path
        if not self.catalogue_path.exists():
            raise SolbookError(
                f"{path} is not a Solbook archive.",
                code="no_archive",
                found=f"no {CATALOGUE_FILE} in it" if path.exists() else "no such folder",
                expected="a folder made by `solbook init`",
                help=f"Make one: solbook -a {path} init",
            )
        self.settings = settings or load_settings(path)
        self.files = FileStore(path / "files")
        self.state = State(path)
        self.engine = _engine(self.catalogue_path)
        self.watch = CatalogueWatch(self.catalogue_path)
        self._migrate()

    @classmethod
    def create(cls, path: Path, settings: Settings | None = None) -> Archive:
        """Open the archive at a path, making it first if there is none."""
        try:
            path.mkdir(parents=True, exist_ok=True)
            # SQLite takes an empty file for an empty database; the migrations fill it.
            (path / CATALOGUE_FILE).touch()
        except OSError as error:
            raise SolbookError(
                f"No archive can be made at {path}.",
                code="no_archive",
                found=error.strerror or str(error),
                expected="a folder that may be written, or a path where one can be made",
                help="Choose another path: solbook -a PATH",
            ) from error
        return cls(path, settings)

    @property
    def catalogue_path(self) -> Path:
        """The catalogue's file."""
        return self.path / CATALOGUE_FILE

    @property
    def derived_path(self) -> Path:
        """The folder of pictures that can be made again at any time."""
        return self.path / "derived"

    @property
    def index_path(self) -> Path:
        """The folder of the indexes, which can be made again at any time."""
        return self.path / "index"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection on which every statement sees the same state of the catalogue."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock from its start; all of it lands or nothing."""
        engine = self.engine.execution_options(solbook_write=True)
        with engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self.watch.close()
        self.state.close()

    def _migrate(self) -> None:
        try:
            with self.engine.connect() as connection:
                at = _revision(connection)
        except sa.exc.DatabaseError as error:
            raise SolbookError(
                f"The catalogue of {self.path} cannot be opened.",
                code="no_archive",
                found=str(error.orig),
                expected=f"a catalogue made by Solbook in {CATALOGUE_FILE}",
                help="Put back the file from a copy, or make a new archive.",
            ) from error
        if at == HEAD:
            return
        if at is not None and at > HEAD:
            raise SolbookError(
                f"{self.path} was written by a newer Solbook.",
                code="newer_archive",
                found=f"catalogue revision {at}",
                expected=f"revision {HEAD} or older",
                help="Upgrade: pip install --upgrade solbook",
            )
        with self.writing() as connection:
            # Another process may have done it while this one waited for the lock.
            at = _revision(connection)
            if at is None:
                _make(connection)
            elif at != HEAD:
                _upgrade(connection)


def _revision(connection: sa.Connection) -> str | None:
    """Which migration a catalogue is at; `None` for an empty one."""
    if not sa.inspect(connection).has_table(_ALEMBIC_VERSION.name):
        return None
    return connection.execute(sa.select(_ALEMBIC_VERSION.c.version_num)).scalar_one_or_none()


def _make(connection: sa.Connection) -> None:
    """Make a new catalogue as the migrations would; a test compares the two."""
    schema.METADATA.create_all(connection)
    _ALEMBIC_VERSION.create(connection)
    connection.execute(sa.insert(_ALEMBIC_VERSION), {"version_num": HEAD})


def _upgrade(connection: sa.Connection) -> None:
    # Alembic takes a quarter of a second to import, and few commands change a catalogue's shape.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "solbook.archive:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _engine(catalogue: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{catalogue}", connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
    )
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_connection(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: `_begin` says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"page_size={PAGE_BYTES}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        # Only archive.ingest and archive.pictures write rows that name others; a test checks what
        # they write. Having SQLite look every parent up again costs 15 % of an ingest.
        "foreign_keys=OFF",
        f"cache_size=-{PAGE_CACHE_KIB}",
        f"wal_autocheckpoint={WAL_PAGES}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # A writer takes the lock at once, so that what it reads first cannot change under it.
    write = connection.get_execution_options().get("solbook_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
