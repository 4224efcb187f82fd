"""The relief along lines of a grid: what `relief` gives for a place, for a thousand at once.

A line runs eastwards from (x, y), a corner of the grid each step of `cell` metres. The same noise
is mixed by the same formulas, but eight corners are worked out at once; heights are the same but
for the rounding of 32 bits, 1e-7 of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal import relief
from solbook.rehearsal.noise import compiled, noise_along, octaves_along


@compiled
def _along(x: Any, y: Any, cell: Any, layer: Any, seed: Any, count: Any) -> Any:
    found = np.empty(count, np.float32)
    step = layer[0]
    noise_along(x / step, y / step, 0.0, cell / step, seed + layer[1], found)
    return found


@compiled
def _octaves_along(x: Any, y: Any, cell: Any, layer: Any, seed: Any, count: Any) -> Any:
    found = np.empty(count, np.float32)
    octaves_along(x, y, 0.0, cell, layer[0], layer[1], seed + layer[2], found)
    return found


@compiled
def _loose_along(x: Any, y: Any, cell: Any, seed: Any, count: Any) -> Any:
    wide = _along(x, y, cell, relief.SAND_WIDE, seed, count)
    near = _along(x, y, cell, relief.SAND_NEAR, seed, count)
    for k in range(count):
        wide[k] = relief.loose_of(wide[k], near[k])
    return wide


@compiled
def _add_craters(found: Any, x: Any, y: Any, cell: Any, lattice: Any, seed: Any) -> None:
    """Add the craters that a line crosses."""
    side = lattice[0]
    last = y + cell * (found.size - 1)
    i = int(np.floor(x / side))
    for ci in range(i - 1, i + 2):
        for cj in range(int(np.floor(y / side)) - 1, int(np.floor(last / side)) + 2):
            north, east, radius, depth = relief.crater_of(ci, cj, lattice, seed)
            reach = relief.CRATER_REACH * radius
            half2 = reach * reach - (x - north) ** 2
            if half2 > 0.0:
                half = np.sqrt(half2)
                begin = max(int(np.ceil((east - half - y) / cell)), 0)
                for k in range(begin, min(int((east + half - y) / cell), found.size - 1) + 1):
                    far = np.sqrt((x - north) ** 2 + (y + k * cell - east) ** 2) / radius
                    found[k] += relief.crater_shape(far, depth)


@compiled
def middle_along(x: Any, y: Any, cell: Any, seed: Any, found: Any) -> None:
    """`relief.middle`, put in `found`."""
    swells = _octaves_along(x, y, cell, relief.SWELLS, seed, found.size)
    for k in range(found.size):
        found[k] = 1.7 * swells[k]
    _add_craters(found, x, y, cell, relief.WIDE_CRATERS, seed)
    _add_craters(found, x, y, cell, relief.CRATERS, seed)


@compiled
def near_along(x: Any, y: Any, cell: Any, seed: Any, found: Any) -> None:
    """`relief.near`, put in `found`."""
    count = found.size
    loose = _loose_along(x, y, cell, seed, count)
    hummocks = _octaves_along(x, y, cell, relief.HUMMOCKS, seed, count)
    bend = _along(x, y, cell, relief.DUNE_BEND, seed, count)
    broken = _along(x, y, cell, relief.DUNE_BREAKS, seed, count)
    for k in range(count):
        east = y + k * cell
        found[k] = relief.near_of(x, east, loose[k], hummocks[k], bend[k], broken[k])
    _add_craters(found, x, y, cell, relief.HOLLOWS, seed)


@compiled
def fine_along(x: Any, y: Any, cell: Any, seed: Any, found: Any) -> None:
    """`relief.fine`, put in `found`."""
    count = found.size
    loose = _loose_along(x, y, cell, seed, count)
    bend = _along(x, y, cell, relief.RIPPLE_BEND, seed, count)
    broken = _along(x, y, cell, relief.RIPPLE_BREAKS, seed, count)
    grit = _octaves_along(x, y, cell, relief.GRIT, seed, count)
    slab = _along(x, y, cell, relief.SLABS, seed, count)
    edge = _along(x, y, cell, relief.SLAB_EDGES, seed, count)
    for k in range(count):
        east = y + k * cell
        found[k] = relief.fine_of(x, east, loose[k], bend[k], broken[k], grit[k], slab[k], edge[k])


@compiled
def grit_along(x: Any, y: Any, cell: Any, seed: Any, found: Any) -> None:
    """What a grid of 3 cm cannot hold: grains and crumbs of millimetres; put in `found`."""
    count = found.size
    loose = _loose_along(x, y, cell, seed, count)
    grains = _octaves_along(x, y, cell, relief.GRAINS, seed, count)
    lumps = _along(x, y, cell, relief.LUMPS, seed, count)
    for k in range(count):
        found[k] = relief.grit_of(loose[k], grains[k], lumps[k])


@compiled
def stuff_along(x: Any, y: Any, cell: Any, seed: Any, found: Any) -> None:
    """What covers the ground, each from 0 to 1: loose sand, bright dust, bare rock.

    What is finer than a cell is left out. Put in `found`, shape (n, 3).
    """
    count = found.shape[0]
    loose = _loose_along(x, y, cell, seed, count)
    wide = _along(x, y, cell, relief.DUST_WIDE, seed, count)
    near = _along(x, y, cell, relief.DUST_NEAR, seed, count)
    patch = np.zeros(count, np.float32)
    if cell < 2.0:
        patch = _along(x, y, cell, relief.PATCHES, seed, count)
    for k in range(count):
        found[k, 0] = loose[k]
        found[k, 1] = relief.dusty_of(wide[k], near[k], patch[k])
        found[k, 2] = relief.bare_of(loose[k], patch[k])
