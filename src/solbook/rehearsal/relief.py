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


@compiled
def craters(x: Any, y: Any, cell: Any, share: Any, seed: Any) -> Any:
    """Old craters of radii from 0.06 to 0.3 of a lattice cell."""
    i, j = np.floor(x / cell), np.floor(y / cell)
    found = 0.0
    for di in range(-1, 2):
        for dj in range(-1, 2):
            ci, cj = i + di, j + dj
            if unit(ci, cj, seed) < share:
                size = unit(ci, cj, seed + 1)
                radius = cell * (0.06 + 0.24 * size * size)
                dx = x - cell * (ci + unit(ci, cj, seed + 2))
                dy = y - cell * (cj + unit(ci, cj, seed + 3))
                far = np.sqrt(dx * dx + dy * dy) / radius
                if far < 2.2:
                    age = 0.25 + 0.75 * unit(ci, cj, seed + 4)
                    depth = radius * 0.24 * (1.1 - age)
                    bowl = -depth * smooth((1.05 - far) / 0.85)
                    rim = 0.28 * depth * np.exp(-((far - 1.08) ** 2) / 0.06)
                    found += bowl + rim
    return found


@compiled
def sand(x: Any, y: Any, seed: Any) -> Any:
    """How much of the ground is loose sand, 0 (bedrock and gravel) to 1."""
    wide = noise_value(x / 46.0, y / 46.0, seed + 300)
    near = noise_value(x / 11.0, y / 11.0, seed + 301)
    return smooth(0.34 + 1.25 * wide + 0.55 * near)


@compiled
def stuff(x: Any, y: Any, cell: Any, seed: Any) -> Any:
    """What covers the ground, each from 0 to 1: loose sand, bright dust, bare rock.

    What is finer than a cell is left out.
    """
    loose = sand(x, y, seed)
    wide = noise_value(x / 210.0, y / 210.0, seed + 510)
    between = noise_value(x / 17.0, y / 17.0, seed + 511)
    patch = noise_value(x / 3.1, y / 3.1, seed + 512) if cell < 2.0 else 0.0
    dusty = smooth(0.5 + 0.7 * wide + 0.55 * between + 0.35 * patch)
    bare = (1.0 - loose) * smooth(0.25 + 1.1 * patch)
    return loose, dusty, bare


@compiled
def middle(x: Any, y: Any, seed: Any) -> Any:
    """What a grid of 64 m cannot hold: swells and craters of 8 to 130 m."""
    swells = 1.7 * octaves(x, y, 90.0, 8.0, seed + 100)
    return swells + craters(x, y, 420.0, 0.5, seed + 110) + craters(x, y, 90.0, 0.45, seed + 120)


@compiled
def near(x: Any, y: Any, seed: Any) -> Any:
    """What a grid of 4 m cannot hold: hummocks, small craters, ripples of metres."""
    loose = sand(x, y, seed)
    hummocks = 0.11 * octaves(x, y, 5.0, 0.5, seed + 200) * (1.0 - 0.6 * loose)
    hollows = craters(x, y, 17.0, 0.3, seed + 210)
    patch = smooth((loose - 0.72) / 0.22)
    # Crests across the wind, bent by noise and broken here and there.
    bend = noise_value(x / 9.0, y / 9.0, seed + 220)
    broken = noise_value(x / 4.0, y / 4.0, seed + 221)
    phase = (0.93 * x + 0.37 * y) / 2.7 + 0.9 * bend
    at = phase - np.floor(phase)
    crest = min(at / 0.62, (1.0 - at) / 0.38)
    dunes = 0.13 * patch * smooth(crest) * smooth(0.75 + broken)
    return hummocks + hollows + dunes


@compiled
def grit(x: Any, y: Any, seed: Any) -> Any:
    """What a grid of 3 cm cannot hold: grains and crumbs of millimetres."""
    loose = sand(x, y, seed)
    lumps = noise_value(x / 0.011, y / 0.011, seed + 351)
    crumbs = 0.0016 * smooth((lumps - 0.1) / 0.3) * (1.0 - 0.5 * loose)
    return 0.0018 * octaves(x, y, 0.03, 0.003, seed + 350) + crumbs


@compiled
def fine(x: Any, y: Any, seed: Any) -> Any:
    """What a grid of 25 cm cannot hold: wind ripples on sand, slabs and grit on rock."""
    loose = sand(x, y, seed)
    bend = noise_value(x / 1.1, y / 1.1, seed + 320)
    phase = (0.86 * x - 0.51 * y) / 0.135 + 1.1 * bend
    at = phase - np.floor(phase)
    crest = min(at / 0.6, (1.0 - at) / 0.4)
    patch = noise_value(x / 2.3, y / 2.3, seed + 321)
    ripples = 0.0085 * loose * smooth(crest) * smooth(0.7 + 1.4 * patch)
    grit = 0.016 * octaves(x, y, 0.22, 0.055, seed + 330) * (1.0 - 0.75 * loose)
    # Slabs of bedrock: flat tops with gaps between them.
    slab = noise_value(x / 0.9, y / 0.9, seed + 340)
    edge = noise_value(x / 0.23, y / 0.23, seed + 341)
    tops = 0.045 * smooth((slab + 0.3 * edge - 0.12) / 0.09) * (1.0 - smooth(loose / 0.4))
    return ripples + grit + tops
