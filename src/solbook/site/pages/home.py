"""The home page: what came down last, what time it is on Mars, which missions are here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from solbook.archive import overview
from solbook.archive.catalogue import now_ns
from solbook.archive.frames import FrameRow, latest_frames
from solbook.archive.releases import ReleaseFilter, ReleaseRow, releases
from solbook.clock import LMST_S_PER_SOL
from solbook.missions import MISSIONS, Mission, real_missions
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name, group_totals
from solbook.site.pages.cards import (
    Card,
    CardMaker,
    say_anywhere,
)
from solbook.site.pages.days import Day, day
from solbook.site.pages.holdings import Holdings, holdings
from solbook.site.pages.mission import MissionRow, mission_rows
from solbook.site.pages.most_liked import image_of_the_week
from solbook.site.pages.newest import frames_of_last_sols
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.pages.releases import IMAGES, told
from solbook.site.pages.shell import Head, render
from solbook.site.release_words import release_credit, release_date
from solbook.site.state import archive
from solbook.site.titles import credit_line, is_simulated, mission_and_sol

router = APIRouter()

_SHOWN_A_DAY = 12
_RELEASES_SHOWN = 8
_STORIES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Hero:
    """The newest picture, large.

    Attributes:
        card: The frame.
        title: Mission, sol and camera.
        received: How long ago it came down; empty where the source does not say, or it did not.
        local: Sol and local time.
        date: Its date on Earth; empty where the source gives no time.
        credit: Whom to credit.
        newest: Whether it is the newest, and not only the newest with a picture.
        is_frame: Whether it is a frame; a release stands in where there are none.
    """

    card: Card
    title: str
    received: str
    sol: str
    local: str
    date: str
    credit: str
    newest: bool
    is_frame: bool = True


@dataclass(frozen=True, slots=True)
class SolNow:
    """The sol and the local time of a mission that still runs, now.

    Attributes:
        place: Where, for example `Jezero`.
        time: Local time, hours and minutes.
        scale: `LMST` or `HLST`.
        sol: The sol.
        mission: The mission's name.
        href: Its page.
    """

    place: str
    time: str
    scale: str
    sol: int
    mission: str
    href: str


@router.get("/")
def home(request: Request) -> HTMLResponse:
    """What came down last."""
    keeper = archive(request)
    with keeper.reading() as connection:
        kept = holdings(request, connection)
        limit = keeper.settings.latest_frames
        frames = latest_frames(connection, limit)
        if not frames and kept.newest_mission:
            # No source here says when its frames came down: the newest sols stand in.
            frames = frames_of_last_sols(connection, kept, kept.newest_mission, limit)
        maker = CardMaker(request, connection, frames)
        published = releases(connection, ReleaseFilter(IMAGES), limit=_RELEASES_SHOWN)
        stories = releases(connection, ReleaseFilter(("article",)), limit=_STORIES_SHOWN)
        captioned = ReleaseCards(request, connection, [*published, *stories])
        matter = {
            "hero": _hero(frames, maker) or _release_hero(published, captioned),
            "releases": captioned.cards(published),
            "stories": told(stories, captioned),
            "days": _days(connection, frames, maker),
            "clocks": sols_now(),
            "of_week": image_of_the_week(request, connection),
            "missions": _held_first(mission_rows(connection, kept)),
        }
        head = Head(
            title="Solbook: a rehearsal"
            if kept.only_simulated
            else "Solbook: the newest frames from Mars",
            description=_description(kept),
            path="/",
            twin=links.json_twin("/"),
            simulated=kept.only_simulated,
        )
        return render(request, connection, "home.html", head, matter)


def sols_now() -> list[SolNow]:
    """The time now where a mission still runs."""
    at_ns = now_ns()
    clocks = []
    for facts in real_missions():
        if facts.is_active:
            sol, lmst_s = facts.clock.from_utc(at_ns)
            clocks.append(
                SolNow(
                    words.place_of(facts.landing_site),
                    words.local_minute(lmst_s),
                    facts.clock.kind,
                    sol,
                    facts.name,
                    links.mission_path(facts.id),
                )
            )
    return clocks


def _description(kept: Holdings) -> str:
    about = "Solbook, the open archive of Mars surface missions."
    if kept.only_simulated:
        simulated = words.counted(kept.simulated_frames, "simulated frame")
        return f"{about} This one holds {simulated}, and none from Mars yet."
    if not kept.frames:
        return f"{about} Nothing is in this one yet."
    return (
        f"The newest of {words.counted(kept.frames, 'frame')} from"
        f" {words.listed([MISSIONS[held.mission].name for held in kept.real])} on Mars,"
        " by sol and local time, with credit and provenance."
    )


def _hero(frames: Sequence[FrameRow], maker: CardMaker) -> Hero | None:
    frame = next((f for f in frames if maker.has_picture(f)), frames[0] if frames else None)
    if frame is None:
        return None
    camera = camera_name(frame.mission, frame.instrument)
    clock = MISSIONS[frame.mission].clock
    received = ""
    if frame.received_ns is not None and not is_simulated(frame):
        received = words.ago(frame.received_ns, now_ns())
    local = f"{words.local_minute(frame.lmst_s)} {clock.kind}" if frame.lmst_s is not None else ""
    return Hero(
        card=maker.card(frame, say_anywhere),
        title=f"{mission_and_sol(frame)}: {camera.name}",
        received=received,
        sol=words.sol_name(frame.sol),
        local=local,
        date=words.utc_day(frame.utc_ns) if frame.utc_ns is not None else "",
        credit=credit_line(frame),
        newest=frame is frames[0],
    )


def _release_hero(published: Sequence[ReleaseRow], captioned: ReleaseCards) -> Hero | None:
    """The newest release, where the archive has no frames."""
    release = next((r for r in published if captioned.has_picture(r)), None)
    if release is None:
        return None
    return Hero(
        card=captioned.card(release),
        title=release.title,
        received="",
        sol="",
        local="",
        date=release_date(release),
        credit=release_credit(release),
        newest=release is published[0],
        is_frame=False,
    )


def _days(connection: sa.Connection, frames: Sequence[FrameRow], maker: CardMaker) -> list[Day]:
    grouped: dict[tuple[str, int], list[FrameRow]] = {}
    for frame in frames:
        grouped.setdefault((frame.mission, frame.sol), []).append(frame)
    return [
        _day(connection, MISSIONS[mission_id], sol, of_sol, maker)
        for (mission_id, sol), of_sol in grouped.items()
    ]


def _day(
    connection: sa.Connection,
    facts: Mission,
    sol: int,
    frames: Sequence[FrameRow],
    maker: CardMaker,
) -> Day:
    counts = overview.instrument_counts(connection, facts.id, sol)
    return day(
        f"{facts.name}, {words.sol_name(sol)}",
        links.sol_path(facts.id, sol),
        facts.clock.to_utc(sol, LMST_S_PER_SOL / 2),
        group_totals(facts.id, counts),
        frames,
        maker,
        shown=_SHOWN_A_DAY,
        held=sum(count.frames - count.thumbnails for count in counts),
    )


def _held_first(rows: list[MissionRow]) -> list[MissionRow]:
    return [row for row in rows if row.frames]
