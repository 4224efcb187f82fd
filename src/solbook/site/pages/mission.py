"""The missions, and the page of each: facts, cameras, every sol, the newest frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from solbook.archive import overview
from solbook.archive.catalogue import now_ns
from solbook.archive.frames import FrameRow
from solbook.errors import SolbookError
from solbook.missions import MISSIONS, Mission, mission, real_missions
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.calendar import Calendar, calendar
from solbook.site.pages.cameras import camera_groups
from solbook.site.pages.cards import CardMaker, say_anywhere
from solbook.site.pages.facts import Fact
from solbook.site.pages.holdings import Holdings, holdings
from solbook.site.pages.newest import frames_of_last_sols
from solbook.site.pages.published import published_of
from solbook.site.pages.shell import Head, Link, mission_crumbs, render
from solbook.site.state import archive
from solbook.site.thread import ThreadView, current_sol, view

router = APIRouter()

_NEWEST_READ = 24
_NEWEST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class MissionRow:
    """A mission in a list.

    Attributes:
        name: Its name.
        href: Its page.
        about: Kind, place and date of landing, in a line.
        state: Whether it still runs, in words.
        frames: Frames held.
        held: What is held, in words.
        thread: Its thread.
        simulated: Whether it never was on Mars.
    """

    name: str
    href: str
    about: str
    state: str
    frames: int
    held: str
    thread: ThreadView
    simulated: bool


@router.get("/missions")
def missions(request: Request) -> HTMLResponse:
    """The missions Solbook knows, those with frames first."""
    with archive(request).reading() as connection:
        kept = holdings(request, connection)
        rows = mission_rows(connection, kept)
        head = Head(
            title="Missions",
            description="The Mars surface missions of this archive: "
            + words.listed([facts.name for facts in real_missions()])
            + ".",
            path="/missions",
            twin=links.json_twin("/missions"),
            crumbs=(Link("Latest", "/"), Link("Missions")),
        )
        return render(request, connection, "missions.html", head, {"missions": rows})


@router.get("/missions/{mission_id}")
def one_mission(
    request: Request,
    mission_id: str,
    at: Annotated[int | None, Query(ge=-10_000, le=100_000)] = None,
) -> HTMLResponse:
    """A mission; `at` opens its calendar at a sol."""
    facts = mission(mission_id)
    with archive(request).reading() as connection:
        kept = holdings(request, connection)
        sols = kept.sols(connection, facts.id)
        count = kept.counts.get(facts.id)
        frames = frames_of_last_sols(connection, kept, facts.id, _NEWEST_READ)
        maker = CardMaker(request, connection, frames)
        path = links.mission_path(facts.id)
        here = at if at is not None else (sols[-1][0] if sols else None)
        matter = {
            "mission": facts,
            "path": path,
            "about": f"{facts.full_name}, {facts.agency} {facts.kind}",
            "state": state_of(facts),
            "facts": _facts(facts, sols, count),
            "source": facts.source,
            "is_verified": facts.is_verified,
            "groups": camera_groups(facts.id, kept.instruments(connection, facts.id)),
            "calendar": _calendar(facts, sols, here, asked=at is not None),
            "newest": maker.cards(_with_picture(frames, maker), say_anywhere),
            "frames": count.frames if count else 0,
            "published": published_of(request, connection, [("mission", facts.id)]),
            "at": here,
        }
        held = words.counted(count.frames, "frame") if count else "No frames"
        head = Head(
            title=facts.name,
            description=f"{facts.name}, {facts.landing_site}: {held} by sol and camera.",
            path=path,
            twin=links.json_twin(path),
            crumbs=mission_crumbs(facts),
            mission=facts,
            sol=here,
        )
        return render(request, connection, "mission.html", head, matter)


@router.get("/missions/{mission_id}/sols")
def go_to_sol(mission_id: str, sol: Annotated[str, Query()] = "") -> RedirectResponse:
    """To the page of the sol a reader typed; without one, to the mission's calendar."""
    facts = mission(mission_id)
    typed = sol.strip().lower().removeprefix("sol").strip()
    if not typed:
        return RedirectResponse(f"{links.mission_path(facts.id)}#sols", 303)
    try:
        number = int(typed)
    except ValueError:
        raise SolbookError(
            "That is not a sol.",
            code="bad_request",
            found=sol[:80],
            expected="a whole number, for example 257",
            help="Type the number of a sol.",
        ) from None
    if not -10_000 <= number <= 100_000:
        raise SolbookError(
            "No mission has such a sol.",
            code="not_found",
            found=f"sol {number}",
            expected=f"a sol from {facts.clock.first_sol}",
            help="Type the number of a sol of the mission.",
        )
    return RedirectResponse(links.sol_path(facts.id, number), 303)


