"""What a point on Mars looks like: its stuff, the light on it, the air before it."""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.light import DUST_DEPTH, SCALE_HEIGHT_M, sky_radiance
from solbook.rehearsal.materials import ALBEDO, DUST, PALE_ROCK, SAND, WHEEL
from solbook.rehearsal.noise import compiled, inlined, noise, noise_value, smooth

_PER_M = DUST_DEPTH / SCALE_HEIGHT_M
# Steps of the grain, each this much finer than the one before and turned by 37 degrees from it, so
# that no direction of a lattice shows. Of some pixels' size and more they are left to the grids.
_STEPS = 32
_FINER = 0.45
STEP_M = 64.0 * _FINER ** np.arange(_STEPS)
"""Lattice steps of the grain of the ground, coarsest first."""
TURN_COS = np.cos(np.radians(37.0) * np.arange(_STEPS))
TURN_SIN = np.sin(np.radians(37.0) * np.arange(_STEPS))
COARSE_PX = 24.0
"""Steps that cover more pixels are left out of the grain."""
STEPS_AT_ONCE = int(np.ceil(np.log(1.0 / COARSE_PX) / np.log(_FINER)))
"""So many steps lie between that and one pixel."""
# Over this way the air takes less than a step of the camera.
_CLEAR_M = 12.0

F32 = np.float32
_NOTHING = F32(0.0)
_GRAIN_VALUE, _GRAIN_SLOPE = F32(0.42), F32(0.083)
_PER_PI = F32(1.0 / np.pi)


def _colour(values: Any) -> tuple[Any, ...]:
    return tuple(F32(value) for value in values)


_DARK = _colour([0.165, 0.115, 0.078])
_BRIGHT = _colour(ALBEDO[SAND])
_PALE_BARE = _colour(0.8 * ALBEDO[PALE_ROCK])
_PALE_CLIFF = _colour(0.72 * ALBEDO[PALE_ROCK])
_FROM_BELOW = _colour(0.9 * 2.0 * ALBEDO[SAND])
_DUST = _colour(DUST)


@inlined
def kept(step_px: Any) -> Any:
    """How much of a step of the grain is shown where it covers so many pixels; float32."""
    fine = step_px - F32(1.0)
    fine = fine if fine < F32(1.0) else F32(1.0)
    fine = fine if fine > F32(0.0) else F32(0.0)
    coarse = F32(2.0) - step_px * F32(2.0 / COARSE_PX)
    coarse = coarse if coarse < F32(1.0) else F32(1.0)
    coarse = coarse if coarse > F32(0.0) else F32(0.0)
    return fine * coarse


@compiled
def grain(x: Any, y: Any, size: Any, seed: Any) -> Any:
    """Unevenness too fine for the grids: its shade and its slopes, at one place.

    Args:
        x: Place, m.
        y: Place, m.
        size: Of a pixel there, m: what is finer is left out, and does not glitter; what is much
            coarser is left to the grids.
        seed: Any whole number.

    Returns:
        A shade, about -1 to 1; slopes along x and y for relief as high as a twelfth of its step;
        float32.
    """
    shade, slope_x, slope_y = _NOTHING, _NOTHING, _NOTHING
    first = first_step(size, 0)
    for number in range(first, min(first + STEPS_AT_ONCE, STEP_M.size)):
        keep = kept(F32(STEP_M[number] / size))
        per_step = 1.0 / STEP_M[number]
        cos, sin = TURN_COS[number] * per_step, TURN_SIN[number] * per_step
        value, across, along = noise(cos * x - sin * y, sin * x + cos * y, seed + number)
        turn_cos, turn_sin = F32(TURN_COS[number]), F32(TURN_SIN[number])
        across, along = F32(across), F32(along)
        shade += keep * F32(value) * _GRAIN_VALUE
        slope_x += keep * (turn_cos * across + turn_sin * along) * _GRAIN_SLOPE
        slope_y += keep * (turn_cos * along - turn_sin * across) * _GRAIN_SLOPE
    return shade, slope_x, slope_y


@compiled
def first_step(size: Any, guess: Any) -> Any:
    """The first step of the grain that covers less than `COARSE_PX` pixels of a size, m."""
    while guess > 0 and STEP_M[guess - 1] < COARSE_PX * size:
        guess -= 1
    while guess < STEP_M.size - 1 and STEP_M[guess] >= COARSE_PX * size:
        guess += 1
    return guess


@compiled
def beds(x: Any, y: Any, z: Any, slope: Any, seed: Any) -> Any:
    """Cliffs show their beds: how much of a cliff it is, 0 to 1, and how light the bed there is.

    Args:
        x: North, m.
        y: East, m.
        z: Up, m.
        slope: Steepness of the relief there, 0 level.
        seed: The ground's.
    """
    cliff = smooth((slope - 0.22) / 0.35)
    if cliff == 0.0:
        return 0.0, 0.0
    bend = noise_value(x / 70.0, y / 70.0, seed + 513)
    bed = noise_value((z + 4.0 * bend) / 5.5, 0.37, seed + 514)
    thin = noise_value((z + 4.0 * bend) / 1.6, 0.71, seed + 515)
    return cliff, cliff * (0.40 * bed + 0.25 * thin)


