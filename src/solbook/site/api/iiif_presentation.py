"""The IIIF Presentation API 3.0: manifests of frames, exposures and sols, collections of sols."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from solbook.archive import overview
from solbook.archive.files import sha256_of
from solbook.archive.frames import THUMBNAIL, FrameRow, frames_of_exposure, frames_of_sol
from solbook.archive.overview import InstrumentCount
from solbook.errors import SolbookError
from solbook.missions import MISSIONS, Mission, mission
from solbook.settings import Settings
from solbook.site import words
from solbook.site.api.iiif_manifests import MEDIA_TYPE, About, Entry, collection, manifest
from solbook.site.api.models import ErrorAnswer
from solbook.site.caching import is_known
from solbook.site.finding import base_address, frame_at, release_at
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name, in_order
from solbook.site.pages.cards import CardMaker
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.presented import (
    SIMULATED_NOTE,
    Facts,
    presented_frame,
    presented_release,
    simulated_name,
)
from solbook.site.sheets import Presented, arranged, single
from solbook.site.state import use_connection, use_settings

Connection = Annotated[sa.Connection, Depends(use_connection)]
Sol = Annotated[int, Path(ge=-10_000, le=100_000)]

# A viewer asks again soon: pictures are stored, and frames come, while somebody looks.
_CACHE = "public, max-age=60"

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/ld+json": {}}},
    400: {"model": ErrorAnswer, "description": "A part of the address cannot be used."},
    404: {"model": ErrorAnswer, "description": "There is no such thing here."},
}
router = APIRouter(
    prefix="/iiif", tags=["IIIF Presentation"], default_response_class=Response, responses=_ANSWERS
)


@router.get("/manifests/frames/{mission_id}/{product_id}")
def frame_manifest(request: Request, mission_id: str, product_id: str, db: Connection) -> Response:
    """A frame: one canvas."""
    frame = frame_at(db, mission_id, product_id)
    if (mission_id, product_id) != (frame.mission, frame.product_id):
        return RedirectResponse(links.manifest_path(frame.id), 308)
    picture = presented_frame(frame, CardMaker(request, db, [frame]))
    about = About(
        path=links.manifest_path(frame.id),
        label=picture.label,
        summary=picture.summary,
        page=picture.page,
        twins=(picture.twin,),
        facts=picture.facts,
        part_of=_of_sol(mission(frame.mission), frame.sol),
    )
    return _answer(request, manifest(base_address(request), about, [single(picture)]))


@router.get("/manifests/images/{source}/{name}")
def release_manifest(request: Request, source: str, name: str, db: Connection) -> Response:
    """A release, or a film's poster: one canvas."""
    release = release_at(db, source, name)
    picture = presented_release(release, ReleaseCards(request, db, [release]))
    about = About(
        path=links.manifest_path(release.id),
        label=picture.label,
        summary=picture.summary,
        page=picture.page,
        twins=(picture.twin,),
        facts=picture.facts,
    )
    return _answer(request, manifest(base_address(request), about, [single(picture)]))


@router.get("/manifests/exposures/{mission_id}/{sol}/{exposure}")
def exposure_manifest(
    request: Request, mission_id: str, sol: Sol, exposure: str, db: Connection
) -> Response:
    """The frames of an exposure without thumbnails: a canvas for each eye.

    Tiles stand at their places on the canvas of their eye where their records tell the places.
    """
    facts = mission(mission_id)
    frames = [
        frame
        for frame in frames_of_exposure(db, facts.id, sol, f"{facts.id}:{exposure}")
        if frame.sample_type != THUMBNAIL
    ]
    if not frames:
        raise SolbookError(
            "There is no such exposure here.",
            code="not_found",
            found=exposure[:80],
            expected=f"an exposure of sol {sol} that has more than thumbnails",
            help="The page of a frame links the manifest of its exposure.",
        )
    shown, left_out = _shown(request, db, frames)
    eyes = [
        camera_name(facts.id, code).name for code in dict.fromkeys(f.instrument for f in frames)
    ]
    first = shown[0][1]
    about = About(
        path=links.exposure_manifest_path(facts.id, sol, f"{facts.id}:{exposure}"),
        label=_named(facts, f"sol {sol}, one exposure of {words.listed(eyes)}"),
        summary=_summary(facts, f"{words.counted(len(shown), 'frame')} of one exposure.", left_out),
        page=first.page,
        twins=tuple(picture.twin for _, picture in shown),
        facts=_place(facts, sol, words.listed(eyes)),
        part_of=_of_sol(facts, sol),
    )
    return _answer(request, manifest(base_address(request), about, arranged(shown)))