def mission_rows(connection: sa.Connection, kept: Holdings) -> list[MissionRow]:
    """Every mission with its thread, those with most frames first.

    Simulated ones are listed where frames of them are held, after the others with frames.
    """

    def place(facts: Mission) -> tuple[bool, bool, int]:
        held = kept.counts.get(facts.id)
        return held is None, facts.simulated, -held.frames if held else 0

    listed = [m for m in MISSIONS.values() if not m.simulated or m.id in kept.counts]
    return [_row(connection, kept, facts) for facts in sorted(listed, key=place)]


def _with_picture(frames: list[FrameRow], maker: CardMaker) -> list[FrameRow]:
    """The first frames that have a picture; the first of all where none has."""
    pictured = [frame for frame in frames if maker.has_picture(frame)]
    return (pictured or frames)[:_NEWEST_SHOWN]


def state_of(facts: Mission) -> str:
    """Whether a mission still runs, in words."""
    if facts.simulated:
        return "simulated"
    if facts.end_date is None:
        return "active"
    return f"ended {words.day(facts.end_date)}"


def _row(connection: sa.Connection, kept: Holdings, facts: Mission) -> MissionRow:
    count = kept.counts.get(facts.id)
    held = "No frames of it are here yet."
    if count is not None:
        held = (
            f"{words.counted(count.frames, 'frame')} of {words.counted(count.sols, 'sol')},"
            f" {_span(count.first_sol, count.last_sol)}"
        )
    return MissionRow(
        name=facts.name,
        href=links.mission_path(facts.id),
        about=f"{facts.landing_site}, {words.day(facts.landing_date)}",
        state=state_of(facts),
        frames=count.frames if count else 0,
        held=held,
        thread=view(kept.thread(connection, facts), None, named=False),
        simulated=facts.simulated,
    )


def _span(first: int, last: int) -> str:
    return f"sol {first}" if first == last else f"sols {first} to {last}"


def _facts(
    facts: Mission, sols: list[tuple[int, int]], count: overview.MissionCount | None
) -> list[Fact]:
    landing_ns = facts.landing_utc_ns
    landed = (
        words.utc_minute(landing_ns) if landing_ns is not None else words.day(facts.landing_date)
    )
    exact = words.utc_exact(landing_ns) if landing_ns is not None else ""
    found = [
        Fact("Mission", facts.full_name),
        Fact("Kind", f"{facts.agency} {facts.kind}"),
    ]
    if facts.parts:
        found.append(Fact("With", words.listed(list(facts.parts))))
    if facts.launch_date is not None:
        found.append(Fact("Launched", words.day(facts.launch_date)))
    found += [
        Fact("Landed", landed, exact=exact),
        Fact(
            "Place",
            facts.landing_site,
            note="nothing ever landed there" if facts.simulated else "",
        ),
        Fact("Where", f"{words.latitude(facts.lat_deg)}, {words.longitude(facts.lon_e_deg)}"),
        Fact("State", state_of(facts)),
    ]
    if facts.is_active:
        found.append(Fact("Sol now", str(current_sol(facts, now_ns()))))
    if count is not None:
        found += [
            Fact("Frames here", words.number(count.frames)),
            Fact(
                "Sols here", f"{words.number(count.sols)}, {_span(count.first_sol, count.last_sol)}"
            ),
        ]
        busiest = max(sols, key=lambda pair: pair[1])
        found.append(
            Fact(
                "Busiest",
                f"sol {busiest[0]}, {words.counted(busiest[1], 'frame')}",
                href=links.sol_path(facts.id, busiest[0]),
            )
        )
    return found


def _calendar(
    facts: Mission, sols: list[tuple[int, int]], at: int | None, *, asked: bool
) -> Calendar | None:
    if not sols or at is None:
        return None
    return calendar(facts.id, sols, at, marked=at if asked else None)
