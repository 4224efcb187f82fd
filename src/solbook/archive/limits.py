"""How often a network may change likes: `limits.sqlite`, which may be deleted at any time.

Networks and images are keyed hashes. Their key is forgotten, with all that was counted under it,
when the UTC day ends. The file stands apart from `state.sqlite`, so that no copy of the likes has
anything of networks in it, and so that counting does not wait for the disk: what a power cut loses
here is a count of some minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

LIMITS_FILE = "limits.sqlite"

_NS_PER_S = 1_000_000_000
_MINUTE_NS = 60 * _NS_PER_S
_DAY_NS = 86_400 * _NS_PER_S
_IPV4_PREFIX = 24
_IPV6_PREFIX = 48
_HASH_BYTES = 12
_TABLES = """
    CREATE TABLE IF NOT EXISTS days (day INTEGER PRIMARY KEY, key BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS uses (
        network BLOB NOT NULL, image BLOB NOT NULL, at_ns INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS uses_by_network ON uses (network, at_ns);
"""
# On the day, for the image on the day, within the last minute.
_COUNTS = """
    SELECT count(*), count(CASE WHEN image = :of THEN 1 END),
        count(CASE WHEN at_ns > :after_ns THEN 1 END)
    FROM uses WHERE network = :by
"""


def network_of(host: str) -> str:
    """The network of an address: the /24 of IPv4, the /48 of IPv6; another name is its own."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = _IPV6_PREFIX if isinstance(address, IPv6Address) else _IPV4_PREFIX
    return str(ip_network(f"{address}/{prefix}", strict=False))


class NetworkLimits:
    """Counts what networks do, for all processes that serve an archive.

    Args:
        folder: The archive's folder.
        per_minute: How often within any 60 seconds.
        per_day: How often on a UTC day.
        per_image_day: How often on a UTC day for one image.
    """

    def __init__(self, folder: Path, per_minute: int, per_day: int, per_image_day: int) -> None:
        self.path = folder / LIMITS_FILE
        self.per_minute = per_minute
        self.per_day = per_day
        self.per_image_day = per_image_day
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def use(self, network: str, image: str, at_ns: int) -> float | None:
        """Count one use by a network, if it has one left.

        Args:
            network: As `network_of` gives it.
            image: What it changes likes of.
            at_ns: The time now.

        Returns:
            `None`, or how many seconds to wait for the next: then nothing was counted.
        """
        with self._writing() as connection:
            key = _key_of_day(connection, at_ns // _DAY_NS)
            by, of = _hashed(key, "network", network), _hashed(key, "image", image)
            on_day, of_image, in_minute = connection.execute(
                _COUNTS, {"by": by, "of": of, "after_ns": at_ns - _MINUTE_NS}
            ).fetchone()
            if on_day >= self.per_day or of_image >= self.per_image_day:
                return (_DAY_NS - at_ns % _DAY_NS) / _NS_PER_S
            if in_minute >= self.per_minute:
                return (self._frees_ns(connection, by) - at_ns) / _NS_PER_S
            connection.execute("INSERT INTO uses VALUES (?, ?, ?)", (by, of, at_ns))
            return None

    def close(self) -> None:
        """Close the connection; asking opens another one."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _frees_ns(self, connection: sqlite3.Connection, hashed: bytes) -> int:
        """When the oldest of the last uses leaves the minute."""
        query = "SELECT at_ns FROM uses WHERE network = ? ORDER BY at_ns DESC LIMIT 1 OFFSET ?"
        oldest: int = connection.execute(query, (hashed, self.per_minute - 1)).fetchone()[0]
        return oldest + _MINUTE_NS

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                self._connection = self._open()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()

    def _open(self) -> sqlite3.Connection:
        self.path.touch(mode=0o600)
        made = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=30)
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("PRAGMA synchronous=NORMAL")
        # What is forgotten is not to be found in the file either.
        made.execute("PRAGMA secure_delete=ON")
        made.executescript(_TABLES)
        return made


def _key_of_day(connection: sqlite3.Connection, day: int) -> bytes:
    """The key of a day; with the first use of a day all others go, and what was counted."""
    row = connection.execute("SELECT key FROM days WHERE day = ?", (day,)).fetchone()
    if row is None:
        row = (secrets.token_bytes(32),)
        connection.execute("DELETE FROM uses")
        connection.execute("DELETE FROM days")
        connection.execute("INSERT INTO days VALUES (?, ?)", (day, *row))
    key: bytes = row[0]
    return key


def _hashed(key: bytes, what: str, name: str) -> bytes:
    return hmac.digest(key, f"{what}:{name}".encode(), hashlib.sha256)[:_HASH_BYTES]
