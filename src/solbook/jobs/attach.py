"""Pictures into the archive from files on disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from solbook.archive import Archive
from solbook.archive.frames import find_frame
from solbook.archive.pictures import PictureKind, keep_picture
from solbook.imaging import NotAPicture, identify, thumbhash
from solbook.records import parse_product_id, stem_of

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif"})

_SIZE_ROLES = {"_1200": "large", "_800": "medium", "_320": "small", "-thm": "small"}
_SIZE = re.compile(r"(?:_(?:1200|800|320)|-thm)$", re.IGNORECASE)


class _Place(NamedTuple):
    """Which of a frame's files a file is."""

    item: int
    version: int
    role: str


class AttachReport(msgspec.Struct):
    """What became of the picture files of a folder.

    Attributes:
        attached: Files that now belong to a frame.
        unchanged: Files the archive already had for that frame.
        spare: Files left beside a larger one of the same frame, version and size.
        unmatched: Files that belong to no frame the archive knows.
        unusable: Files that are no pictures, with the reason.
    """

    attached: int = 0
    unchanged: int = 0
    spare: list[Path] = msgspec.field(default_factory=list)
    unmatched: list[Path] = msgspec.field(default_factory=list)
    unusable: list[tuple[Path, str]] = msgspec.field(default_factory=list)


def attach_files(
    archive: Archive, folder: Path, on_file: Callable[[Path], None] | None = None
) -> AttachReport:
    """Attach the pictures below a folder to the frames whose product ids their names carry."""
    report = AttachReport()
    for place, paths in _by_place(archive, folder, report).items():
        filled = False
        for path in paths:
            if on_file is not None:
                on_file(path)
            if filled:
                report.spare.append(path)
            else:
                filled = _attach(archive, place, path, report)
    return report


def picture_files(folder: Path) -> Iterator[Path]:
    """The picture files below a folder, in the order of their names.

    Of a rehearsal's folder only those of its feed: maps and releases are no frames.
    """
    # Commands that have nothing to do with a rehearsal load nothing of it.
    from solbook.rehearsal.folder import IMAGES, NOTE  # noqa: PLC0415 - see above

    within = folder / IMAGES if (folder / NOTE).is_file() else folder
    for path in sorted(within.rglob("*")):
        if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file():
            yield path


def _by_place(archive: Archive, folder: Path, report: AttachReport) -> dict[_Place, list[Path]]:
    """The files of a folder by the place they claim; the one with the most bytes comes first."""
    found: dict[_Place, list[Path]] = {}
    with archive.reading() as connection:
        for path in picture_files(folder):
            place = _place_of(connection, path)
            if place is None:
                report.unmatched.append(path)
            else:
                found.setdefault(place, []).append(path)
    for paths in found.values():
        paths.sort(key=lambda path: -path.stat().st_size)
    return found


def _place_of(connection: sa.Connection, path: Path) -> _Place | None:
    stem = stem_of(path.name)
    frame = find_frame(connection, stem)
    if frame is None:
        return None
    name = parse_product_id(stem)
    version = frame.version if name is None or name.version is None else name.version
    size = _SIZE.search(path.stem)
    return _Place(frame.key, version, _SIZE_ROLES[size[0].lower()] if size else "full")


def _attach(archive: Archive, place: _Place, path: Path, report: AttachReport) -> bool:
    """Attach a file, and say whether its place is filled now."""
    try:
        body = _read_picture(path, archive.settings.max_file_bytes)
        kind = picture_kind(archive, body)
    except OSError as error:
        report.unusable.append((path, error.strerror or str(error)))
        return False
    except NotAPicture as error:
        report.unusable.append((path, str(error)))
        return False
    if keep_picture(archive, *place, body, kind, origin=path.name):
        report.attached += 1
    else:
        report.unchanged += 1
    return True


def _read_picture(path: Path, max_bytes: int) -> bytes:
    size = path.stat().st_size
    if size > max_bytes:
        raise NotAPicture(f"{size:,} bytes are more than max_file_bytes")
    return path.read_bytes()


def picture_kind(archive: Archive, body: bytes) -> PictureKind:
    """What some bytes are; those of a picture that breaks off are kept, and the damage noted.

    Raises:
        NotAPicture: They are no picture, or one larger than the settings allow.
    """
    found = identify(body, archive.settings.max_picture_pixels)
    try:
        return PictureKind(*found, thumbhash=thumbhash(body))
    except NotAPicture as error:
        return PictureKind(*found, damage=str(error))
