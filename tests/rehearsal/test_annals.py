"""Events, flights and samples: the columns of the real tables, and what the plan says."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from solbook.clock import parse_utc
from solbook.rehearsal import annals
from solbook.rehearsal.exposures import SolPlan
from solbook.rehearsal.folder import write_whole
from solbook.rehearsal.mars_place import areocentric_deg, mars_place
from solbook.rehearsal.timing import MissionTimes
from solbook.rehearsal.truth import COLUMNS, FRAMES, ROWS, TRUTH
from tests.rehearsal.planned import SEED, planned

Row = dict[str, str]
REAL = {
    annals.EVENTS: "m2020_key_events.csv",
    annals.FLIGHTS: "ingenuity_flights.csv",
    annals.SAMPLES: "m2020_samples.csv",
}
TIMES = MissionTimes.of_rehearsal(SEED)


def plans() -> tuple[SolPlan, ...]:
    """Twelve sols and, later, a stop whose close-ups see a rock."""
    return planned(16)


def close_up_sols() -> list[int]:
    found = {
        one.sol for plan in plans() for one in plan.exposures if one.camera == "SHERLOC_WATSON"
    }
    return sorted(found)


def seen(folder: Path) -> None:
    """A table of truth in which only the close-ups of the first sol are of a rock."""
    pictures = [one for plan in plans() for one in plan.pictures]
    first = close_up_sols()[0]
    words = ["rock" if one.exposure.sol == first else "ground" for one in pictures]
    body = pa.BufferOutputStream()
    columns = {
        "product_id": [one.product_id for one in pictures],
        "camera": [one.exposure.camera for one in pictures],
        "grid_seen": [[word] * (COLUMNS * ROWS) for word in words],
    }
    pq.write_table(pa.table(columns), body)
    write_whole(folder / TRUTH / FRAMES, body.getvalue().to_pybytes())


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annals")
    seen(folder)
    annals.write_annals(folder, plans(), TIMES)
    return folder / annals.FACTS


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_are_those_of_the_real_tables(facts: Path, shared_data: Path) -> None:
    assert {path.name for path in facts.iterdir()} == set(REAL)
    for ours, real in REAL.items():
        first = (facts / ours).read_text(encoding="utf-8").splitlines()[0]
        assert first == (shared_data / "facts" / real).read_text().splitlines()[0]


def test_every_row_says_simulated_and_where_it_is_from(facts: Path) -> None:
    for name in REAL:
        found = rows(facts / name)
        assert found
        for row in found:
            assert row["source"] == f"rehearsal plan, seed {SEED} (simulated)"
            assert row["confidence"] == "verified"


def test_events_are_of_the_plan(facts: Path) -> None:
    found = rows(facts / annals.EVENTS)
    by_words = {row["event"]: row for row in found}
    assert len(by_words) == len(found)
    landing = found[0]
    assert (landing["utc"], landing["sol"]) == ("2025-03-01T06:10:00Z", "0")
    waypoints = {plan.sol: plan.waypoints for plan in plans() if plan.waypoints}
    for row in found:
        assert row["sol_matches_utc_by_naif_clock"] == "yes"
        if "T" in row["utc"]:
            assert TIMES.clock.from_utc(parse_utc(row["utc"]))[0] == int(row["sol"])
        if match := re.fullmatch(r"(?:First|Longest) drive.*?, (\d+\.\d) m", row["event"]):
            ends = waypoints[int(row["sol"])]
            before_m = max(
                (one[-1].driven_m for sol, one in waypoints.items() if sol < int(row["sol"])),
                default=0.0,
            )
            assert float(match[1]) == pytest.approx(ends[-1].driven_m - before_m, abs=0.051)
            assert parse_utc(row["utc"]) == pytest.approx(ends[-1].utc_ns, abs=1e9)
        if match := re.fullmatch(r"Site (\d+) declared", row["event"]):
            sites = {one.pose.site for one in waypoints[int(row["sol"])]}
            assert int(match[1]) in sites
    wanted = ("First panorama", "First drive", "Longest drive", "First close-ups", "First sample")
    for words in (*wanted, "Helicopter set down", "Helicopter's first flight"):
        assert any(event.startswith(words) for event in by_words), words


def test_drives_add_up_to_the_whole_way() -> None:
    metres = annals.driven_m(plans())
    driven = [one.driven_m for plan in plans() for one in plan.waypoints]
    assert sum(metres.values()) == pytest.approx(driven[-1])
    paths = {plan.sol: len(plan.path_m) for plan in plans() if plan.sol and plan.path_m}
    assert metres.keys() == paths.keys()


def test_flights_are_those_of_the_plan(facts: Path) -> None:
    found = rows(facts / annals.FLIGHTS)
    flights = [plan.flight for plan in plans() if plan.flight]
    assert [int(row["flight"]) for row in found] == [0, *(flight.number for flight in flights)]
    # As in the real layer a row's stay begins at its landing and ends at the next take-off.
    assert found[-1]["sclk_end"] == "-1.0"
    for row, before, flight in zip(found[1:], found, flights, strict=False):
        assert int(row["sol"]) == flight.sol
        assert float(before["sclk_end"]) == float(TIMES.sclk_s(flight.takeoff_ns))
        assert float(row["sclk_start"]) == float(TIMES.sclk_s(flight.landing_ns))
        flown_s = float(row["sclk_start"]) - float(before["sclk_end"])
        assert flown_s == pytest.approx(float(row["duration_s"]), abs=0.01)
        assert row["from_airfield"] == before["to_airfield"]
        site = TIMES.site
        place = mars_place(flight.path[-1][1], float(site.lon_e_deg), areocentric_deg(site))
        assert float(row["lat_deg"]) == pytest.approx(place.lat_deg, abs=1e-8)
        assert float(row["lon_e_deg"]) == pytest.approx(place.lon_e_deg, abs=1e-8)
        assert 0 < float(row["max_speed_m_s"]) < 4
        assert float(row["max_altitude_m"]) == pytest.approx(flight.greatest_height_m, abs=1e-3)


def test_samples_are_where_close_ups_were_made(facts: Path, shared_data: Path) -> None:
    found = rows(facts / annals.SAMPLES)
    assert [int(row["seal_sol"]) for row in found] == close_up_sols()
    assert [row["type"] for row in found] == ["Rock core"] + ["Regolith"] * (len(found) - 1)
    real = rows(shared_data / "facts" / REAL[annals.SAMPLES])
    assert {row["type"] for row in found} <= {row["type"] for row in real}
    names = {row["name"] for row in real} | {row["location"] for row in real}
    for row in found:
        assert row["name"] not in names
        assert row["location"] not in names
        assert not row["designation"].startswith("M2020")
        assert row["designation"].startswith(f"REHEARSAL-{row['seal_sol']}-")
        poses = {one.pose for one in plans()[int(row["seal_sol"])].exposures}
        assert row["location"] in {f"Simulated stop {pose.site}_{pose.drive}" for pose in poses}
        # The spot is within the arm's reach of where the rover stands.
        lat, lon = float(row["lat_deg"]), float(row["lon_e_deg"])
        site = TIMES.site
        here = mars_place(
            next(iter(poses)).position_m, float(site.lon_e_deg), areocentric_deg(site)
        )
        across = (lon - here.lon_e_deg) * math.cos(math.radians(lat))
        away_m = math.radians(math.hypot(lat - here.lat_deg, across)) * here.radius_m
        assert 1.5 < away_m < 2.3


def test_a_mission_of_one_sol_has_a_landing_and_no_more(tmp_path: Path) -> None:
    seen(tmp_path)
    annals.write_annals(tmp_path, plans()[:1], TIMES)
    found = {name: rows(tmp_path / annals.FACTS / name) for name in REAL}
    assert [row["sol"] for row in found.pop(annals.EVENTS)] == ["0"]
    assert not any(found.values())


def test_names_of_samples_do_not_run_out() -> None:
    names = [annals._name(number) for number in range(1, 40)]
    assert len(set(names)) == len(names)


def test_the_same_bytes_again(facts: Path, tmp_path: Path) -> None:
    seen(tmp_path)
    annals.write_annals(tmp_path, plans(), TIMES)
    for name in REAL:
        assert (tmp_path / annals.FACTS / name).read_bytes() == (facts / name).read_bytes()
