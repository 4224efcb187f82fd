"""One page of an upstream feed, turned into records."""

from __future__ import annotations

from typing import Annotated

import msgspec

from solbook.records.frame import Frame
from solbook.records.release import Release, ReleaseFiles


class Rejected(msgspec.Struct, frozen=True):
    """Something in a page that could not be read, and why.

    Attributes:
        position: Place in the page, counted from 0; -1 for the page as a whole.
        reason: One sentence.
        found: What was there, shortened.
        expected: What should have been there.
        upstream: The bytes as received.
    """

    position: int
    reason: str
    found: str
    expected: str
    upstream: bytes


class ManifestSol(msgspec.Struct, frozen=True):
    """One sol of a manifest of the Mars Rover Photos API."""

    sol: Annotated[int, msgspec.Meta(ge=0, lt=100_000)]
    total_photos: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
    cameras: tuple[str, ...]


class RoverStatement(msgspec.Struct, frozen=True):
    """What an answer of the Mars Rover Photos API said of a rover as a whole.

    Attributes:
        rover_id: The API's id of the rover.
        max_sol: Greatest sol with photos, where the answer says it.
        total_photos: Photos of the rover, where the answer says it.
        status: `active` or `complete`, where the answer says it.
        manifest: The sols of a manifest; empty for other answers.
    """

    rover_id: int
    max_sol: int | None = None
    total_photos: int | None = None
    status: str | None = None
    manifest: tuple[ManifestSol, ...] = ()


class SourcePage(msgspec.Struct):
    """The records of one page of one source.

    Attributes:
        source: Name of the source.
        origin: The path or address the page was read from.
        frames: What could be read.
        rejected: What could not.
        total: How many records the feed says the whole answer has, if it says.
        more: Whether the feed has a further page; `None` where it does not say.
        rovers: Statements about rovers (Mars Rover Photos API only).
        releases: The releases that could be read (libraries, news and folders only).
        release_files: Lists of the files of releases (libraries only).
    """

    source: str
    origin: str
    frames: list[Frame]
    rejected: list[Rejected]
    total: int | None = None
    more: bool | None = None
    rovers: tuple[RoverStatement, ...] = ()
    releases: tuple[Release, ...] = ()
    release_files: tuple[ReleaseFiles, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it comes from the upstream itself, and not from a file that may be old."""
        return self.origin.startswith(("http://", "https://"))

    @property
    def records(self) -> int:
        """How many records could be read."""
        return len(self.frames) + len(self.releases) + len(self.release_files)
