"""Sols and flights: things that are counted, one, several or a range of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from solbook.clock import mission_clock
from solbook.missions import MISSIONS, events, flights
from solbook.records.mentions.dates import MOST_OF_A_RANGE
from solbook.records.mentions.mention import Mention
from solbook.records.mentions.ordinals import Ordinal, ordinal_at, ordinals
from solbook.records.mentions.reading import Reading
from solbook.records.mentions.whose import OTHER_CRAFT, OTHER_LANDER, Whose

_NUMBER = r"(?:[0-9]{1,2},[0-9]{3}|[0-9]{1,4})(?![0-9a-z])"
_THEN = r"(?:\s{0,2}(?:,\s{1,2}(?:and|or)\s{1,2}|,\s{0,2}|-)|\s{1,2}(?:and|or|&|to|through)\s{1,2})"
_LIST = re.compile(rf"({_THEN})\s{{0,2}}({_NUMBER})")
_SOL = re.compile(
    rf"(?<![a-z0-9_])(?:sol(?P<many>s)?(?:\s{{1,3}}|-)(?:number\s)?|(?:martian|mars)\sday(?:s)?"
    rf"(?:,?\s\(?or\ssols?\)?,?)?\s{{1,3}}#?)(?P<number>{_NUMBER})(?![.:][0-9]|%)"
)
_SOL_WORDS = (("sol",), ("martian", "day"), ("mars", "day"))
# "The ninth sol" may be sol 8 where sols are counted from 0; of larger numbers nobody counts.
_LEAST_SPELLED_SOL = 20
_FLIGHT = re.compile(
    rf"(?<![a-z0-9_])flight(?P<many>s)?(?:\s|-)(?:(?:no\.?|number|#)\s?)?#?(?P<number>{_NUMBER})"
    r"(?![.:,][0-9]|%)"
)
# What may stand between "first" and "flight".
_KINDS = frozenset(
    "and final last powered controlled test experimental successful aerial historic autonomous "
    "helicopter mars martian demonstration science scouting ever".split()
)
_MOST_KINDS = 6
_SPELLED = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
}
_GAPS = frozenset([" ", "-", ", ", "\n"])
# A capital before "Flight 13" is an airline's, but for the first word of a sentence.
_OPENERS = frozenset(
    "on in at after before during from for between by with until since of the this its see "
    "frames images pictures following and as".split()
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
    for ordinal in ordinals(reading):
        count = _sol_after(reading, ordinal.after)
        if count and (not ordinal.is_spelled or ordinal.number >= _LEAST_SPELLED_SOL):
            start, end = _span(reading, ordinal.first, ordinal.after + count)
            yield from _sol(reading, whose, ordinal.number, start, end)


def _sol_after(reading: Reading, index: int) -> int:
    """How many words mean a sol after "257th"; none if they do not."""
    if reading.gap(index - 1) not in _GAPS:
        return 0
    return next((len(words) for words in _SOL_WORDS if reading.phrase(index, words)), 0)


def _span(reading: Reading, index: int, after: int) -> tuple[int, int]:
    return reading.words[index].start, reading.words[after - 1].end


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
        if not _is_of_another(reading, found.start(), found.end()):
            for number, start, end in _members(reading, found, many=found["many"] is not None):
                yield from _flight(reading, whose, number, start, end)
    yield from _spelled_flights(reading, whose)
    done = 0
    for ordinal in ordinals(reading):
        numbers, after = _flights_after(reading, ordinal)
        if not numbers or ordinal.first < done:
            continue
        done = after
        start, end = _span(reading, ordinal.first, after)
        if _is_of_another(reading, start, end):
            continue
        for number in numbers:
            yield from _flight(reading, whose, number, start, end)
            if number == 1:
                yield from _first_flight(reading, whose, start, end)


def _spelled_flights(reading: Reading, whose: Whose) -> Iterator[Mention]:
    """Flight Four; not: after that flight one day passed."""
    for index, word in enumerate(reading.words):
        number = _SPELLED.get(word.folded)
        is_title = number and reading.folded_at(index - 1) == "flight" and reading.is_capital(index)
        if number and is_title and reading.gap(index - 1) == " ":
            start, end = _span(reading, index - 1, index + 1)
            if not _is_of_another(reading, start, end):
                yield from _flight(reading, whose, number, start, end)


def _flights_after(reading: Reading, ordinal: Ordinal) -> tuple[list[int], int]:
    """The numbers of "sixth and seventh test flights" and the index after; or no numbers."""
    numbers, at = [ordinal.number], ordinal.after
    second = ordinal_at(reading, at + 1) if reading.folded_at(at) == "and" else None
    if second is not None:
        numbers, at = [ordinal.number, second.number], second.after
    for _ in range(_MOST_KINDS):
        if reading.gap(at - 1) not in _GAPS or reading.folded_at(at) not in _KINDS:
            break
        at += 1
    is_flight = reading.folded_at(at) in {"flight", "flights"} and reading.gap(at - 1) in _GAPS
    return (numbers, at + 1) if is_flight else ([], at)


def _first_flight(reading: Reading, whose: Whose, start: int, end: int) -> Iterator[Mention]:
    """The event, where the first flight was one."""
    for flight in _flight(reading, whose, 1, start, end):
        mission = flight.target.partition("/")[0]
        if any(event.id == "first-flight" for event in events(mission)):
            yield reading.mention("event", f"{mission}/first-flight", start, end)


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
    return 1 <= number <= _flown(mission)


@cache
def _flown(mission: str) -> int:
    return len(flights(mission))


def _is_of_another(reading: Reading, start: int, end: int) -> bool:
    """The Wright brothers' first flight; the first flight of Orion; TWA Flight 8."""
    index = reading.word_at(start)
    is_owned = reading.folded_at(index - 1) == "s"
    owner = index - 2 if is_owned else index - 1
    possessor, gap = reading.folded_at(owner), reading.gap(index - 1)
    if possessor in _FLIERS:
        return False
    if is_owned or gap.startswith("'"):
        return True
    what = _OF_WHAT.match(reading.folded, end)
    if what is not None and what[1] not in _FLIERS and reading.plain[what.start(1)].isupper():
        return True
    is_named = reading.is_capital(owner) and gap == " " and possessor not in _OPENERS
    return is_named and not reading.is_title(index)


def _members(
    reading: Reading, found: re.Match[str], *, many: bool
) -> Iterator[tuple[int, int, int]]:
    """The numbers of a list or a range, each with its place in the text.

    They rise; what does not is about something else: "sols 15 to 17, 6-8 March".
    """
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
        elif many and joint not in {"-", "to", "through"} and number > before:
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


def _value(digits: str) -> int:
    return int(digits.replace(",", ""))
