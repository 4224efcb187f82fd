"""UTC and TDB against SPICE and NAIF, and their algebra."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import clock
from solbook.clock.leap_seconds import NS_PER_S
from solbook.clock.scales import tdb_ns_from_utc_ns, utc_ns_from_tdb_ns

# 1969 to 2255: inside the range of int64 ns with room for the offsets.
UTC_NS = st.integers(min_value=-(10**16), max_value=9 * 10**18)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_tdb_agrees_with_the_spice_reference_as_far_as_its_digits_go(shared_data: Path) -> None:
    table = rows(shared_data / "truth" / "spice_planet_2000.csv")
    assert len(table) == 2000
    utc_ns = [clock.parse_utc(row["utc"]) for row in table]
    tdb_s = clock.tdb_from_utc(utc_ns)
    for row, ours in zip(table, tdb_s, strict=True):
        stated = float(row["et_tdb_s"])
        # The file keeps nine significant digits of the seconds.
        half_a_digit = 0.5 * 10.0 ** (np.floor(np.log10(abs(stated))) - 8)
        assert abs(ours - stated) <= half_a_digit + 1e-6


def test_tdb_agrees_with_the_timetable_to_a_microsecond(shared_data: Path) -> None:
    table = rows(shared_data / "truth" / "mer_timetable.csv")
    assert len(table) == 1513
    tdb_s = clock.tdb_from_utc([clock.parse_utc(row["utc"]) for row in table])
    assert np.max(np.abs(tdb_s - [float(row["et"]) for row in table])) <= 1e-6


@pytest.mark.parametrize(
    ("tdb_s", "utc"),
    [
        (666894324.991, "2021-02-18T04:24:15.8058"),  # m2020_lmst_ops210303_v1.tsc
        (596481119.519, "2018-11-26T05:10:50.3356"),  # insight_lmst_ops181206_v1.tsc
        (397446666.183, "2012-08-05T13:49:58.9999"),  # msl_lmst_ops120808_v1.tsc
    ],
)
def test_the_epochs_naif_states_in_both_scales(tdb_s: float, utc: str) -> None:
    # The kernels give TDB to 1 ms and UTC to 0.1 ms.
    assert abs(clock.utc_from_tdb(tdb_s) - clock.parse_utc(utc)) <= 550_000


def test_every_leap_second_inserts_one_second() -> None:
    steps = clock.leap_seconds()
    assert len(steps.utc_ns) == 28
    assert steps.offset_ns[0] == 9 * NS_PER_S
    assert steps.offset_ns[-1] == 37 * NS_PER_S
    for at in steps.utc_ns:
        gap_ns = tdb_ns_from_utc_ns(at) - tdb_ns_from_utc_ns(at - NS_PER_S)
        assert abs(gap_ns - 2 * NS_PER_S) <= 2


def test_time_inside_a_leap_second_stands_at_the_new_day() -> None:
    new_year = clock.parse_utc("2017-01-01T00:00:00Z")
    tdb_ns = tdb_ns_from_utc_ns(new_year)
    inside = np.array([tdb_ns - NS_PER_S, tdb_ns - NS_PER_S // 2, tdb_ns - 1])
    assert np.all(np.abs(utc_ns_from_tdb_ns(inside) - new_year) <= 1)
    assert abs(utc_ns_from_tdb_ns(tdb_ns - NS_PER_S // 2) - new_year) <= 1
    before = utc_ns_from_tdb_ns(tdb_ns - 3 * NS_PER_S // 2)
    assert abs(before - (new_year - NS_PER_S // 2)) <= 1


def test_after_the_last_entry_the_last_value_holds() -> None:
    tdb_s = clock.tdb_from_utc(clock.parse_utc("2200-01-01T12:00:00Z"))
    assert tdb_s == pytest.approx(73049 * 86400 + 37 + 32.184, abs=2e-3)


@given(UTC_NS)
def test_utc_to_tdb_ns_and_back(utc_ns: int) -> None:
    assert abs(utc_ns_from_tdb_ns(tdb_ns_from_utc_ns(utc_ns)) - utc_ns) <= 1


@given(st.integers(min_value=0, max_value=4 * 10**18))
def test_utc_to_tdb_s_and_back_within_a_microsecond(utc_ns: int) -> None:
    assert abs(clock.utc_from_tdb(clock.tdb_from_utc(utc_ns)) - utc_ns) <= 1000


@given(st.lists(UTC_NS, min_size=1, max_size=20))
def test_numbers_lists_and_arrays_agree(utc_ns: list[int]) -> None:
    array = np.array(utc_ns, dtype=np.int64)
    tdb_ns = tdb_ns_from_utc_ns(array)
    one_by_one = [tdb_ns_from_utc_ns(value) for value in utc_ns]
    assert np.max(np.abs(tdb_ns - np.array(one_by_one))) <= 1
    back = [utc_ns_from_tdb_ns(value) for value in tdb_ns.tolist()]
    assert np.max(np.abs(utc_ns_from_tdb_ns(tdb_ns) - np.array(back))) <= 1

    tdb_s = clock.tdb_from_utc(utc_ns)
    assert tdb_s.dtype == np.float64
    assert np.array_equal(tdb_s, clock.tdb_from_utc(array))
    assert isinstance(clock.tdb_from_utc(utc_ns[0]), float)
    assert clock.tdb_from_utc(utc_ns[0]) == pytest.approx(tdb_s[0], abs=1e-6)
    assert isinstance(clock.utc_from_tdb(0.0), int)
    assert clock.utc_from_tdb([0.0, 1.5]).dtype == np.int64
    assert clock.utc_from_tdb(np.zeros((2, 3))).shape == (2, 3)


@given(UTC_NS, st.integers(min_value=1, max_value=10**12))
def test_tdb_runs_forward(utc_ns: int, step_ns: int) -> None:
    assert tdb_ns_from_utc_ns(utc_ns + step_ns) > tdb_ns_from_utc_ns(utc_ns) - 1


@given(st.sampled_from(clock.leap_seconds().utc_ns), st.integers(-(3 * 10**9), 3 * 10**9))
def test_utc_never_runs_back_across_a_leap_second(at_ns: int, offset_ns: int) -> None:
    tdb_ns = tdb_ns_from_utc_ns(at_ns) + offset_ns
    assert utc_ns_from_tdb_ns(tdb_ns + 10) >= utc_ns_from_tdb_ns(tdb_ns)
