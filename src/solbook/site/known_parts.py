"""Parts of pictures that are known or ready, answered without the framework.

A viewer asks for dozens of tiles at once, and many people look at the same picture; what the
framework does for one request takes ten times as long as to read a tile.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from solbook.archive.watch import CatalogueWatch
from solbook.site.api.iiif_image import ready_part
from solbook.site.caching import is_stated
from solbook.site.paths import headers_of
from solbook.site.remembered import Remembered

_PREFIX = "/iiif/"
# Tiles are a twentieth of it.
_LARGEST_BYTES = 1 << 20
# What an answer takes beside its body, about.
_EXTRA_BYTES = 2000
# Headers of what is sent, which an answer that sends nothing (304) goes without.
_OF_THE_BODY = {
    b"accept-ranges",
    b"content-disposition",
    b"content-length",
    b"content-type",
    b"last-modified",
}


class _Answer(NamedTuple):
    headers: list[tuple[bytes, bytes]]
    etag: str
    body: bytes


class KnownParts:
    """Answers for the Image API what it can at once.

    It reads ready tiles itself, and keeps answers in memory until something is written to the
    catalogue.

    Args:
        app: What answers the rest.
        watch: Of the catalogue.
        budget_bytes: How much memory the answers may take.
    """

    def __init__(self, app: ASGIApp, watch: CatalogueWatch, budget_bytes: int) -> None:
        self.app = app
        self._watch = watch
        self._known: Remembered[_Answer] = Remembered(budget_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        if scope["method"] not in ("GET", "HEAD") or "range" in asked:
            await self.app(scope, receive, send)
            return
        # Answers name their own address, and so everything that is a part of it.
        key = (
            scope["scheme"],
            asked.get("host"),
            scope.get("root_path"),
            scope["raw_path"],
            scope["query_string"],
        )
        state = self._watch.state()
        known = self._known.find(key, state)
        if known is not None:
            await _send(known, scope["method"], asked.get("if-none-match", ""), send)
            return
        ready = self._ready(scope)
        if ready is not None:
            self._keep(key, state, ready)
            await _send(ready, scope["method"], asked.get("if-none-match", ""), send)
        elif scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        else:
            hearing = _Hearing(send)
            await self.app(scope, receive, hearing.send)
            answer = hearing.answer()
            if answer is not None:
                self._keep(key, state, answer)

    def _ready(self, scope: Scope) -> _Answer | None:
        response = ready_part(Request(scope))
        if response is None:
            return None
        for name, value in headers_of(scope["path"]).items():
            response.headers[name] = value
        return _Answer(response.raw_headers, response.headers["etag"], bytes(response.body))

    def _keep(self, key: Hashable, state: int, answer: _Answer) -> None:
        self._known.keep(key, state, answer, len(answer.body) + _EXTRA_BYTES)


async def _send(known: _Answer, method: str, stated: str, send: Send) -> None:
    status, headers, body = 200, known.headers, known.body
    if is_stated(stated, known.etag):
        headers = [pair for pair in headers if pair[0] not in _OF_THE_BODY]
        status, body = 304, b""
    elif method == "HEAD":
        body = b""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Hearing:
    """Passes an answer on and listens."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body: list[bytes] | None = []
        self._byte_count = 0
        self._ended = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body" and self._body is not None:
            self._body.append(message.get("body", b""))
            self._byte_count += len(self._body[-1])
            self._ended = not message.get("more_body", False)
            if self._byte_count > _LARGEST_BYTES:
                self._body = None
        await self._send(message)

    def answer(self) -> _Answer | None:
        """The answer, if it is a picture worth keeping."""
        if not self._ended or self._body is None or self._start.get("status") != 200:
            return None
        pairs = list(self._start["headers"])
        headers = Headers(raw=pairs)
        if not headers.get("content-type", "").startswith("image/") or "etag" not in headers:
            return None
        return _Answer(pairs, headers["etag"], b"".join(self._body))
