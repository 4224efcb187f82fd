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
    """The same for what is copied into every kernel that calls it."""
    return numba.njit(**_OPTIONS, inline="always")(function)


_PER_HALF = 1.0 / 32_768.0
_PER_WHOLE = 1.0 / 4_294_967_296.0
# Between octaves the lattice is turned by 37 degrees, so that none of its directions shows.
_TURN_COS, _TURN_SIN = 0.7986355100472928, 0.6018150231520483


@inlined
def hashed(i: Any, j: Any, seed: Any) -> Any:
    """32 well-mixed bits of two lattice numbers and a seed, as uint64."""
    h = np.uint64(np.int64(i) * np.int64(0x2545F491) + np.int64(j) * np.int64(0x3C6EF372))
    h ^= np.uint64(np.int64(seed) * np.int64(0x1B873593))
    # Steele et al. (2014), the mixer of SplitMix, of which the upper half is taken.
    h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return h >> np.uint64(32)


@inlined
def unit(i: Any, j: Any, seed: Any) -> Any:
    """A number from 0 to 1, evenly spread."""
    return float(hashed(i, j, seed)) * _PER_WHOLE


@inlined
def _corner(i: Any, j: Any, seed: Any) -> Any:
    h = hashed(i, j, seed)
    return (
        float(h & np.uint64(0xFFFF)) * _PER_HALF - 1.0,
        float(h >> np.uint64(16)) * _PER_HALF - 1.0,
    )


@compiled
def noise(x: Any, y: Any, seed: Any) -> Any:
    """Gradient noise of wavelength about 2 lattice steps.

    Returns:
        The value, about -0.8 to 0.8 and 0 on average, and its slopes along x and y.
    """
    i, j = np.floor(x), np.floor(y)
    fx, fy = x - i, y - j
    ax, ay = _corner(i, j, seed)
    bx, by = _corner(i + 1, j, seed)
    cx, cy = _corner(i, j + 1, seed)
    dx, dy = _corner(i + 1, j + 1, seed)
    a = ax * fx + ay * fy
    b = bx * (fx - 1) + by * fy
    c = cx * fx + cy * (fy - 1)
    d = dx * (fx - 1) + dy * (fy - 1)
    u, v = fx * fx * fx * (fx * (fx * 6 - 15) + 10), fy * fy * fy * (fy * (fy * 6 - 15) + 10)
    du, dv = 30 * fx * fx * (fx * (fx - 2) + 1), 30 * fy * fy * (fy * (fy - 2) + 1)
    across = a - b - c + d
    value = a + u * (b - a) + v * (c - a) + u * v * across
    slope_x = ax + u * (bx - ax) + v * (cx - ax) + u * v * (ax - bx - cx + dx)
    slope_y = ay + u * (by - ay) + v * (cy - ay) + u * v * (ay - by - cy + dy)
    slope_x += du * (b - a + v * across)
    slope_y += dv * (c - a + u * across)
    return value, slope_x, slope_y


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
        value, _, _ = noise(x / step, y / step, seed + number)
        found += height * value
        x, y = _TURN_COS * x - _TURN_SIN * y, _TURN_SIN * x + _TURN_COS * y
        step, height = step * 0.5, height * 0.5
        number += 1
    return found


@inlined
def smooth(x: Any) -> Any:
    """From 0 at 0 to 1 at 1, level at both and beyond."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)
