"""Which mission something in a text belongs to: by grammar, by nearness, or not at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile

from solbook.records.mentions.reading import Reading

OTHER_LANDER = "other-lander"
"""A craft on a surface that is none of our missions."""

OTHER_CRAFT = "other-craft"
"""A craft in flight or in orbit."""

Able = Callable[[str], bool]
"""Whether a mission can have what is asked about."""

_LOOK = 40
"""How many signs are looked through to either side."""

_ENOUGH = 6
"""How many of them that may be the owner are weighed: more than the missions there are."""

_POSSESSIVE = re.compile(r"'s?(?:[\s-][\w-]+){0,4}[\s-]*\(?")
_TO_FOLLOWING = re.compile(
    r"\)?,?(?: (?:of|for|by|from|in|aboard|on|into|the|nasa's|nasa|its|mars|rover|rovers|lander|"
    r"mission|surface|operations|s))*[ ]"
)
_COORDINATED = re.compile(r",? (?:(?:and|or|&|plus) )?(?:nasa's |the |its twin |twin |rover )*")
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that point to a mission.

    Attributes:
        start: Where they begin.
        end: Where they end.
        mission: Mission id, `OTHER_LANDER` or `OTHER_CRAFT`.
        is_helicopter: Whether they mean the mission's helicopter.
        is_name: Whether they name the mission; a place or a camera only hints at it.
    """

    start: int
    end: int
    mission: str
    is_helicopter: bool = False
    is_name: bool = True


class Whose:
    """The signs of a text, and what is known from the sheet beside it."""

    def __init__(self, reading: Reading, signs: Iterable[Sign], known: Sequence[str]) -> None:
        self._reading = reading
        self._signs = sorted(signs, key=lambda sign: sign.start)
        self._starts = [sign.start for sign in self._signs]
        self._known = tuple(dict.fromkeys(known))
        self.missions = frozenset(sign.mission for sign in self._signs) | frozenset(self._known)

    def of(self, start: int, end: int, able: Able) -> str | None:
        """The one mission to which the words between two places belong.

        Args:
            start: Where the words begin.
            end: Where they end.
            able: Whether a mission can have such a thing; others are passed over.

        Returns:
            Its id, or `None` if it could be several or none.
        """
        missions = self.all_of(start, end, able)
        return missions[0] if len(missions) == 1 else None

    def all_of(self, start: int, end: int, able: Able) -> tuple[str, ...]:
        """The missions to which the words belong; several only of "Spirit and Opportunity"."""
        before = self._near(reversed(self._signs[self._window(start, -1)]), able)
        after = self._near(self._signs[self._window(end, 1)], able)
        found = (
            self._owner(before, start)
            or self._following(after, end)
            or self._in_sentence(before, after, start)
            or self._from_afar(before, able)
        )
        return tuple(one for one in found if one not in {OTHER_CRAFT, OTHER_LANDER})

    def craft_before(self, at: int) -> Sign | None:
        """The nearest craft named before a place, if that is in the same sentence."""
        signs = reversed(self._signs[self._window(at, -1)])
        sign = next((sign for sign in signs if sign.is_name or sign.is_helicopter), None)
        return sign if sign is not None and self._same_sentence(sign, at) else None

    def is_near(self, start: int, mission: str) -> bool:
        """Whether a sign of a mission is in the same sentence as a place."""
        before = reversed(self._signs[self._window(start, -1)])
        after = self._signs[self._window(start, 1)]
        here = self._reading.sentence(start)
        return any(
            sign.mission == mission
            for signs in (before, after)
            for sign in takewhile(lambda one: self._reading.sentence(one.start) == here, signs)
        )

    def _window(self, at: int, direction: int) -> slice:
        middle = bisect_left(self._starts, at)
        return (
            slice(max(middle - _LOOK, 0), middle)
            if direction < 0
            else slice(middle, middle + _LOOK)
        )

    def _near(self, signs: Iterable[Sign], able: Able) -> list[Sign]:
        return list(islice((sign for sign in signs if able(sign.mission)), _ENOUGH))

    def _same_sentence(self, sign: Sign, at: int) -> bool:
        return self._reading.sentence(sign.start) == self._reading.sentence(at)

    def _owner(self, before: list[Sign], start: int) -> tuple[str, ...]:
        """Curiosity's left Navcam."""
        if before and 0 <= start - before[0].end <= _NEAR:
            between = self._reading.folded[before[0].end : start]
            if _POSSESSIVE.fullmatch(between):
                return (before[0].mission,)
        return ()

    def _following(self, after: list[Sign], end: int) -> tuple[str, ...]:
        """Sol 12 of the Curiosity mission; on sol 12, Curiosity."""
        if after and after[0].is_name and 0 < after[0].start - end <= _NEAR:
            between = self._reading.folded[end : after[0].start]
            if _TO_FOLLOWING.fullmatch(between):
                return self._with_twin(after, forward=True)
        return ()

    def _in_sentence(self, before: list[Sign], after: list[Sign], at: int) -> tuple[str, ...]:
        if before and self._same_sentence(before[0], at):
            return self._with_twin(before, forward=False)
        if after and self._same_sentence(after[0], at):
            return self._with_twin(after, forward=True)
        return ()

    def _from_afar(self, before: list[Sign], able: Able) -> tuple[str, ...]:
        """What the sheet knows, then the only mission of the text, then the last one named."""
        known = tuple(mission for mission in self._known if able(mission))
        if len(known) == 1:
            return known
        present = {mission for mission in self.missions if able(mission)}
        if len(present) == 1:
            return tuple(present)
        return self._with_twin(before, forward=False) if before else ()

    def _with_twin(self, signs: list[Sign], *, forward: bool) -> tuple[str, ...]:
        """The first of some signs, and others that an "and" joins with it."""
        missions = [signs[0].mission]
        for near, far in pairwise(signs):
            first, second = (near, far) if forward else (far, near)
            between = self._reading.folded[first.end : second.start][: _NEAR + 1]
            if len(between) > _NEAR or not _COORDINATED.fullmatch(between):
                break
            if far.mission not in missions:
                missions.append(far.mission)
        return tuple(missions if forward else reversed(missions))
