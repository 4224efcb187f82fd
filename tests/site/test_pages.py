"""Every kind of page: what it says, where it leads, what it does when something is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.jobs import ingest
from solbook.missions import real_missions
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.site.styles import style_sheet
from solbook.sources import source_named

FRAME = "/frames/m2020/NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
EARLY = "/frames/m2020/EAF_0002_0667110211_374ECV_N0010052EDLC00002_0010LUJ"
KINDS = {
    "home": "/",
    "missions": "/missions",
    "mission": "/missions/m2020",
    "mission without frames": "/missions/spirit",
    "sol": "/missions/m2020/sols/2",
    "sol of one camera": "/missions/m2020/sols/2?instrument=EDL_RDCAM&page=2",
    "instrument": "/missions/m2020/instruments/NAVCAM_LEFT",
    "frame": FRAME,
    "frame without picture": EARLY,
    "about": "/about",
    "images": "/images",
    "images of a type": "/images?type=video&page=1",
    "videos": "/videos",
    "news": "/news",
    "release": "/images/library/PIA04778",
}


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and all(attributes.get(k) == v for k, v in wanted.items())
        ]


@pytest.fixture(scope="module")
def client(demo_archive: Path) -> Iterator[TestClient]:
    archive = Archive(demo_archive, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


@pytest.fixture
def empty(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def page(client: TestClient, path: str, status: int = 200, **options: Any) -> Page:
    response = client.get(path, **options)
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"].startswith("text/html")
    return Page(response.text)


def assert_only_built_scripts(shown: Page) -> None:
    """Scripts are files of our own build, never words in a page."""
    for script in shown.all("script"):
        assert script["type"] == "module"
        assert re.fullmatch(r"/static/built/\w+\.\w+\.js", script["src"] or "")


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_every_page_has_its_head_and_shell(client: TestClient, path: str) -> None:
    text = client.get(path).text
    shown = Page(text)
    assert shown.all("html", lang="en")
    assert len(shown.all("title")) == 1
    assert shown.all("meta", name="description")[0]["content"]
    canonical = shown.all("link", rel="canonical")[0]["href"]
    assert canonical.startswith("http://testserver/")
    assert len(shown.all("h1")) == 1
    assert shown.all("a", href="#main")
    assert shown.all("main", id="main")
    assert shown.all("nav", **{"aria-label": "Main"})
    assert "thread-line" in text
    assert_only_built_scripts(shown)
    assert not shown.all("style")
    assert not [attrs for _, attrs in shown.elements if "style" in attrs]
    if path != "/":
        assert shown.all("nav", **{"aria-label": "Breadcrumb"})


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_every_page_but_about_has_a_json_twin(client: TestClient, path: str) -> None:
    twins = page(client, path).all("link", rel="alternate", type="application/json")
    if path == "/about":
        assert not twins
        return
    answer = client.get(twins[0]["href"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_every_link_of_a_page_leads_somewhere(client: TestClient, path: str) -> None:
    shown = page(client, path)
    hrefs = {
        a["href"].partition("#")[0] for a in shown.all("a") if a.get("href", "").startswith("/")
    }
    for href in sorted(hrefs)[:80]:
        assert client.get(href).status_code in (200, 303, 308), href


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_pictures_say_their_size_and_what_they_show(client: TestClient, path: str) -> None:
    pictures = page(client, path).all("img")
    for place, picture in enumerate(pictures):
        assert int(picture["width"]) > 0
        assert int(picture["height"]) > 0
        assert re.search(r"sol \d+", picture["alt"])
        assert picture["decoding"] == "async"
        assert place == 0 or picture.get("loading") == "lazy"
        widths = [int(w) for w in re.findall(r" (\d+)w", picture["srcset"])]
        assert widths == sorted(set(widths))
        assert max(widths) <= int(picture["width"])


def test_home_shows_the_newest_frame_that_has_a_picture(client: TestClient) -> None:
    shown = page(client, "/")
    assert "Perseverance, sol\N{NO-BREAK SPACE}" in client.get("/").text
    assert "Credit: NASA/JPL-Caltech" in shown.text
    assert "Now at Jezero" in shown.text
    assert "Now at Gale" in shown.text
    assert "What came down last" in shown.text


def test_missions_are_all_listed(client: TestClient) -> None:
    shown = page(client, "/missions")
    for facts in real_missions():
        assert facts.name in shown.text
        assert shown.all("a", href=f"/missions/{facts.id}")


def test_every_sol_of_a_mission_is_within_two_links(client: TestClient) -> None:
    sols = [day["sol"] for day in client.get("/api/missions/m2020").json()["frames_by_sol"]]
    first = page(client, "/missions/m2020")
    hundreds = [a["href"] for a in first.all("a") if re.fullmatch(r".*\?at=-?\d+#sols", a["href"])]
    reached: set[str] = set()
    for href in {h.partition("#")[0] for h in hundreds}:
        reached |= {a["href"] for a in page(client, href).all("a")}
    assert {f"/missions/m2020/sols/{sol}" for sol in sols} <= reached


def test_going_to_a_sol(client: TestClient) -> None:
    for typed in ("257", " 257 ", "sol 257"):
        answer = client.get("/missions/m2020/sols", params={"sol": typed})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/missions/m2020/sols/257"
    assert client.get("/missions/m2020/sols").headers["location"] == "/missions/m2020#sols"
    assert "That is not a sol" in page(client, "/missions/m2020/sols?sol=soon", 400).text
    assert page(client, "/missions/m2020/sols?sol=9999999", 404)


def test_a_sol_shows_its_cameras_and_leaves_thumbnails_out(client: TestClient) -> None:
    shown = page(client, "/missions/m2020/sols/2")
    assert "thumbnails of these frames are left out" in shown.text
    assert shown.all("a", href="/missions/m2020/sols/2?thumbnails=show")
    assert shown.all("a", href="/missions/m2020/sols/2?instrument=EDL_RDCAM")
    assert "20 Feb 2021 05:43 UTC" in shown.text
    assert shown.all("a", rel="next", href="/missions/m2020/sols/4")
    assert "left out" not in page(client, "/missions/m2020/sols/2?thumbnails=show").text


def test_pages_of_one_camera_hold_every_frame_once(client: TestClient) -> None:
    path: str | None = "/missions/m2020/sols/2?instrument=EDL_RDCAM"
    seen: list[str] = []
    while path:
        shown = page(client, path)
        seen += [a["href"] for a in shown.all("a") if a["href"].startswith("/frames/")]
        after = [a["href"] for a in shown.all("a", rel="next") if "page=" in a["href"]]
        path = after[0] if after else None
    assert len(seen) == len(set(seen))
    answer = client.get("/api/missions/m2020/sols/2").json()
    held = next(i for i in answer["instruments"] if i["code"] == "EDL_RDCAM")
    assert len(seen) == held["frames"] - held["thumbnails"]
    beyond = page(client, "/missions/m2020/sols/2?instrument=EDL_RDCAM&page=99", 404)
    assert "pages 1 to" in beyond.text


def test_a_sol_without_frames_names_the_nearest(client: TestClient) -> None:
    shown = page(client, "/missions/m2020/sols/300", 404)
    assert shown.all("a", href="/missions/m2020/sols/291")
    assert shown.all("a", href="/missions/m2020/sols/340")
    assert page(client, "/missions/m2020/sols/2?instrument=NOCAM", 404)


def test_an_instrument_shows_only_verified_numbers(client: TestClient) -> None:
    sure = page(client, "/missions/m2020/instruments/MCZ_LEFT")
    assert "25.6 \N{MULTIPLICATION SIGN} 19.2°" in sure.text
    unsure = page(client, "/missions/m2020/instruments/SHERLOC_WATSON")
    assert "not verified yet" in unsure.text
    assert "1600" not in unsure.text.partition("What it is")[2].partition("Solbook keeps")[0]
    # The size of the picture is verified, the count of pixels is not.
    assert "5120" not in page(client, "/missions/m2020/instruments/NAVCAM_LEFT").text


def test_an_instrument_pages_back_through_its_sols(client: TestClient) -> None:
    first = page(client, "/missions/m2020/instruments/NAVCAM_LEFT")
    older = next(a["href"] for a in first.all("a", rel="next") if "before=" in a["href"])
    second = page(client, older)
    assert not {a["href"] for a in first.all("a") if "/sols/" in a["href"]} & {
        a["href"] for a in second.all("a") if "/sols/" in a["href"] and "instrument=" in a["href"]
    }
    moved = client.get("/missions/m2020/instruments/navcam_left")
    assert moved.status_code == 308
    assert moved.headers["location"] == "/missions/m2020/instruments/NAVCAM_LEFT"
    assert page(client, "/missions/m2020/instruments/NO/SUCH", 404)


def test_a_frame_says_everything_known_of_it(client: TestClient) -> None:
    text = page(client, FRAME).text
    for said in (
        "Mars Perseverance Sol 1110: Right Navigation Camera (Navcam)",
        "08:38:31",
        "LMST",
        "4 Apr 2024 01:39:03 UTC",
        "Credit: NASA/JPL-Caltech",
        "site 51, drive 2578",
        "az \N{MINUS SIGN}8.2°, el \N{MINUS SIGN}21.4°",
        "sha256",
        "First seen here",
        "Received on Earth",
        "raw-image feed of Mars 2020",
        "date_taken_mars",
        "stored here",
        "The same exposure",
        "other eye",
        "tile 4",
    ):
        assert said in text, said


def test_a_frames_picture_can_be_enlarged_and_taken(client: TestClient) -> None:
    shown = page(client, FRAME)
    original = f"{FRAME}/files/1/full"
    assert shown.all("a", href=f"{original}?download=1")
    assert shown.all("a", href=f"{FRAME}/zoom")
    assert page(client, f"{FRAME}/zoom").all("a", href=original)
    assert client.get(original).headers["content-type"] == "image/png"
    assert client.get(shown.all("img")[0]["src"]).headers["content-type"] == "image/webp"


@pytest.mark.parametrize("ending", ["01", ""])
def test_an_id_with_its_version_or_in_another_case_moves(client: TestClient, ending: str) -> None:
    other = FRAME.rpartition("/")[2].lower() + ending
    moved = client.get(f"/frames/m2020/{other}")
    assert moved.status_code == 308
    assert moved.headers["location"] == FRAME


def test_a_frame_without_bytes_says_so_in_words(client: TestClient) -> None:
    shown = page(client, EARLY)
    assert "The picture is not stored here" in shown.text
    assert not [i for i in shown.all("img") if EARLY in i["src"]]
    assert "The source states another time" in shown.text
    assert "2021-02-22 10:21:48.000 UTC" in shown.text


def test_a_frame_without_a_time_gives_the_span_of_its_sol(client: TestClient) -> None:
    frames = client.get("/api/missions/msl/sols/1000").json()["frames"]
    text = page(client, f"/frames/{frames[0]['id']}").text
    assert "The source gives no time; sol 1000 ran from" in text
    assert "Curiosity sol 1000" in text
    assert "the mission's usual credit" in text


def test_about_counts_what_is_held(client: TestClient) -> None:
    text = page(client, "/about").text
    assert "Mars Rover Photos API" in text
    assert "http://testserver/mars-photos/api/v1" in text
    assert "Last readings" in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/missions/xyz", 404),
        ("/missions/m2020/sols/abc", 400),
        ("/frames/m2020/NOPE", 404),
        ("/missions/m2020/instruments/NOPE", 404),
        ("/missions/m2020?at=now", 400),
    ],
)
def test_errors_are_pages_with_a_way_on(client: TestClient, path: str, status: int) -> None:
    shown = page(client, path, status)
    assert shown.all("nav", **{"aria-label": "Main"})
    assert "Found" in shown.text
    assert shown.all("a", href="/missions")


def test_an_empty_archive_says_what_to_do(empty: TestClient) -> None:
    text = page(empty, "/").text
    assert "solbook ingest m2020" in text
    assert "Now at Jezero" in text
    for path in (
        "/missions",
        "/missions/m2020",
        "/missions/m2020/instruments/NAVCAM_LEFT",
        "/about",
    ):
        page(empty, path)
    page(empty, "/missions/m2020/sols/2", 404)


def test_upstream_text_is_escaped(archive: Archive, tmp_path: Path) -> None:
    evil = '<script>alert("x")</script>'
    record = {
        "imageid": "NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J",
        "sol": 257,
        "camera": {"instrument": f"CAM{evil}"},
        "sample_type": "Full",
        "title": evil,
        "caption": f"{evil}\n\n{evil}",
        "credit": evil,
        "link": "javascript:alert(1)",
        "date_received": "2021-11-10T12:00:00Z",
        "date_taken_mars": "Sol-00257M15:53:52.123",
        "image_files": {"full_res": "javascript:alert(2)"},
        "extended": {},
        "unheard_of": evil,
    }
    (tmp_path / "page.json").write_bytes(msgspec.json.encode({"images": [record]}))
    ingest(archive, source_named("m2020"), str(tmp_path))
    with TestClient(create_app(archive)) as client:
        for path in (
            "/",
            "/missions/m2020",
            "/missions/m2020/sols/257",
            f"/frames/m2020/{record['imageid']}",
            "/about",
        ):
            text = client.get(path).text
            assert "<script>" not in text, path
            assert 'href="javascript:' not in text, path
        shown = client.get(f"/frames/m2020/{record['imageid']}").text
        assert evil not in shown
        assert evil in unescape(shown)


def test_the_colour_scheme_is_kept_in_a_cookie(client: TestClient) -> None:
    answer = client.post("/theme", data={"theme": "dark", "back": "/missions?x=1"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/missions?x=1"
    assert "theme=dark" in answer.headers["set-cookie"]
    assert page(client, "/", headers={"Cookie": "theme=dark"}).all("html", **{"data-theme": "dark"})
    assert page(client, "/", headers={"Cookie": "theme=%22x"}).all("html", **{"data-theme": "auto"})
    assert client.post("/theme", data={"theme": "mauve"}).status_code == 400
    assert client.post("/theme", content=b"x" * 10_000).status_code == 400


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "/\\example.org", "", "/a\r\nX: y"]
)
def test_the_switch_never_leads_to_another_site(client: TestClient, back: str) -> None:
    answer = client.post("/theme", data={"theme": "light", "back": back})
    assert answer.headers["location"] == "/"


def test_the_style_sheet_is_kept_for_ever_under_its_digest(client: TestClient) -> None:
    href = page(client, "/").all("link", rel="stylesheet")[0]["href"]
    answer = client.get(href)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    again = client.get(href, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.get("/static/site.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/favicon.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_words_come_packed_to_who_can_unpack_them(client: TestClient, encoding: str) -> None:
    for path in ("/", FRAME, "/api/latest", style_sheet().address):
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        packed = client.get(path, headers={"Accept-Encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["vary"]
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        head = client.head(path, headers={"Accept-Encoding": encoding})
        assert head.headers["content-encoding"] == encoding


def test_pictures_are_not_packed_again(client: TestClient) -> None:
    for path in (f"{FRAME}/picture/640.webp", f"{FRAME}/files/1/full"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip, br, zstd"})
        assert "content-encoding" not in answer.headers
