"""Likes as they are kept: a set of visitors an item, totals that fit it, leaders, weeks."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import strategies as st

from solbook.archive import Archive, likes
from solbook.archive.like_periods import ALL_TIME, Period, Span, monday_of, week_of, weeks_beside
from solbook.archive.likes import Leader, WeekImage, like, unlike
from solbook.archive.state import LIKE_TOTALS, LIKED_ITEMS, LIKES, State
from solbook.errors import SolbookError
from solbook.settings import Settings
from tests.liking import frame, kept_likes, totals_as_counted, totals_as_kept

ANN, BOB, CAY = b"ann", b"bob", b"cay"
PERIODS: list[tuple[Span, str]] = [("week", "2026-W48"), ("year", "2026"), ("sol", "1")]


def ns(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


MONDAY = ns("2026-11-23T10:00")
SUNDAY = ns("2026-11-29T23:59:59")
NEXT_MONDAY = ns("2026-11-30T00:00")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path)
    yield made
    made.close()


def led(state: State, period: Period, mission: str | None = None) -> list[Leader]:
    with state.reading() as connection:
        return likes.leaders(connection, period, mission)


# --- One like a visitor and item ---------------------------------------------------------------


@hypothesis.settings(max_examples=30, deadline=None)
@hypothesis.given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.integers(0, 3),
            st.sampled_from([ANN, BOB, CAY]),
            st.integers(ns("2025-12-20T00:00"), ns("2026-01-20T00:00")),
        ),
        max_size=25,
    )
)
def test_whatever_the_order_it_is_a_set(votes: list[tuple[bool, int, bytes, int]]) -> None:
    expected: set[tuple[str, bytes]] = set()
    with tempfile.TemporaryDirectory() as folder:
        state = State(Path(folder))
        for given, number, visitor, at_ns in votes:
            item = frame(number)
            if given:
                count = like(state, item, visitor, at_ns)
                expected.add((item.id, visitor))
            else:
                count = unlike(state, item.id, visitor, at_ns)
                expected.discard((item.id, visitor))
            assert count == sum(liked == item.id for liked, _ in expected)
        with state.reading() as connection:
            assert kept_likes(connection) == expected
            assert totals_as_kept(connection) == totals_as_counted(connection)
            for number in range(4):
                for visitor in (ANN, BOB, CAY):
                    found = likes.is_liked_by(connection, frame(number).id, visitor)
                    assert found == ((frame(number).id, visitor) in expected)
        state.close()


def test_taking_back_what_was_never_given_changes_nothing(state: State) -> None:
    assert unlike(state, "m2020/NOTHING", ANN, MONDAY) == 0
    like(state, frame(1), ANN, MONDAY)
    assert unlike(state, frame(1).id, BOB, MONDAY) == 1
    assert unlike(state, frame(1).id, ANN, MONDAY) == 0
    assert led(state, ALL_TIME) == []
    assert led(state, Period("week", "2026-W48")) == []


def test_nothing_is_kept_of_a_visitor_but_a_hash_and_what_is_liked_since() -> None:
    assert LIKES.columns.keys() == ["visitor", "item", "day"]
    others = {*LIKED_ITEMS.columns.keys(), *LIKE_TOTALS.columns.keys()}
    assert others == {"key", "id", "mission", "sol", "likes", "span", "period", "item"}


# --- Leaders -----------------------------------------------------------------------------------


def test_leaders_of_every_span(state: State) -> None:
    like(state, frame(11), ANN, ns("2025-06-01T00:00"))
    like(state, frame(11), BOB, MONDAY)
    like(state, frame(12), ANN, MONDAY)
    like(state, frame(12), BOB, SUNDAY)
    like(state, frame(12), CAY, NEXT_MONDAY)
    like(state, frame(31, "msl"), ANN, MONDAY)
    first, second, third = (frame(11).id, frame(12).id, frame(31, "msl").id)
    assert led(state, ALL_TIME) == [(second, 3), (first, 2), (third, 1)]
    assert led(state, Period("week", "2026-W48")) == [(second, 2), (first, 1), (third, 1)]
    assert led(state, Period("week", "2026-W49")) == [(second, 1)]
    assert led(state, Period("year", "2025")) == [(first, 1)]
    assert led(state, Period("year", "2026"), "msl") == [(third, 1)]
    assert led(state, Period("sol", "1"), "m2020") == [(second, 3), (first, 2)]
    assert led(state, Period("sol", "1"), "msl") == []
    with state.reading() as connection:
        assert likes.liked_sols(connection, "m2020") == [1]
        assert set(likes.liked_missions(connection)) == {"m2020", "msl"}
        assert likes.liked_years(connection) == ["2026", "2025"]
        assert likes.likes_of(connection, [first, third, "m2020/NONE"]) == {first: 2, third: 1}
        days = likes.days_of(connection, second)
        assert [day[::2] for day in days] == [
            ("2026-11-23", 1),
            ("2026-11-29", 1),
            ("2026-11-30", 1),
        ]
        counts = list(likes.day_counts(connection, "2026-11-23", "2026-11-23"))
        assert [(count.item, count.likes) for count in counts] == [
            (first, 1),
            (second, 1),
            (third, 1),
        ]


def test_of_equals_the_first_ever_liked_goes_first(state: State) -> None:
    for number in (5, 3, 9):
        like(state, frame(number), ANN, MONDAY)
    assert [item for item, _ in led(state, ALL_TIME)] == [frame(n).id for n in (5, 3, 9)]
    unlike(state, frame(5).id, ANN, MONDAY)
    like(state, frame(5), BOB, MONDAY)
    assert led(state, Period("week", "2026-W48"))[0].item == frame(5).id


def test_simulated_images_lead_only_among_themselves(state: State) -> None:
    like(state, frame(1, "rehearsal"), ANN, MONDAY)
    assert led(state, ALL_TIME) == [(frame(1, "rehearsal").id, 1)]
    like(state, frame(1, "rehearsal"), BOB, MONDAY)
    like(state, frame(1), ANN, MONDAY)
    for period in (ALL_TIME, Period("week", "2026-W48")):
        assert led(state, period) == [(frame(1).id, 1)]
        assert led(state, period, "rehearsal") == [(frame(1, "rehearsal").id, 2)]


def test_a_sol_that_was_amended_is_followed(state: State) -> None:
    like(state, frame(11), ANN, MONDAY)
    like(state, frame(11)._replace(sol=2, mission="msl"), BOB, MONDAY)
    assert led(state, Period("sol", "1"), "m2020") == []
    assert led(state, Period("sol", "2"), "msl") == [(frame(11).id, 2)]
    assert led(state, Period("week", "2026-W48"), "msl") == [(frame(11).id, 2)]


# --- Weeks -------------------------------------------------------------------------------------


def test_the_image_of_a_week_is_fixed_when_the_week_is_over(state: State) -> None:
    like(state, frame(1), ANN, MONDAY)
    like(state, frame(1), BOB, MONDAY)
    like(state, frame(2), CAY, SUNDAY)
    expected = WeekImage("2026-W48", frame(1).id, 2)
    with state.reading() as connection:
        assert likes.images_of_weeks(connection, SUNDAY, 10) == []
        assert likes.image_of_week(connection, "2026-W48", SUNDAY) is None
        # Nothing was written since, and it is known all the same.
        assert likes.images_of_weeks(connection, NEXT_MONDAY, 10) == [expected]
        assert likes.image_of_week(connection, "2026-W48", NEXT_MONDAY) == expected
    unlike(state, frame(1).id, ANN, NEXT_MONDAY)
    unlike(state, frame(1).id, BOB, NEXT_MONDAY)
    assert led(state, Period("week", "2026-W48")) == [(frame(2).id, 1)]
    with state.reading() as connection:
        assert likes.images_of_weeks(connection, NEXT_MONDAY, 10) == [expected]
        assert likes.image_of_week(connection, "2026-W48", NEXT_MONDAY) == expected


def test_weeks_come_newest_first_and_in_parts(state: State) -> None:
    at = [ns(day) for day in ("2025-12-28T12:00", "2025-12-29T00:00", "2026-01-20T00:00")]
    for number, at_ns in enumerate(at):
        like(state, frame(number), ANN, at_ns)
    now = ns("2026-03-01T00:00")
    with state.reading() as connection:
        found = likes.images_of_weeks(connection, now, 10)
        assert [each.week for each in found] == ["2026-W04", "2026-W01", "2025-W52"]
        assert likes.images_of_weeks(connection, now, 1) == found[:1]
        assert likes.images_of_weeks(connection, now, 10, before="2026-W04") == found[1:]
        assert likes.image_of_week(connection, "2026-W02", now) is None


def test_weeks_are_those_of_iso_8601() -> None:
    assert week_of(ns("2027-01-03T23:59")) == "2026-W53"
    assert week_of(ns("2027-01-04T00:00")) == "2027-W01"
    assert str(monday_of("2026-W53")) == "2026-12-28"
    assert monday_of("2025-W53") is None
    assert monday_of("2026-W00") is None
    assert weeks_beside("2026-W53") == ("2026-W52", "2027-W01")


# --- The file ----------------------------------------------------------------------------------


def test_a_commit_waits_for_the_disk(state: State) -> None:
    with state.writing() as connection:
        full = 2
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    assert stat.S_IMODE(state.path.stat().st_mode) == 0o600


def test_likes_outlive_the_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive = Archive.create(folder, Settings(network=False))
    like(archive.state, frame(1), ANN, MONDAY)
    secret = archive.state.secret
    archive.close()
    for path in folder.glob("catalogue.sqlite*"):
        path.unlink()
    shutil.rmtree(folder / "derived", ignore_errors=True)
    again = Archive.create(folder, Settings(network=False))
    assert led(again.state, ALL_TIME) == [(frame(1).id, 1)]
    assert again.state.secret == secret
    again.close()


def test_a_newer_or_foreign_state_is_refused(tmp_path: Path) -> None:
    state = State(tmp_path)
    with state.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version=99")
    state.close()
    with pytest.raises(SolbookError) as newer:
        _ = State(tmp_path).secret
    assert newer.value.code == "newer_archive"
    for path in tmp_path.iterdir():
        path.unlink()
    state.path.write_bytes(b"This is no database." * 100)
    with pytest.raises(SolbookError) as foreign:
        _ = State(tmp_path).secret
    assert foreign.value.code == "bad_state"
    assert "copy" in foreign.value.help


def test_every_list_is_read_from_an_index_in_its_order(state: State) -> None:
    """So none slows down with the number of likes."""
    like(state, frame(11), ANN, MONDAY)
    read: list[tuple[str, Any]] = []
    with state.reading() as connection:
        sa.event.listen(
            connection, "before_cursor_execute", lambda *words: read.append((words[2], words[3]))
        )
        for period in (ALL_TIME, *(Period(*p) for p in PERIODS)):
            for mission in (None, "m2020"):
                if mission or period.span != "sol":
                    assert likes.leaders(connection, period, mission)
    assert len(read) > 6
    plans = sqlite3.connect(state.path)
    for statement, values in read:
        plan = [row[3] for row in plans.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert not [step for step in plan if "TEMP B-TREE" in step or "SCAN like_" in step], plan
    plans.close()
