"""What tests of likes share: all that is kept, and the totals counted anew from it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import sqlalchemy as sa

from solbook.archive.like_periods import week_name
from solbook.archive.likes import Likeable
from solbook.archive.state import LIKE_TOTALS, LIKED_ITEMS, LIKES

Totals = dict[tuple[str, str, str], int]


def frame(number: int, mission: str = "m2020") -> Likeable:
    """A frame that may be liked; its sol is its number over ten."""
    return Likeable(f"{mission}/FRAME_{number}", "frame", mission, number // 10)


def kept_likes(connection: sa.Connection) -> set[tuple[str, bytes]]:
    """Who likes what."""
    rows = connection.execute(
        sa.select(LIKED_ITEMS.c.id, LIKES.c.visitor).join_from(LIKES, LIKED_ITEMS)
    ).all()
    assert len(rows) == len(set(rows))
    return {(item, visitor) for item, visitor in rows}


def totals_as_kept(connection: sa.Connection) -> Totals:
    """The totals that lists are read from, by span, period and item."""
    totals, items = LIKE_TOTALS.c, LIKED_ITEMS.c
    rows = connection.execute(
        sa.select(totals.span, totals.period, items.id, totals.likes).join_from(
            LIKE_TOTALS, LIKED_ITEMS
        )
    )
    found = {(span, period, item): likes for span, period, item, likes in rows}
    every = connection.execute(sa.select(items.id, items.likes).where(items.likes != 0))
    return found | {("all", "", item): likes for item, likes in every}


def totals_as_counted(connection: sa.Connection) -> Totals:
    """The same, counted one by one."""
    found: Counter[tuple[str, str, str]] = Counter()
    rows = connection.execute(
        sa.select(LIKED_ITEMS.c.id, LIKES.c.day).join_from(LIKES, LIKED_ITEMS)
    )
    for item, day in rows:
        found["all", "", item] += 1
        found["day", day, item] += 1
        found["week", week_name(date.fromisoformat(day)), item] += 1
        found["year", day[:4], item] += 1
    return dict(found)
