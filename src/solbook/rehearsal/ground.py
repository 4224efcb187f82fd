"""The ground: its relief sampled in nested grids around a place."""

from __future__ import annotations

from collections.abc import Sequence
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
# A grid moves in steps of this many cells, so that stops nearby share it.
_SNAP_CELLS = 64
WHEEL_TRACK_M = 2.3
"""Between the left and the right wheels, as Perseverance's (2.7 m wide with wheels of 0.4 m)."""
WHEEL_WIDTH_M = 0.4
_RUT_DEPTH_M = 0.014
_CLEAT_M = 0.11


Kernel = tuple[Floats, Floats, Floats, NDArray[np.float32], NDArray[np.float32]]
"""What `kernel_of` gives."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Heights at the corners of square cells.

    Attributes:
        cell_m: Side of a cell.
        north_m: North of corner (0, 0).
        east_m: East of corner (0, 0).
        height_m: Shape (CELLS + 1, CELLS + 1): metres up, north then east.
        greatest_m: Shape (11, CELLS, CELLS): the greatest height in a square of 2^k cells; of
            level k only the first CELLS / 2^k along a side are used.
        tracked: Shape as `height_m`: how far wheels have pressed the ground, 0 to 1.
        stuff: Shape (CELLS + 1, CELLS + 1, 3), float32: what `relief.stuff` gives; the finest grid
            has none.
    """

    cell_m: float
    north_m: float
    east_m: float
    height_m: Floats
    greatest_m: list[Floats]
    tracked: NDArray[np.float32]
    stuff: NDArray[np.float32]

    @property
    def kernel(self) -> Kernel:
        """What the compiled kernels take."""
        return kernel_of([self])


def kernel_of(grids: Sequence[Grid]) -> Kernel:
    """Grids as the compiled kernels take them, which are many times as fast on a few large arrays.

    Returns:
        Side of the cells, north and east of the first corner, inverse of the side, shape (n, 4);
        heights; pyramids, each
        one after another; tracks; stuff. The first axis of each is the grid.
    """
    stuffed = [grid.stuff for grid in grids if grid.stuff.size] or [grids[0].stuff]
    return (
        np.array([[grid.cell_m, grid.north_m, grid.east_m, 1 / grid.cell_m] for grid in grids]),
        np.stack([grid.height_m for grid in grids]),
        np.stack(
            [np.concatenate([level.reshape(-1) for level in grid.greatest_m]) for grid in grids]
        ),
        np.stack([grid.tracked for grid in grids]),
        np.stack(stuffed),
    )


