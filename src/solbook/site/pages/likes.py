"""The heart: liking an image and taking that back, as a plain form and for the script of pages.

No page depends on who looks at it. The answer to the form leads to the image's page, whose address
then says that it is liked; the script asks here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from solbook.archive import likes
from solbook.archive.catalogue import now_ns
from solbook.archive.likes import Likeable
from solbook.archive.limits import network_of
from solbook.errors import SolbookError
from solbook.site import words
from solbook.site.asking import wants_json
from solbook.site.pages import links
from solbook.site.pages.assets import small_form
from solbook.site.pages.liked import find_item, path_of
from solbook.site.refused import require_own_origin, too_many
from solbook.site.state import archive, limits
from solbook.site.visitors import Visitor, give_cookie, new_visitor, visitor_of

router = APIRouter()

_ACTS = ("like", "undo")
_LIKED = "yes"
_PLACE = "#like"
_PRIVATE = {"Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class Heart:
    """The heart of an image.

    Attributes:
        item: The image's id.
        likes: How many visitors like it, in figures; empty for none.
        liked: Whether the reader is one of them, as far as the address says.
    """

    item: str
    likes: str
    liked: bool


def heart(request: Request, item: str) -> Heart:
    """The heart of an image's page."""
    with archive(request).state.reading() as connection:
        count = likes.likes_of(connection, [item]).get(item, 0)
    return Heart(
        item, words.number(count) if count else "", request.query_params.get("liked") == _LIKED
    )


@router.get("/likes")
def mine(request: Request, item: str = "") -> Response:
    """Whether the visitor likes an image, for the script of its page."""
    keeper = archive(request)
    with keeper.reading() as connection:
        found = find_item(connection, item)
    visitor = visitor_of(request, keeper.state.secret)
    with keeper.state.reading() as connection:
        count = likes.likes_of(connection, [found.id]).get(found.id, 0)
        liked = visitor is not None and likes.is_liked_by(connection, found.id, visitor.hashed)
    return JSONResponse({"item": found.id, "likes": count, "liked": liked}, headers=_PRIVATE)


@router.post("/likes")
def vote(request: Request, form: Annotated[dict[str, str], Depends(small_form)]) -> Response:
    """Like an image, or take that back; twice is as good as once."""
    require_own_origin(request)
    act = form.get("act", "")
    if act not in _ACTS:
        raise SolbookError(
            "A heart can do no such thing.",
            code="bad_request",
            found=act[:80],
            expected=" or ".join(_ACTS),
            help="Use the heart of an image.",
        )
    keeper = archive(request)
    with keeper.reading() as connection:
        item = find_item(connection, form.get("item", ""))
    visitor = visitor_of(request, keeper.state.secret)
    _require_few(request, item)
    return _done(request, item, visitor, give=act == "like")


def _done(request: Request, item: Likeable, visitor: Visitor | None, *, give: bool) -> Response:
    state = archive(request).state
    if give:
        visitor = visitor or new_visitor(state.secret)
        count = likes.like(state, item, visitor.hashed, now_ns())
    else:
        # Who has no cookie likes nothing.
        count = likes.unlike(state, item.id, visitor.hashed if visitor else b"", now_ns())
    response: Response
    if wants_json(request):
        response = JSONResponse({"item": item.id, "likes": count, "liked": give}, headers=_PRIVATE)
    else:
        back = links.with_query(path_of(item), liked=_LIKED if give else None)
        response = RedirectResponse(back + _PLACE, 303, headers=_PRIVATE)
    if visitor is not None:
        give_cookie(response, request, visitor)
    return response


def _require_few(request: Request, item: Likeable) -> None:
    network = network_of(request.client.host if request.client else "")
    wait_s = limits(request).use(network, item.id, now_ns())
    if wait_s is not None:
        settings = archive(request).settings
        raise too_many(
            "likes",
            f"at most {settings.likes_per_network_minute:,} in a minute,"
            f" {settings.likes_per_network_day:,} on a day (UTC) and"
            f" {settings.likes_per_network_image_day:,} on a day for one image",
            wait_s,
        )
