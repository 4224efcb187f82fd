"""Sols side by side, each as wide as it has pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solbook.archive.frames import FrameRow
from solbook.site import words
from solbook.site.pages.cards import Card, CardMaker, say_anywhere

_WIDTHS = {0: "", 1: "", 2: "w2", 3: "w3", 4: "w4"}


@dataclass(frozen=True, slots=True)
class Day:
    """Frames of one sol.

    Attributes:
        title: `sol 755`, with the mission where there are several.
        href: Where all of them are.
        date: The date on Earth at its local noon: most frames of a sol are of that day.
        totals: What the sol holds, in words.
        cards: The frames shown.
        more: What is not shown, in words; empty for nothing.
        width: A class: how much of a line it takes.
    """

    title: str
    href: str
    date: str
    totals: str
    cards: list[Card]
    more: str
    width: str


def day(
    title: str,
    href: str,
    noon_ns: int,
    totals: str,
    frames: Sequence[FrameRow],
    maker: CardMaker,
    *,
    shown: int,
    held: int,
) -> Day:
    """Lay out a sol.

    Args:
        title: Its title.
        href: Where all of its frames are.
        noon_ns: Its local noon, UTC.
        totals: What it holds, in words.
        frames: Some of its frames, best first.
        maker: The page's cards.
        shown: At most so many pictures.
        held: How many frames there are in all.
    """
    pictured = [frame for frame in frames if maker.has_picture(frame)][:shown]
    # One empty place says as much as a row of them.
    cards = maker.cards(pictured or frames[:1], say_anywhere)
    rest = held - len(cards)
    return Day(
        title=title,
        href=href,
        date=words.utc_day(noon_ns),
        totals=totals,
        cards=cards,
        more=f"and {words.number(rest)} more" if rest > 0 else "",
        width=_WIDTHS.get(len(cards), "all"),
    )
