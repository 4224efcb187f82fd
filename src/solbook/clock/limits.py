"""The times `utc_ns` can hold, and no time."""

from __future__ import annotations

import numpy as np

from solbook.clock.leap_seconds import NS_PER_S
from solbook.errors import SolbookError

NAT_NS = int(np.iinfo(np.int64).min)
"""No time: numpy's NaT as a number."""

# utc_ns is an int64, and so is what lies between a time and the epoch of a clock, which may be
# fifty years after 1970: so the first years that int64 could hold are left out.
LEAST_UTC_NS = -7_573_651_200 * NS_PER_S
"""1730-01-01T00:00:00Z."""
GREATEST_UTC_NS = 9_214_646_400 * NS_PER_S
"""2262-01-01T00:00:00Z."""


def out_of_range(found: str) -> SolbookError:
    """The error for a time beyond those."""
    return SolbookError(
        "The time is out of range.",
        code="out_of_range",
        found=found[:80],
        expected="a time of the years 1730 to 2261",
        help="utc_ns is a 64-bit count of nanoseconds.",
    )
