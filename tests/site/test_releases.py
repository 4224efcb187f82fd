"""Pages and JSON of releases and stories: lists, one of each, what is joined, what is hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pyvips
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solbook.archive import Archive
from solbook.archive.links import ADDED, REMOVED, rule
from solbook.archive.releases import release_by_id
from solbook.jobs import ingest
from solbook.missions import MISSIONS
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import SOURCES, source_named
from tests.site.test_pages import Page, assert_only_built_scripts, page

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(4096)
ROWS: list[dict[str, Any]] = [
    {
        "file": "sunset.png",
        "title": "Sunset of Sol 257",
        "date": "2021-11-10",
        "credit": "City Observatory",
        "caption": "Perseverance's Navcam saw it on sol 257 near Séítah.\n\nIt was blue.",
        "keywords": ["dusk", "blue"],
    },
    {
        "file": "concept.png",
        "title": "A Rover to Come",
        "date": "2019",
        "credit": "A Painter",
        "caption": "This artist's concept shows a rover.",
    },
    {"file": "film.mp4", "title": "The Film", "date": "2020-02", "credit": "A Studio"},
    {
        "title": "What the Rover Did",
        "date": "2021-11-11",
        "credit": "The Museum",
        "body": "<p>Perseverance drove on sol 257.</p>",
        "missions": "m2020",
    },
    {"file": "undated.png", "title": "Without a Date"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("museum") / "museum"
    made.mkdir()
    for number, name in enumerate(("sunset", "concept", "undated", "film")):
        image = (pyvips.Image.black(1600, 900) + 40 * number).cast("uchar")
        image.pngsave(str(made / f"{name}.png"))
    (made / "film.mp4").write_bytes(MP4)
    (made / "film.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nWords\n")
    (made / "captions.json").write_text(json.dumps(ROWS))
    return made


@pytest.fixture(scope="module")
def museum(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site of nothing but a folder."""
    path = tmp_path_factory.mktemp("archive") / "archive"
    archive = Archive.create(path, Settings(network=False))
    ingest(archive, source_named("folder"), str(folder))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="module")
def recorded(demo_archive: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Archive(demo_archive, Settings(network=False)))) as made:
        yield made


SUNSET = "/images/folder/museum.sunset"
CONCEPT = "/images/folder/museum.concept"
FILM = "/images/folder/museum.film"


def titles(shown: Page) -> list[str]:
    return re.findall(r"Sunset of Sol 257|A Rover to Come|The Film|Without a Date", shown.text)


def story_path(client: TestClient) -> str:
    path: str = client.get("/api/news").json()["releases"][0]["page"]
    return path


def test_no_source_is_called_like_a_mission() -> None:
    # Ids of releases begin with their source, ids of frames with their mission.
    assert not {name for name in SOURCES if SOURCES[name].read_records([]) is None}
    sources_of_releases = {"library", "rehearsal-library", "rss", "folder"}
    assert sources_of_releases <= SOURCES.keys()
    assert not sources_of_releases & MISSIONS.keys()


def test_images_are_listed_newest_first_and_stories_are_not_among_them(museum: TestClient) -> None:
    shown = page(museum, "/images")
    assert titles(shown) == ["Sunset of Sol 257", "The Film", "A Rover to Come", "Without a Date"]
    assert "What the Rover Did" not in shown.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?type=illustration", ["A Rover to Come"]),
        ("?type=video", ["The Film"]),
        ("?mission=m2020", ["Sunset of Sol 257"]),
        ("?year=2019", ["A Rover to Come"]),
        ("?about=sol:m2020/257", ["Sunset of Sol 257"]),
        ("?about=place:m2020/seitah&type=photo", ["Sunset of Sol 257"]),
        ("?type=map", []),
    ],
)
def test_lists_are_narrowed_by_their_address(
    museum: TestClient, query: str, found: list[str]
) -> None:
    assert titles(page(museum, f"/images{query}")) == found
    api = museum.get(f"/api/images{query}").json()
    assert [release["title"] for release in api["releases"]] == found
    assert api["total"] == len(found)


