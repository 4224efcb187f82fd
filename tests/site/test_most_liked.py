"""Lists of liked images: pages, answers, feeds and open data say the same."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive, likes
from solbook.archive.like_periods import week_of, weeks_beside
from solbook.settings import Settings
from solbook.site.app import create_app
from tests.pictured import official_picture, pictured_archive

NAMES = [f"NLF_0{n}_0675800000_946ECM_N0032430NCAM00500_01_295J" for n in (100, 101, 102)]
FIRST, SECOND, THIRD = (f"m2020/{name}" for name in NAMES)
NOW = time.time_ns()
WEEK_NS = 7 * 86_400 * 10**9
THIS_WEEK = week_of(NOW)
LAST_WEEK = week_of(NOW - WEEK_NS)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[TestClient]:
    """Last week's image is the second; this week the first leads, and of all time the second."""
    picture = official_picture(shared_data)
    folder = tmp_path_factory.mktemp("liked")
    archive = pictured_archive(folder, {f"{name}.png": picture for name in NAMES}, shared_data)
    with archive.reading() as connection:
        items = likes.likeables(connection, [FIRST, SECOND, THIRD])
    for item, number, at_ns in (
        (SECOND, 4, NOW - WEEK_NS),
        (THIRD, 1, NOW - WEEK_NS),
        (FIRST, 3, NOW),
        (THIRD, 1, NOW),
    ):
        for visitor in range(number):
            likes.like(archive.state, items[item], f"{at_ns} {visitor}".encode(), at_ns)
    with TestClient(create_app(archive)) as made:
        yield made


@pytest.fixture
def empty(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive)) as made:
        yield made


def order(text: str) -> list[str]:
    """The images of a page in their order."""
    places = {item: text.find(f'href="/frames/{item}"') for item in (FIRST, SECOND, THIRD)}
    return sorted((item for item, at in places.items() if at >= 0), key=places.__getitem__)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [FIRST, THIRD]),
        (f"week={THIS_WEEK}", [FIRST, THIRD]),
        (f"span=week&week={LAST_WEEK}", [SECOND, THIRD]),
        ("span=all", [SECOND, FIRST, THIRD]),
        ("span=all&mission=m2020", [SECOND, FIRST, THIRD]),
        ("span=all&mission=msl", []),
        ("span=year&year=1999", []),
    ],
)
def test_the_page_and_the_answer_agree(client: TestClient, query: str, expected: list[str]) -> None:
    page = client.get(f"/most-liked?{query}")
    assert page.status_code == 200
    assert order(page.text) == expected
    answer = client.get(f"/api/likes?{query}").json()
    assert [leader["item"] for leader in answer["leaders"]] == expected
    assert [leader["rank"] for leader in answer["leaders"]] == list(range(1, len(expected) + 1))
    # The address it states names the same list for ever.
    assert order(client.get(answer["page"]).text) == expected


def test_a_sol_is_that_of_the_images(client: TestClient) -> None:
    newest = client.get("/api/likes?span=sol").json()
    assert newest["mission"] == "m2020"
    sol = newest["period"]
    assert sol == str(newest["leaders"][0]["sol"])
    page = client.get(f"/most-liked?span=sol&mission=m2020&sol={sol}").text
    assert f"sol\N{NO-BREAK SPACE}{sol}" in page
    assert "No image" in client.get("/most-liked?span=sol&mission=msl&sol=3").text


def test_answers_come_in_parts(client: TestClient) -> None:
    first = client.get("/api/likes?span=all&limit=2").json()
    assert [leader["item"] for leader in first["leaders"]] == [SECOND, FIRST]
    rest = client.get(first["next"]).json()
    assert [(leader["rank"], leader["item"]) for leader in rest["leaders"]] == [(3, THIRD)]
    assert rest["next"] is None


def test_the_image_of_the_week_everywhere(client: TestClient) -> None:
    weeks = client.get("/api/likes/weeks").json()["weeks"]
    assert [(each["week"], each["item"], each["likes"]) for each in weeks] == [
        (LAST_WEEK, SECOND, 4)
    ]
    assert order(client.get("/most-liked/weeks").text) == [SECOND]
    assert "Image of the week" in client.get("/").text
    assert "Image of the week" in client.get(f"/most-liked?week={LAST_WEEK}").text
    assert '"crown"' not in client.get("/most-liked").text
    before = client.get(f"/most-liked/weeks?before={LAST_WEEK}").text
    assert "No week has ended" in before


def test_weeks_lead_to_weeks(client: TestClient) -> None:
    page = client.get("/most-liked").text
    assert f"week={LAST_WEEK}" in page
    assert f"week={weeks_beside(THIS_WEEK)[1]}" not in page
    assert f"week={THIS_WEEK}" in client.get(f"/most-liked?week={LAST_WEEK}").text


