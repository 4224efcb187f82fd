"""The drop-in Photos API: recorded answers equal ours, and the old server's manners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.jobs import ingest
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import source_named

FOLDER = "data/02_mars_photos_api"
PREFIXES = ("/api/v1", "/mars-photos/api/v1")

# Each recording and the question it answers. The rover of an older recording has all 9 keys. The
# recording of sol 394 was cut by its keeper to the 50 newest photos.
RECORDED = [
    ("elbi3/perseveranceSol0.json", "/rovers/perseverance/photos?sol=0", "full"),
    ("elbi3/sol1000Data.json", "/rovers/curiosity/photos?sol=1000", "full"),
    ("ios_validSol1JSON.json", "/rovers/curiosity/photos?sol=1", "full"),
    ("spacetagram_perseverance_sol394.json", "/rovers/perseverance/photos?sol=394", "short"),
    ("ios_validRoverJSON.json", "/manifests/curiosity", "short"),
]

Client = Callable[..., TestClient]


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Client]:
    """Makes an archive of some files, read one after the other, and a client of its site."""
    opened: list[TestClient] = []

    def make(*files: tuple[str, Path], **settings: Any) -> TestClient:
        archive = Archive.create(tmp_path / str(len(opened)), Settings(network=False, **settings))
        for source, path in files:
            ingest(archive, source_named(source), str(path))
        client = TestClient(create_app(archive)).__enter__()
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="module")
def client(photos_archive: Path) -> Iterator[TestClient]:
    """A client of an archive of every recorded answer."""
    with TestClient(create_app(Archive(photos_archive))) as made:
        yield made


def _in_order(value: Any) -> Any:
    """A value in which dictionaries are lists, so that the order of keys counts."""
    if isinstance(value, dict):
        return [[key, _in_order(inner)] for key, inner in value.items()]
    if isinstance(value, list):
        return [_in_order(inner) for inner in value]
    return value


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("file", "question", "rover"), RECORDED)
def test_a_recorded_answer_equals_ours_field_by_field_and_in_order(
    shared_data: Path, client_of: Client, file: str, question: str, rover: str, prefix: str
) -> None:
    path = shared_data / FOLDER / file
    client = client_of(("photos-v1", path), photos_v1_rover=rover)
    ours = client.get(prefix + question)
    assert ours.status_code == 200
    assert _in_order(ours.json()) == _in_order(json.loads(path.read_bytes()))


@pytest.mark.parametrize(("file", "question", "_rover"), RECORDED)
def test_recorded_answers_stay_equal_when_all_are_in_one_archive(
    shared_data: Path, client: TestClient, file: str, question: str, _rover: str
) -> None:
    """But for the totals a photo's rover had in older recordings, which differ among them."""
    recorded = json.loads((shared_data / FOLDER / file).read_bytes())
    for photo in recorded.get("photos", []):
        for key in ("max_sol", "max_date", "total_photos", "cameras"):
            photo["rover"].pop(key, None)
    assert _in_order(client.get(f"/api/v1{question}").json()) == _in_order(recorded)


def test_an_earth_date_is_the_convention_of_the_api(client: TestClient) -> None:
    by_sol = client.get("/api/v1/rovers/curiosity/photos?sol=1000").json()
    for written in ("2015-05-30", "2015-5-30"):
        by_date = client.get(f"/api/v1/rovers/curiosity/photos?earth_date={written}").json()
        assert by_date == by_sol


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 0),
        ("sol=", 0),
        ("sol=1000", 856),
        ("sol=1000&earth_date=2012-08-07", 856),
        ("sol=1000.7", 856),
        ("sol=abc", 0),
        ("sol=99999999999999999999999", 0),
        ("sol=-5", 0),
        ("earth_date=1999-01-01", 0),
        ("sol=1000&page=1", 25),
        ("sol=1000&page=0", 25),
        ("sol=1000&page=-3", 25),
        ("sol=1000&page=junk", 25),
        ("sol=1000&page=", 25),
        ("sol=1000&page=35", 6),
        ("sol=1000&page=36", 0),
        ("sol=1000&page=99999999999999999999", 0),
        ("sol=1000&per_page=3", 856),
        ("sol=1000&page=1&per_page=3", 3),
        ("sol=1000&page=1&per_page=1000", 856),
        ("sol=1000&page=1&per_page=0", 0),
        ("sol=1000&camera=mast", 838),
        ("sol=1000&camera=MAST&page=34", 13),
        ("sol=1000&camera=PANCAM", 0),
        ("sol=1000&camera=nonsense", 0),
        ("sol=1000&camera=FHAZ&api_key=DEMO_KEY&undefined=1", 2),
    ],
)
def test_parameters_are_read_as_the_old_server_read_them(
    client: TestClient, query: str, count: int
) -> None:
    answer = client.get(f"/api/v1/rovers/Curiosity/photos?{query}")
    assert answer.status_code == 200
    assert len(answer.json()["photos"]) == count


