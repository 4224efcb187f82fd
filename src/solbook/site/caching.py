"""What clients may keep, and whether they have it already."""

from __future__ import annotations

from fastapi import Request

IMMUTABLE = "public, max-age=31536000, immutable"
"""For what never changes under its address."""
FOR_AN_HOUR = "public, max-age=3600"
"""For pictures of a frame, which follow its newest version."""


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has what this tag names (RFC 9110, section 13.1.2)."""
    return is_stated(request.headers.get("If-None-Match", ""), etag)


def is_stated(if_none_match: str, etag: str) -> bool:
    """Whether a header `If-None-Match` names this tag."""
    tags = if_none_match.split(",")
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags)