@router.get("/manifests/sols/{mission_id}/{sol}/{instrument:path}")
def sol_manifest(
    request: Request,
    mission_id: str,
    sol: Sol,
    instrument: str,
    db: Connection,
    settings: Annotated[Settings, Depends(use_settings)],
    page: Annotated[int, Query(ge=1, le=100_000, description="Which part of many frames.")] = 1,
) -> Response:
    """A camera's frames of a sol without thumbnails, in order of time, a canvas each.

    Where there are more than a page of the site shows, each page has a manifest of its own.
    """
    facts = mission(mission_id)
    counts = {c.instrument: c for c in _with_frames(overview.instrument_counts(db, facts.id, sol))}
    count = counts.get(instrument) or counts.get(instrument.upper())
    size = settings.frames_per_page
    if count is None or (page - 1) * size >= _full(count):
        raise SolbookError(
            "There are no such frames here.",
            code="not_found",
            found=f"sol {sol}, {instrument[:80]}, page {page}",
            expected=", ".join(counts) or "a sol with frames",
            help=f"See {links.collection_path(facts.id)}",
        )
    code = count.instrument
    camera = camera_name(facts.id, code)
    found = frames_of_sol(
        db, facts.id, sol, code, thumbnails=False, limit=size, offset=(page - 1) * size
    )
    shown, left_out = _shown(request, db, found)
    numbered = f", page {page}" if page > 1 else ""
    path = links.sol_path(facts.id, sol)
    about = About(
        path=links.sol_manifest_path(facts.id, sol, code, page),
        label=_named(facts, f"sol {sol}, {camera.name}{numbered}"),
        summary=_summary(facts, f"{words.counted(len(shown), 'frame')}.", left_out),
        page=links.with_query(path, instrument=code, page=page if page > 1 else None),
        twins=(links.with_query(links.json_twin(path), instrument=code),),
        facts=_place(facts, sol, camera.name),
        part_of=_of_sol(facts, sol),
    )
    sheets = [single(picture) for _, picture in shown]
    return _answer(request, manifest(base_address(request), about, sheets))


@router.get("/collections")
def missions_collection(request: Request, db: Connection) -> Response:
    """The missions of which frames are held."""
    held = overview.mission_counts(db)
    about = About(
        path=links.collection_path(),
        label="Missions",
        summary=f"{words.counted(sum(c.frames for c in held), 'frame')} of"
        f" {words.counted(len(held), 'mission')}.",
        page="/missions",
        twins=("/api/missions",),
    )
    entries = [
        Entry("Collection", links.collection_path(c.mission), _named(MISSIONS[c.mission]))
        for c in held
    ]
    return _answer(request, collection(base_address(request), about, entries))


@router.get("/collections/{mission_id}")
def mission_collection(request: Request, mission_id: str, db: Connection) -> Response:
    """A mission: its sols, each a collection."""
    facts = mission(mission_id)
    sols = overview.frames_by_sol(db, facts.id)
    page = links.mission_path(facts.id)
    frames = words.counted(sum(count for _, count in sols), "frame")
    about = About(
        path=links.collection_path(facts.id),
        label=_named(facts),
        summary=_summary(facts, f"{frames} of {words.counted(len(sols), 'sol')}."),
        page=page,
        twins=(links.json_twin(page),),
        facts=(("Mission", _named(facts)), ("Landing site", facts.landing_site)),
        part_of=(links.collection_path(), "Missions"),
    )
    entries = [
        Entry("Collection", links.collection_path(facts.id, sol), f"Sol {sol}") for sol, _ in sols
    ]
    return _answer(request, collection(base_address(request), about, entries))


