"""The most liked images: of a week, a sol, a year, a mission, of all time; the images of weeks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from solbook.archive import likes
from solbook.archive.catalogue import now_ns
from solbook.archive.like_periods import (
    WEEK_PATTERN,
    Period,
    Span,
    monday_of,
    week_of,
    weeks_beside,
)
from solbook.archive.likes import Leader, WeekImage
from solbook.missions import MISSIONS, mission
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cards import Card
from solbook.site.pages.liked import cards_of
from solbook.site.pages.liked_lists import SPANS, AskedList, LikedList, asked_list, liked_list
from solbook.site.pages.liked_words import day_range, heading, week_days, week_heading
from solbook.site.pages.shell import Head, Link, render
from solbook.site.state import archive

router = APIRouter()

_SHOWN = 48
_WEEKS = 52
_SPAN_WORDS: dict[Span, str] = {
    "week": "Week",
    "sol": "Sol",
    "year": "Year",
    "all": "All time",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Another list, as a link; `here` if it is the one shown."""

    label: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class ImageOfWeek:
    """The image of a week: when it was, its card, its likes then, whose it is."""

    heading: str
    days: str
    href: str
    card: Card


@router.get("/most-liked")
def most_liked(request: Request, asked: Annotated[AskedList, Depends(asked_list)]) -> HTMLResponse:
    """The most liked images of a period, of all missions or of one."""
    keeper = archive(request)
    at_ns = now_ns()
    with keeper.reading() as connection, keeper.state.reading() as state:
        shown = liked_list(state, asked, at_ns)
        found = likes.leaders(state, shown.period, shown.mission, _SHOWN)
        winner = _winner(state, shown, at_ns)
        if winner is not None:
            # It stays first, whoever takes a like back later.
            found = [winner, *(leader for leader in found if leader.item != winner.item)]
        cards = cards_of(request, connection, found)
        matter = {
            "heading": heading(shown),
            "days": day_range(shown.starts, shown.ends) if shown.starts and shown.ends else "",
            "of_week": winner is not None and winner.item in cards,
            "cards": list(cards.values()),
            "empty": _empty(shown),
            "spans": _spans(shown),
            "missions": _missions(state, shown, asked),
            "steps": _steps(state, shown, at_ns),
            "sol_form": shown.mission if shown.period.span == "sol" else "",
            "data": _data(asked),
        }
        return render(request, connection, "most_liked.html", _head(shown, asked), matter)


@router.get("/most-liked/weeks")
def weeks(
    request: Request, before: Annotated[str | None, Query(pattern=WEEK_PATTERN)] = None
) -> HTMLResponse:
    """The images of the weeks that are over, newest first."""
    keeper = archive(request)
    with keeper.reading() as connection, keeper.state.reading() as state:
        found = likes.images_of_weeks(state, now_ns(), _WEEKS + 1, before)
        more = found[_WEEKS - 1].week if len(found) > _WEEKS else ""
        path = links.with_query("/most-liked/weeks", before=before)
        matter = {
            "weeks": _images_of_weeks(request, connection, found[:_WEEKS]),
            "more": links.with_query("/most-liked/weeks", before=more) if more else "",
        }
        head = Head(
            title="Images of the weeks",
            description="The most liked image of each week, as it stood when the week ended.",
            path=path,
            twin=links.with_query("/api/likes/weeks", before=before),
            crumbs=(Link("Latest", "/"), Link("Most liked", "/most-liked"), Link("Weeks")),
        )
        return render(request, connection, "liked_weeks.html", head, matter)


def image_of_the_week(request: Request, connection: sa.Connection) -> ImageOfWeek | None:
    """The image of the last week in which anything was liked; `None` before there is one."""
    with archive(request).state.reading() as state:
        found = likes.images_of_weeks(state, now_ns(), 1)
    return next(iter(_images_of_weeks(request, connection, found)), None)


def _images_of_weeks(
    request: Request, connection: sa.Connection, found: list[WeekImage]
) -> list[ImageOfWeek]:
    cards = cards_of(request, connection, [Leader(each.item, each.likes) for each in found])
    return [
        ImageOfWeek(
            heading=week_heading(each.week),
            days=week_days(each.week),
            href=links.with_query("/most-liked", span="week", week=each.week),
            # An image may be that of several weeks.
            card=replace(cards[each.item], likes=words.number(each.likes)),
        )
        for each in found
        if each.item in cards
    ]


