"""`solbook time`: what it says of a time, of a sol, of files of times, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from solbook import clock
from tests.cli.test_commands import explained, succeeded
from tests.conftest import run_solbook

SUNSET = "2021-11-10T00:31:18Z"
NEW = ["utc", "sol", "lmst", "ltst", "ls_deg", "sun_az_deg", "sun_el_deg"]
BEFORE_EARTH_TABLES = "1900-06-01"


def run_time(*words: str) -> subprocess.CompletedProcess[str]:
    return run_solbook("time", *words, archive=Path("no-archive-is-needed"))


def in_json(*words: str) -> Any:
    return json.loads(succeeded(run_time(*words, "--json")))


def line_of(said: str, first: str) -> str:
    return next(line for line in said.splitlines() if line.strip().startswith(first))


# --- a time ------------------------------------------------------------------------------------


def test_a_time_of_the_earth() -> None:
    said = succeeded(run_time(SUNSET))
    assert line_of(said, "UTC") == f"  UTC             {SUNSET}"
    assert "2021-11-10T00:32:27.184" in line_of(said, "TT")
    assert "36, sol 268.18" in line_of(said, "Mars Year")
    assert "125.05°, northern summer" in line_of(said, "Ls")
    assert "12:53:34" in line_of(said, "MTC")
    assert "21 min 17.6 s leaving" in line_of(said, "light time")
    assert "10.80°" in line_of(said, "Sun-Earth-Mars")
    cells = line_of(said, "Perseverance").split()
    assert cells[1:6] == ["257", "18:03:17", "LMST", "18:28:28", "291.6°"]
    assert cells[6:] == ["+0.1°", "up", "287.7°", "+5.5°"]


def test_the_rows_are_of_every_mission_with_a_clock_and_stand_in_columns() -> None:
    said = succeeded(run_time(SUNSET))
    head = line_of(said, "sol  local time")
    rows = said.splitlines()[said.splitlines().index(head) + 1 :][: len(clock.MISSION_CLOCKS)]
    assert [row.split()[0] for row in rows][:3] == ["Perseverance", "Curiosity", "InSight"]
    assert {row.index(":") for row in rows} == {head.index("local time") + 2}
    assert {row.rindex("°") for row in rows} == {len(head) - 1}


def test_a_clock_that_is_not_published_has_a_mark_and_a_footnote() -> None:
    said = succeeded(run_time(SUNSET))
    for mission in ("Phoenix", "Pathfinder", "Zhurong"):
        assert "LMST* " in line_of(said, mission)
    for mission in ("Perseverance", "Spirit", "Viking 1"):
        assert "*" not in line_of(said, mission)
    assert "the mission's own clock is not published" in line_of(said, "*").lower()
    assert " 174+ " in line_of(said, "Zhurong")
    assert "count of sols is not known" in line_of(said, "+")
    alone = succeeded(run_time(SUNSET, "-m", "phoenix"))
    assert "*" in alone
    assert "+ The" not in alone
    assert "*" not in succeeded(run_time(SUNSET, "-m", "m2020"))


def test_missions_and_a_place_are_chosen() -> None:
    found = in_json(SUNSET, "-m", "curiosity", "--mission", "Viking 1", "-m", "msl")
    assert [place["mission"] for place in found["places"]] == ["msl", "viking1"]
    (here,) = in_json(SUNSET, "--lat", "18.4", "--lon", "-77.5")["places"]
    assert (here["name"], here["sol"], here["clock_source"]) == ("18.4 N, 77.5 W", None, "site")
    site = clock.Site(18.4, -77.5)
    assert here["lmst_s"] == site.lmst_s(SUNSET)
    assert here["sun_el_deg"] == site.sun(SUNSET).el_deg
    both = in_json(SUNSET, "--lat", "1", "--lon", "2", "-m", "msl")
    assert [place["mission"] for place in both["places"]] == ["msl", None]


def test_without_a_time_it_is_now() -> None:
    before = clock.parse_utc(in_json("now")["utc"])
    assert clock.parse_utc(in_json()["utc"]) >= before
    assert succeeded(run_time("-m", "m2020")).startswith("now: 20")


def test_a_solar_conjunction_is_told_with_its_span() -> None:
    said = line_of(succeeded(run_time("2021-10-08", "-m", "m2020")), "Sun-Earth-Mars")
    assert "solar conjunction: within 2° from 2021-10-02T" in said
    assert " to 2021-10-13T" in said
    span = in_json("2021-10-08")["solar_conjunction"]
    assert span["begins_utc"] < span["nearest_utc"] < span["ends_utc"]
    assert span["nearest_deg"] < 0.66
    assert in_json(SUNSET)["solar_conjunction"] is None


def test_json_has_stable_keys_and_units() -> None:
    found = in_json(SUNSET, "-m", "m2020")
    assert found["utc"] == "2021-11-10T00:31:18.000Z"
    assert found["tt"] == "2021-11-10T00:32:27.184"
    assert found["tt_minus_utc_s"] == 69.184
    assert found["tdb_s"] == pytest.approx(clock.tdb_from_utc(clock.parse_utc(SUNSET)), abs=1e-6)
    assert found["ls_deg"] == pytest.approx(125.05, abs=0.005)
    assert (found["mars_year"], found["season"], found["not_known"]) == (36, "northern summer", {})
    (row,) = found["places"]
    assert (row["sol"], row["lmst"], row["clock_kind"], row["landed"]) == (
        257,
        "18:03:17",
        "LMST",
        True,
    )
    assert row["lmst_s"] == pytest.approx(64997.618, abs=0.001)
    assert row["sun_up"] is True
    assert {"ltst_s", "sun_az_deg", "sun_el_deg", "earth_az_deg", "earth_el_deg"} <= set(row)


def test_several_times_are_a_list_and_tables_one_after_another() -> None:
    asked = ["2021-11-10 00:31", "UTC", "Sol-00257M18:03:17", "2021-11-11", "-m", "m2020"]
    found = in_json(*asked)
    assert [one["utc"][:19] for one in found] == [
        "2021-11-10T00:31:00",
        "2021-11-10T00:31:17",
        "2021-11-11T00:00:00",
    ]
    assert succeeded(run_time(*asked)).count("Sun-Earth-Mars") == 3


# --- a mission's time, a sol -------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("sol 257 18:03:17 of perseverance",),
        ("sol", "257", "18:03:17", "of", "Perseverance"),
        ("sol 257 18:03:17",),
        ("Perseverance", "sol", "257", "18:03:17"),
        ("Sol-00257M18:03:17",),
    ],
)
def test_a_mission_time_is_read_however_its_words_come(words: tuple[str, ...]) -> None:
    found = in_json(*words, "-m", "m2020")
    assert (found["asked"], found["utc"]) == (" ".join(words), "2021-11-10T00:31:17.365Z")
    assert found["whole_sol"] is None


def test_times_of_every_kind_follow_one_another() -> None:
    line = "2021-11-10 00:31 sol 257 18:03 of viking 1 10 Nov 2021 2021-314T00:31 now"
    found = in_json(*line.split(), "-m", "msl")
    assert [one["utc"][:16] for one in found[:-1]] == [
        "2021-11-10T00:31",
        "1977-04-10T15:46",
        "2021-11-10T00:00",
        "2021-11-10T00:31",
    ]
    assert found[-1]["asked"] == "now"


def test_a_sol_begins_and_ends_and_has_a_day() -> None:
    said = succeeded(run_time("sol 257 of perseverance"))
    assert said.startswith("Sol 257 of Perseverance\n")
    assert "2021-11-09T05:58:14Z  00:00:00" in line_of(said, "begins")
    assert "2021-11-10T06:37:49Z  24:00:00" in line_of(said, "ends")
    assert "2021-11-10T00:31:" in line_of(said, "sunset")
    assert "18:03:" in line_of(said, "sunset")
    found = in_json("sol 257 of perseverance")
    sol = found["whole_sol"]
    moments = [
        sol["begins_utc"],
        *(sol[name]["utc"] for name in ("civil_dawn", "sunrise", "noon", "sunset", "civil_dusk")),
        sol["ends_utc"],
    ]
    assert moments == sorted(moments)
    assert sol["begins_utc"].startswith("2021-11-09T05:58:13.5")
    assert sol["sunset"]["lmst_s"] == pytest.approx(65_018, abs=1)
    assert sol["sun_stays"] == sol["civil_twilight_stays"] == ""
    assert found["places"][0]["lmst"] == "12:00:00"


def test_where_the_sun_stays_up_it_does_not_rise() -> None:
    said = succeeded(run_time("sol 10 of phoenix"))
    assert "the Sun stays up" in line_of(said, "sunrise")
    assert "the Sun stays up" in line_of(said, "sunset")
    assert "does not get darker" in line_of(said, "civil dusk")
    sol = in_json("sol 10 of phoenix")["whole_sol"]
    assert (sol["sunrise"], sol["sunset"], sol["sun_stays"]) == (None, None, "up")
    assert sol["noon"] is not None


# --- beyond what is known ----------------------------------------------------------------------


def test_before_the_landing_there_are_no_sols() -> None:
    said = succeeded(run_time("2021-02-01", "-m", "m2020", "-m", "msl"))
    assert "not landed" in line_of(said, "Perseverance")
    assert "LMST" in line_of(said, "Curiosity")
    row = in_json("2021-02-01", "-m", "m2020")["places"][0]
    assert (row["landed"], row["sol"], row["lmst"], row["lmst_s"]) == (False, None, None, None)
    assert row["sun_el_deg"] is not None


def test_beyond_the_tables_a_dash_says_why() -> None:
    said = succeeded(run_time(BEFORE_EARTH_TABLES, "-m", "m2020"))
    for label in ("Mars Year", "to the Earth", "light time", "Sun-Earth-Mars"):
        assert "\N{EN DASH}  known only for a time from 196" in line_of(said, label)
    assert "296.63°" in line_of(said, "Ls")
    assert "The Earth: known only for" in said
    found = in_json(BEFORE_EARTH_TABLES, "-m", "m2020")
    assert found["mars_year"] is found["light_time_leaving_s"] is found["solar_conjunction"] is None
    assert found["places"][0]["earth_el_deg"] is None
    assert found["places"][0]["sun_el_deg"] is not None
    assert "1960-01-01" in found["not_known"]["earth_distance_au"]


def test_beyond_the_closed_form_the_sun_is_not_known_either() -> None:
    found = in_json("1800-01-01", "2200-01-01", "-m", "m2020")
    for one, landed in zip(found, (False, True), strict=True):
        assert one["ls_deg"] is one["season"] is one["sun_distance_au"] is None
        assert one["msd"] != 0
        row = one["places"][0]
        assert row["landed"] is landed
        assert row["ltst"] is row["sun_el_deg"] is row["sun_up"] is None
    said = succeeded(run_time("sol 40000", "-m", "m2020"))
    assert "known only for" in line_of(said, "sunrise")
    assert "2133-08-29T20:00:16Z" in line_of(said, "begins")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("Sol-12M25:61",), "Not a time of the sol"),
        (("sol 257 24:00",), "Not a time of the sol"),
        (("sol 257 18:60",), "Not a time of the sol"),
        (("sol", "ten"), "Not a sol"),
        (("sol",), "Not a sol"),
        (("sol 0 of spirit",), "Spirit had not landed"),
        (("sol -3",), "Perseverance had not landed"),
        (("sol 99999",), "out of range"),
        (("sol 5 of viking",), "No sol clock"),
        (("3000-01-01",), "out of range"),
        (("1600-01-01",), "out of range"),
        (("2021-13-01",), "Not a UTC time"),
        (("2016-12-31T23:59:60Z",), "leap second"),
        (("2021-366",), "no such day of the year"),
        (("2021-11-10+05:00",), "Not a UTC time"),
        (("12:00",), "Not a time"),
        (("tomorrow",), "Not a time"),
        (("257",), "not clear what time this number"),
        (("20211110",), "not clear what time this number"),
        (("sol 257", "-m", "msl"), "not clear whose sol"),
        (("sol 257", "-m", "m2020", "-m", "msl"), "not clear whose sol"),
        (("now", "-m", "beagle"), "No sol clock"),
        (("--lat", "4", "--lon", "400"), "east longitude is out of range"),
        (("--lat", "91", "--lon", "4"), "latitude is out of range"),
        (("--lat", "4"), "do not go together"),
        (("--column", "utc"), "do not go together"),
        (("now", "--file", "-"), "do not go together"),
        (("--file", "-", "-m", "msl", "-m", "m2020"), "do not go together"),
        (("--file", "-", "--json"), "do not go together"),
        (("--file", "there-is-no-such-file"), "cannot be read"),
    ],
)
def test_what_cannot_be_told_is_explained(words: tuple[str, ...], message: str) -> None:
    assert message in explained(run_time(*words)).splitlines()[0]


# --- files -------------------------------------------------------------------------------------


def converted(text: str | bytes, folder: Path, *words: str, code: int = 0) -> tuple[Any, str]:
    """The rows that come out for a file, header first, and what is said of it."""
    path = folder / "times"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run_time("--file", str(path), *words)
    assert done.returncode == code, done.stderr
    return list(csv.reader(io.StringIO(done.stdout))), done.stderr


def test_a_file_of_times_is_converted(tmp_path: Path) -> None:
    given_lines = [
        SUNSET,
        "2021-11-10 00:31:18 UTC",
        "1636504278",
        "1636504278.25",
        "1.6365e9",
        "2021-314T00:31:18",
        "10 Nov 2021 00:31:18",
    ]
    rows, said = converted("\n".join(given_lines), tmp_path)
    assert said == ""
    assert rows[0] == ["time", *NEW]
    assert [row[0] for row in rows[1:]] == given_lines
    assert rows[1][1:] == [
        "2021-11-10T00:31:18.000Z",
        "257",
        "18:03:17.617",
        "18:28:28.706",
        "125.04818",
        "291.55252",
        "0.07757",
    ]
    for same in (2, 3, 6, 7):
        assert rows[same][1:] == rows[1][1:]
    assert rows[4][1] == "2021-11-10T00:31:18.250Z"
    assert rows[5][1] == "2021-11-09T23:20:00.000Z"


def test_a_file_agrees_with_the_clock_time_by_time(tmp_path: Path) -> None:
    times = [f"{year}-03-04T05:06:07.891Z" for year in range(1875, 2127, 3)]
    rows, _ = converted("\n".join(times), tmp_path, "-m", "insight")
    own_clock, site = clock.mission_clock("insight"), clock.landing_site("insight")
    for time, row in zip(times, rows[1:], strict=True):
        utc_ns = clock.parse_utc(time)
        sol, lmst_s = own_clock.from_utc(utc_ns)
        landed = sol >= own_clock.first_sol
        assert row[1] == clock.format_utc(utc_ns)
        assert row[2:4] == ([str(sol), clock.format_lmst(lmst_s, 3)] if landed else ["", ""])
        assert row[4][:8] == clock.format_lmst(site.ltst_s(utc_ns))
        assert float(row[5]) == pytest.approx(clock.ls_deg(utc_ns), abs=6e-6)
        assert float(row[7]) == pytest.approx(site.sun(utc_ns).el_deg, abs=6e-6)


def test_a_line_that_is_no_time_is_counted_and_named(tmp_path: Path) -> None:
    lines = ['a, "title"', SUNSET, "", "2021-13-01", "nan", "1636504278000", "now", "sol 257"]
    rows, said = converted("\r\n".join(lines), tmp_path, code=3)
    assert [row[0] for row in rows[1:]] == lines
    assert [row[2] for row in rows[1:]] == ["", "257", *[""] * 6]
    assert all(row[1:] == [""] * 7 for row in (rows[1], *rows[3:]))
    assert said.startswith("error 7 lines without a time")
    assert "line 1: 'a, \"title\"'; line 3: ''; line 4: '2021-13-01'" in said
    assert "and 2 more" in said


def test_csv_keeps_its_columns(tmp_path: Path) -> None:
    text = (
        b"\xef\xbb\xbfid,utc,note\n"
        b'1,2021-11-10T00:31:18Z,"a, ""b"""\n'
        b'2,1636504278,"two\nlines"\n'
        b"3,2021-11-10\n"
        b"4,2021-11-10,x,too many\n"
        b"5\n"
    )
    rows, said = converted(text, tmp_path, "--column", "utc", "-m", "msl", code=3)
    assert rows[0] == ["id", "utc", "note", "utc_2", *NEW[1:]]
    assert rows[1][:5] == ["1", SUNSET, 'a, "b"', "2021-11-10T00:31:18.000Z", "3292"]
    assert rows[2][2] == "two\nlines"
    assert rows[2][3:] == rows[1][3:]
    assert rows[3][2:5] == ["", "2021-11-10T00:00:00.000Z", "3292"]
    assert rows[4] == ["4", "2021-11-10", "x", "too many", *[""] * 7]
    assert rows[5] == ["5", *[""] * 9]
    assert "line 6: 4 fields; line 7: 1 fields" in said


