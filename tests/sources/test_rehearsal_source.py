"""The rehearsal's records: read by the class of the M2020 feed, and never taken for another's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from solbook.archive import Archive, frames
from solbook.archive.overview import mission_counts, quarantined, source_counts
from solbook.clock import landing_site, mission_clock
from solbook.jobs import ingest, ingest_saved
from solbook.records import SourcePage
from solbook.sources import SOURCES, M2020Feed, recognise, source_named
from tests.simulated import simulated_record

Record = dict[str, Any]


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[Record]:
    """A hundred recorded records of sols 23 and 24."""
    path = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    loaded: list[Record] = json.loads(path.read_text())["images"]
    return loaded


@pytest.fixture(scope="module")
def simulated(records: list[Record]) -> list[Record]:
    """The same as the rehearsal's: every product id is that of a real frame."""
    return [simulated_record(record) for record in records]


def read(source: str, body: object) -> SourcePage:
    return SOURCES[source].read_page(json.dumps(body).encode(), "a test")


def saved(folder: Path, name: str, records: list[Record]) -> Path:
    path = folder / name
    path.write_text(json.dumps({"images": records, "total_results": len(records)}))
    return path


# --- reading -----------------------------------------------------------------------------------


def test_one_class_reads_both_missions() -> None:
    assert type(SOURCES["rehearsal"]) is type(SOURCES["m2020"]) is M2020Feed
    feed = SOURCES["rehearsal"]
    assert isinstance(feed, M2020Feed)
    assert feed.address(0, 11).startswith("https://rehearsal.invalid/rss/api/?feed=raw_images")
    assert M2020Feed().address().startswith("https://mars.nasa.gov/rss/api/?")


def test_records_become_frames_of_the_rehearsal_as_of_perseverance(
    records: list[Record], simulated: list[Record]
) -> None:
    real, page = read("m2020", records), read("rehearsal", simulated)
    assert page.rejected == []
    assert page.source == "rehearsal"
    differing = {"mission", "source", "title", "caption", "credit", "page_url", "exposure"}
    differing |= {"utc_ns", "upstream_utc_ns", "received_ns", "assets", "upstream"}
    differing |= {"ltst_s", "ls_deg", "sun_az_deg", "sun_el_deg", "sun_site"}
    for frame, model in zip(page.frames, real.frames, strict=True):
        assert (frame.mission, frame.source) == ("rehearsal", "rehearsal")
        assert frame.id == f"rehearsal/{model.product_id}"
        assert frame.flags == ()
        assert len(frame.assets) == len(model.assets)
        for name in set(frame.__struct_fields__) - differing:
            assert getattr(frame, name) == getattr(model, name), name


def test_times_are_those_of_the_rehearsal_s_clock_and_place(simulated: list[Record]) -> None:
    clock, site = mission_clock("rehearsal"), landing_site("rehearsal")
    for frame in read("rehearsal", simulated).frames:
        assert frame.utc_ns is not None
        assert frame.lmst_s is not None
        assert frame.utc_source == "mission-clock"
        sol, lmst_s = clock.from_utc(frame.utc_ns)
        assert (sol, lmst_s) == (frame.sol, pytest.approx(frame.lmst_s, abs=1e-3))
        # Its route is not known, so the Sun is seen from where it landed.
        assert frame.sun_site == "landing site"
        assert frame.sun_el_deg == pytest.approx(site.sun(frame.utc_ns).el_deg, abs=1e-5)


# --- telling pages apart -----------------------------------------------------------------------


def test_a_page_is_recognised_as_the_mission_s_it_is_of(
    records: list[Record], simulated: list[Record]
) -> None:
    for name, of in (("m2020", records), ("rehearsal", simulated)):
        for body in ({"images": of}, of, of[0], {"image": [of[0]]}):
            for text in (json.dumps(body), json.dumps(body, indent=2)):
                # Some servers write a slash with a backslash.
                for spelled in (text, text.replace("/", "\\/")):
                    assert [s.name for s in SOURCES.values() if s.recognises(spelled.encode())] == [
                        name
                    ]


