"""Building Solbook's own JSON answers from what the archive gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from fastapi import Request, Response

from solbook.archive import frames
from solbook.archive.files import sha256_of
from solbook.archive.frames import AssetRow, FrameRow
from solbook.archive.overview import InstrumentCount, MissionCount, RunRow
from solbook.clock import format_lmst, format_utc
from solbook.missions import Mission, camera
from solbook.site.api import models
from solbook.site.caching import is_known
from solbook.site.pages import links
from solbook.site.titles import credit_line, frame_title, is_simulated


def utc_text(utc_ns: int) -> str:
    """A time as answers give it: ISO 8601, UTC, milliseconds."""
    return format_utc(utc_ns, 3)


def json_ld(
    request: Request, content: Mapping[str, Any], context: str, headers: Mapping[str, str]
) -> Response:
    """An answer in JSON-LD, called plain JSON unless the client asks for the other by name."""
    body = orjson.dumps(content, option=orjson.OPT_INDENT_2)
    etag = f'"{sha256_of(body)[:32]}"'
    every = {**headers, "ETag": etag, "Vary": "Accept"}
    if is_known(request, etag):
        return Response(status_code=304, headers=every)
    asked = "application/ld+json" in request.headers.get("Accept", "")
    media_type = f'application/ld+json;profile="{context}"' if asked else "application/json"
    return Response(body, media_type=media_type, headers=every)


def frame_answer(frame: FrameRow) -> models.FrameAnswer:
    """A frame as lists give it."""
    page = f"/frames/{frame.id}"
    return models.FrameAnswer(
        id=frame.id,
        mission=frame.mission,
        simulated=is_simulated(frame),
        product_id=frame.product_id,
        page=page,
        sol=frame.sol,
        instrument=frame.instrument,
        sample_type=frame.sample_type,
        utc=_utc_or_none(frame.utc_ns),
        utc_source=frame.utc_source,
        lmst=None if frame.lmst_s is None else format_lmst(frame.lmst_s, 3),
        lmst_source=frame.lmst_source,
        received=_utc_or_none(frame.received_ns),
        title=frame_title(frame),
        credit=credit_line(frame),
        width_px=frame.width_px,
        height_px=frame.height_px,
        picture=f"{page}/picture/640.webp",
    )


def frame_detail_answer(connection: sa.Connection, frame: FrameRow) -> models.FrameDetailAnswer:
    """A frame, whole, with what stands beside it."""
    before, after = frames.neighbours(connection, frame)
    return models.FrameDetailAnswer(
        **frame_answer(frame).model_dump(),
        version=frame.version,
        source=frame.source,
        caption=frame.caption,
        ltst=None if frame.ltst_s is None else format_lmst(frame.ltst_s),
        ls_deg=frame.ls_deg,
        sun_az_deg=frame.sun_az_deg,
        sun_el_deg=frame.sun_el_deg,
        sun_up=frame.sun_is_up,
        sun_site=frame.sun_site,
        upstream_utc=_utc_or_none(frame.upstream_utc_ns),
        site=frame.site,
        drive=frame.drive,
        mast_az_deg=frame.mast_az_deg,
        mast_el_deg=frame.mast_el_deg,
        sclk_s=frame.sclk_s,
        filter_name=frame.filter_name,
        scale_factor=frame.scale_factor,
        subframe=frame.subframe,
        upstream_page=frame.page_url,
        flags=frame.flag_list,
        first_seen=utc_text(frame.first_seen_ns),
        changed=utc_text(frame.changed_ns),
        assets=[asset_answer(frame.id, a) for a in frames.assets_of(connection, frame.key)],
        previous=before.id if before else None,
        next=after.id if after else None,
        exposure=[other.id for other in frames.exposure_of(connection, frame)],
        upstream_records=[
            models.UpstreamAnswer(
                source=row.source,
                upstream_id=row.upstream_id,
                first_seen=utc_text(row.seen_ns),
                superseded=_utc_or_none(row.superseded_ns),
                record=row.record(),
            )
            for row in frames.upstream_of(connection, frame.key)
        ],
    )


def mission_answer(facts: Mission, count: MissionCount | None) -> models.MissionAnswer:
    """A mission and what is held of it."""
    return models.MissionAnswer(
        id=facts.id,
        name=facts.name,
        simulated=facts.simulated,
        page=f"/missions/{facts.id}",
        kind=facts.kind,
        landing_date=facts.landing_date.isoformat(),
        landing_site=facts.landing_site,
        frames=count.frames if count else 0,
        sols=count.sols if count else 0,
        first_sol=count.first_sol if count else None,
        last_sol=count.last_sol if count else None,
    )


def instrument_answer(mission: str, count: InstrumentCount) -> models.InstrumentAnswer:
    """A camera and what is held of it."""
    facts = camera(mission, count.instrument)
    return models.InstrumentAnswer(
        code=count.instrument,
        name=facts.name if facts else count.instrument,
        known=facts is not None,
        frames=count.frames,
        thumbnails=count.thumbnails,
        sols=count.sols,
        first_sol=count.first_sol,
        last_sol=count.last_sol,
    )


def run_answer(run: RunRow) -> models.RunAnswer:
    """A run of the ingester."""
    return models.RunAnswer(
        source=run.source,
        origin=run.origin,
        state=run.state,
        started=utc_text(run.started_ns),
        ended=_utc_or_none(run.ended_ns),
        read=run.read,
        new=run.new,
        revised=run.revised,
        unchanged=run.unchanged,
        quarantined=run.quarantined,
        stated_total=run.stated_total,
        message=run.message,
    )


def asset_answer(item_id: str, asset: AssetRow) -> models.AssetAnswer:
    """A file of an item."""
    return models.AssetAnswer(
        version=asset.version,
        role=asset.role,
        href=links.file_path(item_id, asset.version, asset.role),
        upstream_url=asset.url,
        stored=asset.sha256 is not None,
        sha256=asset.sha256,
        media_type=asset.media_type,
        byte_count=asset.byte_count,
        width_px=asset.width_px,
        height_px=asset.height_px,
        failure=asset.failure,
    )


def _utc_or_none(utc_ns: int | None) -> str | None:
    return None if utc_ns is None else utc_text(utc_ns)
