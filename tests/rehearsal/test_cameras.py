"""The rehearsal's cameras, against the recorded camera models they are made of."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solbook.errors import SolbookError
from solbook.imaging import CameraModel, Window
from solbook.rehearsal.cameras import (
    camera_codes,
    camera_model,
    camera_named,
    direction_deg,
    pointing_at,
)
from solbook.rehearsal.exposures import ArmPlacing, MastPointing

DOWN = ArmPlacing((2.0, 0.1, -0.3), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0), 0.3)
# The right eye's mastAz and mastEl less the left eye's: its mean over the recorded pairs.
RIGHT_OFFSET_DEG = (0.337, 0.206)


def aim_of(code: str) -> MastPointing | ArmPlacing | None:
    return {"mast": MastPointing(40.0, -15.0), "arm": DOWN}.get(camera_named(code).mount)


def model_of(code: str) -> CameraModel:
    return camera_model(code, aim_of(code), 63 if code.startswith("MCZ") else None)


@pytest.fixture(scope="module")
def navcams(shared_data: Path) -> list[dict[str, Any]]:
    folder = shared_data / "data/01_m2020_feed/navcam_sidecars"
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def recorded_on_detector(record: dict[str, Any], window: str | None = None) -> CameraModel:
    camera, extended = record["camera"], record["extended"]
    model = CameraModel.parse(camera["camera_model_component_list"], camera["camera_model_type"])
    return model.on_detector(
        Window.parse(window or extended["subframeRect"], extended["scaleFactor"])
    )


def apart_deg(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(first @ second, -1, 1))))


def test_the_mast_carries_the_navcams_to_where_they_were_recorded(
    navcams: list[dict[str, Any]],
) -> None:
    assert len(navcams) == 45
    for record in navcams:
        code = record["camera"]["instrument"]
        off_az, off_el = RIGHT_OFFSET_DEG if code == "NAVCAM_RIGHT" else (0.0, 0.0)
        extended = record["extended"]
        aim = MastPointing(float(extended["mastAz"]) - off_az, float(extended["mastEl"]) - off_el)
        recorded, ours = recorded_on_detector(record), camera_model(code, aim)
        assert np.linalg.norm(recorded.c_m - ours.c_m) < 0.002, record["imageid"]
        assert apart_deg(recorded.a, ours.a) < 0.1, record["imageid"]
        assert np.abs(np.subtract(recorded.focal_px, ours.focal_px)).max() < 1.0
        assert np.abs(np.subtract(recorded.centre_px, ours.centre_px)).max() < 3.0


def test_hazcams_are_the_recorded_ones(shared_data: Path) -> None:
    text = (shared_data / "data/01_m2020_feed/rss_feed_sol2_sol4_1196.json").read_text()
    seen = set()
    for record in json.loads(text):
        code = record["camera"]["instrument"]
        if "HAZCAM" in code and record["sample_type"] == "Full":
            recorded = recorded_on_detector(record, "(1,1,5120,3840)")
            ours = model_of(code)
            corners = np.array([[0, 0], [5119, 0], [2560, 1920], [0, 3839], [5119, 3839]])
            ways, recorded_ways = ours.rays(corners)[1], recorded.rays(corners)[1]
            assert np.abs(ways - recorded_ways).max() < 2e-6
            assert np.allclose(ours.c_m, recorded.c_m)
            seen.add(code)
    assert len(seen) == 4


def test_zoom_models_are_like_the_recorded_ones(shared_data: Path) -> None:
    text = (shared_data / "data/01_m2020_feed/rss_feed_sol2_sol4_1196.json").read_text()
    seen = set()
    for record in json.loads(text):
        camera = record["camera"]
        if camera["instrument"].startswith("MCZ") and camera["camera_model_type"] != "NONE":
            focal_mm = int(record["imageid"][45:48])
            recorded = recorded_on_detector(record, "(1,1,1648,1200)")
            ours = camera_model(camera["instrument"], MastPointing(0, 0), focal_mm)
            assert ours.focal_px[0] == pytest.approx(recorded.focal_px[0], rel=0.05)
            seen.add((camera["instrument"], focal_mm))
    assert len(seen) == 6


def test_stereo_baselines() -> None:
    aim = MastPointing(123.0, -30.0)
    navcams = [camera_model(code, aim).c_m for code in ("NAVCAM_LEFT", "NAVCAM_RIGHT")]
    assert np.linalg.norm(navcams[0] - navcams[1]) == pytest.approx(0.4243, abs=0.001)
    zooms = [camera_model(code, aim, 48).c_m for code in ("MCZ_LEFT", "MCZ_RIGHT")]
    assert np.linalg.norm(zooms[0] - zooms[1]) == pytest.approx(0.244, abs=0.001)


def test_the_zoom_narrows_steadily() -> None:
    focals = [
        camera_model("MCZ_LEFT", MastPointing(0, 0), focal_mm).focal_px[0]
        for focal_mm in range(26, 111)
    ]
    assert all(0 < after - before < 200 for before, after in pairwise(focals))


@pytest.mark.parametrize("code", camera_codes())
def test_pixels_and_rays_are_inverse(code: str) -> None:
    camera, model = camera_named(code), model_of(code)
    chance = np.random.default_rng(1)
    pixels = chance.uniform(0, 1, (500, 2)) * [camera.width_px - 1, camera.height_px - 1]
    starts, ways = model.rays(pixels)
    assert np.abs(model.project(starts + 5.0 * ways) - pixels).max() < 1e-4


def test_fields_of_view_are_those_published() -> None:
    def wide_deg(code: str) -> float:
        camera, model = camera_named(code), model_of(code)
        middle = (camera.height_px - 1) / 2
        ends = model.rays(np.array([[0, middle], [camera.width_px - 1, middle]]))[1]
        return apart_deg(ends[0], ends[1])

    assert wide_deg("NAVCAM_LEFT") == pytest.approx(96, abs=2)
    assert wide_deg("FRONT_HAZCAM_LEFT_A") == pytest.approx(136, abs=3)
    assert wide_deg("HELI_NAV") == pytest.approx(133, abs=2)


def test_where_cameras_look() -> None:
    left = camera_named("NAVCAM_LEFT")
    azimuth, elevation = direction_deg(
        camera_model("NAVCAM_LEFT", MastPointing(200.0, 10.0)), left.detector
    )
    assert (azimuth, elevation) == (
        pytest.approx(-160.0, abs=0.05),
        pytest.approx(10.0, abs=0.05),
    )
    watson = model_of("SHERLOC_WATSON")
    assert np.allclose(watson.a, DOWN.axis)
    assert np.allclose(watson.c_m, DOWN.position_m)
    # What is up in the picture is towards smaller lines.
    seen = watson.project(np.array([[2.0, 0.1, 0.0], [2.02, 0.1, 0.0]]))
    assert seen[1, 1] < seen[0, 1] - 50
    assert np.allclose(model_of("HELI_NAV").a, [0, 0, 1])
    below_deg = np.degrees(np.arcsin(model_of("HELI_RTE").a[2]))
    assert below_deg == pytest.approx(22, abs=0.01)


def test_the_head_faces_a_target() -> None:
    target = np.array([4.0, -3.0, 0.2])
    aim = pointing_at(target)
    seen = camera_model("NAVCAM_LEFT", aim).project(target)
    assert np.abs(seen - [2560, 1920]).max() < 400
    assert aim.elevation_deg < 0


@pytest.mark.parametrize(
    ("code", "aim", "focal_mm"),
    [
        ("NAVCAM_LEFT", None, None),
        ("NAVCAM_LEFT", DOWN, None),
        ("NAVCAM_LEFT", MastPointing(0, 0), 34),
        ("MCZ_LEFT", MastPointing(0, 0), None),
        ("MCZ_LEFT", MastPointing(0, 0), 120),
        ("REAR_HAZCAM_LEFT", MastPointing(0, 0), None),
        ("SHERLOC_WATSON", MastPointing(0, 0), None),
    ],
)
def test_a_camera_is_not_aimed_as_it_cannot_be(
    code: str, aim: MastPointing | ArmPlacing | None, focal_mm: int | None
) -> None:
    with pytest.raises(SolbookError) as caught:
        camera_model(code, aim, focal_mm)
    assert caught.value.code == "bad_argument"


def test_an_unknown_camera_is_named() -> None:
    with pytest.raises(SolbookError) as caught:
        camera_named("PANCAM")
    assert caught.value.code == "unknown_camera"
    assert caught.value.found == "PANCAM"
