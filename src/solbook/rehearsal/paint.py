"""The colours of a picture: what every ray meets, in its light, through the air.

The ground fills most pictures. It is worked out for a block of pixels of a line at once: first
what has to be looked up pixel by pixel, then in 32 bits what is reckoned, eight pixels in a
register. One flat array holds the block, a field after another, so that compilers know that fields
do not overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.ground import CELLS
from solbook.rehearsal.light import SUN_RADIUS_DEG, sky_radiance
from solbook.rehearsal.noise import compiled, gradient_noise, inlined
from solbook.rehearsal.rays import end_of, way_of
from solbook.rehearsal.shade import (
    F32,
    STEP_M,
    STEPS_AT_ONCE,
    TURN_COS,
    TURN_SIN,
    beds,
    first_step,
    ground_colour,
    haze_around,
    kept,
    law,
    lit,
    solid_stuff,
    veil,
)
from solbook.rehearsal.tiles import GROUND, SKY

_EVERY = 4
_SUN_DISC = 60.0
# Nearer to the Sun than six degrees the sky is worked out for every pixel.
_GLOW_COSINE = float(np.cos(np.radians(6.0)))
_SUN_COSINE = float(np.cos(np.radians(SUN_RADIUS_DEG)))

_BLOCK = 64
_FIELDS = range(0, 26 * _BLOCK, _BLOCK)
(
    _WAY_X,
    _WAY_Y,
    _WAY_Z,
    _SLOPE_X,
    _SLOPE_Y,
    _PRESSED,
    _LOOSE,
    _DUSTY,
    _BARE,
    _CLIFF,
    _BED,
    _SIZE,
    _SUNLIT,
    _OPEN,
    _VEIL,
    _HAZE_RED,
    _HAZE_GREEN,
    _HAZE_BLUE,
    _SHADE,
    _GRAIN_X,
    _GRAIN_Y,
    _PART_X,
    _PART_Y,
    _RED,
    _GREEN,
    _BLUE,
) = _FIELDS
_BLOCK_SIZE = len(_FIELDS) * _BLOCK
_NOTHING = F32(0.0)


@compiled
def paint(
    grids: Any,
    solids: Any,
    tip: Any,
    rays: Any,
    far: Any,
    what: Any,
    face: Any,
    sunlit: Any,
    open_sky: Any,
    light: Any,
    pixel_rad: Any,
    seed: Any,
    radiance: Any,
) -> None:
    """Fill a picture.

    Args:
        grids: The ground (`Grids.kernel`).
        solids: Faces, centres, materials, shades and roughness, as `Solids` has them.
        tip: Where the rays begin (`rays.Sight`).
        rays: See there.
        far: How far they reach.
        what: What they meet.
        face: By which face.
        sunlit: How much of the Sun the point gets.
        open_sky: How much of the sky.
        light: `Light.kernel`.
        pixel_rad: What a pixel covers.
        seed: The ground's.
        radiance: Shape (height, width, 3); filled here.
    """
    at, lie, stuff = grids[0], grids[3], grids[4]
    faces, centres, materials, shades, rough = solids
    sun, _, direct, sky = light
    haze = haze_around(light)
    corners = np.full((far.shape[0] // _EVERY + 2, far.shape[1] // _EVERY + 2, 3), np.nan)
    light32 = (
        (F32(sun[0]), F32(sun[1]), F32(sun[2])),
        (F32(direct[0]), F32(direct[1]), F32(direct[2])),
        (F32(sky[0]), F32(sky[1]), F32(sky[2])),
    )
    block, where = np.zeros(_BLOCK_SIZE, np.float32), np.zeros(far.shape[1] + _BLOCK, np.int64)
    places, steps = np.zeros(2 * _BLOCK), np.zeros(_BLOCK, np.int64)
    lattice = np.zeros(2 * _BLOCK, np.uint32)
    for i in range(far.shape[0]):
        count = 0
        for j in range(far.shape[1]):
            if what[i, j] == GROUND:
                where[count] = j
                count += 1
            elif what[i, j] == SKY:
                _paint_sky(rays, corners, light, i, j, radiance)
            else:
                _paint_solid(
                    faces, centres, materials, shades, rough, tip, rays, far, what, face, sunlit,
                    open_sky, light32, haze, pixel_rad, i, j, radiance,
                )  # fmt: skip
        for begin in range(0, count, _BLOCK):
            _paint_ground(
                at, lie, stuff, tip, rays, far, sunlit, open_sky, light32, haze, pixel_rad, seed,
                block, where[begin:], places, steps, lattice, min(count - begin, _BLOCK), i,
                radiance,
            )  # fmt: skip


@compiled
def _paint_ground(
    at: Any,
    lie: Any,
    stuff: Any,
    tip: Any,
    rays: Any,
    far: Any,
    sunlit: Any,
    open_sky: Any,
    light: Any,
    haze: Any,
    pixel_rad: Any,
    seed: Any,
    block: Any,
    where: Any,
    places: Any,
    steps: Any,
    lattice: Any,
    count: Any,
    i: Any,
    radiance: Any,
) -> None:
    """Ground in some pixels of a line."""
    step = 0
    for k in range(count):
        j = where[k]
        t = far[i, j]
        way_x, way_y, way_z = way_of(rays, i, j)
        x, y, z = end_of(tip, rays, i, j, t)
        slope_x, slope_y, pressed = _three_at(at, lie, x, y)
        cover = _three_at(at, stuff, x, y)
        steep = np.sqrt(slope_x * slope_x + slope_y * slope_y)
        size = t * pixel_rad / np.sqrt(max(-way_z, 0.05))
        step = first_step(size, step)
        cliff, bed = beds(x, y, z, steep, seed)
        hidden, air = veil(way_x, way_y, t, haze)
        places[k], places[_BLOCK + k], steps[k] = x, y, step
        block[_WAY_X + k], block[_WAY_Y + k], block[_WAY_Z + k] = way_x, way_y, way_z
        block[_SLOPE_X + k], block[_SLOPE_Y + k], block[_PRESSED + k] = slope_x, slope_y, pressed
        block[_LOOSE + k], block[_DUSTY + k], block[_BARE + k] = cover
        block[_CLIFF + k], block[_BED + k], block[_SIZE + k] = cliff, bed, size
        block[_SUNLIT + k], block[_OPEN + k] = sunlit[i, j], open_sky[i, j]
        block[_VEIL + k] = hidden
        block[_HAZE_RED + k], block[_HAZE_GREEN + k], block[_HAZE_BLUE + k] = air
    _add_grain(block, places, steps, lattice, count, seed + 500)
    _light_ground(block, count, light)
    for k in range(count):
        j = where[k]
        radiance[i, j, 0] = block[_RED + k]
        radiance[i, j, 1] = block[_GREEN + k]
        radiance[i, j, 2] = block[_BLUE + k]


@compiled
def _add_grain(block: Any, places: Any, steps: Any, lattice: Any, count: Any, seed: Any) -> None:
    """The grain of the block's pixels: those beside each other have the same steps in common."""
    for k in range(count):
        block[_SHADE + k], block[_GRAIN_X + k], block[_GRAIN_Y + k] = 0.0, 0.0, 0.0
    begin = 0
    while begin < count:
        end = begin + 1
        while end < count and steps[end] == steps[begin]:
            end += 1
        for number in range(steps[begin], min(steps[begin] + STEPS_AT_ONCE, STEP_M.size)):
            some, of_some = block[begin:], lattice[begin:]
            _to_lattice(some, places[begin:], of_some, end - begin, number)
            _add_step(some, of_some, end - begin, number, np.uint32(seed + number))
        begin = end


