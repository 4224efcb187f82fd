"""Finding the frame that an address names."""

from __future__ import annotations

import sqlalchemy as sa

from solbook.archive.frames import FrameRow, find_frame
from solbook.errors import SolbookError
from solbook.missions import mission


def frame_named(connection: sa.Connection, mission_id: str, product_id: str) -> FrameRow:
    """The frame of an address; its id may be given with its version, or in another case.

    Raises:
        SolbookError: There is no such mission or frame.
    """
    facts = mission(mission_id.lower())
    frame = find_frame(connection, product_id, facts.id)
    if frame is None:
        frame = find_frame(connection, product_id.upper(), facts.id)
    if frame is None:
        raise SolbookError(
            "There is no such frame here.",
            code="not_found",
            found=f"{facts.id}/{product_id[:120]}",
            expected="the id of a frame of this archive",
            help="Find the frame on the page of its sol.",
        )
    return frame
