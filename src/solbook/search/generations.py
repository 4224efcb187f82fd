"""Generations of an archive's index: one is made whole beside the others, then becomes the current.

```
index/
  current             the name of the generation that answers
  000000012345-1/     a generation: the change it has read last, and which of them it is
    manifest.json     what it is made of, and the size of each file
    vectors/<segment>/  views/<segment>/   columns, shared with the generation before by hard links
    vectors/<segment>.dead.npy             rows that a later segment replaces
    text/             Tantivy
```

Nobody changes a generation that is there: whoever has it open keeps it, also when it is deleted.
"""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from solbook.archive.files import write_whole
from solbook.errors import SolbookError
from solbook.search.vectors import VectorSegment
from solbook.search.views import ViewSegment

if TYPE_CHECKING:
    from solbook.search.text import TextIndex

FORM = 1
"""Changes when files of older generations can no longer be read: they are then made again."""

MANIFEST = "manifest.json"
_CURRENT = "current"
_LOCK = ".lock"
_MAKING = ".making"
READ_ERRORS = (OSError, ValueError, RuntimeError, msgspec.MsgspecError)
"""What faiss, numpy, Tantivy and msgspec raise over files that are damaged."""


class Manifest(msgspec.Struct):
    """What a generation is made of.

    Attributes:
        form: Form of its files.
        seq: The last change of the catalogue that it has read.
        made_ns: When, UTC.
        descriptor: Name of the descriptor of its pictures.
        missions: Codes of missions are places in this list; the first is for items of none.
        vectors: Its segments of pictures.
        views: Its segments of views.
        pictures: How many pictures it has.
        viewed: How many views.
        texts: How many items with words.
        sizes: Size of every file in bytes, by its path.
    """

    form: int
    seq: int
    made_ns: int
    descriptor: str
    missions: list[str]
    vectors: list[str] = []
    views: list[str] = []
    pictures: int = 0
    viewed: int = 0
    texts: int = 0
    sizes: dict[str, int] = {}


@dataclass
class Generation:
    """A generation, open for reading."""

    name: str
    manifest: Manifest
    vectors: list[VectorSegment]
    views: list[ViewSegment]
    text: TextIndex
    codes: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.codes = {mission: code for code, mission in enumerate(self.manifest.missions)}


class IndexState(msgspec.Struct, frozen=True):
    """How an archive's index is doing.

    Attributes:
        state: `none`, `ready`, `behind` or `damaged`.
        generation: Its name.
        behind: How many changes of the catalogue it has not read.
        made_ns: When it was made, UTC.
        pictures: Pictures it has.
        views: Views it has.
        texts: Items with words it has.
        damage: What is wrong with it.
    """

    state: str
    generation: str | None = None
    behind: int = 0
    made_ns: int | None = None
    pictures: int = 0
    views: int = 0
    texts: int = 0
    damage: str | None = None


class IndexStore:
    """The index of an archive.

    Args:
        folder: `index/` of the archive; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp: tuple[int, int] | None = None
        self._open: Generation | None = None
        self._opening = threading.Lock()
        self.damage: str | None = None

    def generation(self) -> Generation | None:
        """The current generation; `None` where there is none, or it is damaged."""
        # Threads that ask while one opens it wait: half of their answers would be without it.
        with self._opening:
            try:
                about = (self.folder / _CURRENT).stat()
            except OSError:
                self._stamp, self._open, self.damage = None, None, None
                return None
            stamp = about.st_ino, about.st_mtime_ns
            if stamp != self._stamp:
                self._stamp, self.damage = stamp, None
                try:
                    self._open = open_generation(self.folder / self.current_name())
                except READ_ERRORS as error:
                    self.note_damage(error)
            return self._open

    def note_damage(self, error: Exception) -> None:
        """Go on without an index that cannot be read, until another one is made."""
        self._open = None
        self.damage = f"{type(error).__name__}: {error}".replace(str(self.folder), "index")

    def current_name(self) -> str:
        """Name of the current generation.

        Raises:
            OSError, ValueError: There is none, or the file that names it is damaged.
        """
        name = (self.folder / _CURRENT).read_text("ascii").strip()
        if not name or "/" in name or name.startswith("."):
            raise ValueError(f"`{_CURRENT}` names no generation")
        return name

    def state(self, latest_change: int) -> IndexState:
        """How it is doing.

        Args:
            latest_change: The newest number of the catalogue's change log.
        """
        generation = self.generation()
        if generation is None:
            return IndexState("damaged" if self.damage else "none", damage=self.damage)
        manifest = generation.manifest
        behind = max(latest_change - manifest.seq, 0)
        return IndexState(
            "behind" if behind else "ready",
            generation.name,
            behind,
            manifest.made_ns,
            manifest.pictures,
            manifest.viewed,
            manifest.texts,
        )

    @contextmanager
    def making(self) -> Iterator[Path]:
        """A folder for a new generation; what is in it stays nobody's until `make_current`.

        Raises:
            SolbookError: Another process is making one.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise SolbookError(
                    "The index is being made by another process.",
                    code="index_busy",
                    found="a process that holds the lock of the index",
                    expected="one at a time",
                    help="Wait until it is done, and run the command again.",
                ) from error
            folder = self.folder / _MAKING
            # What a process that was killed has left.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def make_current(self, made: Path, manifest: Manifest) -> str:
        """Give a new generation its name, and let it answer from now on."""
        manifest.sizes = {
            path.relative_to(made).as_posix(): path.stat().st_size
            for path in sorted(made.rglob("*"))
            if path.is_file() and not path.name.endswith(".lock")
        }
        write_whole(made / MANIFEST, msgspec.json.encode(manifest))
        name = self._free_name(manifest.seq)
        made.rename(self.folder / name)
        write_whole(self.folder / _CURRENT, f"{name}\n".encode())
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in {name, _MAKING}:
                shutil.rmtree(path, ignore_errors=True)
        return name

    def _free_name(self, seq: int) -> str:
        taken = {path.name for path in self.folder.iterdir()}
        names = (f"{seq:012d}-{turn}" for turn in range(1, len(taken) + 2))
        return next(name for name in names if name not in taken)


def open_generation(folder: Path) -> Generation:
    """Open a generation.

    Raises:
        OSError, ValueError, RuntimeError, msgspec.MsgspecError: It is damaged.
    """
    from solbook.search.text import TextIndex  # noqa: PLC0415  (Tantivy)

    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    if manifest.form != FORM:
        raise ValueError(f"it is of form {manifest.form}, not {FORM}")
    for name, size in manifest.sizes.items():
        found = (folder / name).stat().st_size
        if found != size:
            raise ValueError(f"{name} has {found} bytes, not {size}")
    return Generation(
        folder.name,
        manifest,
        [
            VectorSegment(folder / "vectors" / n, _dead(folder, "vectors", n))
            for n in manifest.vectors
        ],
        [ViewSegment(folder / "views" / n, _dead(folder, "views", n)) for n in manifest.views],
        TextIndex(folder / "text"),
    )


def _dead(folder: Path, part: str, segment: str) -> NDArray[np.int64]:
    path = folder / part / f"{segment}.dead.npy"
    if not path.exists():
        return np.zeros(0, dtype=np.int64)
    dead: NDArray[np.int64] = np.load(path, allow_pickle=False)
    return dead