class Ground:
    """The simulated ground of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.outer = _grid(CELL_M[0], 0.0, 0.0, None, 0, seed, _NO_PATH)
        self.middle = _grid(CELL_M[1], 0.0, 0.0, self.outer, 1, seed, _NO_PATH)

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
            norths.reshape(-1).copy(), easts.reshape(-1).copy(), self.middle.kernel, self.seed
        ).reshape(norths.shape)
        return found if found.ndim else float(found)

    def around(
        self,
        north_m: float,
        east_m: float,
        path_m: Floats,
        close_m: tuple[float, float] | None = None,
    ) -> list[Grid]:
        """The grids around a place, outermost first.

        Args:
            north_m: Place.
            east_m: Place.
            path_m: Shape (n, 2): where the rover has driven, north and east; marks of its wheels
                are on the ground.
            close_m: North and east of a spot that is looked at from close by.
        """
        near = _grid(CELL_M[2], north_m, east_m, self.middle, 2, self.seed, path_m)
        fine = _grid(CELL_M[3], north_m, east_m, near, 3, self.seed, path_m)
        grids = [self.outer, self.middle, near, fine]
        if close_m is not None:
            grids.append(_grid(CELL_M[4], *close_m, fine, 4, self.seed, path_m))
        return grids


_NO_PATH = np.empty((0, 2))


def _grid(
    cell_m: float,
    north_m: float,
    east_m: float,
    coarser: Grid | None,
    band: int,
    seed: int,
    path_m: Floats,
) -> Grid:
    step_m = cell_m * _SNAP_CELLS
    north = round(north_m / step_m) * step_m - CELLS // 2 * cell_m
    east = round(east_m / step_m) * step_m - CELLS // 2 * cell_m
    height_m = np.empty((CELLS + 1, CELLS + 1))
    tracked = np.zeros((CELLS + 1, CELLS + 1), np.float32)
    if len(path_m) > 1:
        _press(tracked, cell_m, north, east, np.ascontiguousarray(path_m))
    if coarser is None:
        _fill_outer(height_m, cell_m, north, east, seed)
    else:
        _fill(height_m, tracked, cell_m, north, east, coarser.kernel, band, seed)
    stuff = np.empty((CELLS + 1, CELLS + 1, 3) if band < 3 else (0, 0, 3), np.float32)
    if band < 3:
        _fill_stuff(stuff, cell_m, north, east, seed)
    return Grid(cell_m, north, east, height_m, _pyramid(height_m), tracked, stuff)


def _pyramid(height_m: Floats) -> list[Floats]:
    corners = np.maximum(height_m[:-1], height_m[1:])
    levels = [np.maximum(corners[:, :-1], corners[:, 1:])]
    while len(levels) < _PYRAMID:
        last = levels[-1]
        rows = np.maximum(last[::2], last[1::2])
        levels.append(np.maximum(rows[:, ::2], rows[:, 1::2]))
    return levels


@compiled
def finest_at(grids: Any, x: Any, y: Any) -> Any:
    """The finest of the grids that has a place."""
    at = grids[0]
    for k in range(at.shape[0] - 1, 0, -1):
        gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
        if gx > 1 and gy > 1 and gx < CELLS - 1 and gy < CELLS - 1:
            return k
    return 0


@compiled
def height_at(grids: Any, x: Any, y: Any) -> Any:
    """Height of the ground at a place, from the finest of the grids that has it."""
    return bilinear(grids, finest_at(grids, x, y), x, y)


@compiled
def heights_at(grids: Any, norths: Any, easts: Any) -> Any:
    """`height_at` for places of shape (n,)."""
    found = np.empty(norths.shape)
    for k in range(norths.size):
        found[k] = height_at(grids, norths[k], easts[k])
    return found


@compiled
def bilinear(grids: Any, k: Any, x: Any, y: Any) -> Any:
    """Height at a place in one of the grids, by the patch over its cell."""
    at, height = grids[0], grids[1]
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
def bicubic(grids: Any, x: Any, y: Any) -> Any:
    """Height at a place in the first of the grids, smooth across its cells."""
    at, height = grids[0], grids[1]
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
def _heights(norths: Any, easts: Any, grid: Any, seed: Any) -> Any:
    found = np.empty(norths.shape)
    for k in range(norths.size):
        found[k] = bicubic(grid, norths[k], easts[k]) + relief.near(norths[k], easts[k], seed)
    return found


@compiled
def _fill_outer(height: Any, cell: Any, north: Any, east: Any, seed: Any) -> None:
    for i in range(height.shape[0]):
        for j in range(height.shape[1]):
            height[i, j] = relief.regional(north + i * cell, east + j * cell, seed)


@compiled
def _fill(
    height: Any, tracked: Any, cell: Any, north: Any, east: Any, coarser: Any, band: Any, seed: Any
) -> None:
    """A grid upon a coarser one; at its edges it is that one, so that there is no seam."""
    half = (height.shape[0] - 1) * 0.5
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
                pressed = tracked[i, j]
                added[j] *= 1.0 - 0.85 * min(pressed, 1.0)
                added[j] -= _RUT_DEPTH_M * pressed
        for j in range(added.size):
            out = max(abs(i - half), abs(j - half)) / half
            base = _upon(coarser, x, east + j * cell, smooth((0.999 - out) / 0.05))
            height[i, j] = base + smooth((0.995 - out) / 0.25) * added[j]


@compiled
def _upon(coarser: Any, x: Any, y: Any, curved: Any) -> Any:
    """Height of a coarser grid: where it is fully curved by the cubic, else partly by its patch."""
    if curved == 1.0:
        return bicubic(coarser, x, y)
    base = bilinear(coarser, 0, x, y)
    return base + curved * (bicubic(coarser, x, y) - base)


@compiled
def _fill_stuff(stuff: Any, cell: Any, north: Any, east: Any, seed: Any) -> None:
    for i in range(stuff.shape[0]):
        lines.stuff_along(north + i * cell, east, cell, seed, stuff[i])


@compiled
def _press(tracked: Any, cell: Any, north: Any, east: Any, path: Any) -> None:
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
