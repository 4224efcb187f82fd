"""Attitudes: quaternions, headings, and the recorded ones against the waypoint list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook.errors import SolbookError
from solbook.imaging import Attitude, azimuth_elevation_deg

WAYPOINTS = "data/05_paths/stiles/M20_waypoints_2024-04-04.json"

headings = st.floats(0, 359.99)
tilts = st.floats(-80, 80)


def test_the_identity_is_a_level_rover_that_faces_north() -> None:
    np.testing.assert_array_equal(Attitude(1, 0, 0, 0).matrix(), np.eye(3))
    assert Attitude(1, 0, 0, 0).heading_pitch_roll_deg() == (0, 0, 0)


@pytest.mark.parametrize(
    ("angles", "rover_direction", "azimuth", "elevation"),
    [
        ((90, 0, 0), (1, 0, 0), 90, 0),  # faces east
        ((90, 0, 0), (0, 1, 0), 180, 0),  # its right is south
        ((200, 10, 0), (1, 0, 0), 200, 10),  # front raised
        ((0, 0, 10), (0, 1, 0), 90, -10),  # right side lowered
        ((0, 0, 0), (0, 0, -1), 0, 90),  # up
    ],
)
def test_known_directions(
    angles: tuple[float, float, float],
    rover_direction: tuple[float, float, float],
    azimuth: float,
    elevation: float,
) -> None:
    turned = Attitude.from_heading_pitch_roll(*angles).matrix() @ rover_direction
    found = azimuth_elevation_deg(turned)
    assert found[1] == pytest.approx(elevation, abs=1e-9)
    if elevation != 90:
        assert found[0] == pytest.approx(azimuth, abs=1e-9)


@given(headings, tilts, tilts)
def test_heading_pitch_and_roll_come_back(heading: float, pitch: float, roll: float) -> None:
    attitude = Attitude.from_heading_pitch_roll(heading, pitch, roll)
    found = np.array(attitude.heading_pitch_roll_deg()) - (heading, pitch, roll)
    assert np.abs((found + 180) % 360 - 180).max() < 1e-9


@given(headings, tilts, tilts)
def test_a_matrix_is_a_rotation(heading: float, pitch: float, roll: float) -> None:
    matrix = Attitude.from_heading_pitch_roll(heading, pitch, roll).matrix()
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1)


@given(headings, tilts, tilts)
def test_text_round_trip(heading: float, pitch: float, roll: float) -> None:
    attitude = Attitude.from_heading_pitch_roll(heading, pitch, roll)
    again = Attitude.parse(attitude.text())
    np.testing.assert_allclose(again.matrix(), attitude.matrix(), atol=1e-9)


def test_numbers_are_brought_to_unit_length() -> None:
    assert Attitude(2, 0, 0, 0) == Attitude(1, 0, 0, 0)


def test_directions_as_an_array() -> None:
    azimuth, elevation = azimuth_elevation_deg(np.ones((4, 5, 3)))
    assert azimuth.shape == elevation.shape == (4, 5)
    assert azimuth[0, 0] == pytest.approx(45)


@pytest.mark.parametrize(
    "text",
    [
        "UNK",
        "",
        "(1,2,3)",
        "(1,2,3,x)",
        "1,2,3,4",
        "(nan,0,0,1)",
        "(0,0,0,0)",
        "(1,0,0,0",
        "(1e999,0,0,0)",
    ],
)
def test_damaged_text(text: str) -> None:
    with pytest.raises(SolbookError) as caught:
        Attitude.parse(text)
    assert caught.value.code == "bad_attitude"
    assert caught.value.found
    assert caught.value.expected
    assert caught.value.help


def test_recorded_attitudes_are_those_of_the_waypoint_list(
    shared_data: Path, sidecars: list[dict[str, Any]]
) -> None:
    features = json.loads((shared_data / WAYPOINTS).read_bytes())["features"]
    places = [feature["properties"] for feature in features]
    known = {(int(place["site"]), int(place["drive"])): place for place in places}
    off_deg = []
    for record in sidecars:
        place = known.get((int(record["site"]), int(record["drive"])))
        if place is not None:
            stated = (place["yaw"] % 360, place["pitch"], place["roll"])
            found = Attitude.parse(record["attitude"]).heading_pitch_roll_deg()
            off_deg.append(np.abs(np.subtract(found, stated)).max())
    assert len(off_deg) >= 20
    # A rover settles by up to a tenth of a degree between a picture and the end of its sol.
    assert max(off_deg) < 0.15
    assert np.median(off_deg) < 0.001
