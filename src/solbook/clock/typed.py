"""Times as people type them: now, UTC, or the sol and local time of a mission.

One grammar for a text that holds one time (`read_typed`) and for the words of a command line, which
may hold several, quoted or not (`read_typed_times`):

    now
    2021-11-10   2021-11-10T00:31:18Z   2021-11-10 00:31 UTC   10 Nov 2021 00:31   2021-314T00:31
    sol 257   sol 257 18:03   sol 257 18:03:17 of Perseverance   Perseverance sol 257 at 18:03
    Sol-00257M18:03:17.500 of m2020

A date alone is its midnight, a sol alone its middle, 12:00:00 on its clock. Capitals do not count.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solbook.clock.limits import GREATEST_UTC_NS, LEAST_UTC_NS
from solbook.clock.sols import (
    LMST_S_PER_SOL,
    MISSION_CLOCKS,
    SIMULATED_CLOCKS,
    SolClock,
    mission_clock,
)
from solbook.clock.text import format_lmst, parse_utc
from solbook.errors import SolbookError

MOST_LETTERS = 80
"""More than any one time needs; an error shows no more of what it found."""

EXAMPLES = ("2021-11-10T00:31Z", "sol 257 18:03 of Perseverance", "Sol-00257M18:03:17")

_NOON_S = LMST_S_PER_SOL / 2
# What keyboards and pages make of a hyphen and an apostrophe.
_PLAIN_SIGNS = str.maketrans("\N{MINUS SIGN}\N{RIGHT SINGLE QUOTATION MARK}", "-'")
_MONTHS = (
    "january february march april may june july august september october november december".split()
)


def _known_names() -> str:
    """The ids and names of the missions; spaces do not count, as in `mission_clock`."""
    clocks = (*MISSION_CLOCKS.values(), *SIMULATED_CLOCKS.values())
    names = [name for clock in clocks for name in (clock.mission, clock.name)]
    spaced = [r"\ ?".join(name.casefold().replace(" ", "")) for name in names]
    return f"(?:{'|'.join(spaced)})(?![a-z0-9])"


_KNOWN = _known_names()
# A name nobody knows is taken as well, so that the error can say so: "pluto", "beagle 2". But in
# "sol 5 sol 6" the first is no name.
_NAME = rf"(?:{_KNOWN}|(?!sol)[a-z][\w-]*(?:\ \d(?!\S))?)"
_BEFORE_SOL = rf"(?P<before>{_NAME})(?:'s)?[\ ,:]+"
_FLAGS = re.ASCII | re.IGNORECASE | re.VERBOSE

# Each takes one time from where it stands. They take dates and clocks of any look, for what is
# wrong with one is best said by what reads it.
_NOW = re.compile(r"now(?!\S)", _FLAGS)
_UTC = re.compile(
    r"""(?: (?P<iso> \d{4}-\S*[^\s,] | \d{8}T\S*[^\s,] )
          | (?P<day>\d{1,2})\ (?P<month>[a-z]{3,9})\.?\ (?P<year>\d{4}) )
        (?: ,?\ (?P<clock>\d{1,2}:\S*[^\s,]) )?
        (?: \ ?(?P<zone>utc|gmt|z)(?!\S) )?""",
    _FLAGS,
)
_SOL = re.compile(
    rf"""(?:{_BEFORE_SOL})?
        sol (?:-|\ ?) (?P<sol>-?\d{{1,6}})
        (?: (?:m|,?\ (?:at\ )?) (?P<clock>\d+:[\d:.]*) )?
        (?: \ ?(?:lmst|hlst|llt)\b )?
        (?(before) | (?: ,?\ (?:of|on|for)\ (?P<of>{_NAME}) | ,?\ (?P<after>{_KNOWN}) )? )""",
    _FLAGS,
)

_WORD_ENDS = re.compile(r"(?!\S)")
_NUMBER = re.compile(r"[+-]?[\d.]+(?!\S)", re.ASCII)
_SOL_BEGINS = re.compile(rf"(?:{_BEFORE_SOL})?sol(?![a-z])", _FLAGS)
_SOL_FOLLOWS = re.compile(r"(?:'s)?[\ ,:]+sol(?![a-z])", _FLAGS)
_LOCAL_CLOCK = re.compile(
    r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9}|:[0-9]{3})?))?"
)
_UTC_ENDS = re.compile(r"(?:UTC|GMT|Z){1,2}$")


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time somebody typed.

    Attributes:
        asked: The words it was typed with.
        utc_ns: UTC, ns since 1970-01-01; of a whole sol its middle.
        mission: Id of the mission whose sol it was given in; empty for now and for UTC.
        sol: The sol on that mission's count; `None` for now and for UTC.
        whole_sol: Whether a sol was typed without a local time.
    """

    asked: str
    utc_ns: int
    mission: str = ""
    sol: int | None = None
    whole_sol: bool = False

    @property
    def is_now(self) -> bool:
        """Whether it is the moment it was read."""
        return self.asked.casefold() == "now"


