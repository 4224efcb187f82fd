"""Noise on hashed lattices: the same everywhere for the same seed, without edges or tiles."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np

_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract", "nsz"},
}


def compiled(function: Any) -> Any:
    """Compile a kernel of the rehearsal: the same result on every run and thread."""
    # numba keeps compiled code by the age of a function's own file; what it calls is compiled into
    # it and stands in others.
    function.__qualname__ += f"_{_sources()}"
    return numba.njit(**_OPTIONS)(function)


@cache
def _sources() -> str:
    """What tells whether the sources of this room are the same."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def inlined(function: Any) -> Any:
    """The same for what kernels ask for every pixel: it becomes a part of each that does."""
    return numba.njit(**(_OPTIONS | {"cache": False}), forceinline=True)(function)


# What is worked out for many places at once stays in 32 bits: eight of them go into a register.
_ONE = np.uint32(1)
_HALF_BITS = np.uint32(0xFFFF)
_PER_HALF = np.float32(1.0 / 32_768.0)
_PER_WHOLE = 1.0 / 4_294_967_296.0
# Between octaves the lattice is turned by 37 degrees, so that none of its directions shows.
_TURN_COS, _TURN_SIN = 0.7986355100472928, 0.6018150231520483


@inlined
def hashed(i: Any, j: Any, seed: Any) -> Any:
    """32 well-mixed bits of two lattice numbers and a seed, each of them uint32, as uint32."""
    # Every step is cut to 32 bits, for numba widens what it multiplies, shifts and combines.
    along = np.uint32(i * np.uint32(0x9E3779B1))
    across = np.uint32(j * np.uint32(0x85EBCA77))
    h = np.uint32(np.uint32(along ^ across) ^ np.uint32(seed * np.uint32(0xC2B2AE3D)))
    # A mixer of two multiplications with little bias, found by search: Wellons (2018), lowbias32.
    h = np.uint32(np.uint32(h ^ np.uint32(h >> np.uint32(16))) * np.uint32(0x7FEB352D))
    h = np.uint32(np.uint32(h ^ np.uint32(h >> np.uint32(15))) * np.uint32(0x846CA68B))
    return np.uint32(h ^ np.uint32(h >> np.uint32(16)))


@inlined
def unit(i: Any, j: Any, seed: Any) -> Any:
    """A number from 0 to 1, evenly spread, of three whole numbers."""
    return np.float64(hashed(np.uint32(np.int64(i)), np.uint32(np.int64(j)), np.uint32(seed))) * (
        _PER_WHOLE
    )


@inlined
def _corner(i: Any, j: Any, seed: Any) -> Any:
    h = hashed(i, j, seed)
    low, high = np.uint32(h & _HALF_BITS), np.uint32(h >> np.uint32(16))
    one = np.float32(1.0)
    return (
        np.float32(np.int32(low)) * _PER_HALF - one,
        np.float32(np.int32(high)) * _PER_HALF - one,
    )


@inlined
def gradient_noise(i: Any, j: Any, fx: Any, fy: Any, seed: Any) -> Any:
    """Gradient noise in a cell of the lattice (Perlin 2002), all in 32 bits.

    Args:
        i: The cell, uint32.
        j: The cell, uint32.
        fx: Place in it, 0 to 1, float32.
        fy: Place in it, 0 to 1, float32.
        seed: uint32.

    Returns:
        The value, about -0.8 to 0.8 and 0 on average, and its slopes along x and y, float32.
    """
    i1, j1 = np.uint32(i + _ONE), np.uint32(j + _ONE)
    ax, ay = _corner(i, j, seed)
    bx, by = _corner(i1, j, seed)
    cx, cy = _corner(i, j1, seed)
    dx, dy = _corner(i1, j1, seed)
    one, two, thirty = np.float32(1.0), np.float32(2.0), np.float32(30.0)
    six, ten, fifteen = np.float32(6.0), np.float32(10.0), np.float32(15.0)
    gx, gy = fx - one, fy - one
    a, b, c, d = ax * fx + ay * fy, bx * gx + by * fy, cx * fx + cy * gy, dx * gx + dy * gy
    u = fx * fx * fx * (fx * (fx * six - fifteen) + ten)
    v = fy * fy * fy * (fy * (fy * six - fifteen) + ten)
    du = thirty * fx * fx * (fx * (fx - two) + one)
    dv = thirty * fy * fy * (fy * (fy - two) + one)
    across = a - b - c + d
    value = a + u * (b - a) + v * (c - a) + u * v * across
    slope_x = ax + u * (bx - ax) + v * (cx - ax) + u * v * (ax - bx - cx + dx)
    slope_y = ay + u * (by - ay) + v * (cy - ay) + u * v * (ay - by - cy + dy)
    return value, slope_x + du * (b - a + v * across), slope_y + dv * (c - a + u * across)


