"""A frame for the pages of other sites: its picture, its title, its credit, the way here."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from solbook.missions import mission
from solbook.site.finding import base_address, frame_at
from solbook.site.pages import links
from solbook.site.pages.cards import CardMaker
from solbook.site.pages.frame_facts import place_in_time
from solbook.site.pages.shell import fill, theme_of
from solbook.site.presented import presented_frame
from solbook.site.state import archive
from solbook.site.styles import style_sheet
from solbook.site.titles import is_simulated

router = APIRouter()

# Of all pages this one alone may stand in another; it has no form and no script.
_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'none';"
    " base-uri 'none'; frame-ancestors *"
)


@router.get("/frames/{mission_id}/{product_id}/embed")
def embed(request: Request, mission_id: str, product_id: str) -> Response:
    """A frame's picture, title and credit, in whatever size another site gives it."""
    with archive(request).reading() as connection:
        frame = frame_at(connection, mission_id, product_id)
        if (mission_id, product_id) != (frame.mission, frame.product_id):
            return RedirectResponse(links.embed_path(frame.id), 308)
        maker = CardMaker(request, connection, [frame])
        shown = presented_frame(frame, maker)
        picture = maker.picture(frame)
    text = fill(
        "embed.html",
        shown=shown,
        frame=frame,
        picture=picture,
        time=place_in_time(frame, mission(frame.mission)),
        canonical=base_address(request) + shown.page,
        simulated=is_simulated(frame),
        style_href=style_sheet().address,
        theme=theme_of(request),
    )
    headers = {
        "Cache-Control": "no-cache",
        "Vary": "Cookie",
        "Content-Security-Policy": _POLICY,
    }
    return HTMLResponse(text, headers=headers)
