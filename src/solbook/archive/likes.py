"""Likes: giving one, taking it back, counts, leaders, the image of each week.

One row says that a visitor likes an item, so a like given twice is one. In the same transaction
the totals change that lists are read from: the item's own, and those of the day, the week and the
year (UTC) in which the like was given. Taking it back subtracts from the same ones.

The image of a week is fixed by the first change after its end, before that change: totals only
change when somebody likes something or takes it back, so what is fixed is how the week ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import schema
from solbook.archive.like_periods import ALL_TIME, DAY, Period, Span, day_of, totals_of, week_of
from solbook.archive.state import LIKE_TOTALS, LIKE_WEEKS, LIKED_ITEMS, LIKES, State
from solbook.missions import MISSIONS

_ITEM, _LIKE, _TOTAL, _WEEK = LIKED_ITEMS.c, LIKES.c, LIKE_TOTALS.c, LIKE_WEEKS.c
_WEEK_SPAN: Span = "week"
_YEAR: Span = "year"
# SQLite takes so many values in one statement, at least.
_MOST_IDS = 900
_ROWS_AT_ONCE = 2000


class Likeable(NamedTuple):
    """An item of the catalogue, as far as likes need to know it.

    Attributes:
        id: Its public id.
        kind: What it is: `frame` or `release`.
        mission: The mission it is a frame of; `None` for others.
        sol: The sol it was taken on; `None` where it is of none.
    """

    id: str
    kind: str
    mission: str | None
    sol: int | None


class Leader(NamedTuple):
    """An item and how many likes it was given in a period."""

    item: str
    likes: int


class DayCount(NamedTuple):
    """The likes that an item was given on a UTC day and that were not taken back."""

    day: str
    item: str
    likes: int


class WeekImage(NamedTuple):
    """The image of a week that is over, with the likes it had when the week ended."""

    week: str
    item: str
    likes: int


def likeables(connection: sa.Connection, items: Iterable[str]) -> dict[str, Likeable]:
    """The items of the catalogue with these ids, by id; ids of nothing are passed over.

    Args:
        connection: A connection of the catalogue.
        items: Public ids.
    """
    table = schema.ITEMS.c
    rows = connection.execute(
        sa.select(table.id, table.kind, table.mission, table.sol).where(table.id.in_(list(items)))
    )
    return {row.id: Likeable(*row) for row in rows}


def like(state: State, item: Likeable, visitor: bytes, at_ns: int) -> int:
    """Note that a visitor likes an item; once is as good as twice.

    Returns:
        How many visitors like it. When this returns, the like is on disk.
    """
    day = day_of(at_ns)
    with _changing(state, at_ns) as connection:
        key, count = _found_or_added(connection, item)
        row = {"visitor": visitor, "item": key, "day": day.isoformat()}
        if not connection.execute(_INSERT_LIKE, row).rowcount:
            return count
        connection.execute(_ADD_TO_ITEM, {"b_key": key, "change": 1})
        connection.execute(
            _ADD_TO_TOTAL,
            [
                {"span": span, "period": period, "item": key, "mission": item.mission, "likes": 1}
                for span, period in totals_of(day)
            ],
        )
        return count + 1


def unlike(state: State, item: str, visitor: bytes, at_ns: int) -> int:
    """Take a visitor's like of an item back, if there is one.

    Returns:
        How many visitors like it still.
    """
    with _changing(state, at_ns) as connection:
        found = connection.execute(_FIND_ITEM, {"b_id": item}).first()
        if found is None:
            return 0
        count: int = found.likes
        given = (_LIKE.visitor == visitor, _LIKE.item == found.key)
        day = connection.execute(sa.select(_LIKE.day).where(*given)).scalar()
        if day is None:
            return count
        connection.execute(sa.delete(LIKES).where(*given))
        connection.execute(_ADD_TO_ITEM, {"b_key": found.key, "change": -1})
        places = [
            {"b_span": span, "b_period": period, "b_item": found.key}
            for span, period in totals_of(date.fromisoformat(day))
        ]
        connection.execute(_TAKE_FROM_TOTAL, places)
        connection.execute(_DELETE_EMPTY_TOTAL, places)
        return count - 1


def likes_of(connection: sa.Connection, items: Iterable[str]) -> dict[str, int]:
    """How many visitors like each of these items; those that nobody likes are left out."""
    ids = list(items)
    found: dict[str, int] = {}
    for start in range(0, len(ids), _MOST_IDS):
        rows = connection.execute(
            sa.select(_ITEM.id, _ITEM.likes).where(
                _ITEM.id.in_(ids[start : start + _MOST_IDS]), _ITEM.likes > 0
            )
        )
        found.update((item, likes) for item, likes in rows)
    return found


def is_liked_by(connection: sa.Connection, item: str, visitor: bytes) -> bool:
    """Whether a visitor likes an item."""
    row = connection.execute(
        sa.select(_LIKE.day)
        .join_from(LIKES, LIKED_ITEMS)
        .where(_ITEM.id == item, _LIKE.visitor == visitor)
    ).first()
    return row is not None


def leaders(
    connection: sa.Connection,
    period: Period,
    mission: str | None = None,
    limit: int = 48,
    offset: int = 0,
) -> list[Leader]:
    """The items that were given most likes; of equals, the one that was first ever liked.

    Simulated images are among them only where no others are, or where their mission is named.

    Args:
        connection: A connection of the state.
        period: Of which likes, or of which images.
        mission: Only of this mission's images; a sol needs one.
        limit: At most so many.
        offset: After so many.
    """
    if mission is not None:
        chosen = [_mission_column(period) == mission]
    else:
        simulated = [known.id for known in MISSIONS.values() if known.simulated]
        column = _mission_column(period)
        chosen = [sa.or_(column.is_(None), column.not_in(simulated))]
        if not connection.execute(_ranked(period).where(*chosen).limit(1)).first():
            chosen = []
    rows = connection.execute(_ranked(period).where(*chosen).limit(limit).offset(offset))
    return [Leader(*row) for row in rows]


def liked_sols(connection: sa.Connection, mission: str) -> list[int]:
    """The sols of a mission of which images are liked, newest first."""
    rows = connection.execute(
        sa.select(_ITEM.sol)
        .distinct()
        .where(_ITEM.mission == mission, _ITEM.sol.is_not(None), _ITEM.likes > 0)
        .order_by(_ITEM.sol.desc())
    )
    return [sol for (sol,) in rows]


def liked_missions(connection: sa.Connection) -> list[str]:
    """The missions of which images are liked."""
    return [mission for mission in MISSIONS if leaders(connection, ALL_TIME, mission, limit=1)]


def liked_years(connection: sa.Connection) -> list[str]:
    """The years in which likes were given, newest first."""
    rows = connection.execute(
        sa.select(_TOTAL.period)
        .distinct()
        .where(_TOTAL.span == _YEAR)
        .order_by(_TOTAL.period.desc())
    )
    return [year for (year,) in rows]


def days_of(connection: sa.Connection, item: str) -> list[DayCount]:
    """The likes of an item by day, oldest first."""
    rows = connection.execute(
        sa.select(_TOTAL.period, _ITEM.id, _TOTAL.likes)
        .join_from(LIKE_TOTALS, LIKED_ITEMS)
        .where(_ITEM.id == item, _TOTAL.span == DAY)
        .order_by(_TOTAL.period)
    )
    return [DayCount(*row) for row in rows]


def day_counts(connection: sa.Connection, first: str, last: str) -> Iterator[DayCount]:
    """Every item that was liked from one UTC day to another, by day and id.

    Args:
        connection: A connection of the state; it is read from as the rows are taken.
        first: First day, `2026-11-24`.
        last: Last day.
    """
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(
        sa.select(_TOTAL.period, _ITEM.id, _TOTAL.likes)
        .join_from(LIKE_TOTALS, LIKED_ITEMS)
        .where(_TOTAL.span == DAY, _TOTAL.period.between(first, last))
        .order_by(_TOTAL.period, _ITEM.id)
    )
    for row in rows:
        yield DayCount(*row)


def images_of_weeks(
    connection: sa.Connection, at_ns: int, limit: int, before: str | None = None
) -> list[WeekImage]:
    """The images of the weeks that are over, newest week first.

    Args:
        connection: A connection of the state.
        at_ns: The time now.
        limit: At most so many weeks.
        before: Only of weeks before this one.
    """
    end = min(before or week_of(at_ns), week_of(at_ns))
    # Nobody may have liked anything since a week ended: then it is not fixed, but cannot change.
    unsettled = [image for image in _unsettled(connection, at_ns) if image.week < end]
    rows = connection.execute(
        sa.select(_WEEK.week, _ITEM.id, _WEEK.likes)
        .join_from(LIKE_WEEKS, LIKED_ITEMS)
        .where(_WEEK.week < end)
        .order_by(_WEEK.week.desc())
        .limit(limit)
    )
    return [*reversed(unsettled), *(WeekImage(*row) for row in rows)][:limit]


def image_of_week(connection: sa.Connection, week: str, at_ns: int) -> WeekImage | None:
    """The image of a week that is over; `None` where nothing was liked in it."""
    if week >= week_of(at_ns):
        return None
    row = connection.execute(
        sa.select(_WEEK.week, _ITEM.id, _WEEK.likes)
        .join_from(LIKE_WEEKS, LIKED_ITEMS)
        .where(_WEEK.week == week)
    ).first()
    if row:
        return WeekImage(*row)
    return next((each for each in _unsettled(connection, at_ns) if each.week == week), None)


@contextmanager
def _changing(state: State, at_ns: int) -> Iterator[sa.Connection]:
    """A transaction that changes likes, after it has fixed the images of weeks that are over."""
    week = week_of(at_ns)
    with state.writing() as connection:
        if state.settled_week != week:
            _settle_weeks(connection, at_ns)
        yield connection
    # Only now is it on disk.
    state.settled_week = week


def _settle_weeks(connection: sa.Connection, at_ns: int) -> None:
    """Fix the images of weeks that ended since the last change."""
    for image in _unsettled(connection, at_ns):
        key = sa.select(_ITEM.key).where(_ITEM.id == image.item).scalar_subquery()
        connection.execute(
            sa.insert(LIKE_WEEKS).values(week=image.week, item=key, likes=image.likes)
        )


def _unsettled(connection: sa.Connection, at_ns: int) -> list[WeekImage]:
    """The images of weeks that are over and not fixed, oldest week first."""
    weeks = connection.execute(_UNSETTLED_WEEKS, {"this_week": week_of(at_ns)}).scalars().all()
    return [
        WeekImage(week, *leaders(connection, Period(_WEEK_SPAN, week), limit=1)[0])
        for week in weeks
    ]


def _found_or_added(connection: sa.Connection, item: Likeable) -> tuple[int, int]:
    """The key and the likes of an item; what the catalogue says of it now is noted."""
    row = connection.execute(_FIND_ITEM, {"b_id": item.id}).first()
    about = {"mission": item.mission, "sol": item.sol}
    if row is None:
        made = connection.execute(sa.insert(LIKED_ITEMS), {"id": item.id, "likes": 0, **about})
        assert made.inserted_primary_key is not None  # noqa: S101  (one row was inserted)
        return made.inserted_primary_key[0], 0
    if (row.mission, row.sol) != (item.mission, item.sol):
        connection.execute(sa.update(LIKED_ITEMS).where(_ITEM.key == row.key).values(about))
        of_item = sa.update(LIKE_TOTALS).where(_TOTAL.item == row.key)
        connection.execute(of_item.values(mission=item.mission))
    return row.key, row.likes


def _mission_column(period: Period) -> sa.ColumnElement[str | None]:
    return _ITEM.mission if period.span in ("all", "sol") else _TOTAL.mission


def _ranked(period: Period) -> sa.Select[str, int]:
    """Items of a period with their likes, best first."""
    if period.span in ("all", "sol"):
        found = sa.select(_ITEM.id, _ITEM.likes).where(_ITEM.likes > 0)
        if period.span == "sol":
            found = found.where(_ITEM.sol == int(period.name))
        return found.order_by(_ITEM.likes.desc(), _ITEM.key)
    return (
        sa.select(_ITEM.id, _TOTAL.likes)
        .join_from(LIKE_TOTALS, LIKED_ITEMS)
        .where(_TOTAL.span == period.span, _TOTAL.period == period.name)
        .order_by(_TOTAL.likes.desc(), _TOTAL.item)
    )


_FIND_ITEM = sa.select(_ITEM.key, _ITEM.mission, _ITEM.sol, _ITEM.likes).where(
    _ITEM.id == sa.bindparam("b_id")
)
_INSERT_LIKE = upsert(LIKES).on_conflict_do_nothing()
_ADD_TO_ITEM = (
    sa.update(LIKED_ITEMS)
    .where(_ITEM.key == sa.bindparam("b_key"))
    .values(likes=_ITEM.likes + sa.bindparam("change"))
)
_ADD_TO_TOTAL = upsert(LIKE_TOTALS).on_conflict_do_update(
    index_elements=list(LIKE_TOTALS.primary_key), set_={"likes": _TOTAL.likes + 1}
)
_OF_TOTAL = (
    _TOTAL.span == sa.bindparam("b_span"),
    _TOTAL.period == sa.bindparam("b_period"),
    _TOTAL.item == sa.bindparam("b_item"),
)
_TAKE_FROM_TOTAL = sa.update(LIKE_TOTALS).where(*_OF_TOTAL).values(likes=_TOTAL.likes - 1)
_DELETE_EMPTY_TOTAL = sa.delete(LIKE_TOTALS).where(*_OF_TOTAL, _TOTAL.likes == 0)
_UNSETTLED_WEEKS = (
    sa.select(_TOTAL.period)
    .distinct()
    .where(
        _TOTAL.span == _WEEK_SPAN,
        _TOTAL.period > sa.select(sa.func.coalesce(sa.func.max(_WEEK.week), "")).scalar_subquery(),
        _TOTAL.period < sa.bindparam("this_week"),
    )
    .order_by(_TOTAL.period)
)
