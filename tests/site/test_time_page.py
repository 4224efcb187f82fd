"""The page of the time: converter, clocks, the sol of a mission."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.clock import MISSION_CLOCKS
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.site.mars_time import mission_names
from tests.site.test_pages import Page

NBSP = "\N{NO-BREAK SPACE}"
CLOCKS = re.compile(r"/static/built/clocks\.[A-Z0-9]{8}\.js")
SUNSET = "/time?when=sol+257+18:03:38&mission=m2020"
KINDS = {
    "now": "/time",
    "now of a mission": "/time?mission=msl",
    "fixed": "/time?when=2021-11-10T00:31:18Z",
    "fixed sol": SUNSET,
    "before every landing": "/time?when=1900-01-01&mission=m2020",
}


@pytest.fixture(scope="module")
def client(demo_archive: Path) -> Iterator[TestClient]:
    archive = Archive(demo_archive, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def page(client: TestClient, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, response.text[:500]
    return Page(response.text)


def ticks(shown: Page) -> bool:
    """Whether the script of the clocks is on a page."""
    scripts = shown.all("script", type="module")
    assert scripts
    return any(CLOCKS.fullmatch(script["src"]) for script in scripts)


@pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
def test_it_is_a_page_like_the_others(client: TestClient, path: str) -> None:
    shown = page(client, path)
    assert len(shown.all("h1")) == 1
    assert shown.all("link", rel="canonical")[0]["href"].startswith("http://testserver/time")
    [twin] = shown.all("link", rel="alternate", type="application/json")
    assert client.get(twin["href"]).status_code == 200
    assert shown.all("nav", **{"aria-label": "Breadcrumb"})
    assert shown.all("a", href="/time", **{"aria-current": "page"})
    for name in mission_names().values():
        assert name in shown.text
    hrefs = {a["href"] for a in shown.all("a") if a.get("href", "").startswith("/")}
    for href in sorted(hrefs):
        assert client.get(href).status_code == 200, href


def test_a_known_sunset(client: TestClient) -> None:
    shown = page(client, SUNSET)
    assert shown.all("title")
    for said in (
        "Perseverance, sol 257",
        "Sunset, Sun on the horizon in the west",
        "Ls 125.05°",
        "northern summer southern winter",
        "36, sol 268.2",
        "Sol begins 00:00:00 05:58:13 9 Nov 2021",
        f"Sol ends 00:00:00 sol{NBSP}258 06:37:48 10 Nov 2021",
        "Sunset 18:03:38 00:31:39 10 Nov 2021",
        "21 min 18 s",
    ):
        assert " ".join(said.split()) in shown.text, said
    [before] = shown.all("a", rel="prev")
    [after] = shown.all("a", rel="next")
    assert before["href"] == "/time?when=sol+256+18%3A03%3A38&mission=m2020"
    assert "sol 258 18:03:38" in Page(client.get(after["href"]).text).all("input")[0]["value"]


def test_the_sol_leads_to_the_archive_where_it_has_frames(client: TestClient) -> None:
    assert page(client, "/time?when=sol+2&mission=m2020").all("a", href="/missions/m2020/sols/2")
    without = page(client, SUNSET)
    assert "No frames of sol 257 are here" in without.text
    assert not without.all("a", href="/missions/m2020/sols/257")
    assert "frames of sol" not in page(client, "/time?when=sol+5&mission=viking1").text.lower()


def test_the_mission_the_text_names_is_chosen(client: TestClient) -> None:
    shown = page(client, "/time?when=sol+257+18:03+of+perseverance")
    assert shown.all("option", value="m2020", selected="")
    assert "Perseverance, sol 257" in shown.text
    other = page(client, "/time?when=sol+257+18:03+of+perseverance&mission=msl")
    assert "Curiosity, sol 3292" in other.text


@pytest.mark.parametrize("mission", ["phoenix", "pathfinder", "zhurong"])
def test_a_clock_that_is_not_published_is_said_to_be_so(client: TestClient, mission: str) -> None:
    shown = page(client, f"/time?when=sol+40+12:00&mission={mission}")
    assert "The mission's own clock is not published: this is local mean solar" in shown.text
    own = page(client, "/time?when=sol+40+12:00&mission=viking1")
    assert "clock is not published: this" not in own.text
    assert "LLT" in own.text


def test_before_landing(client: TestClient) -> None:
    shown = page(client, "/time?when=2000-01-01&mission=m2020")
    assert "Perseverance had not landed yet." in shown.text
    assert shown.text.count("Had not landed yet") == 7
    landing = page(client, "/time?when=sol+0+03:00&mission=m2020")
    assert "Perseverance lands later this sol." in landing.text
    assert not landing.all("a", rel="prev")


def test_the_sun_may_stay_up(client: TestClient) -> None:
    shown = page(client, "/time?when=sol+25+23:50&mission=phoenix")
    assert "The Sun stays up all sol." in shown.text
    assert "Around midnight, Sun" in shown.text
    assert "Sunrise " not in shown.text.partition("Sunrise and sunset are")[0]


def test_a_conjunction_is_said_in_a_sentence(client: TestClient) -> None:
    assert (
        "Mars is within 2° of the Sun from 2 Oct 2021 11:15 UTC to 13 Oct 2021 22:57 UTC"
        in page(client, "/time?when=2021-10-08").text
    )
    assert "conjunction" not in page(client, "/time?when=2021-11-10").text


@pytest.mark.parametrize(
    ("when", "reasons"),
    [
        ("2021-11-10", 0),
        ("1960-06-01", 1),
        ("2100-01-01", 2),
        ("1750-01-01", 3),
        ("2250-01-01", 3),
    ],
)
def test_what_is_not_known_is_a_dash_with_its_reason(
    client: TestClient, when: str, reasons: int
) -> None:
    text = page(client, f"/time?when={when}&mission=viking2").text
    said = ("The Earth's place is known for", "Mars Years are counted", "The Sun's place and the")
    assert sum(reason in text for reason in said) == reasons
    assert ("Mars Year \N{EN DASH}" in text) == (reasons > 0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("when=next+tuesday", "Not a time Solbook can read"),
        ("when=sol+257", "choose one beside the time"),
        ("when=257", "not clear what time this number means"),
        ("when=sol+-3&mission=m2020", "Perseverance had not landed"),
        ("when=1500-01-01", "out of range"),
        ("when=sol+1+of+pluto", "No sol clock is known"),
        ("mission=pluto", "No sol clock is known"),
        ("when=%3Cscript%3E&mission=m2020", "Not a time"),
    ],
)
def test_what_cannot_be_read_stays_in_the_field_and_is_explained(
    client: TestClient, query: str, said: str
) -> None:
    shown = page(client, f"/time?{query}", 400)
    assert said in shown.text
    [field] = shown.all("input", name="when")
    assert field["aria-invalid"] == "true"
    assert not ticks(shown)
    assert client.get(f"/time?{query}").headers["cache-control"] == "no-cache"


def test_a_fixed_time_may_be_kept_and_now_may_not(client: TestClient) -> None:
    now = client.get("/time")
    assert now.headers["cache-control"] == "no-cache"
    fixed = client.get(SUNSET)
    assert "max-age" in fixed.headers["cache-control"]
    assert fixed.headers["vary"] == "Cookie, Accept-Encoding"
    assert client.get("/time?when=&mission=").text.count("data-clock") == now.text.count(
        "data-clock"
    )


def test_now_may_be_typed(client: TestClient) -> None:
    typed = client.get("/time?when=Now&mission=m2020")
    assert typed.headers["cache-control"] == "no-cache"
    shown = Page(typed.text)
    [canonical] = shown.all("link", rel="canonical")
    assert canonical["href"] == "http://testserver/time?mission=m2020"
    assert ticks(shown)


def test_only_now_ticks(client: TestClient) -> None:
    assert ticks(page(client, "/time"))
    assert not ticks(page(client, SUNSET))
    clocks = page(client, "/time?mission=m2020").all("span", **{"aria-live": "off"})
    assert len(clocks) == 3 + len(MISSION_CLOCKS)


def test_an_empty_archive_knows_the_time(archive: Archive) -> None:
    with TestClient(create_app(archive)) as client:
        for path in KINDS.values():
            page(client, path)
