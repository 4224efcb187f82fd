"""Releases: the library's form, captions that agree with the plan, pictures that are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips

from solbook.clock import format_lmst, format_utc, parse_utc
from solbook.records import credits_simulation, is_simulated_address
from solbook.rehearsal import artwork, releases, traverse_map
from solbook.rehearsal.annals import driven_m
from solbook.rehearsal.artwork import Studio
from solbook.rehearsal.captions import ILLUSTRATION, Release, releases_of
from solbook.rehearsal.exposures import SolPlan
from solbook.rehearsal.folder import IMAGES, write_whole
from solbook.rehearsal.timing import MissionTimes
from tests.rehearsal.planned import SEED, pictures, planned
from tests.rehearsal.staged import plans, stage, way_m

Record = dict[str, Any]
TIMES = MissionTimes.of_rehearsal(SEED)
PRODUCT_ID = re.compile(r"\b[A-Z]{2}[A-Z0-9]_\d{4}_\d{10}_\d{3}E\w{30}\b")
SMALL = (320, 180)


def by_id(made: list[Release]) -> dict[str, Release]:
    return {f"REHEARSAL-R{number:04d}": release for number, release in enumerate(made, 1)}


def items(made: list[Release]) -> list[Record]:
    found: list[Record] = releases.search_page(by_id(made))["collection"]["items"]
    return found


@pytest.fixture(scope="module")
def made() -> list[Release]:
    return releases_of(planned(), TIMES)


# --- records -------------------------------------------------------------------------------------


def test_a_page_has_the_form_of_the_librarys(made: list[Release], shared_data: Path) -> None:
    recorded = shared_data / "data/04_media_news/images_api_search_q_mars_page1_100.json"
    real = json.loads(recorded.read_bytes())["collection"]
    ours = releases.search_page(by_id(made))["collection"]
    # All of it but the link to a next page, which there is not.
    assert set(ours) == set(real) - {"links"}
    assert ours["metadata"] == {"total_hits": len(made)}
    assert ours["version"] == real["version"]
    # An item of the Photojournal, which most of JPL's are.
    like = next(one for one in real["items"] if one["data"][0]["nasa_id"] == "PIA04778")
    for item in ours["items"]:
        assert set(item) == set(like)
        assert [set(link) for link in item["links"]] == [set(link) for link in like["links"]]
        assert set(item["data"][0]) == set(like["data"][0])
        for key, value in like["data"][0].items():
            assert isinstance(item["data"][0][key], type(value)), key
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["data"][0]["date_created"])
        nasa_id = item["data"][0]["nasa_id"]
        host = "https://rehearsal.invalid"
        assert item["href"] == like["href"].replace("PIA04778", nasa_id).replace(
            "https://images-assets.nasa.gov", host
        )
        assert item["links"][0]["href"] == like["links"][0]["href"].replace(
            "PIA04778", nasa_id
        ).replace("https://images-assets.nasa.gov", host)


def test_every_record_says_simulated(made: list[Release]) -> None:
    assert 8 <= len(made) <= 12
    for item, release in zip(items(made), made, strict=True):
        data = item["data"][0]
        assert credits_simulation(data["secondary_creator"])
        assert "Simulated" in data["title"]
        assert data["description"].startswith("Simulated: nothing of this was ever on Mars.")
        assert data["description"].endswith("Image Credit: Solbook rehearsal (simulated)")
        assert is_simulated_address(item["href"])
        assert is_simulated_address(item["links"][0]["href"])
        # Neither the Photojournal's numbers nor any other centre's look so.
        assert re.fullmatch(r"REHEARSAL-R\d{4}", data["nasa_id"])
        taken = release.kind in {"photo", "mosaic"}
        assert (ILLUSTRATION in data["description"]) is not taken
        assert ("Illustration" in data["keywords"]) is not taken
    assert {one.kind for one in made} == {"photo", "mosaic", "panorama", "illustration", "map"}
    assert [one.utc_ns for one in made] == sorted(one.utc_ns for one in made)
    assert len({one.title for one in made}) == len(made)


def test_captions_name_what_the_plan_has(made: list[Release]) -> None:
    known = {one.product_id for one in pictures(planned())}
    stops = {(one.pose.site, one.pose.drive) for plan in planned() for one in plan.waypoints}
    drives_m = set(driven_m(planned()).values())
    flights = {plan.flight.number: plan.flight for plan in planned() if plan.flight}
    named = 0
    for release in made:
        text = release.caption
        ids = PRODUCT_ID.findall(text)
        assert set(ids) == {one.product_id for one in release.frames}
        assert set(ids) <= known
        named += len(ids)
        assert {int(sol) for sol in re.findall(r"\bsol (\d+)", text)} <= set(range(12))
        for sol, time, utc in re.findall(r"sol (\d+) at ([\d:]{8}) local .{16} \((\S+Z)\)", text):
            at_sol, lmst_s = TIMES.clock.from_utc(parse_utc(utc))
            assert at_sol == int(sol)
            assert time in {format_lmst(lmst_s + late_s) for late_s in (0.0, 1.0)}
        for site, drive in re.findall(r"site (\d+), drive (\d+)", text):
            assert (int(site), int(drive)) in stops
        for metres in re.findall(r"drive of sol \d+, ([\d.]+) metres", text):
            assert any(abs(float(metres) - drive_m) < 0.06 for drive_m in drives_m)
        for number, sol, seconds in re.findall(r"Flight (\d+) on sol (\d+): ([\d.]+) s", text):
            flight = flights[int(number)]
            assert flight.sol == int(sol)
            took_s = (flight.landing_ns - flight.takeoff_ns) / 1e9
            assert float(seconds) == pytest.approx(took_s, abs=0.06)
    assert named > 10


@pytest.mark.parametrize("seed", [3, 19])
def test_another_mission_has_releases_too(seed: int) -> None:
    times = MissionTimes.of_rehearsal(seed)
    found = releases_of(planned(seed=seed), times)
    assert len(found) >= 8
    assert all(len(set(one.frames)) == len(one.frames) for one in found)


def test_a_short_mission_has_what_it_saw() -> None:
    kinds = [[one.kind for one in releases_of(planned()[:sols], TIMES)] for sols in (1, 2)]
    assert kinds == [["photo"], ["photo", "panorama", "map", "photo"]]


# --- pictures ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> Iterator[None]:
    """Pictures a quarter as wide."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artwork, "ILLUSTRATION_PX", SMALL)
        patch.setattr(artwork, "PANORAMA_PX", (640, 148))
        patch.setattr(traverse_map, "MAP_PX", SMALL)
        yield


