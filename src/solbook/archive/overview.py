"""Counts of what the archive holds: missions, sols, instruments, sources, runs."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.frames import THUMBNAIL

_COUNTS = schema.SOL_COUNTS.c
_FRAMES = sa.func.sum(_COUNTS.frames)


class MissionCount(msgspec.Struct, frozen=True):
    """What is held of a mission."""

    mission: str
    frames: int
    sols: int
    first_sol: int
    last_sol: int


class InstrumentCount(msgspec.Struct, frozen=True):
    """What is held of a camera: on a whole mission, or on one sol."""

    instrument: str
    frames: int
    thumbnails: int
    sols: int
    first_sol: int
    last_sol: int


class SourceCount(msgspec.Struct, frozen=True):
    """What a source has given.

    Attributes:
        source: Name of the source.
        records: Upstream records whose newest form is kept.
        frames: Frames or releases they describe.
        quarantined: Records in quarantine.
    """

    source: str
    records: int
    frames: int
    quarantined: int


class RunRow(msgspec.Struct, frozen=True):
    """One run of the ingester."""

    key: int
    source: str
    origin: str
    state: str
    started_ns: int
    ended_ns: int | None
    pages: int
    read: int
    new: int
    revised: int
    unchanged: int
    quarantined: int
    stated_total: int | None
    message: str | None


class QuarantineRow(msgspec.Struct, frozen=True):
    """Something that could not be read."""

    key: int
    source: str
    origin: str
    position: int
    reason: str
    found: str
    expected: str
    seen_ns: int


def mission_counts(connection: sa.Connection) -> list[MissionCount]:
    """The missions of which frames are held, the one with most frames first."""
    rows = connection.execute(
        sa.select(
            _COUNTS.mission,
            _FRAMES,
            sa.func.count(_COUNTS.sol.distinct()),
            sa.func.min(_COUNTS.sol),
            sa.func.max(_COUNTS.sol),
        )
        .where(_COUNTS.frames > 0)
        .group_by(_COUNTS.mission)
        .order_by(_FRAMES.desc())
    )
    return [MissionCount(*row) for row in rows]


def frames_by_sol(
    connection: sa.Connection, mission: str, instrument: str | None = None
) -> list[tuple[int, int]]:
    """Sols that have frames and how many, ascending; of one camera if it is named."""
    conditions = [_COUNTS.mission == mission, _COUNTS.frames > 0]
    if instrument is not None:
        conditions.append(_COUNTS.instrument == instrument)
    rows = connection.execute(
        sa.select(_COUNTS.sol, _FRAMES)
        .where(*conditions)
        .group_by(_COUNTS.sol)
        .order_by(_COUNTS.sol)
    )
    return [(sol, frames) for sol, frames in rows]


def instrument_counts(
    connection: sa.Connection, mission: str, sol: int | None = None
) -> list[InstrumentCount]:
    """The cameras of a mission that have frames (on one sol if it is named), by code."""
    conditions = [_COUNTS.mission == mission, _COUNTS.frames > 0]
    if sol is not None:
        conditions.append(_COUNTS.sol == sol)
    thumbnails = sa.func.sum(sa.case((_COUNTS.sample_type == THUMBNAIL, _COUNTS.frames), else_=0))
    rows = connection.execute(
        sa.select(
            _COUNTS.instrument,
            _FRAMES,
            thumbnails,
            sa.func.count(_COUNTS.sol.distinct()),
            sa.func.min(_COUNTS.sol),
            sa.func.max(_COUNTS.sol),
        )
        .where(*conditions)
        .group_by(_COUNTS.instrument)
        .order_by(_COUNTS.instrument)
    )
    return [InstrumentCount(*row) for row in rows]


def source_counts(connection: sa.Connection) -> list[SourceCount]:
    """What each source has given, by its name."""
    counts, quarantine = schema.SOURCE_COUNTS.c, schema.QUARANTINE.c
    records = {
        source: (count, frames)
        for source, count, frames in connection.execute(
            sa.select(counts.source, counts.records, counts.frames)
        )
    }
    bad = {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(quarantine.source, sa.func.count()).group_by(quarantine.source)
        )
    }
    return [
        SourceCount(source, *records.get(source, (0, 0)), bad.get(source, 0))
        for source in sorted(records.keys() | bad.keys())
    ]


class FilesHeld(NamedTuple):
    """The stored files: how many, their bytes, and how many of them no picture can be made of."""

    number: int
    byte_count: int
    damaged: int


def files_held(connection: sa.Connection) -> FilesHeld:
    """The stored files, counted."""
    file = schema.FILES.c
    row = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(file.byte_count), 0),
            sa.func.count(file.damage),
        ).select_from(schema.FILES)
    ).one()
    return FilesHeld(*row)


def latest_change(connection: sa.Connection) -> int:
    """The newest number of the change log; 0 for an empty archive."""
    return connection.execute(sa.select(sa.func.max(schema.CHANGE_LOG.c.seq))).scalar() or 0


def recent_runs(connection: sa.Connection, limit: int) -> list[RunRow]:
    """The last runs of the ingester, newest first."""
    rows = connection.execute(
        sa.select(*(schema.RUNS.c[name] for name in RunRow.__struct_fields__))
        .order_by(schema.RUNS.c.key.desc())
        .limit(limit)
    )
    return [RunRow(*row) for row in rows]


def quarantined(connection: sa.Connection, limit: int, after: int = 0) -> list[QuarantineRow]:
    """Records in quarantine, oldest first, after the one with this key."""
    table = schema.QUARANTINE.c
    rows = connection.execute(
        sa.select(*(table[name] for name in QuarantineRow.__struct_fields__))
        .where(table.key > after)
        .order_by(table.key)
        .limit(limit)
    )
    return [QuarantineRow(*row) for row in rows]
