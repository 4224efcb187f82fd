"""What is known of a frame: time, pointing, place, and how it came here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from solbook.archive.frames import AssetRow, FrameRow, UpstreamRow, best_stored
from solbook.clock import SEASONS
from solbook.missions import Mission
from solbook.records import parse_product_id
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cameras import CameraName
from solbook.site.pages.facts import Fact
from solbook.site.sun_words import sun_words
from solbook.site.titles import MAST_GROUPS

SOURCE_NAMES = {
    "m2020": "raw-image feed of Mars 2020",
    "msl": "raw-image feed of Curiosity",
    "insight": "raw-image feed of InSight",
    "photos-v1": "Mars Rover Photos API",
    "rehearsal": "rehearsal, simulated by Solbook",
    "library": "NASA Image and Video Library",
    "rehearsal-library": "releases of the rehearsal, simulated by Solbook",
    "rss": "news feed",
    "folder": "folder with captions",
}
_TELLING_DIFFERENCE_S = 10


@dataclass(frozen=True, slots=True)
class InTime:
    """When a frame was taken.

    Attributes:
        local: Local time to the second; empty where the source gives none.
        local_exact: The same to the millisecond.
        scale: `LMST` or `HLST`.
        date: Date on Earth; empty where the source gives no time.
        clock: UTC to the second.
        exact: UTC to the millisecond.
        machine: The same for programs.
        instead: What is known in place of a time; empty where there is one.
    """

    local: str
    local_exact: str
    scale: str
    date: str
    clock: str
    exact: str
    machine: str
    instead: str


@dataclass(frozen=True, slots=True)
class RawRecord:
    """An upstream record as it was received."""

    title: str
    seen: str
    text: str


def place_in_time(frame: FrameRow, facts: Mission) -> InTime:
    """When a frame was taken, as a page says it."""
    local_s, utc_ns = frame.lmst_s, frame.utc_ns
    return InTime(
        local=words.local_second(local_s) if local_s is not None else "",
        local_exact=words.local_exact(local_s) if local_s is not None else "",
        scale=facts.clock.kind,
        date=words.utc_day(utc_ns) if utc_ns is not None else "",
        clock=words.utc_clock(utc_ns) if utc_ns is not None else "",
        exact=words.utc_exact(utc_ns) if utc_ns is not None else "",
        machine=words.utc_machine(utc_ns) if utc_ns is not None else "",
        instead="" if utc_ns is not None else _span_of_sol(frame.sol, facts),
    )


def _span_of_sol(sol: int, facts: Mission) -> str:
    starts = words.utc_minute(facts.clock.sol_start_utc(sol))
    ends = words.utc_minute(facts.clock.sol_start_utc(sol + 1))
    return f"The source gives no time; sol {sol} ran from {starts} to {ends}."


def time_difference(frame: FrameRow) -> str:
    """Why the source's UTC is not the one shown; empty where they agree to 10 s."""
    if frame.utc_ns is None or frame.upstream_utc_ns is None:
        return ""
    difference_s = (frame.upstream_utc_ns - frame.utc_ns) / words.NS_PER_S
    if abs(difference_s) <= _TELLING_DIFFERENCE_S:
        return ""
    side = "later" if difference_s > 0 else "earlier"
    return (
        f"The source states {words.utc_exact(frame.upstream_utc_ns)},"
        f" {words.duration(difference_s)} {side}. The time shown is computed from the frame's"
        " local time by the mission's sol clock; the UTC of this feed is known to be hours to"
        " days off in records of March 2021, and is kept here only as it was stated."
    )


def frame_facts(frame: FrameRow, camera: CameraName) -> list[Fact]:
    """Camera, size, pointing, place and name of a frame."""
    found = [Fact("Camera", camera.name, href=camera.href)]
    size = words.pixel_size(frame.width_px, frame.height_px)
    if size:
        found.append(Fact("Size", size))
    if frame.sample_type:
        found.append(Fact("Kind", frame.sample_type))
    if frame.filter_name:
        found.append(Fact("Filter", frame.filter_name))
    if frame.scale_factor is not None and frame.scale_factor != 1:
        found.append(Fact("Reduced", f"{frame.scale_factor:g} detector pixels to one"))
    if frame.subframe:
        found.append(Fact("Subframe", frame.subframe.strip("()").replace(",", ", ")))
    found += _sun(frame)
    found += _pointing(frame, camera)
    found += _place(frame)
    if frame.sclk_s is not None:
        found.append(Fact("Spacecraft clock", f"{frame.sclk_s:.3f} s"))
    found.append(Fact("Product", frame.product_id, is_id=True, note=_version(frame)))
    return found


