"""Solids in a picture: none is lost among the tiles, each is where its faces say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.exposures import Floats
from solbook.rehearsal.light import light
from solbook.rehearsal.materials import BASALT, GREY
from solbook.rehearsal.rays import sight_of
from solbook.rehearsal.solids import UNUSED_M, Solids, box, cylinder
from solbook.rehearsal.splat import draw_solids, shade_by_solids, stand
from solbook.rehearsal.tiles import GROUND, SKY, tiles_of

WIDTH_PX, HEIGHT_PX = 120, 90
PLAIN_M = -3.0
"""Height of a plain below the camera, which is at the origin."""


def cameras() -> list[CameraModel]:
    """A perspective lens and a fish-eye, both looking down a little."""
    axis, up = (0.9, 0.2, 0.35), (0.0, 0.0, -1.0)
    middle = (WIDTH_PX / 2 - 0.5, HEIGHT_PX / 2 - 0.5)
    made = CameraModel.made
    return [
        made("CAHV", (0, 0, 0), axis, up, 66.0, middle),
        made("CAHVORE", (0, 0, 0), axis, up, 45.0, middle, e=(1e-3, 0, 0), linearity=0.3),
    ]


def some_solids(seed: int) -> Solids:
    """Sixty boxes and cylinders, turned at random, some close by, some behind, one around."""
    chance, parts = np.random.default_rng(seed), []
    for number in range(60):
        rotation = np.linalg.qr(chance.normal(size=(3, 3)))[0]
        centre_m = chance.uniform([-6, -8, -3], [14, 8, 2])
        size_m = chance.uniform(0.05, 1.2, 3)
        if np.linalg.norm(centre_m) < np.linalg.norm(size_m):
            continue
        if number % 2:
            parts.append(box(centre_m, size_m, GREY, rotation))
        else:
            parts.append(cylinder(centre_m, rotation[0], size_m[0], size_m[1] / 2, BASALT))
    parts.append(box(np.array([0.02, 0.0, 0.03]), np.array([0.3, 0.4, 0.2]), GREY))
    return Solids.together(parts)


def entered(solids: Solids, starts: Floats, ways: Floats) -> tuple[Floats, Floats]:
    """Where rays, shape (n, 3), enter and leave solids: shape (solids, n), in 64 bits."""
    used = solids.faces[..., 3] < UNUSED_M
    normals, away = solids.faces[..., :3], solids.faces[..., 3]
    toward = np.einsum("sfk,nk->sfn", normals, ways)
    places = np.einsum("sfk,nk->sfn", normals, starts)
    room = (away + np.einsum("sfk,sk->sf", normals, solids.centre_m))[..., None] - places
    with np.errstate(divide="ignore", invalid="ignore"):
        t = room / toward
    enters = np.where(used[..., None] & (toward < 0), t, -np.inf).max(axis=1)
    leaves = np.where(used[..., None] & (toward > 0), t, np.inf).min(axis=1)
    outside = (used[..., None] & (toward == 0) & (room < 0)).any(axis=1)
    return np.where(outside, np.inf, enters), leaves


@pytest.mark.parametrize("camera", range(2))
@pytest.mark.parametrize("seed", range(4))
def test_every_pixel_sees_the_nearest_solid(camera: int, seed: int) -> None:
    solids, model = some_solids(seed), cameras()[camera]
    sight = sight_of(model, WIDTH_PX, HEIGHT_PX)
    far = np.full((HEIGHT_PX, WIDTH_PX), 1e30, np.float32)
    what, face = np.full(far.shape, SKY, np.int32), np.zeros(far.shape, np.int32)
    pixel_rad = 1 / min(model.focal_px)
    tiles = tiles_of(sight.rays, HEIGHT_PX, WIDTH_PX)
    draw_solids(stand(solids, sight, pixel_rad), tiles, sight, far, what, face)
    rays = np.moveaxis(sight.rays[..., :WIDTH_PX].astype(float), 1, -1).reshape(-1, 6)
    enters, leaves = entered(solids, rays[:, :3] + sight.tip, rays[:, 3:])
    hit_m = np.where((enters <= leaves) & (enters > 1e-3), enters, np.inf)
    nearest_m = hit_m.min(axis=0).reshape(far.shape)
    seen = np.isfinite(nearest_m)
    assert seen.mean() > 0.05
    # Only on their very edges may 32 bits see a solid more or less.
    wrong = (what != SKY) != seen
    assert wrong.mean() < 4e-4
    both = seen & (what != SKY)
    assert (np.abs(far[both] - nearest_m[both]) > 1e-3).mean() < 4e-4
    assert (what[both] == hit_m.argmin(axis=0).reshape(far.shape)[both]).mean() > 0.9996


@pytest.mark.parametrize("elevation_deg", [8.0, 35.0, 80.0])
def test_every_point_behind_a_solid_lies_in_its_shadow(elevation_deg: float) -> None:
    solids, model = some_solids(5), cameras()[0]
    sight = sight_of(model, WIDTH_PX, HEIGHT_PX)
    sun = light(200.0, elevation_deg)
    rays = np.moveaxis(sight.rays[..., :WIDTH_PX].astype(float), 1, -1)
    far = on_plain(rays)
    what = np.where(far < 1e29, GROUND, SKY).astype(np.int32)
    sunlit, open_sky = np.ones_like(far), np.ones_like(far)
    pixel_rad = 1 / min(model.focal_px)
    those, tiles = stand(solids, sight, pixel_rad), tiles_of(sight.rays, HEIGHT_PX, WIDTH_PX)
    shade_by_solids(solids, those, tiles, sight, far, what, sun, sunlit, open_sky)
    points = (rays[..., :3] + far[..., None] * rays[..., 3:])[what == GROUND]
    enters, leaves = entered(solids, points, np.broadcast_to(sun.sun, points.shape))
    dark = ((enters <= leaves) & (leaves > 1e-4)).any(axis=0)
    assert dark.mean() > 0.03
    wrong = (sunlit[what == GROUND] == 0) != dark
    assert wrong.mean() < 8e-4


def on_plain(rays: Floats) -> NDArray[np.float32]:
    """Where rays meet the plain, up to 60 m away."""
    down = np.minimum(rays[..., 5], -1e-9)
    far = (PLAIN_M - rays[..., 2]) / down
    return np.where(far < 60.0, far, 1e30).astype(np.float32)
