"""Text that is sent gzipped to clients that take it: pages, styles and scripts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping

from fastapi import Request

ACCEPT = "Accept-Encoding"

# Of pages, which are packed for each request; beyond it there is little to gain.
_LEVEL = 5
_REFUSED = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def takes_gzip(request: Request) -> bool:
    """Whether a client takes gzipped answers."""
    accepted = request.headers.get(ACCEPT, "").lower()
    return "gzip" in accepted and not _REFUSED.search(accepted)


def packed(
    request: Request, body: bytes, headers: Mapping[str, str], gzipped: bytes | None = None
) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of an answer of text, gzipped if the client takes it.

    Args:
        request: The request.
        body: The text.
        headers: Its headers.
        gzipped: The same gzipped, where that has been done before.
    """
    every = {**headers, "Vary": ", ".join(filter(None, (headers.get("Vary"), ACCEPT)))}
    if not takes_gzip(request):
        return body, every
    every["Content-Encoding"] = "gzip"
    return gzip.compress(body, _LEVEL, mtime=0) if gzipped is None else gzipped, every
