"""What part of the ground a frame sees, and how much of it another does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from solbook.imaging import Attitude, CameraModel
from solbook.imaging.view import (
    VIEW_NUMBERS,
    Floats,
    ground_points,
    shares_seen,
    view_of,
    view_of_record,
)
from tests.imaging.recorded import size_of

WIDTH, HEIGHT = 640, 480
FOCAL_PX = 500.0
STANDING = Attitude(1.0, 0.0, 0.0, 0.0)


def camera(azimuth_deg: float, down_deg: float = 20.0) -> CameraModel:
    """A camera two metres over the ground that looks down, turned from the vehicle's front."""
    azimuth, down = np.radians(azimuth_deg), np.radians(down_deg)
    a = np.array([np.cos(azimuth) * np.cos(down), np.sin(azimuth) * np.cos(down), np.sin(down)])
    right = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])
    below = np.cross(a, right)
    return CameraModel(
        "CAHV",
        np.array([0.0, 0.0, -2.0]),
        a,
        FOCAL_PX * right + (WIDTH - 1) / 2 * a,
        FOCAL_PX * below + (HEIGHT - 1) / 2 * a,
    )


def view(azimuth_deg: float, place_m: tuple[float, float, float] = (0, 0, 0)) -> Floats:
    made = view_of(camera(azimuth_deg), STANDING, np.array(place_m, float), WIDTH, HEIGHT)
    assert made is not None
    return made


def share(one: Floats, other: Floats) -> float:
    return float(shares_seen(ground_points(one), other[None])[0])


def test_a_view_looks_where_its_camera_does() -> None:
    made = view(90.0, (10.0, 20.0, -1.0))
    assert made.shape == (VIEW_NUMBERS,)
    assert np.allclose(made[:3], [10, 20, -3])
    assert np.allclose(made[3:6], [0, np.cos(np.radians(20)), np.sin(np.radians(20))], atol=1e-9)
    points = ground_points(made)
    assert (points[:, 1] > 20).all()
    near = np.linalg.norm(points[:, :2] - made[:2], axis=1) < 100
    assert np.allclose(points[near, 2], -1.0, atol=1e-6)


def test_a_frame_sees_what_it_sees() -> None:
    assert share(view(30.0), view(30.0)) == pytest.approx(1.0, abs=0.02)


def test_the_more_it_is_turned_the_less_it_sees() -> None:
    shares = [share(view(0.0), view(turn)) for turn in (0.0, 15.0, 30.0, 100.0, 180.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.9
    assert shares[-2:] == [0.0, 0.0]


def test_far_away_from_the_origin_nothing_changes() -> None:
    near = share(view(0.0), view(10.0, (1.0, 0.5, 0.0)))
    far_m = (31_000.0, -12_000.0, 800.0)
    beside_m = (31_001.0, -11_999.5, 800.0)
    assert share(view(0.0, far_m), view(10.0, beside_m)) == pytest.approx(near, abs=1e-3)


def test_two_views_of_the_sky_are_compared_too() -> None:
    up = view_of(camera(0.0, -45.0), STANDING, np.zeros(3), WIDTH, HEIGHT)
    away = view_of(camera(90.0, -45.0), STANDING, np.zeros(3), WIDTH, HEIGHT)
    assert up is not None
    assert away is not None
    assert share(up, up) > 0.9
    assert share(up, away) < 0.2


def test_every_recorded_frame_with_a_model_has_a_view(
    sidecars: list[dict[str, Any]], early_records: list[dict[str, Any]]
) -> None:
    for record in [*sidecars, *early_records]:
        made = view_of_record(record, *size_of(record))
        assert made is not None, record["imageid"]
        assert np.isfinite(made).all()
        # Far ground is seen edge-on, which counts for less.
        assert share(made, made) > 0.25, record["imageid"]


def test_both_recorded_eyes_see_the_same(sidecars: list[dict[str, Any]]) -> None:
    by_rest: dict[str, list[dict[str, Any]]] = {}
    for record in sidecars:
        by_rest.setdefault(record["imageid"][2:], []).append(record)
    pairs = [pair for pair in by_rest.values() if len(pair) == 2]
    assert len(pairs) >= 10
    for pair in pairs:
        one, other = (view_of_record(record, *size_of(record)) for record in pair)
        assert one is not None
        assert other is not None
        assert share(one, other) > 0.4, pair[0]["imageid"]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"attitude": "UNK"},
        {"attitude": None},
        {"extended": {"xyz": "UNK"}},
        {"extended": "UNK"},
        {"camera": {}},
    ],
)
def test_without_model_attitude_or_place_there_is_none(
    sidecars: list[dict[str, Any]], spoilt: dict[str, Any]
) -> None:
    assert view_of_record({**sidecars[0], **spoilt}, 100, 100) is None
    assert view_of_record(spoilt, 100, 100) is None
    assert view_of_record("no record", 100, 100) is None
