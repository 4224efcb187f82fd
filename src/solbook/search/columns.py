"""Columns of numbers on disk, a file each, mapped into memory and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


def write_columns(folder: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns into a folder of their own."""
    folder.mkdir(parents=True)
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)


def read_columns(folder: Path, names: Iterable[str]) -> Columns:
    """Columns of a folder.

    Raises:
        OSError: A file is missing.
        ValueError: A file breaks off, or columns are not of one length.
    """
    columns = {
        name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in names
    }
    if len({len(column) for column in columns.values()}) != 1:
        raise ValueError(f"the columns of {folder.name} are of different lengths")
    return columns


class KeyedRows:
    """Columns of which `keys` are those of items; rows that a later segment replaces are dead.

    Args:
        columns: The columns.
        dead: Which rows are dead, ascending.
    """

    def __init__(self, columns: Columns, dead: NDArray[np.int64]) -> None:
        self.columns = columns
        self.dead = dead
        self._order = np.argsort(columns["keys"], kind="stable")
        self._sorted_keys = columns["keys"][self._order]

    def __len__(self) -> int:
        return len(self._sorted_keys)

    def good(self) -> NDArray[np.bool_]:
        """Which rows are not dead."""
        rows = np.ones(len(self), dtype=np.bool_)
        rows[self.dead] = False
        return rows

    def rows_of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of some items, dead or not, ascending."""
        places = np.searchsorted(self._sorted_keys, keys)
        keys, places = keys[places < len(self)], places[places < len(self)]
        found: NDArray[np.int64] = np.sort(self._order[places[self._sorted_keys[places] == keys]])
        return found

    def row_of(self, key: int) -> int | None:
        """The row of an item; `None` where it has none that is not dead."""
        place = int(np.searchsorted(self._sorted_keys, key))
        if place == len(self) or self._sorted_keys[place] != key:
            return None
        row = int(self._order[place])
        return None if self.is_dead(row) else row

    def is_dead(self, row: int) -> bool:
        """Whether a later segment replaces a row."""
        place = int(np.searchsorted(self.dead, row))
        return place < len(self.dead) and bool(self.dead[place] == row)


def put_together(parts: Iterable[tuple[Columns, NDArray[np.bool_]]]) -> Columns:
    """One after the other, the rows of some columns that are still good; the columns all have."""
    kept = [{name: column[good] for name, column in part.items()} for part, good in parts]
    names = [name for name in kept[0] if all(name in part for part in kept)]
    return {name: np.concatenate([part[name] for part in kept]) for name in names}
