"""What a point on Mars looks like: its stuff, the light on it, the air before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.light import DUST_DEPTH, SCALE_HEIGHT_M, sky_radiance
from solbook.rehearsal.materials import ALBEDO, DUST, PALE_ROCK, SAND, WHEEL
from solbook.rehearsal.noise import compiled, noise, smooth

_PER_M = DUST_DEPTH / SCALE_HEIGHT_M
# Steps of the grain, each this much finer than the one before and turned by 37 degrees from it, so
# that no direction of a lattice shows. Of some pixels' size and more they are left to the grids.
_STEPS = 24
_FINER = 0.45 ** np.arange(_STEPS)
_TURN_COS = np.cos(np.radians(37.0) * np.arange(_STEPS))
_TURN_SIN = np.sin(np.radians(37.0) * np.arange(_STEPS))
_COARSE_PX = 24.0
# Over this way the air takes less than a step of the camera.
_CLEAR_M = 12.0
_PALE = ALBEDO[PALE_ROCK]
_BRIGHT = ALBEDO[SAND]
_DARK = np.array([0.165, 0.115, 0.078])


@compiled
def grain(x: Any, y: Any, size: Any, coarsest: Any, seed: Any) -> Any:
    """Unevenness too fine for the grids: its shade and its slopes.

    Args:
        x: Place, m.
        y: Place, m.
        size: Of a pixel there, m: what is finer is left out, and does not glitter; what is much
            coarser is left to the grids.
        coarsest: Longest lattice step, m.
        seed: Any whole number.

    Returns:
        A shade, about -1 to 1; slopes along x and y for relief as high as a twelfth of its step.
    """
    shade, slope_x, slope_y, number = 0.0, 0.0, 0.0, 0
    per_size = 1.0 / size
    first = coarsest * per_size
    while number < _STEPS and first * _FINER[number] >= _COARSE_PX:
        number += 1
    while number < _STEPS and first * _FINER[number] > 1.0:
        step_px = first * _FINER[number]
        keep = min(step_px - 1.0, 1.0) * min(2.0 - step_px * (2.0 / _COARSE_PX), 1.0)
        per_step = per_size / step_px
        turn_cos, turn_sin = _TURN_COS[number] * per_step, _TURN_SIN[number] * per_step
        value, across, along = noise(
            turn_cos * x - turn_sin * y, turn_sin * x + turn_cos * y, seed + number
        )
        shade += keep * value * 0.42
        slope_x += keep * (_TURN_COS[number] * across + _TURN_SIN[number] * along)
        slope_y += keep * (_TURN_COS[number] * along - _TURN_SIN[number] * across)
        number += 1
    return shade, slope_x * 0.083, slope_y * 0.083


@compiled
def ground_stuff(
    x: Any, y: Any, z: Any, slope: Any, size: Any, pressed: Any, cover: Any, seed: Any
) -> Any:
    """Reflectance of the ground in three colours, and the slopes of its grain.

    Args:
        x: North, m.
        y: East, m.
        z: Up, m.
        slope: Steepness of the relief there, 0 level.
        size: Of a pixel there, m.
        pressed: How far wheels have pressed it.
        cover: What `relief.stuff` gives there.
        seed: The ground's.
    """
    loose, dusty, bare = cover
    shade, slope_x, slope_y = grain(x, y, size, 64.0, seed + 500)
    cliff, beds = smooth((slope - 0.22) / 0.35), 0.0
    if cliff > 0.0:
        # Cliffs show their beds, which differ in darkness.
        bend, _, _ = noise(x / 70.0, y / 70.0, seed + 513)
        bed, _, _ = noise((z + 4.0 * bend) / 5.5, 0.37, seed + 514)
        thin, _, _ = noise((z + 4.0 * bend) / 1.6, 0.71, seed + 515)
        beds = 0.40 * bed + 0.25 * thin
    # Pebbles and coarse grains too small to be solids.
    gravel = (1.0 - loose) * max(shade, -0.5) * 0.5
    near = 1.0 / (1.0 + 2.0 * size)
    value = 1.0 + (0.14 + 0.16 * near) * shade * (1.0 - 0.45 * loose) + 0.18 * near * gravel
    value *= 1.0 + cliff * beds
    value *= 1.0 - 0.30 * min(pressed, 1.0)
    value = min(max(value, 0.3), 1.7)
    red = _mixed(0, dusty, bare, cliff) * value
    green = _mixed(1, dusty, bare, cliff) * value
    blue = _mixed(2, dusty, bare, cliff) * value
    found = (red, green, blue)
    rough = 1.0 - 0.72 * loose
    return found, slope_x * rough, slope_y * rough


@compiled
def _mixed(k: Any, dusty: Any, bare: Any, cliff: Any) -> Any:
    soil = _DARK[k] + dusty * (_BRIGHT[k] - _DARK[k])
    soil += 0.5 * bare * (0.8 * _PALE[k] - soil)
    return soil + 0.6 * cliff * (0.72 * _PALE[k] - soil)


@compiled
def solid_stuff(
    at: Any, normal: Any, material: Any, lightness: Any, rough: Any, size: Any, number: Any
) -> Any:
    """Reflectance of a solid where a ray meets it, and its normal with its grain.

    Args:
        at: The place from the solid's centre, m.
        normal: Of the face.
        material: Of the solid.
        lightness: 1 as its material.
        rough: 0 for machines, 1 for stone.
        size: Of a pixel there, m.
        number: The solid's, so that no two look the same.
    """
    nx, ny, nz = normal
    shade = 0.0
    if rough > 0.0:
        # Two views of the grain, so that it does not run in stripes down the sides.
        first, ax, ay = grain(at[0] + 0.9 * at[2], at[1] - 0.4 * at[2], 2 * size, 0.16, number)
        second, bx, by = grain(at[2] - 0.3 * at[0], at[1] + 0.5 * at[0], 2 * size, 0.05, number)
        shade = first + 0.6 * second
        nx += rough * 1.5 * (ax + 0.6 * by)
        ny += rough * 1.5 * (ay + 0.4 * bx)
        nz += rough * 1.1 * (bx - 0.4 * ax)
        length = np.sqrt(nx * nx + ny * ny + nz * nz)
        nx, ny, nz = nx / length, ny / length, nz / length
    value = lightness * (1.0 + rough * 0.36 * shade)
    if rough > 0.0:
        settled = 0.62 * smooth((nz - 0.25 + 0.5 * shade) / 0.7)
    elif material == WHEEL:
        settled = 0.35 + 0.25 * smooth(nz)
    else:
        settled = 0.16 * smooth((nz - 0.5) / 0.5)
    red = ALBEDO[material, 0] * value * (1 - settled) + DUST[0] * settled
    green = ALBEDO[material, 1] * value * (1 - settled) + DUST[1] * settled
    blue = ALBEDO[material, 2] * value * (1 - settled) + DUST[2] * settled
    return (red, green, blue), (nx, ny, nz)


@compiled
def lit(stuff: Any, normal: Any, way: Any, shadow: Any, open_sky: Any, light: Any) -> Any:
    """Radiance of a lit surface.

    Args:
        stuff: Its reflectance in three colours.
        normal: Its direction.
        way: Of the ray that sees it.
        shadow: How much of the Sun it gets, 0 to 1.
        open_sky: How much of the sky it gets, 0 to 1.
        light: `Light.kernel`.
    """
    sun, _, direct, sky = light
    facing = max(normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2], 0.0)
    seen = max(-(normal[0] * way[0] + normal[1] * way[1] + normal[2] * way[2]), 0.02)
    cosine = -(way[0] * sun[0] + way[1] * sun[1] + way[2] * sun[2])
    # Half Lambert's law, half Lommel and Seeliger's, brighter with the Sun behind the camera.
    law = 0.55 * facing + 0.45 * 2.0 * facing * facing / (facing + seen + 1e-6)
    surge = 1.0 / (1.0 + 6.0 * (1.0 - cosine))
    law *= 1.0 + 0.28 * surge * surge
    up = 0.5 + 0.5 * normal[2]
    red = stuff[0] * (law * shadow * direct[0] + open_sky * sky[0] * _around(up, 0))
    green = stuff[1] * (law * shadow * direct[1] + open_sky * sky[1] * _around(up, 1))
    blue = stuff[2] * (law * shadow * direct[2] + open_sky * sky[2] * _around(up, 2))
    return red / np.pi, green / np.pi, blue / np.pi


@compiled
def _around(up: Any, k: Any) -> Any:
    """Light of sky and of the ground below it on a face that leans."""
    return up + (1.0 - up) * 0.9 * _BRIGHT[k] * 2.0


@compiled
def haze_around(light: Any) -> Any:
    """The sky at the horizon, towards which all fades that is far: shape (721, 3), by azimuth."""
    sun, sun_sine, _, _ = light
    found = np.empty((721, 3))
    for k in range(721):
        azimuth = np.radians(0.5 * k)
        colour = sky_radiance((np.cos(azimuth), np.sin(azimuth), 0.015), sun, sun_sine)
        found[k, 0], found[k, 1], found[k, 2] = colour
    return found


@compiled
def through_air(colour: Any, way: Any, far: Any, haze: Any) -> Any:
    """A radiance seen through some metres of dusty air; `haze` is what `haze_around` gives."""
    if far < _CLEAR_M:
        return colour
    veil = 1.0 - np.exp(-_PER_M * far)
    at = (np.arctan2(way[1], way[0]) % (2 * np.pi)) * (720 / (2 * np.pi))
    k = min(int(at), 719)
    u = at - k
    return (
        colour[0] + veil * (haze[k, 0] + u * (haze[k + 1, 0] - haze[k, 0]) - colour[0]),
        colour[1] + veil * (haze[k, 1] + u * (haze[k + 1, 1] - haze[k, 1]) - colour[1]),
        colour[2] + veil * (haze[k, 2] + u * (haze[k + 1, 2] - haze[k, 2]) - colour[2]),
    )
