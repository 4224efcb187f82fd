"""The sol clocks against the missions' own local times."""

from __future__ import annotations

import csv
import doctest
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import clock
from solbook.clock import MISSION_CLOCKS, SIMULATED_CLOCKS, Site, mission_clock
from solbook.clock.leap_seconds import NS_PER_S
from solbook.errors import SolbookError

MISSIONS = st.sampled_from(sorted(MISSION_CLOCKS))
_SITES_CSV = (files("solbook.clock") / "data" / "sites.csv").read_text(encoding="utf-8")
_CLOCKS_CSV = (files("solbook.clock") / "data" / "mission_clocks.csv").read_text(encoding="utf-8")
_CLOCK_ROWS = list(csv.DictReader(_CLOCKS_CSV.splitlines()))
SITES = {row["mission"]: row for row in csv.DictReader(_SITES_CSV.splitlines())}
# 1972 to 2096.
UTC_NS = st.integers(min_value=63_072_000 * NS_PER_S, max_value=4 * 10**18)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def error_both_ways_s(mission: str, mars: str, utc_ns: int) -> float:
    """The larger error of local time to UTC and of UTC to local time, SI seconds."""
    sols = mission_clock(mission)
    sol, lmst_s = clock.parse_lmst(mars)
    back_sol, back_s = sols.from_utc(utc_ns)
    local_s = (back_sol - sol) * clock.LMST_S_PER_SOL + back_s - lmst_s
    there_s = (sols.to_utc(sol, lmst_s) - utc_ns) / NS_PER_S
    return max(abs(there_s), abs(local_s) * sols.sol_length_s / clock.LMST_S_PER_SOL)


def test_perseverance_within_2_ms_of_nasas_own_times(shared_data: Path) -> None:
    """The local time belongs to the clock in the file name, the UTC to `extended.sclk`."""
    table = rows(shared_data / "truth" / "nasa_utc_lmst_pairs.csv")
    table = [row for row in table if row["mission"] == "M2020"]
    assert len(table) == 46
    folder = shared_data / "data" / "03_pixels" / "mars_raw_utils_testdata"
    for row in table:
        ext_sclk_s = row["ext_sclk"]
        if not ext_sclk_s:  # the table left it out; the frame's own metadata has it
            metadata = json.loads((folder / f"{row['product']}01-metadata.json").read_text())
            ext_sclk_s = metadata["sclk"]
        later_s = float(ext_sclk_s) - float(row["fn_sclk"])
        utc_ns = clock.parse_utc(row["utc"]) - round(later_s * NS_PER_S)
        assert error_both_ways_s("m2020", row["mars"], utc_ns) <= 0.002, row["product"]


def test_curiosity_within_a_second_of_its_labels(shared_data: Path) -> None:
    table = rows(shared_data / "truth" / "nasa_utc_lmst_pairs.csv")
    table = [row for row in table if row["mission"] == "MSL"]
    assert len(table) == 7
    for row in table:
        utc_ns = clock.parse_utc(row["utc"])
        assert error_both_ways_s("msl", row["mars"], utc_ns) <= 1.0, row["product"]


def test_local_times_of_naifs_own_kernels(shared_data: Path) -> None:
    for row in rows(shared_data / "truth" / "label_sclk_lmst_checks.csv"):
        sol, hours, minutes, seconds, ticks = map(
            int, row["lmst_from_naif_lmst_kernel"].removeprefix("1/").split(":")
        )
        stated_s = hours * 3600 + minutes * 60 + seconds + ticks * 1e-5
        utc_ns = clock.parse_utc(row["utc_from_naif_sclk_kernel"])
        ours = mission_clock(row["mission"].lower()).from_utc(utc_ns)
        assert ours[0] == sol
        assert ours[1] == pytest.approx(stated_s, abs=0.0006)  # the UTC has three digits


@pytest.mark.parametrize("mission", ["m2020", "msl", "insight"])
def test_sol_numbers_of_the_spice_reference(shared_data: Path, mission: str) -> None:
    table = rows(shared_data / "truth" / "spice_planet_2000.csv")
    sol, lmst_s = mission_clock(mission).from_utc([clock.parse_utc(row["utc"]) for row in table])
    for row, ours in zip(table, sol + lmst_s / clock.LMST_S_PER_SOL, strict=True):
        stated = row[f"lmst_{mission}_sol"]
        digits = len(stated.partition(".")[2])
        assert ours == pytest.approx(float(stated), abs=0.51 * 10.0**-digits)


