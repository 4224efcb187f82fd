"""Segments of pictures and views: what is nearest, within a span, without what was replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from solbook.search.columns import Columns
from solbook.search.vectors import Span, VectorSegment, write_vectors
from solbook.search.views import NEARBY_M, ViewSegment, write_views

ROWS, DIMENSIONS = 3000, 96
NOTHING: NDArray[np.int64] = np.zeros(0, dtype=np.int64)


def pictures() -> Columns:
    """Descriptors around a few scenes, of three missions."""
    chance = np.random.default_rng(1)
    scenes = chance.standard_normal((40, DIMENSIONS))
    values = scenes[chance.integers(40, size=ROWS)] + 0.3 * chance.standard_normal(
        (ROWS, DIMENSIONS)
    )
    return {
        "keys": chance.permutation(np.arange(1, ROWS + 1)).astype(np.int64),
        "missions": chance.integers(0, 3, ROWS).astype(np.uint16),
        "utc_ns": chance.integers(0, 1000, ROWS).astype(np.int64),
        "hashes": chance.integers(1, 1 << 62, ROWS).astype(np.uint64),
        "values": values / np.linalg.norm(values, axis=1, keepdims=True),
    }


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors") / "one"
    write_vectors(folder, pictures())
    return folder


def best(columns: Columns, vector: NDArray[np.float32], rows: NDArray[np.bool_]) -> list[int]:
    """The twelve nearest by asking all, of the rows that are allowed."""
    likeness = np.asarray(columns["values"]).astype(np.float32) @ vector
    order = np.lexsort((columns["keys"], -np.where(rows, likeness, -np.inf)))
    return [int(columns["keys"][n]) for n in order[:12] if rows[n]]


Chosen = Callable[[Columns], NDArray[np.bool_]]


@pytest.mark.parametrize(
    ("span", "chosen"),
    [
        (None, lambda columns: columns["missions"] < 9),
        (Span(1, 0, 1000), lambda columns: columns["missions"] == 1),
        (
            Span(2, 200, 300),
            lambda columns: (
                (columns["missions"] == 2) & (columns["utc_ns"] >= 200) & (columns["utc_ns"] < 300)
            ),
        ),
        (Span(7, 0, 1000), lambda columns: columns["missions"] == 7),
    ],
)
def test_the_nearest_are_those_that_asking_all_finds(
    segment: Path, span: Span | None, chosen: Chosen
) -> None:
    for dead in (NOTHING, np.arange(0, ROWS, 3, dtype=np.int64)):
        opened = VectorSegment(segment, dead)
        allowed = chosen(opened.columns) & opened.good()
        for row in range(0, ROWS, 150):
            vector = opened.columns["values"][row].astype(np.float32)
            found = [alike.key for alike in opened.nearest(vector, 12, span)]
            assert found == best(opened.columns, vector, allowed)


def test_rows_are_found_by_key(segment: Path) -> None:
    opened = VectorSegment(segment, np.array([5], dtype=np.int64))
    keys = opened.columns["keys"]
    assert opened.row_of(int(keys[7])) == 7
    assert opened.row_of(int(keys[5])) is None
    assert opened.row_of(10**9) is None
    asked = np.array([int(keys[9]), 10**9, int(keys[2])], dtype=np.int64)
    assert opened.rows_of(asked).tolist() == [2, 9]


def test_hashes_are_found_within_their_bits(segment: Path) -> None:
    opened = VectorSegment(segment, NOTHING)
    own = int(opened.columns["hashes"][100])
    assert list(opened.hashes_near(own ^ 0b1011, 4)) == [int(opened.columns["keys"][100])]
    assert list(opened.hashes_near(own ^ 0b1011111, 4)) == []
    assert list(VectorSegment(segment, np.array([100])).hashes_near(own, 4)) == []


def view_at(north_m: float, east_m: float, turn_deg: float) -> NDArray[np.float32]:
    """A camera two metres up that looks 20 degrees down, 60 by 45 degrees wide."""
    turn, down = np.radians(turn_deg), np.radians(20)
    middle = [np.cos(turn) * np.cos(down), np.sin(turn) * np.cos(down), np.sin(down)]
    right = np.array([-np.sin(turn), np.cos(turn), 0.0]) * np.tan(np.radians(30))
    below = np.cross(middle, [-np.sin(turn), np.cos(turn), 0.0]) * np.tan(np.radians(22.5))
    place = [north_m, east_m, 0.0]
    camera = [north_m, east_m, -2.0]
    return np.concatenate([camera, middle, right, below, place]).astype(np.float32)


def test_only_views_nearby_on_the_same_site_are_compared(tmp_path: Path) -> None:
    places = [(0.0, 0.0), (NEARBY_M - 1, 0.0), (-20.0, -20.0), (NEARBY_M + 1, 0.0), (0.0, 0.0)]
    write_views(
        tmp_path / "one",
        {
            "keys": np.array([1, 2, 3, 4, 5], dtype=np.int64),
            "missions": np.array([1, 1, 1, 1, 2], dtype=np.uint16),
            "sites": np.array([3, 3, 3, 3, 3], dtype=np.int32),
            "utc_ns": np.arange(5, dtype=np.int64),
            "values": np.array([view_at(*place, 45.0) for place in places]),
        },
    )
    opened = ViewSegment(tmp_path / "one", NOTHING)
    row = opened.row_of(1)
    assert row is not None
    found = {seen.key: seen for seen in opened.seeing(opened.view_at(row), 10)}
    assert found.keys() == {1, 2, 3}
    assert found[1].share > 0.9
    # From behind it sees the same, and more.
    assert found[3].away_m == pytest.approx(800**0.5)


def test_of_thousands_from_one_place_the_nearest_in_time_are_compared(tmp_path: Path) -> None:
    count = 4000
    write_views(
        tmp_path / "one",
        {
            "keys": np.arange(count, dtype=np.int64),
            "missions": np.ones(count, dtype=np.uint16),
            "sites": np.ones(count, dtype=np.int32),
            "utc_ns": np.arange(count, dtype=np.int64),
            "values": np.tile(view_at(5.0, 5.0, 0.0), (count, 1)),
        },
    )
    opened = ViewSegment(tmp_path / "one", NOTHING)
    for key in (0, 2000, count - 1):
        row = opened.row_of(key)
        assert row is not None
        found = opened.seeing(opened.view_at(row), 9)
        assert found[0].key == key
        assert all(abs(seen.key - key) <= 8 for seen in found)
