"""The thread: a mission in one line."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import pytest

from solbook.missions import mission, real_missions
from solbook.site.thread import Thread, lay_out, view

NOW_NS = int(datetime(2026, 11, 23, tzinfo=UTC).timestamp()) * 1_000_000_000


def thread_of(sols: list[tuple[int, int]], mission_id: str = "m2020") -> Thread:
    return lay_out(mission(mission_id), sols, NOW_NS)


def bars_of(thread: Thread) -> list[tuple[float, float]]:
    """Left side and height of each bar, in the units of the view."""
    return [
        (float(left), float(height))
        for left, height in re.findall(r"M([\d.]+) 30v-([\d.]+)h[\d.]+V30z", thread.bars)
    ]


def test_it_runs_from_launch_to_the_sol_it_is_now() -> None:
    thread = thread_of([])
    assert thread.first_sol == 0
    assert thread.last_sol == 2047
    # 202 days of cruise in 2,308 days.
    assert thread.landing == pytest.approx(0.088, abs=0.002)
    assert thread.fraction(0) == thread.landing
    assert thread.fraction(2048) == 1.0


def test_a_mission_that_ended_ends_there() -> None:
    thread = thread_of([], "insight")
    assert thread.last_sol == 1446


REAL = [known.id for known in real_missions()]


@pytest.mark.parametrize("mission_id", REAL)
def test_every_mission_can_be_laid_out_with_nothing_held(mission_id: str) -> None:
    thread = thread_of([], mission_id)
    assert thread.bars == ""
    assert 0 < thread.landing < 0.2
    assert thread.ticks[0].label == f"sol {thread.first_sol}"


def test_bars_stand_where_their_sols_are_and_grow_with_their_frames() -> None:
    thread = thread_of([(0, 1000), (1000, 10), (2000, 250)])
    bars = bars_of(thread)
    most, least, middle = (height for _, height in bars)
    assert most > middle > least
    for (left, _), sol in zip(bars, (0, 1000, 2000), strict=True):
        assert left == pytest.approx(thread.fraction(sol) * 1000, abs=4)


def test_a_single_frame_beside_thousands_is_seen() -> None:
    heights = [height for _, height in bars_of(thread_of([(10, 5000), (1000, 1)]))]
    assert min(heights) >= 5


def test_a_gap_is_a_gap() -> None:
    sols = [(sol, 100) for sol in range(2000) if not 217 <= sol < 260]
    thread = thread_of(sols)
    inside = [
        left
        for left, _ in bars_of(thread)
        if thread.fraction(224) * 1000 < left < thread.fraction(252) * 1000
    ]
    assert inside == []


def test_there_are_at_most_300_bars() -> None:
    thread = thread_of([(sol, 1 + sol % 7) for sol in range(5083)], "msl")
    assert 250 < len(bars_of(thread)) <= 300
    assert len(thread.bars) < 10_000


def test_a_wrong_sol_does_not_stretch_the_line() -> None:
    thread = thread_of([(5, 10), (99_999, 1), (-40, 1)])
    assert thread.last_sol == 2047
    assert all(0 <= left <= 1000 for left, _ in bars_of(thread))


@pytest.mark.parametrize("last_sol", [0, 1, 11, 29, 5000])
def test_the_line_of_a_simulated_mission_is_that_of_its_sols(last_sol: int) -> None:
    thread = thread_of([(sol, 10) for sol in range(last_sol + 1)], "rehearsal")
    assert (thread.first_sol, thread.last_sol, thread.landing) == (0, last_sol, 0.0)
    assert "simulated" in thread.name
    assert "simulated" in view(thread, last_sol).spoken
    assert thread.launch_label == ""
    lefts = [left for left, _ in bars_of(thread)]
    assert len(lefts) == min(last_sol + 1, len(lefts))
    widths = {float(width) for width in re.findall(r"h([\d.]+)V", thread.bars)}
    # Sticks, however few sols there are, each within its own sol.
    assert max(widths) <= 16.0
    if last_sol < 30:
        assert len(lefts) == last_sol + 1
        for sol, left in enumerate(lefts):
            assert thread.fraction(sol) * 1000 <= left
            assert left + max(widths) <= thread.fraction(sol + 1) * 1000 + 0.1
    places = [float(tick.percent.rstrip("%")) for tick in thread.ticks]
    assert all(after - before > 4.9 for before, after in itertools.pairwise(places))


def test_a_rehearsal_without_frames_has_a_line() -> None:
    thread = thread_of([], "rehearsal")
    assert (thread.last_sol, thread.bars) == (0, "")


def test_ticks_do_not_crowd() -> None:
    for mission_id in REAL:
        thread = thread_of([], mission_id)
        places = [float(tick.percent.rstrip("%")) for tick in thread.ticks]
        assert all(after - before > 4.9 for before, after in itertools.pairwise(places))
        assert len(places) <= 8


@pytest.mark.parametrize("sol", [-5, 0, 3, 755, 1500, 2040, 99_999])
def test_the_mark_and_its_box_stay_inside(sol: int) -> None:
    thread = thread_of([])
    mark = thread.mark(sol)
    assert mark.label == f"sol {sol}"
    place = float(mark.percent.rstrip("%")) / 100
    for width_px in (358, 1216):
        left = place * width_px + mark.box_left_px
        assert left >= 0
        assert left + mark.box_px <= width_px


def test_the_name_keeps_out_of_the_marks_way() -> None:
    thread = thread_of([])
    assert thread.name_at_end(100)
    assert not thread.name_at_end(1500)
    assert not thread.name_at_end(None)


def test_a_view_says_where_the_page_stands_and_leads_there() -> None:
    shown = view(thread_of([]), 755)
    assert shown.href == "/missions/m2020?at=755#sols"
    assert "sol 755 of 2047" in shown.spoken
    assert view(thread_of([]), None).mark is None
