"""Files into the archive from disk: pictures of frames, pictures and films of releases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from solbook.archive import Archive
from solbook.archive.frames import find_frame
from solbook.archive.pictures import ROLES, FileKind, keep_file
from solbook.archive.releases import release_by_id, releases_named
from solbook.imaging import NotAPicture, identify, thumbhash
from solbook.imaging.media import NotMedia, identify_media
from solbook.records import Release, parse_product_id, release_name, stem_of

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif"})
_OTHER_SUFFIXES = {
    ".mp4": "video",
    ".m4v": "video",
    ".webm": "video",
    ".mp3": "audio",
    ".m4a": "audio",
    ".ogg": "audio",
    ".wav": "audio",
    ".vtt": "captions",
}

_SIZE_ROLES = {"_1200": "large", "_800": "medium", "_320": "small", "-thm": "small"}
_SIZE = re.compile(r"(?:_(?:1200|800|320)|-thm)$", re.IGNORECASE)
# The files of a release as NASA's library names them: `ID~orig.png`.
_VARIANTS = {"orig": "full", "large": "large", "medium": "medium", "small": "small"}


class _Place(NamedTuple):
    """Which of an item's files a file is."""

    item: int
    version: int
    role: str


class AttachReport(msgspec.Struct):
    """What became of the files of a folder.

    Attributes:
        attached: Files that now belong to a frame or a release.
        unchanged: Files the archive already had for it.
        spare: Files left beside a larger one of the same frame, version and size.
        unmatched: Files that belong to nothing the archive knows.
        unusable: Files that are not what they should be, with the reason.
    """

    attached: int = 0
    unchanged: int = 0
    spare: list[Path] = msgspec.field(default_factory=list)
    unmatched: list[Path] = msgspec.field(default_factory=list)
    unusable: list[tuple[Path, str]] = msgspec.field(default_factory=list)


def attach_files(
    archive: Archive, folder: Path, on_file: Callable[[Path], None] | None = None
) -> AttachReport:
    """Attach the files below a folder to the frames and releases whose ids their names carry."""
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


def attach_releases(archive: Archive, releases: Iterable[Release], report: AttachReport) -> None:
    """Store the files that releases of a folder have on this machine.

    Args:
        archive: Where to; the releases must be in it.
        releases: The releases.
        report: Gets what became of their files.
    """
    for release in releases:
        if not release.paths:
            continue
        with archive.reading() as connection:
            row = release_by_id(connection, release.source, release.name)
        if row is not None:
            for role, path in release.paths:
                _attach(archive, _Place(row.key, 0, role), path, report)


def picture_files(folder: Path) -> Iterator[Path]:
    """The files below a folder that may be of an item, in the order of their names.

    Of a rehearsal's folder only those of its feed and its releases: maps are neither.
    """
    # Commands that have nothing to do with a rehearsal load nothing of it.
    from solbook.rehearsal.folder import IMAGES, NOTE, RELEASES  # noqa: PLC0415 - see above

    is_rehearsal = (folder / NOTE).is_file()
    for within in (folder / IMAGES, folder / RELEASES) if is_rehearsal else (folder,):
        for path in sorted(within.rglob("*")):
            suffix = path.suffix.lower()
            if (suffix in PICTURE_SUFFIXES or suffix in _OTHER_SUFFIXES) and path.is_file():
                yield path


def _by_place(archive: Archive, folder: Path, report: AttachReport) -> dict[_Place, list[Path]]:
    """The files of a folder by the place they claim; the one with the most bytes comes first."""
    found: dict[_Place, list[Path]] = {}
    with archive.reading() as connection:
        for path in picture_files(folder):
            place = _place_of(connection, path)
            if place is not None:
                found.setdefault(place, []).append(path)
            elif not _is_of_release(folder, path):
                report.unmatched.append(path)
    for paths in found.values():
        paths.sort(key=lambda path: -path.stat().st_size)
    return found


def _is_of_release(folder: Path, path: Path) -> bool:
    """Whether a file is of a rehearsal's releases: those may be left out, and nothing is amiss."""
    from solbook.rehearsal.folder import NOTE, RELEASES  # noqa: PLC0415 - see picture_files

    return (folder / NOTE).is_file() and path.is_relative_to(folder / RELEASES)


def _place_of(connection: sa.Connection, path: Path) -> _Place | None:
    stem = stem_of(path.name)
    frame = find_frame(connection, stem)
    if frame is None:
        return _place_of_release(connection, path)
    name = parse_product_id(stem)
    version = frame.version if name is None or name.version is None else name.version
    size = _SIZE.search(path.stem)
    return _Place(frame.key, version, _SIZE_ROLES[size[0].lower()] if size else "full")


def _place_of_release(connection: sa.Connection, path: Path) -> _Place | None:
    """The place of a file that is named as NASA's library does."""
    upstream_id, _, variant = path.stem.partition("~")
    found = releases_named(connection, release_name(upstream_id))
    if len(found) != 1:
        return None
    role = _OTHER_SUFFIXES.get(path.suffix.lower()) or _VARIANTS.get(variant.lower() or "orig")
    return _Place(found[0].key, 0, role) if role else None


def _attach(archive: Archive, place: _Place, path: Path, report: AttachReport) -> bool:
    """Attach a file, and say whether its place is filled now."""
    try:
        body = _read_file(path, archive.settings.max_file_bytes)
        kind = file_kind(archive, body, place.role)
    except OSError as error:
        report.unusable.append((path, error.strerror or str(error)))
        return False
    except (NotAPicture, NotMedia) as error:
        report.unusable.append((path, str(error)))
        return False
    if keep_file(archive, *place, body, kind, origin=path.name):
        report.attached += 1
    else:
        report.unchanged += 1
    return True


def _read_file(path: Path, max_bytes: int) -> bytes:
    size = path.stat().st_size
    if size > max_bytes:
        raise NotAPicture(f"{size:,} bytes are more than max_file_bytes")
    return path.read_bytes()


def file_kind(archive: Archive, body: bytes, role: str) -> FileKind:
    """What some bytes are that should be an item's file of a role.

    Raises:
        NotAPicture: They should be a picture and are none, or one too large.
        NotMedia: They should be a film, a sound or captions and are not.
    """
    if role in ROLES:
        return picture_kind(archive, body)
    return FileKind(*identify_media(body))


def picture_kind(archive: Archive, body: bytes) -> FileKind:
    """What some bytes are; those of a picture that breaks off are kept, and the damage noted.

    Raises:
        NotAPicture: They are no picture, or one larger than the settings allow.
    """
    found = identify(body, archive.settings.max_picture_pixels)
    try:
        return FileKind(*found, thumbhash=thumbhash(body))
    except NotAPicture as error:
        return FileKind(*found, damage=str(error))
