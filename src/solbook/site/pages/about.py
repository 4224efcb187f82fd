"""What Solbook is, what this archive holds, and how programs read it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from solbook import __version__
from solbook.archive import overview
from solbook.archive.overview import RunRow
from solbook.site import words
from solbook.site.built import notices_address
from solbook.site.pages.frame_facts import SOURCE_NAMES
from solbook.site.pages.holdings import holdings
from solbook.site.pages.mission import mission_rows
from solbook.site.pages.shell import Head, Link, render
from solbook.site.state import archive

router = APIRouter()

_RUNS_SHOWN = 12
_QUARANTINE_SHOWN = 20
_STATES = {
    "complete": "complete",
    "partial": "part of a longer answer",
    "short": "fewer than the feed states",
    "failed": "broke off",
    "running": "running",
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a source has given, in words."""

    name: str
    code: str
    records: str
    frames: str
    quarantined: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the ingester, in words."""

    when: str
    exact: str
    source: str
    state: str
    message: str


@router.get("/about")
def about(request: Request) -> HTMLResponse:
    """What Solbook is and what is in this archive."""
    with archive(request).reading() as connection:
        kept = holdings(request, connection)
        files, byte_count, _ = overview.files_held(connection)
        base = str(request.base_url).rstrip("/")
        held = [row for row in mission_rows(connection, kept) if row.frames]
        matter = {
            "version": __version__,
            "missions": [row for row in held if not row.simulated],
            "frames": words.counted(kept.frames, "frame"),
            "releases": words.counted(kept.releases, "release") if kept.releases else "",
            "rehearsals": [row for row in held if row.simulated],
            "simulated_frames": words.counted(kept.simulated_frames, "simulated frame"),
            "files": words.counted(files, "file"),
            "file_bytes": words.byte_size(byte_count),
            "network": archive(request).settings.network,
            "sources": [
                SourceRow(
                    SOURCE_NAMES.get(source.source, source.source),
                    source.source,
                    words.number(source.records),
                    words.number(source.frames),
                    words.number(source.quarantined),
                )
                for source in kept.sources(connection)
            ],
            "runs": [_run(row) for row in overview.recent_runs(connection, _RUNS_SHOWN)],
            "quarantine": _quarantine(connection),
            "base": base,
            "notices_href": notices_address(),
        }
        head = Head(
            title="About",
            description="Solbook is the open archive of Mars surface missions, which anyone can"
            f" run. This one holds {matter['frames']} and {matter['files']}.",
            path="/about",
            crumbs=(Link("Latest", "/"), Link("About")),
        )
        return render(request, connection, "about.html", head, matter)


def _run(row: RunRow) -> Run:
    return Run(
        when=words.utc_minute(row.started_ns),
        exact=words.utc_exact(row.started_ns),
        source=SOURCE_NAMES.get(row.source, row.source),
        state=_STATES.get(row.state, row.state),
        message=row.message or "",
    )


def _quarantine(connection: sa.Connection) -> list[overview.QuarantineRow]:
    return overview.quarantined(connection, _QUARANTINE_SHOWN)
