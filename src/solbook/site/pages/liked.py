"""Items that may be liked, of any kind: where the page of each is, its words, its card.

A kind of item is one row of `KINDS`; all else about likes does not know what it is of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request

from solbook.archive.frames import frames_by_id
from solbook.archive.likes import Leader, Likeable, likeables
from solbook.archive.releases import releases_by_id
from solbook.errors import SolbookError
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.cards import (
    Card,
    CardMaker,
)
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.release_words import release_alt, release_credit, release_simulated
from solbook.site.titles import alt_text, credit_line, frame_title, is_simulated, mission_and_sol

_MIDDLE_PX = 640


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedImage:
    """An item in words, for answers and feeds.

    Attributes:
        id: Its public id.
        path: Its page.
        title: What it is called.
        alt: What it shows.
        credit: Whom to credit.
        picture: Address of its picture in a middling size, without the extension.
        mission: Its mission; `None` where it is of none.
        sol: Its sol; `None` where it is of none.
        simulated: Whether Solbook computed it.
    """

    id: str
    path: str
    title: str
    alt: str
    credit: str
    picture: str
    mission: str | None
    sol: int | None
    simulated: bool


Ranked = Mapping[str, int]
"""Items by id, with the likes to show."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of item that may be liked.

    Attributes:
        path: The page of an item, by its id.
        images: Items in words, by id; those that are not there are left out.
        cards: Cards of items, by id; those that are not there are left out.
    """

    path: Callable[[str], str]
    images: Callable[[sa.Connection, Iterable[str]], dict[str, LikedImage]]
    cards: Callable[[Request, sa.Connection, Ranked], dict[str, Card]]


def find_item(connection: sa.Connection, item: str) -> Likeable:
    """The item of an id.

    Raises:
        SolbookError: There is none that may be liked.
    """
    found = likeables(connection, [item]).get(item)
    if found is None or found.kind not in KINDS:
        raise SolbookError(
            "There is no such image here.",
            code="not_found",
            found=item[:160] or "no id",
            expected="the id of an image of this archive, such as m2020/PRODUCT_ID",
            help="Open the image and use its heart.",
        )
    return found


def path_of(item: Likeable) -> str:
    """The page of an item."""
    return KINDS[item.kind].path(item.id)


def images_of(connection: sa.Connection, items: Iterable[str]) -> dict[str, LikedImage]:
    """Items in words, by id; those that are not in the catalogue are left out."""
    found: dict[str, LikedImage] = {}
    for kind, ids in _by_kind(connection, items).items():
        found |= KINDS[kind].images(connection, ids)
    return found


def cards_of(
    request: Request, connection: sa.Connection, leaders: Iterable[Leader]
) -> dict[str, Card]:
    """Cards of items with these likes, by id, in the order given; none of what is not there."""
    likes = {leader.item: leader.likes for leader in leaders}
    found: dict[str, Card] = {}
    for kind, ids in _by_kind(connection, likes).items():
        found |= KINDS[kind].cards(request, connection, {item: likes[item] for item in ids})
    return {item: found[item] for item in likes if item in found}


def _by_kind(connection: sa.Connection, items: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in likeables(connection, items).values():
        if item.kind in KINDS:
            found.setdefault(item.kind, []).append(item.id)
    return found


def _frames(connection: sa.Connection, items: Iterable[str]) -> dict[str, LikedImage]:
    return {
        frame.id: LikedImage(
            id=frame.id,
            path=links.frame_path(frame.id),
            title=frame_title(frame),
            alt=alt_text(frame),
            credit=credit_line(frame),
            picture=links.picture_path(frame.id, _MIDDLE_PX, "").removesuffix("."),
            mission=frame.mission,
            sol=frame.sol,
            simulated=is_simulated(frame),
        )
        for frame in frames_by_id(connection, items).values()
    }


def _frame_cards(request: Request, connection: sa.Connection, items: Ranked) -> dict[str, Card]:
    frames = frames_by_id(connection, items)
    maker = CardMaker(request, connection, frames.values())
    return {
        item: maker.card(
            frame,
            lambda it: (camera_name(it.mission, it.instrument).name, mission_and_sol(it), ""),
            likes=items[item],
        )
        for item, frame in frames.items()
    }


def _releases(connection: sa.Connection, items: Iterable[str]) -> dict[str, LikedImage]:
    return {
        release.id: LikedImage(
            id=release.id,
            path=links.release_path(release.id),
            title=release.title,
            alt=release_alt(release),
            credit=release_credit(release),
            picture=links.picture_path(release.id, _MIDDLE_PX, "").removesuffix("."),
            mission=None,
            sol=None,
            simulated=release_simulated(release),
        )
        for release in releases_by_id(connection, items).values()
    }


def _release_cards(request: Request, connection: sa.Connection, items: Ranked) -> dict[str, Card]:
    found = releases_by_id(connection, items)
    maker = ReleaseCards(request, connection, found.values())
    return {item: maker.card(release, likes=items[item]) for item, release in found.items()}


KINDS: dict[str, Kind] = {
    "frame": Kind(links.frame_path, _frames, _frame_cards),
    "release": Kind(links.release_path, _releases, _release_cards),
}
