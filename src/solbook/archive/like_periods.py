"""The stretches of time and of Mars over which likes are counted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

Span = Literal["week", "sol", "year", "all"]

DAY = "day"
"""The span of the open data; no list is of a day."""

WEEK_PATTERN = r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"
"""A week of ISO 8601: `2026-W48`."""

_WEEK = re.compile(WEEK_PATTERN)
# Beyond them a week may have no week beside it.
_YEARS = range(1970, 9999)
_NS_PER_S = 1_000_000_000


class Period(NamedTuple):
    """What likes are counted of.

    Weeks and years are those in which the likes were given, UTC; a sol is that of the images, and
    of it all likes count that were ever given.

    Attributes:
        span: What kind of period it is.
        name: `2026-W48`, `257`, `2026`, or empty for all time.
    """

    span: Span
    name: str


ALL_TIME = Period("all", "")


def day_of(at_ns: int) -> date:
    """The UTC date of a time."""
    return datetime.fromtimestamp(at_ns // _NS_PER_S, tz=UTC).date()


def week_name(day: date) -> str:
    """The ISO week of a date, `2026-W48`; names sort in the order of time."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def totals_of(day: date) -> tuple[tuple[str, str], ...]:
    """The span and the name of each total that a like given on a day counts for."""
    return (DAY, day.isoformat()), ("week", week_name(day)), ("year", f"{day.year:04}")


def week_of(at_ns: int) -> str:
    """The ISO week of a time, UTC."""
    return week_name(day_of(at_ns))


def year_of(at_ns: int) -> str:
    """The UTC year of a time."""
    return f"{day_of(at_ns).year:04}"


def monday_of(week: str) -> date | None:
    """The first day of a week; `None` if there is no such week."""
    if not _WEEK.match(week):
        return None
    try:
        year = int(week[:4])
        return date.fromisocalendar(year, int(week[6:]), 1) if year in _YEARS else None
    except ValueError:
        return None


def weeks_beside(week: str) -> tuple[str, str]:
    """The weeks before and after one that exists."""
    monday = monday_of(week)
    if monday is None:
        raise ValueError(week)
    seven = timedelta(days=7)
    return week_name(monday - seven), week_name(monday + seven)
