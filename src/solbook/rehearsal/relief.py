"""The relief of the simulated ground, as kernels: what stands where, by wavelength.

Heights are metres above the ground frame's level, places metres north (x) and east (y) of the
landing point. Each band adds what the grid around it is too coarse to hold; `ground` puts them
together. Shapes follow the field's rules of thumb: fresh craters are a fifth as deep as wide and
fill with time (Melosh 1989), wind ripples come in decimetres and in metres (Lapotre et al. 2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.noise import compiled, noise_value, octaves, smooth, unit

MARS_RADIUS_M = 3_389_500.0  # IAU mean radius
_RIM_RADIUS_M = 21_000.0
_RIM_NORTH_M, _RIM_EAST_M = -5_000.0, 7_500.0
_RIM_HEIGHT_M = 820.0
_SCARP_HEIGHT_M = 62.0

# Mesas that the delta left standing: north, east, radius, height, all in metres.
_MESAS = np.array(
    [
        [640.0, -1_150.0, 120.0, 58.0],
        [1_900.0, 700.0, 210.0, 74.0],
        [-1_250.0, -1_700.0, 160.0, 49.0],
        [2_600.0, -1_400.0, 330.0, 88.0],
        [-900.0, 2_900.0, 260.0, 66.0],
        [3_300.0, 3_100.0, 420.0, 120.0],
        [-3_600.0, -500.0, 380.0, 105.0],
    ]
)


@compiled
def _terraced(height: Any, full: Any) -> Any:
    """Ledges of harder beds on a slope from 0 to a full height."""
    beds = 7.0
    at = height / full * beds
    bed = np.floor(at)
    return (bed + smooth((at - bed) * 1.6 - 0.3)) * full / beds


@compiled
def _mesas(x: Any, y: Any, seed: Any) -> Any:
    found = 0.0
    for k in range(_MESAS.shape[0]):
        dx, dy = x - _MESAS[k, 0], y - _MESAS[k, 1]
        radius, height = _MESAS[k, 2], _MESAS[k, 3]
        if dx * dx + dy * dy < 9 * radius * radius:
            ragged = noise_value(dx / radius * 1.7 + 31.0 * k, dy / radius * 1.7, seed + 40 + k)
            finer = noise_value(dx / radius * 6.0, dy / radius * 6.0, seed + 60 + k)
            far = np.sqrt(dx * dx + dy * dy) / radius + 0.5 * ragged + 0.12 * finer
            cliff = smooth((1.12 - far) / 0.28)
            talus = smooth((1.9 - far) / 1.3) * 0.42
            found = max(found, _terraced(cliff * height, height), talus * height)
    return found


@compiled
def regional(x: Any, y: Any, seed: Any) -> Any:
    """The crater the rover landed in, its rim at 15 to 30 km, the delta's scarp, the mesas."""
    warp = noise_value(x / 5_300.0, y / 5_300.0, seed)
    finer = noise_value(x / 1_400.0, y / 1_400.0, seed + 1)
    dx, dy = x - _RIM_NORTH_M, y - _RIM_EAST_M
    far = np.sqrt(dx * dx + dy * dy) + 2_600.0 * warp + 500.0 * finer
    beyond = (far - _RIM_RADIUS_M) / 4_200.0
    rim = _RIM_HEIGHT_M * np.exp(-beyond * beyond) * (1.0 + 0.8 * warp + 0.25 * finer)
    outside = 300.0 * smooth((far - _RIM_RADIUS_M) / 6_000.0)
    hills = 55.0 * octaves(x, y, 4_200.0, 130.0, seed + 2)
    # Flat where the rover landed and drives.
    calm = smooth((np.sqrt(x * x + y * y) - 500.0) / 3_000.0)
    along = 0.8 * x + 0.6 * y
    edge = -0.6 * x + 0.8 * y + 2_050.0 + 420.0 * noise_value(along / 900.0, 3.5, seed + 21)
    edge += 150.0 * noise_value(x / 260.0, y / 260.0, seed + 22)
    scarp = smooth(-edge / 230.0)
    delta = _terraced(scarp * _SCARP_HEIGHT_M, _SCARP_HEIGHT_M)
    gentle = 4.0 * octaves(x, y, 700.0, 130.0, seed + 30)
    curved = (x * x + y * y) / (2.0 * MARS_RADIUS_M)
    level = rim + outside + hills * (0.06 + 0.94 * calm) + gentle - curved
    return level + max(delta, _mesas(x, y, seed))


# The noise of the bands: lattice step in metres, number of its seed. Where there are several steps,
# the longest, the shortest, and the number of the first.
SAND_WIDE, SAND_NEAR = (46.0, 300), (11.0, 301)
DUST_WIDE, DUST_NEAR, PATCHES = (210.0, 510), (17.0, 511), (3.1, 512)
SWELLS = (90.0, 8.0, 100)
HUMMOCKS = (5.0, 0.5, 200)
DUNE_BEND, DUNE_BREAKS = (9.0, 220), (4.0, 221)
GRAINS, LUMPS = (0.03, 0.003, 350), (0.011, 351)
RIPPLE_BEND, RIPPLE_BREAKS = (1.1, 320), (2.3, 321)
GRIT = (0.22, 0.055, 330)
SLABS, SLAB_EDGES = (0.9, 340), (0.23, 341)
# The craters: side of the lattice they lie in, m, the share of its cells that have one, number of
# the seed.
WIDE_CRATERS, CRATERS, HOLLOWS = (420.0, 0.5, 110), (90.0, 0.45, 120), (17.0, 0.3, 210)
CRATER_REACH = 2.2
"""Radii to which a crater changes the ground."""


