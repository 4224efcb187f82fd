"""UTC and TDB, the two time scales everything here is counted in.

* `utc_ns`: UTC as int64 nanoseconds since 1970-01-01T00:00:00 without leap seconds (POSIX), so
  every day has 86,400 s. Range 1730 to 2261.
* `tdb_s`: Barycentric Dynamical Time as float64 seconds past J2000 (2000-01-01T12:00:00 TDB), the
  "ET" of SPICE. A float64 resolves 0.12 us in the years of the surface missions.
* `tdb_ns`: the same count as int64 nanoseconds, for sums that must be exact.

The relation is that of SPICE: TDB = UTC + (TAI-UTC) + 32.184 s + K sin E, with the constants of
NAIF's leapseconds kernel naif0012.tls, which states an accuracy of about 30 us for the periodic
term. For the years before 1972 and for leap seconds yet to come see `leap_seconds`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from solbook.clock import kernels
from solbook.clock.engine import in_numpy, leap_lists, leap_table
from solbook.clock.kernels import J2000_NS, TT_MINUS_TAI_NS
from solbook.clock.leap_seconds import NS_PER_S, leap_seconds
from solbook.clock.limits import GREATEST_UTC_NS, LEAST_UTC_NS, NAT_NS, out_of_range

_LEAST_TDB_S = (LEAST_UTC_NS - J2000_NS) / NS_PER_S
_GREATEST_TDB_S = (GREATEST_UTC_NS - J2000_NS) / NS_PER_S


@overload
def tdb_minus_tt_ns(tt_ns: int) -> int: ...
@overload
def tdb_minus_tt_ns(tt_ns: NDArray[np.int64]) -> NDArray[np.int64]: ...
def tdb_minus_tt_ns(tt_ns: int | NDArray[np.int64]) -> int | NDArray[np.int64]:
    """The periodic term of TDB, at most 1.7 ms.

    Args:
        tt_ns: A number or any shape, int64. TT, ns past J2000.

    Returns:
        Same shape, whole ns; good to about 30 us (NAIF naif0012.tls). It changes by less than
        4e-10 s a second, so TDB may be given in place of TT, which changes it by less than 1e-12 s.
    """
    # Plain Python for one number, which a reader of records asks for 100,000 times a second.
    if isinstance(tt_ns, int):
        term_ns: int = round(kernels.tdb_term_ns(tt_ns))
        return term_ns
    terms_ns: NDArray[np.int64] = np.rint(in_numpy()["tdb_term_ns"](tt_ns)).astype(np.int64)
    return terms_ns


@overload
def tdb_ns_from_utc_ns(utc_ns: int) -> int: ...
@overload
def tdb_ns_from_utc_ns(utc_ns: NDArray[np.int64]) -> NDArray[np.int64]: ...
def tdb_ns_from_utc_ns(utc_ns: int | NDArray[np.int64]) -> int | NDArray[np.int64]:
    """UTC to TDB in whole nanoseconds.

    Args:
        utc_ns: A number or any shape, int64. UTC, ns since 1970-01-01 (POSIX).

    Returns:
        Same shape, int64. TDB, ns past J2000.
    """
    if isinstance(utc_ns, int):
        one_tt_ns: int = kernels.tt_ns(utc_ns, leap_lists())
        return one_tt_ns + tdb_minus_tt_ns(one_tt_ns)
    tt_ns: NDArray[np.int64] = in_numpy()["tt_ns"](utc_ns, leap_table())
    return tt_ns + tdb_minus_tt_ns(tt_ns)


@overload
def utc_ns_from_tdb_ns(tdb_ns: int) -> int: ...
@overload
def utc_ns_from_tdb_ns(tdb_ns: NDArray[np.int64]) -> NDArray[np.int64]: ...
def utc_ns_from_tdb_ns(tdb_ns: int | NDArray[np.int64]) -> int | NDArray[np.int64]:
    """TDB to UTC in whole nanoseconds; the inverse of `tdb_ns_from_utc_ns`, to 1 ns.

    Args:
        tdb_ns: A number or any shape, int64. TDB, ns past J2000.

    Returns:
        Same shape, int64. UTC, ns since 1970-01-01 (POSIX). An instant inside an inserted leap
        second, which POSIX cannot name, gives the start of the day that follows it.
    """
    table = leap_seconds()
    if isinstance(tdb_ns, int):
        one_tai_ns = tdb_ns - tdb_minus_tt_ns(tdb_ns) + J2000_NS - TT_MINUS_TAI_NS
        at = bisect_right(table.tai_ns, one_tai_ns)
        one_utc_ns = one_tai_ns - table.offset_ns[at]
        return min(one_utc_ns, table.utc_ns[at]) if at < len(table.utc_ns) else one_utc_ns
    tai_ns = tdb_ns - tdb_minus_tt_ns(tdb_ns) + (J2000_NS - TT_MINUS_TAI_NS)
    step = np.searchsorted(table.tai_ns_array, tai_ns, side="right")
    utc_ns = tai_ns - table.offset_ns_array[step]
    next_step_ns = np.append(table.utc_ns_array, np.iinfo(np.int64).max)
    held_ns: NDArray[np.int64] = np.minimum(utc_ns, next_step_ns[step])
    return held_ns


@overload
def utc_from_tdb(tdb_s: float) -> int: ...
@overload
def utc_from_tdb(tdb_s: NDArray[np.float64] | Sequence[float]) -> NDArray[np.int64]: ...
def utc_from_tdb(
    tdb_s: float | NDArray[np.float64] | Sequence[float],
) -> int | NDArray[np.int64]:
    """TDB to UTC.

    Args:
        tdb_s: A number or any shape. TDB, seconds past J2000.

    Returns:
        `utc_ns`, same shape, int64: UTC, ns since 1970-01-01 (POSIX); as exact as the float64
        given, 0.12 us in the years of the surface missions. Inside an inserted leap second: the
        start of the day that follows it.
    """
    # Whole seconds apart from the fraction: the product of the whole with 1e9 would be rounded.
    if isinstance(tdb_s, int | float):
        if math.isnan(tdb_s):
            return NAT_NS
        if not _LEAST_TDB_S <= tdb_s <= _GREATEST_TDB_S:
            raise out_of_range(f"TDB {tdb_s} s past J2000")
        whole_s = math.floor(tdb_s)
        return utc_ns_from_tdb_ns(whole_s * NS_PER_S + round((tdb_s - whole_s) * NS_PER_S))
    given = np.asarray(tdb_s, dtype=np.float64)
    known = ~np.isnan(given)
    seconds = np.where(known, given, 0.0)
    beyond = ~((seconds >= _LEAST_TDB_S) & (seconds <= _GREATEST_TDB_S))
    if beyond.any():
        raise out_of_range(f"TDB {seconds[beyond][0]} s past J2000")
    wholes_s = np.floor(seconds)
    fractions_ns = np.rint((seconds - wholes_s) * NS_PER_S).astype(np.int64)
    utc_ns = utc_ns_from_tdb_ns(wholes_s.astype(np.int64) * NS_PER_S + fractions_ns)
    return np.where(known, utc_ns, NAT_NS)
