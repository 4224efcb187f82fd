"""Bytes on disk, named by their sha256: `files/ab/cd/<sha256>.<extension>`."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def sha256_of(body: bytes) -> str:
    """The sha256 of some bytes, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


class FileStore:
    """Files of an archive; a name is the content's sha256, so nothing is ever overwritten."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str, extension: str) -> Path:
        """Where the file with this sha256 is, or would be."""
        return self.folder / sha256[:2] / sha256[2:4] / f"{sha256}.{extension}"

    def store(self, body: bytes, extension: str) -> str:
        """Keep some bytes and return their sha256.

        The file appears under its name only when all of it is on disk.
        """
        sha256 = sha256_of(body)
        path = self.path(sha256, extension)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, body)
        return sha256


def write_whole(path: Path, body: bytes, *, durable: bool = True) -> None:
    """Write a file so that no reader ever sees a part of it.

    Args:
        path: Where to.
        body: All of it.
        durable: Whether a power cut, too, leaves all or nothing; it takes some milliseconds.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        # mkstemp makes files only their owner can read; kept files follow the folder.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
