"""Finding what an address names, and the address by which the site itself is reached."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import Request

from solbook.archive import frames
from solbook.archive.frames import FrameRow
from solbook.archive.releases import ReleaseFilter, ReleaseRow, release_by_id
from solbook.errors import SolbookError
from solbook.missions import mission
from solbook.records import frame_id


def base_address(request: Request) -> str:
    """Scheme and host by which the site is asked, for addresses that are used elsewhere.

    A host that no address can have is passed over by the web framework.
    """
    return str(request.base_url).rstrip("/")


def release_at(connection: sa.Connection, source: str, name: str) -> ReleaseRow:
    """The release an address names.

    Raises:
        SolbookError: There is none.
    """
    release = release_by_id(connection, source, name)
    if release is not None:
        return release
    raise SolbookError(
        "There is no such release here.",
        code="not_found",
        found=f"{source}/{name}"[:120],
        expected="the id of a release or a story of this archive",
        help="Find releases at /images and stories at /news.",
    )


def release_filter(
    all_types: tuple[str, ...],
    media_type: str | None,
    mission_id: str | None,
    year: int | None,
    about: str | None,
) -> ReleaseFilter:
    """Which releases an address asks for.

    Args:
        all_types: The media types of its list.
        media_type: One of them.
        mission_id: Id of a mission.
        year: Year of publication, UTC.
        about: Kind and target of a link, such as `place:m2020/rochette`.

    Raises:
        SolbookError: One of these is not known.
    """
    if media_type is not None and media_type not in all_types:
        raise SolbookError(
            "There is no such type of release.",
            code="bad_request",
            found=media_type,
            expected=", ".join(all_types),
            help="Name one of these, or none.",
        )
    kind, _, target = (about or "").partition(":")
    if about is not None and not (kind and target):
        raise SolbookError(
            "What the releases should be about is not said.",
            code="bad_request",
            found=f"about={about}",
            expected="a kind and a name, such as about=sol:m2020/257",
            help="The page of a release has links of this form.",
        )
    return ReleaseFilter(
        media_types=(media_type,) if media_type else all_types,
        mission=None if mission_id is None else mission(mission_id).id,
        year=year,
        about=(kind, target) if about is not None else None,
    )


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
