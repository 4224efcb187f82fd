"""Which method holds for which years: tables, the closed form, none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.clock.engine import in_numpy, leap_table
from solbook.clock.limits import NAT_NS
from solbook.clock.pieces import ends
from solbook.clock.text import parse_utc
from solbook.clock.times import shown
from solbook.errors import SolbookError

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]
Numbers = float | Floats

TABLES_FROM_NS = parse_utc("1960-01-01T00:00:00Z")
TABLES_UNTIL_NS = parse_utc("2053-01-01T00:00:00Z")
CLOSED_FORM_FROM_NS = parse_utc("1874-01-01T00:00:00Z")
CLOSED_FORM_UNTIL_NS = parse_utc("2128-01-01T00:00:00Z")


def by_span(
    utc_ns: int | Int64s,
    tables: Callable[[Any], Any],
    closed_form: Callable[[Floats], Floats] | None = None,
) -> Any:
    """A quantity by the tables in their years, and by a closed form around them.

    Args:
        utc_ns: A number or any shape; UTC, ns since 1970-01-01 (POSIX).
        tables: The quantity by the tables: a number of a number, an array of an array.
        closed_form: The quantity of TT, days past J2000; `None` where there is no other way.

    Raises:
        SolbookError: `out_of_range` for a time neither holds for.
    """
    if are_in_tables(utc_ns):
        return tables(utc_ns)
    inside = _is_in_tables(utc_ns)
    _require_known(np.atleast_1d(utc_ns)[np.atleast_1d(~np.asarray(inside))], closed_form)
    assert closed_form is not None  # noqa: S101  (else those times are not known)
    # Both for all times, whatever the other arguments' shapes; each keeps its own.
    outside = closed_form(tt_days(np.where(inside, 0, utc_ns)))
    if isinstance(utc_ns, int):
        return float(outside) if np.ndim(outside) == 0 else outside
    return np.where(inside, tables(np.where(inside, utc_ns, 0)), outside)


def are_in_tables(utc_ns: int | Int64s) -> bool:
    """Whether the tables have all of some times; they have none of NaT, which is nowhere else."""
    if isinstance(utc_ns, int):
        return bool(_is_in_tables(utc_ns))
    # The two ends of them are found in a quarter of the time of comparing all.
    if utc_ns.size:
        least, greatest = ends(utc_ns)
        if least >= TABLES_FROM_NS and greatest < TABLES_UNTIL_NS:
            return True
    return bool(_is_in_tables(utc_ns).all())


def _is_in_tables(utc_ns: Any) -> Any:
    # NaT counts as there: the engine gives NaN for it.
    return ((utc_ns >= TABLES_FROM_NS) & (utc_ns < TABLES_UNTIL_NS)) | (utc_ns == NAT_NS)


def _require_known(utc_ns: Int64s, closed_form: Callable[[Floats], Floats] | None) -> None:
    """Make sure that the closed form holds for times the tables do not have."""
    first, until = CLOSED_FORM_FROM_NS, CLOSED_FORM_UNTIL_NS
    if closed_form is None:
        first, until = TABLES_FROM_NS, TABLES_UNTIL_NS
    beyond = (utc_ns < first) | (utc_ns >= until)
    if beyond.any():
        raise SolbookError(
            "The time is out of the years for which this is known.",
            code="out_of_range",
            found=shown(utc_ns[beyond][0]),
            expected=f"a time from {shown(first)} until {shown(until)}",
            help="docs/time.md says what holds for which years.",
        )


def tt_days(utc_ns: Int64s) -> Floats:
    """TT, days past J2000."""
    days: Floats = in_numpy()["tt_days"](utc_ns, leap_table())
    return days
