"""The kernels compiled by numba, for large arrays; importing this module takes half a second.

Compiled code is kept on disk beside the module or, where that cannot be written, in the user's
cache, so that only the first use on a machine waits some seconds for the compiler. The loops give
up Python's lock, and the engine runs one of them on each core.
"""

from __future__ import annotations

import hashlib
import math
from functools import cache
from types import FunctionType
from typing import Any

import numba
import numpy as np

from solbook.clock import kernels
from solbook.clock.engine import FROM_SITE, kernel_functions, rebound
from solbook.clock.limits import NAT_NS

_PIECE = 1024

_jit = numba.njit(cache=True, nogil=True, fastmath={"contract", "nsz", "arcp"}, error_model="numpy")
_inner = numba.njit(forceinline=True, fastmath={"contract", "nsz", "arcp"}, error_model="numpy")

_TWO_TO_31 = 2.0**31
_LOWER_31 = 2**31 - 1
_HALF_PI = math.pi / 2
_TWO_OVER_PI = 2 / math.pi
_SIN = (-1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800)
_COS = (-1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800, 1 / 479001600)
# Rational approximation of the arc sine to 0.5, of FreeBSD's msun (e_asin.c).
_ASIN_P = (
    1.66666666666666657415e-01,
    -3.25565818622400915405e-01,
    2.01212532134862925881e-01,
    -4.00555345006794114027e-02,
    7.91534994289814532176e-04,
    3.47933107596021167570e-05,
)
_ASIN_Q = (
    -2.40339491173441421878e00,
    2.02094576023350569471e00,
    -6.88283971605453293030e-01,
    7.70381505559019352791e-02,
)


@_inner
def sin(x: Any) -> Any:
    """Sine, to 1e-11."""
    return _sine_after(x, 0)


@_inner
def cos(x: Any) -> Any:
    """Cosine, to 1e-11."""
    return _sine_after(x, 1)


@_inner
def _sine_after(x: Any, quarters: int) -> Any:
    """The sine some quarter turns further on, by Taylor's series to 45 degrees."""
    turns = np.floor(x * _TWO_OVER_PI + 0.5)
    r = x - turns * _HALF_PI
    s = r * r
    sine = r * (1 + s * (_SIN[0] + s * (_SIN[1] + s * (_SIN[2] + s * (_SIN[3] + s * _SIN[4])))))
    cosine = 1 + s * (
        _COS[0] + s * (_COS[1] + s * (_COS[2] + s * (_COS[3] + s * (_COS[4] + s * _COS[5]))))
    )
    # Whole numbers of 32 bits, for the reason that `whole` gives.
    quarter = np.int32(turns) + np.int32(quarters)
    value = cosine if quarter & np.int32(1) else sine
    return -value if quarter & np.int32(2) else value


@_inner
def asin(x: Any) -> Any:
    """Arc sine, to 1e-15."""
    size = abs(x)
    far = size > 0.5
    z = math.sqrt(0.5 * (1 - size)) if far else size
    s = z * z
    above = s * (
        _ASIN_P[0]
        + s * (_ASIN_P[1] + s * (_ASIN_P[2] + s * (_ASIN_P[3] + s * (_ASIN_P[4] + s * _ASIN_P[5]))))
    )
    below = 1 + s * (_ASIN_Q[0] + s * (_ASIN_Q[1] + s * (_ASIN_Q[2] + s * _ASIN_Q[3])))
    near = z + z * above / below
    value = _HALF_PI - 2 * near if far else near
    return value if x >= 0 else -value


@_inner
def floor(x: Any) -> Any:
    """As `math.floor`, but a float: it needs no conversion."""
    return np.floor(x)


@_inner
def whole(x: Any) -> Any:
    """As `kernels.whole`, for whole numbers of up to 2^31.

    Processors convert four of those at once, which they do not with longer ones.
    """
    return np.int64(np.int32(x))


@_inner
def real(x: Any) -> Any:
    """As `kernels.real`, by halves for the same reason."""
    return np.float64(np.int32(x >> 31)) * _TWO_TO_31 + np.float64(np.int32(x & _LOWER_31))


@_inner
def nearest(x: Any) -> Any:
    """As `kernels.nearest`, for numbers of up to 2^31, for the same reason."""
    return np.int64(np.int32(np.rint(x)))


@_inner
def least(a: Any, b: Any) -> Any:
    """As `kernels.least`."""
    return min(a, b)


@_inner
def greatest(a: Any, b: Any) -> Any:
    """As `kernels.greatest`."""
    return max(a, b)


