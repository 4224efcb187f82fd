"""A camera: what it is, and its frames, newest sol first."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from solbook.archive import overview
from solbook.archive.frames import FrameRow, frames_of_sol
from solbook.archive.overview import InstrumentCount
from solbook.clock import LMST_S_PER_SOL
from solbook.errors import SolbookError
from solbook.missions import Camera, Mission, camera, mission
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cameras import CameraName, camera_name
from solbook.site.pages.cards import CardMaker
from solbook.site.pages.days import Day, day
from solbook.site.pages.facts import Fact
from solbook.site.pages.holdings import holdings
from solbook.site.pages.shell import Head, Link, mission_crumbs, render
from solbook.site.state import archive

router = APIRouter()

_SOLS_SHOWN = 24
_FRAMES_SHOWN = 4

# What the sources of the table say of a number they do not vouch for.
_UNSURE_PIXELS = "pixel count unverified"


@router.get("/missions/{mission_id}/instruments/{code:path}")
def one_instrument(
    request: Request,
    mission_id: str,
    code: str,
    before: Annotated[int | None, Query(ge=-10_000, le=100_001)] = None,
) -> Response:
    """A camera; `before` shows sols older than one."""
    facts = mission(mission_id)
    with archive(request).reading() as connection:
        counted = holdings(request, connection).instruments(connection, facts.id)
        counts = {count.instrument: count for count in counted}
        known = camera(facts.id, code)
        held = code if code in counts else code.upper()
        if held not in counts and known is not None:
            held = known.code
        if held not in counts and known is None:
            raise _unknown(facts, code, list(counts))
        if held != code:
            return RedirectResponse(links.instrument_path(facts.id, held), 308)
        return _show(
            request, connection, facts, camera_name(facts.id, code), known, counts.get(code), before
        )


def _unknown(facts: Mission, code: str, codes: list[str]) -> SolbookError:
    return SolbookError(
        f"{facts.name} has no such camera.",
        code="not_found",
        found=code[:80],
        expected=", ".join(codes) or "a camera of the mission",
        help=f"See its cameras at {links.mission_path(facts.id)}",
    )


def _show(
    request: Request,
    connection: sa.Connection,
    facts: Mission,
    name: CameraName,
    known: Camera | None,
    count: InstrumentCount | None,
    before: int | None,
) -> HTMLResponse:
    sols = overview.frames_by_sol(connection, facts.id, name.code) if count else []
    older = [pair for pair in reversed(sols) if before is None or pair[0] < before]
    shown = older[:_SOLS_SHOWN]
    days = _days(request, connection, facts, name, shown)
    path = links.instrument_path(facts.id, name.code)
    last_shown = shown[-1][0] if shown else None
    more = len(older) > len(shown) and last_shown is not None
    matter = {
        "mission": facts,
        "name": name,
        "full_name": known.full_name if known else name.code,
        "held": words.counted(count.frames, "frame") if count else "no frames",
        "facts": _facts(facts, name, known, count),
        "numbers": _numbers(known),
        "unsure": known is not None and not known.is_verified,
        "is_known": known is not None,
        "source": known.source if known and known.is_verified else "",
        "days": days,
        "older_href": links.with_query(path, before=last_shown) if more else "",
        "newest_href": path if before is not None else "",
        "before": before,
    }
    head = Head(
        title=f"{name.name} on {facts.name}" + (f", before sol {before}" if before else ""),
        description=f"{matter['full_name']} of {facts.name}: {matter['held']}"
        + (f" of {words.counted(count.sols, 'sol')}." if count else "."),
        path=links.with_query(path, before=before),
        twin=links.json_twin(path),
        crumbs=mission_crumbs(facts, Link(name.name)),
        mission=facts,
        sol=shown[0][0] if shown else None,
    )
    return render(request, connection, "instrument.html", head, matter)


def _days(
    request: Request,
    connection: sa.Connection,
    facts: Mission,
    name: CameraName,
    sols: list[tuple[int, int]],
) -> list[Day]:
    found = [_frames(connection, facts, name, sol) for sol, _ in sols]
    maker = CardMaker(request, connection, [frame for frames in found for frame in frames])
    return [
        day(
            words.sol_name(sol),
            links.with_query(links.sol_path(facts.id, sol), instrument=name.code),
            facts.clock.to_utc(sol, LMST_S_PER_SOL / 2),
            words.counted(count, "frame"),
            frames,
            maker,
            shown=_FRAMES_SHOWN,
            held=count,
        )
        for (sol, count), frames in zip(sols, found, strict=True)
    ]


def _frames(
    connection: sa.Connection, facts: Mission, name: CameraName, sol: int
) -> list[FrameRow]:
    """The first frames of a sol; thumbnails only where there is nothing else."""
    for thumbnails in (False, True):
        frames = frames_of_sol(
            connection, facts.id, sol, name.code, thumbnails=thumbnails, limit=_FRAMES_SHOWN
        )
        if frames:
            return frames
    return []


def _facts(
    facts: Mission, name: CameraName, known: Camera | None, count: InstrumentCount | None
) -> list[Fact]:
    found = [Fact("Code", name.code, is_id=True), Fact("Group", name.group)]
    if known and known.aliases:
        found.append(Fact("Also called", ", ".join(known.aliases)))
    if count is not None:
        found += [
            Fact("Frames here", words.number(count.frames)),
            Fact("Thumbnails", words.number(count.thumbnails)),
            Fact("Sols here", words.number(count.sols)),
            Fact("First", f"sol {count.first_sol}", href=links.sol_path(facts.id, count.first_sol)),
            Fact("Last", f"sol {count.last_sol}", href=links.sol_path(facts.id, count.last_sol)),
        ]
    return found


def _numbers(known: Camera | None) -> list[Fact]:
    """Numbers of the camera, only such as were seen in their source."""
    if known is None or not known.is_verified:
        return []
    pixels = known.pixels if _UNSURE_PIXELS not in known.source else None
    rows = (
        ("Pixels", pixels),
        ("Field of view", known.field_of_view),
        ("Resolution", known.resolution),
        ("Colour", known.colour),
    )
    return [Fact(name, words.quantity(value)) for name, value in rows if value]