@router.get("/collections/{mission_id}/sols/{sol}")
def sol_collection(
    request: Request,
    mission_id: str,
    sol: Sol,
    db: Connection,
    settings: Annotated[Settings, Depends(use_settings)],
) -> Response:
    """A sol: the manifests of its cameras."""
    facts = mission(mission_id)
    counts = overview.instrument_counts(db, facts.id, sol)
    if not counts:
        raise SolbookError(
            f"{facts.name} has no frames of sol {sol} here.",
            code="not_found",
            found=f"sol {sol}",
            expected="a sol with frames",
            help=f"See {links.collection_path(facts.id)}",
        )
    page = links.sol_path(facts.id, sol)
    cameras = in_order(facts.id, _with_frames(counts))
    frames = words.counted(sum(_full(count) for _, count in cameras), "frame")
    about = About(
        path=links.collection_path(facts.id, sol),
        label=_named(facts, f"sol {sol}"),
        summary=_summary(facts, f"{frames}, without thumbnails."),
        page=page,
        twins=(links.json_twin(page),),
        facts=_place(facts, sol, words.listed([camera.name for camera, _ in cameras])),
        part_of=(links.collection_path(facts.id), _named(facts)),
    )
    entries = []
    for camera, count in cameras:
        pages = -(-_full(count) // settings.frames_per_page)
        for number in range(1, pages + 1):
            part = f", page {number} of {pages}" if pages > 1 else ""
            path = links.sol_manifest_path(facts.id, sol, camera.code, number)
            entries.append(Entry("Manifest", path, f"{camera.name}{part}"))
    return _answer(request, collection(base_address(request), about, entries))


def _shown(
    request: Request, db: sa.Connection, frames: list[FrameRow]
) -> tuple[list[Presented], int]:
    """The frames that can be shown, and how many are left out: those without picture and size.

    If all are without, all are shown: their facts are worth a manifest too.
    """
    maker = CardMaker(request, db, frames)
    every = [(frame, presented_frame(frame, maker)) for frame in frames]
    some = [(frame, picture) for frame, picture in every if picture.is_here or picture.size_px]
    return (some, len(every) - len(some)) if some else (every, 0)


def _summary(facts: Mission, text: str, left_out: int = 0) -> str:
    if left_out:
        text += (
            f" {words.counted(left_out, 'more frame')} of which neither size nor picture is known"
            f" here {'is' if left_out == 1 else 'are'} left out."
        )
    return f"{text} {SIMULATED_NOTE}" if facts.simulated else text


def _named(facts: Mission, what: str = "") -> str:
    """A name that begins with the mission's, and says whether it is simulated."""
    name = f"{facts.name}, {what}" if what else facts.name
    return simulated_name(name) if facts.simulated else name


def _place(facts: Mission, sol: int, cameras: str) -> Facts:
    return (("Mission", _named(facts)), ("Sol", str(sol)), ("Camera", cameras))


def _of_sol(facts: Mission, sol: int) -> tuple[str, str]:
    return links.collection_path(facts.id, sol), _named(facts, f"sol {sol}")


def _with_frames(counts: list[InstrumentCount]) -> list[InstrumentCount]:
    """The cameras that have more than thumbnails."""
    return [count for count in counts if _full(count)]


def _full(count: InstrumentCount) -> int:
    return count.frames - count.thumbnails


def _answer(request: Request, body: bytes) -> Response:
    headers = {"Cache-Control": _CACHE, "ETag": f'"{sha256_of(body)[:32]}"'}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    # The type has a parameter, so no charset may be added to it.
    return Response(body, headers=headers | {"Content-Type": MEDIA_TYPE})