def _each(utc_ns: Any, out: Any, *rest: Any) -> None:
    """A kernel on every time of an array; `kernel` is bound when the loop is compiled."""
    for i in range(utc_ns.size):
        if utc_ns[i] == NAT_NS:
            out[i] = np.nan
        else:
            out[i] = kernel(utc_ns[i], *rest)  # type: ignore[name-defined]  # noqa: F821


def _each_sol(utc_ns: Any, out: Any, leap: Any, *clock: Any) -> None:
    """The same for `kernels.sol_and_rest`, which gives two numbers; `out` is a pair of arrays.

    In loops of their own what looks things up and what does the same to all, as below.
    """
    tt, term_ns = np.empty(_PIECE, np.int64), np.empty(_PIECE)
    for start in range(0, utc_ns.size, _PIECE):
        times_ns = utc_ns[start : start + _PIECE]
        sols, rests = out[0][start : start + _PIECE], out[1][start : start + _PIECE]
        for i in range(times_ns.size):
            tt[i] = tt_ns(times_ns[i], leap)  # type: ignore[name-defined]  # noqa: F821
        for i in range(times_ns.size):
            term_ns[i] = tdb_term_ns(tt[i])  # type: ignore[name-defined]  # noqa: F821
        for i in range(times_ns.size):
            sols[i], rests[i] = kernel(tt[i], term_ns[i], *clock)  # type: ignore[name-defined]  # noqa: F821
        for i in range(times_ns.size):
            if times_ns[i] == NAT_NS:
                sols[i], rests[i] = NAT_NS, np.nan


def _each_from_site(
    utc_ns: Any,
    out: Any,
    leap: Any,
    lon: Any,
    dec: Any,
    distance: Any,
    lon_e_deg: Any,
    per_km: Any,
    site: Any,
) -> None:
    """The same for a kernel that looks from a site.

    Tables are read one by one; what is done with the values, several at once. So each in its own
    loop, over pieces that stay in the nearest cache.
    """
    east_rad, dec_rad, parallax = np.empty(_PIECE), np.empty(_PIECE), np.empty(_PIECE)
    for start in range(0, utc_ns.size, _PIECE):
        times_ns, found = utc_ns[start : start + _PIECE], out[start : start + _PIECE]
        for i in range(times_ns.size):
            time_ns = times_ns[i]
            if time_ns == NAT_NS:
                east_rad[i], dec_rad[i], parallax[i] = np.nan, np.nan, np.nan
            else:
                east_rad[i], dec_rad[i], parallax[i] = over_mars(  # type: ignore[name-defined]  # noqa: F821
                    time_ns, leap, lon, dec, distance, lon_e_deg, per_km
                )
        for i in range(found.size):
            found[i] = kernel(east_rad[i], dec_rad[i], parallax[i], site)  # type: ignore[name-defined]  # noqa: F821


@cache
def _compiled_kernels() -> dict[str, Any]:
    names: dict[str, Any] = {**vars(kernels), **_PRIMITIVES}
    for name, function in kernel_functions().items():
        names[name] = _inner(rebound(function, names))
    return names


@cache
def _fingerprint() -> str:
    """What tells whether the kernels are the same."""
    parts = [
        (name, value.__code__.co_code, value.__code__.co_consts, value.__code__.co_names)
        if isinstance(value, FunctionType)
        else (name, value)
        for name, value in sorted(vars(kernels).items())
        if isinstance(value, int | float | FunctionType)
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@cache
def loop(kernel: str) -> Any:
    """The loop of a kernel.

    Returns:
        `loop(utc_ns, out, leap, *arguments)`; for a kernel that looks from a site the last of the
        arguments is the site.
    """
    compiled = _compiled_kernels()
    names = {**globals(), **compiled, "kernel": compiled[kernel]}
    each = rebound(_LOOPS.get(kernel, _each), names)
    # numba keeps a loop under its name and the age of this file; kernels and their constants are
    # compiled into it and stand in others.
    each.__qualname__ = f"each_{kernel}_{_fingerprint()}"
    return _jit(each)


_LOOPS: dict[str, Any] = dict.fromkeys(FROM_SITE, _each_from_site) | {"sol_and_rest": _each_sol}
_PRIMITIVES = {
    "asin": asin,
    "cos": cos,
    "floor": floor,
    "greatest": greatest,
    "least": least,
    "nearest": nearest,
    "real": real,
    "sin": sin,
    "whole": whole,
}
