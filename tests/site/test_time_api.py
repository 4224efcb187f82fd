"""The JSON of the time on Mars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.clock import MISSION_CLOCKS, parse_utc
from solbook.site.app import create_app

Json = dict[str, Any]

SUNSET = "2021-11-10T00:31:39.700Z"


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive)) as made:
        yield made


def ask(client: TestClient, status: int = 200, **query: Any) -> Json:
    answer = client.get("/api/time", params=query)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body: Json = answer.json()
    return body


def near(text: str, utc: str, within_s: float) -> bool:
    return abs(parse_utc(text) - parse_utc(utc)) <= within_s * 1e9


def test_an_instant_is_told_in_full(client: TestClient) -> None:
    told = ask(client, when=SUNSET, mission="perseverance")
    assert told["utc"] == SUNSET
    assert told["mars"]["ls_deg"] == pytest.approx(125.05, abs=0.005)
    assert told["mars"]["mars_year"] == 36
    assert told["mars"]["season"] == "northern summer"
    assert told["mars"]["light_time_leaving_s"] == pytest.approx(1277.6, abs=0.1)
    assert told["mars"]["conjunction"] is None
    assert told["unknown"] == []
    [mission] = told["missions"]
    assert (mission["mission"], mission["sol"]) == ("m2020", 257)
    assert mission["lmst"].startswith("18:03:3")
    assert mission["clock"] == "LMST"
    assert mission["landed"] is True
    assert mission["sun"]["el_deg"] == pytest.approx(0, abs=0.001)
    assert mission["words"] == "sunset, Sun on the horizon in the west"
    sun_times = mission["sun_times"]
    assert near(sun_times["begins"], "2021-11-09T05:58:14Z", 1)
    assert near(sun_times["ends"], "2021-11-10T06:37:49Z", 1)
    assert near(sun_times["sunset"], SUNSET, 1)
    order = [sun_times[key] for key in ("begins", "sunrise", "noon", "sunset", "ends")]
    assert order == sorted(order)
    twilights = {twilight["name"]: twilight for twilight in sun_times["twilights"]}
    ends = [twilights[name]["ends"] for name in ("civil", "nautical", "astronomical")]
    assert ends == sorted(ends)


def test_a_mission_s_time_is_the_same_instant(client: TestClient) -> None:
    by_utc = ask(client, when=SUNSET, mission="m2020")["missions"][0]
    when = f"sol {by_utc['sol']} {by_utc['lmst']} of perseverance"
    back = ask(client, when=when)
    assert near(back["utc"], SUNSET, 0.002)
    assert len(back["missions"]) == len(MISSION_CLOCKS)
    assert all(mission["sun_times"] is None for mission in back["missions"])
    chosen = ask(client, when=f"Sol-00257M{by_utc['lmst']}", mission="m2020")
    assert near(chosen["utc"], SUNSET, 0.002)


def test_missions_may_be_named_several_times(client: TestClient) -> None:
    told = ask(client, when="2026-11-01", mission=["msl", "Zhurong", "Curiosity", "viking 1"])
    assert [mission["mission"] for mission in told["missions"]] == ["msl", "zhurong", "viking1"]
    assert [mission["clock"] for mission in told["missions"]] == ["LMST", "LMST", "LLT"]
    assert told["missions"][1]["clock_source"] == "landing site"
    assert all(mission["sun_times"]["noon"] for mission in told["missions"])


def test_a_mission_that_had_not_landed_says_so(client: TestClient) -> None:
    told = ask(client, when="2021-02-18T05:00Z", mission=["m2020", "zhurong"])
    perseverance, zhurong = told["missions"]
    assert (perseverance["landed"], perseverance["sol"]) == (False, 0)
    assert (zhurong["landed"], zhurong["sol"], zhurong["lmst"]) == (False, None, None)
    assert zhurong["sun_times"] is None


def test_a_conjunction_has_its_span(client: TestClient) -> None:
    met = ask(client, when="2021-10-08")["mars"]["conjunction"]
    assert near(met["begins"], "2021-10-02T11:15:10Z", 60)
    assert near(met["ends"], "2021-10-13T22:57:33Z", 60)
    assert met["nearest_deg"] < 1


def test_a_place_has_its_own_time(client: TestClient) -> None:
    site = ask(client, when=SUNSET, lat=18.64876, lon=77.45089)["site"]
    assert site["sun"]["el_deg"] == pytest.approx(0, abs=0.001)
    assert near(site["sun_times"]["sunset"], SUNSET, 1)
    assert site["lmst"][:5] == "18:03"
    polar = ask(client, when="2021-08-15", lat=85, lon=0)["site"]["sun_times"]
    assert (polar["stays"], polar["sunrise"], polar["sunset"]) == ("up", None, None)


@pytest.mark.parametrize(
    ("when", "sun", "earth"),
    [
        ("1960-06-01", True, True),
        ("1900-01-01", True, False),
        ("2100-01-01", True, False),
        ("1800-01-01", False, False),
        ("2200-01-01", False, False),
    ],
)
def test_what_is_not_known_for_the_year_is_null_with_its_reason(
    client: TestClient, when: str, sun: bool, earth: bool
) -> None:
    told = ask(client, when=when, lat=10, lon=20, mission="m2020")
    mars, site = told["mars"], told["site"]
    assert (mars["ls_deg"] is not None) == sun
    assert (mars["season"] is not None) == sun
    assert (site["sun"] is not None) == sun
    assert (site["words"] is not None) == sun
    assert (site["sun_times"]["noon"] is not None) == sun
    assert (mars["earth_distance_au"] is not None) == earth
    assert (site["earth"] is not None) == earth
    assert mars["mars_year"] is None
    assert mars["mars_sol_date"]
    assert len(told["unknown"]) == 3 - sun - earth


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"when": "soon"}, 400, "bad_time"),
        ({"when": "sol 257"}, 400, "ambiguous"),
        ({"when": "257"}, 400, "ambiguous"),
        ({"when": "sol -3 of m2020"}, 400, "before_landing"),
        ({"when": "sol 257 24:10 of m2020"}, 400, "bad_lmst"),
        ({"when": "1700-01-01"}, 400, "out_of_range"),
        ({"when": "2016-12-31T23:59:60Z"}, 400, "leap_second"),
        ({"when": "x" * 81}, 400, "bad_request"),
        ({"mission": "pluto"}, 404, "unknown_mission"),
        ({"mission": ""}, 404, "unknown_mission"),
        ({"lat": "10"}, 400, "bad_request"),
        ({"lon": "10"}, 400, "bad_request"),
        ({"lat": "91", "lon": "0"}, 400, "bad_request"),
        ({"lat": "nan", "lon": "0"}, 400, "bad_request"),
        ({"lat": "0", "lon": "361"}, 400, "bad_request"),
    ],
)
def test_errors_have_the_one_shape(client: TestClient, query: Json, status: int, code: str) -> None:
    error = ask(client, status, **query)["error"]
    assert set(error) == {"code", "message", "found", "expected", "help"}
    assert error["code"] == code


def test_now_is_not_kept_and_a_fixed_time_is(client: TestClient) -> None:
    for now in ("/api/time", "/api/time?when=now"):
        assert client.get(now).headers["cache-control"] == "no-store"
    fixed = client.get("/api/time", params={"when": SUNSET})
    assert "max-age" in fixed.headers["cache-control"]
    assert client.get("/api/time?when=soon").headers.get("cache-control") is None


def test_it_links_to_its_page(client: TestClient) -> None:
    told = ask(client, when=SUNSET, mission="m2020")
    page = client.get(told["page"])
    assert page.status_code == 200
    assert "Perseverance, sol\N{NO-BREAK SPACE}257" in page.text
    assert client.get("/api").json()["links"]["time"] == "/api/time"