def test_likes_by_day_are_open_and_say_nothing_of_visitors(client: TestClient) -> None:
    answer = client.get("/api/likes.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    then, now = (datetime.fromtimestamp(at_ns / 1e9, UTC).date() for at_ns in (NOW - WEEK_NS, NOW))
    assert rows == [
        {"date": then.isoformat(), "item": SECOND, "likes": "4"},
        {"date": then.isoformat(), "item": THIRD, "likes": "1"},
        {"date": now.isoformat(), "item": FIRST, "likes": "3"},
        {"date": now.isoformat(), "item": THIRD, "likes": "1"},
    ]
    part = client.get("/api/likes.csv", params={"from": then, "to": now - timedelta(days=1)})
    assert part.text.count("\r\n") == 3
    assert client.get("/api/likes.csv?from=2026-12-01&to=2026-11-01").text == "date,item,likes\r\n"
    assert client.get("/api/likes.csv?from=yesterday").status_code == 400


def test_an_image_and_its_likes(client: TestClient) -> None:
    answer = client.get(f"/api/likes/{THIRD}").json()
    assert answer["likes"] == 2
    assert answer["page"] == f"/frames/{THIRD}"
    assert [day["likes"] for day in answer["days"]] == [1, 1]
    assert client.get("/api/likes/m2020/NOTHING").status_code == 404


def test_feeds_of_both_kinds(client: TestClient) -> None:
    atom = client.get("/feeds/most-liked.atom")
    assert atom.headers["content-type"] == "application/atom+xml"
    root = ET.fromstring(atom.text)
    links = [entry.find(f"{ATOM}link") for entry in root.findall(f"{ATOM}entry")]
    addresses = [link.attrib["href"] for link in links if link is not None]
    assert addresses == [f"http://testserver/frames/{item}" for item in (FIRST, THIRD)]
    for name in ("title", "id", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
        assert all(entry.find(f"{ATOM}{name}") is not None for entry in root.iter(f"{ATOM}entry"))
    feed = client.get("/feeds/most-liked.json")
    assert feed.headers["content-type"] == "application/feed+json"
    assert feed.json()["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"] for item in feed.json()["items"]] == addresses
    assert "Credit: NASA/JPL-Caltech" in feed.json()["items"][0]["content_html"]
    weeks = client.get("/feeds/image-of-the-week.json").json()["items"]
    assert [item["id"] for item in weeks] == [f"http://testserver/frames/{SECOND}#week-{LAST_WEEK}"]
    assert client.get(weeks[0]["image"].removeprefix("http://testserver")).status_code == 200


def test_who_follows_this_week_sees_the_next(client: TestClient) -> None:
    feed = client.get("/feeds/most-liked.json").json()
    assert feed["feed_url"] == "http://testserver/feeds/most-liked.json"
    assert feed["home_page_url"] == "http://testserver/most-liked"
    fixed = client.get(f"/feeds/most-liked.json?week={LAST_WEEK}").json()
    assert fixed["feed_url"].endswith(f"?week={LAST_WEEK}")


def test_a_feed_that_is_as_it_was_is_not_sent_again(client: TestClient) -> None:
    for name in ("most-liked.atom", "image-of-the-week.json"):
        etag = client.get(f"/feeds/{name}").headers["ETag"]
        again = client.get(f"/feeds/{name}", headers={"If-None-Match": etag})
        assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("week=2025-W53", 404),
        ("week=0001-W01", 404),
        ("week=9999-W52", 404),
        ("mission=nowhere", 404),
        ("week=2026-48", 400),
        ("span=decade", 400),
        ("span=sol&sol=x", 400),
    ],
)
def test_what_there_is_not_is_said_in_both_forms(
    client: TestClient, query: str, status: int
) -> None:
    assert client.get(f"/most-liked?{query}").status_code == status
    assert client.get(f"/api/likes?{query}").json()["error"]["found"]
    assert client.get(f"/feeds/most-liked.json?{query}").status_code == status


@pytest.mark.parametrize(
    "path",
    [
        *(f"/most-liked?span={span}" for span in ("week", "sol", "year", "all")),
        "/most-liked?span=all&mission=msl",
        "/most-liked?week=9998-W52",
        "/most-liked?week=1970-W01",
        "/most-liked/weeks",
    ],
)
def test_an_archive_without_likes_says_so(empty: TestClient, path: str) -> None:
    page = empty.get(path)
    assert page.status_code == 200
    assert "plate-empty" in page.text


def test_an_archive_without_likes_has_lists_of_none(empty: TestClient) -> None:
    assert empty.get("/api/likes").json()["leaders"] == []
    assert empty.get("/api/likes/weeks").json() == {"weeks": [], "next": None}
    assert empty.get("/api/likes.csv").text == "date,item,likes\r\n"
    assert empty.get("/feeds/most-liked.json").json()["items"] == []
    ET.fromstring(empty.get("/feeds/image-of-the-week.atom").text)
    assert "Image of the week" not in empty.get("/").text


def test_what_is_no_longer_in_the_catalogue_is_passed_over(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    gone = likes.Likeable("m2020/GONE", "frame", "m2020", 1)
    likes.like(archive.state, gone, b"ann", NOW - WEEK_NS)
    likes.like(archive.state, gone, b"bob", NOW)
    with TestClient(create_app(archive)) as client:
        for path in ("/", "/most-liked", "/most-liked/weeks", "/feeds/most-liked.atom"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "GONE" not in answer.text
        # The open data keep it.
        assert "m2020/GONE" in client.get("/api/likes.csv").text