def _sun(frame: FrameRow) -> list[Fact]:
    if frame.sun_el_deg is None or frame.sun_az_deg is None or frame.ltst_s is None:
        return []
    seen_from = "the rover's place" if frame.sun_site == "waypoint" else "the landing site"
    text = sun_words(frame.sun_el_deg, frame.sun_az_deg, frame.ltst_s)
    exact = f"el {frame.sun_el_deg:.2f}°, az {frame.sun_az_deg:.2f}°, from {seen_from}"
    found = [
        Fact("Sun", text[0].upper() + text[1:], exact=exact),
        Fact("Solar time", f"{words.local_second(frame.ltst_s)} LTST", exact=exact),
    ]
    if frame.ls_deg is not None:
        season = SEASONS[int(frame.ls_deg // 90)]
        found.append(Fact("Season", f"Ls {frame.ls_deg:.1f}°, {season}"))
    return found


def _pointing(frame: FrameRow, camera: CameraName) -> list[Fact]:
    if frame.mast_az_deg is None or frame.mast_el_deg is None:
        return []
    azimuth, elevation = words.degrees(frame.mast_az_deg), words.degrees(frame.mast_el_deg)
    note = "of the mast, from the rover's front"
    if camera.group not in MAST_GROUPS:
        note += "; this camera does not turn with it"
    return [Fact("Pointing", f"az {azimuth}, el {elevation}", note=note)]


def _place(frame: FrameRow) -> list[Fact]:
    if frame.site is None or frame.drive is None:
        return []
    return [Fact("Place", f"site {frame.site}, drive {frame.drive}")]


def _version(frame: FrameRow) -> str:
    return f"version {frame.version}" if frame.version else ""


def credit_note(frame: FrameRow) -> str:
    """What to know of the credit; empty where the source gives it."""
    return "" if frame.credit else "the mission's usual credit; the source names none"


def provenance(
    frame: FrameRow, assets: Sequence[AssetRow], records: Sequence[UpstreamRow]
) -> list[Fact]:
    """How a frame came here, and how to check that it is unchanged."""
    found = [Fact("Source", SOURCE_NAMES.get(frame.source, frame.source))]
    if page := links.outside(frame.page_url):
        found.append(Fact("Upstream", "its page there", href=page, outside=True))
    if frame.received_ns is not None:
        found.append(
            Fact(
                "Received on Earth",
                words.utc_minute(frame.received_ns),
                exact=words.utc_exact(frame.received_ns),
            )
        )
    found.append(
        Fact(
            "First seen here",
            words.utc_minute(frame.first_seen_ns),
            exact=words.utc_exact(frame.first_seen_ns),
        )
    )
    stored = best_stored(assets)
    if stored is not None and stored.sha256 is not None and stored.stored_ns is not None:
        found += [
            Fact(
                "Stored here",
                words.utc_minute(stored.stored_ns),
                exact=words.utc_exact(stored.stored_ns),
            ),
            Fact("sha256", stored.sha256, is_id=True),
        ]
    if frame.utc_source == "mission-clock":
        found.append(Fact("Time", "from local time, by the mission's sol clock"))
    elif frame.utc_source == "upstream":
        found.append(Fact("Time", "as the source states it"))
    name = parse_product_id(frame.product_id)
    for source, upstream_id in sorted({(r.source, r.upstream_id) for r in records}):
        if name is None or upstream_id != frame.product_id:
            found.append(Fact(f"Id in {source}", upstream_id, is_id=True))
    return found


def raw_records(records: Sequence[UpstreamRow]) -> list[RawRecord]:
    """The upstream records, newest first, as text."""
    return [
        RawRecord(
            title=f"{SOURCE_NAMES.get(row.source, row.source)}, {row.upstream_id}",
            seen=_seen(row),
            text=json.dumps(row.record(), indent=2, ensure_ascii=False),
        )
        for row in reversed(records)
    ]


def _seen(row: UpstreamRow) -> str:
    seen = f"as read {words.utc_minute(row.seen_ns)}"
    if row.superseded_ns is None:
        return seen
    return f"{seen}; the source changed it by {words.utc_minute(row.superseded_ns)}"