@compiled
def _at(x: Any, y: Any, layer: Any, seed: Any) -> Any:
    return noise_value(x / layer[0], y / layer[0], seed + layer[1])


@compiled
def _octaves_at(x: Any, y: Any, layer: Any, seed: Any) -> Any:
    return octaves(x, y, layer[0], layer[1], seed + layer[2])


@compiled
def crater_of(i: Any, j: Any, lattice: Any, seed: Any) -> Any:
    """The crater of a lattice cell: north, east, radius and depth in metres; radius 0 for none."""
    cell, share, number = lattice
    seed += number
    if unit(i, j, seed) >= share:
        return 0.0, 0.0, 0.0, 0.0
    size = unit(i, j, seed + 1)
    radius = cell * (0.06 + 0.24 * size * size)
    age = 0.25 + 0.75 * unit(i, j, seed + 4)
    north, east = cell * (i + unit(i, j, seed + 2)), cell * (j + unit(i, j, seed + 3))
    return north, east, radius, radius * 0.24 * (1.1 - age)


@compiled
def crater_shape(far: Any, depth: Any) -> Any:
    """Height of an old crater's bowl and rim, so many radii from its middle."""
    bowl = -depth * smooth((1.05 - far) / 0.85)
    return bowl + 0.28 * depth * np.exp(-((far - 1.08) ** 2) / 0.06)


@compiled
def craters(x: Any, y: Any, lattice: Any, seed: Any) -> Any:
    """Old craters of radii from 0.06 to 0.3 of a lattice cell."""
    i, j = int(np.floor(x / lattice[0])), int(np.floor(y / lattice[0]))
    found = 0.0
    for di in range(-1, 2):
        for dj in range(-1, 2):
            north, east, radius, depth = crater_of(i + di, j + dj, lattice, seed)
            if radius > 0.0:
                far = np.sqrt((x - north) ** 2 + (y - east) ** 2) / radius
                if far < CRATER_REACH:
                    found += crater_shape(far, depth)
    return found


@compiled
def loose_of(wide: Any, near: Any) -> Any:
    """How much of the ground is loose sand, from the noise of it."""
    return smooth(0.34 + 1.25 * wide + 0.55 * near)


@compiled
def sand(x: Any, y: Any, seed: Any) -> Any:
    """How much of the ground is loose sand, 0 (bedrock and gravel) to 1."""
    return loose_of(_at(x, y, SAND_WIDE, seed), _at(x, y, SAND_NEAR, seed))


@compiled
def dusty_of(wide: Any, near: Any, patch: Any) -> Any:
    """How much bright dust covers the ground, from the noise of it."""
    return smooth(0.5 + 0.7 * wide + 0.55 * near + 0.35 * patch)


@compiled
def bare_of(loose: Any, patch: Any) -> Any:
    """How much of the ground is bare rock, from the noise of it."""
    return (1.0 - loose) * smooth(0.25 + 1.1 * patch)


@compiled
def near_of(x: Any, y: Any, loose: Any, hummocks: Any, bend: Any, broken: Any) -> Any:
    """`near` without its hollows, from the noise of it."""
    # Crests across the wind, bent by noise and broken here and there.
    phase = (0.93 * x + 0.37 * y) / 2.7 + 0.9 * bend
    at = phase - np.floor(phase)
    crest = min(at / 0.62, (1.0 - at) / 0.38)
    patch = smooth((loose - 0.72) / 0.22)
    dunes = 0.13 * patch * smooth(crest) * smooth(0.75 + broken)
    return 0.11 * hummocks * (1.0 - 0.6 * loose) + dunes


@compiled
def near(x: Any, y: Any, seed: Any) -> Any:
    """What a grid of 4 m cannot hold: hummocks, small craters, ripples of metres."""
    hummocks = _octaves_at(x, y, HUMMOCKS, seed)
    bend, broken = _at(x, y, DUNE_BEND, seed), _at(x, y, DUNE_BREAKS, seed)
    level = near_of(x, y, sand(x, y, seed), hummocks, bend, broken)
    return level + craters(x, y, HOLLOWS, seed)


@compiled
def grit_of(loose: Any, grains: Any, lumps: Any) -> Any:
    """`grit`, from the noise of it."""
    return 0.0018 * grains + 0.0016 * smooth((lumps - 0.1) / 0.3) * (1.0 - 0.5 * loose)


@compiled
def fine_of(
    x: Any,
    y: Any,
    loose: Any,
    bend: Any,
    broken: Any,
    grit: Any,
    slab: Any,
    edge: Any,
) -> Any:
    """`fine`, from the noise of it."""
    phase = (0.86 * x - 0.51 * y) / 0.135 + 1.1 * bend
    at = phase - np.floor(phase)
    crest = min(at / 0.6, (1.0 - at) / 0.4)
    ripples = 0.0085 * loose * smooth(crest) * smooth(0.7 + 1.4 * broken)
    # Slabs of bedrock: flat tops with gaps between them.
    tops = 0.045 * smooth((slab + 0.3 * edge - 0.12) / 0.09) * (1.0 - smooth(loose / 0.4))
    return ripples + 0.016 * grit * (1.0 - 0.75 * loose) + tops


@compiled
def fine(x: Any, y: Any, seed: Any) -> Any:
    """What a grid of 25 cm cannot hold: wind ripples on sand, slabs and grit on rock."""
    return fine_of(
        x,
        y,
        sand(x, y, seed),
        _at(x, y, RIPPLE_BEND, seed),
        _at(x, y, RIPPLE_BREAKS, seed),
        _octaves_at(x, y, GRIT, seed),
        _at(x, y, SLABS, seed),
        _at(x, y, SLAB_EDGES, seed),
    )
