"""Solbook's own JSON: a twin for every page."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query

from solbook import __version__
from solbook.archive import frames, overview
from solbook.clock import mission_clock
from solbook.errors import SolbookError
from solbook.missions import MISSIONS, mission
from solbook.records import frame_id
from solbook.site.api import models
from solbook.site.api.answers import (
    frame_answer,
    frame_detail_answer,
    instrument_answer,
    mission_answer,
    run_answer,
    utc_text,
)
from solbook.site.state import use_connection

MAX_FRAMES = 1000

ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": models.ErrorAnswer, "description": "A part of the address cannot be used."},
    404: {"model": models.ErrorAnswer, "description": "There is no such thing here."},
}
router = APIRouter(tags=["Solbook"], responses=ERRORS)

Connection = Annotated[sa.Connection, Depends(use_connection)]
Limit = Annotated[int, Query(ge=1, le=MAX_FRAMES, description="At most so many frames.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="After so many frames.")]
Sol = Annotated[int, Path(ge=-10_000, le=100_000)]


@router.get("")
def index() -> models.IndexAnswer:
    """Where to begin."""
    return models.IndexAnswer(
        links={
            name: f"/api/{name}"
            for name in (
                "latest",
                "missions",
                "images",
                "videos",
                "news",
                "likes",
                "time",
                "status",
                "quarantine",
                "openapi.json",
            )
        }
        | {"photos_v1": "/api/v1/rovers"}
    )


@router.get("/latest")
def latest(db: Connection, limit: Limit = 48) -> models.LatestAnswer:
    """The frames that reached the ground last, newest first."""
    return models.LatestAnswer(frames=[frame_answer(f) for f in frames.latest_frames(db, limit)])


@router.get("/missions")
def missions(db: Connection) -> models.MissionsAnswer:
    """The missions Solbook knows, and what is held of each."""
    return models.MissionsAnswer(missions=_missions(db))


@router.get("/missions/{mission_id}")
def one_mission(mission_id: str, db: Connection) -> models.MissionDetailAnswer:
    """A mission, its cameras and its sols."""
    facts = mission(mission_id)
    counts = {count.mission: count for count in overview.mission_counts(db)}
    head = mission_answer(facts, counts.get(facts.id))
    return models.MissionDetailAnswer(
        **head.model_dump(),
        instruments=[
            instrument_answer(facts.id, count) for count in overview.instrument_counts(db, facts.id)
        ],
        frames_by_sol=_sol_counts(overview.frames_by_sol(db, facts.id)),
    )


@router.get("/missions/{mission_id}/sols/{sol}")
def one_sol(
    mission_id: str,
    sol: Sol,
    db: Connection,
    instrument: Annotated[str | None, Query(description="Only of this camera.")] = None,
    limit: Limit = 200,
    offset: Offset = 0,
    *,
    thumbnails: Annotated[bool, Query(description="Whether thumbnails are among them.")] = False,
) -> models.SolAnswer:
    """A sol: its span in UTC, its cameras, its frames by camera and time."""
    facts = mission(mission_id)
    sols = [number for number, _ in overview.frames_by_sol(db, facts.id)]
    if sol not in sols:
        raise SolbookError(
            f"{facts.name} has no frames of sol {sol} here.",
            code="not_found",
            found=f"sol {sol}",
            expected=f"one of {len(sols):,} sols that have frames",
            help=f"See /api/missions/{facts.id}",
        )
    held = overview.instrument_counts(db, facts.id, sol)
    if instrument and instrument.upper() not in {count.instrument for count in held}:
        raise SolbookError(
            f"{facts.name} has no frames of such a camera of sol {sol} here.",
            code="not_found",
            found=instrument,
            expected=", ".join(count.instrument for count in held),
            help="Name one of these cameras, or none.",
        )
    found = frames.frames_of_sol(
        db,
        facts.id,
        sol,
        instrument.upper() if instrument else None,
        thumbnails=thumbnails,
        limit=limit + 1,
        offset=offset,
    )
    page = f"/missions/{facts.id}/sols/{sol}"
    more = len(found) > limit
    where = {"limit": limit, "offset": offset + limit, "thumbnails": str(thumbnails).lower()}
    where |= {"instrument": instrument} if instrument else {}
    clock = mission_clock(facts.id)
    place = sols.index(sol)
    return models.SolAnswer(
        mission=facts.id,
        simulated=facts.simulated,
        sol=sol,
        page=page,
        starts=utc_text(int(clock.sol_start_utc(sol))),
        ends=utc_text(int(clock.sol_start_utc(sol + 1))),
        previous_sol=sols[place - 1] if place else None,
        next_sol=sols[place + 1] if place + 1 < len(sols) else None,
        instruments=[instrument_answer(facts.id, count) for count in held],
        frames=[frame_answer(frame) for frame in found[:limit]],
        next=f"/api{page}?{urlencode(where)}" if more else None,
    )


@router.get("/missions/{mission_id}/instruments/{code}")
def one_instrument(mission_id: str, code: str, db: Connection) -> models.InstrumentDetailAnswer:
    """A camera and the sols on which it took frames."""
    facts = mission(mission_id)
    counts = {c.instrument: c for c in overview.instrument_counts(db, facts.id)}
    count = counts.get(code.upper())
    if count is None:
        raise SolbookError(
            f"{facts.name} has no frames of such a camera here.",
            code="not_found",
            found=code,
            expected=", ".join(counts) or "none",
            help=f"See /api/missions/{facts.id}",
        )
    return models.InstrumentDetailAnswer(
        **instrument_answer(facts.id, count).model_dump(),
        mission=facts.id,
        simulated=facts.simulated,
        page=f"/missions/{facts.id}/instruments/{count.instrument}",
        frames_by_sol=_sol_counts(overview.frames_by_sol(db, facts.id, count.instrument)),
    )


@router.get("/frames/{mission_id}/{product_id}")
def one_frame(mission_id: str, product_id: str, db: Connection) -> models.FrameDetailAnswer:
    """A frame with its files, its neighbours and its upstream records.

    The product id may be given with or without its version.
    """
    frame = frames.find_frame(db, product_id, mission_id)
    if frame is None:
        raise SolbookError(
            "There is no such frame here.",
            code="not_found",
            found=frame_id(mission_id, product_id),
            expected="the id of a frame in this archive",
            help="Find the frame on its sol: /api/missions/{mission}/sols/{sol}",
        )
    return frame_detail_answer(db, frame)


@router.get("/status")
def status(db: Connection) -> models.StatusAnswer:
    """What the archive holds and how it came by it."""
    files = overview.files_held(db)
    return models.StatusAnswer(
        version=__version__,
        missions=_missions(db),
        sources=[
            models.SourceAnswer(
                source=source.source,
                records=source.records,
                frames=source.frames,
                quarantined=source.quarantined,
            )
            for source in overview.source_counts(db)
        ],
        files=files.number,
        file_bytes=files.byte_count,
        damaged_files=files.damaged,
        runs=[run_answer(run) for run in overview.recent_runs(db, 20)],
    )


@router.get("/quarantine")
def quarantine(
    db: Connection,
    limit: Limit = 100,
    after: Annotated[int, Query(ge=0, le=1 << 62)] = 0,
) -> models.QuarantineAnswer:
    """What could not be read, and why, oldest first."""
    rows = overview.quarantined(db, limit, after)
    return models.QuarantineAnswer(
        quarantined=[
            models.QuarantinedAnswer(
                key=row.key,
                source=row.source,
                origin=row.origin,
                position=row.position,
                reason=row.reason,
                found=row.found,
                expected=row.expected,
                seen=utc_text(row.seen_ns),
            )
            for row in rows
        ],
        next=f"/api/quarantine?limit={limit}&after={rows[-1].key}" if len(rows) == limit else None,
    )


def _missions(db: sa.Connection) -> list[models.MissionAnswer]:
    counts = {count.mission: count for count in overview.mission_counts(db)}
    return [
        mission_answer(facts, counts.get(facts.id))
        for facts in MISSIONS.values()
        if not facts.simulated or facts.id in counts
    ]


def _sol_counts(rows: list[tuple[int, int]]) -> list[models.SolCountAnswer]:
    return [models.SolCountAnswer(sol=sol, frames=count) for sol, count in rows]