def with_frames(folder: Path, shown: tuple[SolPlan, ...]) -> Path:
    """A folder in which the frames are, each of one shade, that releases are made of."""
    for _, release in all_of(shown):
        for shade, one in enumerate(release.frames):
            flat = pyvips.Image.black(one.width_px, one.height_px, bands=3) + 40 + 10 * shade
            body = flat.cast("uchar").pngsave_buffer(compression=1)
            write_whole(folder / IMAGES / f"{one.product_id}.png", body)
    return folder


def all_of(shown: tuple[SolPlan, ...]) -> list[tuple[str, Release]]:
    return list(by_id(releases_of(shown, MissionTimes.of_rehearsal(7))).items())


def write(folder: Path, shown: tuple[SolPlan, ...], threads: int) -> Path:
    studio, times = Studio(stage(), way_m()), MissionTimes.of_rehearsal(7)
    releases.write_releases(with_frames(folder, shown), shown, studio, times, threads)
    return folder / releases.RELEASES


@pytest.fixture(scope="module")
def written(small: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("releases"), plans(), 2)


def test_every_file_named_is_there_and_no_other(written: Path) -> None:
    page = json.loads((written / releases.SEARCH_PAGE).read_bytes())["collection"]
    named = {releases.SEARCH_PAGE}
    for item in page["items"]:
        nasa_id = item["data"][0]["nasa_id"]
        manifest = json.loads((written / f"asset-{nasa_id}.json").read_bytes())["collection"]
        assert set(manifest) == {"version", "href", "items"}
        assert manifest["href"] == f"https://rehearsal.invalid/asset/{nasa_id}"
        addresses = [one["href"] for one in manifest["items"]]
        assert all(
            address.startswith(f"https://rehearsal.invalid/image/{nasa_id}/{nasa_id}~")
            for address in addresses
        )
        files = [address.rpartition("/")[2] for address in addresses]
        assert files[0] == f"{nasa_id}~orig.png"
        named |= {*files, f"asset-{nasa_id}.json"}
        for name in files:
            picture = pyvips.Image.new_from_file(str(written / name))
            assert picture.bands == 3
            if name.endswith(".jpg"):
                size = name.partition("~")[2].removesuffix(".jpg")
                widest = {"large": 1920, "medium": 1280, "small": 640, "thumb": 640}[size]
                assert picture.width == widest
    assert {path.name for path in written.iterdir()} == named


