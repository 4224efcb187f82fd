"""Times as people type them: in a field, and as the words of a command line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import clock
from solbook.clock import read_typed, read_typed_times, read_typed_utc, sol_text
from solbook.clock.typed import EXAMPLES, MOST_LETTERS
from solbook.errors import SolbookError

# What the words of times are made of, so that chance puts together more than noise.
PIECES = st.sampled_from(
    "now sol 257 -3 999999 18:03 18:03:17.5 24:00 of on at M LMST UTC Z Sol-00257M18:03:17 m2020"
    " Perseverance's viking 1 pluto 10 Nov 2021 2021-11-10 2021-314 2021-366 T00:31 20211110 1e9"
    " , : + - . \N{MINUS SIGN} \N{NO-BREAK SPACE} 2016-12-31T23:59:60Z 9999-12-31T23:59-23:59"
    " ٢٥٧ \ud800".split()
)
SOUPS = st.lists(PIECES, max_size=8).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])
)
TEXTS = (
    st.text(max_size=MOST_LETTERS)
    | SOUPS
    | st.from_regex(r"(?:sol |Sol-)-?\d{1,6}[ M]\d\d?:\d\d:\d\d( of (m2020|viking 1))?")
    | st.from_regex(r"\d{4}-\d{3}(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z?)?")
)


def require_explained(error: SolbookError) -> None:
    fields = error.as_dict()
    assert all(fields.values()), fields
    assert len(error.found) <= MOST_LETTERS


# --- UTC and now -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2021-11-10T00:31:18Z", "2021-11-10T00:31:18Z"),
        (" 2021-11-10 00:31 utc ", "2021-11-10T00:31:00Z"),
        ("2021-11-10t00:31z", "2021-11-10T00:31:00Z"),
        ("2021-11-10T00:31 UTC", "2021-11-10T00:31:00Z"),
        ("2021-11-10T02:31+02:00", "2021-11-10T00:31:00Z"),
        ("2021-11-10 02:31+02:00", "2021-11-10T00:31:00Z"),
        ("2021-11-10", "2021-11-10T00:00:00Z"),
        ("2021-11-10 gmt", "2021-11-10T00:00:00Z"),
        ("10 Nov 2021", "2021-11-10T00:00:00Z"),
        ("10 Nov 2021 00:31 UTC", "2021-11-10T00:31:00Z"),
        ("10 november 2021, 9:31:18", "2021-11-10T09:31:18Z"),
        ("3 Sept. 2021", "2021-09-03T00:00:00Z"),
        ("2021-11-10 00:12:07.123 UTC", "2021-11-10T00:12:07Z"),
        ("2021-11-10T00:12:07,9", "2021-11-10T00:12:07Z"),
        ("2021-314", "2021-11-10T00:00:00Z"),
        ("2021-314T00:31:18Z", "2021-11-10T00:31:18Z"),
        ("2021-314 00:31 UTC", "2021-11-10T00:31:00Z"),
        ("2021-W45-3", "2021-11-10T00:00:00Z"),
        ("20211110T003118Z", "2021-11-10T00:31:18Z"),
    ],
)
def test_utc(typed: str, utc: str) -> None:
    found = read_typed(typed, "m2020")
    assert clock.format_utc(found.utc_ns, 0) == utc
    assert (found.mission, found.sol, found.whole_sol, found.is_now) == ("", None, False, False)
    assert read_typed_times([typed]) == [found]
    assert read_typed_utc(typed) == found.utc_ns


@pytest.mark.parametrize("typed", ["now", " NOW "])
def test_now(typed: str) -> None:
    before_ns = time.time_ns()
    for found in (read_typed(typed), *read_typed_times([typed])):
        assert before_ns <= found.utc_ns <= time.time_ns()
        assert (found.is_now, found.mission, found.sol) == (True, "", None)


def test_no_words_are_now_and_an_empty_text_is_no_time() -> None:
    for words in ([], [""], [" ", ""]):
        (found,) = read_typed_times(words)
        assert found.is_now
    with pytest.raises(SolbookError, match="Not a time"):
        read_typed(" ")


# --- sols --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "sol 257 18:03:17 of perseverance",
        "sol\N{NO-BREAK SPACE}257 18:03:17 LMST of Perseverance",
        "SOL 257, 18:03:17 lmst, m2020",
        "sol 257 18:03:17 OF m2020",
        "Perseverance sol 257 18:03:17",
        "Perseverance, sol 257 at 18:03:17",
        "Perseverance's sol 257 18:03:17",
        "Perseverance\N{RIGHT SINGLE QUOTATION MARK}s sol 257 18:03:17",
        "sol 257M18:03:17.000 for perseverance",
        "Sol-00257M18:03:17 of Perseverance",
        "sol-257m18:03:17 of perseverance",
    ],
)
def test_a_mission_s_time_names_its_mission_anyhow(typed: str) -> None:
    found = read_typed(typed, "msl")
    assert (found.mission, found.sol, found.whole_sol) == ("m2020", 257, False)
    assert found.utc_ns == clock.mission_clock("m2020").to_utc(257, 18 * 3600 + 3 * 60 + 17.0)
    assert read_typed_times(typed.split(" "), "msl") == [found]


@pytest.mark.parametrize(
    ("typed", "sol", "lmst_s", "whole_sol"),
    [
        ("Sol-00257M18:03:17.500", 257, 64_997.5, False),
        ("Sol-00257M18:03:17:500", 257, 64_997.5, False),
        ("sol 257", 257, 43_200.0, True),
        ("sol257 6:05", 257, 21_900.0, False),
    ],
)
def test_a_sol_alone_is_of_the_mission_chosen(
    typed: str, sol: int, lmst_s: float, whole_sol: bool
) -> None:
    for mission, own in clock.MISSION_CLOCKS.items():
        for found in (read_typed(typed, mission), *read_typed_times([typed], own.name)):
            assert (found.utc_ns, found.mission) == (own.to_utc(sol, lmst_s), mission)
            assert (found.sol, found.whole_sol) == (sol, whole_sol)


@given(
    mission=st.sampled_from(sorted(clock.MISSION_CLOCKS)),
    past=st.integers(0, 60_000),
    lmst_s=st.integers(0, clock.LMST_S_PER_SOL - 1),
)
def test_a_mission_s_time_survives_being_written_and_read(
    mission: str, past: int, lmst_s: int
) -> None:
    own = clock.mission_clock(mission)
    sol = own.first_sol + past
    written = sol_text(mission, sol, lmst_s)
    found = read_typed(written)
    assert (found.mission, found.sol, found.whole_sol) == (mission, sol, False)
    assert found.utc_ns == own.to_utc(sol, float(lmst_s))
    assert read_typed_times([written]) == [found]


@given(st.integers(0, 86_400_000_000 - 1))
def test_fractions_of_a_second_survive_as_well(lmst_us: int) -> None:
    lmst_s = lmst_us / 1e6
    found = read_typed(sol_text("m2020", 257, lmst_s, 6))
    assert abs(found.utc_ns - clock.mission_clock("m2020").to_utc(257, lmst_s)) <= 2_000


@pytest.mark.parametrize("mission", clock.MISSION_CLOCKS)
def test_the_first_sol_is_read_and_the_one_before_is_not(mission: str) -> None:
    own = clock.mission_clock(mission)
    assert read_typed(f"sol {own.first_sol} 00:00", mission).utc_ns == own.to_utc(own.first_sol, 0)
    for sign in ("-", "\N{MINUS SIGN}"):
        before = str(own.first_sol - 1).replace("-", sign)
        for read in (read_typed, lambda text: read_typed_times([text])):
            with pytest.raises(SolbookError, match=f"{own.name} had not landed") as raised:
                read(f"sol {before} 12:00 of {mission}")
            assert raised.value.code == "before_landing"
            assert "UTC" in raised.value.help


def test_every_name_is_known_with_its_spaces_or_without() -> None:
    for mission, own in clock.MISSION_CLOCKS.items():
        for name in (mission, own.name, own.name.upper(), own.name.replace(" ", "")):
            for typed in (f"sol 40 of {name}", f"sol 40 {name}", f"{name}'s sol 40"):
                assert read_typed(typed).mission == mission


def test_the_examples_can_be_read() -> None:
    for example in EXAMPLES:
        assert read_typed(example, "m2020").utc_ns


# --- several times -----------------------------------------------------------------------------


def asked(*words: str) -> list[str]:
    return [found.asked for found in read_typed_times(words, "m2020")]


def test_times_follow_one_another_quoted_or_not() -> None:
    line = "2021-11-10 00:31 sol 257 18:03 of viking 1 now 10 Nov 2021 Curiosity sol 3 sol 4"
    expected = [
        "2021-11-10 00:31",
        "sol 257 18:03 of viking 1",
        "now",
        "10 Nov 2021",
        "Curiosity sol 3",
        "sol 4",
    ]
    assert asked(*line.split()) == asked(line) == asked(*expected) == expected
    missions = [found.mission for found in read_typed_times([line], "m2020")]
    assert missions == ["", "viking1", "", "", "msl", "m2020"]


def test_a_name_of_two_words_and_the_next_time_are_told_apart() -> None:
    first, second, third = read_typed_times(["sol 3 of viking 1 sol 4 of viking1", "2021-11-10"])
    assert (first.mission, first.sol, second.mission, second.sol) == ("viking1", 3, "viking1", 4)
    assert third.utc_ns == clock.parse_utc("2021-11-10")
    assert asked("sol 3 of viking 1 10 Nov 2021") == ["sol 3 of viking 1", "10 Nov 2021"]


def test_a_clock_belongs_to_what_stands_before_it() -> None:
    assert asked("sol 257 2021-11-10 00:31 UTC sol 3") == [
        "sol 257",
        "2021-11-10 00:31 UTC",
        "sol 3",
    ]


def test_a_mission_between_two_sols_could_be_of_either() -> None:
    with pytest.raises(SolbookError) as raised:
        read_typed_times(["sol 257 curiosity sol 3"], "m2020")
    assert raised.value.code == "ambiguous"
    assert "`of`" in raised.value.help
    assert len(asked("sol 257 of curiosity sol 3")) == 2
    assert len(asked("perseverance sol 257 curiosity sol 3")) == 2


def test_a_text_is_one_time() -> None:
    with pytest.raises(SolbookError, match="More than one time"):
        read_typed("2021-11-10 sol 257 of m2020")


# --- what cannot be read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("next tuesday", "bad_time"),
        ("tomorrow", "bad_time"),
        ("nowadays", "bad_time"),
        ("12:00", "bad_time"),
        ("2021-", "bad_time"),
        ("2021-13-01", "bad_time"),
        ("2021-366", "bad_time"),
        ("2021-11-10+05:00", "bad_time"),
        ("2021-11-10T02:31+02:00 UTC", "bad_time"),
        ("2021-11-10,", "bad_time"),
        ("2021-11-10 24:30", "bad_time"),
        ("40 Foo 2021", "bad_time"),
        ("10 Novocaine 2021", "bad_time"),
        ("257", "ambiguous"),
        ("20211110", "ambiguous"),
        ("1636504278.5", "ambiguous"),
        ("sol 257 18:03", "ambiguous"),
        ("sol 257 25 of m2020", "ambiguous"),
        ("sol 257 25:00 of m2020", "bad_lmst"),
        ("sol 257 24:00 of m2020", "bad_lmst"),
        ("sol 257 18:60 of m2020", "bad_lmst"),
        ("sol 257 18:03:5 of m2020", "bad_lmst"),
        ("Sol-12M25:61 of m2020", "bad_lmst"),
        ("sol", "bad_lmst"),
        ("sol x of m2020", "bad_lmst"),
        ("sol ten", "bad_lmst"),
        ("sol 1234567 of m2020", "bad_lmst"),
        ("perseverance sol x", "bad_lmst"),
        ("perseverance sol 3 of msl", "bad_time"),
        ("sol 257 of pluto", "unknown_mission"),
        ("sol 5 of viking", "unknown_mission"),
        ("beagle 2 sol 5", "unknown_mission"),
        ("sol 0 of spirit", "before_landing"),
        ("sol -999999 of m2020", "before_landing"),
        ("sol 999999 of m2020", "out_of_range"),
        ("2016-12-31T23:59:60Z", "leap_second"),
        ("2016-366T23:59:60Z", "leap_second"),
        ("1500-01-01", "out_of_range"),
        ("9999-12-31T23:59-23:59", "out_of_range"),
    ],
)
def test_what_cannot_be_read_is_explained(typed: str, code: str) -> None:
    for read in (
        lambda: read_typed(typed),
        lambda: read_typed_times([typed]),
        lambda: read_typed_times(["now", *typed.split()]),
    ):
        with pytest.raises(SolbookError) as raised:
            read()
        assert raised.value.code == code
        require_explained(raised.value)


def test_a_sol_of_no_mission_says_how_to_name_one() -> None:
    for read in (read_typed, lambda text: read_typed_times([text])):
        with pytest.raises(SolbookError, match="whose sol") as raised:
            read("sol 257")
        assert raised.value.help.startswith("Each mission counts sols of its own: name one")
    with pytest.raises(SolbookError) as raised:
        read_typed("sol 257")
    assert "choose one beside the time" in raised.value.help


@pytest.mark.parametrize("text", ["now", "sol 257 of m2020", "", "257", "2021-11-10 now"])
def test_where_only_utc_will_do_nothing_else_is_read(text: str) -> None:
    with pytest.raises(SolbookError) as raised:
        read_typed_utc(text)
    require_explained(raised.value)


@given(TEXTS, st.sampled_from(["", "m2020", "spirit"]))
def test_any_text_is_read_or_explained(text: str, mission: str) -> None:
    for read in (
        lambda: [read_typed(text, mission)],
        lambda: read_typed_times([text], mission),
        lambda: read_typed_times(text.split(" "), mission),
    ):
        try:
            found = read()
        except SolbookError as error:
            require_explained(error)
        else:
            for one in found:
                assert clock.utc_ns(one.utc_ns) == one.utc_ns
                assert (one.mission in clock.MISSION_CLOCKS) == (one.sol is not None)
    try:
        read_typed_utc(text)
    except SolbookError as error:
        require_explained(error)


@given(TEXTS, st.sampled_from(["", "m2020"]))
def test_a_field_and_a_command_line_read_the_same(text: str, mission: str) -> None:
    try:
        found = read_typed(text, mission)
    except SolbookError:
        return
    (same,) = read_typed_times(text.split(), mission)
    assert (same.asked, same.mission, same.sol) == (found.asked, found.mission, found.sol)
    assert found.is_now or same.utc_ns == found.utc_ns


@given(st.lists(st.sampled_from([*EXAMPLES, "now", "10 Nov 2021 00:31", "sol 4 of msl"])))
def test_times_are_read_as_if_each_stood_alone(times: list[str]) -> None:
    assert asked(*times) == (times or ["now"])
