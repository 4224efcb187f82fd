"""Finding what an address names, and the address by which the site itself is reached."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import Request

from solbook.archive import frames
from solbook.archive.frames import FrameRow
from solbook.errors import SolbookError
from solbook.missions import mission
from solbook.records import frame_id


def base_address(request: Request) -> str:
    """Scheme and host by which the site is asked, for addresses that are used elsewhere.

    A host that no address can have is passed over by the web framework.
    """
    return str(request.base_url).rstrip("/")


def frame_at(connection: sa.Connection, mission_id: str, product_id: str) -> FrameRow:
    """The frame an address names; its id may be in another case or carry its version.

    Raises:
        SolbookError: There is no such mission or frame.
    """
    facts = mission(mission_id.lower())
    for name in (product_id, product_id.upper()):
        frame = frames.find_frame(connection, name, facts.id)
        if frame is not None:
            return frame
    raise SolbookError(
        "There is no such frame here.",
        code="not_found",
        found=frame_id(facts.id, product_id[:120]),
        expected="the id of a frame of this archive",
        help="Find the frame on the page of its sol.",
    )
