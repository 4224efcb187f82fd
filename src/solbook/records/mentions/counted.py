"""Sols and flights: things that are counted, one, several or a range of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from solbook.clock import mission_clock
from solbook.missions import MISSIONS, events, flights
from solbook.records.mentions.dates import MOST_OF_A_RANGE
from solbook.records.mentions.mention import Mention
from solbook.records.mentions.reading import Reading
from solbook.records.mentions.whose import OTHER_CRAFT, OTHER_LANDER, Whose

_NUMBER = r"(?:[0-9]{1,2},[0-9]{3}|[0-9]{1,4})(?![0-9a-z])"
_THEN = r"(?:\s{0,2}(?:,\s{1,2}(?:and|or)\s{1,2}|,\s{0,2}|-)|\s{1,2}(?:and|or|&|to|through)\s{1,2})"
_LIST = re.compile(rf"({_THEN})\s{{0,2}}({_NUMBER})")
_SOL = re.compile(
    rf"(?<![a-z0-9_])(?:sol(?P<many>s)?(?:\s{{1,3}}|-)(?:number\s)?|(?:martian|mars)\sday(?:s)?"
    rf"(?:,?\s\(?or\ssols?\)?,?)?\s{{1,3}}#?)(?P<number>{_NUMBER})(?![.:][0-9]|%)"
)
_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
)
_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    {word: n for n, word in enumerate([*_UNITS, *_TEENS.split()], 1)}
    | {f"{tens[:-1]}ieth": n * 10 for n, tens in enumerate(_TENS, 2)}
    | {
        f"{tens}-{unit}": n * 10 + one
        for n, tens in enumerate(_TENS, 2)
        for one, unit in enumerate(_UNITS, 1)
    }
    | {"hundredth": 100, "thousandth": 1000}
)
_ORDINAL = (
    rf"(?:(?:[0-9]{{1,2}},[0-9]{{3}}|[0-9]{{1,4}})(?:st|nd|rd|th)|(?:{'|'.join(_TENS)})[\s-]"
    rf"(?:{'|'.join(_UNITS)})|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?![a-z0-9])"
)
_ORDINAL_SOL = re.compile(
    rf"(?<![a-z0-9.,])({_ORDINAL})[\s-]{{1,3}}(?:full\s|operational\s)?"
    r"(?:sol|martian\sday|mars\sday)(?![a-z0-9])"
)
# "The ninth sol" may be sol 8 where sols are counted from 0; of larger numbers nobody counts.
_LEAST_SPELLED_SOL = 20
_FLIGHT = re.compile(
    rf"(?<![a-z0-9_])flight(?P<many>s)?(?:\s|-)(?:(?:no\.?|number|#)\s?)?#?(?P<number>{_NUMBER})"
    r"(?![.:,][0-9]|%)"
)
_KINDS = (
    r"(?:(?:and\s(?:final|last)|powered|controlled|test|experimental|successful|aerial|historic|"
    r"autonomous|helicopter|mars|martian|demonstration|science|scouting|ever),?[\s-]{1,3}){0,5}"
)
_ORDINAL_FLIGHT = re.compile(
    rf"(?<![a-z0-9.,])({_ORDINAL})(?:,?\s(?:and|&)\s({_ORDINAL}))?[\s,-]{{1,3}}{_KINDS}"
    r"flights?(?![a-z0-9])"
)
_OF_WHAT = re.compile(r"\s(?:of|for|by)\s(?:(?:the|a|an|nasa's)\s)?([a-z0-9]+)")
_FLIERS = frozenset("ingenuity helicopter rotorcraft its it craft vehicle aircraft".split())
_NOT_FLIERS = frozenset("brothers aspire orion artemis shuttle rocket balloon airplane".split())
_AFTER_THE_END = 400
_MOST_REHEARSED = 99


def find_sols(reading: Reading, whose: Whose) -> Iterator[Mention]:
    """Sols with the mission that counts them."""
    for found in _SOL.finditer(reading.folded):
        if found.start() and reading.folded_at(reading.word_at(found.start()) - 1) in {"del", "el"}:
            continue
        many = found["many"] is not None or found[0].startswith("mar")
        for sol, start, end in _members(reading, found, many=many):
            yield from _sol(reading, whose, sol, start, end)
    for found in _ORDINAL_SOL.finditer(reading.folded):
        number = _value(found[1])
        if found[1][0].isdigit() or number >= _LEAST_SPELLED_SOL:
            yield from _sol(reading, whose, number, found.start(), found.end())


def _sol(reading: Reading, whose: Whose, sol: int, start: int, end: int) -> Iterator[Mention]:
    mission = whose.of(start, end, lambda mission: _has_sol(mission, sol))
    if mission is not None:
        yield reading.mention("sol", f"{mission}/{sol}", start, end)


def _has_sol(mission: str, sol: int) -> bool:
    """Whether a mission counted so far; of other landers it is not known."""
    if mission in {OTHER_LANDER, OTHER_CRAFT}:
        return mission == OTHER_LANDER
    return _first_sol(mission) <= sol <= _last_sol(mission)


@cache
def _first_sol(mission: str) -> int:
    return mission_clock(mission).first_sol


@cache
def _last_sol(mission: str) -> int:
    """The last that a text may speak of: after the end of a mission people listened for a while."""
    end = MISSIONS[mission].end_date
    if end is None:
        return 9999
    return mission_clock(mission).from_utc(f"{end}T00:00:00")[0] + _AFTER_THE_END


def find_flights(reading: Reading, whose: Whose) -> Iterator[Mention]:
    """Flights of a helicopter; the first is an event as well."""
    for found in _FLIGHT.finditer(reading.folded):
        if not _is_of_another(reading, found):
            for number, start, end in _members(reading, found, many=found["many"] is not None):
                yield from _flight(reading, whose, number, start, end)
    for found in _ORDINAL_FLIGHT.finditer(reading.folded):
        if _is_of_another(reading, found):
            continue
        for ordinal in filter(None, found.groups()):
            number = _value(ordinal)
            mentions = list(_flight(reading, whose, number, found.start(), found.end()))
            yield from mentions
            if mentions and number == 1:
                yield from _first_flight(reading, mentions[0])


def _first_flight(reading: Reading, flight: Mention) -> Iterator[Mention]:
    mission = flight.target.partition("/")[0]
    if any(event.id == "first-flight" for event in events(mission)):
        yield reading.mention("event", f"{mission}/first-flight", flight.start, flight.end)


def _flight(reading: Reading, whose: Whose, number: int, start: int, end: int) -> Iterator[Mention]:
    mission = whose.of(start, end, lambda mission: _has_flight(mission, number))
    if mission is None:
        return
    words = reading.sentence_words(start)
    if words & _NOT_FLIERS and not words & _FLIERS - {"its", "it"}:
        return
    yield reading.mention("flight", f"{mission}/{number}", start, end)


def _has_flight(mission: str, number: int) -> bool:
    if mission in {OTHER_LANDER, OTHER_CRAFT}:
        return True
    if MISSIONS[mission].simulated:
        return 1 <= number <= _MOST_REHEARSED
    return 1 <= number <= len(flights(mission))


def _is_of_another(reading: Reading, found: re.Match[str]) -> bool:
    """The Wright brothers' first flight; the first flight of the Space Launch System; TWA Flight 8.

    A helicopter that is the nearest thing named decides otherwise.
    """
    index = reading.word_at(found.start())
    possessor = reading.folded_at(index - 2 if reading.folded_at(index - 1) == "s" else index - 1)
    gap = reading.gap(index - 1)
    owned = reading.folded_at(index - 1) == "s" or gap.startswith("'")
    if owned and possessor not in _FLIERS:
        return True
    what = _OF_WHAT.match(reading.folded, found.end())
    if what is not None and what[1] not in _FLIERS and reading.plain[what.start(1)].isupper():
        return True
    named = reading.is_capital(index - 1) and gap == " " and not reading.begins_segment(index - 1)
    return named and possessor not in _FLIERS and not reading.is_title(index)


def _members(
    reading: Reading, found: re.Match[str], *, many: bool
) -> Iterator[tuple[int, int, int]]:
    """The numbers of a list or a range, each with its place in the text."""
    before, start, at = _value(found["number"]), found.start(), found.end()
    members = [(before, start, at)]
    while many or not members[1:]:
        then = _LIST.match(reading.folded, at)
        if then is None:
            break
        joint, number = then[1].strip(), _value(then[2])
        if joint in {"-", "to", "through"} and number > before:
            members.pop()
            members += [(one, start, then.end()) for one in _range(before, number)]
        elif many and joint not in {"-", "to", "through"}:
            start = then.start(2)
            members.append((number, start, then.end()))
        else:
            break
        before, at = number, then.end()
    yield from members


def _range(first: int, last: int) -> list[int]:
    if last - first < MOST_OF_A_RANGE:
        return list(range(first, last + 1))
    return [first, last]


def _value(text: str) -> int:
    """The number that digits or an ordinal mean."""
    digits = text.replace(",", "").rstrip("sthndr")
    if digits.isdigit():
        return int(digits)
    return _ORDINALS[re.sub(r"\s", "-", text)]
