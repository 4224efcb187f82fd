"""A picture enlarged: the part that the address names, and links on from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from solbook.archive.frames import assets_of, upstream_of
from solbook.imaging import widths_of
from solbook.missions import Mission, mission
from solbook.site import words
from solbook.site.built import script_address
from solbook.site.finding import frame_at
from solbook.site.originals import image_id
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.enlarged import (
    Picture,
    angle_words,
    moves,
    part_of,
    picture_for_viewer,
    picture_of_subject,
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
    size_px = size_of(shown_pictures(request).find(image_id(frame.id)).original)
    facts = mission(frame.mission)
    with keeper.reading() as connection:
        picture = picture_for_viewer(frame, upstream_of(connection, frame.key), size_px)
        place = _Place(
            crumbs=mission_crumbs(
                facts,
                Link(f"sol {frame.sol}", links.sol_path(facts.id, frame.sol)),
                Link(camera_name(frame.mission, frame.instrument).name, picture.href),
                Link("Enlarged"),
            ),
            about="About this frame",
            description=f"{facts.name}: {picture.alt}",
            mission=facts,
            sol=frame.sol,
        )
        return _show(request, connection, frame.key, picture, asked, place)


@router.get("/images/{source}/{name}/zoom")
def zoom_release(
    request: Request,
    source: str,
    name: str,
    asked: Annotated[AskedView, Depends(asked_view)],
) -> Response:
    """A part of a release's picture."""
    shown = shown_pictures(request).find(image_id(f"{source}/{name}"))
    picture = picture_of_subject(shown.subject, size_of(shown.original))
    place = _Place(
        crumbs=(
            Link("Images", "/images"),
            Link(picture.title, picture.href),
            Link("Enlarged"),
        ),
        about="About this image",
        description=picture.alt,
    )
    with archive(request).reading() as connection:
        return _show(request, connection, shown.subject.key, picture, asked, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an enlarged picture stands on the site, and what is said of it."""

    crumbs: tuple[Link, ...]
    about: str
    description: str
    mission: Mission | None = None
    sol: int | None = None


def _show(
    request: Request,
    connection: sa.Connection,
    item: int,
    picture: Picture,
    asked: AskedView,
    place: _Place,
) -> Response:
    view = View.of((picture.width_px, picture.height_px), asked)
    matter = {
        "picture": picture,
        "about": place.about,
        "part": part_of(picture.id, view, picture.alt),
        "moves": moves(view, lambda other: links.zoom_path(picture.id, **other.query())),
        "overview": links.picture_path(picture.id, _OVERVIEW_PX),
        "view": view,
        "facts": _facts(view, picture),
        "sizes": _sizes(picture.id, view.width_px),
        "best": best_file(picture.id, assets_of(connection, item), pictures(request)),
        "script": script_address("zoom"),
    }
    head = Head(
        title=f"{picture.title}, enlarged",
        description=f"{place.description}, enlarged. Credit: {picture.credit}.",
        path=links.zoom_path(picture.id, **view.query()),
        crumbs=place.crumbs,
        mission=place.mission,
        sol=place.sol,
        simulated=picture.simulated,
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


def _sizes(item_id: str, width_px: int) -> list[Size]:
    """The widths of pages that are narrower than the picture, and its own."""
    return [
        Size(
            f"{min(step, width_px):,} px wide",
            links.picture_path(item_id, step),
            links.picture_path(item_id, step, "jpg"),
        )
        for step in widths_of(width_px)
    ]
