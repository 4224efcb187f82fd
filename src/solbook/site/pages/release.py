"""A release or a story: what it shows, when it was published, whom to credit, what it speaks of."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from solbook.archive.frames import AssetRow, upstream_of
from solbook.archive.links import LinkRow, links_of
from solbook.archive.releases import ReleaseFilter, ReleaseRow, beside
from solbook.jobs.fetch import PictureFetcher
from solbook.missions import MISSIONS, Mission
from solbook.site import words
from solbook.site.finding import release_at
from solbook.site.pages import links
from solbook.site.pages.after import after
from solbook.site.pages.enlarged import picture_of_subject
from solbook.site.pages.facts import Fact
from solbook.site.pages.files import best_file, downloads
from solbook.site.pages.frame_facts import SOURCE_NAMES, raw_records
from solbook.site.pages.likes import heart
from solbook.site.pages.release_cards import ReleaseCards, kind_mark
from solbook.site.pages.releases import IMAGES
from solbook.site.pages.shell import Head, Link, render
from solbook.site.pages.taking import release_taking
from solbook.site.release_words import (
    credit_note,
    is_made,
    release_credit,
    release_date,
    release_simulated,
    type_name,
)
from solbook.site.state import archive, pictures
from solbook.site.subjects import subject_of_release
from solbook.site.targets import targets_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Player:
    """A film or a sound.

    Attributes:
        kind: `video` or `audio`.
        src: Its file here.
        media_type: What it is; empty while it is not stored.
        track: Its captions; empty where there are none.
        poster: The picture that stands there until it plays; empty where there is none.
    """

    kind: str
    src: str
    media_type: str
    track: str
    poster: str


@router.get("/images/{source}/{name}")
def one_release(request: Request, source: str, name: str) -> Response:
    """A release."""
    return _one(request, source, name, "release")


@router.get("/news/{source}/{name}")
def one_story(request: Request, source: str, name: str) -> Response:
    """A story."""
    return _one(request, source, name, "article")


def _one(request: Request, source: str, name: str, kind: str) -> Response:
    with archive(request).reading() as connection:
        release = release_at(connection, source, name)
        if release.kind != kind:
            return RedirectResponse(links.release_path(release.id, release.kind), 308)
        return _show(request, connection, release)


def _show(request: Request, connection: sa.Connection, release: ReleaseRow) -> HTMLResponse:
    is_story = release.kind == "article"
    maker = ReleaseCards(request, connection, [release])
    assets = maker.assets(release)
    fetcher = pictures(request)
    found = links_of(connection, release.key)
    records = upstream_of(connection, release.key)
    size_px = maker.size_px(release)
    older, newer = beside(connection, release, ReleaseFilter(("article",) if is_story else IMAGES))
    subject = subject_of_release(release)
    matter = {
        "release": release,
        "is_story": is_story,
        "picture": maker.picture(release),
        "player": _player(release, assets, fetcher),
        "enlarge": picture_of_subject(subject, size_px) if size_px else None,
        "best": best_file(release.id, assets, fetcher),
        "kind": kind_mark(release),
        "heart": None if is_story else heart(request, release.id),
        "date": release_date(release),
        "caption": words.paragraphs(release.caption),
        "credit": release_credit(release),
        "credit_note": credit_note(release),
        "made_note": _made_note(release),
        "targets": targets_of(connection, found),
        "after": after(request, connection, release.id),
        "facts": _facts(release),
        "keywords": release.keyword_list,
        "files": downloads(release.id, 0, assets, fetcher)[0],
        "flags": release.flag_list,
        "records": raw_records(records),
        "older": _step(older),
        "newer": _step(newer),
        "taking": release_taking(request, release, maker),
        "source_href": links.outside(release.page_url),
        "source_name": SOURCE_NAMES.get(release.source, release.source),
    }
    return render(request, connection, "release.html", _head(release, found, older, newer), matter)


def _head(
    release: ReleaseRow,
    found: list[LinkRow],
    older: ReleaseRow | None,
    newer: ReleaseRow | None,
) -> Head:
    is_story = release.kind == "article"
    path = links.release_path(release.id, release.kind)
    mission = _mission(found)
    sols = [int(x.target.partition("/")[2]) for x in found if _is_sol_of(x, mission)]
    shown = words.beginning(" ".join((release.caption or release.title).split()), 200)
    return Head(
        title=release.title,
        description=f"{shown} Credit: {release_credit(release)}.",
        path=path,
        twin=links.json_twin(path),
        crumbs=(
            Link("News", "/news") if is_story else Link("Images", "/images"),
            Link(type_name(release.media_type)),
        ),
        mission=mission,
        sol=sols[0] if len(sols) == 1 else None,
        previous=links.release_path(older.id, older.kind) if older else "",
        next=links.release_path(newer.id, newer.kind) if newer else "",
        simulated=release_simulated(release),
    )


def _mission(found: list[LinkRow]) -> Mission | None:
    """The mission whose thread the page carries: the one it is linked to, if it is one."""
    missions = [link.target for link in found if link.kind == "mission"]
    known = [mission for mission in missions if mission in MISSIONS]
    return MISSIONS[known[0]] if len(known) == 1 else None


def _is_sol_of(link: LinkRow, mission: Mission | None) -> bool:
    return mission is not None and link.kind == "sol" and link.target.startswith(f"{mission.id}/")


def _player(release: ReleaseRow, assets: list[AssetRow], fetcher: PictureFetcher) -> Player | None:
    """The film or sound of a release, if it can be had from here."""
    by_role = {asset.role: asset for asset in assets}
    for kind in ("video", "audio"):
        asset = by_role.get(kind)
        if asset is None or not (asset.sha256 or fetcher.may_fetch(asset)):
            continue
        track = by_role.get("captions")
        has_track = track is not None and (track.sha256 or fetcher.may_fetch(track))
        pictured = any(a.sha256 for a in assets if a.role not in ("video", "audio", "captions"))
        return Player(
            kind=kind,
            src=links.file_path(release.id, asset.version, kind),
            media_type=asset.media_type or "",
            track=links.file_path(release.id, 0, "captions") if has_track else "",
            poster=links.picture_path(release.id, 1280) if pictured else "",
        )
    return None


def _made_note(release: ReleaseRow) -> str:
    if not is_made(release):
        return ""
    what = "an illustration" if release.media_type == "illustration" else "an animation"
    return f"This is {what}: no camera took it."


def _facts(release: ReleaseRow) -> list[Fact]:
    found = [Fact("Type", type_name(release.media_type))]
    if release.dated:
        found.append(Fact("Published", release_date(release), exact=release.dated))
    if release.location:
        found.append(Fact("Place stated", release.location))
    name = release.id.partition("/")[2]
    found.append(Fact("Id", name, is_id=True))
    found.append(Fact("Source", SOURCE_NAMES.get(release.source, release.source)))
    found.append(Fact("First read", words.utc_minute(release.first_seen_ns)))
    return found


def _step(release: ReleaseRow | None) -> Link | None:
    """A neighbour in time, as a link."""
    if release is None:
        return None
    title = words.beginning(release.title, 48)
    return Link(title, links.release_path(release.id, release.kind))
