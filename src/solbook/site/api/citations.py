"""Taking a frame along: its citation in three forms, its picture in a size and a format."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from solbook.archive.frames import assets_of
from solbook.errors import SolbookError
from solbook.site.api.models import ErrorAnswer
from solbook.site.citation import Citation, citation
from solbook.site.finding import base_address, frame_at
from solbook.site.pages import links
from solbook.site.pages.cards import CardMaker, known_size
from solbook.site.state import use_connection

Connection = Annotated[sa.Connection, Depends(use_connection)]

# The day of access is in it.
_CACHE = {"Cache-Control": "no-cache"}


def _fault(description: str) -> dict[str, Any]:
    return {"model": ErrorAnswer, "description": description, "content": {"text/html": {}}}


router = APIRouter(
    prefix="/frames/{mission}/{product_id}",
    tags=["Pictures"],
    responses={
        400: _fault("A part of the address cannot be used."),
        404: _fault("There is no such frame or picture."),
    },
)


@router.get("/citation.txt", response_class=PlainTextResponse)
def as_text(request: Request, mission: str, product_id: str, db: Connection) -> Response:
    """How to cite a frame, in words."""
    cite = _cited(request, db, mission, product_id)
    return PlainTextResponse(f"{cite.text()}\n", headers=_CACHE)


@router.get(
    "/citation.bib",
    response_class=Response,
    responses={200: {"content": {"application/x-bibtex": {}}}},
)
def as_bibtex(request: Request, mission: str, product_id: str, db: Connection) -> Response:
    """How to cite a frame, in BibTeX."""
    cite = _cited(request, db, mission, product_id)
    kind = "application/x-bibtex; charset=utf-8"
    return Response(cite.bibtex(), headers=_CACHE | {"Content-Type": kind})


@router.get(
    "/citation.json",
    response_class=JSONResponse,
    responses={200: {"content": {"application/vnd.citationstyles.csl+json": {}}}},
)
def as_csl(request: Request, mission: str, product_id: str, db: Connection) -> Response:
    """How to cite a frame, in CSL-JSON: a list of one item."""
    cite = _cited(request, db, mission, product_id)
    kind = "application/vnd.citationstyles.csl+json"
    return JSONResponse([cite.csl()], media_type=kind, headers=_CACHE)


@router.get("/download", status_code=303, response_class=RedirectResponse)
def download(
    request: Request,
    mission: str,
    product_id: str,
    db: Connection,
    width: Annotated[
        int | None,
        Query(ge=1, le=1_000_000, description="Pixels; the picture's own width if left out."),
    ] = None,
    form: Annotated[
        Literal["jpg", "png", "webp"], Query(alias="format", description="Kind of file.")
    ] = "jpg",
) -> Response:
    """Leads to a frame's picture in a width and a format, as a download.

    A form cannot write a path, so it asks here. No picture is made larger than it is.
    """
    frame = frame_at(db, mission, product_id)
    maker = CardMaker(request, db, [frame])
    if not maker.has_picture(frame):
        raise SolbookError(
            "The picture of this frame is not stored here.",
            code="not_found",
            found="no file that is stored or may be fetched",
            expected="a picture",
            help=f"See {links.frame_path(frame.id)} for where its files are.",
        )
    own = known_size(frame, maker.assets(frame))
    whole = width is None or (own is not None and width >= own[0])
    path = links.image_path(frame.id, "max" if whole else f"{width},", form)
    return RedirectResponse(f"{path}?download=1", 303)


def _cited(request: Request, db: sa.Connection, mission: str, product_id: str) -> Citation:
    frame = frame_at(db, mission, product_id)
    return citation(frame, assets_of(db, frame.key), base_address(request))
