"""Days with their year, and ranges of days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from solbook.records.mentions.mention import Mention
from solbook.records.mentions.reading import Reading

MOST_OF_A_RANGE = 10
"""Of a longer range only the first and the last member are linked."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_NAME = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?(?![0-9a-z])"
_TO = r"\s{0,2}(?:-|to|through|and|&)\s{0,2}"
_YEAR = r"[0-9]{4}(?![0-9])"
_AMERICAN = re.compile(
    rf"(?<![a-z0-9])({_NAME})\.?\s{{1,3}}({_DAY})(?:({_TO})(?:({_NAME})\.?\s{{1,3}})?({_DAY}))?"
    rf"(?:\s{{0,2}},)?\s{{1,3}}({_YEAR})"
)
_EUROPEAN = re.compile(
    rf"(?<![a-z0-9.,])({_DAY})(?:(?:\s{{1,3}}({_NAME})\.?)?({_TO})({_DAY}))?"
    rf"\s{{1,3}}(?:of\s)?({_NAME})(?:\.,?|,)?\s{{1,3}}({_YEAR})"
)
_ISO = re.compile(r"(?<![0-9a-z_-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9-]|[a-su-z_])")
# Space flight, and as far ahead as anybody plans.
_YEARS = range(1957, 2100)


def find_dates(reading: Reading) -> Iterator[Mention]:
    """Every day that is written with its year; of a range, each."""
    folded = reading.folded
    for found in _AMERICAN.finditer(folded):
        month, first, to, other, last, year = found.groups()
        days = (_day(year, month, first), _day(year, other or month, last))
        yield from _members(reading, found, days, to)
    for found in _EUROPEAN.finditer(folded):
        first, other, to, last, month, year = found.groups()
        if last is None:
            first_day, last_day = _day(year, month, first), None
        else:
            first_day, last_day = _day(year, other or month, first), _day(year, month, last)
        yield from _members(reading, found, (first_day, last_day), to)
    for found in _ISO.finditer(folded):
        yield from _members(reading, found, (_date(*map(int, found.groups())), None), None)


def _members(
    reading: Reading, found: re.Match[str], days: tuple[date | None, date | None], to: str | None
) -> Iterator[Mention]:
    first, last = days
    if first is None or (to is not None and (last is None or last <= first)):
        return
    between = reading.folded[max(found.start() - 8, 0) : found.start()] == "between "
    if last is None:
        every = [first]
    elif to is not None and to.strip() in {"and", "&"} and not between:
        every = [first, last]
    else:
        count = (last - first).days + 1
        every = [first + timedelta(days=n) for n in range(count if count <= MOST_OF_A_RANGE else 1)]
        every = every if every[-1] == last else [first, last]
    for day in every:
        yield reading.mention("date", day.isoformat(), found.start(), found.end())


def _day(year: str, month: str, day: str | None) -> date | None:
    if day is None:
        return None
    return _date(int(year), _MONTHS[month], int(day.rstrip("sthnrd")))


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
