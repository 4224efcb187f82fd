"""What lists of liked images are called."""

from __future__ import annotations

from datetime import date, timedelta

from solbook.archive.like_periods import monday_of
from solbook.missions import mission
from solbook.site import words
from solbook.site.pages.liked_lists import LikedList


def heading(shown: LikedList) -> str:
    """`Most liked in week 48 of 2026`, `Most liked of Perseverance, sol 257`."""
    name = mission(shown.mission).name if shown.mission else ""
    if shown.period.span == "sol":
        return f"Most liked of {name}, {words.sol_name(int(shown.period.name))}"
    if shown.period.span == "week":
        when = f"in week {_week_and_year(shown.period.name)}"
    elif shown.period.span == "year":
        when = f"in {shown.period.name}"
    else:
        when = "of all time"
    return f"Most liked {when}{f', {name}' if name else ''}"


def week_heading(week: str) -> str:
    """`Week 48 of 2026`."""
    return f"Week {_week_and_year(week)}"


def week_days(week: str) -> str:
    """`23 to 29 Nov 2026`; months and years are said once where both days are of the same."""
    monday = monday_of(week)
    return day_range(monday, monday + timedelta(days=6)) if monday else ""


def day_range(first: date, last: date) -> str:
    """Two days as people say them."""
    if first.year != last.year:
        return f"{words.day(first)} to {words.day(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%b} to {words.day(last)}"
    return f"{first.day} to {words.day(last)}"


def _week_and_year(week: str) -> str:
    year, _, number = week.partition("-W")
    return f"{int(number)} of {year}"
