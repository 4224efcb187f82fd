"""A frame: the picture, when and where it was taken, whom to credit, how it came here."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from solbook.archive import frames as catalogue
from solbook.archive.frames import AssetRow, FrameRow
from solbook.missions import Mission, mission
from solbook.site import words
from solbook.site.finding import frame_at
from solbook.site.pages import links
from solbook.site.pages.after import after
from solbook.site.pages.cameras import CameraName, camera_name
from solbook.site.pages.cards import (
    CardMaker,
    true_size,
)
from solbook.site.pages.enlarged import picture_for_viewer
from solbook.site.pages.exposure import exposure_words, reason
from solbook.site.pages.files import best_file, downloads
from solbook.site.pages.frame_facts import (
    credit_note,
    frame_facts,
    place_in_time,
    provenance,
    raw_records,
    time_difference,
)
from solbook.site.pages.likes import heart
from solbook.site.pages.published import published_of
from solbook.site.pages.shell import Head, Link, mission_crumbs, render
from solbook.site.pages.taking import taking
from solbook.site.state import archive, pictures
from solbook.site.titles import alt_text, credit_line, frame_title, is_simulated, sol_and_time

router = APIRouter()

# An exposure may have a hundred frames; a list to choose from has fewer.
_MOST_COMPARED = 6


@router.get("/frames/{mission_id}/{product_id}")
def one_frame(request: Request, mission_id: str, product_id: str) -> Response:
    """A frame; an id with its version or in another case leads to the frame's own address."""
    with archive(request).reading() as connection:
        frame = frame_at(connection, mission_id, product_id)
        if (mission_id, product_id) != (frame.mission, frame.product_id):
            return RedirectResponse(links.frame_path(frame.id), 308)
        return _show(request, connection, mission(frame.mission), frame)


def _show(
    request: Request, connection: sa.Connection, facts: Mission, frame: FrameRow
) -> HTMLResponse:
    same_exposure = catalogue.exposure_of(connection, frame)
    earlier, later = catalogue.neighbours(connection, frame)
    beside = [other for other in (earlier, later) if other is not None]
    maker = CardMaker(request, connection, [frame, *same_exposure, *beside])
    assets = maker.assets(frame)
    records = catalogue.upstream_of(connection, frame.key)
    camera = camera_name(frame.mission, frame.instrument)
    fetcher = pictures(request)
    current, older = downloads(frame.id, frame.version, assets, fetcher)
    told_of = [("frame", frame.id), ("sol", f"{frame.mission}/{frame.sol}")]
    published = published_of(request, connection, told_of)
    matter = {
        "frame": frame,
        "title": frame_title(frame),
        "picture": maker.picture(frame),
        "enlarge": picture_for_viewer(frame, records, true_size(frame, assets)),
        "to_compare": _to_compare(
            frame, same_exposure, [(earlier, "the frame before"), (later, "the frame after")], maker
        ),
        "heart": heart(request, frame.id),
        "no_picture": _no_picture(frame, assets, network=archive(request).settings.network),
        "alt": alt_text(frame),
        "best": best_file(frame.id, assets, fetcher),
        "time": place_in_time(frame, facts),
        "sol_href": links.sol_path(facts.id, frame.sol),
        "caption": words.paragraphs(frame.caption),
        "credit": credit_line(frame),
        "credit_note": credit_note(frame),
        "difference": time_difference(frame),
        "facts": frame_facts(frame, camera),
        "files": current,
        "older_files": older,
        "provenance": provenance(frame, assets, records),
        "records": raw_records(records),
        "flags": frame.flag_list,
        "earlier": _step(earlier),
        "later": _step(later),
        "taking": taking(request, frame, same_exposure, maker),
        "after": after(
            request, connection, frame.id, {*published.ids, *(other.id for other in same_exposure)}
        ),
        "same_exposure": maker.cards(same_exposure, exposure_words(frame)),
        "published": published,
    }
    return render(
        request, connection, "frame.html", _head(facts, frame, camera, earlier, later), matter
    )


def _head(
    facts: Mission,
    frame: FrameRow,
    camera: CameraName,
    earlier: FrameRow | None,
    later: FrameRow | None,
) -> Head:
    path = links.frame_path(frame.id)
    when = f", {words.local_second(frame.lmst_s)}" if frame.lmst_s is not None else ""
    return Head(
        title=f"{frame_title(frame)}{when}",
        description=f"{facts.name}: {alt_text(frame)}. Credit: {credit_line(frame)}.",
        path=path,
        twin=links.json_twin(path),
        crumbs=mission_crumbs(
            facts,
            Link(f"sol {frame.sol}", links.sol_path(facts.id, frame.sol)),
            Link(camera.name, camera.href),
        ),
        mission=facts,
        sol=frame.sol,
        previous=links.frame_path(earlier.id) if earlier else "",
        next=links.frame_path(later.id) if later else "",
    )


def _step(frame: FrameRow | None) -> Link | None:
    """A neighbour in time, as a link."""
    if frame is None:
        return None
    name = camera_name(frame.mission, frame.instrument).name
    return Link(f"{name}, {sol_and_time(frame)}", links.frame_path(frame.id))


def _to_compare(
    frame: FrameRow,
    same_exposure: list[FrameRow],
    in_time: Sequence[tuple[FrameRow | None, str]],
    maker: CardMaker,
) -> list[Link]:
    """Frames to lay beside this one: those of its exposure, and its neighbours in time."""
    likes = [other for other in same_exposure if other.sample_type == frame.sample_type]
    offered = {other.id: (other, reason(frame, other)) for other in likes[:_MOST_COMPARED]}
    for other, why in in_time:
        if other is not None:
            offered.setdefault(other.id, (other, why))
    return [
        Link(
            f"{camera_name(other.mission, other.instrument).name}, {sol_and_time(other)}: {why}",
            links.compare_path(frame.id, other.id),
        )
        for other, why in offered.values()
        if maker.has_picture(other)
    ]


def _no_picture(frame: FrameRow, assets: list[AssetRow], *, network: bool) -> str:
    """Why there is no picture, in a sentence."""
    if is_simulated(frame):
        return "Simulated pictures are on no network; they come with the files of their rehearsal."
    if not any(asset.url for asset in assets):
        return "No source says where its picture is."
    failures = sorted({asset.failure for asset in assets if asset.failure})
    if failures:
        return f"It could not be fetched from its source: {words.listed(failures)}."
    if not network:
        return (
            "Its files are still at the source; this archive does not fetch while it is off line."
        )
    return "Its files are still at the source."
