"""Times as people type them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook.clock import MISSION_CLOCKS, format_utc, mission_clock
from solbook.errors import SolbookError
from solbook.site.typed_time import EXAMPLES, read_typed


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2021-11-10T00:31:18Z", "2021-11-10T00:31:18Z"),
        (" 2021-11-10 00:31 utc ", "2021-11-10T00:31:00Z"),
        ("2021-11-10t00:31z", "2021-11-10T00:31:00Z"),
        ("2021-11-10T02:31+02:00", "2021-11-10T00:31:00Z"),
        ("2021-11-10", "2021-11-10T00:00:00Z"),
        ("10 Nov 2021 00:31 UTC", "2021-11-10T00:31:00Z"),
        ("10 november 2021, 9:31:18", "2021-11-10T09:31:18Z"),
        ("2021-11-10 00:12:07.123 UTC", "2021-11-10T00:12:07Z"),
    ],
)
def test_utc(typed: str, utc: str) -> None:
    read = read_typed(typed, "m2020")
    assert format_utc(read.utc_ns, 0) == utc
    assert read.mission == ""


@pytest.mark.parametrize(
    "typed",
    [
        "sol 257 18:03:17 of perseverance",
        "sol\N{NO-BREAK SPACE}257 18:03:17 LMST of Perseverance",
        "SOL 257, 18:03:17 lmst, m2020",
        "Perseverance sol 257 18:03:17",
        "Perseverance, sol 257 at 18:03:17",
        "Perseverance's sol 257 18:03:17",
        "sol 257M18:03:17.000 for perseverance",
        "Sol-00257M18:03:17 of Perseverance",
    ],
)
def test_a_mission_s_time_names_its_mission_anyhow(typed: str) -> None:
    read = read_typed(typed, "msl")
    assert read.mission == "m2020"
    assert read.utc_ns == mission_clock("m2020").to_utc(257, 18 * 3600 + 3 * 60 + 17.0)


@pytest.mark.parametrize(
    ("typed", "sol", "lmst_s"),
    [
        ("Sol-00257M18:03:17.500", 257, 64_997.5),
        ("Sol-00257M18:03:17:500", 257, 64_997.5),
        ("sol 257", 257, 43_200.0),
        ("sol257 6:05", 257, 21_900.0),
        ("sol \N{MINUS SIGN}3 12:00", -3, 43_200.0),
    ],
)
def test_a_sol_alone_is_of_the_mission_chosen(typed: str, sol: int, lmst_s: float) -> None:
    for mission, clock in MISSION_CLOCKS.items():
        read = read_typed(typed, mission)
        assert (read.utc_ns, read.mission) == (clock.to_utc(sol, lmst_s), mission)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "bad_time"),
        ("next tuesday", "bad_time"),
        ("2021-13-01", "bad_time"),
        ("40 Foo 2021", "bad_time"),
        ("sol 257 18:03", "bad_time"),
        ("sol 257 25:00 of m2020", "bad_lmst"),
        ("sol 257 18:60 of m2020", "bad_lmst"),
        ("sol x of m2020", "bad_lmst"),
        ("sol 257 of pluto", "unknown_mission"),
        ("2016-12-31T23:59:60Z", "leap_second"),
        ("1500-01-01", "out_of_range"),
        ("9999-12-31T23:59-23:59", "out_of_range"),
        ("sol 999999 of m2020", "out_of_range"),
        ("sol -999999 of m2020", "out_of_range"),
    ],
)
def test_what_cannot_be_read_is_explained(typed: str, code: str) -> None:
    with pytest.raises(SolbookError) as raised:
        read_typed(typed)
    assert raised.value.code == code
    assert raised.value.expected


def test_the_examples_can_be_read() -> None:
    for example in EXAMPLES:
        assert read_typed(example, "m2020").utc_ns


@given(st.text(max_size=80) | st.from_regex(r"sol -?\d{1,6}[ M]\d\d?:\d\d:\d\d of m2020"))
def test_any_text_is_read_or_explained(typed: str) -> None:
    with contextlib.suppress(SolbookError):
        read_typed(typed, "m2020")
