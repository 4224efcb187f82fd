"""The folder of a rehearsal: what made it, what is there already, files that appear whole."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import msgspec

from solbook import __version__
from solbook.errors import SolbookError

NOTE = "rehearsal.json"
FEED = "feed"
IMAGES = "images"
RELEASES = "releases"
PICTURE_SUFFIXES = frozenset({".png", ".jpg"})

# What a file is called until all of it is written.
_UNFINISHED = ".part"


class Made(msgspec.Struct, frozen=True):
    """What was made in a folder.

    Attributes:
        records: Records in the feed.
        pages: Pages of it.
        files: Pictures.
        bytes: The size of pages and pictures together.
    """

    records: int
    pages: int
    files: int
    bytes: int


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """What makes a rehearsal, `rehearsal.json` in its folder; a second run goes by it.

    Attributes:
        version: Which Solbook makes it, see `version_of_maker`.
        seed: Whatever is left to chance comes from it.
        sols: Sols; not of a feed without pictures.
        per_sol: Files a sol; not of a feed without pictures.
        records_only: Records of a feed without pictures.
        made: What was made, once all of it is.
    """

    version: str
    seed: int
    sols: int | None = None
    per_sol: float | None = None
    records_only: int | None = None
    made: Made | None = None

    def words(self) -> str:
        """Its arguments as people read them."""
        if self.records_only is not None:
            what = f"{self.records_only:,} records without pictures"
        else:
            what = f"sols {self.sols}, files a sol {self.per_sol:g}"
        return f"{what}, seed {self.seed}, by Solbook {self.version}"


def version_of_maker() -> str:
    """Solbook's version, and a checksum of this room: other code may make other pictures."""
    room = Path(__file__).parent
    checksum = 0
    for path in sorted([*room.glob("*.py"), *room.glob("data/*")]):
        checksum = crc32(path.read_bytes(), checksum)
    return f"{__version__}+{checksum:08x}"


def begin(folder: Path, asked: Note) -> Note:
    """Make a folder ready for a rehearsal, or find the same one begun there.

    Returns:
        The folder's note; with `made` if nothing is left to do.

    Raises:
        SolbookError: Something else is there, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = _note_of(folder)
        if found is None and any(path.suffix != _UNFINISHED for path in folder.iterdir()):
            raise _taken("not_empty", folder, f"files, and no {NOTE} that can be read", asked)
    except OSError as error:
        raise unwritable(folder, error) from error
    if found is None:
        write_note(folder, asked)
        return asked
    if msgspec.structs.replace(found, made=None) != asked:
        raise _taken("other_rehearsal", folder, found.words(), asked)
    if found.made and _count(folder) != (found.made.pages, found.made.files):
        return asked
    return found


def write_note(folder: Path, note: Note) -> None:
    """Write what makes the rehearsal of a folder, or has made it."""
    encoded = msgspec.json.format(msgspec.json.encode(note), indent=2)
    write_whole(folder / NOTE, encoded + b"\n")


def pictures_there(folder: Path) -> dict[str, int]:
    """Sizes of the pictures of a rehearsal that are there, by name without extension."""
    found = (folder / IMAGES).glob("*")
    return {path.stem: path.stat().st_size for path in found if path.suffix in PICTURE_SUFFIXES}


def write_whole(path: Path, body: bytes) -> None:
    """Write a file that has its name only when all of it is written.

    Raises:
        SolbookError: It cannot be written.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(body)
        unfinished.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> SolbookError:
    """The error for something that cannot be written."""
    return SolbookError(
        f"{path} cannot be written.",
        code="unwritable",
        found=error.strerror or str(error),
        expected="a folder that may be written to, with room in it",
        help="Name another folder, or make room; what is made is not made again.",
    )


def _note_of(folder: Path) -> Note | None:
    try:
        return msgspec.json.decode((folder / NOTE).read_bytes(), type=Note)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _count(folder: Path) -> tuple[int, int]:
    """Pages and pictures of a folder."""
    return len(list((folder / FEED).glob("page-*.json"))), len(pictures_there(folder))


def _taken(code: str, folder: Path, found: str, asked: Note) -> SolbookError:
    return SolbookError(
        f"{folder} has something else in it.",
        code=code,
        found=found,
        expected=f"an empty folder, or one of {asked.words()}",
        help="Name another folder, or empty this one.",
    )