@compiled
def _to_lattice(block: Any, places: Any, lattice: Any, count: Any, number: Any) -> None:
    cos, sin = TURN_COS[number] / STEP_M[number], TURN_SIN[number] / STEP_M[number]
    for k in range(count):
        x = cos * places[k] - sin * places[_BLOCK + k]
        y = sin * places[k] + cos * places[_BLOCK + k]
        whole_x, whole_y = np.floor(x), np.floor(y)
        lattice[k] = np.uint32(np.int32(whole_x))
        lattice[_BLOCK + k] = np.uint32(np.int32(whole_y))
        block[_PART_X + k], block[_PART_Y + k] = F32(x - whole_x), F32(y - whole_y)


@compiled
def _add_step(block: Any, lattice: Any, count: Any, number: Any, seed: Any) -> None:
    cos, sin = F32(TURN_COS[number]), F32(TURN_SIN[number])
    step_m = F32(STEP_M[number])
    for k in range(count):
        value, across, along = gradient_noise(
            lattice[k], lattice[_BLOCK + k], block[_PART_X + k], block[_PART_Y + k], seed
        )
        keep = kept(step_m / block[_SIZE + k])
        block[_SHADE + k] += keep * F32(0.42) * value
        block[_GRAIN_X + k] += keep * F32(0.083) * (cos * across + sin * along)
        block[_GRAIN_Y + k] += keep * F32(0.083) * (cos * along - sin * across)


@compiled
def _light_ground(block: Any, count: Any, light: Any) -> None:
    sun, direct, sky = light
    one = F32(1.0)
    for k in range(count):
        loose = block[_LOOSE + k]
        colour = ground_colour(
            block[_SHADE + k],
            block[_SIZE + k],
            block[_PRESSED + k],
            loose,
            block[_DUSTY + k],
            block[_BARE + k],
            block[_CLIFF + k],
            block[_BED + k],
        )
        rough = one - F32(0.72) * loose
        nx = -block[_SLOPE_X + k] - rough * block[_GRAIN_X + k]
        ny = -block[_SLOPE_Y + k] - rough * block[_GRAIN_Y + k]
        up = one / np.sqrt(nx * nx + ny * ny + one)
        way = (block[_WAY_X + k], block[_WAY_Y + k], block[_WAY_Z + k])
        sunny = law((nx * up, ny * up, up), way, sun) * block[_SUNLIT + k]
        red, green, blue = lit(colour, sunny, block[_OPEN + k], up, direct, sky)
        hidden = block[_VEIL + k]
        block[_RED + k] = red + hidden * (block[_HAZE_RED + k] - red)
        block[_GREEN + k] = green + hidden * (block[_HAZE_GREEN + k] - green)
        block[_BLUE + k] = blue + hidden * (block[_HAZE_BLUE + k] - blue)


