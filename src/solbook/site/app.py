"""The site: pages for people, APIs for programs, one archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette_compress import CompressMiddleware

from solbook import __version__
from solbook.archive import Archive
from solbook.archive.limits import NetworkLimits
from solbook.errors import SolbookError
from solbook.jobs.enlarge import PictureMaker
from solbook.jobs.fetch import PictureFetcher
from solbook.site import api, pages, pictures
from solbook.site.api import (
    citations,
    iiif_image,
    iiif_presentation,
    like_feeds,
    oembed,
    photos_v1,
)
from solbook.site.asking import wants_json
from solbook.site.known_parts import KnownParts
from solbook.site.originals import ShownPictures
from solbook.site.paths import PathsAndHeaders, headers_of, is_api_path, is_photos_path
from solbook.site.refused import Refused

# Which status an error's code answers with; any other is the server's own fault.
STATUS_OF_CODE = {
    "forbidden": 403,
    "not_found": 404,
    "unknown_mission": 404,
    "bad_request": 400,
    "bad_time": 400,
    "bad_lmst": 400,
    "ambiguous": 400,
    "before_landing": 400,
    "leap_second": 400,
    "out_of_range": 400,
    "method_not_allowed": 405,
    "too_many": 429,
    "not_implemented": 501,
}


def create_app(archive: Archive) -> FastAPI:
    """The site of an archive, ready to serve.

    Args:
        archive: An open archive; the site closes it when it ends.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.pictures.close()
        app.state.limits.close()
        archive.close()

    app = FastAPI(
        title="Solbook",
        version=__version__,
        summary="The open archive and timeline of a Mars surface mission.",
        openapi_url="/api/openapi.json",
        # Both would load scripts from another host.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.archive = archive
    app.state.pictures = PictureFetcher(archive)
    app.state.maker = PictureMaker(archive)
    settings = archive.settings
    app.state.limits = NetworkLimits(
        archive.path,
        settings.likes_per_network_minute,
        settings.likes_per_network_day,
        settings.likes_per_network_image_day,
    )
    app.state.shown = ShownPictures(archive, app.state.pictures)
    for prefix in photos_v1.PREFIXES:
        # One description of the routes is enough; the second prefix is the old gateway's.
        first = prefix == photos_v1.PREFIXES[0]
        app.include_router(photos_v1.router, prefix=prefix, include_in_schema=first)
    app.include_router(api.router, prefix="/api")
    app.include_router(iiif_presentation.router)
    app.include_router(iiif_image.router)
    app.include_router(oembed.router, prefix="/api")
    app.include_router(like_feeds.router, prefix="/feeds")
    app.include_router(pictures.router)
    app.include_router(citations.router)
    app.include_router(citations.of_releases)
    app.include_router(pages.router)
    app.add_exception_handler(SolbookError, _on_solbook_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_fault)
    # Inside of the next, for which a HEAD is a GET.
    app.add_middleware(CompressMiddleware)
    app.add_middleware(PathsAndHeaders)
    # Outermost, so that what it keeps has all headers.
    app.add_middleware(
        KnownParts, watch=archive.watch, budget_bytes=archive.settings.iiif_memory_bytes
    )
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """What OpenAPI says of the site, without FastAPI's own answer 422, which is not given."""
    if app.openapi_schema is None:
        found = FastAPI.openapi(app)
        for operations in found["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            found["components"]["schemas"].pop(name, None)
        app.openapi_schema = found
    return app.openapi_schema


def _on_fault(request: Request, _error: Exception) -> Response:
    """Answer where something of ours broke; the server logs what."""
    explained = SolbookError(
        "Something broke here.",
        code="internal",
        found="an error that is noted in the server's log",
        expected="an answer",
        help="Try again; if it stays, tell who runs this site.",
    )
    response = _explain(request, 500, explained)
    # This answer passes by the middleware.
    response.headers.update(headers_of(request.url.path))
    return response


def _on_solbook_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, SolbookError)  # noqa: S101  (registered for this class)
    response = _explain(request, STATUS_OF_CODE.get(error.code, 500), error)
    if isinstance(error, Refused):
        response.headers.update(error.headers)
    return response


def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for this class)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    explained = SolbookError(
        "A part of the address cannot be used.",
        code="bad_request",
        found=f"{where} = {first.get('input')!r}",
        expected=first["msg"],
        help="Mend that part of the address.",
    )
    return _explain(request, 400, explained)


def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for this class)
    if error.status_code == 405:
        explained = SolbookError(
            "This address does not take that method.",
            code="method_not_allowed",
            found=request.method,
            expected="GET",
            help="Ask with GET.",
        )
    else:
        explained = SolbookError(
            "There is nothing at this address.",
            code="not_found",
            found=request.url.path,
            expected="an address of this site",
            help="Begin at / or, for programs, at /api.",
        )
    response = _explain(request, error.status_code, explained)
    response.headers.update(error.headers or {})
    return response


def _explain(request: Request, status: int, error: SolbookError) -> Response:
    if is_photos_path(request.url.path):
        return JSONResponse({"errors": error.message.rstrip(".")}, status)
    if is_api_path(request.url.path) or wants_json(request):
        return JSONResponse({"error": error.as_dict()}, status)
    return pages.error_page(request, status, error)
