"""A frame enlarged: the part that the address names, and links on from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from solbook.archive.frames import FrameRow, assets_of, upstream_of
from solbook.imaging import widths_of
from solbook.missions import mission
from solbook.site import words
from solbook.site.built import script_address
from solbook.site.finding import frame_at
from solbook.site.originals import image_id
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.cards import alt_text
from solbook.site.pages.enlarged import (
    Picture,
    angle_words,
    moves,
    part_of,
    picture_for_viewer,
    size_of,
)
from solbook.site.pages.facts import Fact
from solbook.site.pages.files import best_file
from solbook.site.pages.shell import Head, Link, mission_crumbs, render
from solbook.site.pages.view import AskedView, View, asked_view
from solbook.site.state import archive, pictures, shown_pictures

router = APIRouter()

_OVERVIEW_PX = 320


@dataclass(frozen=True, slots=True)
class Size:
    """The whole picture in one width: what it is called, and its addresses."""

    name: str
    webp_href: str
    jpeg_href: str


@router.get("/frames/{mission_id}/{product_id}/zoom")
def zoom(
    request: Request,
    mission_id: str,
    product_id: str,
    asked: Annotated[AskedView, Depends(asked_view)],
) -> Response:
    """A part of a frame's picture."""
    keeper = archive(request)
    with keeper.reading() as connection:
        frame = frame_at(connection, mission_id, product_id)
    if (mission_id, product_id) != (frame.mission, frame.product_id):
        return RedirectResponse(f"{links.zoom_path(frame.id)}?{request.url.query}", 308)
    shown = shown_pictures(request).find(image_id(frame.id))
    view = View.of(size_of(shown.original), asked)
    facts = mission(frame.mission)
    alt = alt_text(frame)
    with keeper.reading() as connection:
        picture = picture_for_viewer(
            frame, upstream_of(connection, frame.key), size_of(shown.original)
        )
        assets = assets_of(connection, frame.key)
        matter = {
            "frame": frame,
            "picture": picture,
            "part": part_of(frame, view, alt),
            "moves": moves(view, lambda other: links.zoom_path(frame.id, **other.query())),
            "overview": links.picture_path(frame.id, _OVERVIEW_PX),
            "view": view,
            "facts": _facts(view, picture),
            "sizes": _sizes(frame, view.width_px),
            "best": best_file(frame, assets, pictures(request)),
            "script": script_address("zoom"),
        }
        head = Head(
            title=f"{picture.title}, enlarged",
            description=f"{facts.name}: {alt}, enlarged. Credit: {picture.credit}.",
            path=links.zoom_path(frame.id, **view.query()),
            crumbs=mission_crumbs(
                facts,
                Link(f"sol {frame.sol}", links.sol_path(facts.id, frame.sol)),
                Link(camera_name(frame.mission, frame.instrument).name, picture.href),
                Link("Enlarged"),
            ),
            mission=facts,
            sol=frame.sol,
        )
        return render(request, connection, "zoom.html", head, matter)


def _facts(view: View, picture: Picture) -> list[Fact]:
    box = view.box
    found = [
        Fact("Picture", words.pixel_size(view.width_px, view.height_px) or ""),
        Fact("Shown", "all of it" if view.is_whole else words.pixel_size(*box[2:]) or ""),
    ]
    if not view.is_whole:
        found.append(Fact("Middle", f"{view.x:.0f}, {view.y:.0f} px"))
        found.append(Fact("Enlarged", f"{view.zoom:.3g} times"))
    if view.rotation:
        found.append(Fact("Turned", f"{words.degrees(view.rotation, 0)} clockwise"))
    if picture.degrees:
        degrees = float(picture.degrees)
        found.append(
            Fact("One pixel", angle_words(degrees), note="in the middle, by the camera model")
        )
        found.append(Fact("Shown across", f"about {angle_words(degrees * box.width)}"))
    return found


def _sizes(frame: FrameRow, width_px: int) -> list[Size]:
    """The widths of pages that are narrower than the picture, and its own."""
    return [
        Size(
            f"{min(step, width_px):,} px wide",
            links.picture_path(frame.id, step),
            links.picture_path(frame.id, step, "jpg"),
        )
        for step in widths_of(width_px)
    ]
