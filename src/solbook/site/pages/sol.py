"""A sol: its frames by camera, its span on Earth, the sols before and after it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from solbook.archive import overview
from solbook.archive.frames import FrameRow, frames_of_sol
from solbook.archive.overview import InstrumentCount
from solbook.errors import SolbookError
from solbook.missions import Mission, mission
from solbook.site import words
from solbook.site.finding import base_address
from solbook.site.pages import links
from solbook.site.pages.cameras import CameraName, group_totals, in_order
from solbook.site.pages.cards import Card, CardMaker, say_in_sol
from solbook.site.pages.errors import error_page
from solbook.site.pages.holdings import holdings
from solbook.site.pages.paging import Pages
from solbook.site.pages.published import published_of
from solbook.site.pages.shell import Head, Link, mission_crumbs, render
from solbook.site.pages.taking import ManifestLink, manifest_link
from solbook.site.state import archive

router = APIRouter()

_FIRST_SHOWN = 24

Sol = Annotated[int, Path(ge=-10_000, le=100_000)]


@dataclass(frozen=True, slots=True)
class Group:
    """The frames of one camera on a sol.

    Attributes:
        camera: The camera.
        anchor: Its place on the page.
        held: How many frames, in words.
        total: How many frames.
        cards: The frames shown.
        pictured: Whether any of them has a picture; else they are better listed than shown.
        all_href: Where all of them are; empty if these are all.
        only_thumbnails: Whether the camera has nothing else on this sol.
    """

    camera: CameraName
    anchor: str
    held: str
    total: int
    cards: list[Card]
    pictured: bool
    all_href: str
    only_thumbnails: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a sol is asked for."""

    instrument: str | None
    page: int
    thumbnails: bool


