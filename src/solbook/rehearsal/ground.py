"""The ground: its relief sampled in nested grids around a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.rehearsal import lines, relief
from solbook.rehearsal.noise import compiled, smooth

Floats = NDArray[np.float64]

CELLS = 1024
"""Cells along a side of every grid."""
CELL_M = (64.0, 4.0, 0.25, 0.03125, 0.001953125)
"""Sides of the cells of the grids, outermost first; the last is for close-ups only."""
_PYRAMID = 11
# The finer grids have no `stuff` of their own.
_STUFFED = 3
# A grid moves in steps of this many cells, so that stops nearby share it.
_SNAP_CELLS = 64
WHEEL_TRACK_M = 2.3
"""Between the left and the right wheels, as Perseverance's (2.7 m wide with wheels of 0.4 m)."""
WHEEL_WIDTH_M = 0.4
_RUT_DEPTH_M = 0.014
_CLEAT_M = 0.11


Floats32 = NDArray[np.float32]
Kernel = tuple[Floats, Floats32, Floats32, Floats32, Floats32]
"""The arrays of `Grids`, in that order."""


@dataclass(frozen=True, eq=False)
class Grids:
    """Nested grids of heights at the corners of square cells, outermost first.

    All of them are in the same arrays, for the compiled kernels are many times as fast on a few
    large arrays; in 32 bits, which are some micrometres of a height and half as much to read. The
    first axis of each is the grid.

    Attributes:
        at: Shape (n, 4): side of the cells, north and east of corner (0, 0), inverse of the side.
        height_m: Shape (n, CELLS + 1, CELLS + 1): metres up, north then east.
        greatest_m: Shape (n, 4/3 CELLS^2): the greatest height in each square of 2^k cells, for k
            from 0 to 10, one level after another.
        lie: Shape (n, CELLS + 1, CELLS + 1, 3): slopes along north and east, and how far wheels
            have pressed the ground, 0 to 1.
        stuff: Shape (m, CELLS + 1, CELLS + 1, 3): what `lines.stuff_along` gives; the finest grids
            have none, so m is 3 at most.
    """

    at: Floats
    height_m: Floats32
    greatest_m: Floats32
    lie: Floats32
    stuff: Floats32

    @classmethod
    def room_for(cls, count: int) -> Grids:
        """Grids without tracks, of which nothing else is known yet."""
        corners = (CELLS + 1, CELLS + 1)
        return cls(
            np.empty((count, 4)),
            np.empty((count, *corners), np.float32),
            np.empty((count, sum((CELLS >> k) ** 2 for k in range(_PYRAMID))), np.float32),
            np.zeros((count, *corners, 3), np.float32),
            np.empty((min(count, _STUFFED), *corners, 3), np.float32),
        )

    def __len__(self) -> int:
        return len(self.at)

    @property
    def kernel(self) -> Kernel:
        """What the compiled kernels take."""
        return self.at, self.height_m, self.greatest_m, self.lie, self.stuff

    def only(self, number: int) -> Kernel:
        """The same of one of them."""
        one = slice(number, number + 1)
        return (
            self.at[one],
            self.height_m[one],
            self.greatest_m[one],
            self.lie[one],
            self.stuff[one],
        )

    def place(self, number: int, cell_m: float, north_m: float, east_m: float) -> None:
        """Say where a grid lies: about a place, moved in steps."""
        north_m, east_m = corner_m(cell_m, north_m, east_m)
        self.at[number] = cell_m, north_m, east_m, 1 / cell_m

    def take(self, number: int, other: Grids) -> None:
        """Take over all of a grid from others that have the same."""
        self.at[number] = other.at[number]
        self.height_m[number] = other.height_m[number]
        self.greatest_m[number] = other.greatest_m[number]
        self.lie[number] = other.lie[number]
        if number < _STUFFED:
            self.stuff[number] = other.stuff[number]

    def find_greatest(self, number: int) -> None:
        """Find the greatest heights of a grid, from its heights."""
        height_m = self.height_m[number]
        last = np.maximum(height_m[:-1], height_m[1:])
        last = np.maximum(last[:, :-1], last[:, 1:], out=self._level(number, 0))
        for k in range(1, _PYRAMID):
            rows = np.maximum(last[::2], last[1::2])
            last = np.maximum(rows[:, ::2], rows[:, 1::2], out=self._level(number, k))

    def _level(self, number: int, k: int) -> Floats32:
        """A grid's greatest heights of squares of 2^k cells, shape (CELLS / 2^k, CELLS / 2^k)."""
        side, before = CELLS >> k, sum((CELLS >> lower) ** 2 for lower in range(k))
        return self.greatest_m[number, before : before + side * side].reshape(side, side)


