"""Times in whatever form they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import clock
from solbook.clock.engine import NAT_NS
from solbook.errors import SolbookError

NS = 1_636_504_278_000_000_000
TEXT = "2021-11-10T00:31:18Z"


@pytest.mark.parametrize(
    "when",
    [
        TEXT,
        "2021-11-10T02:31:18+02:00",
        NS,
        np.int64(NS),
        NS / 1e9,
        np.float64(NS / 1e9),
        datetime(2021, 11, 10, 0, 31, 18, tzinfo=UTC),
        datetime(2021, 11, 9, 16, 31, 18, tzinfo=timezone(timedelta(hours=-8))),
        datetime(2021, 11, 10, 0, 31, 18),  # noqa: DTZ001  (without a zone it is UTC)
        np.datetime64("2021-11-10T00:31:18"),
        np.array("2021-11-10T00:31:18", "datetime64[s]"),
    ],
)
def test_one_time_in_every_form(when: Any) -> None:
    assert clock.utc_ns(when) == NS


@pytest.mark.parametrize(
    "when",
    [
        [TEXT, TEXT],
        (NS, NS),
        [NS / 1e9, NS / 1e9],
        [TEXT, NS],
        [NS, NS / 1e9],
        [np.datetime64("2021-11-10T00:31:18", "s"), TEXT],
        np.array([NS, NS]),
        np.array([NS, NS], dtype=np.uint64),
        np.array([NS, NS]) / 1e9,
        np.array(["2021-11-10T00:31:18"] * 2, "datetime64[ms]"),
        np.array([TEXT, TEXT]),
        np.array([TEXT, datetime(2021, 11, 10, 0, 31, 18, tzinfo=UTC)], dtype=object),
    ],
)
def test_many_times_in_every_form(when: Any) -> None:
    found = clock.utc_ns(when)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.int64
    assert found.tolist() == [NS, NS]


def test_what_a_masked_array_hides_is_no_time() -> None:
    hidden = np.ma.masked_array([NS / 1e9, np.inf], mask=[False, True])
    assert clock.utc_ns(hidden).tolist() == [NS, NAT_NS]  # type: ignore[union-attr]
    texts = np.ma.masked_array([TEXT, "?"], mask=[False, True])
    assert clock.utc_ns(texts).tolist() == [NS, NAT_NS]  # type: ignore[union-attr]
    dates = np.ma.masked_array(np.array([TEXT[:-1]] * 2, "datetime64[s]"), mask=[True, False])
    assert clock.utc_ns(dates).tolist() == [NAT_NS, NS]  # type: ignore[union-attr]


def test_what_can_be_an_array_is_taken_as_one() -> None:
    class Column:
        def __array__(self, dtype: object = None, copy: object = None) -> object:
            return np.array([TEXT[:-1], "NaT"], "datetime64[ns]")

    assert clock.utc_ns(Column()).tolist() == [NS, NAT_NS]  # type: ignore[union-attr, arg-type]
    assert clock.utc_ns([TEXT, "NaT"]).tolist() == [NS, NAT_NS]  # type: ignore[union-attr]


def test_no_time_survives_the_way_back() -> None:
    sols = clock.mission_clock("m2020")
    when = np.array(["NaT", "2021-11-10T00:31:18"], "datetime64[s]")
    assert sols.to_utc(*sols.from_utc(when)).tolist() == [NAT_NS, NS]
    assert sols.to_utc(*sols.from_utc(NAT_NS)) == NAT_NS
    assert sols.to_utc(257, float("nan")) == NAT_NS
    assert clock.utc_from_tdb(clock.tdb_from_utc(when)).tolist()[0] == NAT_NS
    assert clock.utc_from_tdb(float("nan")) == NAT_NS
    assert clock.utc_from_mars_sol_date([np.nan, 50_000.0]).tolist()[0] == NAT_NS
    assert clock.utc_from_ls(36, np.array([np.nan, 90.0])).tolist()[0] == NAT_NS
    assert clock.format_utc(NAT_NS) == "NaT"
    assert clock.format_utc(np.int64(NS), 0) == TEXT


@pytest.mark.parametrize(
    "inverse",
    [
        lambda: clock.mission_clock("m2020").to_utc(10**9, 0.0),
        lambda: clock.mission_clock("m2020").to_utc([257, 10**9], [0.0, 0.0]),
        lambda: clock.utc_from_tdb(1e10),
        lambda: clock.utc_from_tdb([0.0, 1e30]),
        lambda: clock.utc_from_mars_sol_date(1e9),
        lambda: clock.utc_from_mars_sol_date([0.0, -1e6]),
        lambda: clock.utc_from_ls(60, 0.0),
    ],
)
def test_inverses_do_not_wrap_round(inverse: Any) -> None:
    with pytest.raises(SolbookError) as raised:
        inverse()
    assert raised.value.code == "out_of_range"


def test_no_time_stays_no_time() -> None:
    assert clock.utc_ns(float("nan")) == NAT_NS
    assert clock.utc_ns(np.datetime64("NaT")) == NAT_NS
    assert clock.utc_ns(np.array([np.nan, 0.0])).tolist() == [NAT_NS, 0]


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("3000-01-01T00:00:00Z", "out_of_range"),
        ("1600-01-01", "out_of_range"),
        ("1729-12-31T23:59:59Z", "out_of_range"),
        (np.array([-(2**63) + 1]), "out_of_range"),
        ("2021-11-10+05:00", "bad_time"),
        (np.datetime64("3000-01-01"), "out_of_range"),
        (np.array(["2021-01-01", "3000-01-01"], "datetime64[D]"), "out_of_range"),
        (1e30, "out_of_range"),
        (10**30, "out_of_range"),
        (float("inf"), "out_of_range"),
        (np.array([2**64 - 1], dtype=np.uint64), "out_of_range"),
        ("yesterday", "bad_time"),
        ("", "bad_time"),
        (None, "bad_time"),
        (b"2021-11-10", "bad_time"),
        (True, "bad_time"),
        ([TEXT, None], "bad_time"),
        ([[1, 2], [3]], "bad_time"),
        (np.array([1j]), "bad_time"),
        ("2016-12-31T23:59:60Z", "leap_second"),
    ],
)
def test_what_is_no_time_is_explained(when: Any, code: str) -> None:
    with pytest.raises(SolbookError) as raised:
        clock.utc_ns(when)
    assert raised.value.code == code
    assert raised.value.found
    assert raised.value.expected


@pytest.mark.parametrize(
    "quantity",
    [clock.light_time_s, clock.earth_distance_au, clock.sun_earth_mars_deg, clock.mars_date],
)
def test_beyond_the_tables_is_an_error_where_there_is_no_other_way(quantity: Any) -> None:
    for when in ("1950-01-01", "2060-01-01", ["2021-01-01", "2060-01-01"]):
        with pytest.raises(SolbookError) as raised:
            quantity(when)
        assert raised.value.code == "out_of_range"
        assert "2053-01-01" in raised.value.expected


@pytest.mark.parametrize("lon", [400.0, -181.0, float("nan"), "77 E", None])
def test_a_longitude_that_is_none_is_explained(lon: Any) -> None:
    with pytest.raises(SolbookError) as raised:
        clock.Site(18.0, lon)
    assert raised.value.code == "bad_argument"
    assert "-180 to 360" in raised.value.expected


@pytest.mark.parametrize("text", ["Sol-12M25:61", "Sol-00012M24:00:00", "12:00"])
def test_a_local_time_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(SolbookError) as raised:
        clock.parse_lmst(text)
    assert raised.value.code == "bad_lmst"


@given(st.integers(-(10**17), 4 * 10**18))
def test_unix_seconds_and_datetime64_agree_with_text(utc_ns: int) -> None:
    as_text = clock.format_utc(utc_ns, 9)
    assert clock.utc_ns(as_text) == utc_ns
    assert clock.utc_ns(np.datetime64(utc_ns, "ns")) == utc_ns
    # A float64 resolves some hundred nanoseconds of today's Unix seconds.
    assert abs(clock.utc_ns(utc_ns / 1e9) - utc_ns) <= 512  # type: ignore[operator]
