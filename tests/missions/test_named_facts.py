"""Places, flights, samples and events."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from solbook import missions
from solbook.clock import mission_clock
from solbook.errors import SolbookError
from solbook.missions.tables import read_table

TABLES = ("places", "flights", "samples", "events")


def facts(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / "facts" / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_source_a_confidence_and_a_mission(table: str) -> None:
    rows = read_table(f"{table}.csv")
    assert rows
    for row in rows:
        assert row["source"].strip(), row
        assert row["confidence"].strip(), row
        assert row["mission"] in missions.MISSIONS
        assert None not in row
        assert None not in row.values()


@pytest.mark.parametrize("table", ["places", "samples", "events"])
def test_ids_fit_into_an_address_and_are_one_of_a_kind(table: str) -> None:
    keys = [(row["mission"], row["id"]) for row in read_table(f"{table}.csv")]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for _, key in keys)


def test_no_name_or_alias_means_two_things_of_a_mission() -> None:
    for mission in missions.MISSIONS:
        names = [
            name.casefold()
            for place in missions.places(mission)
            for name in (place.name, *place.aliases)
        ]
        names += [sample.name.casefold() for sample in missions.samples(mission)]
        names += [alias.casefold() for one in missions.events(mission) for alias in one.aliases]
        assert len(set(names)) == len(names)


def test_every_mission_has_the_place_where_it_landed() -> None:
    for known in missions.MISSIONS.values():
        there = [
            place
            for place in missions.places(known.id)
            if place.lat_deg is not None
            and place.lon_e_deg is not None
            and abs(place.lat_deg - known.lat_deg) < 0.001
            and abs(place.lon_e_deg - known.lon_e_deg) < 0.001
        ]
        assert there, known.id
        assert there[0].is_verified


def test_places_are_within_reach_of_the_landing_or_have_no_position() -> None:
    for known in missions.MISSIONS.values():
        for place in missions.places(known.id):
            assert (place.lat_deg is None) == (place.lon_e_deg is None)
            if place.lat_deg is not None and place.lon_e_deg is not None:
                assert abs(place.lat_deg - known.lat_deg) < 0.2
                assert abs(place.lon_e_deg - known.lon_e_deg) < 0.2


def test_a_region_has_a_name_and_no_position() -> None:
    jezero = missions.place("m2020", "jezero-crater")
    assert (jezero.name, jezero.lat_deg, jezero.is_verified) == ("Jezero crater", None, True)


def test_names_that_nobody_saw_in_a_source_are_not_verified() -> None:
    for place_id in ("van-zyl-overlook", "lookout-hill", "seitah"):
        place = missions.place("m2020", place_id)
        assert not place.is_verified
        assert place.lat_deg is None


def test_named_places_are_those_of_the_facts(shared_data: Path) -> None:
    known = missions.places("m2020")
    at = {(place.lat_deg, place.lon_e_deg) for place in known}
    rows = [row for row in facts(shared_data, "m2020_named_places.csv") if row["lat_deg"]]
    assert len(rows) >= 18
    for row in rows:
        assert (float(row["lat_deg"]), float(row["lon_e_deg"])) in at, row["name"]


def test_flights_are_those_of_the_facts_without_the_setting_down(shared_data: Path) -> None:
    flights = missions.flights("m2020")
    assert [flight.number for flight in flights] == list(range(1, 73))
    for flight, row in zip(flights, facts(shared_data, "ingenuity_flights.csv")[1:], strict=True):
        assert flight.number == int(row["flight"])
        assert flight.sol == int(row["sol"])
        assert flight.duration_s == float(row["duration_s"])
        assert flight.distance_m == float(row["distance_m"])
        assert flight.max_altitude_m == float(row["max_altitude_m"])
        assert flight.max_speed_m_s == float(row["max_speed_m_s"])
        assert (flight.lat_deg, flight.lon_e_deg) == (
            float(row["lat_deg"]),
            float(row["lon_e_deg"]),
        )
        assert not flight.is_verified


def test_every_airfield_of_a_flight_is_a_place() -> None:
    names = {name for place in missions.places("m2020") for name in (place.name, *place.aliases)}
    for flight in missions.flights("m2020"):
        assert {flight.from_airfield, flight.to_airfield} <= names


def test_flights_were_flown_on_the_sols_that_their_days_say_but_for_one_that_says_so() -> None:
    clock = mission_clock("m2020")
    apart = []
    for flight in missions.flights("m2020"):
        day = datetime.fromisoformat(f"{flight.date}T00:00:00+00:00")
        sols = [clock.from_utc(day + timedelta(hours=hours))[0] for hours in (0, 36)]
        if not sols[0] <= flight.sol <= sols[1]:
            apart.append((flight.number, "3 days before its sol" in flight.source))
    assert apart == [(53, True)]


def test_samples_are_those_of_the_facts(shared_data: Path) -> None:
    samples = missions.samples("m2020")
    rows = facts(shared_data, "m2020_samples.csv")
    assert len(samples) == len(rows) == 31
    for sample, row in zip(samples, rows, strict=True):
        assert sample.name == row["name"]
        assert sample.sol == (int(row["seal_sol"]) if row["seal_sol"] else None)
        assert str(sample.date or "") == row["date"]
        assert (sample.designation or "") == row["designation"]
        assert str(sample.depot_sol or "") == row["depot_drop_sol"]


def test_the_depot_has_ten_tubes_and_begins_with_malay() -> None:
    tubes = missions.depot("m2020")
    assert len(tubes) == 10
    assert (tubes[0].name, tubes[0].depot_sol) == ("Malay", 653)
    assert (tubes[-1].name, tubes[-1].number) == ("Amalik Witness", None)
    assert missions.depot("msl") == ()


def test_samples_not_yet_sealed_have_no_sol_and_say_so() -> None:
    bell_island = missions.sample("m2020", "bell-island")
    assert (bell_island.sol, bell_island.date) == (None, None)
    assert bell_island.confidence == "listed as not yet sealed"
    assert not bell_island.is_verified


def test_every_mission_landed_and_the_table_agrees_with_that_of_missions() -> None:
    for known in missions.MISSIONS.values():
        landing = missions.event(known.id, "landing")
        assert landing.date == known.landing_date
        assert landing.sol == known.clock.first_sol
        assert landing.is_verified
        if known.landing_utc_ns is not None and landing.utc_ns is not None:
            assert abs(landing.utc_ns - known.landing_utc_ns) < 1_000_000
        if known.launch_date is not None:
            assert missions.event(known.id, "launch").date == known.launch_date


def test_events_stand_in_the_order_of_time_and_on_their_sols() -> None:
    for mission in missions.MISSIONS:
        events = missions.events(mission)
        assert [one.date for one in events] == sorted(one.date for one in events)
        clock = mission_clock(mission)
        for one in events:
            if one.sol is not None:
                day = datetime.fromisoformat(f"{one.date}T00:00:00+00:00")
                sols = [clock.from_utc(day + timedelta(hours=hours))[0] for hours in (0, 24, 48)]
                assert sols[0] <= one.sol <= sols[-1], one


def test_a_day_and_a_second_are_told_apart() -> None:
    landing, first_flight = (missions.event("m2020", id_) for id_ in ("landing", "first-flight"))
    assert (landing.precision, landing.utc_ns) == ("second", 1_613_681_028_818_000_000)
    assert (first_flight.precision, first_flight.utc_ns) == ("day", None)


def test_a_launch_whose_day_nobody_checked_is_not_verified() -> None:
    assert not missions.event("opportunity", "launch").is_verified


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: missions.place("m2020", "nowhere"), "unknown_place"),
        (lambda: missions.flight("m2020", 0), "unknown_flight"),
        (lambda: missions.flight("msl", 1), "unknown_flight"),
        (lambda: missions.sample("m2020", "x" * 200), "unknown_sample"),
        (lambda: missions.event("msl", "first-flight"), "unknown_event"),
        (lambda: missions.places("beagle2"), "unknown_mission"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(ask, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SolbookError) as caught:
        ask()
    assert caught.value.code == code
    assert caught.value.expected
    assert len(caught.value.found) <= 80
