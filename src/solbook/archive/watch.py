"""Noticing that a catalogue was written to, by this process or by another."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path


class CatalogueWatch:
    """Says whether a catalogue is still as it was; asking takes ten microseconds.

    Args:
        catalogue: Its file.
    """

    def __init__(self, catalogue: Path) -> None:
        self._catalogue = catalogue
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def state(self) -> int:
        """A number that is another one after every transaction that wrote."""
        with self._lock:
            if self._connection is None:
                # SQLite counts, for each connection, what others have written: this never writes.
                self._connection = sqlite3.connect(
                    self._catalogue, isolation_level=None, check_same_thread=False
                )
            found: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return found

    def close(self) -> None:
        """Close the connection; asking opens another one."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
