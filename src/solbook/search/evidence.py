"""What speaks for an item being related to another, how much it counts, and what is said of it.

Weights are from 0 to 1. An item is as related as its best reason says, and a tenth of what each
other one says; what is of the same exposure stands above everything else. docs/related.md has the
same table, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp
from typing import NamedTuple

NS_PER_S = 1_000_000_000
HOUR_NS = 3600 * NS_PER_S
DAY_NS = 24 * HOUR_NS

WEIGHTS: dict[str, float] = {
    # The same light, through the other lens or on the next part of the detector.
    "the frame of a thumbnail": 1.0,
    "the other eye": 0.999,
    "another form of the picture": 0.997,
    "another tile": 0.995,
    # Said by who published it: nothing we work out is surer.
    "shows or shown": 0.95,
    "nearly the same picture": 0.92,
    # Of this the share of the view that is common says how much.
    "overlapping view": 0.85,
    "the same frame": 0.80,
    "the same release": 0.80,
    # What few things are about says more than what many are about.
    "the same flight": 0.60,
    "the same sample": 0.60,
    "the same direction": 0.55,
    "the same event": 0.50,
    "the same place": 0.45,
    "looks alike": 0.40,
    "the same words": 0.40,
    "the same sol": 0.35,
    "the same date": 0.30,
    "the same camera": 0.25,
    "the same instrument": 0.15,
    "taken about then": 0.10,
    "the same mission": 0.05,
}

FURTHER_REASONS = 0.1
"""How much every reason but the best counts."""

MOST_UNEXPOSED = 0.98
"""No sum of other reasons comes before what is of the same exposure."""

OF_EXPOSURE = frozenset(
    {
        "the frame of a thumbnail",
        "the other eye",
        "another form of the picture",
        "another tile",
    }
)

LEAST_OVERLAP = 0.35
"""What an overlapping view counts at least: that two frames see one spot is worth seeing."""

LEAST_LIKENESS = 0.9
"""Below this likeness two pictures of Mars have no more in common than any two of them."""


class Evidence(NamedTuple):
    """A reason, its weight, and its words."""

    kind: str
    weight: float
    reason: str


class Gathered:
    """The evidence for each item, by key; of one kind the strongest counts."""

    def __init__(self) -> None:
        self._of: dict[int, dict[str, Evidence]] = {}

    def add(self, key: int, kind: str, part: float = 1.0, reason: str = "") -> None:
        """Note a reason.

        Args:
            key: The item's.
            kind: Which of `WEIGHTS`.
            part: How much of its weight it has.
            reason: Its words; worked out later where they need to know the item.
        """
        found = Evidence(kind, WEIGHTS[kind] * part, reason)
        kinds = self._of.setdefault(key, {})
        if kind not in kinds or kinds[kind].weight < found.weight:
            kinds[kind] = found

    def drop(self, keys: Iterable[int]) -> None:
        """Forget some items."""
        for key in keys:
            self._of.pop(key, None)

    def best(self, limit: int) -> list[int]:
        """Keys of the items that are most related."""
        ranked = sorted(self._of, key=lambda key: (-self.score(key), key))
        return ranked[:limit]

    def score(self, key: int) -> float:
        """How related an item is."""
        weights = [each.weight for each in self._of[key].values()]
        if OF_EXPOSURE & self._of[key].keys():
            return max(weights)
        best = max(weights)
        return min(best + FURTHER_REASONS * (sum(weights) - best), MOST_UNEXPOSED)

    def reason(self, key: int) -> Evidence:
        """The best reason."""
        return max(self._of[key].values(), key=lambda each: (each.weight, each.kind))


def overlap_part(nearness: float) -> float:
    """Which part of its weight an overlapping view has, by the share of the view in common."""
    least = LEAST_OVERLAP / WEIGHTS["overlapping view"]
    return least + (1 - least) * min(max(nearness, 0.0), 1.0)


def likeness_part(likeness: float) -> float:
    """Which part of its weight likeness has."""
    return min(max((likeness - LEAST_LIKENESS) / (1 - LEAST_LIKENESS), 0.0), 1.0)


def time_part(apart_ns: int | None, scale_ns: int) -> float:
    """1 at once, and ever less: half of it stays for what has no time, or is far away."""
    return 0.5 if apart_ns is None else 0.5 + 0.5 * exp(-abs(apart_ns) / scale_ns)
