"""Times as people type them: UTC, or the sol and local time of a mission."""

from __future__ import annotations

import re
from dataclasses import dataclass

from solbook.clock import format_lmst, mission_clock, parse_utc, utc_ns
from solbook.errors import SolbookError

MOST_LETTERS = 80

EXAMPLES = ("2021-11-10T00:31Z", "sol 257 18:03 of Perseverance", "Sol-00257M18:03:17")

_MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
# "10 Nov 2021", "10 November 2021 00:31:18": as these pages write it.
_DAY_FIRST = re.compile(
    r"(\d{1,2}) ([a-z]{3,9})\.? (\d{4})(?:,? (\d{1,2}:\d\d(?::\d\d\S*)?))?", re.I
)
_UTC_WORD = re.compile(r"\s*(?:utc|gmt|z)$", re.I)
_SOL = re.compile(
    r"""(?:(?P<before>[a-z][a-z0-9\ ]*?)[\s,:']+(?:s\s)?)??
        sol(?:-|\s*)(?P<sol>-?\d{1,6})
        (?:(?:m|,?\s+(?:at\s+)?)(?P<hours>\d{1,2}):(?P<minutes>\d\d)
           (?::(?P<seconds>\d\d(?:[.:]\d{1,9})?))?)?
        (?:\s*(?:lmst|hlst|llt)\b)?
        (?:,?\s*(?:\b(?:of|on|for)\s+)?(?P<after>[a-z][a-z0-9\ ]*))?""",
    re.I | re.X,
)
_NOON_H = 12
_LOOKS_LIKE_SOL = re.compile(r"\bsol\b|\bsol-?\d", re.I)


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A time somebody typed.

    Attributes:
        utc_ns: UTC, ns since 1970-01-01.
        mission: Mission whose sol it was given in; empty for a UTC time.
    """

    utc_ns: int
    mission: str = ""


def read_typed(text: str, mission: str = "") -> TypedTime:
    """Read a time.

    Args:
        text: For example "2021-11-10T00:31Z", "2021-11-10", "10 Nov 2021 00:31 UTC",
            "sol 257 18:03 of perseverance", "Sol-00257M18:03:17". A date alone is its midnight, a
            sol alone its middle, 12:00:00 on its clock.
        mission: Mission of a sol whose mission the text does not name; one that it names goes
            before.

    Raises:
        SolbookError: `bad_time`, `bad_lmst`, `leap_second`, `unknown_mission` or `out_of_range`.
    """
    plain = " ".join(text.replace("\N{MINUS SIGN}", "-").split())
    if match := _SOL.fullmatch(plain):
        return _of_sol(match, text, mission)
    if _LOOKS_LIKE_SOL.search(plain):
        raise SolbookError(
            "That is not a sol with a local time.",
            code="bad_lmst",
            found=text[:MOST_LETTERS],
            expected=f"for example {EXAMPLES[1]}, or {EXAMPLES[2]} with a mission",
            help="A local time has hours 0 to 23 and minutes; seconds may be left out.",
        )
    return TypedTime(_utc_of(plain, text))


def sol_text(sol: int, lmst_s: float, name: str) -> str:
    """A sol and local time as `read_typed` reads it: `sol 257 18:03:17 of Perseverance`."""
    return f"sol {sol} {format_lmst(lmst_s)} of {name}"


def _of_sol(match: re.Match[str], text: str, mission: str) -> TypedTime:
    named = match["after"] or match["before"] or mission
    if not named:
        raise SolbookError(
            "Which mission's sol?",
            code="bad_time",
            found=text[:MOST_LETTERS],
            expected=f"a sol with its mission, for example {EXAMPLES[1]}",
            help="Each mission counts sols of its own: name one, or choose one beside the time.",
        )
    clock = mission_clock(named)
    hours, minutes = int(match["hours"] or _NOON_H), int(match["minutes"] or 0)
    seconds = float((match["seconds"] or "0").replace(":", "."))
    if hours > 23 or minutes > 59 or seconds >= 60:
        raise SolbookError(
            "There is no such local time.",
            code="bad_lmst",
            found=text[:MOST_LETTERS],
            expected="hours 0 to 23, minutes and seconds 0 to 59",
            help="A sol has 24 local hours, each a little longer than one of the Earth.",
        )
    sol = int(match["sol"])
    lmst_s = hours * 3600 + minutes * 60 + seconds
    try:
        found = utc_ns(int(clock.to_utc(sol, lmst_s)))
    except (OverflowError, SolbookError):
        raise _beyond(f"sol {sol} of {named}") from None
    assert isinstance(found, int)  # noqa: S101  (one time gives one number)
    return TypedTime(found, clock.mission)


def _utc_of(plain: str, text: str) -> int:
    bare = _UTC_WORD.sub("", plain)
    if match := _DAY_FIRST.fullmatch(bare):
        day, name, year, time = match.groups()
        month = _MONTHS.get(name[:3].lower(), 0)
        hours, _, rest = (time or "00:00").partition(":")
        bare = f"{year}-{month:02d}-{int(day):02d}T{int(hours):02d}:{rest}"
    try:
        found = utc_ns(parse_utc(bare.upper()))
    except SolbookError as error:
        if error.code == "out_of_range":
            raise _beyond(text) from None
        if error.code == "leap_second":
            raise
        raise SolbookError(
            "That is not a time Solbook can read.",
            code="bad_time",
            found=text[:MOST_LETTERS],
            expected=f"for example {EXAMPLES[0]}, or {EXAMPLES[1]}",
            help="Type a UTC date or time, or a sol with its local time and mission.",
        ) from None
    assert isinstance(found, int)  # noqa: S101  (one time gives one number)
    return found


def _beyond(found: str) -> SolbookError:
    return SolbookError(
        "The time is too far away.",
        code="out_of_range",
        found=found[:MOST_LETTERS],
        expected="a time of the years 1730 to 2261",
        help="What is known of the Earth and the Mars Year covers 1960 to 2052, the Sun 1874"
        " to 2127.",
    )