@inlined
def _paint_solid(
    faces: Any,
    centres: Any,
    materials: Any,
    shades: Any,
    rough: Any,
    tip: Any,
    rays: Any,
    far: Any,
    what: Any,
    face: Any,
    sunlit: Any,
    open_sky: Any,
    light: Any,
    haze: Any,
    pixel_rad: Any,
    i: Any,
    j: Any,
    radiance: Any,
) -> None:
    sun, direct, sky = light
    number = np.int64(what[i, j])
    t = far[i, j]
    way = way_of(rays, i, j)
    x, y, z = end_of(tip, rays, i, j, t)
    by = face[i, j]
    plane = (faces[number, by, 0], faces[number, by, 1], faces[number, by, 2])
    at = (x - centres[number, 0], y - centres[number, 1], z - centres[number, 2])
    stuff, normal = solid_stuff(
        at,
        plane,
        materials[number],
        shades[number],
        rough[number],
        t * pixel_rad,
        number,
    )
    sunny = law(normal, way, sun) * sunlit[i, j]
    colour = lit(stuff, sunny, open_sky[i, j], normal[2], direct, sky)
    hidden, air = veil(way[0], way[1], t, haze)
    for c in range(3):
        radiance[i, j, c] = colour[c] + hidden * (air[c] - colour[c])


@inlined
def _paint_sky(rays: Any, corners: Any, light: Any, i: Any, j: Any, radiance: Any) -> None:
    sun, sun_sine, direct, _ = light
    way = _float_way(rays, i, j)
    cosine = way[0] * sun[0] + way[1] * sun[1] + way[2] * sun[2]
    colour = _sky_between(corners, rays, (radiance.shape[0], radiance.shape[1]), light, i, j)
    if cosine > _GLOW_COSINE:
        colour = sky_radiance(way, sun, sun_sine)
    disc = _SUN_DISC if cosine > _SUN_COSINE and sun_sine > -0.003 else 0.0
    for c in range(3):
        radiance[i, j, c] = colour[c] + disc * direct[c]


@inlined
def _float_way(rays: Any, i: Any, j: Any) -> Any:
    x, y, z = way_of(rays, i, j)
    return np.float64(x), np.float64(y), np.float64(z)


@compiled
def _sky_between(corners: Any, rays: Any, size: Any, light: Any, i: Any, j: Any) -> Any:
    """The sky at a pixel, from that at every fourth and at the edges; these are kept."""
    row, column = i // _EVERY, j // _EVERY
    u, v = (i - row * _EVERY) / _EVERY, (j - column * _EVERY) / _EVERY
    red, green, blue = 0.0, 0.0, 0.0
    for below in range(2):
        for beside in range(2):
            w = (u if below else 1 - u) * (v if beside else 1 - v)
            p, q = row + below, column + beside
            if np.isnan(corners[p, q, 0]):
                way = _float_way(rays, min(p * _EVERY, size[0] - 1), min(q * _EVERY, size[1] - 1))
                corners[p, q, 0], corners[p, q, 1], corners[p, q, 2] = sky_radiance(
                    way, light[0], light[1]
                )
            red += w * corners[p, q, 0]
            green += w * corners[p, q, 1]
            blue += w * corners[p, q, 2]
    return red, green, blue


@inlined
def _three_at(at: Any, values: Any, x: Any, y: Any) -> Any:
    """Three values at a place, of `lie` or `stuff`, from the finest of their grids that has it."""
    for k in range(values.shape[0] - 1, -1, -1):
        gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
        if gx > 2 and gy > 2 and gx < CELLS - 2 and gy < CELLS - 2:
            return _three_between(values, k, gx, gy)
    return _NOTHING, _NOTHING, _NOTHING


@inlined
def _three_between(values: Any, k: Any, gx: Any, gy: Any) -> Any:
    """Three values between the four corners of a cell, float32."""
    i, j = int(gx), int(gy)
    u, v = F32(gx - i), F32(gy - j)
    one = F32(1.0)
    # Of the corners (0, 0), (0, 1), (1, 0) and (1, 1).
    a, b, c, d = (one - u) * (one - v), (one - u) * v, u * (one - v), u * v
    m, n = i + 1, j + 1
    return (
        a * values[k, i, j, 0]
        + b * values[k, i, n, 0]
        + c * values[k, m, j, 0]
        + d * values[k, m, n, 0],
        a * values[k, i, j, 1]
        + b * values[k, i, n, 1]
        + c * values[k, m, j, 1]
        + d * values[k, m, n, 1],
        a * values[k, i, j, 2]
        + b * values[k, i, n, 2]
        + c * values[k, m, j, 2]
        + d * values[k, m, n, 2],
    )
