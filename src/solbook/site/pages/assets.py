"""What pages need beside their text: style sheet, scripts, mark, the switch of colour schemes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from solbook.errors import SolbookError
from solbook.site.built import NOTICES, built_file
from solbook.site.caching import IMMUTABLE, is_known
from solbook.site.pages.shell import THEME_COOKIE, THEMES
from solbook.site.styles import favicon, style_sheet

router = APIRouter()

_YEAR_S = 31_536_000
_MOST_FORM_BYTES = 4096


@router.get("/static/site.css")
def style(request: Request, v: str = "") -> Response:
    """The style sheet; under an address with its digest it may be kept for ever."""
    sheet = style_sheet()
    etag = f'"{sheet.digest}"'
    headers = {"ETag": etag, "Cache-Control": IMMUTABLE if v == sheet.digest else "no-cache"}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(sheet.text, media_type="text/css", headers=headers)


@router.get("/static/built/{name}")
def built(name: str) -> Response:
    """A script, whose name has its hash, so that it may be kept for ever; or the notices."""
    file = built_file(name)
    if file is None:
        raise SolbookError(
            "There is no such file.",
            code="not_found",
            found=name[:80],
            expected="a file that a page of this site names",
            help="Load the page again: the site may have changed since it was opened.",
        )
    headers = {"Cache-Control": "public, max-age=86400" if name == NOTICES else IMMUTABLE}
    return Response(file.body, media_type=file.media_type, headers=headers)


@router.get("/static/favicon.svg")
def mark() -> Response:
    """The mark of Solbook."""
    return Response(
        favicon(), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )


async def small_form(request: Request) -> dict[str, str]:
    """The fields of a short HTML form.

    Raises:
        SolbookError: The form is longer than any of ours.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_FORM_BYTES:
            raise SolbookError(
                "The form is too long.",
                code="bad_request",
                found=f"more than {_MOST_FORM_BYTES:,} bytes",
                expected="the few fields of a form of this site",
                help="Use the buttons of a page.",
            )
    fields = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}


@router.post("/theme")
def choose_theme(form: Annotated[dict[str, str], Depends(small_form)]) -> RedirectResponse:
    """Keep the reader's colour scheme in a cookie and go back to the page."""
    theme = form.get("theme", "")
    if theme not in THEMES:
        raise SolbookError(
            "There is no such colour scheme.",
            code="bad_request",
            found=theme[:80],
            expected=", ".join(THEMES),
            help="Use the switch at the foot of a page.",
        )
    response = RedirectResponse(_same_site(form.get("back", "")), 303)
    if theme == THEMES[0]:
        response.delete_cookie(THEME_COOKIE, samesite="lax")
    else:
        response.set_cookie(THEME_COOKIE, theme, max_age=_YEAR_S, httponly=True, samesite="lax")
    return response


def _same_site(path: str) -> str:
    """The path if it stays on this site, else the home page."""
    stays = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if stays and path.isprintable() and "\\" not in path else "/"