@inlined
def ground_colour(
    shade: Any,
    size: Any,
    pressed: Any,
    loose: Any,
    dusty: Any,
    bare: Any,
    cliff: Any,
    bed: Any,
) -> Any:
    """Reflectance of the ground in three colours; all float32.

    Args:
        shade: Of its grain.
        size: Of a pixel there, m.
        pressed: How far wheels have pressed it.
        loose: With `dusty` and `bare` what `relief.stuff` gives there.
        dusty: See there.
        bare: See there.
        cliff: With `bed` what `beds` gives there.
        bed: See there.
    """
    # Pebbles and coarse grains too small to be solids.
    gravel = (F32(1.0) - loose) * (shade if shade > F32(-0.5) else F32(-0.5)) * F32(0.5)
    near = F32(1.0) / (F32(1.0) + F32(2.0) * size)
    value = F32(1.0) + F32(0.18) * near * gravel
    value += (F32(0.14) + F32(0.16) * near) * shade * (F32(1.0) - F32(0.45) * loose)
    value *= F32(1.0) + bed
    value *= F32(1.0) - F32(0.30) * (pressed if pressed < F32(1.0) else F32(1.0))
    value = value if value > F32(0.3) else F32(0.3)
    value = value if value < F32(1.7) else F32(1.7)
    red = _mixed(_DARK[0], _BRIGHT[0], _PALE_BARE[0], _PALE_CLIFF[0], dusty, bare, cliff)
    green = _mixed(_DARK[1], _BRIGHT[1], _PALE_BARE[1], _PALE_CLIFF[1], dusty, bare, cliff)
    blue = _mixed(_DARK[2], _BRIGHT[2], _PALE_BARE[2], _PALE_CLIFF[2], dusty, bare, cliff)
    return red * value, green * value, blue * value


@inlined
def _mixed(dark: Any, bright: Any, pale: Any, rock: Any, dusty: Any, bare: Any, cliff: Any) -> Any:
    soil = dark + dusty * (bright - dark)
    soil += F32(0.5) * bare * (pale - soil)
    return soil + F32(0.6) * cliff * (rock - soil)


@compiled
def solid_stuff(
    at: Any, normal: Any, material: Any, lightness: Any, rough: Any, size: Any, number: Any
) -> Any:
    """Reflectance of a solid where a ray meets it, and its normal with its grain; float32.

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
        first, ax, ay = grain(at[0] + 0.9 * at[2], at[1] - 0.4 * at[2], 2 * size, number)
        second, bx, by = grain(at[2] - 0.3 * at[0], at[1] + 0.5 * at[0], 2 * size, number + 50)
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
    value, settled = F32(value * (1 - settled)), F32(settled)
    red = F32(ALBEDO[material, 0]) * value + _DUST[0] * settled
    green = F32(ALBEDO[material, 1]) * value + _DUST[1] * settled
    blue = F32(ALBEDO[material, 2]) * value + _DUST[2] * settled
    return (red, green, blue), (F32(nx), F32(ny), F32(nz))


@inlined
def law(normal: Any, way: Any, sun: Any) -> Any:
    """How light a surface looks in the Sun for what it reflects; all float32.

    Half Lambert's law, half Lommel and Seeliger's, brighter with the Sun behind the camera.

    Args:
        normal: Its direction.
        way: Of the ray that sees it.
        sun: Towards the Sun.
    """
    facing = normal[0] * sun[0] + normal[1] * sun[1] + normal[2] * sun[2]
    facing = facing if facing > F32(0.0) else F32(0.0)
    seen = -(normal[0] * way[0] + normal[1] * way[1] + normal[2] * way[2])
    seen = seen if seen > F32(0.02) else F32(0.02)
    cosine = -(way[0] * sun[0] + way[1] * sun[1] + way[2] * sun[2])
    found = F32(0.55) * facing + F32(0.9) * facing * facing / (facing + seen + F32(1e-6))
    surge = F32(1.0) / (F32(1.0) + F32(6.0) * (F32(1.0) - cosine))
    return found * (F32(1.0) + F32(0.28) * surge * surge)


@inlined
def lit(stuff: Any, sunny: Any, open_sky: Any, up: Any, direct: Any, sky: Any) -> Any:
    """Radiance of a lit surface; all float32.

    Args:
        stuff: Its reflectance in three colours.
        sunny: `law`, times how much of the Sun it gets.
        open_sky: How much of the sky it gets, 0 to 1.
        up: Of its normal.
        direct: The Sun's three colours.
        sky: The sky's.
    """
    # Light of the sky and of the ground below it on a face that leans.
    above = F32(0.5) + F32(0.5) * up
    below = F32(1.0) - above
    red = sunny * direct[0] + open_sky * sky[0] * (above + below * _FROM_BELOW[0])
    green = sunny * direct[1] + open_sky * sky[1] * (above + below * _FROM_BELOW[1])
    blue = sunny * direct[2] + open_sky * sky[2] * (above + below * _FROM_BELOW[2])
    return stuff[0] * red * _PER_PI, stuff[1] * green * _PER_PI, stuff[2] * blue * _PER_PI


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
def veil(way_x: Any, way_y: Any, far: Any, haze: Any) -> Any:
    """How much of what is seen the air before it hides, 0 to 1, and its three colours; float32.

    Args:
        way_x: North of the ray.
        way_y: East of it.
        far: How far it reaches, m.
        haze: What `haze_around` gives.
    """
    if far < _CLEAR_M:
        return _NOTHING, (_NOTHING, _NOTHING, _NOTHING)
    at = (np.arctan2(way_y, way_x) % (2 * np.pi)) * (720 / (2 * np.pi))
    k = min(int(at), 719)
    u = at - k
    return F32(1.0 - np.exp(-_PER_M * far)), (
        F32(haze[k, 0] + u * (haze[k + 1, 0] - haze[k, 0])),
        F32(haze[k, 1] + u * (haze[k + 1, 1] - haze[k, 1])),
        F32(haze[k, 2] + u * (haze[k + 1, 2] - haze[k, 2])),
    )
