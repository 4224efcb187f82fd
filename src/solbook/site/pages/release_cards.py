"""A release or a story as pages show it among others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from fastapi import Request

from solbook.archive.frames import AssetRow, assets_of_all
from solbook.archive.likes import likes_of
from solbook.archive.releases import ReleaseRow
from solbook.records import MOVING
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cards import (
    UNKNOWN_SIZE_PX,
    Card,
    Picture,
    has_picture,
    picture_in,
    stored_size,
)
from solbook.site.release_words import (
    is_made,
    release_alt,
    release_date,
    release_simulated,
    type_name,
)
from solbook.site.state import archive, pictures

Why = Callable[[ReleaseRow], str]
"""Gives the reason why a release is shown; empty where that is plain."""


def no_reason(_release: ReleaseRow) -> str:
    """What is listed for itself needs no reason."""
    return ""


def kind_mark(release: ReleaseRow) -> str:
    """What must be said on a picture: that no camera took it, or that it plays."""
    shown = is_made(release) or release.media_type in MOVING | {"audio", "map", "chart"}
    return type_name(release.media_type) if shown else ""


class ReleaseCards:
    """Makes the cards of one page; the files of all its releases are read at once.

    Args:
        request: The request.
        connection: The page's connection.
        shown: Every release that will be shown.
    """

    def __init__(
        self, request: Request, connection: sa.Connection, shown: Iterable[ReleaseRow]
    ) -> None:
        self._fetcher = pictures(request)
        known = {release.key: release.id for release in shown}
        self._assets = assets_of_all(connection, known) if known else {}
        self._likes: dict[str, int] = {}
        if known:
            with archive(request).state.reading() as state:
                self._likes = likes_of(state, known.values())

    def assets(self, release: ReleaseRow) -> list[AssetRow]:
        """The files of a release, best first."""
        return self._assets.get(release.key, [])

    def has_picture(self, release: ReleaseRow) -> bool:
        """Whether a picture is stored, or may be fetched."""
        return has_picture(self.assets(release), self._fetcher)

    def size_px(self, release: ReleaseRow) -> tuple[int, int] | None:
        """Width and height of the stored picture, if one is stored."""
        return stored_size(self.assets(release))

    def picture(self, release: ReleaseRow) -> Picture | None:
        """A release's picture, if there is one to show."""
        if not self.has_picture(release):
            return None
        assets = self.assets(release)
        size_px = stored_size(assets) or UNKNOWN_SIZE_PX
        return picture_in(release.id, size_px, release_alt(release), assets)

    def card(self, release: ReleaseRow, why: Why = no_reason, likes: int | None = None) -> Card:
        """A release's card; with other likes than all it ever had, where these are given."""
        count = self._likes.get(release.id, 0) if likes is None else likes
        return Card(
            links.release_path(release.id, release.kind),
            self.picture(release),
            release.title,
            release_date(release),
            why(release),
            release_alt(release),
            release_simulated(release),
            kind=kind_mark(release),
            likes=words.number(count) if count else "",
        )

    def cards(self, shown: Iterable[ReleaseRow], why: Why = no_reason) -> list[Card]:
        """The cards of releases."""
        return [self.card(release, why) for release in shown]
