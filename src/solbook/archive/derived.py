"""Files that were made of stored ones and can be made again: `derived/PART/ab/<sha256>-NAME`.

Each part has a budget of bytes; what was used longest ago goes first. A file's time of modification
is when it was last used, so there is no table to be kept right by many processes and after crashes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from solbook.archive.files import write_whole

# A file in use is not stamped at every use.
_STAMP_EVERY_S = 3600.0
# After so much of the budget has been written, what is there is counted again; then some more than
# is over goes, so that this need not be soon again.
_COUNT_AFTER = 0.05
_LEAVE = 0.9
_PARTIAL = ".part-"
# No maker takes so long: what is older was left by a process that was killed.
_ABANDONED_S = 6 * 3600.0


class _Found(NamedTuple):
    used_s: float
    byte_count: int
    path: str


class DerivedFiles:
    """A part of an archive's derived files.

    Args:
        folder: Its folder; made when there is something to keep.
        budget_bytes: What it may take on disk, nearly: it is looked at from time to time.
    """

    def __init__(self, folder: Path, budget_bytes: int) -> None:
        self.folder = folder
        self.budget_bytes = budget_bytes
        self._lock = threading.Lock()
        # Nobody knows what is there already.
        self._unseen_bytes = budget_bytes

    def path(self, sha256: str, name: str) -> Path:
        """Where the file of this name made of the file with this sha256 is, or would be."""
        return self.folder / sha256[:2] / f"{sha256}-{name}"

    def find(self, sha256: str, name: str) -> Path | None:
        """The file, if it was made; using it is noted."""
        path = self.path(sha256, name)
        try:
            found = path.stat()
            # A power cut may leave the name of a file and none of its bytes.
            if found.st_size == 0:
                return None
            if time.time() - found.st_mtime > _STAMP_EVERY_S:
                os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def keep(self, sha256: str, name: str, body: bytes) -> Path:
        """Keep what was made."""
        path = self.path(sha256, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, body, durable=False)
        self._count(len(body))
        return path

    @contextmanager
    def making(self, sha256: str, name: str) -> Iterator[Path]:
        """A path to write a large file to, which gets its name when all of it is there."""
        path = self.path(sha256, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{_PARTIAL}{os.getpid()}-{threading.get_ident()}-{path.name}")
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        self._count(path.stat().st_size)

    def find_or_keep(self, sha256: str, name: str, make: Callable[[], bytes]) -> Path:
        """The file, made now if it was not there."""
        return self.find(sha256, name) or self.keep(sha256, name, make())

    def _count(self, added_bytes: int) -> None:
        with self._lock:
            self._unseen_bytes += added_bytes
            if self._unseen_bytes <= _COUNT_AFTER * self.budget_bytes:
                return
            self._unseen_bytes = 0
        self.make_room()

    def make_room(self) -> int:
        """Delete what was used longest ago until the budget is kept; returns the bytes deleted."""
        found = sorted(self._walk())
        total = sum(each.byte_count for each in found)
        if total <= self.budget_bytes:
            return 0
        deleted = 0
        for each in found:
            if total - deleted <= _LEAVE * self.budget_bytes:
                break
            Path(each.path).unlink(missing_ok=True)
            deleted += each.byte_count
        return deleted

    def _walk(self) -> Iterator[_Found]:
        """All files; those that are being written are left alone."""
        now_s = time.time()
        for folder in _entries(self.folder):
            for entry in _entries(folder.path):
                try:
                    about = entry.stat()
                except FileNotFoundError:
                    # Another process makes room as well.
                    continue
                is_partial = entry.name.startswith(_PARTIAL)
                if not is_partial or now_s - about.st_mtime > _ABANDONED_S:
                    yield _Found(about.st_mtime, about.st_size, entry.path)


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
        return []
