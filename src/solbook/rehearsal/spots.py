"""Heights of the ground as it is seen from a stop, at a few places, without the grids of the stop.

A grid has a million corners; a plan asks for some twenty heights a stop. Here the few corners
around each place are worked out as `ground` works out all of them, so the heights are the
same, but for the rounding of `lines`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal import relief
from solbook.rehearsal.exposures import Floats, Heights
from solbook.rehearsal.ground import (
    CELL_M,
    CELLS,
    Ground,
    bilinear,
    corner_m,
    finest_at,
    press,
    under_wheels,
    upon,
)
from solbook.rehearsal.noise import compiled

_NEAR, _FINE = 2, 3
# Corners along a side of the piece of a grid that is worked out around a place, and how many of
# them come before its cell: heights between corners, smooth or not, go by no others.
_PIECE, _BEFORE = 7, 3


def heights_around(ground: Ground, north_m: float, east_m: float, path_m: Floats) -> Heights:
    """The heights that `Ground.around` has at a stop.

    Args:
        ground: The ground.
        north_m: The stop.
        east_m: The stop.
        path_m: Shape (n, 2): where the rover has driven.
    """
    at = np.array(
        [
            *ground.wide.at,
            *(
                [cell_m, *corner_m(cell_m, north_m, east_m), 1 / cell_m]
                for cell_m in (CELL_M[_NEAR], CELL_M[_FINE])
            ),
        ]
    )
    path_m = np.ascontiguousarray(path_m)

    def heights(norths: Floats, easts: Floats) -> Floats:
        shape = np.shape(norths)
        places = [np.asarray(some, float).reshape(-1).copy() for some in (norths, easts)]
        wide, middle = ground.wide.kernel, ground.wide.only(1)
        found: Floats = _heights_at(at, wide, middle, path_m, ground.seed, *places)
        return found.reshape(shape)

    return heights


@compiled
def _heights_at(
    at: Any, wide: Any, middle: Any, path: Any, seed: Any, norths: Any, easts: Any
) -> Any:
    found = np.empty(norths.shape)
    for n in range(norths.size):
        x, y = norths[n], easts[n]
        k = finest_at(at, x, y)
        if k < _NEAR:
            found[n] = bilinear(wide[0], wide[1], k, x, y)
        else:
            piece = _near_piece(at, middle, seed, x, y)
            if k == _FINE:
                piece = _fine_piece(at, piece, path, seed, x, y)
            found[n] = bilinear(piece[0], piece[1], 0, x, y)
    return found


@compiled
def _first_corner(at: Any, k: Any, x: Any, y: Any) -> Any:
    """Numbers of the first corner of the piece of a grid around a place."""
    i, j = int((x - at[k, 1]) * at[k, 3]), int((y - at[k, 2]) * at[k, 3])
    most = CELLS + 1 - _PIECE
    return min(max(i - _BEFORE, 0), most), min(max(j - _BEFORE, 0), most)


@compiled
def _piece_at(at: Any, k: Any, i0: Any, j0: Any) -> Any:
    """A piece of a grid as the kernels of `ground` take a grid: where it lies, and room."""
    cell = at[k, 0]
    place = np.empty((1, 4))
    place[0, 0], place[0, 3] = cell, at[k, 3]
    place[0, 1], place[0, 2] = at[k, 1] + i0 * cell, at[k, 2] + j0 * cell
    return place, np.empty((1, _PIECE, _PIECE), np.float32)


@compiled
def _near_piece(at: Any, middle: Any, seed: Any, x: Any, y: Any) -> Any:
    i0, j0 = _first_corner(at, _NEAR, x, y)
    place, height = _piece_at(at, _NEAR, i0, j0)
    for i in range(_PIECE):
        for j in range(_PIECE):
            nx, ny = place[0, 1] + i * place[0, 0], place[0, 2] + j * place[0, 0]
            base, inside = upon(middle[0], middle[1], i0 + i, j0 + j, nx, ny)
            height[0, i, j] = base + inside * relief.near(nx, ny, seed)
    return place, height


@compiled
def _fine_piece(at: Any, near: Any, path: Any, seed: Any, x: Any, y: Any) -> Any:
    i0, j0 = _first_corner(at, _FINE, x, y)
    place, height = _piece_at(at, _FINE, i0, j0)
    tracked = np.zeros((_PIECE, _PIECE), np.float32)
    press(tracked, place[0, 0], place[0, 1], place[0, 2], path)
    for i in range(_PIECE):
        for j in range(_PIECE):
            nx, ny = place[0, 1] + i * place[0, 0], place[0, 2] + j * place[0, 0]
            base, inside = upon(near[0], near[1], i0 + i, j0 + j, nx, ny)
            added = under_wheels(relief.fine(nx, ny, seed), tracked[i, j])
            height[0, i, j] = base + inside * added
    return place, height
