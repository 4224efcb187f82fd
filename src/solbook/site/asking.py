"""What a client asks for, by its headers."""

from __future__ import annotations

from fastapi import Request


def wants_json(request: Request) -> bool:
    """Whether a client asks for JSON and not for a page, where an address serves both."""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted
