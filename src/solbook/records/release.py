"""A release: something that was published with a title and words, as one source describes it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal, get_args

import msgspec

from solbook.records.frame import Asset

MediaType = Literal[
    "photo",
    "mosaic",
    "illustration",
    "animation",
    "video",
    "map",
    "chart",
    "audio",
    "article",
]
"""What a release is. An `article` is a news story; an `illustration` no camera took."""

MEDIA_TYPES: tuple[MediaType, ...] = get_args(MediaType)

MOVING: frozenset[MediaType] = frozenset({"animation", "video"})
"""Those that play."""

# What may stand in an address as it is (RFC 3986, unreserved characters).
_UNSAFE = re.compile(r"[^A-Za-z0-9._~-]+")
_MOST_SLUG = 80
_TELLING_DIGITS = 6


class Release(msgspec.Struct, kw_only=True):
    """A picture, video or story that was published, as one upstream record describes it.

    Missing values are `None`, never a placeholder word or number.

    Attributes:
        source: Name of the source, for example `library`.
        upstream_id: The id exactly as the source gives it, for example `PIA24546`.
        media_type: What it is.
        title: Title, plain text.
        caption: What it shows, plain text; paragraphs are apart by an empty line.
        body: A story's text, HTML that was made harmless.
        credit: Whom to credit.
        credit_source: Where the credit was found: `stated` (a field of its own), `caption` (its
            words say so), or `centre` (only who published it is stated).
        dated: When it was published as the source states it, ISO 8601: a year, a month, a day or
            a time.
        dated_ns: The same, the beginning of it, UTC, ns since 1970-01-01.
        keywords: As the source gives them.
        missions: Missions the source names, by id.
        location: Where it was made, as the source says.
        alt: What it shows for those who do not see it, where the source says so.
        page_url: The upstream's own page about it.
        flags: What a reader should know.
        assets: The files the upstream offers. The role `full` is the best picture, of a video its
            poster; `video` a film, `audio` a sound, `captions` a film's captions.
        files_url: Where the upstream lists all files, where that is apart from the record.
        paths: The files that are on this machine, by role.
        upstream: The record as it was received.
        name: What it is called in addresses; by default made of the upstream's id.
    """

    source: str
    upstream_id: str
    media_type: MediaType
    title: str
    caption: str | None = None
    body: str | None = None
    credit: str | None = None
    credit_source: str | None = None
    dated: str | None = None
    dated_ns: int | None = None
    keywords: tuple[str, ...] = ()
    missions: tuple[str, ...] = ()
    location: str | None = None
    alt: str | None = None
    page_url: str | None = None
    flags: tuple[str, ...] = ()
    assets: tuple[Asset, ...] = ()
    files_url: str | None = None
    paths: tuple[tuple[str, Path], ...] = ()
    upstream: bytes
    name: str = ""

    def __post_init__(self) -> None:
        """Name it after its id, where the source does not say how."""
        self.name = self.name or release_name(self.upstream_id)

    @property
    def id(self) -> str:
        """The release's public id, `source/name`."""
        return f"{self.source}/{self.name}"

    @property
    def kind(self) -> str:
        """The kind of item: `release`, or `article` for a story."""
        return "article" if self.media_type == "article" else "release"


class ReleaseFiles(msgspec.Struct, frozen=True):
    """The files of a release, as a list of them that the upstream keeps apart states them.

    Attributes:
        upstream_id: The release's id, as the source gives it.
        assets: The files.
        upstream: The list as it was received.
    """

    upstream_id: str
    assets: tuple[Asset, ...]
    upstream: bytes


def release_id(source: str, upstream_id: str) -> str:
    """The public id of a release: `library/PIA24546`."""
    return f"{source}/{release_name(upstream_id)}"


def release_name(upstream_id: str) -> str:
    """An upstream's id as it may stand in an address.

    An id of letters, digits and `-._~` stays as it is. In any other, what may not stand there
    becomes a hyphen, and the beginning of its SHA-256 tells it from those that become the same.
    """
    safe = _UNSAFE.sub("-", upstream_id)[:_MOST_SLUG].strip("-.")
    if safe == upstream_id:
        return safe
    digest = hashlib.sha256(upstream_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{safe or 'release'}-{digest[:_TELLING_DIGITS]}"
