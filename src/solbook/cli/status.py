"""What `solbook status` says."""

from __future__ import annotations

import msgspec

from solbook.archive import Archive
from solbook.archive.overview import (
    MissionCount,
    QuarantineRow,
    RunRow,
    SourceCount,
    files_held,
    latest_change,
    mission_counts,
    quarantined,
    recent_runs,
    source_counts,
)
from solbook.cli.console import counted
from solbook.clock import format_utc
from solbook.missions import mission
from solbook.search.state import IndexState, index_state
from solbook.sources import SOURCES

_RUNS = 5
_QUARANTINED = 10


class Status(msgspec.Struct, frozen=True):
    """The state of an archive."""

    archive: str
    missions: list[MissionCount]
    sources: list[SourceCount]
    files: int
    file_bytes: int
    damaged_files: int
    index: IndexState
    runs: list[RunRow]
    quarantined: list[QuarantineRow]


def status_of(archive: Archive) -> Status:
    """The state of an archive, read at one moment."""
    with archive.reading() as connection:
        files = files_held(connection)
        return Status(
            str(archive.path),
            mission_counts(connection),
            source_counts(connection),
            files.number,
            files.byte_count,
            files.damaged,
            index_state(archive, latest_change(connection)),
            recent_runs(connection, _RUNS),
            quarantined(connection, _QUARANTINED),
        )


def _gives(source: str) -> str:
    """What a source's records describe, by its name."""
    return SOURCES[source].gives if source in SOURCES else "frame"


def status_text(status: Status) -> str:
    """The state of an archive in lines for a terminal."""
    lines = [f"archive      {status.archive}"]
    if not status.missions:
        lines.append("             empty; try: solbook ingest m2020 ADDRESS_OR_PATH")
    lines += [
        f"{held.mission:12} {_kind(held)} on"
        f" {counted(held.sols, 'sol')} ({held.first_sol} to {held.last_sol})"
        for held in status.missions
    ]
    damaged = f", {status.damaged_files:,} damaged" if status.damaged_files else ""
    lines.append(f"files        {status.files:,} stored, {status.file_bytes:,} bytes{damaged}")
    lines.append(f"index        {_index_words(status.index)}")
    lines.append("")
    lines += [
        f"from {source.source:10} {counted(source.records, 'record')} of"
        f" {counted(source.frames, _gives(source.source))},"
        f" {source.quarantined:,} in quarantine"
        for source in status.sources
    ]
    lines.append("")
    lines += [
        f"run {run.key:<4} {format_utc(run.started_ns, 0)}  {run.source:10} {run.state:9}"
        f" {run.message or ''}"
        for run in status.runs
    ]
    lines += [
        f"quarantine   {row.source} {row.origin}: {row.reason}"
        f" Found {row.found}, expected {row.expected}."
        for row in status.quarantined
    ]
    return "\n".join(lines).rstrip()


def _kind(held: MissionCount) -> str:
    return counted(held.frames, "simulated frame" if mission(held.mission).simulated else "frame")


def _index_words(index: IndexState) -> str:
    if index.state == "none":
        return "none; make it: solbook index"
    if index.state == "damaged":
        return f"damaged, and not used ({index.damage}); make it again: solbook index"
    behind = f", {counted(index.behind, 'change')} behind" if index.behind else ""
    return (
        f"{counted(index.pictures, 'picture')}, {counted(index.views, 'view')},"
        f" {counted(index.texts, 'text')}{behind}"
    )
