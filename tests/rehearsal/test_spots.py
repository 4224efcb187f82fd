"""Heights at a few places are those of the grids, which nobody had to make."""

from __future__ import annotations

import numpy as np
import pytest

from solbook.rehearsal.exposures import Floats
from solbook.rehearsal.ground import Grids, Ground
from solbook.rehearsal.spots import heights_around
from tests.rehearsal.staged import SEED, heights_at, stage

STOP_M = (31.3, -12.8)
# The grids are kept in 32 bits; tens of kilometres away they are hundreds of metres high.
ROUNDING_M = 5e-6


def path_m() -> Floats:
    """A way that bends, passes the stop and goes on."""
    along = np.linspace(0, 1.4, 90)
    return np.stack([STOP_M[0] * along, STOP_M[1] * along + 3 * np.sin(5 * along)], axis=-1)


@pytest.fixture(scope="module")
def grids() -> Grids:
    return ground().around(*STOP_M, path_m())


def ground() -> Ground:
    return stage().ground


@pytest.mark.parametrize("within_m", [2.0, 15.0, 17.5, 125.0, 135.0, 2_000.0, 40_000.0])
def test_heights_are_those_of_the_grids(grids: Grids, within_m: float) -> None:
    assert ground().seed == SEED
    chance = np.random.default_rng(round(within_m))
    norths, easts = np.array(STOP_M)[:, None] + chance.uniform(-within_m, within_m, (2, 400))
    found = heights_around(ground(), *STOP_M, path_m())(norths, easts)
    expected = heights_at(grids.kernel, norths, easts)
    assert np.abs(found - expected).max() < ROUNDING_M * max(1, within_m / 300)


def test_so_they_are_in_the_tracks(grids: Grids) -> None:
    i, j = np.nonzero(grids.lie[3, ..., 2] > 0.3)
    assert len(i) > 5_000
    cell_m, north_m, east_m, _ = grids.at[3]
    chance = np.random.default_rng(2)
    some = chance.integers(0, len(i), 400)
    norths = north_m + cell_m * (i[some] + chance.uniform(-0.5, 0.5, 400))
    easts = east_m + cell_m * (j[some] + chance.uniform(-0.5, 0.5, 400))
    found = heights_around(ground(), *STOP_M, path_m())(norths, easts)
    assert np.abs(found - heights_at(grids.kernel, norths, easts)).max() < ROUNDING_M
    before = heights_around(ground(), *STOP_M, path_m()[:1])(norths, easts)
    assert (before - found).mean() > 0.003


def test_they_have_the_shape_of_the_places() -> None:
    heights = heights_around(ground(), *STOP_M, path_m())
    places_m = np.arange(6.0).reshape(2, 3)
    assert heights(places_m, places_m).shape == (2, 3)
    np.testing.assert_array_equal(
        heights(places_m, places_m).reshape(-1),
        heights(places_m.reshape(-1), places_m.reshape(-1)),
    )


def test_grids_like_others_are_the_same(grids: Grids) -> None:
    spot_m = (STOP_M[0] + 1.0, STOP_M[1])
    alone = ground().around(*STOP_M, path_m(), spot_m)
    like = ground().around(*STOP_M, path_m(), spot_m, like=grids)
    beside_m = (STOP_M[0] + 3.0, STOP_M[1])
    near = ground().around(*beside_m, path_m(), near_m=STOP_M, like=grids)
    beside = ground().around(*beside_m, path_m(), near_m=STOP_M)
    for made, expected in ((like, alone), (near, beside)):
        for ours, theirs in zip(made.kernel, expected.kernel, strict=True):
            np.testing.assert_array_equal(ours, theirs)