@compiled
def noise(x: Any, y: Any, seed: Any) -> Any:
    """Gradient noise of wavelength about 2 lattice steps.

    Args:
        x: Place in lattice steps, within 2^31 of 0.
        y: The same.
        seed: Any whole number.

    Returns:
        The value, about -0.8 to 0.8 and 0 on average, and its slopes along x and y.
    """
    i, j = np.floor(x), np.floor(y)
    value, slope_x, slope_y = gradient_noise(
        np.uint32(np.int64(i)),
        np.uint32(np.int64(j)),
        np.float32(x - i),
        np.float32(y - j),
        np.uint32(seed),
    )
    return np.float64(value), np.float64(slope_x), np.float64(slope_y)


@compiled
def noise_value(x: Any, y: Any, seed: Any) -> Any:
    """The value of `noise` alone, which takes half the time."""
    i, j = np.floor(x), np.floor(y)
    value, _, _ = gradient_noise(
        np.uint32(np.int64(i)),
        np.uint32(np.int64(j)),
        np.float32(x - i),
        np.float32(y - j),
        np.uint32(seed),
    )
    return np.float64(value)


@compiled
def octaves(x: Any, y: Any, longest: Any, shortest: Any, seed: Any) -> Any:
    """Sum of noise whose height goes with its wavelength.

    Args:
        x: Place, m.
        y: Place, m.
        longest: Greatest lattice step, m.
        shortest: No step is shorter than this, m.
        seed: Any whole number.

    Returns:
        The value, in units of the longest step's noise.
    """
    step, height, found = longest, 1.0, 0.0
    number = 0
    while step >= shortest:
        found += height * noise_value(x / step, y / step, seed + number)
        x, y = _TURN_COS * x - _TURN_SIN * y, _TURN_SIN * x + _TURN_COS * y
        step, height = step * 0.5, height * 0.5
        number += 1
    return found


@compiled
def noise_along(x: Any, y: Any, dx: Any, dy: Any, seed: Any, found: Any) -> None:
    """Put values of noise at even steps along a line in `found`, float32.

    Args:
        x: Where the line begins, in lattice steps.
        y: See there.
        dx: One step, in lattice steps.
        dy: See there.
        seed: Any whole number.
        found: Shape (n,).
    """
    count = found.size
    i, j = np.empty(count, np.uint32), np.empty(count, np.uint32)
    fx, fy = np.empty(count, np.float32), np.empty(count, np.float32)
    for k in range(count):
        p, q = x + k * dx, y + k * dy
        whole_p, whole_q = np.floor(p), np.floor(q)
        i[k], j[k] = np.uint32(np.int32(whole_p)), np.uint32(np.int32(whole_q))
        fx[k], fy[k] = np.float32(p - whole_p), np.float32(q - whole_q)
    _noise_in_cells(i, j, fx, fy, np.uint32(seed), found)


@compiled
def _noise_in_cells(i: Any, j: Any, fx: Any, fy: Any, seed: Any, found: Any) -> None:
    for k in range(found.size):
        found[k] = gradient_noise(i[k], j[k], fx[k], fy[k], seed)[0]


@compiled
def octaves_along(
    x: Any, y: Any, dx: Any, dy: Any, longest: Any, shortest: Any, seed: Any, found: Any
) -> None:
    """The same for `octaves`; places are in metres."""
    found[:] = 0.0
    one = np.empty(found.size, np.float32)
    step, height = longest, np.float32(1.0)
    number = 0
    while step >= shortest:
        noise_along(x / step, y / step, dx / step, dy / step, seed + number, one)
        for k in range(found.size):
            found[k] += height * one[k]
        x, y = _TURN_COS * x - _TURN_SIN * y, _TURN_SIN * x + _TURN_COS * y
        dx, dy = _TURN_COS * dx - _TURN_SIN * dy, _TURN_SIN * dx + _TURN_COS * dy
        step, height = step * 0.5, np.float32(height * np.float32(0.5))
        number += 1


@inlined
def smooth(x: Any) -> Any:
    """From 0 at 0 to 1 at 1, level at both and beyond."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)
