"""The time on Mars: a converter, and a clock for each mission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from solbook.archive.catalogue import now_ns
from solbook.clock import MISSION_CLOCKS, SIMULATED_CLOCKS, mission_clock
from solbook.clock.typed import EXAMPLES, MOST_LETTERS, read_typed
from solbook.errors import SolbookError
from solbook.missions import MISSIONS
from solbook.site import mars_time, words
from solbook.site.built import script_address
from solbook.site.mars_time import MissionTime
from solbook.site.pages import links
from solbook.site.pages.facts import Fact
from solbook.site.pages.holdings import holdings
from solbook.site.pages.shell import Head, Link, render
from solbook.site.pages.time_facts import (
    Clock,
    Row,
    SolView,
    conjunction_words,
    mars_facts,
    mission_clock_face,
    mission_row,
    mtc_face,
    sol_view,
    sun_and_earth_facts,
    utc_face,
)
from solbook.site.state import archive

router = APIRouter()

# The foot of the page counts what the archive holds, so even a fixed time is not kept for long.
_KEPT = "public, max-age=300"
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Choice:
    """A mission to choose."""

    id: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it was filled in.

    Attributes:
        when: What was typed; empty for now.
        choices: The missions.
        now_href: The page of now; empty where it is that.
        examples: What can be typed, and where that leads.
    """

    when: str
    choices: list[Choice]
    now_href: str
    examples: list[Link]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says of an instant.

    Attributes:
        utc: UTC.
        mtc: Coordinated Mars Time.
        exact: UTC to the millisecond.
        made_at: When the page was made, if that is the time shown and its clocks run on.
        renew_href: The page made anew.
        conjunction: That it is a solar conjunction; empty where it is none.
        mars: Year, season and count of sols.
        sun_and_earth: Distances and light times.
        unknown: Why values are missing.
        sol: The sol of the mission chosen.
        not_landed: That the mission chosen had not landed; empty where it had.
        rows: Every mission; a simulated one only if it is chosen.
    """

    utc: Clock
    mtc: Clock
    exact: str
    made_at: str
    renew_href: str
    conjunction: str
    mars: list[Fact]
    sun_and_earth: list[Fact]
    unknown: tuple[str, ...]
    sol: SolView | None
    not_landed: str
    rows: list[Row]


@router.get("/time")
def time_on_mars(
    request: Request,
    when: Annotated[str, Query(max_length=MOST_LETTERS)] = "",
    mission: Annotated[str, Query(max_length=MOST_LETTERS)] = "",
) -> HTMLResponse:
    """An instant on Mars: now, or the one a reader typed."""
    with archive(request).reading() as connection:
        try:
            chosen = mission_clock(mission).mission if mission.strip() else ""
            typed = read_typed(when.strip() or "now", chosen)
        except SolbookError as error:
            return _unread(request, connection, when, mission, error)
        at_ns = typed.utc_ns
        chosen = chosen or typed.mission
        text = "" if typed.is_now else when
        shown = mars_time.mission_time(chosen, at_ns) if chosen else None
        matter = {
            "form": _form(text, chosen),
            "error": None,
            "answer": _answer(request, connection, at_ns, text, shown),
            "script": "" if text else script_address("clocks"),
        }
        head = _head(at_ns, text, chosen, shown)
        response = render(request, connection, "time.html", head, matter)
        if text:
            response.headers["Cache-Control"] = _KEPT
        return response


def _form(when: str, mission: str) -> Form:
    names = mars_time.mission_names()
    if mission in SIMULATED_CLOCKS:
        names[mission] = SIMULATED_CLOCKS[mission].name
    return Form(
        when=when,
        choices=[Choice(id_, name, chosen=id_ == mission) for id_, name in names.items()],
        now_href=links.time_path(mission=mission) if when else "",
        examples=[
            Link(text, links.time_path(text, None if "of " in text else mission or "m2020"))
            for text in EXAMPLES
        ],
    )


def _answer(
    request: Request,
    connection: sa.Connection,
    at_ns: int,
    text: str,
    shown: MissionTime | None,
) -> Answer:
    planet = mars_time.planet(at_ns)
    ticks = not text
    times = [mars_time.mission_time(name, at_ns) for name in MISSION_CLOCKS]
    if shown is not None and shown.clock.simulated:
        times.append(shown)
    view = None
    if shown is not None and shown.begun:
        held = _frames(request, connection, shown)
        view = sol_view(shown, at_ns, held, now=ticks)
    return Answer(
        utc=utc_face(at_ns),
        mtc=mtc_face(planet, at_ns),
        exact=words.utc_exact(at_ns),
        made_at=f"{words.utc_clock(at_ns)[:5]} UTC" if ticks else "",
        renew_href=links.time_path(mission=shown.mission if shown else None),
        conjunction=conjunction_words(planet),
        mars=mars_facts(planet),
        sun_and_earth=sun_and_earth_facts(planet),
        unknown=planet.unknown,
        sol=view,
        not_landed=f"{shown.name} had not landed yet." if shown and not shown.begun else "",
        rows=[
            mission_row(
                at,
                mission_clock_face(at),
                links.time_path(text, at.mission),
                here=shown is not None and at.mission == shown.mission,
            )
            for at in times
        ],
    )


def _frames(request: Request, connection: sa.Connection, shown: MissionTime) -> int | None:
    """Frames the archive has of the sol shown; `None` where it keeps nothing of the mission."""
    if shown.mission not in MISSIONS:
        return None
    kept = holdings(request, connection)
    if shown.mission not in kept.counts:
        return None
    return dict(kept.sols(connection, shown.mission)).get(shown.sol, 0)


def _head(at_ns: int, text: str, mission: str, shown: MissionTime | None) -> Head:
    facts = MISSIONS.get(mission)
    title = "Time on Mars"
    if shown is not None and shown.begun:
        local = words.local_minute(shown.lmst_s)
        title += f": {shown.name}, sol {shown.sol} {local}" if text else f": {shown.name}"
    elif text:
        title += f": {words.utc_minute(at_ns)}"
    return Head(
        title=title,
        description="What time it is on Mars: UTC to the sol and local time of every mission and"
        " back, the season, where Sun and Earth stand, the light time.",
        path=links.time_path(text, mission),
        twin=f"/api{links.time_path(text, mission)}",
        crumbs=(Link("Latest", "/"), Link("Time")),
        mission=facts,
        sol=shown.sol if shown is not None and _is_on_thread(shown, at_ns) else None,
        place="the time shown",
    )


def _is_on_thread(shown: MissionTime, at_ns: int) -> bool:
    """Whether the mission's line reaches to this time: from landing to its end, or to now."""
    facts = MISSIONS.get(shown.mission)
    if facts is None or facts.simulated or not shown.begun:
        return False
    return at_ns <= now_ns() and (facts.end_date is None or words.utc_date(at_ns) <= facts.end_date)


def _unread(
    request: Request, connection: sa.Connection, when: str, mission: str, error: SolbookError
) -> HTMLResponse:
    """The form with what was typed, and what is wrong with it."""
    head = Head(
        title=error.message.rstrip("."),
        description=error.message,
        path="/time",
        crumbs=(Link("Latest", "/"), Link("Time", "/time"), Link("Cannot be read")),
    )
    chosen = mission if mission in MISSION_CLOCKS or mission in SIMULATED_CLOCKS else ""
    matter = {"form": _form(when, chosen), "error": error, "answer": None, "script": ""}
    return render(request, connection, "time.html", head, matter, status=_BAD_REQUEST)
