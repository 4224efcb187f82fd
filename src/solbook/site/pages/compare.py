"""Two frames beside each other, or one over the other, at the same part of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from solbook.archive.frames import FrameRow, upstream_of
from solbook.errors import SolbookError
from solbook.missions import mission
from solbook.site.built import script_address
from solbook.site.finding import frame_at
from solbook.site.originals import image_id
from solbook.site.pages import links
from solbook.site.pages.enlarged import Part, Picture, moves, part_of, picture_for_viewer, size_of
from solbook.site.pages.shell import Head, Link, mission_crumbs, render
from solbook.site.pages.view import AskedView, View, asked_view
from solbook.site.state import archive, shown_pictures

router = APIRouter()

Manner = Literal["side", "slider"]
_MANNERS: dict[Manner, str] = {"side": "Side by side", "slider": "Before and after"}
_SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the two: what the viewer needs of it, and the part that is shown."""

    picture: Picture
    part: Part


@dataclass(frozen=True, slots=True)
class Choice:
    """A manner of comparing, as a link; `here` if it is the one shown."""

    label: str
    href: str
    here: bool


@router.get("/compare")
def compare(
    request: Request,
    asked: Annotated[AskedView, Depends(asked_view)],
    left: str = "",
    right: str = "",
    manner: Annotated[Manner, Query(alias="as")] = "side",
) -> Response:
    """Two frames at the same part of both, by its share of the whole."""
    keeper = archive(request)
    with keeper.reading() as connection:
        first, second = (_frame(connection, name) for name in (left, right))
    given = links.compare_path(left, right)
    if given != links.compare_path(first.id, second.id):
        rest = {name: value for name, value in request.query_params.items() if name not in _SIDES}
        return RedirectResponse(links.compare_path(first.id, second.id, **rest), 308)
    sizes = [
        size_of(shown_pictures(request).find(image_id(frame.id)).original)
        for frame in (first, second)
    ]
    view = View.of(sizes[0], asked)

    def address(other: View, how: Manner = manner) -> str:
        stated = None if how == "side" else how
        return links.compare_path(first.id, second.id, **{"as": stated}, **other.query())

    with keeper.reading() as connection:
        shown = [
            _shown(connection, frame, size, view.onto(size))
            for frame, size in zip((first, second), sizes, strict=True)
        ]
        matter = {
            "shown": shown,
            "manner": manner,
            "choices": [
                Choice(_MANNERS[how], address(view, how), how == manner) for how in _MANNERS
            ],
            "swapped": links.compare_path(
                second.id,
                first.id,
                **{"as": None if manner == "side" else manner},
                **view.onto(sizes[1]).query(),
            ),
            "moves": moves(view, address),
            "script": script_address("compare"),
        }
        return render(
            request, connection, "compare.html", _head(first, shown, address(view)), matter
        )


def _frame(connection: sa.Connection, name: str) -> FrameRow:
    mission_id, separator, product_id = name.partition("/")
    if not separator:
        raise SolbookError(
            "Two frames are needed to compare.",
            code="bad_request",
            found=name[:120] or "no id",
            expected="left= and right=, each the id of a frame: MISSION/PRODUCT_ID",
            help="Open a frame and choose one to compare it with.",
        )
    return frame_at(connection, mission_id, product_id)


def _shown(
    connection: sa.Connection, frame: FrameRow, size_px: tuple[int, int], view: View
) -> Shown:
    picture = picture_for_viewer(frame, upstream_of(connection, frame.key), size_px)
    return Shown(picture, part_of(frame.id, view, picture.alt))


def _head(first: FrameRow, shown: list[Shown], path: str) -> Head:
    left, right = (each.picture for each in shown)
    facts = mission(first.mission)
    return Head(
        title=f"{left.title} and {right.title}, compared",
        description=f"{left.alt}, beside {right.alt}. Credit: {left.credit}; {right.credit}.",
        path=path,
        crumbs=mission_crumbs(
            facts,
            Link(f"sol {first.sol}", links.sol_path(facts.id, first.sol)),
            Link(left.title, left.href),
            Link("Compared"),
        ),
        mission=facts,
        sol=first.sol,
        simulated=left.simulated or right.simulated,
    )
