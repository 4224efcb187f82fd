"""Things by their names in the tables: places, samples, and events that have a phrase of their own.

How much has to stand beside a name depends on what else it may mean: see `missions.Ambiguity`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from solbook.missions import MISSIONS, Ambiguity, events, places, samples
from solbook.records.mentions.mention import LinkKind, Mention
from solbook.records.mentions.reading import Reading
from solbook.records.mentions.whose import Sign, Whose

# Parts of a name that may be written with a small letter.
_GENERIC = frozenset(
    "crater field valley ridge hill hills landing site depot sample outcrop bay lake peak mountain "
    "overlook workspace memorial".split()
)
# A name that is also a word or a first name is a stone's only among words such as these.
_OF_STONES = frozenset(
    "rock rocks outcrop outcrops core cores cored coring sample samples sampled sampling tube "
    "tubes drill drilled drilling abraded abrasion boulder bedrock target depot sealed".split()
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A name, split into words, and what it is the name of.

    Attributes:
        tokens: Its words, folded.
        capitals: Which of them begin with a capital letter wherever they stand.
        kind: What sort of thing it names.
        mission: Whose.
        id: Which one.
        ambiguity: What else it may mean.
    """

    tokens: tuple[str, ...]
    capitals: tuple[bool, ...]
    kind: LinkKind
    mission: str
    id: str
    ambiguity: Ambiguity

    @property
    def target(self) -> str:
        """What a link to it says."""
        return f"{self.mission}/{self.id}"


class FoundName(NamedTuple):
    """A name where it stands in a text; what it means there is still open."""

    name: _Name
    start: int
    end: int


def find_names(reading: Reading) -> list[FoundName]:
    """All names that stand in a text, the longest at each place."""
    found, after, names = [], 0, _names()
    for index, word in enumerate(reading.words):
        if index < after:
            continue
        following = reading.folded_at(index + 1)
        for name in (*names.get((word.folded, following), ()), *names.get((word.folded,), ())):
            if reading.phrase(index, name.tokens) and _is_written_so(reading, index, name):
                after = index + len(name.tokens)
                found.append(FoundName(name, word.start, reading.words[after - 1].end))
                break
    return found


def find_named(reading: Reading, whose: Whose, names: Iterable[FoundName]) -> Iterator[Mention]:
    """The places, samples and events that names mean in a text."""
    for name, start, end in names:
        if _is_meant(reading, whose, name, start, end):
            yield reading.mention(name.kind, name.target, start, end)


def name_signs(names: Iterable[FoundName]) -> Iterator[Sign]:
    """Names that mean one thing only hint at its mission."""
    for name, start, end in names:
        if name.ambiguity == "none" and name.kind != "event":
            yield Sign(start, end, name.mission, is_name=False)


def _is_meant(reading: Reading, whose: Whose, name: _Name, start: int, end: int) -> bool:
    if name.kind == "event":
        return whose.of(start, end, lambda _: True) == name.mission
    if name.ambiguity == "none":
        return True
    if name.mission not in whose.missions:
        return False
    return name.ambiguity == "shared" or bool(reading.sentence_words(start) & _OF_STONES)


def _is_written_so(reading: Reading, index: int, name: _Name) -> bool:
    """Whether a proper name has its capitals."""
    return all(reading.is_capital(index + n) for n, capital in enumerate(name.capitals) if capital)


@cache
def _names() -> dict[tuple[str, ...], tuple[_Name, ...]]:
    """Names by their first word or two, the longest first."""
    by_first: dict[tuple[str, ...], list[_Name]] = {}
    for name in sorted(_all(), key=lambda name: -len(name.tokens)):
        by_first.setdefault(name.tokens[:2], []).append(name)
    return {first: tuple(names) for first, names in by_first.items()}


def _all() -> Iterator[_Name]:
    for mission in MISSIONS:
        for place in places(mission):
            for text in (place.name, *place.aliases):
                yield _name(text, "place", mission, place.id, place.ambiguity)
        for sample in samples(mission):
            yield _name(sample.name, "sample", mission, sample.id, sample.ambiguity)
        for event in events(mission):
            for text in event.aliases:
                yield _name(text, "event", mission, event.id, "shared")


def _name(text: str, kind: LinkKind, mission: str, id_: str, ambiguity: Ambiguity) -> _Name:
    reading = Reading(text)
    words = [reading.plain[word.start : word.end] for word in reading.words]
    tokens = tuple(word.folded for word in reading.words)
    capitals = tuple(
        kind != "event" and word[0].isupper() and folded not in _GENERIC
        for word, folded in zip(words, tokens, strict=True)
    )
    return _Name(tokens, capitals, kind, mission, id_, ambiguity)