def test_photos_are_the_frames_and_a_mosaic_is_its_tiles(written: Path) -> None:
    for nasa_id, release in all_of(plans()):
        original = written / f"{nasa_id}~orig.png"
        frames = [written.parent / IMAGES / f"{one.product_id}.png" for one in release.frames]
        if release.kind == "photo":
            assert original.read_bytes() == frames[0].read_bytes()
        if release.kind == "mosaic":
            picture = pyvips.Image.new_from_file(str(original)).numpy()
            assert picture.shape[1] == releases.MOSAIC_WIDTH_PX
            # Every tile is in the middle of its place.
            for shade, one in enumerate(release.frames):
                window = one.delivery.window
                scale = releases.MOSAIC_WIDTH_PX / 5120
                x = round((window.first_sample + window.width_px / 2) * scale)
                y = round((window.first_line + window.height_px / 2) * scale)
                assert picture[y, x].tolist() == [40 + 10 * shade] * 3


def test_pictures_show_something(written: Path) -> None:
    painted = {nasa_id: one for nasa_id, one in all_of(plans()) if one.paint is not None}
    assert {one.kind for one in painted.values()} == {"panorama", "illustration", "map"}
    for nasa_id in painted:
        picture = pyvips.Image.new_from_file(str(written / f"{nasa_id}~orig.png")).numpy()
        assert 20 < picture.mean() < 200
        assert picture.std() > 12
        # Mars is not grey.
        assert np.abs(picture[..., 0].astype(int) - picture[..., 2]).mean() > 8


def test_the_map_has_the_stops_where_the_plan_has_them(small: None) -> None:
    studio = Studio(stage(), way_m())
    utc_ns = plans()[-1].exposures[-1].utc_ns
    model = traverse_map.map_camera(studio, plans())
    places = [np.array(one.waypoints[-1].pose.position_m) for one in plans() if one.waypoints]
    pixels = model.project(np.array(places))
    assert (pixels > 0).all()
    assert (pixels < SMALL).all()
    # By the scale of the map they are as far apart as on the ground.
    metres = np.linalg.norm((places[0] - places[-1])[:2])
    metres_a_px = traverse_map._HEIGHT_M / model.focal_px[0]
    assert np.linalg.norm(pixels[0] - pixels[-1]) * metres_a_px == pytest.approx(metres, rel=0.01)
    picture = traverse_map.traverse_map(studio, plans(), utc_ns)
    for x, y in np.rint(pixels).astype(int):
        assert picture[y, x].tolist() == [0xFF, 0xF3, 0xD6]


def test_a_free_camera_sees_the_rover_where_it_stands(small: None) -> None:
    studio, plan = Studio(stage(), way_m()), plans()[3]
    pose = plan.exposures[0].pose
    utc_ns = plan.exposures[-1].utc_ns
    place_m, target_m = studio.beside(pose, 40.0, 8.0, 2.0), studio.beside(pose, 0.0, 0.0, 0.9)
    standpoint = artwork.Standpoint(place_m, target_m, 30.0)
    model = standpoint.model(*SMALL)
    middle = model.project(target_m)
    np.testing.assert_allclose(middle, (np.array(SMALL) - 1) / 2, atol=1e-6)
    picture = studio.rover(plan, pose, standpoint, utc_ns)
    elsewhere = replace(pose, position_m=(pose.position_m[0] + 50, *pose.position_m[1:]))
    without = studio.helicopter(replace(plan, helicopter=()), elsewhere, standpoint, utc_ns)
    height, width = picture.shape[:2]
    differs = np.abs(picture.astype(int) - without).max(axis=2) > 24
    assert differs[height // 2, width // 2]
    assert differs[:, : width // 16].mean() < 0.3


def test_the_same_bytes_again_by_one_thread(written: Path, tmp_path: Path) -> None:
    again = write(tmp_path, plans()[:2], 1)
    # A shorter mission may have another map, longest drive or sunset.
    first = {release.caption: nasa_id for nasa_id, release in all_of(plans())}
    compared = []
    for nasa_id, release in all_of(plans()[:2]):
        if release.caption in first:
            body = (again / f"{nasa_id}~orig.png").read_bytes()
            assert body == (written / f"{first[release.caption]}~orig.png").read_bytes()
            compared.append(release.kind)
    assert {"photo", "panorama"} <= set(compared)


def test_what_is_there_is_not_made_again(
    written: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(releases, "_original", None)
    before = {path: path.stat().st_mtime_ns for path in written.glob("*~*")}
    studio, times = Studio(stage(), way_m()), MissionTimes.of_rehearsal(7)
    releases.write_releases(written.parent, plans(), studio, times, 1)
    assert {path: path.stat().st_mtime_ns for path in written.glob("*~*")} == before


def test_dates_are_of_what_is_shown(made: list[Release]) -> None:
    for item, release in zip(items(made), made, strict=True):
        assert item["data"][0]["date_created"] == format_utc(release.utc_ns, 0)
        if release.frames:
            assert release.utc_ns == release.frames[0].exposure.utc_ns
