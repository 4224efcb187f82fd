"""What every source is: a class that turns pages of one upstream archive into records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from solbook.records import (
    Frame,
    Rejected,
    Release,
    ReleaseFiles,
    RoverStatement,
    SourcePage,
    add_sun,
)
from solbook.settings import Settings
from solbook.sources.fields import RecordError
from solbook.sources.page_text import PageError

Record = Frame | Release | ReleaseFiles
"""What a source may make of a record."""

_Made = TypeVar("_Made", Frame, Release)


class Envelope(msgspec.Struct):
    """What a page says around its records.

    Attributes:
        records: The records, each as its own bytes.
        total: How many records the whole answer has, where the feed says so.
        more: Whether there is a further page, where the feed says so.
        rejected: The page's own complaint, where it is one.
        rovers: Statements about rovers (Mars Rover Photos API only).
    """

    records: list[bytes]
    total: int | None = None
    more: bool | None = None
    rejected: Rejected | None = None
    rovers: tuple[RoverStatement, ...] = ()


class Source(ABC):
    """One upstream archive.

    A new source gives `name`, says in `open_page` where a page keeps its records, and makes
    frames or releases of them in `read_records`; everything else (files, folders, paging, damage)
    is the reader's.
    """

    name: str

    suffixes: tuple[str, ...] = (".json",)
    """How the names of its saved pages end."""

    gives = "frame"
    """What its records describe: a `frame` or a `release`."""

    @abstractmethod
    def recognises(self, body: bytes) -> bool:
        """Whether a file looks like a page of this source; called for files of unknown kind."""

    @abstractmethod
    def open_page(self, body: bytes) -> Envelope:
        """Find the records in a page.

        Raises:
            PageError: The page cannot be read.
        """

    @abstractmethod
    def read_records(self, records: list[bytes]) -> Iterable[Record | RecordError]:
        """Make something of every record, or say why not; in order, one for each."""

    @abstractmethod
    def next_address(self, address: str, page: SourcePage) -> str | None:
        """The address of the page after this one, or `None` after the last."""

    def read_place(self, place: Path, settings: Settings) -> Iterator[SourcePage] | None:  # noqa: ARG002
        """The pages of a path, where they are not saved pages; `None` where they are."""
        return None

    def also_read(self, page: SourcePage) -> list[str]:  # noqa: ARG002  (for those that need it)
        """Addresses of further pages that this one's records need."""
        return []

    def read_page(self, body: bytes, origin: str) -> SourcePage:
        """Turn a page into records; whatever cannot be read is in `rejected`.

        Args:
            body: The page as received.
            origin: The path or address it came from.
        """
        page = self.parse_page(body, origin)
        add_sun(page.frames)
        return page

    def parse_page(self, body: bytes, origin: str) -> SourcePage:
        """As `read_page`, but for the Sun over the frames, which is worked out for many at once."""
        try:
            envelope = self.open_page(body)
        except PageError as error:
            envelope = Envelope(error.saved, rejected=error.rejected)
        frames: list[Frame] = []
        releases: list[Release] = []
        release_files: list[ReleaseFiles] = []
        rejected = [envelope.rejected] if envelope.rejected else []
        results = self.read_records(envelope.records)
        for position, (record, result) in enumerate(zip(envelope.records, results, strict=True)):
            if isinstance(result, Frame):
                frames.append(result)
            elif isinstance(result, Release):
                releases.append(result)
            elif isinstance(result, ReleaseFiles):
                release_files.append(result)
            else:
                rejected.append(
                    Rejected(position, result.reason, result.found, result.expected, record)
                )
        return SourcePage(
            self.name,
            origin,
            frames,
            rejected,
            total=envelope.total,
            more=envelope.more,
            rovers=envelope.rovers,
            releases=tuple(releases),
            release_files=tuple(release_files),
        )


def record_or_reason(
    record: bytes, make: Callable[[dict[str, Any], bytes], _Made]
) -> _Made | RecordError:
    """Make a frame or a release of one record's bytes, or say why it cannot be one.

    Args:
        record: The record as received.
        make: Makes it of the decoded record; raises `RecordError`.
    """
    try:
        data = msgspec.json.decode(record)
        if not isinstance(data, dict):
            return RecordError("The record is not an object.", found=data, expected="an object")
        return make(data, record)
    except RecordError as error:
        return error
    except (msgspec.DecodeError, RecursionError) as error:
        return RecordError("The record cannot be decoded.", found=error, expected="an object")
