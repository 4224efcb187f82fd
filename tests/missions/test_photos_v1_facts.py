"""What the retired Mars Rover Photos API knew, against its recorded answers."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import missions
from solbook.missions import photos_v1
from solbook.missions.photos_v1 import ROVERS, Rover, earth_date, sols_of


def rover(name: str) -> Rover:
    found = photos_v1.rover(name)
    assert found is not None
    return found


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in an answer, whatever its depth."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from objects(part)


@pytest.fixture
def answers(shared_data: Path) -> list[dict[str, Any]]:
    paths = (shared_data / "data" / "02_mars_photos_api").rglob("*.json")
    found = [part for path in paths for part in objects(json.loads(path.read_text()))]
    assert len(found) > 3000
    return found


def test_the_four_rovers() -> None:
    ids = {name: known.id for name, known in ROVERS.items()}
    assert ids == {"curiosity": 5, "opportunity": 6, "spirit": 7, "perseverance": 8}
    assert rover("OPPORTUNITY") is ROVERS["opportunity"]
    assert photos_v1.rover("insight") is None
    assert photos_v1.rover_of("m2020") is ROVERS["perseverance"]
    assert photos_v1.rover_of("insight") is None
    for known in ROVERS.values():
        assert missions.mission(known.mission).landing_date == known.landing_date


def test_landing_dates_and_known_earth_dates() -> None:
    assert rover("curiosity").landing_date == date(2012, 8, 6)
    assert rover("opportunity").landing_date == date(2004, 1, 25)
    assert rover("spirit").landing_date == date(2004, 1, 4)
    assert rover("perseverance").landing_date == date(2021, 2, 18)
    assert earth_date(rover("curiosity"), 1000) == date(2015, 5, 30)
    assert earth_date(rover("opportunity"), 26) == date(2004, 2, 20)
    assert earth_date(rover("spirit"), 1) == date(2004, 1, 5)


def test_every_recorded_rover_agrees(answers: list[dict[str, Any]]) -> None:
    checked = 0
    for answer in answers:
        if "landing_date" in answer:
            known = rover(answer["name"])
            assert known.id == answer.get("id", known.id)
            assert known.landing_date.isoformat() == answer["landing_date"]
            assert known.launch_date.isoformat() == answer["launch_date"]
            assert known.status == answer["status"]
            assert earth_date(known, answer.get("max_sol", 0)).isoformat() == answer.get(
                "max_date", answer["landing_date"]
            )
            checked += 1
    assert checked > 900


def test_every_recorded_camera_agrees(answers: list[dict[str, Any]]) -> None:
    seen = set()
    for answer in answers:
        if "rover_id" in answer:
            known = next(r for r in ROVERS.values() if r.id == answer["rover_id"])
            camera = known.camera_for(answer["name"])
            assert camera is not None
            assert camera.id == answer["id"]
            assert camera.full_name == answer["full_name"]
            seen.add(camera.id)
    assert seen == {20, 21, 22, 23, 24, 26, 35, 38, 39, 42, 43, 44, 45}


def test_cameras_stand_in_the_order_of_the_recorded_lists(answers: list[dict[str, Any]]) -> None:
    listed = 0
    for answer in answers:
        cameras = answer.get("cameras")
        if "landing_date" in answer and cameras:
            names = [(camera["name"], camera["full_name"]) for camera in cameras]
            assert names == [(c.name, c.full_name) for c in rover(answer["name"]).cameras]
            listed += 1
    assert listed > 800


def test_every_recorded_earth_date_and_manifest_date(answers: list[dict[str, Any]]) -> None:
    checked = 0
    for answer in answers:
        if "img_src" in answer:
            known = rover(answer["rover"]["name"])
            assert earth_date(known, answer["sol"]).isoformat() == answer["earth_date"]
            checked += 1
        if "photo_manifest" in answer:
            for sol in answer["photo_manifest"]["photos"]:
                stated = sol.get("earth_date")
                assert stated in (None, earth_date(rover("curiosity"), sol["sol"]).isoformat())
    assert checked > 900


def test_the_dump_of_perseverance(shared_data: Path) -> None:
    path = shared_data / "data" / "01_m2020_feed" / "mars_photos_api_perseverance_5911.csv"
    known = rover("perseverance")
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            assert known.camera_for(row["camera_name"]) is not None
            sol = int(row["img_src"].rpartition("/")[2].split("_")[1])
            assert earth_date(known, sol).isoformat() == row["earth_date"]
            assert sol in sols_of(known, date.fromisoformat(row["earth_date"]))


def test_every_camera_has_an_id_of_its_own() -> None:
    ids = [camera.id for known in ROVERS.values() for camera in known.cameras]
    assert None not in ids
    assert sorted(ids) == list(range(14, 50))


@pytest.mark.parametrize(
    ("name", "feed_code", "camera"),
    [
        ("curiosity", "NAV_LEFT_B", "NAVCAM"),
        ("curiosity", "NAV_RIGHT_A", "NAVCAM"),
        ("curiosity", "MAST_RIGHT", "MAST"),
        ("curiosity", "FHAZ_LEFT_B", "FHAZ"),
        ("curiosity", "rhaz_right_a", "RHAZ"),
        ("curiosity", "CHEMCAM_RMI", "CHEMCAM"),
        ("curiosity", "MARDI", "MARDI"),
        ("spirit", "MI", "MINITES"),
        ("opportunity", "EDL", "ENTRY"),
        ("opportunity", "PANCAM", "PANCAM"),
        ("perseverance", "MCZ_LEFT", "MCZ_LEFT"),
        ("perseverance", "FRONT_HAZCAM_LEFT_B", None),
        ("perseverance", "HELI_NAV", None),
        ("curiosity", "PANCAM", None),
    ],
)
def test_feed_codes_fold_into_the_classic_cameras(
    name: str, feed_code: str, camera: str | None
) -> None:
    found = rover(name).camera_for(feed_code)
    assert (found.name if found else None) == camera


def test_every_folded_code_is_a_known_camera_and_folds_once() -> None:
    for known in ROVERS.values():
        codes = [code for camera in known.cameras for code in camera.feed_codes]
        assert len(set(codes)) == len(codes)
        for code in codes:
            assert missions.camera(known.mission, code) is not None, code


@given(st.sampled_from(sorted(ROVERS)), st.integers(0, 20_000))
def test_a_sol_is_among_those_of_its_earth_date(name: str, sol: int) -> None:
    known = ROVERS[name]
    day = earth_date(known, sol)
    assert list(sols_of(known, day)) == [sol]
    assert earth_date(known, sol + 1) > day


@given(st.sampled_from(sorted(ROVERS)), st.integers(-1000, 20_000))
def test_the_sols_of_a_date_all_have_it(name: str, days: int) -> None:
    known = ROVERS[name]
    day = known.landing_date + timedelta(days=days)
    sols = sols_of(known, day)
    assert all(earth_date(known, sol) == day for sol in sols)
    assert len(sols) <= 1
    if days < 0:
        assert not sols
