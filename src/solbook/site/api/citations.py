"""Taking an item along: its citation in three forms, its picture in a size and a format."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from solbook.archive.frames import assets_of
from solbook.errors import SolbookError
from solbook.site.api.models import ErrorAnswer
from solbook.site.citation import Citation, citation, release_citation
from solbook.site.finding import base_address, frame_at, release_at
from solbook.site.pages import links
from solbook.site.pages.cards import CardMaker, known_size
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.state import use_connection

Connection = Annotated[sa.Connection, Depends(use_connection)]

# The day of access is in it.
_CACHE = {"Cache-Control": "no-cache"}


def _fault(description: str) -> dict[str, Any]:
    return {"model": ErrorAnswer, "description": description, "content": {"text/html": {}}}


_FAULTS: dict[int | str, dict[str, Any]] = {
    400: _fault("A part of the address cannot be used."),
    404: _fault("There is no such item or picture."),
}
router = APIRouter(prefix="/frames/{mission}/{product_id}", tags=["Pictures"], responses=_FAULTS)
of_releases = APIRouter(prefix="/images/{source}/{name}", tags=["Pictures"], responses=_FAULTS)

Width = Annotated[
    int | None,
    Query(ge=1, le=1_000_000, description="Pixels; the picture's own width if left out."),
]
Form = Annotated[Literal["jpg", "png", "webp"], Query(alias="format", description="Kind of file.")]
_BIB: dict[int | str, dict[str, Any]] = {200: {"content": {"application/x-bibtex": {}}}}
_CSL: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/vnd.citationstyles.csl+json": {}}}
}


@router.get("/citation.txt", response_class=PlainTextResponse)
def as_text(request: Request, mission: str, product_id: str, db: Connection) -> Response:
    """How to cite a frame, in words."""
    return _text(_cited(request, db, mission, product_id))


@router.get("/citation.bib", response_class=Response, responses=_BIB)
def as_bibtex(request: Request, mission: str, product_id: str, db: Connection) -> Response:
    """How to cite a frame, in BibTeX."""
    return _bibtex(_cited(request, db, mission, product_id))


@router.get("/citation.json", response_class=JSONResponse, responses=_CSL)
def as_csl(request: Request, mission: str, product_id: str, db: Connection) -> Response:
    """How to cite a frame, in CSL-JSON: a list of one item."""
    return _csl(_cited(request, db, mission, product_id))


@router.get("/download", status_code=303, response_class=RedirectResponse)
def download(
    request: Request,
    mission: str,
    product_id: str,
    db: Connection,
    width: Width = None,
    form: Form = "jpg",
) -> Response:
    """Leads to a frame's picture in a width and a format, as a download.

    A form cannot write a path, so it asks here. No picture is made larger than it is.
    """
    frame = frame_at(db, mission, product_id)
    maker = CardMaker(request, db, [frame])
    own = known_size(frame, maker.assets(frame))
    return _sized(frame.id, own, width, form, is_here=maker.has_picture(frame))


@of_releases.get("/citation.txt", response_class=PlainTextResponse)
def release_as_text(request: Request, source: str, name: str, db: Connection) -> Response:
    """How to cite a release, in words."""
    return _text(_cited_release(request, db, source, name))


@of_releases.get("/citation.bib", response_class=Response, responses=_BIB)
def release_as_bibtex(request: Request, source: str, name: str, db: Connection) -> Response:
    """How to cite a release, in BibTeX."""
    return _bibtex(_cited_release(request, db, source, name))


@of_releases.get("/citation.json", response_class=JSONResponse, responses=_CSL)
def release_as_csl(request: Request, source: str, name: str, db: Connection) -> Response:
    """How to cite a release, in CSL-JSON: a list of one item."""
    return _csl(_cited_release(request, db, source, name))


@of_releases.get("/download", status_code=303, response_class=RedirectResponse)
def download_release(
    request: Request,
    source: str,
    name: str,
    db: Connection,
    width: Width = None,
    form: Form = "jpg",
) -> Response:
    """Leads to a release's picture in a width and a format, as a download."""
    release = release_at(db, source, name)
    maker = ReleaseCards(request, db, [release])
    is_here = maker.has_picture(release)
    return _sized(release.id, maker.size_px(release), width, form, is_here=is_here)


def _text(cite: Citation) -> Response:
    return PlainTextResponse(f"{cite.text()}\n", headers=_CACHE)


def _bibtex(cite: Citation) -> Response:
    kind = "application/x-bibtex; charset=utf-8"
    return Response(cite.bibtex(), headers=_CACHE | {"Content-Type": kind})


def _csl(cite: Citation) -> Response:
    kind = "application/vnd.citationstyles.csl+json"
    return JSONResponse([cite.csl()], media_type=kind, headers=_CACHE)


def _sized(
    item_id: str, own: tuple[int, int] | None, width: int | None, form: str, *, is_here: bool
) -> Response:
    if not is_here:
        raise SolbookError(
            "The picture is not stored here.",
            code="not_found",
            found="no file that is stored or may be fetched",
            expected="a picture",
            help=f"See {links.picture_page_path(item_id)} for where its files are.",
        )
    whole = width is None or (own is not None and width >= own[0])
    path = links.image_path(item_id, "max" if whole else f"{width},", form)
    return RedirectResponse(f"{path}?download=1", 303)


def _cited(request: Request, db: sa.Connection, mission: str, product_id: str) -> Citation:
    frame = frame_at(db, mission, product_id)
    return citation(frame, assets_of(db, frame.key), base_address(request))


def _cited_release(request: Request, db: sa.Connection, source: str, name: str) -> Citation:
    release = release_at(db, source, name)
    return release_citation(release, assets_of(db, release.key), base_address(request))