def test_a_real_record_that_names_the_rehearsal_stays_real(records: list[Record]) -> None:
    told = records[0] | {"caption": "See https://rehearsal.invalid/ for what it is not."}
    body = json.dumps({"images": [told]}).encode()
    assert recognise(body) is SOURCES["m2020"]
    assert len(read("m2020", [told]).frames) == 1


def test_a_damaged_page_is_recognised_by_its_first_records(simulated: list[Record]) -> None:
    body = json.dumps({"images": simulated}).encode()
    cut = body[: len(body) // 2]
    assert recognise(cut) is SOURCES["rehearsal"]
    page = SOURCES["rehearsal"].read_page(cut, "a test")
    assert len(page.frames) > 30
    assert len(page.rejected) == 1


# --- telling records apart ---------------------------------------------------------------------


def test_each_refuses_the_other_s_records(records: list[Record], simulated: list[Record]) -> None:
    for source, others, reason in (
        ("m2020", simulated, "one of a simulated mission"),
        ("rehearsal", records, "not one of a simulated mission"),
    ):
        page = read(source, others)
        assert page.frames == []
        assert len(page.rejected) == len(others)
        for position, rejected in enumerate(page.rejected):
            assert rejected.position == position
            assert reason in rejected.reason
            assert rejected.found
            assert rejected.expected
            assert json.loads(rejected.upstream) == others[position]


@pytest.mark.parametrize(
    "change",
    [
        {"credit": "NASA/JPL-Caltech"},
        {"credit": "UNK"},
        {"credit": None},
        {"image_files": {"full_res": "https://mars.nasa.gov/a.png"}},
        {"image_files": {"full_res": "https://rehearsal.invalid.example.org/a.png"}},
    ],
)
def test_a_record_that_says_both_is_nobody_s(simulated: list[Record], change: Record) -> None:
    half = simulated[0] | change
    assert read("m2020", [half]).frames == []
    assert read("rehearsal", [half]).frames == []


def test_one_file_elsewhere_is_enough_to_refuse(simulated: list[Record]) -> None:
    files = simulated[0]["image_files"] | {"small": "https://mars.nasa.gov/a_320.jpg"}
    mixed = simulated[0] | {"image_files": files}
    assert read("m2020", [mixed]).frames == []
    assert read("rehearsal", [mixed]).frames == []


def test_a_record_that_says_nothing_is_not_the_rehearsal_s(records: list[Record]) -> None:
    bare = records[0] | {"credit": "UNK", "image_files": {}}
    assert len(read("m2020", [bare]).frames) == 1
    assert read("rehearsal", [bare]).frames == []


@pytest.mark.parametrize("host", ["rehearsal.invalid", "REHEARSAL.Invalid", "rehearsal.invalid:80"])
def test_the_host_is_known_however_it_is_written(simulated: list[Record], host: str) -> None:
    files = {"full_res": f"HTTPS://{host}/pub/{simulated[0]['imageid']}.png"}
    assert read("m2020", [simulated[0] | {"image_files": files, "credit": "x"}]).frames == []
    assert len(read("rehearsal", [simulated[0] | {"image_files": files}]).frames) == 1


# --- in an archive -----------------------------------------------------------------------------


def test_an_ingest_of_the_wrong_mission_stores_nothing(
    archive: Archive, records: list[Record], simulated: list[Record], tmp_path: Path
) -> None:
    for source, others in (("m2020", simulated), ("rehearsal", records)):
        path = saved(tmp_path, f"{source}.json", others)
        report = ingest(archive, source_named(source), str(path))
        assert (report.tally.new, report.tally.quarantined) == (0, len(others))
    with archive.reading() as connection:
        assert mission_counts(connection) == []
        assert frames.latest_frames(connection, 10) == []
        reasons = {(row.source, row.reason) for row in quarantined(connection, 1000)}
    assert reasons == {
        ("m2020", "The record is one of a simulated mission."),
        ("rehearsal", "The record is not one of a simulated mission."),
    }


def test_a_page_of_both_lands_only_its_own(
    archive: Archive, records: list[Record], simulated: list[Record], tmp_path: Path
) -> None:
    path = saved(tmp_path, "page.json", [*records[:3], *simulated[3:5]])
    for source, landed in (("m2020", 3), ("rehearsal", 2)):
        report = ingest(archive, source_named(source), str(path))
        assert (report.tally.new, report.tally.quarantined) == (landed, 5 - landed)
    with archive.reading() as connection:
        counts = {count.mission: count.frames for count in mission_counts(connection)}
    assert counts == {"m2020": 3, "rehearsal": 2}


def test_in_a_folder_each_takes_its_own_pages(
    archive: Archive, records: list[Record], simulated: list[Record], tmp_path: Path
) -> None:
    real, made = saved(tmp_path, "a.json", records), saved(tmp_path, "b.json", simulated)
    for source, other in (("m2020", made), ("rehearsal", real)):
        report = ingest(archive, source_named(source), str(tmp_path))
        assert report.passed_over == [other]
        assert (report.tally.new, report.tally.quarantined) == (100, 0)


def test_saved_data_is_sorted_by_mission(
    archive: Archive, records: list[Record], simulated: list[Record], tmp_path: Path
) -> None:
    saved(tmp_path, "a.json", simulated)
    saved(tmp_path, "b.json", records)
    reports, _, unrecognised = ingest_saved(archive, tmp_path)
    assert [(r.source, r.tally.new, r.tally.quarantined) for r in reports] == [
        ("m2020", 100, 0),
        ("rehearsal", 100, 0),
    ]
    assert unrecognised == []
    with archive.reading() as connection:
        assert {c.source: c.frames for c in source_counts(connection)} == {
            "m2020": 100,
            "rehearsal": 100,
        }


def test_frames_of_two_missions_with_one_name_have_nothing_in_common(
    archive: Archive, records: list[Record], simulated: list[Record], tmp_path: Path
) -> None:
    for source, of in (("m2020", records), ("rehearsal", simulated)):
        ingest(archive, source_named(source), str(saved(tmp_path, "page.json", of)))
    joined = 0
    with archive.reading() as connection:
        for record in records:
            pair = [
                frames.find_frame(connection, record["imageid"], mission)
                for mission in ("m2020", "rehearsal")
            ]
            real, made = pair
            assert real is not None
            assert made is not None
            if real.exposure is not None:
                assert made.exposure is not None
                assert made.exposure != real.exposure
                assert made.exposure.partition(":")[2] == real.exposure.partition(":")[2]
            for frame in (real, made):
                beside = frames.exposure_of(connection, frame)
                near = [f for f in frames.neighbours(connection, frame) if f is not None]
                assert {f.mission for f in (*beside, *near)} <= {frame.mission}
                joined += len(beside)
            # Without a mission such a name is nobody's.
            assert frames.find_frame(connection, record["imageid"]) is None
    assert joined > 0


def test_the_newest_frames_are_real_ones_where_there_are_any(
    archive: Archive, records: list[Record], simulated: list[Record], tmp_path: Path
) -> None:
    ingest(archive, source_named("rehearsal"), str(saved(tmp_path, "page.json", simulated)))
    with archive.reading() as connection:
        assert {f.mission for f in frames.latest_frames(connection, 200)} == {"rehearsal"}
    # These came down in 2021, long before what is simulated for 2025.
    ingest(archive, source_named("m2020"), str(saved(tmp_path, "page.json", records)))
    with archive.reading() as connection:
        assert {f.mission for f in frames.latest_frames(connection, 200)} == {"m2020"}
