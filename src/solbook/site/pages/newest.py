"""The newest frames of one mission, by sol."""

from __future__ import annotations

import sqlalchemy as sa

from solbook.archive import overview
from solbook.archive.frames import FrameRow, frames_of_sol
from solbook.site.pages.cameras import in_order
from solbook.site.pages.holdings import Holdings

_MOST_SOLS = 12


def frames_of_last_sols(
    connection: sa.Connection, kept: Holdings, mission: str, limit: int
) -> list[FrameRow]:
    """Frames of the newest sols that have any, a few of each camera, newest sol first.

    The time a frame came down is not asked for: some sources do not give it, and sorting a whole
    mission by it takes as long as the mission is large.
    """
    found: list[FrameRow] = []
    for sol, _ in reversed(kept.sols(connection, mission)[-_MOST_SOLS:]):
        counts = overview.instrument_counts(connection, mission, sol)
        share = max(limit // max(len(counts), 1), 2)
        for name, count in in_order(mission, counts):
            found += frames_of_sol(
                connection,
                mission,
                sol,
                name.code,
                thumbnails=count.frames == count.thumbnails,
                limit=share,
            )
        if len(found) >= limit:
            break
    return found[:limit]
