"""What is worth seeing after an item: Related, and You Might Also Like, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request

from solbook.archive.frames import FrameRow, frames_by_id
from solbook.archive.releases import ReleaseRow, releases_by_id
from solbook.search.also_like import you_might_also_like
from solbook.search.related import RelatedItem, related
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.cards import Card, CardMaker, Picture
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.pages.releases import Story, told
from solbook.site.state import archive
from solbook.site.titles import mission_and_sol

RELATED_SHOWN = 12
ALSO_SHOWN = 6


@dataclass(frozen=True, slots=True)
class After:
    """What stands at the end of an item's page.

    Attributes:
        related: Items that are related to it, as cards.
        also: Stories, and releases where they are too few, in a list.
    """

    related: list[Card]
    also: list[tuple[Story, Picture | None]]


def after(
    request: Request, connection: sa.Connection, item_id: str, shown: Collection[str] = ()
) -> After:
    """What is worth seeing after an item.

    Args:
        request: The request.
        connection: The page's connection.
        item_id: The item.
        shown: Items that its page shows already.
    """
    keeper = archive(request)
    # Stories have a list of their own below.
    found = related(keeper, item_id, RELATED_SHOWN + len(shown) + ALSO_SHOWN)
    others = [one for one in found if one.item_id not in shown and one.kind != "article"]
    first = others[:RELATED_SHOWN]
    left_out = {*shown, *(one.item_id for one in first)}
    also = you_might_also_like(keeper, item_id, left_out, ALSO_SHOWN)
    known = _Known(request, connection, [*first, *also])
    return After(known.cards(first), known.stories(also))


class _Known:
    """The rows and the makers of some items' cards."""

    def __init__(
        self, request: Request, connection: sa.Connection, items: Sequence[RelatedItem]
    ) -> None:
        ids = [one.item_id for one in items]
        self._frames = frames_by_id(connection, ids)
        self._releases = releases_by_id(connection, ids)
        self._of_frames = CardMaker(request, connection, self._frames.values())
        self._of_releases = ReleaseCards(request, connection, self._releases.values())

    def cards(self, items: Sequence[RelatedItem]) -> list[Card]:
        """Items as cards, in their order; those that have gone are left out."""
        return [card for one in items if (card := self._card(one)) is not None]

    def stories(self, items: Sequence[RelatedItem]) -> list[tuple[Story, Picture | None]]:
        """Stories and releases as a list, in their order."""
        why = {one.item_id: one.reason for one in items}
        found = [self._releases[one.item_id] for one in items if one.item_id in self._releases]

        def reason(release: ReleaseRow) -> str:
            return why[release.id]

        return told(found, self._of_releases, reason)

    def _card(self, one: RelatedItem) -> Card | None:
        frame, release = self._frames.get(one.item_id), self._releases.get(one.item_id)
        if frame is not None:
            return self._of_frames.card(frame, lambda it: (*_words(it), one.reason))
        if release is not None:
            return self._of_releases.card(release, lambda _: one.reason)
        return None


def _words(frame: FrameRow) -> tuple[str, str]:
    return camera_name(frame.mission, frame.instrument).name, mission_and_sol(frame)
