"""The rocks: how many of which size lie where, and their shapes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.rehearsal.ground import CELLS, Kernel, height_at
from solbook.rehearsal.materials import BASALT, PALE_ROCK
from solbook.rehearsal.noise import compiled, noise_value, smooth, unit
from solbook.rehearsal.relief import sand
from solbook.rehearsal.solids import MOST_FACES, UNUSED_M, Floats, Solids


class _Size(NamedTuple):
    """Rocks of a size lie on a lattice of their own, one to a cell at most."""

    least_m: float
    greatest_m: float
    cell_m: float
    share: float
    within_m: float


# Diameters; the shares follow the exponential size distributions seen from the landers (Golombek
# and Rapp 1997), some ten percent of the ground covered where it is rocky.
_SIZES = (
    _Size(0.75, 2.0, 19.0, 0.50, 420.0),
    _Size(0.28, 0.80, 5.0, 0.70, 140.0),
    _Size(0.11, 0.30, 1.2, 0.85, 55.0),
    _Size(0.045, 0.12, 0.42, 0.9, 20.0),
    _Size(0.018, 0.05, 0.16, 0.9, 8.0),
    _Size(0.008, 0.02, 0.09, 0.75, 3.2),
)
# Around a spot that is looked at from close by.
_CRUMBS = _Size(0.0015, 0.008, 0.013, 0.7, 0.4)
_FACES = 17
# The rover goes over what is lower, and round what is wider.
_CLEARED_M = 0.25
_HALF_ROVER_M = 1.55


def rocks_around(
    seed: int,
    kernel: Kernel,
    place_m: tuple[float, float],
    way_m: Floats,
    close_m: tuple[float, float] | None,
) -> Solids:
    """The rocks around a place, the smaller the nearer.

    Args:
        seed: The ground's.
        kernel: The grids around the place (`Grids.kernel`).
        place_m: North and east.
        way_m: Shape (n, 2): where the rover drives; no rock lies there that it would not go over.
        close_m: North and east of a spot that is looked at from close by, with crumbs on it.

    Returns:
        Solids in the ground frame, but with z up.
    """
    found = []
    lots = [(size, place_m) for size in _SIZES] + ([(_CRUMBS, close_m)] if close_m else [])
    for number, (size, (north_m, east_m)) in enumerate(lots):
        places = _places(north_m, east_m, tuple(size), kernel, seed + 1_000 * (number + 1))
        faces, centres, radii, kinds, shades = places
        materials = np.where(kinds < 0.5, BASALT, PALE_ROCK)
        rough = np.full(len(radii), 1.0)
        rocks = Solids(faces, centres, radii, materials, shades, rough)
        found.append(rocks.those(_is_off(way_m, rocks)) if size.greatest_m > _CLEARED_M else rocks)
    return Solids.together(found)


def _is_off(way_m: Floats, rocks: Solids) -> NDArray[np.bool_]:
    """Which rocks the rover does not run into: those small, or beside its way."""
    off = rocks.radius_m < _CLEARED_M / 2
    for k, centre in enumerate(rocks.centre_m):
        if not off[k]:
            away = np.hypot(way_m[:, 0] - centre[0], way_m[:, 1] - centre[1])
            off[k] = away.min(initial=np.inf) > _HALF_ROVER_M + rocks.radius_m[k]
    return off


@compiled
def _pressed(grids: Any, x: Any, y: Any) -> Any:
    """Whether a wheel has gone over a place."""
    at, lie = grids[0], grids[3]
    for k in range(at.shape[0] - 1, 1, -1):
        i, j = int((x - at[k, 1]) * at[k, 3] + 0.5), int((y - at[k, 2]) * at[k, 3] + 0.5)
        if i >= 0 and j >= 0 and i <= CELLS and j <= CELLS:
            return lie[k, i, j, 2] > 0.2
    return False


@compiled
def _places(north: Any, east: Any, size: Any, grids: Any, seed: Any) -> Any:
    least, greatest, cell, share, within = size
    reach = int(within / cell) + 1
    i0, j0 = int(np.floor(north / cell)), int(np.floor(east / cell))
    room = (2 * reach + 1) ** 2
    faces = np.zeros((room, MOST_FACES, 4))
    centres, radii = np.empty((room, 3)), np.empty(room)
    kinds, shades = np.empty(room), np.empty(room)
    count = 0
    for i in range(i0 - reach, i0 + reach + 1):
        for j in range(j0 - reach, j0 + reach + 1):
            x = cell * (i + unit(i, j, seed + 1))
            y = cell * (j + unit(i, j, seed + 2))
            far = np.sqrt((x - north) ** 2 + (y - east) ** 2)
            if far > within:
                continue
            # Fields of rocks, thinner on sand; fewer of the farthest, so that there is no edge.
            field = noise_value(x / 23.0, y / 23.0, seed % 1_000 + 400)
            wide = noise_value(x / 120.0, y / 120.0, seed % 1_000 + 401)
            chance = share * smooth(0.68 + 1.0 * field + 0.8 * wide)
            chance *= 1.0 - 0.62 * sand(x, y, seed % 1_000)
            chance *= smooth((within - far) / (0.3 * within))
            if unit(i, j, seed) > chance:
                continue
            small = unit(i, j, seed + 3)
            diameter = least * (greatest / least) ** (small * small)
            if diameter < 0.3 and _pressed(grids, x, y):
                continue
            _shape(faces[count], diameter * 0.5, i, j, seed)
            low = 0.0
            for f in range(MOST_FACES):
                low = max(low, faces[count, f, 3] if faces[count, f, 2] < -0.6 else 0.0)
            sunk = 0.35 + 0.55 * unit(i, j, seed + 5)
            # By the lowest of the ground under it, so that no side hangs in the air.
            under = 0.3 * diameter
            ground_m = min(height_at(grids, x, y), height_at(grids, x + under, y + under))
            ground_m = min(ground_m, height_at(grids, x - under, y + under))
            ground_m = min(ground_m, height_at(grids, x + under, y - under))
            ground_m = min(ground_m, height_at(grids, x - under, y - under))
            centres[count, 0], centres[count, 1] = x, y
            centres[count, 2] = ground_m + low * (1.0 - 1.5 * sunk)
            radii[count] = _reach(faces[count])
            kinds[count] = unit(int(np.floor(x / 9.0)), int(np.floor(y / 9.0)), seed % 1_000 + 6)
            kinds[count] = 0.6 * kinds[count] + 0.4 * unit(i, j, seed + 7)
            shades[count] = 0.78 + 0.44 * unit(i, j, seed + 8)
            count += 1
    return (
        faces[:count].copy(),
        centres[:count].copy(),
        radii[:count].copy(),
        kinds[:count].copy(),
        shades[:count].copy(),
    )


@compiled
def _shape(faces: Any, radius: Any, i: Any, j: Any, seed: Any) -> None:
    """A stone: planes around a squashed ball, turned at random, unevenly far."""
    turn = 2 * np.pi * unit(i, j, seed + 10)
    long = 0.85 + 0.4 * unit(i, j, seed + 11)
    flat = 0.42 + 0.45 * unit(i, j, seed + 12)
    angular = 0.14 + 0.22 * unit(i, j, seed + 13)
    cos_turn, sin_turn = np.cos(turn), np.sin(turn)
    for f in range(MOST_FACES):
        faces[f, 0], faces[f, 1], faces[f, 2], faces[f, 3] = 0.0, 0.0, 0.0, UNUSED_M
    for f in range(_FACES):
        # Evenly around a ball by the golden angle, then shaken.
        z = 1.0 - (2.0 * f + 1.0) / _FACES
        across = np.sqrt(1.0 - z * z)
        angle = 2.399963229728653 * f + 1.2 * (unit(i + 7 * f, j, seed + 20) - 0.5)
        z = min(max(z + 0.35 * (unit(i, j + 7 * f, seed + 21) - 0.5), -1.0), 1.0)
        nx, ny, nz = across * np.cos(angle), across * np.sin(angle), z
        far = 1.0 - angular * unit(i + f, j - f, seed + 22)
        # Planes of the ball become planes of the squashed one.
        nx, ny, nz = nx / long, ny * long, nz / flat
        length = np.sqrt(nx * nx + ny * ny + nz * nz)
        faces[f, 0] = (nx * cos_turn - ny * sin_turn) / length
        faces[f, 1] = (nx * sin_turn + ny * cos_turn) / length
        faces[f, 2] = nz / length
        faces[f, 3] = radius * far / length


@compiled
def _reach(faces: Any) -> Any:
    """A radius that holds a stone: its corners are not far beyond its farthest face."""
    farthest = 0.0
    for f in range(_FACES):
        farthest = max(farthest, faces[f, 3])
    return farthest * 1.3
