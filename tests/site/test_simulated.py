"""Simulated frames: marked wherever they are shown, in words, and never among real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.archive.frames import assets_of, latest_frames
from solbook.jobs import attach_files, ingest
from solbook.jobs.fetch import PictureFetcher
from solbook.missions import photos_v1, real_missions
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import source_named
from tests.simulated import simulated_record
from tests.site.test_pages import Page

Json = dict[str, Any]

MARK = "Simulated"
NOTE = "Solbook computed this mission's pictures; no camera took them."


@pytest.fixture(scope="module")
def only(rehearsal_archive: Path) -> Iterator[TestClient]:
    """A site of a rehearsal, and of nothing else."""
    with TestClient(create_app(Archive(rehearsal_archive, Settings(network=False)))) as made:
        yield made


@pytest.fixture(scope="module")
def both(both_archive: Path) -> Iterator[TestClient]:
    """A site of a rehearsal and of Perseverance."""
    with TestClient(create_app(Archive(both_archive, Settings(network=False)))) as made:
        yield made


@pytest.fixture
def empty(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive)) as made:
        yield made


def page(client: TestClient, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return Page(answer.text)


def marks(shown: Page) -> int:
    return len(shown.all("span", **{"class": "simulated"}))


def notes(shown: Page) -> int:
    return len(shown.all("p", **{"class": "simulated-note"}))


def shots(shown: Page) -> int:
    """Places for pictures: of cards and walls, with and without one."""
    return len([c for _, c in shown.elements if c.get("class", "").split(" ")[0] == "shot"])


def a_frame(client: TestClient, *, with_picture: bool = True) -> Json:
    """A frame of the rehearsal."""
    for day in client.get("/api/missions/rehearsal").json()["frames_by_sol"]:
        for frame in client.get(f"/api/missions/rehearsal/sols/{day['sol']}").json()["frames"]:
            found: Json = client.get(f"/api/frames/{frame['id']}").json()
            if any(asset["stored"] for asset in found["assets"]) == with_picture:
                return found
    raise AssertionError("there is no such frame")


# --- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/missions/rehearsal",
        "/missions/rehearsal/sols/0",
        "/missions/rehearsal/sols/10?instrument=NAVCAM_LEFT",
        "/missions/rehearsal/instruments/NAVCAM_LEFT",
        "frame",
        "frame without picture",
    ],
)
def test_every_page_of_the_rehearsal_says_so(only: TestClient, both: TestClient, path: str) -> None:
    for client in (only, both):
        where = path
        if path.startswith("frame"):
            where = a_frame(client, with_picture=path == "frame")["page"]
        shown = page(client, where)
        assert notes(shown) == 1
        assert NOTE in shown.text
        assert "solbook ingest m2020" in shown.text
        assert "solbook demo" in shown.text
        # In the heading, and on every picture or empty place of one.
        listed = len(shown.all("ul", **{"class": "rows"})) > 0
        assert marks(shown) >= 1 + (0 if listed else shots(shown))
        for picture in shown.all("img"):
            assert picture["alt"].startswith(f"{MARK} "), picture["alt"]
        [title] = [words for words in shown.words if "· Solbook" in words][:1]
        assert "simulated" in title.lower()
        [description] = shown.all("meta", name="description")
        assert description["content"].startswith("Simulated by Solbook. ")


def test_a_frame_has_the_mark_on_its_picture_and_in_its_heading(only: TestClient) -> None:
    found = a_frame(only)
    shown = page(only, found["page"])
    # Those of the exposure, and those that are related.
    cards = [link for link in shown.all("a") if link.get("class") == "card"]
    assert len(cards) >= len(found["exposure"])
    assert marks(shown) == 2 + len(cards)
    assert "Credit: Solbook, simulated" in shown.text
    assert "rehearsal, simulated by Solbook" in shown.text
    assert "The source states another time" not in shown.text


def test_previews_say_it_too(only: TestClient, both: TestClient) -> None:
    for client, path in ((only, a_frame(only)["page"]), (both, "/"), (only, "/")):
        shown = page(client, path)
        [title] = shown.all("meta", property="og:title")
        [description] = shown.all("meta", property="og:description")
        [plain] = shown.all("meta", name="description")
        assert description["content"] == plain["content"]
        simulated = client is only
        assert ("simulated" in title["content"].lower()) == simulated
        assert description["content"].startswith("Simulated by Solbook. ") == simulated


def test_no_link_leads_to_where_nothing_is(only: TestClient) -> None:
    for with_picture in (True, False):
        shown = page(only, a_frame(only, with_picture=with_picture)["page"])
        assert not [a for a in shown.all("a") if "rehearsal.invalid" in a.get("href", "")]
        assert "Open at the source" not in shown.text
        assert "at the source" not in shown.text
    assert "Simulated pictures are on no network" in shown.text


def test_frames_listed_without_pictures_are_marked_one_by_one(
    archive: Archive, shared_data: Path, tmp_path: Path
) -> None:
    feed = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    records = [simulated_record(r) for r in json.loads(feed.read_text())["images"]]
    (tmp_path / "page.json").write_text(json.dumps({"images": records}))
    ingest(archive, source_named("rehearsal"), str(tmp_path))
    with TestClient(create_app(archive)) as client:
        shown = page(client, "/missions/rehearsal/sols/24")
        links = [a for a in shown.all("a") if a.get("href", "").startswith("/frames/rehearsal/")]
        assert links
        assert marks(shown) == len(links) + 1


# --- the home page and lists -------------------------------------------------------------------


def test_home_leads_with_real_frames_where_there_are_any(both: TestClient) -> None:
    shown = page(both, "/")
    assert notes(shown) == 0
    assert not [a for a in shown.all("a") if a.get("href", "").startswith("/frames/rehearsal/")]
    # The mission is there, among those held, with its mark.
    assert shown.all("a", href="/missions/rehearsal")
    assert marks(shown) == 1
    assert "and 145 simulated frames." in shown.text
    for frame in both.get("/api/latest?limit=1000").json()["frames"]:
        assert frame["mission"] == "m2020"


def test_home_of_a_rehearsal_alone_says_what_it_is(only: TestClient) -> None:
    shown = page(only, "/")
    assert notes(shown) == 1
    assert marks(shown) == shots(shown) + 1
    assert "Solbook: a rehearsal (simulated)" in shown.words
    assert "Solbook keeps 145 simulated frames here." in shown.text
    assert "reached the ground" not in shown.text
    assert "ago" not in shown.text.split()
    # Nobody is told what time it is where nobody is.
    assert "Now at Jezero" in shown.text
    assert "Now at Eberswalde" not in shown.text


def test_missions_are_listed_real_ones_first(both: TestClient, only: TestClient) -> None:
    def listed(client: TestClient) -> list[str]:
        shown = page(client, "/missions")
        assert marks(shown) == 1
        hrefs = [a["href"] for a in shown.all("a") if a.get("href", "").startswith("/missions/")]
        return list(dict.fromkeys(h.removeprefix("/missions/") for h in hrefs if "#" not in h))

    assert listed(both)[:2] == ["m2020", "rehearsal"]
    assert listed(only)[0] == "rehearsal"


def test_an_archive_without_a_rehearsal_does_not_speak_of_it(empty: TestClient) -> None:
    for path in ("/", "/missions", "/about", "/missions/m2020", "/time"):
        text = empty.get(path).text
        assert "rehearsal" not in text.lower(), path
        assert "simulated" not in text.lower(), path
    missions = [m["id"] for m in empty.get("/api/missions").json()["missions"]]
    assert missions == [known.id for known in real_missions()]
    assert "rehearsal" not in json.dumps(empty.get("/api/status").json())
    assert "rehearsal" not in json.dumps(empty.get("/api/time").json())


def test_who_asks_for_the_rehearsal_finds_it_and_how_to_fill_it(empty: TestClient) -> None:
    shown = page(empty, "/missions/rehearsal")
    assert "nothing ever landed there" in shown.text
    assert "solbook ingest rehearsal" in shown.text
    assert notes(shown) == 1
    assert "Sol now" not in shown.text
    assert "Launched" not in shown.text
    page(empty, "/missions/rehearsal/instruments/HELI_RTE")


def test_about_counts_simulated_frames_apart(both: TestClient, only: TestClient) -> None:
    text = page(both, "/about").text
    assert "This one holds 1,339 frames of Perseverance and" in text
    assert "It also holds 145 simulated frames of Rehearsal" in text
    assert "This one holds 0 frames" in page(only, "/about").text


# --- answers -----------------------------------------------------------------------------------


def test_answers_say_what_is_simulated(both: TestClient) -> None:
    for mission, simulated in (("m2020", False), ("rehearsal", True)):
        one = both.get(f"/api/missions/{mission}").json()
        assert one["simulated"] is simulated
        sol = one["first_sol"]
        answer = both.get(f"/api/missions/{mission}/sols/{sol}?limit=5").json()
        assert answer["simulated"] is simulated
        assert [frame["simulated"] for frame in answer["frames"]] == [simulated] * len(
            answer["frames"]
        )
        frame = both.get(f"/api/frames/{answer['frames'][0]['id']}").json()
        assert frame["simulated"] is simulated
        camera = both.get(f"/api/missions/{mission}/instruments/NAVCAM_LEFT").json()
        assert camera["simulated"] is simulated
    for path in ("/api/missions", "/api/status"):
        stated = {m["id"]: m["simulated"] for m in both.get(path).json()["missions"]}
        assert stated.pop("rehearsal") is True
        assert not any(stated.values())
    assert all(not f["simulated"] for f in both.get("/api/latest").json()["frames"])


def test_the_photos_api_knows_no_simulated_frame(both: TestClient, only: TestClient) -> None:
    assert photos_v1.rover("rehearsal") is None
    assert photos_v1.rover_of("rehearsal") is None
    for prefix in ("/api/v1", "/mars-photos/api/v1"):
        for path in ("rovers/rehearsal", "manifests/rehearsal", "rovers/rehearsal/photos?sol=0"):
            assert only.get(f"{prefix}/{path}").json() == {"errors": "Invalid Rover Name"}
        rovers = both.get(f"{prefix}/rovers").json()["rovers"]
        assert {rover["name"].lower() for rover in rovers} == set(photos_v1.ROVERS)
    for name in photos_v1.ROVERS:
        assert only.get(f"/api/v1/manifests/{name}").json()["photo_manifest"]["total_photos"] == 0
        assert only.get(f"/api/v1/rovers/{name}/latest_photos").json() == {"latest_photos": []}
    # Sols 0 to 11 are the rehearsal's; of Perseverance's own sol 2 there are only real photos.
    for sol in range(12):
        photos = both.get(f"/api/v1/rovers/perseverance/photos?sol={sol}").json()["photos"]
        assert (len(photos) > 0) == (sol in (2, 4))
        for photo in photos:
            assert photo["img_src"].startswith("https://mars.nasa.gov/")
    assert only.get("/api/v1/photos/100000101").status_code == 404


# --- the time ----------------------------------------------------------------------------------


def test_the_time_of_the_rehearsal_is_told_to_who_asks_for_it(both: TestClient) -> None:
    for path in ("/time", "/time?mission=m2020"):
        shown = page(both, path)
        assert "Rehearsal" not in shown.text
        assert marks(shown) == 0
    for path in ("/time?mission=rehearsal", "/time?when=sol+3+9:00+of+rehearsal"):
        shown = page(both, path)
        assert notes(shown) == 1
        assert shown.all("option", value="rehearsal")
        # In the table of all missions there is a row for it, with the mark.
        assert marks(shown) == 1
        assert "Eberswalde" in shown.text
    assert "3 frames of sol 3" in page(both, "/time?when=sol+3+9:00+of+rehearsal").text


def test_the_line_of_a_rehearsal_has_no_mark_for_sols_it_does_not_have(both: TestClient) -> None:
    assert "flag-text" not in both.get("/time?mission=rehearsal").text
    assert "flag-text" in both.get("/missions/rehearsal").text


def test_answers_about_time_say_it_too(both: TestClient) -> None:
    told = both.get("/api/time?when=2025-03-04T08:00:00Z").json()["missions"]
    assert not any(one["simulated"] for one in told)
    for query in ("mission=rehearsal&when=2025-03-04T08:00:00Z", "when=sol 3 9:00 of rehearsal"):
        told = both.get(f"/api/time?{query}").json()["missions"]
        [simulated] = [one for one in told if one["simulated"]]
        assert (simulated["mission"], simulated["sol"]) == ("rehearsal", 3)


# --- pictures ----------------------------------------------------------------------------------


def test_nothing_simulated_is_asked_of_a_network(rehearsal_archive: Path) -> None:
    archive = Archive(rehearsal_archive, Settings(network=True))
    fetcher = PictureFetcher(archive)
    with archive.reading() as connection:
        for frame in latest_frames(connection, 200):
            for asset in assets_of(connection, frame.key):
                assert not fetcher.may_fetch(asset)
                if asset.sha256 is None:
                    reason = fetcher.fetch(asset.item, asset.version, asset.role)
                    assert reason == "it is simulated, and on no network"
    fetcher.close()
    archive.close()


def test_a_file_that_is_not_here_says_where_it_would_come_from(only: TestClient) -> None:
    frame = a_frame(only, with_picture=False)
    href = frame["assets"][0]["href"]
    answer = only.get(href, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["found"] == "it is simulated, and on no network"
    assert "solbook ingest rehearsal" in error["help"]


def test_a_picture_that_could_be_of_two_missions_is_put_to_neither(
    archive: Archive, shared_data: Path, tmp_path: Path
) -> None:
    data = shared_data / "data"
    picture = next((data / "03_pixels/m2020_navcam").rglob("*_195J*.png"))
    sidecar = data / f"01_m2020_feed/navcam_sidecars/{picture.name[:52]}.json"
    record = json.loads(sidecar.read_text())
    (tmp_path / "made.json").write_text(json.dumps([simulated_record(record)]))
    (tmp_path / picture.name).write_bytes(picture.read_bytes())
    ingest(archive, source_named("m2020"), str(sidecar))
    ingest(archive, source_named("rehearsal"), str(tmp_path / "made.json"))
    report = attach_files(archive, tmp_path)
    assert report.attached == 0
    assert report.unmatched == [tmp_path / picture.name]