def corner_m(cell_m: float, north_m: float, east_m: float) -> tuple[float, float]:
    """North and east of the first corner of a grid about a place.

    Grids move in steps, so that places nearby have the same.
    """
    step_m = cell_m * _SNAP_CELLS
    north = round(north_m / step_m) * step_m - CELLS // 2 * cell_m
    east = round(east_m / step_m) * step_m - CELLS // 2 * cell_m
    return north, east


class Ground:
    """The simulated ground of one seed.

    Attributes:
        seed: Its seed.
        wide: The two grids that do not depend on where the rover is.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.wide = Grids.room_for(2)
        for number in range(2):
            self.wide.place(number, CELL_M[number], 0.0, 0.0)
            _make(self.wide, number, seed)

    def height_m(self, north_m: Any, east_m: Any) -> Any:
        """Heights of the ground without ripples, slabs, rocks and tracks.

        Args:
            north_m: A number or any shape, metres north of the landing point, within 2 km.
            east_m: The same shape, metres east.

        Returns:
            Metres up, the same shape.
        """
        norths, easts = np.broadcast_arrays(np.asarray(north_m, float), np.asarray(east_m, float))
        found = _heights(
            norths.reshape(-1).copy(), easts.reshape(-1).copy(), self.wide.only(1), self.seed
        ).reshape(norths.shape)
        return found if found.ndim else float(found)

    def around(
        self,
        north_m: float,
        east_m: float,
        path_m: Floats,
        close_m: tuple[float, float] | None = None,
        near_m: tuple[float, float] | None = None,
        like: Grids | None = None,
    ) -> Grids:
        """The grids around a place.

        Args:
            north_m: Place.
            east_m: Place.
            path_m: Shape (n, 2): where the rover has driven, north and east; marks of its wheels
                are on the ground.
            close_m: North and east of a spot that is looked at from close by.
            near_m: North and east of the middle of the first grid around the place, if it is not
                the place.
            like: Grids around another place, with the same path; what is the same is taken from
                them.
        """
        middles = [near_m or (north_m, east_m), (north_m, east_m)]
        if close_m is not None:
            middles.append(close_m)
        made = Grids.room_for(len(self.wide) + len(middles))
        for number in range(len(self.wide)):
            made.take(number, self.wide)
        path_m = np.ascontiguousarray(path_m)
        for number, middle in enumerate(middles, len(self.wide)):
            made.place(number, CELL_M[number], *middle)
            # Each is built upon those before it.
            so_far = slice(number + 1)
            if like is not None and np.array_equal(made.at[so_far], like.at[so_far]):
                made.take(number, like)
            else:
                press(made.lie[number, ..., 2], *made.at[number, :3].tolist(), path_m)
                _make(made, number, self.seed)
        return made


def _make(grids: Grids, number: int, seed: int) -> None:
    """Make a grid upon the one before it; where it lies and where it is pressed is known."""
    cell_m, north_m, east_m, _ = grids.at[number].tolist()
    height_m = grids.height_m[number]
    if number == 0:
        _fill_outer(height_m, cell_m, north_m, east_m, seed)
    else:
        coarser = grids.only(number - 1)
        lie = grids.lie[number]
        _fill(height_m, lie, cell_m, north_m, east_m, coarser, number, seed)
    if number < _STUFFED:
        _fill_stuff(grids.stuff[number], cell_m, north_m, east_m, seed)
    _find_slopes(height_m, cell_m, grids.lie[number])
    grids.find_greatest(number)


@compiled
def finest_at(at: Any, x: Any, y: Any) -> Any:
    """The finest of the grids that has a place; `at` as `Grids` has it."""
    for k in range(at.shape[0] - 1, 0, -1):
        gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
        if gx > 1 and gy > 1 and gx < CELLS - 1 and gy < CELLS - 1:
            return k
    return 0


@compiled
def height_at(grids: Any, x: Any, y: Any) -> Any:
    """Height of the ground at a place, from the finest of the grids that has it."""
    at, height = grids[0], grids[1]
    return bilinear(at, height, finest_at(at, x, y), x, y)


@compiled
def bilinear(at: Any, height: Any, k: Any, x: Any, y: Any) -> Any:
    """Height at a place in one of the grids, by the patch over its cell.

    Like `bicubic` and whatever is asked for every pixel it takes the arrays of `Grids` one by one:
    to take them out of a tuple costs as much as the rest, for they are counted.
    """
    gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
    i = min(max(int(gx), 0), CELLS - 1)
    j = min(max(int(gy), 0), CELLS - 1)
    u, v = gx - i, gy - j
    low = height[k, i, j] * (1 - v) + height[k, i, j + 1] * v
    high = height[k, i + 1, j] * (1 - v) + height[k, i + 1, j + 1] * v
    return low * (1 - u) + high * u


@compiled
def _weights(u: Any) -> Any:
    """Of four neighbours, for a cubic through the middle two (Catmull and Rom 1974)."""
    return (
        u * (-0.5 + u * (1.0 - 0.5 * u)),
        1.0 + u * u * (-2.5 + 1.5 * u),
        u * (0.5 + u * (2.0 - 1.5 * u)),
        u * u * (-0.5 + 0.5 * u),
    )


@compiled
def bicubic(at: Any, height: Any, x: Any, y: Any) -> Any:
    """Height at a place in the first of the grids, smooth across its cells."""
    gx, gy = (x - at[0, 1]) * at[0, 3], (y - at[0, 2]) * at[0, 3]
    i = min(max(int(gx), 1), CELLS - 2)
    j = min(max(int(gy), 1), CELLS - 2)
    a, b = _weights(gx - i), _weights(gy - j)
    found = 0.0
    for k in range(4):
        row = 0.0
        for m in range(4):
            row += b[m] * height[0, i - 1 + k, j - 1 + m]
        found += a[k] * row
    return found


@compiled
def under_wheels(added: Any, pressed: Any) -> Any:
    """What is left of the finest relief where wheels have pressed the ground."""
    return added * (1.0 - 0.85 * min(pressed, 1.0)) - _RUT_DEPTH_M * pressed


@compiled
def _heights(norths: Any, easts: Any, grid: Any, seed: Any) -> Any:
    at, height = grid[0], grid[1]
    found = np.empty(norths.shape)
    for k in range(norths.size):
        found[k] = bicubic(at, height, norths[k], easts[k]) + relief.near(norths[k], easts[k], seed)
    return found


@compiled
def _fill_outer(height: Any, cell: Any, north: Any, east: Any, seed: Any) -> None:
    for i in range(height.shape[0]):
        for j in range(height.shape[1]):
            height[i, j] = relief.regional(north + i * cell, east + j * cell, seed)


@compiled
def _fill(
    height: Any, lie: Any, cell: Any, north: Any, east: Any, coarser: Any, band: Any, seed: Any
) -> None:
    """A grid upon a coarser one; at its edges it is that one, so that there is no seam."""
    at, under = coarser[0], coarser[1]
    added = np.empty(height.shape[1], np.float32)
    for i in range(height.shape[0]):
        x = north + i * cell
        if band == 1:
            lines.middle_along(x, east, cell, seed, added)
        elif band == 2:
            lines.near_along(x, east, cell, seed, added)
        elif band == 4:
            lines.grit_along(x, east, cell, seed, added)
        else:
            lines.fine_along(x, east, cell, seed, added)
            for j in range(added.size):
                added[j] = under_wheels(added[j], lie[i, j, 2])
        for j in range(added.size):
            base, inside = upon(at, under, i, j, x, east + j * cell)
            height[i, j] = base + inside * added[j]


@compiled
def upon(at: Any, under: Any, i: Any, j: Any, x: Any, y: Any) -> Any:
    """What a coarser grid gives to a corner, and how much of the finer relief is added to it.

    Args:
        at: Where the coarser grid lies.
        under: Its heights.
        i: Number of the corner in its own grid.
        j: See there.
        x: North of the corner.
        y: East of it.
    """
    half = CELLS * 0.5
    out = max(abs(i - half), abs(j - half)) / half
    inside = smooth((0.995 - out) / 0.25)
    # At the edges the finer grid has the patches of the coarser, farther in its curves.
    curved = smooth((0.999 - out) / 0.05)
    if curved == 1.0:
        return bicubic(at, under, x, y), inside
    base = bilinear(at, under, 0, x, y)
    return base + curved * (bicubic(at, under, x, y) - base), inside


@compiled
def _fill_stuff(stuff: Any, cell: Any, north: Any, east: Any, seed: Any) -> None:
    for i in range(stuff.shape[0]):
        lines.stuff_along(north + i * cell, east, cell, seed, stuff[i])


@compiled
def _find_slopes(height: Any, cell: Any, lie: Any) -> None:
    """Put slopes in the first two of `lie`: between the corners on both sides of each."""
    per_m = np.float32(0.5 / cell)
    for i in range(1, height.shape[0] - 1):
        for j in range(1, height.shape[1] - 1):
            lie[i, j, 0] = per_m * (height[i + 1, j] - height[i - 1, j])
            lie[i, j, 1] = per_m * (height[i, j + 1] - height[i, j - 1])


@compiled
def press(tracked: Any, cell: Any, north: Any, east: Any, path: Any) -> None:
    """Mark where wheels went: two ruts along the path, with the marks of the cleats."""
    along = 0.0
    reach = WHEEL_TRACK_M * 0.5 + WHEEL_WIDTH_M
    for k in range(path.shape[0] - 1):
        dx, dy = path[k + 1, 0] - path[k, 0], path[k + 1, 1] - path[k, 1]
        length = np.sqrt(dx * dx + dy * dy)
        if length == 0.0:
            continue
        ux, uy = dx / length, dy / length
        i0 = max(int((min(path[k, 0], path[k + 1, 0]) - reach - north) / cell), 0)
        j0 = max(int((min(path[k, 1], path[k + 1, 1]) - reach - east) / cell), 0)
        i1 = int((max(path[k, 0], path[k + 1, 0]) + reach - north) / cell) + 1
        j1 = int((max(path[k, 1], path[k + 1, 1]) + reach - east) / cell) + 1
        for i in range(i0, min(i1, tracked.shape[0] - 1) + 1):
            for j in range(j0, min(j1, tracked.shape[1] - 1) + 1):
                px, py = north + i * cell - path[k, 0], east + j * cell - path[k, 1]
                forward = px * ux + py * uy
                if forward < -0.2 or forward > length + 0.2:
                    continue
                aside = abs(abs(py * ux - px * uy) - WHEEL_TRACK_M * 0.5)
                pressed = smooth((WHEEL_WIDTH_M * 0.5 - aside) / 0.05)
                if pressed > 0.0:
                    turn = (along + forward) / _CLEAT_M
                    cleat = 0.75 + 0.25 * np.sin(2 * np.pi * turn)
                    tracked[i, j] = max(tracked[i, j], pressed * cleat)
        along += length