@router.get("/missions/{mission_id}/sols/{sol}")
def one_sol(
    request: Request,
    mission_id: str,
    sol: Sol,
    instrument: Annotated[str | None, Query(max_length=80)] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    thumbnails: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """The frames of a sol; of one camera, page by page, if it is named."""
    facts = mission(mission_id)
    asked = Asked(instrument.upper() if instrument else None, page, thumbnails == "show")
    with archive(request).reading() as connection:
        sols = [held for held, _ in holdings(request, connection).sols(connection, facts.id)]
        before, after = neighbours(sols, sol)
        counts = overview.instrument_counts(connection, facts.id, sol)
        if not counts:
            return _no_frames(request, facts, sol, before, after)
        return _show(request, connection, facts, sol, asked, counts, before, after)


def neighbours(sols: Sequence[int], sol: int) -> tuple[int | None, int | None]:
    """The nearest sols with frames before and after a sol."""
    left, right = bisect_left(sols, sol), bisect_right(sols, sol)
    return (sols[left - 1] if left else None), (sols[right] if right < len(sols) else None)


def _show(
    request: Request,
    connection: sa.Connection,
    facts: Mission,
    sol: int,
    asked: Asked,
    counts: list[InstrumentCount],
    before: int | None,
    after: int | None,
) -> HTMLResponse:
    cameras = in_order(facts.id, counts)
    shown = _of_camera(cameras, asked.instrument, facts, sol) if asked.instrument else cameras
    size = archive(request).settings.frames_per_page
    limit, offset = (size, (asked.page - 1) * size) if asked.instrument else (_FIRST_SHOWN, 0)
    found = [
        _frames(connection, facts, sol, camera, count, asked, limit, offset)
        for camera, count in shown
    ]
    maker = CardMaker(request, connection, [frame for frames in found for frame in frames])
    groups = [
        _group(facts, sol, camera, count, frames, asked, maker)
        for (camera, count), frames in zip(shown, found, strict=True)
    ]
    if asked.instrument and not groups[0].cards:
        raise SolbookError(
            "There are no more frames of this camera on this sol.",
            code="not_found",
            found=f"page {asked.page}",
            expected=f"pages 1 to {max(-(-groups[0].total // size), 1)}",
            help="Begin at page 1.",
        )
    path = links.sol_path(facts.id, sol)
    one = groups[0].camera if asked.instrument else None
    starts_ns = facts.clock.sol_start_utc(sol)
    ends_ns = facts.clock.sol_start_utc(sol + 1)
    hidden = 0 if asked.thumbnails else _hidden(shown)
    matter = {
        "title": f"{facts.name}, sol {sol}" + (f": {one.name}" if one else ""),
        "starts": words.utc_minute(starts_ns),
        "ends": words.utc_minute(ends_ns),
        "starts_machine": words.utc_machine(starts_ns),
        "ends_machine": words.utc_machine(ends_ns),
        "scale": facts.clock.kind,
        "held": words.counted(sum(count.frames for _, count in shown), "frame"),
        "totals": group_totals(facts.id, counts),
        "groups": groups,
        "one": one,
        "path": path,
        "before": _sol_link(facts, before),
        "after": _sol_link(facts, after),
        "hidden": words.counted(hidden, "thumbnail") if hidden else "",
        "hidden_is_one": hidden == 1,
        "thumbnails": asked.thumbnails,
        "show_href": _here(path, asked, thumbnails=True),
        "hide_href": _here(path, asked, thumbnails=False),
        "pictureless": not any(group.pictured for group in groups),
        "has_thumbnails": any(count.thumbnails for _, count in shown),
        "pages": _pages(path, asked, groups[0], size) if asked.instrument else None,
        "manifest": _manifest(request, facts, sol, asked, groups[0]),
        "published": published_of(request, connection, [("sol", f"{facts.id}/{sol}")]),
        "go_href": f"{links.mission_path(facts.id)}/sols",
    }
    head = _head(facts, sol, one, asked, path, str(matter["totals"]), matter)
    return render(request, connection, "sol.html", head, matter)


def _head(
    facts: Mission,
    sol: int,
    one: CameraName | None,
    asked: Asked,
    path: str,
    totals: str,
    matter: Mapping[str, object],
) -> Head:
    numbered = f", page {asked.page}" if asked.page > 1 and one else ""
    crumbs = [Link(f"sol {sol}", path if one else "")]
    if one:
        crumbs.append(Link(one.name))
    before, after = matter["before"], matter["after"]
    return Head(
        title=f"{matter['title']}{numbered}",
        description=f"{matter['held']} of sol {sol} from {facts.name}"
        + (f", {one.name}." if one else f": {totals}."),
        path=links.with_query(
            path,
            instrument=one.code if one else None,
            page=asked.page if one and asked.page > 1 else None,
        ),
        twin=links.with_query(links.json_twin(path), instrument=one.code if one else None),
        crumbs=mission_crumbs(facts, *crumbs),
        mission=facts,
        sol=sol,
        previous=before.href if isinstance(before, Link) else "",
        next=after.href if isinstance(after, Link) else "",
    )


def _of_camera(
    cameras: list[tuple[CameraName, InstrumentCount]], code: str, facts: Mission, sol: int
) -> list[tuple[CameraName, InstrumentCount]]:
    found = [pair for pair in cameras if pair[0].code.upper() == code]
    if not found:
        raise SolbookError(
            f"This camera has no frames of sol {sol} here.",
            code="not_found",
            found=code,
            expected=", ".join(camera.code for camera, _ in cameras),
            help=f"See all cameras of the sol at {links.sol_path(facts.id, sol)}",
        )
    return found


def _frames(
    connection: sa.Connection,
    facts: Mission,
    sol: int,
    camera: CameraName,
    count: InstrumentCount,
    asked: Asked,
    limit: int,
    offset: int,
) -> list[FrameRow]:
    return frames_of_sol(
        connection,
        facts.id,
        sol,
        camera.code,
        thumbnails=asked.thumbnails or _only_thumbnails(count),
        limit=limit,
        offset=offset,
    )


def _only_thumbnails(count: InstrumentCount) -> bool:
    return count.frames == count.thumbnails


def _hidden(cameras: list[tuple[CameraName, InstrumentCount]]) -> int:
    return sum(count.thumbnails for _, count in cameras if not _only_thumbnails(count))


def _group(
    facts: Mission,
    sol: int,
    camera: CameraName,
    count: InstrumentCount,
    frames: list[FrameRow],
    asked: Asked,
    maker: CardMaker,
) -> Group:
    only = _only_thumbnails(count)
    total = count.frames if asked.thumbnails or only else count.frames - count.thumbnails
    more = asked.instrument is None and total > len(frames)
    path = links.sol_path(facts.id, sol)
    all_of_it = Asked(camera.code, 1, asked.thumbnails)
    return Group(
        camera=camera,
        anchor=f"camera-{camera.code.lower()}",
        held=words.counted(total, "thumbnail" if only else "frame"),
        total=total,
        cards=maker.cards(frames, say_in_sol),
        pictured=any(maker.has_picture(frame) for frame in frames),
        all_href=_here(path, all_of_it, thumbnails=asked.thumbnails) if more else "",
        only_thumbnails=only,
    )


def _here(path: str, asked: Asked, *, thumbnails: bool, page: int = 1) -> str:
    return links.with_query(
        path,
        instrument=asked.instrument,
        page=page if page > 1 else None,
        thumbnails="show" if thumbnails else None,
    )


def _pages(path: str, asked: Asked, group: Group, size: int) -> Pages | None:
    if group.total <= size:
        return None
    first = (asked.page - 1) * size + 1
    last = min(first + size - 1, group.total)

    def address(page: int) -> str:
        return _here(path, asked, thumbnails=asked.thumbnails, page=page)

    return Pages(
        label=f"Frames {first} to {last} of {words.number(group.total)}",
        before=address(asked.page - 1) if asked.page > 1 else "",
        after=address(asked.page + 1) if last < group.total else "",
    )


def _manifest(
    request: Request, facts: Mission, sol: int, asked: Asked, group: Group
) -> ManifestLink | None:
    """The manifest of one camera's frames; thumbnails have none."""
    if asked.instrument is None or group.only_thumbnails:
        return None
    code = group.camera.code
    # A page with thumbnails among its frames has others than the manifest's page of that number.
    page = 1 if asked.thumbnails else asked.page
    return manifest_link(
        base_address(request),
        "IIIF manifest",
        links.sol_manifest_path(facts.id, sol, code, page),
        _here(links.sol_path(facts.id, sol), asked, thumbnails=asked.thumbnails, page=asked.page),
    )


def _sol_link(facts: Mission, sol: int | None) -> Link | None:
    return None if sol is None else Link(f"sol {sol}", links.sol_path(facts.id, sol))


def _no_frames(
    request: Request, facts: Mission, sol: int, before: int | None, after: int | None
) -> HTMLResponse:
    nearest = [link for s in (before, after) if (link := _sol_link(facts, s)) is not None]
    named = words.listed([link.label for link in nearest])
    error = SolbookError(
        f"There are no frames of {facts.name}'s sol {sol} here.",
        code="not_found",
        found=f"sol {sol}, with no frames",
        expected=f"the nearest with frames: {named}" if named else "a sol with frames",
        help="Go to one of them, or to the calendar of the mission. A sol without frames may be"
        " one on which nothing came down, or one this archive has not read yet.",
    )
    calendar = Link(
        f"{facts.name}'s sols",
        f"{links.with_query(links.mission_path(facts.id), at=sol)}#sols",
    )
    return error_page(request, 404, error, ways=[*nearest, calendar], sol=sol)
