"""Lists of what was published: images, videos and news, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from solbook.archive import releases as catalogue
from solbook.archive.releases import ReleaseCount, ReleaseFilter, ReleaseRow
from solbook.missions import MISSIONS
from solbook.records import MEDIA_TYPES, MOVING
from solbook.site import words
from solbook.site.finding import release_filter
from solbook.site.pages import links
from solbook.site.pages.cards import Picture
from solbook.site.pages.paging import Pages
from solbook.site.pages.release_cards import ReleaseCards, Why, no_reason
from solbook.site.pages.shell import Head, Link, render
from solbook.site.release_words import release_credit, release_date, release_simulated, type_plural
from solbook.site.state import archive
from solbook.site.targets import target_label

router = APIRouter()

IMAGES = tuple(kind for kind in MEDIA_TYPES if kind != "article")
_SHOWN = 48
_STORIES_SHOWN = 24
_MOST_WORDS = 320

Page = Annotated[int, Query(ge=1, le=100_000)]
MissionId = Annotated[str | None, Query(max_length=40)]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
About = Annotated[str | None, Query(max_length=200)]


class _List(NamedTuple):
    """A list of one sort of release."""

    path: str
    title: str
    noun: str
    plural: str
    media_types: tuple[str, ...]
    template: str
    shown: int


_IMAGES = _List("/images", "Images", "image", "images", IMAGES, "images.html", _SHOWN)
_VIDEOS = _List(
    "/videos", "Videos", "video", "videos", tuple(sorted(MOVING)), "images.html", _SHOWN
)
_NEWS = _List("/news", "News", "story", "stories", ("article",), "news.html", _STORIES_SHOWN)


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow a list: what it is called, how many, where; `here` if it is chosen."""

    label: str
    count: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A story in a list: its page, title, date and credit, how it begins, why it is there."""

    href: str
    title: str
    meta: str
    words: str
    simulated: bool
    why: str = ""


@router.get("/images")
def images(
    request: Request,
    media_type: Annotated[str | None, Query(alias="type", max_length=20)] = None,
    mission: MissionId = None,
    year: Year = None,
    about: About = None,
    page: Page = 1,
) -> HTMLResponse:
    """Everything captioned but stories."""
    wanted = release_filter(IMAGES, media_type, mission, year, about)
    return _list(request, _IMAGES, wanted, about, page)


@router.get("/videos")
def videos(
    request: Request, mission: MissionId = None, year: Year = None, page: Page = 1
) -> HTMLResponse:
    """Videos and animations."""
    wanted = release_filter(_VIDEOS.media_types, None, mission, year, None)
    return _list(request, _VIDEOS, wanted, None, page)


@router.get("/news")
def news(
    request: Request,
    mission: MissionId = None,
    year: Year = None,
    about: About = None,
    page: Page = 1,
) -> HTMLResponse:
    """Stories."""
    wanted = release_filter(_NEWS.media_types, None, mission, year, about)
    return _list(request, _NEWS, wanted, about, page)


def _list(
    request: Request, what: _List, wanted: ReleaseFilter, about: str | None, page: int
) -> HTMLResponse:
    query = _query(what, wanted, about)
    with archive(request).reading() as connection:
        total = catalogue.count_releases(connection, wanted)
        offset = (page - 1) * what.shown
        found = catalogue.releases(connection, wanted, limit=what.shown, offset=offset)
        maker = ReleaseCards(request, connection, found)
        subject = target_label(*wanted.about) if wanted.about else ""
        matter = {
            "title": what.title,
            "subject": subject,
            "held": words.counted(total, what.noun, what.plural),
            "is_empty": not total and not query,
            "types": _types(connection, what, wanted, query),
            "missions": _missions(connection, what, wanted, query),
            "years": _years(connection, what, wanted, query),
            "all_href": what.path if query else "",
            "cards": maker.cards(found) if what is not _NEWS else [],
            "stories": told(found, maker) if what is _NEWS else [],
            "others": _others(what, about),
            "pages": _pages(what, query, page, len(found), total),
        }
        chosen = " · ".join(str(value) for value in query.values() if value != about)
        label = " · ".join(text for text in (what.title, subject, chosen) if text)
        head = Head(
            title=label + (f", page {page}" if page > 1 else ""),
            description=f"{matter['held']} with credit and caption, newest first"
            + (f": {subject}." if subject else "."),
            path=links.with_query(what.path, **query, page=page if page > 1 else None),
            twin=links.with_query(links.json_twin(what.path), **query),
            crumbs=(Link(what.title),),
            simulated=bool(found) and all(release_simulated(release) for release in found),
        )
        return render(request, connection, what.template, head, matter)


def _query(what: _List, wanted: ReleaseFilter, about: str | None) -> dict[str, object]:
    given: dict[str, object] = {}
    if wanted.media_types != what.media_types:
        given["type"] = wanted.media_types[0]
    given |= {"mission": wanted.mission, "year": wanted.year, "about": about}
    return {name: value for name, value in given.items() if value is not None}


def _choices(
    what: _List,
    query: dict[str, object],
    name: str,
    counts: list[ReleaseCount],
    labels: dict[str, str],
) -> list[Choice]:
    """The choices of one kind, all of them first; none where there is nothing to choose."""
    chosen = query.get(name)
    rest = {key: value for key, value in query.items() if key != name}
    if len(counts) < 2 and chosen is None:
        return []
    total = sum(count.releases for count in counts)
    every = Choice("All", words.number(total), links.with_query(what.path, **rest), chosen is None)
    if name == "mission":
        # A release may be of several missions, or of none.
        every = Choice("All", "", links.with_query(what.path, **rest), chosen is None)
    return [
        every,
        *(
            Choice(
                labels.get(count.value, count.value),
                words.number(count.releases),
                links.with_query(what.path, **{**rest, name: count.value}),
                str(chosen) == count.value,
            )
            for count in counts
        ),
    ]


def _types(
    connection: sa.Connection, what: _List, wanted: ReleaseFilter, query: dict[str, object]
) -> list[Choice]:
    if what is not _IMAGES:
        return []
    found = {c.value: c for c in catalogue.counts_by_type(connection, wanted)}
    counts = [found[kind] for kind in what.media_types if kind in found]
    return _choices(what, query, "type", counts, {kind: type_plural(kind) for kind in MEDIA_TYPES})


def _missions(
    connection: sa.Connection, what: _List, wanted: ReleaseFilter, query: dict[str, object]
) -> list[Choice]:
    counts = [c for c in catalogue.counts_by_mission(connection, wanted) if c.value in MISSIONS]
    labels = {known.id: known.name for known in MISSIONS.values()}
    return _choices(what, query, "mission", counts, labels)


def _years(
    connection: sa.Connection, what: _List, wanted: ReleaseFilter, query: dict[str, object]
) -> list[Choice]:
    return _choices(what, query, "year", catalogue.counts_by_year(connection, wanted), {})


def told(
    found: Sequence[ReleaseRow], maker: ReleaseCards, why: Why = no_reason
) -> list[tuple[Story, Picture | None]]:
    """Stories as lists tell of them, each with its picture."""
    return [
        (
            Story(
                links.release_path(release.id, release.kind),
                release.title,
                " · ".join(x for x in (release_date(release), release_credit(release)) if x),
                words.beginning(release.caption or "", _MOST_WORDS),
                release_simulated(release),
                why(release),
            ),
            maker.picture(release),
        )
        for release in found
    ]


def _others(what: _List, about: str | None) -> Link | None:
    """The other list of what is about the same."""
    if about is None:
        return None
    if what is _NEWS:
        return Link("Images of the same", links.with_query("/images", about=about))
    return Link("Stories about the same", links.with_query("/news", about=about))


def _pages(
    what: _List, query: dict[str, object], page: int, shown: int, total: int
) -> Pages | None:
    if total <= what.shown and page == 1:
        return None
    first = (page - 1) * what.shown + 1
    last = first + shown - 1
    label = f"{first:,} to {last:,} of {total:,}" if shown else f"none beyond {total:,}"
    before = links.with_query(what.path, **query, page=page - 1 if page > 2 else None)
    after = links.with_query(what.path, **query, page=page + 1)
    return Pages(label, before if page > 1 else "", after if last < total and shown else "")
