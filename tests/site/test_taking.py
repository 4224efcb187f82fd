"""Taking a frame along: citations, sizes, embedding, oEmbed, previews; hostile words in all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive, write_page
from solbook.jobs import attach_files
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.site.citation import tex
from solbook.site.embedding import embedding
from solbook.sources import SOURCES
from tests.site.test_pages import Page, assert_only_built_scripts, page

BASE = "http://testserver"
NAME = "NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
FRAME = f"/frames/m2020/{NAME}"
PICTURELESS = "/frames/m2020/EAF_0002_0667110211_374ECV_N0010052EDLC00002_0010LUJ"
SHA256 = "7396774c359aaacfee55d9416591f06292c3aa949a2263d15196fd499691cae9"

HOSTILE_NAME = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
HOSTILE = f"/frames/m2020/{HOSTILE_NAME}"
HOSTILE_TITLE = "\"}, @book{x, {%$#&_^~\\input{/etc/passwd} <script>alert(1)</script>\n\x07 'é"
HOSTILE_CREDIT = '</iframe><img src=x onerror=alert(1)> "A" & B, } and C'

# The types of CSL-JSON's schema for what is used of it.
CSL_TYPES = {
    "id": str,
    "type": str,
    "title": str,
    "collection-title": str,
    "number": str,
    "source": str,
    "URL": str,
    "note": str,
    "medium": str,
}
CSL_DATES = {"issued", "accessed"}
CSL_KINDS = {"graphic", "dataset", "document", "map", "article"}


@pytest.fixture(scope="module")
def client(demo_archive: Path) -> Iterator[TestClient]:
    archive = Archive(demo_archive, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[TestClient]:
    """A frame whose title and credit are written to break out of whatever they stand in."""
    folder = tmp_path_factory.mktemp("hostile")
    source = shared_data / f"data/01_m2020_feed/navcam_sidecars/{HOSTILE_NAME}.json"
    record = json.loads(source.read_text())
    record |= {"title": HOSTILE_TITLE, "credit": HOSTILE_CREDIT, "caption": HOSTILE_TITLE}
    archive = Archive.create(folder / "archive", Settings(network=False))
    write_page(archive, SOURCES["m2020"].read_page(json.dumps([record]).encode(), "a test"))
    (folder / "pixels").mkdir()
    picture = shared_data / f"data/03_pixels/m2020_navcam/{HOSTILE_NAME}.png"
    (folder / "pixels" / picture.name).write_bytes(picture.read_bytes())
    attach_files(archive, folder / "pixels")
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def entry(text: str) -> dict[str, str]:
    """The fields of the one entry of a BibTeX file, read as BibTeX does: by counting braces."""
    assert text.startswith("@misc{")
    depth, parts, part = 0, [], ""
    for letter in text[text.index("{") :].strip():
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 1 and letter == ",":
            parts.append(part)
            part = ""
        elif depth > 0:
            part += letter
        assert depth >= 0
    assert depth == 0
    assert not part.strip()
    fields = {}
    for field in parts[1:]:
        name, _, value = field.partition("=")
        assert value.strip()[0] == "{"
        assert value.strip()[-1] == "}"
        fields[name.strip()] = value.strip()[1:-1]
    return fields | {"key": parts[0].lstrip("{")}


def csl_item(client: TestClient, path: str) -> dict[str, Any]:
    """The one item of a CSL-JSON file, each key of the type its schema gives it."""
    answer = client.get(f"{path}/citation.json")
    assert answer.headers["content-type"] == "application/vnd.citationstyles.csl+json"
    [item] = answer.json()
    assert {"id", "type"} <= set(item)
    assert item["type"] in CSL_KINDS
    for name, value in item.items():
        if name in CSL_DATES:
            [[year, month, day]] = value["date-parts"]
            assert datetime(year, month, day, tzinfo=UTC)
        elif name == "author":
            assert all(set(author) == {"literal"} for author in value)
        else:
            assert isinstance(value, CSL_TYPES[name])
    found: dict[str, Any] = item
    return found


# --- Citing ------------------------------------------------------------------------------------


def test_a_citation_has_everything_that_finds_the_frame_again(client: TestClient) -> None:
    answer = client.get(f"{FRAME}/citation.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    today = datetime.now(UTC)
    for words in (
        "NASA/JPL-Caltech",
        "Mars Perseverance Sol 1110: Right Navigation Camera (Navcam)",
        "Perseverance, sol 1110, 08:38:31 LMST, 2024-04-04 01:39:03.048 UTC",
        f"{NAME}, version 1",
        f"{BASE}{FRAME}",
        SHA256,
        f"accessed {today.day} {today:%b %Y}",
    ):
        assert words in answer.text
    assert answer.text.strip() in page(client, FRAME).text


def test_bibtex_has_the_same(client: TestClient) -> None:
    answer = client.get(f"{FRAME}/citation.bib")
    assert answer.headers["content-type"].startswith("application/x-bibtex")
    fields = entry(answer.text)
    assert fields["key"] == f"m2020:{NAME}"
    assert fields["author"] == "{NASA/JPL-Caltech}"
    assert (fields["year"], fields["month"]) == ("2024", "4")
    assert fields["url"] == f"{BASE}{FRAME}"
    assert fields["urldate"] == datetime.now(UTC).date().isoformat()
    assert SHA256 in fields["note"]
    assert NAME.replace("_", r"\_") in fields["howpublished"]


def test_csl_json_has_the_same(client: TestClient) -> None:
    item = csl_item(client, FRAME)
    assert item["author"] == [{"literal": "NASA/JPL-Caltech"}]
    assert item["issued"] == {"date-parts": [[2024, 4, 4]]}
    assert item["URL"] == f"{BASE}{FRAME}"
    assert SHA256 in item["note"]


def test_a_frame_without_file_or_time_is_cited_without_them(client: TestClient) -> None:
    assert "sha256" not in client.get(f"{PICTURELESS}/citation.txt").text
    frames = client.get("/api/missions/msl/sols/1000?limit=1000").json()["frames"]
    [timeless] = [frame for frame in frames if frame["utc"] is None][:1]
    assert "issued" not in csl_item(client, timeless["page"])
    assert "year" not in entry(client.get(f"{timeless['page']}/citation.bib").text)


def test_hostile_words_stay_words(hostile: TestClient) -> None:
    fields = entry(hostile.get(f"{HOSTILE}/citation.bib").text)
    assert set(fields) >= {"author", "title", "url", "note"}
    # No letter that TeX reads as a command is left but in the commands that print it.
    for name in ("author", "title"):
        bare = re.sub(r"\\text[a-z]+\{\}|\\[#$%&_]", "", fields[name][1:-1])
        assert not set(bare) & set("\\{}$%#&_^~")
    item = csl_item(hostile, HOSTILE)
    assert "\n" not in item["title"]
    assert "\x07" not in item["title"]
    assert "<script>alert(1)</script>" in item["title"]
    assert len(hostile.get(f"{HOSTILE}/citation.txt").text.splitlines()) == 1


def test_tex_prints_what_it_was_given() -> None:
    assert tex("50% of A & B_1") == r"50\% of A \& B\_1"
    assert tex("{") == r"\textbraceleft{}"
    assert tex("Ægir, é") == "Ægir, é"


@pytest.mark.parametrize("file", ["citation.txt", "citation.bib", "citation.json", "embed"])
def test_of_an_unknown_frame_there_is_none(client: TestClient, file: str) -> None:
    for frame in ("m2020/NOTHING", "venus/NOTHING", "m2020/%3Cscript%3E"):
        answer = client.get(f"/frames/{frame}/{file}", headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert answer.json()["error"]["expected"]


# --- Sizes -------------------------------------------------------------------------------------


def form_of(shown: Page) -> tuple[list[str], list[str]]:
    options = [option["value"] for option in shown.all("option")]
    return [o for o in options if o.isdecimal()], [o for o in options if not o.isdecimal()]


def test_the_form_offers_no_size_larger_than_the_picture(client: TestClient) -> None:
    shown = page(client, FRAME)
    [form] = shown.all("form", action=f"{FRAME}/download")
    # GET: that of a form without a method.
    assert "method" not in form
    assert form_of(shown) == (["1288", "1280", "960", "640", "320"], ["jpg", "png", "webp"])


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("?width=640&format=png", "640,/0/default.png"),
        ("?width=1288&format=jpg", "max/0/default.jpg"),
        ("?width=99999", "max/0/default.jpg"),
        ("?format=webp", "max/0/default.webp"),
        ("", "max/0/default.jpg"),
    ],
)
def test_a_size_is_asked_of_the_image_api(client: TestClient, query: str, size: str) -> None:
    answer = client.get(f"{FRAME}/download{query}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/iiif/3/m2020:{NAME}/full/{size}?download=1"
    picture = client.get(answer.headers["location"])
    assert picture.status_code == 200
    assert picture.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("query", ["?width=0", "?width=-1", "?width=big", "?format=exe"])
def test_a_size_or_format_that_cannot_be_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{FRAME}/download{query}").status_code == 400


def test_what_is_not_stored_has_no_sizes(client: TestClient) -> None:
    assert client.get(f"{PICTURELESS}/download").status_code == 404
    assert not page(client, PICTURELESS).all("form", action=f"{PICTURELESS}/download")


# --- Embedding ---------------------------------------------------------------------------------


def test_only_the_page_for_it_may_stand_in_another_site(client: TestClient) -> None:
    policy = client.get(f"{FRAME}/embed").headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    for path in (FRAME, "/", f"{FRAME}/citation.txt", "/frames/m2020/NOTHING/embed"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"]


@pytest.mark.parametrize("path", [FRAME, PICTURELESS])
def test_it_has_picture_title_credit_and_the_way_back(client: TestClient, path: str) -> None:
    shown = page(client, f"{path}/embed")
    assert "Credit: NASA/JPL-Caltech" in shown.text
    assert len(shown.all("h1")) == 1
    assert not shown.all("nav")
    assert not shown.all("form")
    assert not shown.all("script")
    links = shown.all("a")
    assert {a["href"] for a in links} == {BASE + path}
    assert {(a["target"], a["rel"]) for a in links} == {("_blank", "noopener")}
    assert len(shown.all("img")) == (1 if path == FRAME else 0)


def test_what_is_simulated_says_so_when_embedded(rehearsal_archive: Path) -> None:
    archive = Archive(rehearsal_archive, Settings(network=False))
    with TestClient(create_app(archive)) as client:
        frame = client.get("/api/latest?limit=1").json()["frames"][0]["page"]
        shown = page(client, f"{frame}/embed")
        assert "Simulated" in shown.text
        assert "simulated" in shown.all("title") or "simulated" in shown.text


def test_the_html_to_copy_is_shown_and_right(client: TestClient) -> None:
    text = client.get(FRAME).text
    snippet = unescape(re.search(r"&lt;iframe .*?&lt;/iframe&gt;", text)[0])  # type: ignore[index]
    [frame] = Page(snippet).all("iframe")
    assert client.get(frame["src"]).status_code == 200
    assert (frame["width"], frame["height"]) == ("640", "557")


def test_hostile_words_do_not_leave_the_html(hostile: TestClient) -> None:
    answer = hostile.get("/api/oembed", params={"url": BASE + HOSTILE}).json()
    made = Page(answer["html"])
    assert [name for name, _ in made.elements] == ["iframe"]
    assert made.elements[0][1]["src"] == f"{BASE}{HOSTILE}/embed"
    for path in (HOSTILE, f"{HOSTILE}/embed"):
        shown = Page(hostile.get(path).text)
        assert_only_built_scripts(shown)
        assert not shown.all("img", src="x")
        assert not [a for _, a in shown.elements if "onerror" in a]


@pytest.mark.parametrize(
    ("size", "most", "expected"),
    [
        ((1288, 968), (None, None), (640, 557)),
        ((1288, 968), (320, None), (320, 316)),
        ((1288, 968), (None, 300), (640, 300)),
        ((200, 4000), (None, None), (640, 720)),
        (None, (400, 10), (400, 10)),
    ],
)
def test_an_iframe_fits_the_room_there_is(
    size: tuple[int, int] | None, most: tuple[int | None, int | None], expected: tuple[int, int]
) -> None:
    made = embedding("src", "title", size, *most)
    assert (made.width_px, made.height_px) == expected


# --- oEmbed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "xml"])
def test_oembed_is_discovered_and_answers(client: TestClient, form: str) -> None:
    kind = "application/json+oembed" if form == "json" else "text/xml+oembed"
    [link] = page(client, FRAME).all("link", type=kind)
    answer = client.get(link["href"])
    assert answer.status_code == 200
    if form == "xml":
        assert answer.headers["content-type"].startswith("text/xml")
        found = {e.tag: e.text for e in ElementTree.fromstring(answer.text)}
    else:
        assert answer.headers["content-type"] == "application/json"
        found = {name: str(value) for name, value in answer.json().items()}
    assert (found["version"], found["type"]) == ("1.0", "rich")
    assert found["author_name"] == "NASA/JPL-Caltech"
    assert (found["width"], found["height"]) == ("640", "557")
    assert (found["thumbnail_width"], found["thumbnail_height"]) == ("640", "481")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get(found["thumbnail_url"]).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("path", [FRAME, FRAME.lower(), f"{FRAME}/embed", f"{FRAME}?manifest=x#y"])
def test_oembed_knows_every_form_of_the_address(client: TestClient, path: str) -> None:
    found = client.get("/api/oembed", params={"url": BASE + path}).json()
    assert f"{BASE}{FRAME}/embed" in found["html"]


def test_oembed_keeps_to_the_room_there_is(client: TestClient) -> None:
    asked = {"url": BASE + FRAME, "maxwidth": 320, "maxheight": 200}
    found = client.get("/api/oembed", params=asked).json()
    assert (found["width"], found["height"]) == (320, 200)


def test_oembed_of_a_frame_without_picture_has_no_thumbnail(client: TestClient) -> None:
    found = client.get("/api/oembed", params={"url": BASE + PICTURELESS}).json()
    assert "thumbnail_url" not in found


@pytest.mark.parametrize(
    "url",
    [
        BASE,
        f"{BASE}/missions/m2020",
        f"{BASE}/frames/m2020/NOTHING",
        f"{BASE}/frames/venus/{NAME}",
        f"https://elsewhere.example{FRAME}",
        f"javascript:alert(1)//testserver{FRAME}",
        "http://[",
        '"><script>',
    ],
)
def test_oembed_of_anything_else_is_404(client: TestClient, url: str) -> None:
    answer = client.get(f"/api/oembed?url={quote(url, safe='')}")
    assert answer.status_code == 404
    assert answer.json()["error"]["found"]


def test_oembed_errors_are_those_of_its_standard(client: TestClient) -> None:
    answer = client.get("/api/oembed", params={"url": BASE + FRAME, "format": "yaml"})
    assert answer.status_code == 501
    assert answer.json()["error"]["expected"] == "json, xml"
    assert client.get("/api/oembed").status_code == 400
    asked = {"url": BASE + FRAME, "maxwidth": "wide"}
    assert client.get("/api/oembed", params=asked).status_code == 400


def test_hostile_words_make_well_formed_xml(hostile: TestClient) -> None:
    answer = hostile.get("/api/oembed", params={"url": BASE + HOSTILE, "format": "xml"})
    found = {e.tag: e.text for e in ElementTree.fromstring(answer.text)}
    assert found["author_name"] == HOSTILE_CREDIT


# --- Previews and marks ------------------------------------------------------------------------


def test_a_page_says_which_picture_to_show_with_a_link_to_it(client: TestClient) -> None:
    said = {
        meta.get("property") or meta.get("name"): meta["content"]
        for meta in page(client, FRAME).all("meta")
        if "content" in meta
    }
    assert said["og:image"] == f"{BASE}{FRAME}/picture/1280.jpg"
    assert client.get(said["og:image"]).headers["content-type"] == said["og:image:type"]
    assert (said["og:image:width"], said["og:image:height"]) == ("1280", "962")
    assert said["og:image:alt"].startswith("Navcam right frame, sol 1110")
    assert said["twitter:card"] == "summary_large_image"
    without = page(client, PICTURELESS)
    assert not without.all("meta", property="og:image")
    assert without.all("meta", name="twitter:card")[0]["content"] == "summary"


@pytest.mark.parametrize(
    ("path", "count"),
    [(FRAME, 2), (PICTURELESS, 1), ("/missions/m2020/sols/1110?instrument=NAVCAM_LEFT", 1)],
)
def test_a_mark_carries_its_manifest_into_a_viewer(
    client: TestClient, path: str, count: int
) -> None:
    marks = [a for a in page(client, path).all("a") if "manifest=" in a["href"]]
    assert len(marks) == count
    for mark in marks:
        [manifest] = parse_qs(urlsplit(mark["href"]).query)["manifest"]
        assert manifest.startswith(f"{BASE}/iiif/manifests/")
        assert client.get(manifest).json()["id"] == manifest
        # Followed and not dragged, it shows the page it stands on.
        assert client.get(mark["href"]).status_code == 200


def test_a_sols_overview_and_its_thumbnails_have_no_mark(client: TestClient) -> None:
    assert "manifest=" not in client.get("/missions/m2020/sols/1110").text
