"""Feeds of liked images, as Atom (RFC 4287) and as JSON Feed 1.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from xml.etree import ElementTree as ET

import orjson
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from solbook.archive import likes
from solbook.archive.catalogue import now_ns
from solbook.archive.files import sha256_of
from solbook.archive.like_periods import day_of, monday_of
from solbook.archive.likes import WeekImage
from solbook.site import words
from solbook.site.api import models
from solbook.site.caching import is_known
from solbook.site.finding import base_address
from solbook.site.pages.liked import LikedImage, images_of
from solbook.site.pages.liked_lists import AskedList, asked_list, liked_list
from solbook.site.pages.liked_words import heading, week_heading
from solbook.site.state import archive, use_connection

Form = Literal["atom", "json"]
Connection = Annotated[sa.Connection, Depends(use_connection)]
Asked = Annotated[AskedList, Depends(asked_list)]

router = APIRouter(
    tags=["Likes"],
    responses={
        200: {"content": {"application/atom+xml": {}, "application/feed+json": {}}},
        400: {"model": models.ErrorAnswer, "description": "A part of the address cannot be used."},
        404: {"model": models.ErrorAnswer, "description": "There is no such thing here."},
    },
)

_ATOM = "http://www.w3.org/2005/Atom"
_MEDIA_TYPES: dict[Form, str] = {"atom": "application/atom+xml", "json": "application/feed+json"}
_LONGEST = 30
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry: an image, why it is there and since when."""

    mark: str
    title: str
    image: LikedImage
    day: date
    about: str


@dataclass(frozen=True, slots=True)
class _Feed:
    title: str
    page: str
    path: str
    entries: Sequence[_Entry]


@router.get("/most-liked.{form}")
def most_liked(request: Request, form: Form, db: Connection, asked: Asked) -> Response:
    """The most liked images of a period; an entry is dated by the last day it was liked."""
    with archive(request).state.reading() as state:
        shown = liked_list(state, asked, now_ns())
        found = likes.leaders(state, shown.period, shown.mission, _LONGEST)
        images = images_of(db, [leader.item for leader in found])
        entries = [
            _Entry(
                f"{shown.period.span}-{shown.period.name}",
                images[leader.item].title,
                images[leader.item],
                date.fromisoformat(likes.days_of(state, leader.item)[-1].day),
                words.counted(leader.likes, "like"),
            )
            for leader in found
            if leader.item in images
        ]
    # Who follows "this week" is to see the next week as well.
    path = asked.path(f"/feeds/most-liked.{form}")
    return _answer(request, form, _Feed(heading(shown), asked.path(), path, entries))


@router.get("/image-of-the-week.{form}")
def image_of_the_week(request: Request, form: Form, db: Connection) -> Response:
    """The image of each week that is over, newest first."""
    with archive(request).state.reading() as state:
        found = likes.images_of_weeks(state, now_ns(), _LONGEST)
    images = images_of(db, {each.item for each in found})
    entries = [_week_entry(each, images[each.item]) for each in found if each.item in images]
    path = f"/feeds/image-of-the-week.{form}"
    return _answer(request, form, _Feed("Image of the week", "/most-liked/weeks", path, entries))


def _week_entry(each: WeekImage, image: LikedImage) -> _Entry:
    monday = monday_of(each.week) or day_of(0)
    return _Entry(
        f"week-{each.week}",
        f"{week_heading(each.week)}: {image.title}",
        image,
        monday + _WEEK,
        f"{words.counted(each.likes, 'like')} in its week",
    )


def _answer(request: Request, form: Form, feed: _Feed) -> Response:
    base = base_address(request)
    body = _atom(feed, base) if form == "atom" else _json(feed, base)
    etag = f'"{sha256_of(body)[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=_MEDIA_TYPES[form], headers=headers)


def _atom(feed: _Feed, base: str) -> bytes:
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")

    def put(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
        made = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        made.text = words.one_line(text) or None
        return made

    newest = max((entry.day for entry in feed.entries), default=day_of(0))
    put(root, "title", f"{feed.title} · Solbook")
    put(root, "id", base + feed.path)
    put(root, "updated", _moment(newest))
    put(root, "link", rel="self", type=_MEDIA_TYPES["atom"], href=base + feed.path)
    put(root, "link", rel="alternate", type="text/html", href=base + feed.page)
    put(put(root, "author"), "name", "Solbook")
    for entry in feed.entries:
        made = put(root, "entry")
        put(made, "title", entry.title)
        put(made, "id", f"{base}{entry.image.path}#{entry.mark}")
        put(made, "updated", _moment(entry.day))
        put(made, "link", rel="alternate", type="text/html", href=base + entry.image.path)
        put(put(made, "author"), "name", entry.image.credit)
        put(made, "content", _html(entry, base), type="html")
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _json(feed: _Feed, base: str) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "id": f"{base}{entry.image.path}#{entry.mark}",
            "url": base + entry.image.path,
            "title": entry.title,
            "content_html": _html(entry, base),
            "image": f"{base}{entry.image.picture}.jpg",
            "date_modified": _moment(entry.day),
            "authors": [{"name": entry.image.credit}],
        }
        for entry in feed.entries
    ]
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"{feed.title} · Solbook",
            "home_page_url": base + feed.page,
            "feed_url": base + feed.path,
            "items": items,
        },
        option=orjson.OPT_INDENT_2,
    )


def _html(entry: _Entry, base: str) -> str:
    """An entry as HTML: the picture, the likes, the credit; made by a serialiser, so escaped."""
    root = ET.Element("div")
    picture = ET.SubElement(ET.SubElement(root, "p"), "img")
    picture.set("src", f"{base}{entry.image.picture}.jpg")
    picture.set("alt", words.one_line(entry.image.alt))
    line = ET.SubElement(root, "p")
    line.text = words.one_line(f"{entry.about}. {entry.image.alt}. Credit: {entry.image.credit}")
    return ET.tostring(root, encoding="unicode", method="html")


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat().replace("+00:00", "Z")
