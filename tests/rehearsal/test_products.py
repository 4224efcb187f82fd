"""What a detector makes of light: its noise, its lens, its eight bits; and the files of that."""

from __future__ import annotations

import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray

from solbook.imaging import Window
from solbook.rehearsal.products import (
    FULL_WELL_E,
    READ_NOISE_E,
    exposed,
    gain_for,
    mosaicked,
    packed,
)

DETECTOR = Window(1, 1, 1280, 960)
MIDDLE = Window(577, 417, 128, 128)


def even(level: float, window: Window = MIDDLE) -> NDArray[np.float32]:
    width, height = window.picture_size
    return np.full((height, width, 3), level, np.float32)


@pytest.mark.parametrize("signal", [0.0, 0.02, 0.17, 0.5, 0.9])
def test_noise_is_that_of_the_light_and_of_reading_it_out(signal: float) -> None:
    values = exposed(even(signal / 3), 3.0, MIDDLE, DETECTOR, 5).astype(float)
    # The root, undone; the lens loses less than a percent in the middle.
    back = (values / 255) ** 2
    noise = np.hypot(np.sqrt(signal / FULL_WELL_E), READ_NOISE_E / FULL_WELL_E)
    # Below nothing there are no values.
    assert abs(back.mean() - signal) < 0.003 + 0.5 * noise * (signal == 0)
    if signal:
        # Rounding to eight bits adds a little.
        step = 2 * np.sqrt(signal) / 255
        assert back.std() == pytest.approx(np.hypot(noise, step / np.sqrt(12)), rel=0.06)


def test_the_root_gives_every_brightness_the_same_noise() -> None:
    deviations = [
        exposed(even(signal), 1.0, MIDDLE, DETECTOR, 9).astype(float).std()
        for signal in (0.08, 0.2, 0.5, 0.9)
    ]
    assert max(deviations) < 1.12 * min(deviations)


def test_the_same_seed_gives_the_same_noise_and_no_other_does() -> None:
    first, again, other = (exposed(even(0.2), 1.0, MIDDLE, DETECTOR, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.5
    # Nor are two lines or two colours alike.
    noise = first - first.mean(axis=(0, 1))
    for a, b in ((noise[:-1], noise[1:]), (noise[..., :2], noise[..., 1:])):
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.02


def test_corners_are_darker_wherever_a_window_lies() -> None:
    whole = (exposed(even(0.5, DETECTOR), 1.0, DETECTOR, DETECTOR, 3) / 255.0) ** 2
    assert whole[470:490, 630:650].mean() == pytest.approx(0.5, rel=0.01)
    assert whole[:20, :20].mean() == pytest.approx(0.5 * (1 - 0.22), rel=0.03)
    corner = Window(1, 1, 200, 200)
    part = (exposed(even(0.5, corner), 1.0, corner, DETECTOR, 4) / 255.0) ** 2
    assert part.mean() == pytest.approx(whole[:200, :200].mean(), rel=0.003)
    reduced = Window(1, 1, 1280, 960, 4)
    small = (exposed(even(0.5, reduced), 1.0, reduced, DETECTOR, 4) / 255.0) ** 2
    assert small[:5, :5].mean() == pytest.approx(whole[:20, :20].mean(), rel=0.03)


def test_a_point_spreads_to_its_neighbours_in_its_colour() -> None:
    light = even(0.0)
    light[60, 70, 1] = 0.9
    at_night = exposed(even(0.0), 1.0, MIDDLE, DETECTOR, 6).astype(float)
    seen = exposed(light, 1.0, MIDDLE, DETECTOR, 6).astype(float) - at_night
    assert np.unravel_index(seen.argmax(), seen.shape) == (60, 70, 1)
    lit = np.argwhere(np.abs(seen) > 20)
    assert len(lit) == 9
    assert set(lit[:, 2]) == {1}
    assert (np.abs(lit[:, :2] - [60, 70]) <= 1).all()
    # What is too bright for a pixel is cut off there.
    assert (exposed(even(7.0), 1.0, MIDDLE, DETECTOR, 6)[1:-1, 1:-1] > 250).all()


def test_pictures_of_one_line_or_column_are_possible() -> None:
    for window in (Window(1, 1, 1, 1), Window(1, 1, 9, 1), Window(1, 1, 1, 9)):
        values = exposed(even(0.5, window), 1.0, window, DETECTOR, 1)
        assert values.shape == (*window.picture_size[::-1], 3)
        assert abs(values.mean() - 255 * np.sqrt(0.5 * 0.78)) < 3


def test_gain_makes_days_alike_and_leaves_nights_dark() -> None:
    day, dim = gain_for(even(0.02)), gain_for(even(0.01))
    assert dim == pytest.approx(2 * day)
    assert gain_for(even(1e-7)) * 1e-7 < 1e-4
    with_sun = even(0.02)
    with_sun[:10, :10] = 60.0
    assert gain_for(with_sun) == pytest.approx(day, rel=1e-3)


def test_a_mosaic_is_red_green_green_blue() -> None:
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    mosaic = mosaicked(picture)
    assert mosaic[0, 0] == picture[0, 0, 0]
    assert mosaic[0, 1] == picture[0, 1, 1]
    assert mosaic[3, 2] == picture[3, 2, 1]
    assert mosaic[3, 5] == picture[3, 5, 2]


# --- files ---------------------------------------------------------------------------------------


def noisy() -> NDArray[np.uint8]:
    light = even(0.1, DETECTOR) * np.linspace(0.2, 1.5, 960, dtype=np.float32)[:, None, None]
    return exposed(light, 1.0, DETECTOR, DETECTOR, 8)


def test_a_png_has_every_value() -> None:
    picture = noisy()
    chance = np.random.default_rng(4)
    for one in (
        picture,
        picture[..., 1],
        mosaicked(picture),
        chance.integers(0, 256, (5, 1, 3)).astype(np.uint8),
        np.zeros((300, 400), np.uint8),
        np.full((1, 1), 7, np.uint8),
    ):
        body = packed(one, extension="png")
        read = pyvips.Image.new_from_buffer(body, "", fail_on="warning")
        assert read.get("vips-loader").startswith("pngload")
        np.testing.assert_array_equal(read.numpy().reshape(one.shape), one)


def test_a_jpeg_is_near_enough() -> None:
    picture = noisy()
    read = pyvips.Image.new_from_buffer(packed(picture, extension="jpg"), "").numpy()
    assert np.abs(read.astype(int) - picture).mean() < 3