def _winner(state: sa.Connection, shown: LikedList, at_ns: int) -> Leader | None:
    """What leads a week of all missions that is over."""
    if shown.period.span != "week" or shown.mission is not None:
        return None
    image = likes.image_of_week(state, shown.period.name, at_ns)
    return Leader(image.item, image.likes) if image else None


def _head(shown: LikedList, asked: AskedList) -> Head:
    return Head(
        title=heading(shown),
        description="The images that visitors liked most, by week, sol, year and mission.",
        path=asked.path(),
        twin=asked.path("/api/likes"),
        crumbs=(Link("Latest", "/"), Link("Most liked")),
        mission=mission(shown.mission) if shown.mission else None,
        sol=int(shown.period.name) if shown.period.span == "sol" else None,
    )


def _empty(shown: LikedList) -> str:
    """What a list without images says."""
    name = mission(shown.mission).name if shown.mission else ""
    of = f" of {name}" if name else ""
    if shown.period.span == "sol":
        return f"No image{of} of {words.sol_name(int(shown.period.name))} is liked yet."
    if shown.period.span == "all":
        return f"No image{of} is liked yet."
    when = "that" if shown.is_over else "this"
    return (
        f"No image{of} was liked in {when} {shown.period.span}{'.' if shown.is_over else ' yet.'}"
    )


def _spans(shown: LikedList) -> list[Choice]:
    here = shown.period.span
    return [
        Choice(
            _SPAN_WORDS[span],
            links.with_query("/most-liked", span=span, mission=shown.mission),
            span == here,
        )
        for span in SPANS
    ]


def _missions(state: sa.Connection, shown: LikedList, asked: AskedList) -> list[Choice]:
    """Missions to choose from: those of which images are liked, and the one that is chosen."""
    known = likes.liked_missions(state)
    offered = [name for name in MISSIONS if name in known or name == shown.mission]

    def choice(label: str, of: str | None) -> Choice:
        # Another mission's sol of the same number is another day.
        return Choice(label, replace(asked, mission=of, sol=None).path(), of == shown.mission)

    every = [] if shown.period.span == "sol" else [choice("All missions", None)]
    return [*every, *(choice(mission(name).name, name) for name in offered)]


def _steps(state: sa.Connection, shown: LikedList, at_ns: int) -> tuple[Link | None, Link | None]:
    """The periods before and after: every week, but sols and years only if there is something."""
    span, name = shown.period
    if span == "week":
        before, after = weeks_beside(name)
        earlier = before if monday_of(before) else None
        later = after if after <= week_of(at_ns) else None
        return _step(shown, earlier, week_heading(before)), _step(shown, later, week_heading(after))
    known: list[int] = []
    if span == "year":
        known = [int(year) for year in likes.liked_years(state)]
    elif span == "sol" and shown.mission:
        known = likes.liked_sols(state, shown.mission)
    if not known:
        return None, None
    here = int(name)
    before_here = max((other for other in known if other < here), default=None)
    after_here = min((other for other in known if other > here), default=None)
    return (
        _step(shown, before_here, _number_words(span, before_here)),
        _step(shown, after_here, _number_words(span, after_here)),
    )


def _number_words(span: Span, number: int | None) -> str:
    return words.sol_name(number or 0) if span == "sol" else str(number)


def _step(shown: LikedList, name: str | int | None, label: str) -> Link | None:
    """The same list of another period."""
    if name is None:
        return None
    other = replace(shown, period=Period(shown.period.span, str(name)))
    return Link(label, other.path())


def _data(asked: AskedList) -> list[Link]:
    """The same list for programs, and everything by day."""
    return [
        Link("Atom", asked.path("/feeds/most-liked.atom")),
        Link("JSON Feed", asked.path("/feeds/most-liked.json")),
        Link("JSON", asked.path("/api/likes")),
        Link("CSV of all likes by day", "/api/likes.csv"),
    ]
