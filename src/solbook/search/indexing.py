"""Making a generation of the index from the catalogue: all of it, or what has changed.

What has to be worked out of pictures and records is handed out in pieces, so that whoever calls may
do it in many processes. Nothing of the old generation is changed: columns are shared with the new
one by hard links, and `current` is swapped at the end.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from solbook.archive import Archive
from solbook.archive.catalogue import now_ns
from solbook.archive.overview import latest_change
from solbook.imaging.descriptor import DEFAULT_DESCRIPTOR
from solbook.imaging.view import VIEW_NUMBERS
from solbook.search.catalogue_rows import changed_keys, every_key, texts_of, work_of
from solbook.search.columns import Columns, KeyedRows, put_together
from solbook.search.generations import FORM, Generation, IndexStore, Manifest
from solbook.search.text import write_texts
from solbook.search.vectors import write_vectors
from solbook.search.views import write_views
from solbook.search.work import Described, Work

# So many items are read from the catalogue and handed out together.
TOGETHER = 500
# Each segment is asked in turn, so there must not be many; then they become one.
_MOST_SEGMENTS = 6

Describe = Callable[[Iterable[list[Work]]], Iterator[list[Described]]]
"""Works out what is asked of pieces of work; the order does not matter."""


class IndexReport(msgspec.Struct):
    """What became of an index.

    Attributes:
        made: Whether a new generation was made; otherwise nothing had changed.
        rebuilt: Whether it was made of the whole catalogue.
        generation: Its name.
        items: Items that were read.
        pictures: Pictures it has.
        views: Views it has.
        texts: Items with words it has.
        damaged: Items whose picture cannot be used, with the reason.
    """

    made: bool
    rebuilt: bool
    generation: str
    items: int = 0
    pictures: int = 0
    views: int = 0
    texts: int = 0
    damaged: list[tuple[str, str]] = msgspec.field(default_factory=list)


def build(
    archive: Archive,
    describe: Describe,
    *,
    rebuild: bool = False,
    on_items: Callable[[int, int], None] | None = None,
) -> IndexReport:
    """Bring the index up to date with the catalogue.

    Args:
        archive: The archive.
        describe: Works out what is asked of pictures and records.
        rebuild: Whether everything is made again.
        on_items: Told how many items are done, of how many.

    Raises:
        SolbookError: Another process is at it (`index_busy`).
    """
    store = IndexStore(archive.index_path)
    with store.making() as folder, archive.reading() as connection:
        seq = latest_change(connection)
        old = None if rebuild else _usable(store.generation())
        if old is not None and old.manifest.seq == seq:
            return _report(old.name, old.manifest, made=False, rebuilt=False)
        keys = every_key(connection) if old is None else changed_keys(connection, old.manifest.seq)
        making = _Making(archive, folder, old, keys, seq)
        damaged = making.run(connection, describe, on_items)
        name = store.make_current(folder, making.manifest)
        report = _report(name, making.manifest, made=True, rebuilt=old is None)
        report.items, report.damaged = len(keys), damaged
        return report


def _usable(generation: Generation | None) -> Generation | None:
    """The generation, if what is new can be added to it."""
    if generation is None or generation.manifest.descriptor != DEFAULT_DESCRIPTOR.name:
        return None
    return generation


def _report(name: str, manifest: Manifest, *, made: bool, rebuilt: bool) -> IndexReport:
    return IndexReport(
        made,
        rebuilt,
        name,
        pictures=manifest.pictures,
        views=manifest.viewed,
        texts=manifest.texts,
    )


class _Making:
    """A generation that is being made."""

    def __init__(
        self,
        archive: Archive,
        folder: Path,
        old: Generation | None,
        keys: NDArray[np.int64],
        seq: int,
    ) -> None:
        self.archive = archive
        self.folder = folder
        self.old = old
        self.keys = keys
        missions = list(old.manifest.missions) if old else [""]
        self.manifest = Manifest(FORM, seq, now_ns(), DEFAULT_DESCRIPTOR.name, missions)
        self._codes = {mission: code for code, mission in enumerate(missions)}
        self._seen: list[tuple[Work, Described]] = []

    def run(
        self,
        connection: sa.Connection,
        describe: Describe,
        on_items: Callable[[int, int], None] | None,
    ) -> list[tuple[str, str]]:
        """Make it; returns the items whose picture cannot be used."""
        damaged = []
        waiting: dict[int, Work] = {}
        pictures = _Rows(_PICTURE, np.float16, DEFAULT_DESCRIPTOR.dimensions)
        views = _Rows(_VIEW, np.float32, VIEW_NUMBERS)
        done = 0

        def handed_out() -> Iterator[list[Work]]:
            nonlocal done
            for keys in _pieces(self.keys, TOGETHER):
                work = work_of(self.archive, connection, keys)
                worth = {one.key: one for one in work if one.path or one.record}
                waiting.update(worth)
                done += len(keys) - len(worth)
                if worth:
                    yield list(worth.values())

        for described in describe(handed_out()):
            for one in described:
                self._take(waiting.pop(one.key), one, pictures, views)
                if one.damage:
                    damaged.append((one.item_id, one.damage))
            done += len(described)
            if on_items is not None:
                on_items(done, len(self.keys))
        self._write_vectors(pictures)
        self._write_views(views)
        self._write_texts(connection)
        return sorted(damaged)

    def _take(self, work: Work, one: Described, pictures: _Rows, views: _Rows) -> None:
        mission = self._code(work.mission)
        utc_ns = work.utc_ns or 0
        if one.vector is not None:
            pictures.add((one.key, mission, utc_ns, one.hash or 0), one.vector)
        if one.view is not None:
            views.add((one.key, mission, work.site or 0, utc_ns), one.view)

    def _code(self, mission: str | None) -> int:
        name = mission or ""
        if name not in self._codes:
            self._codes[name] = len(self._codes)
            self.manifest.missions.append(name)
        return self._codes[name]

    def _write_vectors(self, rows: _Rows) -> None:
        old = self.old.vectors if self.old else []
        names = self.old.manifest.vectors if self.old else []
        new = rows.columns()
        self.manifest.vectors, self.manifest.pictures = self._write_part(
            "vectors", names, old, new, write_vectors
        )

    def _write_views(self, rows: _Rows) -> None:
        old = self.old.views if self.old else []
        names = self.old.manifest.views if self.old else []
        new = rows.columns()
        self.manifest.views, self.manifest.viewed = self._write_part(
            "views", names, old, new, write_views
        )

    def _write_part(
        self,
        part: str,
        names: Sequence[str],
        old: Sequence[KeyedRows],
        new: Columns,
        write: Callable[[Path, Columns], None],
    ) -> tuple[list[str], int]:
        """Share the old segments and write a new one, or make one of all; names, and rows alive."""
        folder = self.folder / part
        folder.mkdir()
        good = [_alive(segment, self.keys) for segment in old]
        alive = sum(int(rows.sum()) for rows in good) + len(new["keys"])
        rows_there = sum(len(segment) for segment in old)
        name = f"{self.manifest.seq:012d}"
        # All together where segments are many, or the new is as much as a quarter of the old.
        many = len(old) >= _MOST_SEGMENTS or 4 * len(new["keys"]) > rows_there
        if old and (many or 4 * (rows_there + len(new["keys"])) > 5 * alive):
            parts = [(s.columns, rows) for s, rows in zip(old, good, strict=True)]
            new = put_together([*parts, (new, np.ones(len(new["keys"]), dtype=np.bool_))])
            names, old, good = [], [], []
        for each, rows in zip(names, good, strict=True):
            _share(self.old_folder / part / each, folder / each)
            dead = np.flatnonzero(~rows)
            if len(dead):
                np.save(folder / f"{each}.dead.npy", dead, allow_pickle=False)
        kept = list(names)
        if len(new["keys"]):
            write(folder / name, new)
            kept.append(name)
        return kept, alive

    @property
    def old_folder(self) -> Path:
        """The folder of the generation before."""
        if self.old is None:
            raise AssertionError("there is no generation before")
        return self.folder.parent / self.old.name

    def _write_texts(self, connection: sa.Connection) -> None:
        folder = self.folder / "text"
        replaced: list[int] = []
        if self.old is not None:
            _share(self.old_folder / "text", folder)
            replaced = [int(key) for key in self.keys]
        texts = (
            words for keys in _pieces(self.keys, TOGETHER) for words in texts_of(connection, keys)
        )
        self.manifest.texts = write_texts(folder, texts, replaced)


class _Rows:
    """Rows that are gathered, each some whole numbers and a vector; packed, as they are many.

    Args:
        types: Names and types of the whole numbers.
        kind: Type of a vector's numbers.
        dimensions: How many a vector has.
    """

    def __init__(self, types: dict[str, Any], kind: Any, dimensions: int) -> None:
        self.types = types
        self.kind = kind
        self.dimensions = dimensions
        self.numbers: list[tuple[int, ...]] = []
        self.vectors = bytearray()

    def add(self, numbers: tuple[int, ...], vector: NDArray[Any]) -> None:
        """Take a row in."""
        self.numbers.append(numbers)
        self.vectors += vector.astype(self.kind).tobytes()

    def columns(self) -> Columns:
        """The rows as columns."""
        given = zip(*self.numbers, strict=True) if self.numbers else [()] * len(self.types)
        columns = {
            name: np.array(values, dtype=kind)
            for (name, kind), values in zip(self.types.items(), given, strict=True)
        }
        values = np.frombuffer(self.vectors, self.kind).reshape(-1, self.dimensions)
        return columns | {"values": values}


_PICTURE = {"keys": np.int64, "missions": np.uint16, "utc_ns": np.int64, "hashes": np.uint64}
_VIEW = {"keys": np.int64, "missions": np.uint16, "sites": np.int32, "utc_ns": np.int64}


def _alive(segment: KeyedRows, changed: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows of a segment stay: what is changed comes again, or has gone."""
    rows = segment.good()
    rows[segment.rows_of(changed)] = False
    return rows


def _pieces(keys: NDArray[np.int64], size: int) -> Iterator[list[int]]:
    rest = iter(keys.tolist())
    while piece := list(islice(rest, size)):
        yield piece


def _share(old: Path, new: Path) -> None:
    """Files that stay as they are, in another folder as well; copied where links are not to be had.

    Tantivy replaces its lists of segments by new files, so what is linked stays as it is.
    """
    new.mkdir()
    for path in old.iterdir():
        if path.name.endswith(".lock"):
            continue
        try:
            os.link(path, new / path.name)
        except OSError:
            shutil.copyfile(path, new / path.name)
