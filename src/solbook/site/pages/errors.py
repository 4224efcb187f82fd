"""What a page says when there is nothing to show: what was found, expected, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from solbook.errors import SolbookError
from solbook.missions import MISSIONS, Mission
from solbook.site.pages.shell import Head, Link, render, render_bare
from solbook.site.state import archive

_SERVER_FAULT = 500
_REFUSED = (403, 429)


def error_page(
    request: Request,
    status: int,
    error: SolbookError,
    *,
    ways: Sequence[Link] = (),
    sol: int | None = None,
) -> HTMLResponse:
    """The page of an error.

    Args:
        request: The request it answers.
        status: HTTP status.
        error: What is wrong.
        ways: Where to go from here.
        sol: Sol the reader asked for, for the mark on the thread.
    """
    mission = _mission_of(request)
    head = Head(
        title=error.message.rstrip("."),
        description=error.message,
        path=request.url.path,
        crumbs=(Link("Latest", "/"), Link(_name_of(status))),
        mission=mission,
        sol=sol if mission else None,
    )
    matter = {
        "error": error,
        "status": status,
        "ways": list(ways) or _usual_ways(mission),
        "ours": status >= _SERVER_FAULT,
    }
    try:
        with archive(request).reading() as connection:
            return render(request, connection, "error.html", head, matter, status=status)
    except SQLAlchemyError:
        return render_bare(request, "error.html", head, matter, status=status)


def _mission_of(request: Request) -> Mission | None:
    """The mission of the address, where it has one: its thread stays on the page."""
    parts = request.url.path.split("/")
    return MISSIONS.get(parts[2].lower()) if len(parts) > 2 else None


def _usual_ways(mission: Mission | None) -> list[Link]:
    ways = [Link("Latest frames", "/"), Link("All missions", "/missions")]
    if mission is not None:
        ways.insert(0, Link(mission.name, f"/missions/{mission.id}"))
    return ways


def _name_of(status: int) -> str:
    if status >= _SERVER_FAULT:
        return "Error"
    if status in _REFUSED:
        return "Refused"
    return "Not found" if status == 404 else "Cannot be shown"
