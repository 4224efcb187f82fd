"""The missions and their cameras."""

from __future__ import annotations

import csv
import doctest
import json
from datetime import date
from pathlib import Path

import pytest

from solbook import clock, missions
from solbook.errors import SolbookError
from solbook.missions.tables import read_table


def test_every_row_of_every_table_has_a_source_and_a_confidence() -> None:
    for name in ("missions", "cameras", "photos_v1_rovers", "photos_v1_cameras"):
        rows = read_table(f"{name}.csv")
        assert rows
        for row in rows:
            assert row["source"].strip(), row
            assert row["confidence"].strip(), row
            assert None not in row.values()
            assert None not in row


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(missions).failed == 0
    assert doctest.testmod(missions).attempted >= 3


REAL = ["m2020", "msl", "insight", "spirit", "opportunity"]


def test_the_five_missions() -> None:
    assert [known.id for known in missions.real_missions()] == REAL
    perseverance = missions.mission("m2020")
    assert perseverance.name == "Perseverance"
    assert perseverance.parts == ("Ingenuity",)
    assert perseverance.launch_date == date(2020, 7, 30)
    assert perseverance.landing_date == date(2021, 2, 18)
    assert perseverance.landing_utc_ns == 1_613_681_028_817_500_000
    assert perseverance.end_date is None
    assert missions.mission("insight").kind == "lander"
    assert missions.mission("insight").end_date == date(2022, 12, 21)


def test_landing_times_that_no_source_gives_stay_unknown() -> None:
    assert missions.mission("spirit").landing_utc_ns is None
    assert missions.mission("spirit").landing_date == date(2004, 1, 4)
    assert not missions.mission("opportunity").is_verified


def test_the_rehearsal_is_a_mission_that_says_it_is_simulated() -> None:
    assert list(missions.MISSIONS) == [*REAL, "rehearsal"]
    rehearsal = missions.mission("rehearsal")
    assert rehearsal.simulated
    assert not rehearsal.is_active
    assert rehearsal.launch_date is None
    assert (rehearsal.name, rehearsal.kind, rehearsal.agency) == ("Rehearsal", "rover", "Solbook")
    assert rehearsal.source.startswith("Solbook: simulated")
    assert "nothing ever landed" in rehearsal.source
    assert (rehearsal.lat_deg, rehearsal.lon_e_deg) == (-23.9, 326.5)
    assert all(not known.simulated for known in missions.real_missions())
    assert {m.id for m in missions.real_missions() if m.is_active} == {"m2020", "msl"}


def test_who_asks_for_a_mission_that_is_none_is_told_of_the_real_ones() -> None:
    with pytest.raises(SolbookError) as caught:
        missions.mission("beagle2")
    assert caught.value.expected == ", ".join(REAL)


def test_clocks_and_facts_agree_on_what_is_simulated_and_where() -> None:
    for known in missions.MISSIONS.values():
        assert known.clock.simulated == known.simulated
        assert known.clock.name == known.name
    site = clock.landing_site("rehearsal")
    facts = missions.mission("rehearsal")
    place = clock.Site.from_areocentric(facts.lat_deg, facts.lon_e_deg)
    assert (site.lat_deg, site.lon_e_deg) == (place.lat_deg, place.lon_e_deg)


def test_the_cameras_of_the_rehearsal_are_named_as_perseverance_s() -> None:
    for camera in missions.cameras("rehearsal"):
        assert camera.source == "Solbook: simulated"
        model = missions.camera("m2020", camera.code)
        assert model is not None, camera.code
        assert camera.colour == model.colour
        if camera.group != "Helicopter":
            assert (camera.name, camera.full_name, camera.group) == (
                model.name,
                model.full_name,
                model.group,
            )
    assert len(missions.cameras("rehearsal")) == 11


def test_each_mission_has_the_clock_that_it_landed_by() -> None:
    for known in missions.MISSIONS.values():
        assert known.clock.mission == known.id
        if known.landing_utc_ns is not None:
            assert known.clock.from_utc(known.landing_utc_ns)[0] == known.clock.first_sol


