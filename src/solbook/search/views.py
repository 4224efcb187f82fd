"""What was seen from where: the views of one segment of an index, by the place they were seen from.

Rows are sorted by cells of the ground 30 m wide, and within a cell by time, so the frames near a
place are nine ranges of rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.imaging.view import VIEW_NUMBERS, ground_points, shares_seen
from solbook.search.columns import Columns, KeyedRows, read_columns, write_columns

NAMES = ("keys", "missions", "sites", "utc_ns", "values")
NEARBY_M = 30.0
"""Views from further apart are not compared: what stands between is not known."""

# A rover may stand for months where ten thousand frames are taken; the nearest in time count.
_MOST_OF_A_CELL = 1500
_LEAST_SHARE = 0.05
_GROUND = 14  # where in a view the height of the ground is
_LEAST_HEIGHT_M = 0.5
_CELL_COLUMNS = (*NAMES, "cells")


class View(NamedTuple):
    """A view: the mission's code in the index, the site, UTC in ns, its 15 numbers."""

    mission: int
    site: int
    utc_ns: int
    numbers: NDArray[np.float32]


class Seen(NamedTuple):
    """A frame that sees what another sees.

    Attributes:
        key: The item's.
        share: Of what the other sees, how much this one does.
        away_m: How far from each other the cameras are, over the ground.
    """

    key: int
    share: float
    away_m: float

    @property
    def nearness(self) -> float:
        """The share, less a hundredth for each metre: from further away other things are in front.

        On the rehearsal one or two more overlaps in a hundred come among the first twelve by this
        than by the share alone.
        """
        return self.share - 0.01 * self.away_m


def write_views(folder: Path, columns: Columns) -> None:
    """Write a segment.

    Args:
        folder: Its folder, which must not be there.
        columns: `keys` of the items, `missions` as codes, `sites`, `utc_ns` and `values`:
            views, shape (n, 15), in the frames of their sites.
    """
    values = columns["values"].astype(np.float32).reshape(-1, VIEW_NUMBERS)
    cells = _cells(columns["missions"], columns["sites"], values)
    order = np.lexsort((columns["keys"], columns["utc_ns"], cells))
    ordered = {name: columns[name][order] for name in NAMES}
    write_columns(folder, ordered | {"values": values[order], "cells": cells[order]})


class ViewSegment(KeyedRows):
    """A segment, open for reading.

    Args:
        folder: Its folder.
        dead: Rows that a later segment replaces, ascending.

    Raises:
        OSError, ValueError: It is damaged.
    """

    def __init__(self, folder: Path, dead: NDArray[np.int64]) -> None:
        super().__init__(read_columns(folder, _CELL_COLUMNS), dead)
        if self.columns["values"].shape[1:] != (VIEW_NUMBERS,):
            raise ValueError("the views are of another form")

    def view_at(self, row: int) -> View:
        """A row's view."""
        columns = self.columns
        return View(
            int(columns["missions"][row]),
            int(columns["sites"][row]),
            int(columns["utc_ns"][row]),
            np.asarray(columns["values"][row]),
        )

    def seeing(self, seen_from: View, limit: int) -> list[Seen]:
        """The frames nearby that see most of what a view sees, of equal ones the nearest in time.

        Args:
            seen_from: The view.
            limit: At most so many.
        """
        view = seen_from.numbers
        rows = self._near(seen_from)
        values = np.asarray(self.columns["values"][rows])
        away_m = np.hypot(values[:, 0] - view[0], values[:, 1] - view[1])
        near = away_m <= NEARBY_M
        rows, values, away_m = rows[near], values[near], away_m[near]
        shares = shares_seen(ground_points(_grounded(view, values)), values)
        seen = np.flatnonzero(shares >= _LEAST_SHARE)
        rows, shares, away_m = rows[seen], shares[seen], away_m[seen]
        keys = self.columns["keys"][rows]
        apart_ns = np.abs(self.columns["utc_ns"][rows] - seen_from.utc_ns)
        best = np.lexsort((keys, apart_ns, -np.round(shares - 0.01 * away_m, 2)))[:limit]
        return [Seen(int(keys[n]), float(shares[n]), float(away_m[n])) for n in best]

    def _near(self, view: View) -> NDArray[np.int64]:
        """Rows of the cells around a view, of each those nearest in time."""
        found = []
        for cell in _cells_around(view):
            first, last = np.searchsorted(self.columns["cells"], [cell, cell + 1])
            if last - first > _MOST_OF_A_CELL:
                times = self.columns["utc_ns"][first:last]
                middle = first + int(np.searchsorted(times, view.utc_ns))
                start = min(max(middle - _MOST_OF_A_CELL // 2, first), last - _MOST_OF_A_CELL)
                first, last = start, start + _MOST_OF_A_CELL
            found.append(np.arange(first, last))
        rows = np.concatenate(found)
        return rows[~np.isin(rows, self.dead)] if len(self.dead) else rows


def _grounded(view: NDArray[np.float32], nearby: NDArray[np.float32]) -> NDArray[np.float32]:
    """A view over the ground of the frames nearby, where its vehicle is in the air.

    A record says where a vehicle is, not how high it flies; but a camera no higher than its vehicle
    is a helicopter's, or an arm's at the ground.
    """
    height_m = nearby[:, _GROUND] - nearby[:, 2]
    standing = nearby[height_m > _LEAST_HEIGHT_M]
    if view[_GROUND] - view[2] > _LEAST_HEIGHT_M or not len(standing):
        return view
    grounded = view.copy()
    grounded[_GROUND] = np.median(standing[:, _GROUND])
    return grounded


def _cells(
    missions: NDArray[np.uint16], sites: NDArray[np.int32], values: NDArray[np.float32]
) -> NDArray[np.int64]:
    across = np.floor(values[:, :2].astype(np.float64) / NEARBY_M).astype(np.int64) & 0xFFFF
    head = missions.astype(np.int64) << 48 | (sites.astype(np.int64) & 0xFFFF) << 32
    made: NDArray[np.int64] = head | across[:, 0] << 16 | across[:, 1]
    return made


def _cells_around(view: View) -> list[int]:
    north, east = (int(np.floor(float(view.numbers[n]) / NEARBY_M)) for n in (0, 1))
    head = view.mission << 48 | (view.site & 0xFFFF) << 32
    return [
        head | ((north + i) & 0xFFFF) << 16 | ((east + j) & 0xFFFF)
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
    ]
