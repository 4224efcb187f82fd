"""Windows: which part of a detector a picture shows, and the camera model in its pixels."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook.errors import SolbookError
from solbook.imaging import CameraModel, Window
from tests.imaging.recorded import FORWARD, Record, grid, model_of, window_of


def test_a_window_of_the_feed() -> None:
    window = Window.parse(" (1, 1905, 2576, 1936)", "2")
    assert window == Window(1, 1905, 2576, 1936, 2)
    assert window.picture_size == (1288, 968)
    # The first pixel covers two columns and two rows; its centre is between them.
    np.testing.assert_array_equal(window.to_detector((0, 0)), (0.5, 1904.5))
    np.testing.assert_array_equal(window.to_picture((0.5, 1904.5)), (0, 0))
    np.testing.assert_array_equal(Window(1, 1, 5120, 3840, 4).to_detector((0, 0)), (1.5, 1.5))


@pytest.mark.parametrize(
    ("rect", "scale"),
    [
        ("UNK", "1"),
        ("(1,1,100)", "1"),
        ("(1,1,0,100)", "1"),
        ("(1,1.5,100,100)", "1"),
        ("(1,1,100,100)", "UNK"),
        ("(1,1,100,100)", "0"),
        ("(1,1,100,100)", "nan"),
        ("(1,1,100,100)", "inf"),
    ],
)
def test_a_damaged_window(rect: str, scale: str) -> None:
    with pytest.raises(SolbookError) as caught:
        Window.parse(rect, scale)
    assert caught.value.code == "bad_window"


windows = st.builds(
    Window,
    first_sample=st.integers(1, 4000),
    first_line=st.integers(1, 3000),
    width_px=st.integers(16, 1296),
    height_px=st.integers(16, 976),
    scale_factor=st.sampled_from([1, 2, 4, 16, 64]),
)


@given(windows)
def test_a_model_in_a_window_sees_what_the_detector_sees(window: Window) -> None:
    detector = CameraModel.made(
        "CAHVORE",
        **FORWARD,
        focal_px=2958,
        centre_px=(2594, 1942),
        r=(0, 0.05, -0.016),
        e=(-0.004, 0.013, -0.024),
    )
    points_m = np.random.default_rng(1).uniform((2, -2, -2), (9, 2, 2), (50, 3))
    on_detector = detector.project(points_m)
    in_picture = detector.in_window(window).project(points_m)
    np.testing.assert_allclose(in_picture, window.to_picture(on_detector), atol=1e-8)
    np.testing.assert_allclose(window.to_detector(in_picture), on_detector, atol=1e-8)
    again = detector.in_window(window).on_detector(window)
    np.testing.assert_allclose(again.h_px, detector.h_px, atol=1e-8)
    np.testing.assert_allclose(again.v_px, detector.v_px, atol=1e-8)


def test_a_recorded_tile_and_its_neighbour_are_of_one_detector(sidecars: list[Record]) -> None:
    tiles: dict[str, list[Record]] = defaultdict(list)
    for record in sidecars:
        tiles[record["imageid"][:23]].append(record)
    pairs = [pair for pair in tiles.values() if len(pair) == 2]
    assert pairs
    for one, other in pairs:
        first = model_of(one).on_detector(window_of(one))
        second = model_of(other).on_detector(window_of(other))
        origins, directions = first.rays(grid(5120, 3840))
        seen = second.project(origins + 20 * directions)
        np.testing.assert_allclose(seen, grid(5120, 3840), atol=0.1)
