"""The relief along lines is the relief at places; noise has no edges and no habits."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from solbook.rehearsal import lines, relief
from solbook.rehearsal.noise import noise, noise_along, noise_value, octaves, octaves_along

COUNT = 400
ROUNDING = 3e-6


@pytest.mark.parametrize(
    ("along", "at", "cell_m"),
    [
        (lines.near_along, relief.near, 0.25),
        (lines.fine_along, relief.fine, 0.03125),
    ],
)
@pytest.mark.parametrize("place_m", [(0.0, 0.0), (-301.3, 411.7), (1_500.0, -1_999.0)])
def test_a_line_is_as_high_as_its_places(
    along: object, at: object, cell_m: float, place_m: tuple[float, float]
) -> None:
    found = np.empty(COUNT, np.float32)
    along(*place_m, cell_m, 7, found)  # type: ignore[operator]
    expected = [at(place_m[0], place_m[1] + k * cell_m, 7) for k in range(COUNT)]  # type: ignore[operator]
    assert np.abs(found - expected).max() < ROUNDING
    assert np.ptp(found) > 0.005


def test_octaves_along_a_line_are_those_at_its_places() -> None:
    found = np.empty(COUNT, np.float32)
    octaves_along(-40.0, 7.5, 0.02, 0.11, 5.0, 0.5, 3, found)
    expected = [octaves(-40.0 + k * 0.02, 7.5 + k * 0.11, 5.0, 0.5, 3) for k in range(COUNT)]
    assert np.abs(found - expected).max() < ROUNDING


def line_of_noise(seed: int, y: float = 0.3) -> NDArray[np.float32]:
    found = np.empty(40_000, np.float32)
    noise_along(-1_000.0, y, 0.37, 0.011, seed, found)
    return found


def test_noise_is_even_and_differs_from_seed_to_seed() -> None:
    first, second = line_of_noise(1), line_of_noise(2)
    assert abs(first.mean()) < 0.01
    assert 0.14 < first.std() < 0.22
    assert np.abs(first).max() < 0.9
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.02
    assert abs(np.corrcoef(first, line_of_noise(1, 5.3))[0, 1]) < 0.02


def test_the_slopes_of_noise_are_its_slopes() -> None:
    chance, step = np.random.default_rng(4), 1e-3
    for x, y in chance.uniform(-300, 300, (200, 2)):
        value, slope_x, slope_y = noise(x, y, 9)
        assert value == noise_value(x, y, 9)
        across = (noise_value(x + step, y, 9) - noise_value(x - step, y, 9)) / (2 * step)
        along = (noise_value(x, y + step, 9) - noise_value(x, y - step, 9)) / (2 * step)
        # Values are of 32 bits.
        assert slope_x == pytest.approx(across, abs=2e-3)
        assert slope_y == pytest.approx(along, abs=2e-3)


def test_noise_goes_on_across_the_cells_of_its_lattice() -> None:
    for whole in (-3.0, 0.0, 12.0):
        before, after = noise_value(whole - 1e-9, 0.4, 5), noise_value(whole + 1e-9, 0.4, 5)
        assert before == pytest.approx(after, abs=1e-6)
