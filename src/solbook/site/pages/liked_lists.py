"""Which list of liked images an address names; pages, answers and feeds ask alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import Query

from solbook.archive import likes
from solbook.archive.like_periods import (
    WEEK_PATTERN,
    Period,
    Span,
    monday_of,
    week_of,
    year_of,
)
from solbook.errors import SolbookError
from solbook.missions import MISSIONS, mission
from solbook.site.pages import links

SPANS: tuple[Span, ...] = ("week", "sol", "year", "all")


@dataclass(frozen=True, slots=True)
class AskedList:
    """What an address says of a list; what it leaves out is decided by what there is.

    Attributes:
        span: What likes are counted of.
        week: The week they were given in; this one if left out.
        year: The year they were given in; this one if left out.
        sol: The sol of the images; the newest of which any is liked if left out.
        mission: Only of this mission's images.
    """

    span: Span
    week: str | None
    year: int | None
    sol: int | None
    mission: str | None

    def path(self, page: str = "/most-liked") -> str:
        """Its address, on a page or in another form; it says no more than was asked."""
        given = {"week": self.week, "year": self.year, "sol": self.sol, "mission": self.mission}
        span = None if self.span == SPANS[0] else self.span
        return links.with_query(page, span=span, **given)


async def asked_list(
    span: Annotated[
        Span, Query(description="Likes given in a week or a year, of a sol's images, or all.")
    ] = "week",
    week: Annotated[
        str | None, Query(pattern=WEEK_PATTERN, description="ISO week, UTC: 2026-W48.")
    ] = None,
    year: Annotated[int | None, Query(ge=1970, le=9999, description="Year, UTC.")] = None,
    sol: Annotated[int | None, Query(ge=-10_000, le=100_000, description="Sol.")] = None,
    mission: Annotated[
        str | None, Query(max_length=40, description="Only of this mission; a sol needs one.")
    ] = None,
) -> AskedList:
    """The list that the query of an address names."""
    return AskedList(span, week, year, sol, mission or None)


@dataclass(frozen=True, slots=True)
class LikedList:
    """A list of liked images.

    Attributes:
        period: What likes are counted of.
        mission: Only of this mission's images; `None` for all.
        starts: Its first day; `None` where it has none.
        ends: Its last day.
        is_over: Whether no like can be added to it any more.
    """

    period: Period
    mission: str | None
    starts: date | None
    ends: date | None
    is_over: bool

    def path(self, page: str = "/most-liked", **more: int) -> str:
        """Its address, on a page or in another form; it names the same list for ever."""
        span, name = self.period
        named = {} if span == "all" else {span: name}
        return links.with_query(page, span=span, **named, mission=self.mission, **more)


def liked_list(connection: sa.Connection, asked: AskedList, at_ns: int) -> LikedList:
    """The list that is asked for.

    Args:
        connection: A connection of the state.
        asked: What the address says.
        at_ns: The time now.

    Raises:
        SolbookError: There is no such week or mission.
    """
    of = mission(asked.mission).id if asked.mission else None
    if asked.span == "week":
        return _of_week(asked.week or week_of(at_ns), of, at_ns)
    if asked.span == "year":
        name = f"{asked.year:04}" if asked.year else year_of(at_ns)
        starts, ends = date(int(name), 1, 1), date(int(name), 12, 31)
        return LikedList(Period("year", name), of, starts, ends, name < year_of(at_ns))
    if asked.span == "sol":
        of = of or next(iter([*likes.liked_missions(connection), *MISSIONS]))
        sol = asked.sol
        if sol is None:
            sol = next(iter(likes.liked_sols(connection, of)), 0)
        return LikedList(Period("sol", str(sol)), of, None, None, is_over=False)
    return LikedList(Period("all", ""), of, None, None, is_over=False)


def _of_week(week: str, of: str | None, at_ns: int) -> LikedList:
    monday = monday_of(week)
    if monday is None:
        raise SolbookError(
            "There is no such week.",
            code="not_found",
            found=week,
            expected="a week of ISO 8601, such as 2026-W48; few years have a week 53",
            help="See /most-liked/weeks.",
        )
    return LikedList(
        Period("week", week), of, monday, monday + timedelta(days=6), week < week_of(at_ns)
    )