def read_typed(text: str, mission: str = "") -> TypedTime:
    """Read a text that is one time.

    Args:
        text: What was typed.
        mission: Id or name of the mission of a sol that names none.

    Raises:
        SolbookError: `bad_time`, `bad_lmst`, `leap_second`, `unknown_mission`, `out_of_range`;
            `before_landing` for a sol before the first one of its mission; `ambiguous` for a
            number alone, and for a sol of no mission.
    """
    plain = _plain(text)
    found = list(_each_time(plain))
    if not found:
        raise _unreadable(plain)
    if len(found) > 1:
        raise SolbookError(
            "More than one time.",
            code="bad_time",
            found=plain[:MOST_LETTERS],
            expected=f"one time, for example {EXAMPLES[1]}",
            help="Ask for one time only.",
        )
    return _read(found[0], mission, "name one, or choose one beside the time")


def read_typed_times(words: Sequence[str], mission: str = "") -> list[TypedTime]:
    """Read the words of a command line: times one after another.

    Args:
        words: The words, each a part of a time, a time or several; none are now.
        mission: Id or name of the mission of sols that name none.

    Raises:
        SolbookError: As `read_typed`.
    """
    plain = _plain(" ".join(words)) or "now"
    return [_read(match, mission, "name one with `of`") for match in _each_time(plain)]


def read_typed_utc(text: str) -> int:
    """Read a text that is a UTC date or time; neither now nor a sol.

    Returns:
        `utc_ns`: UTC, ns since 1970-01-01.

    Raises:
        SolbookError: `bad_time`, `leap_second`, `out_of_range`.
    """
    plain = _plain(text)
    match = _UTC.fullmatch(plain)
    if match is None:
        raise SolbookError(
            "Not a UTC time.",
            code="bad_time",
            found=plain[:MOST_LETTERS] or "nothing",
            expected=f"a UTC date or time, for example {EXAMPLES[0]}",
            help="Write the date, then the time; without a zone it is UTC.",
        )
    return _utc_ns(match)


def sol_text(mission: str, sol: int, lmst_s: float, decimals: int = 0) -> str:
    """A time of a mission as it can be typed: "sol 257 18:03:17 of Perseverance".

    Args:
        mission: Mission id or name.
        sol: Sol number on the mission's count.
        lmst_s: Local seconds of the sol, 0 <= lmst_s < 86400.
        decimals: Digits after the second, 0 to 6.
    """
    return f"sol {sol} {format_lmst(lmst_s, decimals)} of {mission_clock(mission).name}"


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN_SIGNS).split())


def _each_time(plain: str) -> Iterator[re.Match[str]]:
    """The times of a text, from left to right."""
    at = 0
    while at < len(plain):
        match = _NOW.match(plain, at) or _UTC.match(plain, at) or _SOL.match(plain, at)
        if match is None or not _WORD_ENDS.match(plain, match.end()):
            raise _unreadable(plain[at:])
        if match.re is _SOL and match["after"] and _SOL_FOLLOWS.match(plain, match.end()):
            raise SolbookError(
                "It is not clear to which sol the mission belongs.",
                code="ambiguous",
                found=plain[at:][:MOST_LETTERS],
                expected=f"sol {match['sol']} of MISSION",
                help="Put `of` between a sol and its mission.",
            )
        yield match
        at = match.end() + 1


def _read(match: re.Match[str], mission: str, remedy: str) -> TypedTime:
    if match.re is _NOW:
        return TypedTime(match[0], time.time_ns())
    if match.re is _UTC:
        return TypedTime(match[0], _utc_ns(match))
    named = match["before"] or match["of"] or match["after"] or mission
    if not named:
        raise SolbookError(
            "It is not clear whose sol is meant.",
            code="ambiguous",
            found=match[0][:MOST_LETTERS],
            expected=f"a sol with its mission, for example {EXAMPLES[1]}",
            help=f"Each mission counts sols of its own: {remedy}.",
        )
    return _read_sol(match, mission_clock(named))