def test_the_sites_are_those_of_the_spice_reference(shared_data: Path) -> None:
    with (shared_data / "truth" / "spice_sites_6000.csv").open(newline="") as lines:
        sites = {row["site"]: row for row in csv.DictReader(lines)}
    for known in missions.real_missions():
        site = sites[known.name]
        assert known.lat_deg == pytest.approx(float(site["lat_centric"]), abs=1e-4)
        assert known.lon_e_deg == pytest.approx(float(site["lon_e"]), abs=1e-3)


def test_an_unknown_mission_is_refused_and_an_unknown_camera_is_not() -> None:
    with pytest.raises(SolbookError) as caught:
        missions.mission("zhurong")
    assert caught.value.code == "unknown_mission"
    with pytest.raises(SolbookError):
        missions.cameras("zhurong")
    assert missions.camera("zhurong", "NAVCAM_LEFT") is None
    assert missions.camera("m2020", "NEW_CAMERA") is None


def test_codes_are_found_in_either_case_and_by_alias() -> None:
    icc = missions.camera("insight", "icc")
    assert icc is not None
    assert icc.code == "ICC"
    imager = missions.camera("spirit", "MINITES")
    assert imager is not None
    assert imager is missions.camera("spirit", "m")
    assert imager.name == "Microscopic Imager"


def test_names_and_codes_are_unique_within_a_mission() -> None:
    for mission_id in missions.MISSIONS:
        cameras = missions.cameras(mission_id)
        assert cameras
        assert len({camera.name for camera in cameras}) == len(cameras)
        codes = [code for camera in cameras for code in (camera.code, *camera.aliases)]
        assert len(set(codes)) == len(codes)
        assert all(camera.group for camera in cameras)


def test_blank_and_unverified_numbers_are_told_apart() -> None:
    watson = missions.camera("m2020", "SHERLOC_WATSON")
    assert watson is not None
    assert watson.field_of_view is None
    assert not watson.is_verified
    navcam = missions.camera("m2020", "NAVCAM_LEFT")
    assert navcam is not None
    assert navcam.is_verified
    assert navcam.group == "Navcam"


def test_every_fact_of_the_camera_table_is_carried(shared_data: Path) -> None:
    with (shared_data / "facts" / "cameras.csv").open(newline="") as lines:
        facts = list(csv.DictReader(lines))
    ids = {
        "M2020": ("m2020",),
        "Ingenuity": ("m2020",),
        "MSL": ("msl",),
        "InSight": ("insight",),
        "MER": ("spirit", "opportunity"),
    }
    seen = set()
    for fact in facts:
        for mission_id in ids[fact["mission"]]:
            for code in fact["feed_code"].split("|"):
                camera = missions.camera(mission_id, code.partition(" ")[0])
                assert camera is not None, code
                assert camera.full_name == fact["full_name"]
                assert camera.source == fact["source"]
                assert camera.confidence == fact["confidence"]
                seen.add(camera)
    assert seen == {c for known in missions.real_missions() for c in missions.cameras(known.id)}


def test_every_camera_of_the_recorded_feeds_is_known(shared_data: Path) -> None:
    feed = shared_data / "data" / "01_m2020_feed"
    records = json.loads((feed / "rss_feed_sol2_sol4_1196.json").read_text())
    records += json.loads((feed / "sample_rss_response_sol23_24_100.json").read_text())["images"]
    records += [json.loads(path.read_text()) for path in (feed / "navcam_sidecars").iterdir()]
    assert len(records) == 1341
    for record in records:
        assert missions.camera("m2020", record["camera"]["instrument"]) is not None
    for path in (shared_data / "data" / "02_other_feeds").glob("*.json"):
        page = json.loads(path.read_text())
        for record in page.get("items", [page]):
            mission_id = record.get("mission", "msl")
            assert missions.camera(mission_id, record["instrument"]) is not None
