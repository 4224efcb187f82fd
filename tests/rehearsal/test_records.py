"""The rehearsal's feed: of the real feed's form, read by its reader, and plainly simulated."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solbook.imaging import Attitude, CameraModel, Window, camera_vector
from solbook.records import exposure_key, parse_product_id
from solbook.rehearsal.records import CREDIT, PAGE_SIZE, feed_pages, record_of
from solbook.sources import M2020Feed
from tests.rehearsal.form import differences
from tests.rehearsal.planned import pictures, planned

Record = dict[str, Any]


@pytest.fixture(scope="module")
def simulated() -> list[Record]:
    return [record_of(picture) for picture in pictures(planned())]


@pytest.fixture(scope="module")
def recorded(shared_data: Path) -> list[Record]:
    """Records of Perseverance from the time since its feed has had its present form."""
    folder = shared_data / "data/01_m2020_feed"
    found = [json.loads(path.read_text()) for path in (folder / "navcam_sidecars").glob("*.json")]
    page = json.loads((folder / "sample_rss_response_sol23_24_100.json").read_text())
    return found + [one for one in page["images"] if one["sol"] == 24]


def test_real_and_simulated_records_have_one_form(
    recorded: list[Record], simulated: list[Record]
) -> None:
    assert len(recorded) > 60
    for record in recorded:
        if not record["camera"]["instrument"].startswith("EDL"):
            assert differences(record) == []
    for record in simulated:
        assert differences(record) == []


def test_every_record_says_that_it_is_simulated(simulated: list[Record]) -> None:
    for record in simulated:
        assert record["credit"] == CREDIT == "Solbook rehearsal (simulated)"
        for key in ("credit", "title", "caption"):
            assert "simulated" in record[key].lower()
        addresses = [*record["image_files"].values(), record["link"], record["json_link"]]
        assert all(address.startswith("https://rehearsal.invalid/") for address in addresses)
        assert "NASA" not in json.dumps(record)


def test_the_feed_s_reader_takes_them_as_they_are() -> None:
    by_id = {picture.upstream_id: picture for picture in pictures(planned())}
    source, found = M2020Feed("rehearsal"), []
    for body in feed_pages(by_id.values()):
        assert source.recognises(body)
        page = source.read_page(body, "a test")
        assert page.rejected == []
        assert page.total == len(by_id)
        found += page.frames
    assert len(found) == len(by_id)
    for frame in found:
        picture = by_id[frame.upstream_id]
        one = picture.exposure
        assert frame.flags == ()
        assert frame.mission == "rehearsal"
        assert frame.product_id == picture.upstream_id
        assert frame.version == 1
        assert frame.utc_ns == one.utc_ns
        assert frame.utc_source == "mission-clock"
        assert frame.upstream_utc_ns is not None
        assert 0.2e9 < frame.upstream_utc_ns - one.utc_ns < 5.2e9
        assert frame.received_ns == picture.received_ns
        assert frame.sclk_s == pytest.approx(one.sclk_s, abs=1e-6)
        assert (frame.site, frame.drive) == (one.pose.site, one.pose.drive)
        assert (frame.width_px, frame.height_px) == (picture.width_px, picture.height_px)
        assert frame.sample_type == picture.delivery.sample_type.lower()
        assert frame.instrument == one.camera


def test_the_reader_of_perseverance_refuses_them() -> None:
    body = next(feed_pages(planned()[1].pictures))
    assert not M2020Feed().recognises(body)
    page = M2020Feed().read_page(body, "a test")
    assert page.frames == []


def test_ids_say_what_was_delivered() -> None:
    seen, ids = defaultdict(set), set()
    for picture in pictures(planned()):
        one, name = picture.exposure, parse_product_id(picture.product_id)
        assert name is not None
        ids.add(picture.product_id)
        assert (name.sol, name.version) == (one.sol, 1)
        assert (name.site, name.drive) == (one.pose.site, one.pose.drive)
        assert name.sequence == one.sequence
        assert 2 ** (name.downsample or 0) == picture.delivery.window.scale_factor
        assert (name.sample_type == "T") == (picture.delivery.sample_type == "Thumbnail")
        if one.focal_mm and name.sample_type == "N":
            assert int(name.camera_field or "") == one.focal_mm
        seen[exposure_key(name)].add(one.stereo or one.key)
    assert len(ids) == len(pictures(planned()))
    # Both eyes and all files of an exposure share a key, and no others do.
    assert all(len(members) == 1 for members in seen.values())


def test_models_keep_to_a_thousandth_of_a_pixel_in_their_text() -> None:
    chance = np.random.default_rng(5)
    for picture in pictures(planned()):
        window = picture.delivery.window
        exact = picture.exposure.model.in_window(window)
        read = CameraModel.parse(picture.model_text, exact.kind)
        pixels = chance.uniform(0, 1, (20, 2)) * [picture.width_px, picture.height_px]
        starts, ways = exact.rays(pixels)
        assert np.abs(read.project(starts + 30.0 * ways) - pixels).max() < 0.001


def test_a_record_tells_where_its_pixels_are(simulated: list[Record]) -> None:
    for record, picture in zip(simulated, pictures(planned()), strict=True):
        camera, extended = record["camera"], record["extended"]
        window = Window.parse(extended["subframeRect"], extended["scaleFactor"])
        assert window == picture.delivery.window
        assert extended["dimension"] == "({},{})".format(*window.picture_size)
        model = CameraModel.parse(
            camera["camera_model_component_list"], camera["camera_model_type"]
        )
        stated = [float(part) for part in camera["camera_vector"][1:-1].split(",")]
        assert np.allclose(stated, camera_vector(model, window), atol=1e-12)
        place = [float(part) for part in camera["camera_position"][1:-1].split(",")]
        assert place == model.c_m.tolist()
        pose = picture.exposure.pose
        assert Attitude.parse(record["attitude"]) == pose.attitude
        xyz = [float(part) for part in extended["xyz"][1:-1].split(",")]
        assert np.allclose(np.add(xyz, pose.site_origin_m), pose.position_m, atol=1e-9)


def test_where_mast_and_arm_point_is_stated_as_in_the_real_feed(simulated: list[Record]) -> None:
    for record in simulated:
        code, azimuth = record["camera"]["instrument"], record["extended"]["mastAz"]
        pointed = code.startswith(("NAVCAM", "MCZ", "SHERLOC"))
        assert (azimuth != "UNK") == pointed
        if pointed:
            assert -180 <= float(azimuth) <= 180


def test_pages_have_the_envelope_of_the_real_feed(shared_data: Path) -> None:
    path = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    real = json.loads(path.read_text())
    bodies = list(feed_pages(pictures(planned())))
    sols = []
    for number, body in enumerate(bodies):
        page = json.loads(body)
        assert list(page) == list(real)
        assert {key: type(value) for key, value in page.items()} == {
            key: type(value) for key, value in real.items()
        }
        assert list(page["nav"][0]) == list(real["nav"][0])
        assert page["type"] == real["type"]
        assert page["page"] == number
        assert len(page["images"]) == PAGE_SIZE or number == len(bodies) - 1
        sols += [record["sol"] for record in page["images"]]
    assert sols == sorted(sols, reverse=True)


def test_the_same_seed_gives_the_same_bytes() -> None:
    planned.cache_clear()
    first = list(feed_pages(pictures(planned(4))))
    planned.cache_clear()
    assert list(feed_pages(pictures(planned(4)))) == first
