"""Releases and stories as JSON: the twins of `/images`, `/videos`, `/news` and their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query

from solbook.archive import releases as catalogue
from solbook.archive.frames import assets_of, assets_of_all, pictures_among, upstream_of
from solbook.archive.links import LinkRow, links_of
from solbook.archive.releases import ReleaseFilter, ReleaseRow
from solbook.records import MOVING
from solbook.site.api import models
from solbook.site.api.answers import asset_answer
from solbook.site.api.own import ERRORS, MAX_FRAMES
from solbook.site.finding import release_at, release_filter
from solbook.site.pages import links
from solbook.site.pages.releases import IMAGES
from solbook.site.release_words import is_made, release_alt, release_simulated
from solbook.site.state import use_connection
from solbook.site.targets import target_of

router = APIRouter(tags=["Solbook"], responses=ERRORS)

ImageType = Literal[
    "photo", "mosaic", "illustration", "animation", "video", "map", "chart", "audio"
]
Connection = Annotated[sa.Connection, Depends(use_connection)]
Limit = Annotated[int, Query(ge=1, le=MAX_FRAMES, description="At most so many.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="After so many.")]
MissionId = Annotated[str | None, Query(max_length=40, description="Of this mission.")]
Year = Annotated[int | None, Query(ge=1900, le=2200, description="Published in this year.")]
About = Annotated[
    str | None,
    Query(
        max_length=200,
        pattern=r"^[a-z]+:.+$",
        description="With a link of a kind to a target: sol:m2020/257.",
    ),
]


@router.get("/images")
def images(
    db: Connection,
    media_type: Annotated[ImageType | None, Query(alias="type", description="Of it only.")] = None,
    mission: MissionId = None,
    year: Year = None,
    about: About = None,
    limit: Limit = 48,
    offset: Offset = 0,
) -> models.ReleasesAnswer:
    """Everything captioned but stories, newest first."""
    wanted = release_filter(IMAGES, media_type, mission, year, about)
    query = {"type": media_type, "mission": mission, "year": year, "about": about}
    return _list(db, "/api/images", wanted, query, limit, offset)


@router.get("/videos")
def videos(
    db: Connection,
    mission: MissionId = None,
    year: Year = None,
    limit: Limit = 48,
    offset: Offset = 0,
) -> models.ReleasesAnswer:
    """Videos and animations, newest first."""
    wanted = release_filter(tuple(sorted(MOVING)), None, mission, year, None)
    query = {"mission": mission, "year": year}
    return _list(db, "/api/videos", wanted, query, limit, offset)


@router.get("/news")
def news(
    db: Connection,
    mission: MissionId = None,
    year: Year = None,
    about: About = None,
    limit: Limit = 48,
    offset: Offset = 0,
) -> models.ReleasesAnswer:
    """Stories, newest first."""
    wanted = release_filter(("article",), None, mission, year, about)
    query = {"mission": mission, "year": year, "about": about}
    return _list(db, "/api/news", wanted, query, limit, offset)


@router.get("/images/{source}/{name}")
def one_release(source: str, name: str, db: Connection) -> models.ReleaseDetailAnswer:
    """A release, with what it shows, its files and its record."""
    return _detail(db, release_at(db, source, name))


@router.get("/news/{source}/{name}")
def one_story(source: str, name: str, db: Connection) -> models.ReleaseDetailAnswer:
    """A story, with what it speaks of and its record."""
    return _detail(db, release_at(db, source, name))


def _list(
    db: sa.Connection,
    path: str,
    wanted: ReleaseFilter,
    query: Mapping[str, object],
    limit: int,
    offset: int,
) -> models.ReleasesAnswer:
    found = catalogue.releases(db, wanted, limit=limit, offset=offset)
    total = catalogue.count_releases(db, wanted)
    files = assets_of_all(db, [release.key for release in found])
    pictured = {key for key, assets in files.items() if pictures_among(assets)}
    after = offset + len(found)
    more = links.with_query(path, **query, limit=limit, offset=after) if after < total else None
    return models.ReleasesAnswer(
        total=total,
        releases=[_answer(release, pictured=release.key in pictured) for release in found],
        next=more,
    )


def _answer(release: ReleaseRow, *, pictured: bool) -> models.ReleaseAnswer:
    return models.ReleaseAnswer(
        id=release.id,
        kind=release.kind,
        media_type=release.media_type,
        made=is_made(release),
        simulated=release_simulated(release),
        title=release.title,
        page=links.release_path(release.id, release.kind),
        published=release.dated,
        credit=release.credit,
        credit_source=release.credit_source,
        caption=release.caption,
        keywords=list(release.keyword_list),
        source=release.source,
        picture=links.picture_path(release.id, 640) if pictured else None,
    )


def _detail(db: sa.Connection, release: ReleaseRow) -> models.ReleaseDetailAnswer:
    assets = assets_of(db, release.key)
    head = _answer(release, pictured=bool(pictures_among(assets)))
    return models.ReleaseDetailAnswer(
        **head.model_dump(),
        body_html=release.body,
        location=release.location,
        alt=release_alt(release),
        source_page=release.page_url,
        flags=list(release.flag_list),
        links=[_link(db, link) for link in links_of(db, release.key)],
        files=[asset_answer(release.id, asset) for asset in assets],
        upstream=[row.record() for row in upstream_of(db, release.key)],
    )


def _link(db: sa.Connection, link: LinkRow) -> models.LinkAnswer:
    target = target_of(db, link)
    return models.LinkAnswer(
        kind=link.kind,
        target=link.target,
        label=target.label,
        page=target.href or None,
        words=link.words,
        field=link.field,
        ruling=link.ruling,
    )
