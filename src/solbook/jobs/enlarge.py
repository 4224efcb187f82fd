"""Pictures made of stored files: in the widths of pages, in parts, in pyramids; each made once."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from solbook.archive import Archive
from solbook.archive.derived import DerivedFiles
from solbook.imaging import (
    Cut,
    NotAPicture,
    PictureFile,
    Size,
    cut,
    open_pyramid,
    ready_tile,
    whole,
)
from solbook.jobs.turns import OneAtATime

PYRAMID = "pyramid.tif"


class Original(NamedTuple):
    """A stored file that pictures are made of."""

    sha256: str
    extension: str
    media_type: str
    width_px: int
    height_px: int

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.width_px, self.height_px


class PictureMaker:
    """Makes pictures of an archive's files, when somebody wants them and they are not there yet.

    Args:
        archive: The archive.
    """

    def __init__(self, archive: Archive) -> None:
        settings = archive.settings
        self.archive = archive
        self.pictures = DerivedFiles(
            archive.derived_path / "pictures", settings.derived_pictures_bytes
        )
        self.tiles = DerivedFiles(archive.derived_path / "tiles", settings.derived_tiles_bytes)
        # More at once would only take turns on the processors, and memory.
        self._turns = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._alone = OneAtATime()

    def sized(self, original: Original, size: Size) -> Path:
        """A picture in a width of pages; one that is narrower keeps its own.

        Raises:
            NotAPicture: The stored file is damaged.
            OSError: It is not on disk.
        """
        found = self.pictures.find(original.sha256, size.name)
        if found is not None:
            return found
        picture = self.opened(original)
        with self._turns:
            made = cut(picture, whole(picture, *size))
        return self.pictures.keep(original.sha256, size.name, made)

    def part(self, original: Original, wanted: Cut) -> bytes | Path:
        """What is wanted of a picture: its bytes, or the file they are in.

        Raises:
            NotAPicture: The stored file is damaged.
            OSError: It is not on disk.
        """
        tile = self.ready(original, wanted)
        if tile is not None:
            return tile
        name = f"{_digest(wanted)}.{wanted.format}"
        found = self.tiles.find(original.sha256, name)
        if found is not None:
            return found
        picture = self.opened(original)
        with self._turns:
            made = cut(picture, wanted)
        return self.tiles.keep(original.sha256, name, made)

    def ready(self, original: Original, wanted: Cut) -> bytes | None:
        """What is wanted, if it is a tile of a pyramid that is there; this takes no time.

        Raises:
            NotAPicture: The pyramid is damaged.
            OSError: It has gone in this moment.
        """
        if not self.wants_pyramid(original):
            return None
        pyramid = self.pictures.find(original.sha256, PYRAMID)
        return None if pyramid is None else ready_tile(open_pyramid(pyramid), wanted)

    def opened(self, original: Original) -> PictureFile:
        """Where to read a picture from: a large one from its pyramid, made now if it is missing.

        Raises:
            NotAPicture: The stored file is damaged.
            OSError: It is not on disk.
        """
        path = self.archive.files.path(original.sha256, original.extension)
        if not self.wants_pyramid(original):
            return PictureFile(path, original.media_type, original.width_px, original.height_px)
        pyramid = self.pictures.find(original.sha256, PYRAMID)
        if pyramid is None:
            pyramid = self._make_pyramid(path, original.sha256)
        return PictureFile(
            path,
            original.media_type,
            original.width_px,
            original.height_px,
            open_pyramid(pyramid),
        )

    def wants_pyramid(self, original: Original) -> bool:
        """Whether a picture is so large that it is read from a pyramid."""
        pixels = original.width_px * original.height_px
        return pixels > self.archive.settings.pyramid_above_pixels

    def lacks_pyramid(self, original: Original) -> bool:
        """Whether a picture wants a pyramid and has none."""
        return self.wants_pyramid(original) and not self.pictures.find(original.sha256, PYRAMID)

    def _make_pyramid(self, source: Path, sha256: str) -> Path:
        if not source.is_file():
            raise FileNotFoundError(2, "the file is not there", str(source))
        with self._alone.on(sha256):
            # Another thread may have made it while this one waited.
            found = self.pictures.find(sha256, PYRAMID)
            if found is not None:
                return found
            with self.pictures.making(sha256, PYRAMID) as target:
                _run(source, target, self.archive.settings.pyramid_timeout_s)
        return self.pictures.path(sha256, PYRAMID)


def _run(source: Path, target: Path, timeout_s: float) -> None:
    words = [sys.executable, "-m", "solbook.jobs.make_pyramid", str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, and paths of our own)
            words, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotAPicture(f"its pyramid takes more than {timeout_s:g} s") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise NotAPicture(said[-1] if said else f"its maker ended with {done.returncode}")


def _digest(wanted: Cut) -> str:
    return hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
