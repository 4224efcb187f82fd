"""The middleware below the routes: old clients' paths, and the headers of every answer."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from solbook.site.api.photos_v1 import HEADERS as PHOTOS_HEADERS
from solbook.site.api.photos_v1 import PREFIXES as PHOTOS_PREFIXES

_SLASHES = re.compile(r"//+")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; media-src 'self'; script-src 'self';"
        " style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# What a browser asks before it sends a header of its own, as some clients of the APIs make it do.
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def is_photos_path(path: str) -> bool:
    """Whether a path belongs to the Photos API."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in PHOTOS_PREFIXES)


def is_api_path(path: str) -> bool:
    """Whether a path is for programs: errors are JSON, and any origin may read it."""
    return path == "/api" or path.startswith(("/api/", "/iiif/", "/feeds/")) or is_photos_path(path)


def headers_of(path: str) -> dict[str, str]:
    """The headers of every answer under a path."""
    if is_photos_path(path):
        return SECURITY_HEADERS | PHOTOS_HEADERS
    if is_api_path(path):
        return SECURITY_HEADERS | {"Access-Control-Allow-Origin": "*"}
    return SECURITY_HEADERS


class PathsAndHeaders:
    """Mends the paths of the Photos API's clients, and adds the headers of every answer.

    Its old server took `//` for `/`, a `.json` at the end and a last slash; its clients rely on
    it, and some do not follow a redirect.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        collapsed = _SLASHES.sub("/", path)
        if is_photos_path(collapsed):
            path = collapsed.removesuffix("/").removesuffix(".json")
            scope = {**scope, "path": path, "raw_path": path.encode()}
        elif len(path) > 1 and path.endswith("/"):
            path = path.rstrip("/") or "/"
            scope = {**scope, "path": path}
        headers = headers_of(path)
        if "Access-Control-Allow-Origin" in headers and _is_preflight(scope):
            await Response(status_code=204, headers=headers | _PREFLIGHT)(scope, receive, send)
            return
        # A HEAD is a GET whose body stays here.
        head = scope["method"] == "HEAD"
        if head:
            scope = {**scope, "method": "GET"}

        async def send_with_headers(message: Message) -> None:
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                present = MutableHeaders(scope=message)
                for name, value in headers.items():
                    present.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _is_preflight(scope: Scope) -> bool:
    asked = Headers(scope=scope)
    return scope["method"] == "OPTIONS" and "Access-Control-Request-Method" in asked
