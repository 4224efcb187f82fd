"""oEmbed 1.0: how to show a frame in a page of another site."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from solbook.errors import SolbookError
from solbook.site.api import models
from solbook.site.embedding import embedding
from solbook.site.finding import base_address, frame_at
from solbook.site.pages import links
from solbook.site.pages.cards import CardMaker
from solbook.site.presented import presented_frame
from solbook.site.state import use_connection

_FRAME = re.compile(r"/frames/([^/]+)/([^/]+)(?:/embed|/zoom)?/?")
_FORMATS = ("json", "xml")
_CACHE_S = 3600
_THUMBNAIL_PX = 640

router = APIRouter(
    tags=["oEmbed"],
    responses={
        400: {"model": models.ErrorAnswer, "description": "A part of the address cannot be used."},
        404: {
            "model": models.ErrorAnswer,
            "description": "No frame of this site has that address.",
        },
        501: {"model": models.ErrorAnswer, "description": "There is no such format."},
    },
)


@router.get(
    "/oembed",
    response_model=models.OembedAnswer,
    responses={200: {"content": {"text/xml": {}}}},
)
def oembed(
    request: Request,
    db: Annotated[sa.Connection, Depends(use_connection)],
    url: Annotated[str, Query(max_length=2000, description="Address of a frame's page.")],
    maxwidth: Annotated[int | None, Query(ge=1, le=100_000, description="Pixels.")] = None,
    maxheight: Annotated[int | None, Query(ge=1, le=100_000, description="Pixels.")] = None,
    form: Annotated[str, Query(alias="format", description="json or xml.")] = _FORMATS[0],
) -> Response:
    """How to show a frame elsewhere: an `iframe` with its picture, title and credit.

    Not as a bare picture (type `photo`), because that would come without its credit.
    """
    if form not in _FORMATS:
        raise SolbookError(
            "There is no such format.",
            code="not_implemented",
            found=form[:80],
            expected=", ".join(_FORMATS),
            help="Ask for one of these.",
        )
    base = base_address(request)
    mission_id, product_id = _named(url, urlsplit(base).netloc)
    frame = frame_at(db, mission_id, product_id)
    shown = presented_frame(frame, CardMaker(request, db, [frame]))
    box = embedding(
        base + links.embed_path(frame.id), shown.label, shown.size_px, maxwidth, maxheight
    )
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": shown.label,
        "author_name": shown.credit,
        "provider_name": "Solbook",
        "provider_url": f"{base}/",
        "cache_age": _CACHE_S,
        "html": box.html(),
        "width": box.width_px,
        "height": box.height_px,
    }
    if shown.is_here and shown.size_px:
        width, height = shown.size_px
        across = min(_THUMBNAIL_PX, width)
        found |= {
            "thumbnail_url": base + links.picture_path(frame.id, _THUMBNAIL_PX, "jpg"),
            "thumbnail_width": across,
            "thumbnail_height": max(round(height * across / width), 1),
        }
    headers = {"Cache-Control": f"public, max-age={_CACHE_S}"}
    if form == "xml":
        return Response(_xml(found), media_type="text/xml", headers=headers)
    answer = models.OembedAnswer(**found).model_dump_json(exclude_none=True)
    return Response(answer, media_type="application/json", headers=headers)


def _named(address: str, host: str) -> tuple[str, str]:
    """Mission and product id of the frame whose page has an address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    here = parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
    match = _FRAME.fullmatch(parts.path) if here else None
    if match is None:
        raise SolbookError(
            "No frame of this site has that address.",
            code="not_found",
            found=address[:120],
            expected=f"an address such as http://{host}/frames/MISSION/PRODUCT",
            help="Give the whole address of a frame's page.",
        )
    return unquote(match[1]), unquote(match[2])


def _xml(found: dict[str, Any]) -> bytes:
    root = ET.Element("oembed")
    for name, value in found.items():
        ET.SubElement(root, name).text = str(value)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + body