def test_a_column_must_be_there_once(tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    for text, words in (("a,b\n", "found: when"), ("when,when\n", "found: when"), ("", "first")):
        path.write_text(text)
        done = run_time("--file", str(path), "--column", "when")
        assert words in explained(done)


def test_times_of_any_year_go_through(tmp_path: Path) -> None:
    # Nothing is made up for times before the landing or beyond the years of the Sun.
    rows, said = converted("1735-01-01\n1900-01-01\n2200-01-01\n2021-02-18", tmp_path)
    assert said == ""
    assert rows[1][1:] == ["1735-01-01T00:00:00.000Z", *[""] * 6]
    assert rows[2][2:4] == ["", ""]
    assert rows[2][5] == "202.59239"
    assert rows[3][2] != ""
    assert rows[3][4:] == [""] * 4
    assert rows[4][2:4] == ["", ""]


def test_a_file_is_read_from_standard_input_in_blocks(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from solbook.cli import times_file

    class Piped:
        buffer = io.BytesIO(b"".join(b"%d\n" % (1_636_504_278 + at) for at in range(10)) + b"\xff")

    monkeypatch.setattr(times_file, "BLOCK", 4)
    monkeypatch.setattr("sys.stdin", Piped)
    left_out = times_file.convert_file("-", "m2020", None)
    assert str(left_out).startswith("1 line without")
    lines = capsysbinary.readouterr().out.splitlines()
    assert len(lines) == 12
    assert lines[10].startswith(b"1636504287,2021-11-10T00:31:27.000Z,257,18:03:26.")
    # What is no UTF-8 comes out as it went in.
    assert lines[11] == b"\xff,,,,,,,"
