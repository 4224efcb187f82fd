"""Launches and landings, which are told in many ways: "touched down", "after its landing"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from solbook.missions import MISSIONS, events
from solbook.records.mentions.mention import Mention
from solbook.records.mentions.reading import Reading
from solbook.records.mentions.whose import OTHER_CRAFT, OTHER_LANDER, Whose

_LANDING = re.compile(
    r"(?<![a-z0-9_-])(?:landed|landing|touch(?:ed|ing)\sdown|touch-?down|(?:to|will)\sland)"
    r"(?![a-z0-9_-])"
)
_LAUNCH = re.compile(
    r"(?<![a-z0-9_-])(?:launched|launches|launch|launching|lift-?off|(?:lift|blast)(?:s|ed)?\soff)"
    r"(?![a-z0-9_-])"
)
# A landing site is a place, and a launch pad a thing.
_NOT_BEFORE = {
    "landing": frozenset(
        "site sites gear area areas ellipse ellipses zone zones leg legs pad pads system systems "
        "party strip page radar engine engines vehicle technique technology spot region point "
        "craft technologies location locations".split()
    ),
    "launch": frozenset(
        "pad pads vehicle vehicles complex site window windows period periods director services "
        "service provider providers countdown rehearsal facility range control campaign team "
        "abort tower date dates rocket opportunity opportunities slip slips slippage reliability "
        "cost costs".split()
    ),
}
_NOT_AFTER = frozenset(
    "moon lunar ever crewed human future emergency soft rock rocks meteorite meteorites".split()
)
# Nobody has landed yet, and what is launched may be a competition.
_PEOPLE = frozenset("astronauts humans human crew crews people moon lunar".split())
_STARTED = frozenset("a an its new their another your anything it them this these".split())
_MAY = frozenset("to will can could would may".split())
_NEAR = 5
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# A longer text, such as the transcript of a talk, speaks of many landings: there the mission has to
# stand in the same sentence.
_CAPTION_LENGTH = 3000


def find_happenings(reading: Reading, whose: Whose) -> Iterator[Mention]:
    """Launches and landings with the mission they are of."""
    for found in _LANDING.finditer(reading.folded):
        if not _is_of_flight(reading, whose, found):
            yield from _happening(reading, whose, "landing", found)
    for found in _LAUNCH.finditer(reading.folded):
        rises = "lift" in found[0] and _is_of_flight(reading, whose, found)
        if not rises and not _starts_something(reading, found):
            yield from _happening(reading, whose, "launch", found)


def _happening(
    reading: Reading, whose: Whose, event: str, found: re.Match[str]
) -> Iterator[Mention]:
    index = reading.word_at(found.end())
    before = reading.folded_at(reading.word_at(found.start()) - 1)
    near = [reading.folded_at(index + n) for n in range(_NEAR)]
    joined = reading.gap(index - 1) in {" ", "-"}
    if before in _NOT_AFTER or (joined and near[0] in _NOT_BEFORE[event]):
        return
    if event == "landing" and _PEOPLE.intersection(near):
        return
    is_plan = found[0].startswith(("to ", "will ")) or before in _MAY
    is_caption = len(reading.text) <= _CAPTION_LENGTH and not is_plan
    year = next((int(word) for word in near if _YEAR.fullmatch(word)), None)
    for mission in whose.all_of(found.start(), found.end(), lambda one: _has(one, event)):
        if year is not None and year != _year(mission, event):
            continue
        if not is_caption and not whose.is_near(found.start(), mission):
            continue
        yield reading.mention("event", f"{mission}/{event}", found.start(), found.end())


@cache
def _year(mission: str, id_: str) -> int | None:
    """The year of an event; "the one before was launched in 2018" is another's."""
    return next((one.date.year for one in events(mission) if one.id == id_), None)


@cache
def _has(mission: str, event: str) -> bool:
    if mission == OTHER_CRAFT:
        return event == "launch"
    if mission == OTHER_LANDER:
        return True
    return mission in MISSIONS and any(one.id == event for one in events(mission))


def _is_of_flight(reading: Reading, whose: Whose, found: re.Match[str]) -> bool:
    """Whether it is the helicopter that lands or rises."""
    sign = whose.craft_before(found.start())
    if sign is not None:
        return sign.is_helicopter
    words = reading.sentence_words(found.start())
    return bool(words & {"flight", "flights", "airfield", "helicopter"})


def _starts_something(reading: Reading, found: re.Match[str]) -> bool:
    """NASA launched a competition; a visitor launches a rocket; to launch the samples."""
    after = reading.folded_at(reading.word_at(found.end()))
    before = reading.folded_at(reading.word_at(found.start()) - 1)
    is_verb = found[0] != "launch" or before in _MAY
    return is_verb and (after in _STARTED or (before in _MAY and after == "the"))
