"""What is rendered is where its record says, and lies on the ground or on a solid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest

from solbook.imaging import Attitude, CameraModel, Window
from solbook.imaging.attitude import read_numbers
from solbook.rehearsal.cameras import camera_codes
from solbook.rehearsal.cast import COARSEST, cast
from solbook.rehearsal.exposures import Floats, Picture
from solbook.rehearsal.ground import CELLS, Ground, bilinear, height_at
from solbook.rehearsal.records import record_of
from solbook.rehearsal.render import Scene
from solbook.rehearsal.tiles import GROUND, SKY
from tests.rehearsal.staged import SEED, heights_at, plans, rendered, scene_of

PIXELS = 10_000
SKYWARDS = {"clouds", "the night sky", "sunset", "sunrise"}


def chosen() -> list[Picture]:
    """One of every camera and form of delivery; the first or the last, so of several poses."""
    found: dict[tuple[str, Window], list[Picture]] = {}
    for plan in plans():
        for picture in plan.pictures:
            if picture.exposure.purpose not in SKYWARDS:
                key = (picture.exposure.camera, picture.delivery.window)
                found.setdefault(key, []).append(picture)
    ends = [kind[-(number % 2)] for number, kind in enumerate(found.values())]
    return sorted(ends, key=lambda one: (one.exposure.utc_ns, one.product_id))


@dataclass(frozen=True)
class Sampled:
    """Some pixels of a picture that show something.

    Attributes:
        picture: Which.
        pixels: Shape (n, 2): sample and line.
        points_m: Shape (n, 3): what was rendered there.
        range_m: Shape (n,).
        on_ground: Shape (n,): whether it is ground; otherwise it is a solid.
        off_m: Shape (n,): how far over the ground, or outside of the solid, the point is.
        sky_is_endless: Whether all of the sky is without a point and infinitely far.
    """

    picture: Picture
    pixels: Floats
    points_m: Floats
    range_m: Floats
    on_ground: np.ndarray
    off_m: Floats
    sky_is_endless: bool


@pytest.fixture(scope="module")
def sampled() -> list[Sampled]:
    """Pixels of the chosen pictures; whole pictures and scenes are let go at once."""
    pictures = chosen()
    each = -(-PIXELS // len(pictures)) + 60
    chance = np.random.default_rng(1)
    found = [some_pixels(picture, each, chance) for picture in pictures]
    return [one for one in found if one is not None]


def some_pixels(picture: Picture, count: int, chance: np.random.Generator) -> Sampled | None:
    scene = scene_of(picture)
    view = rendered(picture, scene)
    sky = view.what == SKY
    endless = bool(np.isinf(view.range_m[sky]).all() and np.isnan(view.points_m[sky]).all())
    if sky.all():
        return None
    lines, samples = np.nonzero(~sky)
    drawn = chance.integers(0, len(lines), count)
    lines, samples = lines[drawn], samples[drawn]
    points_m, what = view.points_m[lines, samples], view.what[lines, samples]
    on_ground = what == GROUND
    north_m, east_m, down_m = points_m[on_ground].T.copy()
    off_m = np.empty(count)
    off_m[on_ground] = -down_m - heights_at(scene.kernel, north_m, east_m)
    off_m[~on_ground] = outside_m(scene, what[~on_ground], points_m[~on_ground])
    pixels = np.stack([samples, lines], axis=-1).astype(float)
    return Sampled(
        picture, pixels, points_m, view.range_m[lines, samples], on_ground, off_m, endless
    )


def outside_m(scene: Scene, numbers: np.ndarray, points_m: Floats) -> Floats:
    """How far points are outside of solids, negative inside: 0 is on a face."""
    faces = scene.solids.faces[numbers]
    from_centre_m = points_m * [1, 1, -1] - scene.solids.centre_m[numbers]
    beyond: Floats = np.einsum("nfk,nk->nf", faces[..., :3], from_centre_m) - faces[..., 3]
    return beyond.max(axis=1)


def by_the_record(picture: Picture, points_m: Floats) -> Floats:
    """Pixels of points of the ground frame, by nothing but the picture's record."""
    record = record_of(picture)
    camera = record["camera"]
    model = CameraModel.parse(camera["camera_model_component_list"], camera["camera_model_type"])
    turn = Attitude.parse(record["attitude"]).matrix()
    site_m = np.array(picture.exposure.pose.site_origin_m)
    place_m = site_m + np.array(read_numbers(record["extended"]["xyz"], 3, "xyz"))
    return model.project((points_m - place_m) @ turn)


