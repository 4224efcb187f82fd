"""What a picture is of, whatever kind of item it belongs to: how it is called, whom to credit."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from solbook.archive import Archive
from solbook.archive.frames import AssetRow, FrameRow, assets_of, frame_by_id
from solbook.archive.releases import ReleaseRow, release_by_id
from solbook.errors import SolbookError
from solbook.site.release_words import release_alt, release_credit, release_date, release_simulated
from solbook.site.titles import alt_text, credit_line, frame_title, is_simulated, sol_and_time

NO_COPYRIGHT_US = "http://rightsstatements.org/vocab/NoC-US/1.0/"
"""NASA's media guidelines: its content is generally not subject to copyright in the United States;
https://www.nasa.gov/nasa-brand-center/images-and-media/"""

PUBLIC_DOMAIN = "http://creativecommons.org/publicdomain/zero/1.0/"
"""What Solbook simulates is nobody's: docs/rehearsal.md."""

# What the guidelines speak for. A credit that names others may be of a picture with other owners.
_NASA_CREDITS = frozenset({"NASA", "NASA/JPL", "NASA/JPL-Caltech"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A frame or a release, as its picture is spoken of.

    Attributes:
        key: Its key in the catalogue.
        id: Its public id.
        name: What its files are called.
        title: Its title.
        when: When it was taken or published, in words; empty where unknown.
        alt: What it shows.
        credit: Whom to credit.
        stated_credit: The same if a source states it, else empty.
        simulated: Whether Solbook computed it.
    """

    key: int
    id: str
    name: str
    title: str
    when: str
    alt: str
    credit: str
    stated_credit: str
    simulated: bool

    @property
    def rights(self) -> str:
        """The address of a statement of its rights; empty where they are not known.

        A source that names nobody says nothing of them, whatever credit is usual.
        """
        if self.simulated:
            return PUBLIC_DOMAIN
        return NO_COPYRIGHT_US if self.stated_credit in _NASA_CREDITS else ""


def subject_of_frame(frame: FrameRow) -> Subject:
    """A frame as its picture is spoken of."""
    return Subject(
        key=frame.key,
        id=frame.id,
        name=frame.product_id,
        title=frame_title(frame),
        when=sol_and_time(frame),
        alt=alt_text(frame),
        credit=credit_line(frame),
        stated_credit=frame.credit or "",
        simulated=is_simulated(frame),
    )


def subject_of_release(release: ReleaseRow) -> Subject:
    """A release as its picture is spoken of."""
    return Subject(
        key=release.key,
        id=release.id,
        name=release.id.partition("/")[2],
        title=release.title,
        when=release_date(release),
        alt=release_alt(release),
        credit=release_credit(release),
        stated_credit=(release.credit or "") if release.credit_source == "stated" else "",
        simulated=release_simulated(release),
    )


def find_subject(connection: sa.Connection, identity: str) -> Subject | None:
    """The item with this public id, as its picture is spoken of."""
    frame = frame_by_id(connection, identity)
    if frame is not None:
        return subject_of_frame(frame)
    release = release_by_id(connection, *identity.partition("/")[::2])
    return None if release is None else subject_of_release(release)


def require_subject(connection: sa.Connection, identity: str) -> Subject:
    """The item with this public id, as its picture is spoken of.

    Raises:
        SolbookError: There is no such item.
    """
    subject = find_subject(connection, identity)
    if subject is not None:
        return subject
    raise SolbookError(
        "There is no such item here.",
        code="not_found",
        found=identity[:200],
        expected="the id of a frame, a release or a story in this archive",
        help="Find a frame on the page of its sol, a release at /images, a story at /news.",
    )


def subject_and_assets(keeper: Archive, identity: str) -> tuple[Subject, list[AssetRow]]:
    """An item and its files.

    Raises:
        SolbookError: There is no such item.
    """
    with keeper.reading() as connection:
        subject = require_subject(connection, identity)
        return subject, assets_of(connection, subject.key)
