"""Reading the times of a command line: of the Earth, and of a mission's clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from solbook import clock
from solbook.clock import SolClock, mission_clock
from solbook.errors import SolbookError

DEFAULT_MISSION = "m2020"

_EXPECTED = "now, an ISO 8601 date or time, or: sol N [HH:MM[:SS]] [of MISSION]"
_HELP = 'For example 2021-11-10T00:31:18Z, "sol 257 of perseverance", Sol-00257M18:03:17.'
# Python reads 20211110 and 2021-11-10+05:00 as well; the first may be meant as Unix seconds, and
# it takes the zone of the second for a time.
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T.+)?")
_CLOCK_BEGINS = re.compile(r"[0-9]{1,2}:")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,9})?))?")
_SOL = re.compile(r"-?[0-9]{1,6}")
_NUMBER = re.compile(r"[+-]?[0-9.]+")
_NOON_S = clock.LMST_S_PER_SOL / 2


@dataclass(frozen=True, slots=True)
class When:
    """A time somebody asked about.

    Attributes:
        asked: The words it was asked with.
        utc_ns: UTC, ns since 1970-01-01; of a whole sol its middle, 12:00:00 on its clock.
        mission: The mission whose clock it was told on; `None` for a time of the Earth.
        sol: The sol of that mission.
        whole_sol: Whether a whole sol was asked about.
    """

    asked: str
    utc_ns: int
    mission: str | None = None
    sol: int | None = None
    whole_sol: bool = False


def read_whens(words: Sequence[str], asked_missions: Sequence[str] = ()) -> list[When]:
    """The times of a command line, each in one word or in several.

    Args:
        words: The arguments as they came; none are now.
        asked_missions: Ids of the missions the command line names beside them.

    Raises:
        SolbookError: `bad_time`, `bad_lmst`, `unknown_mission`, `out_of_range`, `before_landing`,
            `leap_second`; `ambiguous` if it is not clear whose sol is meant.
    """
    left = " ".join(words).split() or ["now"]
    reader = _Reader(left, asked_missions)
    found = []
    while reader.left:
        found.append(reader.next_when())
    return found


def mission_words(mission: str, sol: int, lmst_s: float, decimals: int = 0) -> str:
    """A time of a mission in the words that `read_whens` reads.

    Args:
        mission: Mission id.
        sol: Sol number on the mission's count.
        lmst_s: Local seconds of the sol.
        decimals: Digits after the second, 0 to 6.
    """
    return f"sol {sol} {clock.format_lmst(lmst_s, decimals)} of {name_of(mission)}"


def name_of(mission: str) -> str:
    """The name of a mission, for people."""
    return mission_clock(mission).name


def named_clock(name: str) -> SolClock:
    """The clock of a mission somebody named.

    Raises:
        SolbookError: `unknown_mission`, with help.
    """
    try:
        return mission_clock(name)
    except SolbookError as error:
        raise _helped(error, "Name a mission by its id or its name.") from None


def iso_utc_ns(text: str) -> int:
    """An ISO 8601 date or time as people write it; between the two a `T` or a space.

    Args:
        text: For example "2021-11-10", "2021-11-10T00:31:18.5Z", "2021-11-10 00:31 UTC".

    Returns:
        UTC, ns since 1970-01-01. Without a zone it is UTC.

    Raises:
        SolbookError: `bad_time`, `out_of_range`, `leap_second`.
    """
    iso = text.upper().removesuffix(" UTC").replace(" ", "T", 1)
    try:
        # Asked of the clock, a text that is not ISO gives its error; one that is too free does not.
        if not _ISO.fullmatch(iso):
            raise _not_a_time(text)
        return _in_range(clock.parse_utc(iso + "Z" if text.upper().endswith(" UTC") else iso))
    except SolbookError as error:
        raise _helped(error, _HELP) from None


class _Reader:
    """Takes words from the left, a time after another."""

    def __init__(self, words: list[str], asked_missions: Sequence[str]) -> None:
        self.left = words
        self._asked_missions = asked_missions

    def next_when(self) -> When:
        word = self.left.pop(0)
        if word.casefold() == "now":
            moment = datetime.now(UTC)
            return When(word, clock.parse_utc(moment.isoformat()))
        if word.casefold() == "sol":
            return self._sol(word)
        if word.casefold().startswith("sol-"):
            return self._written_lmst(word)
        if re.match(r"[0-9]{4}-", word):
            return self._iso(word)
        if _NUMBER.fullmatch(word):
            raise SolbookError(
                "It is not clear what time this number means.",
                code="ambiguous",
                found=word[:80],
                expected=_EXPECTED,
                help=f"For a sol say: sol {word[:10]} of perseverance. Unix seconds: with --file.",
            )
        raise _not_a_time(word)

    def _iso(self, word: str) -> When:
        if len(word) == len("2021-11-10") and self.left and _CLOCK_BEGINS.match(self.left[0]):
            word += f" {self.left.pop(0)}"
        if self.left and self.left[0].upper() == "UTC":
            word += f" {self.left.pop(0)}"
        return When(word, iso_utc_ns(word))

    def _sol(self, word: str) -> When:
        number = self.left.pop(0) if self.left else ""
        if not _SOL.fullmatch(number):
            raise SolbookError(
                "A sol has a number.",
                code="bad_time",
                found=f"{word} {number}".rstrip()[:80],
                expected="sol N [HH:MM[:SS]] [of MISSION], N of at most six digits",
                help="For example: sol 257 18:03 of perseverance.",
            )
        asked = f"{word} {number}"
        lmst_s = None
        if self.left and _CLOCK_BEGINS.match(self.left[0]):
            told = self.left.pop(0)
            asked += f" {told}"
            lmst_s = _clock_s(told)
        return self._on_a_clock(asked, int(number), lmst_s)

    def _written_lmst(self, word: str) -> When:
        try:
            sol, lmst_s = clock.parse_lmst(word[:4].capitalize() + word[4:].upper())
        except SolbookError as error:
            # The clock's message shows the text as it was made ready for it; people know theirs.
            raise SolbookError(
                error.message,
                code=error.code,
                found=word[:80],
                expected="for example Sol-00257M15:53:52.123",
                help="The sol with up to six digits, then hours 00-23, minutes and seconds 00-59.",
            ) from None
        return self._on_a_clock(word, sol, lmst_s)

    def _on_a_clock(self, asked: str, sol: int, lmst_s: float | None) -> When:
        own_clock, of_words = self._mission(asked)
        if sol < own_clock.first_sol:
            name = name_of(own_clock.mission)
            raise SolbookError(
                f"{name} had not landed.",
                code="before_landing",
                found=f"sol {sol}",
                expected=f"sol {own_clock.first_sol} or later; {name} landed on that sol",
                help="A time before the landing has a UTC; ask with that.",
            )
        middle_or_told_s = _NOON_S if lmst_s is None else lmst_s
        utc = _in_range(own_clock.to_utc(sol, middle_or_told_s))
        if lmst_s is None:
            _in_range(own_clock.to_utc(sol + 1, 0.0))
        return When(asked + of_words, utc, own_clock.mission, sol, whole_sol=lmst_s is None)

    def _mission(self, asked: str) -> tuple[SolClock, str]:
        if not self.left or self.left[0].casefold() != "of":
            if set(self._asked_missions) - {DEFAULT_MISSION}:
                raise SolbookError(
                    "It is not clear whose sol is meant.",
                    code="ambiguous",
                    found=f"{asked}, beside --mission {', '.join(self._asked_missions)}",
                    expected=f"{asked} of MISSION",
                    help="--mission chooses the rows; `of` says whose clock the time is on.",
                )
            return mission_clock(DEFAULT_MISSION), ""
        of = self.left.pop(0)
        # "Viking 1" is two words.
        for count in (2, 1):
            name = " ".join(self.left[:count])
            try:
                own_clock = mission_clock(name)
            except SolbookError:
                continue
            del self.left[:count]
            return own_clock, f" {of} {name}"
        return named_clock(" ".join(self.left[:1])), ""


def _clock_s(text: str) -> float:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise SolbookError(
            "Not a time of the sol.",
            code="bad_lmst",
            found=text[:80],
            expected="HH:MM or HH:MM:SS, from 00:00 to 23:59:59",
            help="A sol has 24 local hours, each a little longer than an hour of the Earth.",
        )
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds or 0)


def _in_range(utc: int) -> int:
    checked = clock.utc_ns(utc)
    assert isinstance(checked, int)  # noqa: S101  (one time gives one number)
    return checked


def _not_a_time(text: str) -> SolbookError:
    return SolbookError(
        "Not a time.", code="bad_time", found=text[:80], expected=_EXPECTED, help=_HELP
    )


def _helped(error: SolbookError, help_text: str) -> SolbookError:
    """The same error, with help if it has none."""
    return SolbookError(
        error.message,
        code=error.code,
        found=error.found,
        expected=error.expected,
        help=error.help or help_text,
    )