def test_videos_and_news_have_lists_of_their_own(museum: TestClient) -> None:
    assert titles(page(museum, "/videos")) == ["The Film"]
    assert "What the Rover Did" in page(museum, "/news").text


def test_pages_of_a_long_list_follow_each_other(recorded: TestClient) -> None:
    seen: list[str] = []
    path: str | None = "/images"
    while path:
        shown = page(recorded, path)
        cards = [a["href"] for a in shown.all("a") if a.get("class") == "card"]
        seen += cards
        path = next((a["href"] for a in shown.all("a", rel="next") if "page=" in a["href"]), None)
    assert len(seen) == len(set(seen)) == recorded.get("/api/images").json()["total"]


def test_a_release_has_title_date_credit_caption_and_enlarge(museum: TestClient) -> None:
    shown = page(museum, SUNSET)
    for words in ("Sunset of Sol 257", "10 Nov 2021", "Credit: City Observatory", "It was blue."):
        assert words in shown.text
    assert shown.all("a", href=f"{SUNSET}/zoom")
    assert f"{SUNSET}/picture/1280.webp 1280w" in shown.all("img")[0]["srcset"]
    assert museum.get(f"{SUNSET}/picture/640.webp").headers["content-type"] == "image/webp"
    assert page(museum, f"{SUNSET}/zoom").all("a", href=SUNSET)


def test_what_it_shows_is_said_with_the_words_and_leads_there(museum: TestClient) -> None:
    shown = page(museum, SUNSET)
    assert shown.all("a", href="/missions/m2020/sols/257")
    assert "“Sol 257” in the title" in shown.text
    assert shown.all("a", href="/images?about=place%3Am2020/seitah")
    links = museum.get(f"/api{SUNSET}").json()["links"]
    assert {(link["kind"], link["target"]) for link in links} >= {
        ("mission", "m2020"),
        ("sol", "m2020/257"),
        ("place", "m2020/seitah"),
        ("instrument", "m2020/Navcam"),
    }


@pytest.mark.parametrize("path", [CONCEPT, "/images", "/images?type=illustration"])
def test_an_illustration_is_marked_wherever_it_is_shown(museum: TestClient, path: str) -> None:
    assert "Illustration" in page(museum, path).text
    assert 'class="kind-mark">Illustration<' in museum.get(path).text


def test_an_illustration_says_that_no_camera_took_it(museum: TestClient) -> None:
    assert "no camera took it" in page(museum, CONCEPT).text
    manifest = museum.get("/iiif/manifests/images/folder/museum.concept").text
    assert "no camera took it" in manifest
    assert museum.get(f"/api{CONCEPT}").json()["made"] is True


def test_a_film_plays_here_with_poster_and_captions(museum: TestClient) -> None:
    shown = page(museum, FILM)
    (video,) = shown.all("video")
    assert "controls" in video
    assert video["poster"] == f"{FILM}/picture/1280.webp"
    (source,) = shown.all("source")
    assert source == {"src": f"{FILM}/files/0/video", "type": "video/mp4"}
    assert shown.all("track", kind="captions", src=f"{FILM}/files/0/captions")
    part = museum.get(source["src"], headers={"Range": "bytes=0-99"})
    assert (part.status_code, len(part.content)) == (206, 100)
    assert museum.get(f"{FILM}/files/0/captions").headers["content-type"].startswith("text/vtt")
    assert "media-src 'self'" in museum.get(FILM).headers["Content-Security-Policy"]


def test_a_story_has_its_text_and_an_address_under_news(museum: TestClient) -> None:
    path = story_path(museum)
    assert path.startswith("/news/folder/")
    assert "Perseverance drove on sol 257." in page(museum, path).text
    moved = museum.get(path.replace("/news/", "/images/"))
    assert (moved.status_code, moved.headers["location"]) == (308, path)


