"""The light: the clock's Sun, dark nights, a blue low glow at sunset, shadows away from the Sun."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import pyvips

from solbook.clock import landing_site
from solbook.imaging import CameraModel
from solbook.rehearsal.cameramen import develop
from solbook.rehearsal.exposures import Floats, Picture
from solbook.rehearsal.ground import Grids
from solbook.rehearsal.light import Light, light
from solbook.rehearsal.materials import GREY
from solbook.rehearsal.render import Rendered, Scene, render
from solbook.rehearsal.solids import Solids, cylinder
from solbook.rehearsal.tiles import GROUND, SKY
from tests.rehearsal.staged import SEED, plans, scene_of, stage

RED, BLUE = 0, 2
POST_M = (3.0, -2.0)
POST_HIGH_M = 1.2
POST = cylinder((*POST_M, POST_HIGH_M / 2), (0, 0, 1), POST_HIGH_M, 0.08, GREY)
NOTHING = POST.those(np.array([False]))


def flat(solids: Solids) -> Scene:
    """A plain with some solids on it."""
    grids = Grids.room_for(2)
    for number, cell_m in enumerate((64.0, 0.03125)):
        grids.place(number, cell_m, 0.0, 0.0)
    grids.height_m[:], grids.greatest_m[:], grids.lie[:], grids.stuff[:] = 0.0, 0.0, 0.0, 0.5
    return Scene(grids.kernel, solids, SEED)


def looking(azimuth_deg: float, elevation_deg: float) -> CameraModel:
    """A camera of 90 by 90 degrees, 2 m up, whose pictures are 128 px wide."""
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    axis = [
        np.cos(elevation) * np.cos(azimuth),
        np.cos(elevation) * np.sin(azimuth),
        -np.sin(elevation),
    ]
    return CameraModel.made("CAHV", (0, 0, -2), axis, (0, 0, -1), 64, (63.5, 63.5))


def sky(sun: Light, model: CameraModel) -> tuple[Rendered, Floats, Floats]:
    """What is seen; how far from the Sun and how high every pixel looks, degrees."""
    view = render(flat(NOTHING), model, 128, 128, sun)
    _, ways = model.rays(np.stack(np.meshgrid(np.arange(128), np.arange(128)), axis=-1))
    up = ways * [1, 1, -1]
    from_sun_deg = np.degrees(np.arccos(np.clip(up @ np.array(sun.sun), -1, 1)))
    return view, from_sun_deg, np.degrees(np.arcsin(up[..., 2]))


def mean_colour(view: Rendered, chosen: np.ndarray) -> Floats:
    chosen = chosen & (view.what == SKY)
    assert chosen.sum() > 20
    found: Floats = view.radiance[chosen].mean(axis=0)
    return found


def first(like: Callable[[Picture], bool]) -> Picture:
    return next(one for plan in plans() for one in plan.pictures if like(one))


def developed(picture: Picture) -> np.ndarray:
    """The picture's file, as its pixels."""
    exposure = picture.exposure
    sun = stage().light_at(exposure.utc_ns)
    (made,) = develop(exposure, [picture], scene_of(picture), sun, SEED)
    return np.asarray(pyvips.Image.new_from_buffer(made.body, "").numpy())


def test_the_sun_is_where_the_clock_says() -> None:
    site = landing_site("rehearsal")
    for plan in plans():
        for exposure in plan.exposures:
            found, true = stage().light_at(exposure.utc_ns), site.sun(exposure.utc_ns)
            az, el = np.radians(float(true.az_deg)), np.radians(float(true.el_deg))
            assert found.sun == (np.cos(el) * np.cos(az), np.cos(el) * np.sin(az), np.sin(el))
            assert found.elevation_deg == float(true.el_deg)


def test_nights_are_dark() -> None:
    night = first(lambda one: one.exposure.purpose == "the night sky")
    day = first(lambda one: one.exposure.purpose == "end of drive")
    assert stage().light_at(night.exposure.utc_ns).elevation_deg < -10
    assert developed(night).mean() < 10
    assert developed(day).mean() > 60


