"""Times in whatever form they come, as `utc_ns`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.clock.leap_seconds import NS_PER_S
from solbook.clock.limits import GREATEST_UTC_NS, LEAST_UTC_NS, NAT_NS, out_of_range
from solbook.clock.pieces import ends
from solbook.clock.text import format_utc, parse_utc
from solbook.errors import SolbookError

TimeLike = str | int | float | datetime | np.datetime64 | np.integer[Any] | np.floating[Any]
"""One time: ISO 8601 text; a whole number, UTC in ns since 1970-01-01; a float, Unix seconds; a
`datetime` (without a zone it is UTC); a numpy `datetime64`."""

TimesLike = Sequence[TimeLike] | NDArray[Any]
"""Many times: a sequence of such, or an array of any shape: `datetime64`, whole numbers (ns),
floats (Unix seconds) or texts. NaT and NaN stay what they are."""

_LEAST_S, _GREATEST_S = LEAST_UTC_NS // NS_PER_S, GREATEST_UTC_NS // NS_PER_S


def utc_ns(when: TimeLike | TimesLike) -> int | NDArray[np.int64]:
    """A time, or many, as UTC in ns since 1970-01-01 (POSIX).

    Args:
        when: See `TimeLike` and `TimesLike`.

    Returns:
        An int for one time; for many int64 of the same shape, numpy's NaT as its number; NaT too
        for what a masked array hides. Whole nanoseconds are not copied.

    Raises:
        SolbookError: `bad_time` if it is no time; `out_of_range` if int64 cannot hold it (years
            1730 to 2261); `leap_second` for 23:59:60.
    """
    if type(when) is int or type(when) is str:
        return _one(when)
    if isinstance(when, bytes | bytearray):
        raise _no_time(when)
    if hasattr(when, "__array__") and not isinstance(when, np.ndarray | np.generic):
        when = np.asarray(when)
    if isinstance(when, np.ndarray) and when.ndim > 0:
        return _from_array(when)
    if isinstance(when, list | tuple) or (isinstance(when, Sequence) and not isinstance(when, str)):
        return _from_sequence(when)
    return _one(when)


def _one(when: Any) -> int:
    if isinstance(when, np.ndarray | np.generic):
        if when.dtype.kind == "M":
            return int(_from_datetime64(np.atleast_1d(when))[0])
        when = when.item()
    if isinstance(when, bool):
        raise _no_time(when)
    if isinstance(when, int):
        return _within(when)
    if isinstance(when, float):
        return _from_unix_s(when)
    if isinstance(when, str):
        return NAT_NS if when == "NaT" else _within(parse_utc(when))
    if isinstance(when, datetime):
        if when != when:  # noqa: PLR0124  (pandas' NaT, the only one that is not itself)
            return NAT_NS
        moment = when if when.tzinfo else when.replace(tzinfo=UTC)
        return _within(parse_utc(moment.isoformat()))
    raise _no_time(when)


def _from_unix_s(unix_s: float) -> int:
    if math.isnan(unix_s):
        return NAT_NS
    if not _LEAST_S <= unix_s <= _GREATEST_S:
        raise out_of_range(f"{unix_s} s since 1970")
    # Whole seconds apart from the fraction: the product of the whole with 1e9 would be rounded.
    whole_s = math.floor(unix_s)
    return whole_s * NS_PER_S + round((unix_s - whole_s) * NS_PER_S)


def _from_sequence(when: Sequence[Any]) -> NDArray[np.int64]:
    try:
        array = np.asarray(when)
    except ValueError as error:
        raise _no_time(when) from error
    if array.dtype.kind in "MiufU" and array.size:
        kinds = {type(item) for item in when}
        # numpy makes floats of ints beside floats, and texts of all beside a text.
        if len(kinds) == 1 or array.dtype.kind in "M" or array.ndim > 1:
            return _from_array(array)
    return np.array([_one(item) for item in when], dtype=np.int64)


def _from_array(array: NDArray[Any]) -> NDArray[np.int64]:
    if isinstance(array, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(array)
        # What lies under a mask may be anything; 0 is a time in every form but text.
        nothing = "1970-01-01" if array.dtype.kind in "UO" else np.zeros(1, array.dtype)[0]
        return np.where(hidden, NAT_NS, _from_array(np.where(hidden, nothing, array.data)))
    kind = array.dtype.kind
    if kind == "M":
        return _from_datetime64(array)
    if kind in "iu":
        return _from_whole(array)
    if kind == "f":
        return _from_unix_array(array.astype(np.float64, copy=False))
    if kind in "UO":
        times = [_one(item) for item in array.reshape(-1).tolist()]
        return np.array(times, dtype=np.int64).reshape(array.shape)
    raise _no_time(array.dtype)


def _from_whole(array: NDArray[Any]) -> NDArray[np.int64]:
    if array.size:
        least, greatest = ends(array)
        if least >= LEAST_UTC_NS and greatest <= GREATEST_UTC_NS:
            return array.astype(np.int64, copy=False)
    beyond = ((array < LEAST_UTC_NS) & (array != NAT_NS)) | (array > GREATEST_UTC_NS)
    if beyond.any():
        raise out_of_range(f"{array[beyond][0]} ns since 1970")
    return array.astype(np.int64, copy=False)


def _from_datetime64(array: NDArray[Any]) -> NDArray[np.int64]:
    # A coarser unit reaches further than ns do, and numpy would wrap round without a word.
    seconds = array.astype("datetime64[s]").astype(np.int64)
    there = ~np.isnat(array)
    beyond = there & ((seconds < _LEAST_S) | (seconds > _GREATEST_S))
    if beyond.any():
        raise out_of_range(str(array[beyond][0]))
    return array.astype("datetime64[ns]").astype(np.int64)


def _from_unix_array(unix_s: NDArray[np.float64]) -> NDArray[np.int64]:
    there = ~np.isnan(unix_s)
    beyond = there & ~((unix_s >= _LEAST_S) & (unix_s <= _GREATEST_S))
    if beyond.any():
        raise out_of_range(f"{unix_s[beyond][0]} s since 1970")
    known_s = np.where(there, unix_s, 0.0)
    whole_s = np.floor(known_s)
    fraction_ns = np.rint((known_s - whole_s) * NS_PER_S).astype(np.int64)
    return np.where(there, whole_s.astype(np.int64) * NS_PER_S + fraction_ns, NAT_NS)


def _within(utc: int) -> int:
    if LEAST_UTC_NS <= utc <= GREATEST_UTC_NS or utc == NAT_NS:
        return utc
    raise out_of_range(_shown(utc))


def shown(utc: int) -> str:
    """A time as a message shows it."""
    return _shown(int(utc))


def _shown(utc: int) -> str:
    try:
        return format_utc(utc, 0)
    except OverflowError:
        return f"{utc} ns since 1970"


def _no_time(when: object) -> SolbookError:
    return SolbookError(
        "Not a time.",
        code="bad_time",
        found=repr(when)[:80],
        expected="ISO 8601, whole ns or float seconds since 1970, a datetime or datetime64",
        help='For example "2021-02-22T10:21:48Z".',
    )