def test_a_release_without_a_date_says_so(museum: TestClient) -> None:
    assert "The source gives no date." in page(museum, "/images/folder/museum.undated").text


def test_the_credit_is_never_missing(recorded: TestClient, museum: TestClient) -> None:
    for client in (recorded, museum):
        found = client.get("/api/images?limit=200").json()["releases"]
        for release in found:
            assert re.search(r"Credit: \S", page(client, release["page"]).text)


def test_where_the_credit_was_found_is_said(recorded: TestClient) -> None:
    found = recorded.get("/api/images?limit=200").json()["releases"]
    said = {release["credit_source"]: release["page"] for release in found}
    assert "as its caption says" in page(recorded, said["caption"]).text
    assert "the source names nobody else" in page(recorded, said["centre"]).text


def test_the_pages_of_the_sol_and_the_mission_show_what_was_published(
    folder: Path, shared_data: Path, archive: Archive
) -> None:
    sidecars = shared_data / "data/01_m2020_feed/navcam_sidecars"
    ingest(archive, source_named("m2020"), str(sidecars))
    ingest(archive, source_named("folder"), str(folder))
    with TestClient(create_app(archive)) as client:
        frame = client.get("/api/latest?limit=1").json()["frames"][0]
        with archive.reading() as connection:
            sunset = release_by_id(connection, "folder", "museum.sunset")
        assert sunset is not None
        rule(archive, sunset.key, "sol", f"m2020/{frame['sol']}", ADDED)
        rule(archive, sunset.key, "frame", frame["id"], ADDED)
        for path in (
            f"/missions/m2020/sols/{frame['sol']}",
            "/missions/m2020",
            frame["page"],
            "/",
        ):
            assert page(client, path).all("a", href=SUNSET), path
        assert "shows this frame" in page(client, frame["page"]).text
        assert "added by the keeper" in page(client, SUNSET).text
        rule(archive, sunset.key, "frame", frame["id"], REMOVED)
        assert "shows this frame" not in page(client, frame["page"]).text
        # Found anew, the link stays as it was ruled.
        ingest(archive, source_named("folder"), str(folder))
        assert "shows this frame" not in page(client, frame["page"]).text


def test_a_site_of_nothing_but_a_folder_shows_it_at_home(museum: TestClient) -> None:
    shown = page(museum, "/")
    assert "Newest image" in shown.text
    assert shown.all("a", href=SUNSET)
    assert "What the Rover Did" in shown.text


def test_lists_of_an_empty_archive_say_how_to_fill_it(archive: Archive) -> None:
    with TestClient(create_app(archive)) as client:
        for path in ("/images", "/videos", "/news"):
            assert "solbook ingest" in page(client, path).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/images/library/none", 404),
        ("/news/rss/none", 404),
        ("/images?type=hologram", 400),
        ("/images?about=nothing", 400),
        ("/images?mission=apollo", 404),
        ("/images/library/none/zoom", 404),
        ("/images/library/none/picture/640.webp", 404),
        ("/iiif/manifests/images/library/none", 404),
    ],
)
def test_what_is_not_there_says_so(museum: TestClient, path: str, status: int) -> None:
    assert museum.get(path).status_code == status


def test_files_downloads_and_citations_are_those_of_frames(museum: TestClient) -> None:
    assert museum.get(f"{SUNSET}/files/0/full").headers["content-type"] == "image/png"
    sized = museum.get(f"{SUNSET}/download?width=320&format=png")
    assert sized.headers["location"] == (
        "/iiif/3/folder:museum.sunset/full/320,/0/default.png?download=1"
    )
    assert museum.get(sized.headers["location"]).headers["content-type"] == "image/png"
    cited = museum.get(f"{SUNSET}/citation.txt").text
    assert cited.startswith("City Observatory. “Sunset of Sol 257”. Published 10 Nov 2021.")
    assert "year = {2021}" in museum.get(f"{SUNSET}/citation.bib").text
    (csl,) = museum.get(f"{SUNSET}/citation.json").json()
    assert csl["issued"] == {"date-parts": [[2021, 11, 10]]}


