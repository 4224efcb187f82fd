"""Times as text."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import clock
from solbook.errors import SolbookError

YEAR_NS = 365 * 86400 * 10**9


@pytest.mark.parametrize(
    ("text", "utc_ns"),
    [
        ("2021-02-22T10:21:48Z", 1_613_989_308_000_000_000),
        ("2025-12-01T10:50:11.497", 1_764_586_211_497_000_000),
        ("2019-06-10T03:21:57.044Z", 1_560_136_917_044_000_000),
        ("2019-06-10T05:21:57.044+02:00", 1_560_136_917_044_000_000),
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2021-02-22T10:21:48.1234567", 1_613_989_308_123_456_700),
        ("2021-02-22T10:21:48.123456789Z", 1_613_989_308_123_456_789),
        ("2021-053T10:21:48Z", 1_613_989_308_000_000_000),
        ("2021-053 10:21:48.123456789", 1_613_989_308_123_456_789),
        ("2021-053T12:21:48+02:00", 1_613_989_308_000_000_000),
        ("1970-001", 0),
        ("1972-366T23:59:59Z", 94_694_399_000_000_000),
    ],
)
def test_parse_utc(text: str, utc_ns: int) -> None:
    assert clock.parse_utc(text) == utc_ns


@pytest.mark.parametrize("text", ["", "UNK", "2021-02-30T00:00:00Z", "Sol-00257M15:53:52.123"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(SolbookError) as caught:
        clock.parse_utc(text)
    assert caught.value.code == "bad_time"
    assert all(caught.value.as_dict().values())


@pytest.mark.parametrize(
    "text",
    [
        "2021-366",
        "2020-367T00:00:00",
        "2021-000",
        "0000-001",
        "2021-31",
        "2021-3140",
        "2021-053T",
        "2021-053T24:00:01",
        "2021-053+02:00",
        "2021-053-10:21",
        "2021-٠٥٣",
    ],
)
def test_a_wrong_day_of_the_year_is_refused(text: str) -> None:
    with pytest.raises(SolbookError) as caught:
        clock.parse_utc(text)
    assert caught.value.code == "bad_time"
    assert caught.value.found == repr(text)
    assert all(caught.value.as_dict().values())


@given(st.datetimes())
def test_a_day_of_the_year_is_the_day_of_the_month(moment: datetime) -> None:
    by_day = f"{moment.year:04d}-{moment:%j}T{moment.time().isoformat()}"
    assert clock.parse_utc(by_day) == clock.parse_utc(moment.isoformat())


@pytest.mark.parametrize(
    "text", ["2016-12-31T23:59:60Z", "2016-12-31T23:59:60.500", "2016-366T23:59:60Z"]
)
def test_a_leap_second_is_refused_by_name(text: str) -> None:
    with pytest.raises(SolbookError) as caught:
        clock.parse_utc(text)
    assert caught.value.code == "leap_second"


@pytest.mark.parametrize(
    ("decimals", "text"),
    [
        (0, "2021-02-22T10:21:48Z"),
        (1, "2021-02-22T10:21:48.9Z"),
        (3, "2021-02-22T10:21:48.987Z"),
        (6, "2021-02-22T10:21:48.987654Z"),
        (9, "2021-02-22T10:21:48.987654321Z"),
    ],
)
def test_format_utc_cuts_as_a_clock_does(decimals: int, text: str) -> None:
    utc_ns = clock.parse_utc("2021-02-22T10:21:48.987654321Z")
    assert clock.format_utc(utc_ns, decimals) == text


def test_format_utc_does_not_show_a_nanosecond_of_arithmetic() -> None:
    utc_ns = clock.parse_utc("2021-12-31T23:59:59.123Z")
    assert clock.format_utc(utc_ns - 1) == "2021-12-31T23:59:59.123Z"
    assert clock.format_utc(clock.parse_utc("2022-01-01") - 1) == "2022-01-01T00:00:00.000Z"


@given(st.integers(min_value=-1900 * YEAR_NS, max_value=7900 * YEAR_NS))
def test_utc_text_round_trip(utc_ns: int) -> None:
    assert clock.parse_utc(clock.format_utc(utc_ns, 9)) == utc_ns
    assert abs(clock.parse_utc(clock.format_utc(utc_ns, 6)) - utc_ns) <= 500


@pytest.mark.parametrize(
    ("text", "sol", "lmst_s"),
    [
        ("Sol-00257M15:53:52.123", 257, 57232.123),
        ("Sol-00024M11:59:31:073", 24, 43171.073),
        ("Sol-00305M14:40:03", 305, 52803.0),
        ("Sol-00000M00:00:00.000", 0, 0.0),
        ("Sol--00002M23:59:59.999", -2, 86399.999),
        ("Sol-10000M00:00:00.5", 10000, 0.5),
    ],
)
def test_parse_lmst(text: str, sol: int, lmst_s: float) -> None:
    assert clock.parse_lmst(text) == (sol, pytest.approx(lmst_s, abs=1e-9))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "UNK",
        "15:53:52.123",
        "Sol-00257M24:00:00",
        "Sol-00257M15:60:52",
        "Sol-00257M15:53:60",
        "Sol-00257M15:53:52.",
        "Sol-00257M15:53:52:73",
        "Sol-00257M15:53:52.123 ",
        "Sol-٠٠٢٥٧M15:53:52",  # noqa: RUF001  (digits, but not ours)
    ],
)
def test_what_is_no_local_time_is_refused(text: str) -> None:
    with pytest.raises(SolbookError) as caught:
        clock.parse_lmst(text)
    assert caught.value.code == "bad_lmst"
    assert caught.value.help


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (clock.parse_utc, clock.parse_lmst):
        try:
            parse(text)
        except SolbookError:
            continue


@pytest.mark.parametrize(
    ("lmst_s", "decimals", "text"),
    [
        (57232.123, 0, "15:53:52"),
        (57232.123, 3, "15:53:52.123"),
        (57232.999, 0, "15:53:52"),
        (86399.9999999, 0, "23:59:59"),
        (86399.9999999, 6, "23:59:59.999999"),
        (59.9999, 3, "00:00:59.999"),
        (0.0, 0, "00:00:00"),
    ],
)
def test_format_lmst(lmst_s: float, decimals: int, text: str) -> None:
    assert clock.format_lmst(lmst_s, decimals) == text


@given(st.floats(min_value=0, max_value=86400, exclude_max=True), st.integers(0, 6))
def test_lmst_text_round_trip(lmst_s: float, decimals: int) -> None:
    text = clock.format_lmst(lmst_s, decimals)
    assert text < "24:00:00"
    sol, back_s = clock.parse_lmst(f"Sol-00001M{text}")
    assert sol == 1
    assert -1e-6 <= lmst_s - back_s < 10.0**-decimals + 1e-6


@pytest.mark.parametrize("lmst_s", [-0.1, 86400.0, float("nan"), float("inf")])
def test_what_is_outside_a_sol_is_refused(lmst_s: float) -> None:
    with pytest.raises(SolbookError):
        clock.format_lmst(lmst_s)


def test_decimals_out_of_range_are_refused() -> None:
    for refused in (-1, 10):
        with pytest.raises(SolbookError):
            clock.format_utc(0, refused)
    for refused in (-1, 7):
        with pytest.raises(SolbookError):
            clock.format_lmst(0.0, refused)