def _read_sol(match: re.Match[str], clock: SolClock) -> TypedTime:
    sol, is_whole = int(match["sol"]), match["clock"] is None
    if sol < clock.first_sol:
        raise SolbookError(
            f"{clock.name} had not landed.",
            code="before_landing",
            found=f"sol {sol}",
            expected=f"sol {clock.first_sol} or later; {clock.name} landed on that sol",
            help="A time before the landing has a UTC; ask with that.",
        )
    lmst_s = _NOON_S if is_whole else _local_s(match["clock"])
    try:
        utc_ns = clock.to_utc(sol, lmst_s)
        # Whoever asks for a sol is told when it ends, too.
        clock.sol_start_utc(sol + 1)
    except SolbookError:
        raise _too_far(match[0]) from None
    return TypedTime(match[0], utc_ns, clock.mission, sol, is_whole)


def _local_s(text: str) -> float:
    match = _LOCAL_CLOCK.fullmatch(text)
    if match is None:
        raise SolbookError(
            "Not a time of the sol.",
            code="bad_lmst",
            found=text[:MOST_LETTERS],
            expected="HH:MM or HH:MM:SS, from 00:00 to 23:59:59",
            help="A sol has 24 local hours, each a little longer than an hour of the Earth.",
        )
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float((seconds or "0").replace(":", "."))


def _utc_ns(match: re.Match[str]) -> int:
    try:
        utc_ns = parse_utc(_iso(match))
    except SolbookError as error:
        raise SolbookError(
            error.message,
            code=error.code,
            found=match[0][:MOST_LETTERS],
            expected=error.expected,
            help=error.help,
        ) from None
    if not LEAST_UTC_NS <= utc_ns <= GREATEST_UTC_NS:
        raise _too_far(match[0])
    return utc_ns


def _iso(match: re.Match[str]) -> str:
    """A date and time in ISO 8601, if the words make one."""
    text = match["iso"] or f"{match['year']}-{_month(match['month']):02}-{match['day']:0>2}"
    if match["clock"]:
        hours, _, rest = match["clock"].partition(":")
        text += f"T{hours:0>2}:{rest}"
    text = f"{text}{match['zone'] or ''}".upper()
    bare = _UTC_ENDS.sub("", text)
    # A time keeps its Z, so that another zone before it is not overlooked; a date cannot have one.
    return f"{bare}Z" if bare != text and "T" in bare else bare


def _month(name: str) -> int:
    """Number of a month by its first letters, three or more; 0 if there is none."""
    for number, month in enumerate(_MONTHS, start=1):
        if month.startswith(name.casefold()):
            return number
    return 0


def _unreadable(words: str) -> SolbookError:
    found = words[:MOST_LETTERS] or "nothing"
    if _NUMBER.match(words):
        return SolbookError(
            "It is not clear what time this number means.",
            code="ambiguous",
            found=found,
            expected=f"a date or a sol, for example {EXAMPLES[0]} or {EXAMPLES[1]}",
            help="For a sol say: sol 257 of perseverance. Unix seconds are read from files: solbook"
            " time --file.",
        )
    if _SOL_BEGINS.match(words):
        return SolbookError(
            "Not a sol Solbook can read.",
            code="bad_lmst",
            found=found,
            expected="sol N [HH:MM[:SS]] [of MISSION], N of at most six digits",
            help=f"For example: {EXAMPLES[1]}.",
        )
    return SolbookError(
        "Not a time Solbook can read.",
        code="bad_time",
        found=found,
        expected="now, a UTC date or time, or: sol N [HH:MM[:SS]] [of MISSION]",
        help=f"For example: {', or '.join(EXAMPLES)}.",
    )


def _too_far(words: str) -> SolbookError:
    return SolbookError(
        "The time is out of range.",
        code="out_of_range",
        found=words[:MOST_LETTERS],
        expected="a time of the years 1730 to 2261",
        help="Ask for a time of these years; the Sun is known for 1874 to 2127, the Earth for 1960"
        " to 2052.",
    )
