"""Likes as open data: the most liked images, the images of the weeks, counts by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from solbook.archive import likes
from solbook.archive.catalogue import now_ns
from solbook.archive.like_periods import WEEK_PATTERN, monday_of
from solbook.archive.state import State
from solbook.site.api import models
from solbook.site.api.like_models import (
    DayLikesAnswer,
    ItemLikesAnswer,
    LeaderAnswer,
    LikesAnswer,
    WeekImageAnswer,
    WeekImagesAnswer,
)
from solbook.site.pages import links
from solbook.site.pages.liked import LikedImage, find_item, images_of, path_of
from solbook.site.pages.liked_lists import AskedList, asked_list, liked_list
from solbook.site.state import archive, use_connection

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": models.ErrorAnswer, "description": "A part of the address cannot be used."},
    404: {"model": models.ErrorAnswer, "description": "There is no such thing here."},
}
router = APIRouter(tags=["Likes"], responses=_ERRORS)

Connection = Annotated[sa.Connection, Depends(use_connection)]
Asked = Annotated[AskedList, Depends(asked_list)]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="After so many.")]

_FIRST_DAY = date(1970, 1, 1)
_LAST_DAY = date(9999, 12, 31)
_SIX_DAYS = timedelta(days=6)
_SENT_AT_ONCE = 500


@router.get("/likes")
def most_liked(
    request: Request, db: Connection, asked: Asked, limit: Limit = 48, offset: Offset = 0
) -> LikesAnswer:
    """The most liked images of a week, a sol, a year or of all time; by default of this week."""
    with archive(request).state.reading() as state:
        shown = liked_list(state, asked, now_ns())
        found = likes.leaders(state, shown.period, shown.mission, limit + 1, offset)
    images = images_of(db, [leader.item for leader in found[:limit]])
    more = {"limit": limit, "offset": offset + limit}
    return LikesAnswer(
        span=shown.period.span,
        period=shown.period.name or None,
        mission=shown.mission,
        starts=_day(shown.starts),
        ends=_day(shown.ends),
        over=shown.is_over,
        page=shown.path(),
        leaders=[
            LeaderAnswer(rank=rank, **_about(images[leader.item], leader.likes))
            for rank, leader in enumerate(found[:limit], offset + 1)
            if leader.item in images
        ],
        next=shown.path("/api/likes", **more) if len(found) > limit else None,
    )


@router.get("/likes/weeks")
def images_of_weeks(
    request: Request,
    db: Connection,
    limit: Limit = 52,
    before: Annotated[
        str | None, Query(pattern=WEEK_PATTERN, description="Only of weeks before this one.")
    ] = None,
) -> WeekImagesAnswer:
    """The image of each week that is over, newest first; it stays what it was then."""
    with archive(request).state.reading() as state:
        found = likes.images_of_weeks(state, now_ns(), limit + 1, before)
    images = images_of(db, {each.item for each in found[:limit]})
    weeks = []
    for each in found[:limit]:
        monday = monday_of(each.week)
        if each.item in images and monday is not None:
            weeks.append(
                WeekImageAnswer(
                    week=each.week,
                    starts=monday.isoformat(),
                    ends=(monday + _SIX_DAYS).isoformat(),
                    **_about(images[each.item], each.likes),
                )
            )
    query = {"limit": limit, "before": found[limit - 1].week} if len(found) > limit else None
    return WeekImagesAnswer(
        weeks=weeks, next=links.with_query("/api/likes/weeks", **query) if query else None
    )


@router.get(
    "/likes.csv",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "date,item,likes"}},
)
def by_day(
    request: Request,
    first: Annotated[date, Query(alias="from", description="First day, UTC.")] = _FIRST_DAY,
    last: Annotated[date, Query(alias="to", description="Last day, UTC.")] = _LAST_DAY,
) -> StreamingResponse:
    """The likes of every image by UTC day, without those taken back; nothing of visitors."""
    lines = _csv(archive(request).state, first.isoformat(), last.isoformat())
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": 'attachment; filename="solbook-likes.csv"'},
    )


@router.get("/likes/{item:path}")
def of_item(request: Request, item: str, db: Connection) -> ItemLikesAnswer:
    """How many like an image, and when they began to."""
    found = find_item(db, item)
    with archive(request).state.reading() as state:
        days = likes.days_of(state, found.id)
    return ItemLikesAnswer(
        item=found.id,
        page=path_of(found),
        likes=sum(day.likes for day in days),
        days=[DayLikesAnswer(date=day.day, likes=day.likes) for day in days],
    )


def _csv(state: State, first: str, last: str) -> Iterator[str]:
    """The lines, many at a time."""
    yield "date,item,likes\r\n"
    with state.reading() as connection:
        lines: list[str] = []
        for count in likes.day_counts(connection, first, last):
            lines.append(f"{count.day},{_cell(count.item)},{count.likes}\r\n")
            if len(lines) == _SENT_AT_ONCE:
                yield "".join(lines)
                lines.clear()
        yield "".join(lines)


def _cell(text: str) -> str:
    """A cell of CSV (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",\r\n') else text


def _about(image: LikedImage, count: int) -> dict[str, Any]:
    return {
        "item": image.id,
        "likes": count,
        "page": image.path,
        "title": image.title,
        "credit": image.credit,
        "mission": image.mission,
        "sol": image.sol,
        "simulated": image.simulated,
        "picture": f"{image.picture}.webp",
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