@pytest.mark.parametrize("elevation_deg", [4.0, 1.0, -1.0])
def test_at_sunset_the_sky_around_the_sun_is_blue_and_bright_low(elevation_deg: float) -> None:
    view, from_sun_deg, height_deg = sky(light(255.0, elevation_deg), looking(255.0, 20.0))
    near = mean_colour(view, (from_sun_deg > 1) & (from_sun_deg < 8))
    assert near[BLUE] > near[RED]
    ahead = from_sun_deg < height_deg + 10
    low = mean_colour(view, ahead & (height_deg > 5) & (height_deg < 10))
    high = mean_colour(view, ahead & (height_deg > 35) & (height_deg < 50))
    assert low.sum() > 1.5 * high.sum()
    # Opposite the Sun there is no glow.
    other, _, height_deg = sky(light(255.0, elevation_deg), looking(75.0, 20.0))
    behind = mean_colour(other, (height_deg > 5) & (height_deg < 10))
    assert behind.sum() < 0.5 * near.sum()
    assert behind[BLUE] / behind[RED] < near[BLUE] / near[RED]


def test_a_sunset_frame_of_the_mission_is_blue_around_the_sun() -> None:
    picture = first(
        lambda one: (
            one.exposure.purpose == "sunset"
            and one.exposure.camera == "NAVCAM_LEFT"
            and one.delivery.sample_type == "Full"
        )
    )
    values = developed(picture).astype(float)
    sun = np.array(stage().light_at(picture.exposure.utc_ns).sun) * [1, 1, -1]
    towards = picture.exposure.pose.attitude.matrix().T @ sun * 1e9
    x, y = picture.model.project(towards)
    lines, samples = np.indices(values.shape[:2])
    from_sun_px = np.hypot(samples - x, lines - y)
    # Of a quarter's 740 px a radian, 3 to 8 degrees; over the horizon.
    ring = (from_sun_px > 39) & (from_sun_px < 103) & (lines < y)
    assert values[ring][:, BLUE].mean() > values[ring][:, RED].mean() + 5


@pytest.mark.parametrize("elevation_deg", [20.0, 45.0, 75.0])
def test_by_day_the_sky_is_butterscotch(elevation_deg: float) -> None:
    for azimuth_deg in (90.0, 180.0, 270.0):
        view, from_sun_deg, height_deg = sky(light(0.0, elevation_deg), looking(azimuth_deg, 20.0))
        away = mean_colour(view, (from_sun_deg > 60) & (height_deg > 2))
        assert away[RED] > 1.15 * away[1] > 1.15 * 1.15 * away[BLUE]


@pytest.mark.parametrize("azimuth_deg", [10.0, 100.0, 217.0, 300.0])
@pytest.mark.parametrize("elevation_deg", [25.0, 40.0, 60.0])
def test_shadows_fall_away_from_the_sun(azimuth_deg: float, elevation_deg: float) -> None:
    sun = light(azimuth_deg, elevation_deg)
    above = CameraModel.made("CAHV", (*POST_M, -12), (0, 0, 1), (1, 0, 0), 500, (159.5, 159.5))
    with_post = render(flat(POST), above, 320, 320, sun)
    without = render(flat(NOTHING), above, 320, 320, sun)
    darker = with_post.radiance.sum(axis=-1) < 0.6 * without.radiance.sum(axis=-1)
    points_m = with_post.points_m[darker & (with_post.what == GROUND)][:, :2]
    assert len(points_m) > 100
    away = points_m - POST_M
    fall_deg = np.degrees(np.arctan2(*away.mean(axis=0)[::-1]))
    assert abs((fall_deg - azimuth_deg) % 360 - 180) < 3
    along_m = away @ -np.array([np.cos(np.radians(azimuth_deg)), np.sin(np.radians(azimuth_deg))])
    length_m = POST_HIGH_M / np.tan(np.radians(elevation_deg))
    assert along_m.max() == pytest.approx(length_m, rel=0.15)
