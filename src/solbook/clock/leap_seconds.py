"""TAI-UTC, the whole seconds between atomic time and UTC.

The table is that of NAIF's leapseconds kernel naif0012.tls. Two conventions of SPICE are kept
because the missions' own times were made with them:

* before 1972-01-01 the difference is 9 s throughout. True UTC of those years ran at other rates,
  so such times carry an error of up to 8 s (1961);
* after the last entry the last value holds. If a leap second is announced, times after it are
  1 s off until the table is renewed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

NS_PER_S = 1_000_000_000
"""Nanoseconds in a second."""

TAI_MINUS_UTC_BEFORE_1972_S = 9
"""TAI-UTC before the table begins, in seconds (SPICE subroutine TTRANS)."""


@dataclass(frozen=True, eq=False)
class LeapSeconds:
    """The steps of TAI-UTC, oldest first, each as tuples and as arrays of the same numbers.

    Attributes:
        utc_ns: n values. UTC at which each step takes effect, ns since 1970-01-01.
        tai_ns: n values. The same instants in TAI, ns since 1970-01-01 TAI.
        offset_ns: n + 1 values. TAI-UTC in ns: the first before all steps, then after each; so
            the number of steps at or before a time is its index here.
        utc_ns_array: Shape (n,), int64.
        tai_ns_array: Shape (n,), int64.
        offset_ns_array: Shape (n + 1,), int64.
    """

    utc_ns: tuple[int, ...]
    tai_ns: tuple[int, ...]
    offset_ns: tuple[int, ...]
    utc_ns_array: NDArray[np.int64]
    tai_ns_array: NDArray[np.int64]
    offset_ns_array: NDArray[np.int64]


@cache
def leap_seconds() -> LeapSeconds:
    """Read the packaged table, once.

    Returns:
        The steps from 1972-01-01 on (NAIF naif0012.tls).
    """
    table = files("solbook.clock") / "data" / "leap_seconds.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    dates = [datetime.fromisoformat(row["utc_date"]).replace(tzinfo=UTC) for row in rows]
    offsets_s = [TAI_MINUS_UTC_BEFORE_1972_S, *(int(row["tai_minus_utc_s"]) for row in rows)]
    utc_ns = np.array([int(date.timestamp()) for date in dates], dtype=np.int64) * NS_PER_S
    offset_ns = np.array(offsets_s, dtype=np.int64) * NS_PER_S
    tai_ns = utc_ns + offset_ns[1:]
    return LeapSeconds(
        utc_ns=tuple(utc_ns.tolist()),
        tai_ns=tuple(tai_ns.tolist()),
        offset_ns=tuple(offset_ns.tolist()),
        utc_ns_array=utc_ns,
        tai_ns_array=tai_ns,
        offset_ns_array=offset_ns,
    )