@pytest.mark.parametrize("mission", ["spirit", "opportunity"])
def test_spirit_and_opportunity_within_3_s_of_their_timetable(
    shared_data: Path, mission: str
) -> None:
    table = rows(shared_data / "truth" / "mer_timetable.csv")
    table = [row for row in table if row["rover"] == mission]
    assert len(table) > 400
    for row in table:
        sol, local = row["hlst"].split(":", maxsplit=1)
        utc_ns = clock.parse_utc(row["utc"])
        assert error_both_ways_s(mission, f"Sol-{sol}M{local}", utc_ns) <= 3.0, row["sol"]


def test_landing_of_perseverance_is_in_the_afternoon_of_sol_0() -> None:
    sol, lmst_s = mission_clock("m2020").from_utc(clock.parse_utc("2021-02-18T20:43:48.8175"))
    assert sol == 0
    assert clock.format_lmst(lmst_s).startswith("15:53")


def test_the_mer_clocks_count_from_sol_1_and_say_so() -> None:
    for mission in ("spirit", "opportunity"):
        sols = mission_clock(mission)
        assert (sols.kind, sols.first_sol) == ("HLST", 1)
        assert sols.from_utc(clock.utc_from_tdb(sols.epoch_tdb_s) + 1000)[0] == 1


@given(MISSIONS, UTC_NS)
def test_utc_to_sol_and_back(mission: str, utc_ns: int) -> None:
    sols = mission_clock(mission)
    sol, lmst_s = sols.from_utc(utc_ns)
    assert 0.0 <= lmst_s < clock.LMST_S_PER_SOL
    assert abs(sols.to_utc(sol, lmst_s) - utc_ns) <= 2
    assert sols.sol_start_utc(sol) <= utc_ns + 2
    assert utc_ns < sols.sol_start_utc(sol + 1) + 2


@given(
    MISSIONS,
    st.integers(0, 20_000),
    st.floats(min_value=0, max_value=86_399.999_999),
)
def test_sol_to_utc_and_back(mission: str, sol: int, lmst_s: float) -> None:
    sols = mission_clock(mission)
    back_sol, back_s = sols.from_utc(sols.to_utc(sol, lmst_s))
    elapsed_s = (back_sol - sol) * clock.LMST_S_PER_SOL + back_s - lmst_s
    assert abs(elapsed_s) <= 1e-6


@given(MISSIONS, st.lists(UTC_NS, min_size=1, max_size=10))
def test_numbers_lists_and_arrays_agree(mission: str, utc_ns: list[int]) -> None:
    sols = mission_clock(mission)
    sol, lmst_s = sols.from_utc(utc_ns)
    assert sol.dtype == np.int64
    assert lmst_s.dtype == np.float64
    array_sol, array_s = sols.from_utc(np.array(utc_ns))
    assert np.array_equal(array_sol, sol)
    assert np.array_equal(array_s, lmst_s)
    utc_back = np.asarray(sols.to_utc(sol, lmst_s))
    assert np.max(np.abs(utc_back - np.array(utc_ns))) <= 2
    for one_ns, array_back in zip(utc_ns, utc_back.tolist(), strict=True):
        one_sol, one_s = sols.from_utc(one_ns)
        assert isinstance(one_sol, int)
        assert isinstance(one_s, float)
        assert abs(sols.to_utc(one_sol, one_s) - array_back) <= 2
    starts = sols.sol_start_utc([0, 1, 2])
    assert starts.tolist() == [sols.sol_start_utc(n) for n in (0, 1, 2)]


@given(MISSIONS, st.sampled_from(clock.leap_seconds().utc_ns), st.integers(1, 10**9))
def test_local_time_runs_forward_across_leap_seconds(
    mission: str, at_ns: int, step_ns: int
) -> None:
    sols = mission_clock(mission)
    sol, lmst_s = sols.from_utc([at_ns - step_ns, at_ns])
    elapsed_s = (sol[1] - sol[0]) * 86_400 + lmst_s[1] - lmst_s[0]
    assert elapsed_s * sols.sol_length_s / 86_400 == pytest.approx(1 + step_ns / 1e9, abs=1e-6)