def test_the_manifest_is_whole(museum: TestClient) -> None:
    made = museum.get("/iiif/manifests/images/folder/museum.sunset").json()
    assert made["requiredStatement"]["value"]["en"] == ["City Observatory"]
    canvas = made["items"][0]
    assert (canvas["width"], canvas["height"]) == (1600, 900)
    service = made["items"][0]["items"][0]["items"][0]["body"]["service"][0]["id"]
    assert museum.get(f"{service}/info.json").json()["width"] == 1600


HOSTILE = st.sampled_from(
    (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '"><script>alert(1)</script>',
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "</title><script>alert(1)</script>",
        "{{ 7 * 7 }}",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\u202eevil\u2066",
        "\ud800",
        "a\x00b\x1b[31m",
        "\xff\xfe",
    )
)
WORDS = st.lists(HOSTILE | st.text(max_size=30), min_size=1, max_size=3).map(" ".join)


def assert_nothing_is_live(client: TestClient, path: str) -> None:
    text = client.get(path).text
    shown = Page(text)
    assert_only_built_scripts(shown)
    for tag, attributes in shown.elements:
        assert not [name for name in attributes if name.startswith("on")], (path, tag)
        for name in ("href", "src", "action", "poster"):
            address = (attributes.get(name) or "").strip().lower()
            assert not address.startswith(("javascript:", "vbscript:", "data:")), (path, address)
        assert tag not in ("iframe", "object", "embed", "base"), path
    assert "\x00" not in text
    assert "\u202e" not in text


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=WORDS, caption=WORDS, credit=WORDS, body=WORDS, name=WORDS)
def test_hostile_words_never_reach_a_page_live(
    tmp_path_factory: pytest.TempPathFactory,
    title: str,
    caption: str,
    credit: str,
    body: str,
    name: str,
) -> None:
    base = tmp_path_factory.mktemp("hostile")
    archive = Archive.create(base / "archive", Settings(network=False))
    folder = base / "museum"
    folder.mkdir()
    file = re.sub(r"[/\x00]", "_", name.encode("utf-8", "replace").decode())[:60] or "x"
    pyvips.Image.black(64, 48).pngsave(str(folder / "x.png"))
    (folder / "x.png").rename(folder / f"{file}.png")
    row = {"title": title, "caption": caption, "credit": credit, "body": body, "url": caption}
    rows = [row | {"url": ""}, row, {"file": f"{file}.png", "credit": credit, "alt": caption}]
    (folder / "captions.json").write_text(json.dumps(rows))
    about = {"nasa_id": name, "title": title, "description": caption, "media_type": "image"}
    about |= {"secondary_creator": credit, "keywords": [body], "location": caption}
    item = {"data": [about], "href": caption, "links": [{"href": f"https://a.example/{name}"}]}
    (base / "page.json").write_text(json.dumps({"collection": {"items": [item], "href": "x"}}))
    entry = f"<item><title>{title}</title><link>{caption}</link><guid>{name}</guid>"
    feed = f"<rss><channel>{entry}<description>{body}</description></item></channel></rss>"
    (base / "feed.xml").write_bytes(feed.encode("utf-8", "surrogatepass"))
    ingest(archive, source_named("folder"), str(folder))
    ingest(archive, source_named("library"), str(base / "page.json"))
    ingest(archive, source_named("rss"), str(base / "feed.xml"))
    with TestClient(create_app(archive)) as client:
        found = [r["page"] for r in client.get("/api/images").json()["releases"]]
        found += [r["page"] for r in client.get("/api/news").json()["releases"]]
        for path in ("/", "/images", "/news", "/about", *found):
            assert_nothing_is_live(client, path)
