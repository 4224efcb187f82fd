"""NASA's Image and Video Library: the recorded page, its quirks, lists of files, dates, credits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pyvips
import stamina

from solbook.archive import Archive, Tally
from solbook.archive.frames import assets_of
from solbook.archive.overview import quarantined
from solbook.archive.releases import ReleaseFilter, ReleaseRow, counts_by_type, releases
from solbook.jobs import attach_files, ingest
from solbook.records import SIMULATED_HOST
from solbook.settings import Settings
from solbook.sources import source_named
from solbook.sources.library import credit_in
from tests.catalogue import contents
from tests.upstream import Asked, json_answer, upstream

PAGE = "data/04_media_news/images_api_search_q_mars_page1_100.json"
Item = dict[str, Any]


@pytest.fixture(autouse=True)
def _without_waits() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture(scope="module")
def items(shared_data: Path) -> list[Item]:
    loaded: list[Item] = json.loads((shared_data / PAGE).read_text())["collection"]["items"]
    return loaded


def item(nasa_id: str = "PIA00001", /, **fields: object) -> Item:
    return {
        "href": f"https://images-assets.nasa.gov/image/{nasa_id}/collection.json",
        "data": [
            {
                "nasa_id": nasa_id,
                "title": "A Title",
                "media_type": "image",
                "date_created": "2021-02-18T00:00:00Z",
                "center": "JPL",
                "description": "What it shows.",
                **fields,
            }
        ],
    }


def page_of(*items: Item, total: int | None = None, more: str = "") -> bytes:
    collection: Item = {"items": list(items), "metadata": {"total_hits": total or len(items)}}
    if more:
        collection["links"] = [{"rel": "next", "href": more}]
    return json.dumps({"collection": collection}).encode()


def read_in(archive: Archive, tmp_path: Path, *items: Item) -> list[ReleaseRow]:
    path = tmp_path / "page.json"
    path.write_bytes(page_of(*items))
    ingest(archive, source_named("library"), str(path))
    return all_of(archive)


def all_of(archive: Archive) -> list[ReleaseRow]:
    with archive.reading() as connection:
        return releases(connection, ReleaseFilter(), limit=1000)


def test_the_recorded_page_is_taken_whole_with_its_dates_and_credits(
    archive: Archive, shared_data: Path, items: list[Item]
) -> None:
    report = ingest(archive, source_named("library"), str(shared_data / PAGE))
    assert report.tally == Tally(read=100, new=100)
    stated = {each["data"][0]["nasa_id"]: each["data"][0] for each in items}
    with archive.reading() as connection:
        found = releases(connection, ReleaseFilter(), limit=1000)
        upstream_ids = dict(
            connection.exec_driver_sql("SELECT item, upstream_id FROM upstream_records").all()
        )
    assert {upstream_ids[release.key] for release in found} == stated.keys()
    for release in found:
        said = stated[upstream_ids[release.key]]
        assert release.title == " ".join(said["title"].split())
        assert release.dated
        assert release.dated == said["date_created"].removesuffix("T00:00:00Z")
        assert release.caption
        assert release.caption.split()[0] == said["description"].split()[0]
        assert release.credit
        for field in ("photographer", "secondary_creator"):
            if said.get(field):
                assert release.credit == said[field]
                assert release.credit_source == "stated"
        # Some records have all their keywords in one text.
        words = ",".join(said["keywords"]) if len(said["keywords"]) == 1 else None
        keywords = words.split(",") if words else said["keywords"]
        assert list(release.keyword_list) == [" ".join(k.split()) for k in keywords]
        kinds = {"video": {"video", "animation"}, "audio": {"audio"}}
        kinds["image"] = {"photo", "mosaic", "illustration", "map", "chart"}
        assert release.media_type in kinds[said["media_type"]]


def test_credits_that_no_field_states_are_those_of_the_caption_or_the_centre(
    archive: Archive, shared_data: Path
) -> None:
    ingest(archive, source_named("library"), str(shared_data / PAGE))
    by_source = Counter(release.credit_source for release in all_of(archive))
    assert by_source == {"stated": 82, "caption": 7, "centre": 11}
    credited = {r.title: r.credit for r in all_of(archive) if r.credit_source != "stated"}
    assert credited["Mars Sample Return Media Reel"] == (
        "NASA/JPL-Caltech, ESA, NASA/GSFC and NASA/GRC"
    )
    assert credited["HWHAP Ep177 Welcome to Mars"] == "NASA/JSC"


def test_the_same_page_again_changes_nothing(archive: Archive, shared_data: Path) -> None:
    for _ in range(2):
        ingest(archive, source_named("library"), str(shared_data / PAGE))
        before = contents(archive)
    report = ingest(archive, source_named("library"), str(shared_data / PAGE))
    assert report.tally == Tally(read=100, unchanged=100)
    assert contents(archive) == before


def test_an_amended_record_shows_its_new_words_and_keeps_the_old_record(
    archive: Archive, tmp_path: Path
) -> None:
    read_in(archive, tmp_path, item(description="First words."))
    (release,) = read_in(archive, tmp_path, item(description="Better words."))
    assert release.caption == "Better words."
    # An old saved page read once more is no news.
    (release,) = read_in(archive, tmp_path, item(description="First words."))
    assert release.caption == "Better words."
    with archive.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM upstream_records").scalar()
    assert kept == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, "The record has no title."),
        ({"nasa_id": None}, "The record has no nasa_id."),
        ({"media_type": "hologram"}, "Its type is unknown."),
    ],
)
def test_a_bad_record_is_in_quarantine_and_the_rest_is_kept(
    archive: Archive, tmp_path: Path, fields: Item, reason: str
) -> None:
    bad = item("PIA00002", **fields)
    found = read_in(archive, tmp_path, item(), bad, item("PIA00003"))
    assert [release.id for release in found] == ["library/PIA00003", "library/PIA00001"]
    with archive.reading() as connection:
        (kept,) = quarantined(connection, 10)
    assert kept.reason == reason


def test_ids_with_spaces_have_addresses_of_their_own(archive: Archive, tmp_path: Path) -> None:
    found = read_in(archive, tmp_path, item("An id "), item("An id"), item("An-id"))
    names = {release.id.partition("/")[2] for release in found}
    assert len(names) == 3
    assert "An-id" in names
    assert all(name.replace("-", "").isalnum() for name in names)


@pytest.mark.parametrize(
    ("said", "credit"),
    [
        ("Text. Image credit: NASA/JPL-Caltech/MSSS", "NASA/JPL-Caltech/MSSS"),
        ("Photo Credit: (NASA/Bill Ingalls)", "NASA/Bill Ingalls"),
        ("A. Credit: NASA/JPL For more information, visit https://nasa.gov", "NASA/JPL"),
        ("Credits: ESA/DLR. The rest of the words follow.", "ESA/DLR"),
        ("To his credit the rover drove on.", None),
    ],
)
def test_a_credit_is_found_in_a_caption(said: str, credit: str | None) -> None:
    assert credit_in(said) == credit


@pytest.mark.parametrize(
    ("fields", "media_type"),
    [
        ({"description": "This artist's concept shows a rover."}, "illustration"),
        ({"title": "Rover (Artist's Concept)"}, "illustration"),
        ({"description": "This illustration depicts a lander."}, "illustration"),
        ({"description": "An artist took photographs of the crowd."}, "photo"),
        ({"title": "Mosaic of a Crater Rim"}, "mosaic"),
        ({"description": "The panorama is made up of 79 images."}, "mosaic"),
        ({"description": "Attendees look at a panorama in a tent."}, "photo"),
        ({"title": "Traverse Map, Sol 100"}, "map"),
        ({"title": "Mission Timeline"}, "chart"),
        ({"title": "Mars in Color"}, "photo"),
        ({"media_type": "video", "title": "Landing Animation"}, "animation"),
        ({"media_type": "video", "title": "Landing"}, "video"),
        ({"media_type": "audio"}, "audio"),
    ],
)
def test_what_it_is_is_told_from_its_words(
    archive: Archive, tmp_path: Path, fields: Item, media_type: str
) -> None:
    (release,) = read_in(archive, tmp_path, item(**fields))
    assert release.media_type == media_type


def test_lists_of_files_name_the_files_of_their_releases(archive: Archive, tmp_path: Path) -> None:
    base = "http://images-assets.nasa.gov/video/A film/A film"
    files = [f"{base}{end}" for end in ("~orig.mp4", "~large.mp4", "~thumb.jpg", ".vtt")]
    (tmp_path / "a-list.json").write_text(json.dumps(files))
    picture = "https://images-assets.nasa.gov/image/PIA00001/PIA00001"
    listed = [{"href": f"{picture}~{size}"} for size in ("orig.tif", "large.jpg", "small.jpg")]
    asked = {"collection": {"items": listed, "href": "https://images-api.nasa.gov/asset/PIA00001"}}
    (tmp_path / "b-list.json").write_text(json.dumps(asked))
    (tmp_path / "page.json").write_bytes(page_of(item(), item("A film", media_type="video")))
    for _ in range(2):
        report = ingest(archive, source_named("library"), str(tmp_path))
    assert report.tally == Tally(read=4, unchanged=4)
    with archive.reading() as connection:
        urls = {
            release.media_type: {a.role: a.url for a in assets_of(connection, release.key)}
            for release in releases(connection, ReleaseFilter(), limit=10)
        }
    assert urls["photo"] == {
        "full": f"{picture}~orig.tif",
        "large": f"{picture}~large.jpg",
        "small": f"{picture}~small.jpg",
    }
    film = "https://images-assets.nasa.gov/video/A%20film/A%20film"
    assert urls["video"] == {
        "video": f"{film}~large.mp4",
        "full": f"{film}~thumb.jpg",
        "captions": f"{film}.vtt",
    }


def test_files_of_no_known_release_are_said(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text('["https://images-assets.nasa.gov/image/PIA9/PIA9~orig.jpg"]')
    assert ingest(archive, source_named("library"), str(path)).tally.quarantined == 1


def test_a_search_is_followed_to_its_end_with_the_lists_of_files(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Any:
        if "collection" in asked.path:
            name = asked.path.split("/")[-2]
            files = [f"https://images-assets.nasa.gov/image/{name}/{name}~orig.png"]
            return json_answer(files)
        number = int(asked.query.get("page", "1"))
        found = item(f"PIA0000{number}")
        found["href"] = f"{server.url}/image/PIA0000{number}/collection.json"
        return json_answer(json.loads(page_of(found, total=2, more="x" if number == 1 else "")))

    archive = Archive.create(tmp_path / "archive", Settings(timeout_s=5))
    with upstream(answer) as server:
        address = f"{server.url}/search?q=mars"
        report = ingest(archive, source_named("library"), address)
    assert report.state == "complete"
    with archive.reading() as connection:
        found = releases(connection, ReleaseFilter(), limit=10)
        assert len(found) == 2
        # The server of the test is on http; addresses of files are https.
        assert [a.role for a in assets_of(connection, found[0].key)] == ["full"]
    archive.close()


def test_files_are_attached_by_the_names_the_library_gives_them(
    archive: Archive, tmp_path: Path
) -> None:
    png: bytes = pyvips.Image.black(64, 48).pngsave_buffer()
    read_in(archive, tmp_path, item())
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "PIA00001~orig.png").write_bytes(png)
    (folder / "PIA00001.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nWords\n")
    (folder / "PIA00009~orig.png").write_bytes(png)
    (folder / "PIA00001.mp4").write_bytes(b"no film")
    report = attach_files(archive, folder)
    assert report.attached == 2
    assert [path.name for path in report.unmatched] == ["PIA00009~orig.png"]
    assert [path.name for path, _ in report.unusable] == ["PIA00001.mp4"]
    with archive.reading() as connection:
        (release,) = releases(connection, ReleaseFilter(), limit=10)
        stored = {a.role: a.media_type for a in assets_of(connection, release.key) if a.sha256}
    assert stored == {"full": "image/png", "captions": "text/vtt"}


def test_the_rehearsals_releases_are_no_page_of_nasas_and_the_other_way_round(
    archive: Archive, shared_data: Path, tmp_path: Path
) -> None:
    credit = "Solbook rehearsal (simulated)"
    body = page_of(item("REHEARSAL-R0001", secondary_creator=credit)).decode()
    body = body.replace("images-assets.nasa.gov", SIMULATED_HOST)
    (tmp_path / "simulated.json").write_text(body)
    real = shared_data / "data/04_media_news"
    assert ingest(archive, source_named("rehearsal-library"), str(real)).tally.read == 0
    assert ingest(archive, source_named("library"), str(tmp_path)).tally.read == 0
    ingest(archive, source_named("rehearsal-library"), str(tmp_path))
    (release,) = all_of(archive)
    assert release.id == "rehearsal-library/REHEARSAL-R0001"
    assert release.mission_list == ("rehearsal",)


def test_counts_by_type_are_of_the_choice_that_is_left(archive: Archive, tmp_path: Path) -> None:
    read_in(
        archive, tmp_path, item(), item("PIA2", title="Mosaic"), item("PIA3", media_type="audio")
    )
    with archive.reading() as connection:
        counts = counts_by_type(connection, ReleaseFilter(media_types=("photo",)))
    assert {count.value: count.releases for count in counts} == {
        "photo": 1,
        "mosaic": 1,
        "audio": 1,
    }