def test_local_seconds_outside_a_sol_run_on() -> None:
    sols = mission_clock("msl")
    assert sols.to_utc(10, 86_400.0) == sols.sol_start_utc(11)
    assert sols.to_utc(np.array([10]), -86_400.0) == sols.sol_start_utc(9)


def test_an_unknown_mission_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SolbookError) as caught:
        mission_clock("beagle2")
    assert caught.value.code == "unknown_mission"
    assert "m2020" in caught.value.expected
    assert caught.value.help


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(clock).failed == 0
    assert doctest.testmod(clock).attempted >= 4


def test_clocks_of_missions_that_published_none_say_so() -> None:
    of_site = {m for m, sols in MISSION_CLOCKS.items() if sols.clock_source == "landing site"}
    assert of_site == {"phoenix", "pathfinder", "zhurong"}
    for mission in of_site:
        assert "local mean solar time" in MISSION_CLOCKS[mission].source
    assert "not known" in MISSION_CLOCKS["zhurong"].source


def test_missions_go_by_their_names_too() -> None:
    assert mission_clock("Perseverance") is MISSION_CLOCKS["m2020"]
    assert mission_clock("viking 1") is MISSION_CLOCKS["viking1"]


@pytest.mark.parametrize(
    ("mission", "landing", "lmst"),
    [
        # NASA: touchdown at 16:13:12 and 9:49:05 lander local time, in SI seconds of the sol.
        ("viking1", "1976-07-20T11:53:06Z", 16 * 3600 + 13 * 60 + 12),
        ("viking2", "1976-09-03T22:37:50Z", 9 * 3600 + 49 * 60 + 5),
    ],
)
def test_the_vikings_landed_on_their_sol_0(mission: str, landing: str, lmst: int) -> None:
    sols = mission_clock(mission)
    sol, lmst_s = sols.from_utc(landing)
    assert sol == 0
    assert lmst_s * sols.sol_length_s / clock.LMST_S_PER_SOL == pytest.approx(lmst, abs=1)


@pytest.mark.parametrize("mission", sorted(MISSION_CLOCKS))
def test_a_mission_landed_on_its_first_sol(mission: str) -> None:
    landing = SITES[mission]["landing_utc"]
    assert mission_clock(mission).from_utc(landing)[0] == mission_clock(mission).first_sol


def test_the_rehearsal_has_a_clock_and_is_not_among_the_missions_of_mars() -> None:
    assert list(SIMULATED_CLOCKS) == ["rehearsal"]
    assert "rehearsal" not in MISSION_CLOCKS
    sols = mission_clock("Rehearsal")
    assert sols is SIMULATED_CLOCKS["rehearsal"]
    assert sols.simulated
    assert not any(real.simulated for real in MISSION_CLOCKS.values())
    assert (sols.kind, sols.clock_source, sols.sol_length_s) == ("LMST", "mission", 88775.244)
    with pytest.raises(SolbookError) as caught:
        mission_clock("beagle2")
    assert "rehearsal" not in caught.value.expected


def test_the_clock_of_the_rehearsal_is_mean_solar_time_at_its_place() -> None:
    sols = mission_clock("rehearsal")
    site = Site.from_areocentric(-23.9, 326.5)
    for sol in (0, 30, 668):
        # Within a second: mean solar time keeps to the length of the sol.
        midnight_s = site.lmst_s(sols.sol_start_utc(sol))
        assert min(midnight_s, 86_400 - midnight_s) < 1.0
    sol, lmst_s = sols.from_utc(SITES["rehearsal"]["landing_utc"])
    assert sol == 0
    assert 8 * 3600 < lmst_s < 11 * 3600
    assert site.sun(SITES["rehearsal"]["landing_utc"]).el_deg > 15
    written = next(row for row in _CLOCK_ROWS if row["mission"] == "rehearsal")
    epoch_ns = clock.parse_utc(written["epoch_utc"])
    assert abs(sols.sol_start_utc(0) - epoch_ns) < 100_000


def test_every_clock_has_a_source_and_a_confidence() -> None:
    assert {*MISSION_CLOCKS, *SIMULATED_CLOCKS} == set(SITES)
    for sols in (*MISSION_CLOCKS.values(), *SIMULATED_CLOCKS.values()):
        assert sols.source
        assert sols.confidence