def test_pages_together_are_the_whole(client: TestClient) -> None:
    whole = client.get("/api/v1/rovers/curiosity/photos?sol=1000").json()["photos"]
    pages = [
        photo
        for page in range(1, 36)
        for photo in client.get(f"/api/v1/rovers/curiosity/photos?sol=1000&page={page}").json()[
            "photos"
        ]
    ]
    assert pages == whole


def test_latest_photos_are_those_of_the_greatest_sol_held(client: TestClient) -> None:
    latest = client.get("/api/v1/rovers/curiosity/latest_photos?sol=1&page=1").json()
    assert {photo["sol"] for photo in latest["latest_photos"]} == {1000}
    assert client.get("/api/v1/rovers/spirit/latest_photos").json() == {"latest_photos": []}


def test_a_photo_by_its_id(client: TestClient) -> None:
    photo = client.get("/api/v1/photos/102693").json()["photo"]
    assert (photo["sol"], photo["camera"]["name"]) == (1000, "FHAZ")
    missing = client.get("/api/v1/photos/7")
    assert (missing.status_code, missing.json()) == (404, {"errors": "Not Found"})


@pytest.mark.parametrize(
    "path",
    [
        "/rovers/opportunitty",
        "/rovers/x/photos?sol=1",
        "/rovers/x/latest_photos",
        "/manifests/x",
    ],
)
def test_an_unknown_rover_is_400_to_the_letter(client: TestClient, path: str) -> None:
    for prefix in PREFIXES:
        answer = client.get(prefix + path)
        assert answer.status_code == 400
        assert answer.text == '{"errors":"Invalid Rover Name"}'


def test_a_malformed_earth_date_is_400(client: TestClient) -> None:
    for text in ("2015-13-01", "yesterday", "2015-02-30"):
        answer = client.get(f"/api/v1/rovers/curiosity/photos?earth_date={text}")
        assert (answer.status_code, answer.json()) == (400, {"errors": "Invalid Earth Date"})


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/rovers.json",
        "/api/v1//rovers",
        "/api/v1/rovers/",
        "//api//v1///rovers",
        "/mars-photos/api/v1/rovers.json",
    ],
)
def test_paths_are_answered_in_place(client: TestClient, path: str) -> None:
    answer = client.get(f"http://testserver{path}", follow_redirects=False)
    assert answer.status_code == 200
    assert [rover["name"] for rover in answer.json()["rovers"]]


def test_every_answer_has_the_headers_clients_need(client: TestClient) -> None:
    for path in ("/rovers", "/rovers/x", "/rovers/curiosity/photos?sol=1", "/nothing"):
        answer = client.get(f"/mars-photos/api/v1{path}")
        assert int(answer.headers["X-RateLimit-Remaining"]) > 0
        assert int(answer.headers["X-RateLimit-Limit"]) > 0
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Type"] == "application/json"


def test_the_rover_has_its_keys_in_order(client: TestClient) -> None:
    rover = client.get("/api/v1/rovers/CURIOSITY").json()["rover"]
    assert list(rover) == [
        "id",
        "name",
        "landing_date",
        "launch_date",
        "status",
        "max_sol",
        "max_date",
        "total_photos",
        "cameras",
    ]
    assert [camera["name"] for camera in rover["cameras"]] == [
        "FHAZ",
        "NAVCAM",
        "MAST",
        "CHEMCAM",
        "MAHLI",
        "MARDI",
        "RHAZ",
    ]


def test_totals_are_those_held_when_the_keeper_says_so(
    shared_data: Path, client_of: Client
) -> None:
    folder = shared_data / FOLDER
    client = client_of(("photos-v1", folder), photos_v1_totals="held")
    manifest = client.get("/api/v1/manifests/curiosity").json()["photo_manifest"]
    assert [day["sol"] for day in manifest["photos"]] == [1, 1000]
    assert manifest["total_photos"] == 16 + 856
    rover = client.get("/api/v1/rovers/curiosity").json()["rover"]
    assert (rover["max_sol"], rover["total_photos"]) == (1000, 872)


def test_frames_of_a_feed_are_photos_too(shared_data: Path, client_of: Client) -> None:
    client = client_of(("m2020", shared_data / "data/01_m2020_feed"))
    photos = client.get("/api/v1/rovers/perseverance/photos?sol=1700").json()["photos"]
    assert [photo["camera"]["name"] for photo in photos] == ["NAVCAM_LEFT", "NAVCAM_RIGHT"]
    assert all(photo["img_src"].endswith("_1200.jpg") for photo in photos)
    assert all(photo["earth_date"] == "2025-11-30" for photo in photos)
    # Thumbnails were no photos there.
    of_sol_2 = client.get("/api/v1/rovers/perseverance/photos?sol=2").json()["photos"]
    sol = client.get("/api/missions/m2020/sols/2").json()
    full = sum(i["frames"] - i["thumbnails"] for i in sol["instruments"])
    assert len(of_sol_2) == full
    by_id = client.get(f"/api/v1/photos/{photos[0]['id']}").json()["photo"]
    assert by_id == photos[0]