def test_a_pixels_ray_meets_the_point_that_was_rendered(sampled: list[Sampled]) -> None:
    tried: Counter[str] = Counter()
    for one in sampled:
        off_px = np.abs(by_the_record(one.picture, one.points_m) - one.pixels)
        assert off_px.max() < 0.02, one.picture.product_id
        tried[one.picture.exposure.camera] += len(one.pixels)
    assert tried.total() >= PIXELS
    assert set(tried) == set(camera_codes())
    assert len({one.picture.exposure.pose.position_m for one in sampled}) > 5


def test_the_point_is_where_the_range_says(sampled: list[Sampled]) -> None:
    for one in sampled:
        assert one.sky_is_endless
        pose = one.picture.exposure.pose
        starts, _ = one.picture.model.moved(pose.attitude.matrix(), pose.position_m).rays(
            one.pixels
        )
        far_m = np.linalg.norm(one.points_m - starts, axis=-1)
        # Between the rays that are asked of the model, directions are a little shorter than 1.
        np.testing.assert_allclose(far_m, one.range_m, rtol=2e-4)


def test_points_lie_on_the_ground_or_on_a_face(sampled: list[Sampled]) -> None:
    for one in sampled:
        assert (np.abs(one.off_m) < 0.001 + 1e-5 * one.range_m).all(), one.picture.product_id
    assert sum(one.on_ground.sum() for one in sampled) > 5_000
    assert sum((~one.on_ground).sum() for one in sampled) > 500


def test_grids_meet_without_a_seam() -> None:
    path_m = np.stack([np.linspace(0, 30, 61), np.linspace(0, 12, 61)], axis=-1)
    grids = Ground(SEED).around(31.0, 12.0, path_m, (30.0, 13.0))
    for k in range(1, len(grids)):
        along = np.arange(CELLS + 1)
        cell_m, first_north_m, first_east_m, _ = grids.at[k]
        for edge in (0, CELLS):
            for i, j in ((np.full(CELLS + 1, edge), along), (along, np.full(CELLS + 1, edge))):
                north_m, east_m = first_north_m + i * cell_m, first_east_m + j * cell_m
                under_m = [
                    bilinear(grids.at, grids.height_m, k - 1, x, y)
                    for x, y in zip(north_m, east_m, strict=True)
                ]
                # Heights are kept in 32 bits: the same number, rounded once.
                assert np.abs(grids.height_m[k, i, j] - np.float32(under_m)).max() < 1e-9
        # Where the lookup goes over from one grid to the next there is hardly a step.
        for inwards in (1.0, CELLS - 1.0):
            border_m = first_north_m + inwards * cell_m
            for east_m in first_east_m + cell_m * np.linspace(5, CELLS - 5, 200):
                before = height_at(grids.kernel, border_m - 1e-7, east_m)
                step_m = abs(before - height_at(grids.kernel, border_m + 1e-7, east_m))
                assert step_m < 1e-4 + 1e-5 * np.hypot(border_m - 31.0, east_m - 12.0)


def test_the_ground_is_met_from_beside_the_finest_grid() -> None:
    grids = Ground(SEED).around(0.0, 0.0, np.empty((0, 2)))
    # Far from the middle of the scene: the finest grid is 32 m wide, the next 256 m.
    for north_m in (0.0, 15.9, 17.0, 25.0, 120.0, 150.0, 400.0):
        for azimuth_deg in range(0, 360, 30):
            azimuth = np.radians(azimuth_deg)
            way = np.array([np.cos(azimuth), np.sin(azimuth), -0.25]) / np.hypot(1.0, 0.25)
            high_m = height_at(grids.kernel, north_m, 3.0) + 2.0
            found_m, _ = cast(*grids.kernel[:3], north_m, 3.0, high_m, tuple(way), COARSEST, 0.0)
            assert found_m < 60.0
            end_m = np.array([north_m, 3.0, high_m]) + found_m * way
            # From outside a grid a ray meets the coarser one.
            assert end_m[2] == pytest.approx(height_at(grids.kernel, *end_m[:2]), abs=0.2)
