"""Saved answers of the Mars Rover Photos API: every recording, and damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook.archive import Archive, write_page
from solbook.archive.frames import find_frame
from solbook.records import SourcePage
from solbook.sources import PhotosV1, recognise
from tests.fuzz import JSON_VALUES

Record = dict[str, Any]

FOLDER = "data/02_mars_photos_api"
PHOTOS = {
    "elbi3/perseveranceSol0.json": "m2020",
    "elbi3/sol1000Data.json": "msl",
    "ios_validSol1JSON.json": "msl",
    "spacetagram_perseverance_sol394.json": "m2020",
}
MANIFEST = "ios_validRoverJSON.json"


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / FOLDER


@pytest.fixture(scope="module")
def photo(folder: Path) -> Record:
    loaded: Record = json.loads((folder / "elbi3/sol1000Data.json").read_text())["photos"][0]
    return loaded


def read(body: object) -> SourcePage:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return PhotosV1().read_page(raw, "a test")


@pytest.mark.parametrize("name", PHOTOS)
def test_every_recorded_photo_becomes_a_frame(folder: Path, name: str) -> None:
    body = (folder / name).read_bytes()
    assert isinstance(recognise(body), PhotosV1)
    photos = json.loads(body)["photos"]
    page = read(body)
    assert page.rejected == []
    for frame, stated in zip(page.frames, photos, strict=True):
        assert frame.mission == PHOTOS[name]
        assert json.loads(frame.upstream) == stated
        assert frame.flags == ()
        assert frame.photo is not None
        assert (frame.photo.photo_id, frame.photo.rover_id) == (
            stated["id"],
            stated["rover"]["id"],
        )
        assert frame.photo.img_src == frame.assets[0].url == stated["img_src"]
        assert frame.photo.camera_name == stated["camera"]["name"]
        assert frame.product_id in stated["img_src"]


def test_the_convention_of_dates_is_never_taken_for_a_time(folder: Path) -> None:
    for name in PHOTOS:
        for frame in read((folder / name).read_bytes()).frames:
            assert (frame.utc_ns, frame.lmst_s, frame.received_ns) == (None, None, None)


def test_perseverance_s_address_is_that_of_the_large_file(folder: Path) -> None:
    frames = read((folder / "spacetagram_perseverance_sol394.json").read_bytes()).frames
    assert {asset.role for frame in frames for asset in frame.assets} == {"large"}
    assert {frame.sample_type for frame in frames} == {"full"}
    # The file's name has the version, the frame's id has not.
    assert all(frame.version > 0 for frame in frames)


def test_folded_cameras_are_told_apart_again(folder: Path) -> None:
    frames = read((folder / "elbi3/sol1000Data.json").read_bytes()).frames
    found = {(f.photo.camera_name, f.instrument) for f in frames if f.photo is not None}
    assert ("FHAZ", "FHAZ_LEFT_B") in found
    assert ("MAST", "MAST_LEFT") in found
    assert ("MAST", "MAST_RIGHT") in found


def test_a_manifest_states_every_sol(folder: Path) -> None:
    body = (folder / MANIFEST).read_bytes()
    assert isinstance(recognise(body), PhotosV1)
    stated = json.loads(body)["photo_manifest"]
    page = read(body)
    assert (page.frames, page.rejected) == ([], [])
    assert len(page.rovers) == 1
    rover = page.rovers[0]
    assert [(day.sol, day.total_photos, list(day.cameras)) for day in rover.manifest] == [
        (day["sol"], day["total_photos"], day["cameras"]) for day in stated["photos"]
    ]


def test_older_answers_state_totals_in_each_photo(folder: Path) -> None:
    page = read((folder / "elbi3/sol1000Data.json").read_bytes())
    assert [(rover.rover_id, rover.max_sol, rover.total_photos) for rover in page.rovers] == [
        (5, 3899, 667341)
    ]
    assert read((folder / "spacetagram_perseverance_sol394.json").read_bytes()).rovers == ()


@pytest.mark.parametrize(
    "wrap",
    [
        lambda photo: {"photos": [photo]},
        lambda photo: {"latest_photos": [photo]},
        lambda photo: {"photo": photo},
    ],
)
def test_every_answer_with_photos_is_read(photo: Record, wrap: Any) -> None:
    assert [frame.upstream_id for frame in read(wrap(photo)).frames] == [str(photo["id"])]


@pytest.mark.parametrize("key", ["rovers", "rover"])
def test_answers_about_rovers_are_read(photo: Record, key: str) -> None:
    rover = photo["rover"]
    page = read({key: [rover] if key == "rovers" else rover})
    assert [(r.rover_id, r.max_sol, r.status) for r in page.rovers] == [(5, 3899, "active")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "no id"),
        ({"id": "x"}, "no id"),
        ({"id": -1}, "no id"),
        ({"id": 10**30}, "no id"),
        ({"sol": None}, "no usable sol"),
        ({"rover": {"name": "Zhurong", "id": 9}}, "not one this API served"),
        ({"rover": None}, "not one this API served"),
        ({"rover": {"name": 5}}, "not one this API served"),
        ({"camera": None}, "lacks its camera"),
        ({"camera": {}}, "lacks its camera"),
        ({"camera": {"id": 20}}, "lacks its camera"),
        ({"camera": {"name": "FHAZ"}}, "lacks its camera"),
        ({"img_src": None}, "its address"),
        ({"img_src": ""}, "its address"),
        ({"img_src": "http://x/"}, "no usable id"),
        ({"img_src": "http://x/<script>.jpg"}, "no usable id"),
    ],
)
def test_a_photo_that_cannot_be_kept_is_rejected_and_the_rest_kept(
    photo: Record, change: Record, reason: str
) -> None:
    page = read({"photos": [photo, photo | change, photo]})
    assert len(page.frames) == 2
    assert [rejected.position for rejected in page.rejected] == [1]
    assert reason in page.rejected[0].reason
    assert page.rejected[0].expected
    assert json.loads(page.rejected[0].upstream) == photo | change


def test_a_camera_nobody_knows_is_kept(photo: Record) -> None:
    camera = {"id": 99, "name": "NEWCAM", "rover_id": 5}
    img_src = "http://mars.jpl.nasa.gov/x/NEW_0001.JPG"
    frame = read({"photos": [photo | {"camera": camera, "img_src": img_src}]}).frames[0]
    assert (frame.instrument, frame.product_id) == ("NEWCAM", "NEW_0001")
    assert frame.photo is not None
    assert frame.photo.camera_full_name == "NEWCAM"


def test_the_same_photo_twice_in_an_answer_is_one(archive: Archive, photo: Record) -> None:
    tally = write_page(archive, read({"photos": [photo, photo]}))
    assert (tally.new, tally.unchanged, tally.quarantined) == (1, 1, 0)


def test_two_photos_of_one_file_are_one_frame(archive: Archive, photo: Record) -> None:
    """The API had some files twice, under two ids."""
    write_page(archive, read({"photos": [photo, photo | {"id": photo["id"] + 1}]}))
    name = photo["img_src"].rpartition("/")[2].partition(".")[0]
    with archive.reading() as connection:
        frame = find_frame(connection, name, "msl")
        assert frame is not None
        assert frame.sol == 1000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>No such app</html>", "HTML"),
        (b'{"errors": "Invalid Rover Name"}', "with an error"),
        (b'{"error": {"code": "OVER_RATE_LIMIT"}}', "with an error"),
        (b"{}", "no photos"),
        (b'{"photos": 5}', "shape"),
        (b"[]", "shape"),
        (b'{"photos": [{"id": 1', "breaks off"),
        (b'{"rover": {"name": "Zhurong"}}', "not one this API served"),
        (
            b'{"photo_manifest": {"name": "Curiosity", "photos": [{"sol": "x"}]}}',
            "sol of the manifest",
        ),
        (b'{"photo_manifest": {"name": "Curiosity", "photos": 5}}', "manifest"),
        (b'{"photo_manifest": {"name": "Curiosity", "photos": {"sol": 1}}}', "manifest"),
    ],
)
def test_an_answer_that_is_none_is_rejected_with_its_reason(body: bytes, reason: str) -> None:
    page = read(body)
    assert page.frames == []
    assert reason in page.rejected[0].reason
    assert page.rejected[0].found
    assert page.rejected[0].expected


@pytest.mark.parametrize("number", [-1, 100_000, 10**9, 10**30, 1e300, "x", 2.5, None, [], True])
def test_a_sol_no_rover_can_reach_is_not_believed(
    archive: Archive, photo: Record, number: object
) -> None:
    """A date is made of the greatest sol in every answer of our own API."""
    rover = photo["rover"] | {"max_sol": number, "total_photos": number}
    for page in (read({"rover": rover}), read({"photos": [photo | {"rover": rover}]})):
        assert {r.max_sol for r in page.rovers} <= {None}
        write_page(archive, page)
    day = {"sol": number, "total_photos": 1, "cameras": []}
    page = read({"photo_manifest": {"name": "Curiosity", "photos": [day]}})
    assert (page.rovers, len(page.rejected)) == ((), 1)


def test_a_truncated_answer_keeps_its_whole_photos(folder: Path) -> None:
    body = (folder / "elbi3/sol1000Data.json").read_bytes()
    page = read(body[: len(body) // 2])
    assert 300 < len(page.frames) < 600
    assert len(page.rejected) == 1


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_value_in_any_field_is_read_or_rejected(photo: Record, data: st.DataObject) -> None:
    changed: Record = json.loads(json.dumps(photo))
    inner = data.draw(st.sampled_from([changed, changed["camera"], changed["rover"]]))
    key = data.draw(st.sampled_from(sorted(inner)))
    inner[key] = data.draw(JSON_VALUES)
    page = read({"photos": [changed]})
    assert len(page.frames) + len(page.rejected) == 1


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_manifest_is_read_or_rejected(data: st.DataObject) -> None:
    manifest: Record = {
        "name": "Curiosity",
        "status": "active",
        "photos": [{"sol": 1, "total_photos": 2, "cameras": ["MAST"]}],
    }
    inner = data.draw(st.sampled_from([manifest, manifest["photos"][0]]))
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON_VALUES)
    page = read({"photo_manifest": manifest})
    assert page.frames == []
    assert len(page.rovers) + len(page.rejected) == 1
