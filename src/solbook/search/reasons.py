"""Reasons in words; each says only what is so."""

from __future__ import annotations

from solbook.archive.links import LinkRow
from solbook.missions import name_of
from solbook.search.evidence import DAY_NS, HOUR_NS, NS_PER_S
from solbook.search.facts import Facts

_ABOUT = {
    "flight": "also about flight {}",
    "sample": "also about the sample {}",
    "event": "also about {}",
    "place": "also shows {}",
    "sol": "also about sol {}",
    "date": "also about {}",
    "instrument": "also by {}",
    "mission": "also about {}",
}
_WEEK_NS = 7 * DAY_NS


def later(item: Facts, other: Facts) -> str:
    """How long after an item another was taken: `12 minutes later`, `3 sols earlier`."""
    if item.at_ns is None or other.at_ns is None:
        return sols_later(item, other)
    apart_ns = other.at_ns - item.at_ns
    if abs(apart_ns) < NS_PER_S:
        return "at the same time"
    if item.mission == other.mission and item.sol != other.sol and abs(apart_ns) > 12 * HOUR_NS:
        return sols_later(item, other)
    return f"{_span(abs(apart_ns))} {'later' if apart_ns > 0 else 'earlier'}"


# The greatest unit of which there are more than one and a half, up to two days of hours.
_UNITS = (
    (90 * NS_PER_S, NS_PER_S, "second"),
    (90 * 60 * NS_PER_S, 60 * NS_PER_S, "minute"),
    (48 * HOUR_NS, HOUR_NS, "hour"),
)


def _span(ns: int) -> str:
    """A time in words: `20 seconds`, `12 minutes`, `3 hours`, `5 days`."""
    unit_ns, name = next(((u, n) for most, u, n in _UNITS if ns < most), (DAY_NS, "day"))
    number = round(ns / unit_ns)
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def sols_later(item: Facts, other: Facts) -> str:
    """How many sols after an item another was taken; empty where that is not known."""
    if item.mission != other.mission or item.sol is None or other.sol is None:
        return ""
    sols = other.sol - item.sol
    if not sols:
        return "on the same sol"
    number = f"{abs(sols):,} {'sol' if abs(sols) == 1 else 'sols'}"
    return f"{number} {'later' if sols > 0 else 'earlier'}"


def with_time(words: str, item: Facts, other: Facts) -> str:
    """Some words, and how long after an item another was taken."""
    when = later(item, other)
    return f"{words}, {when}" if when else words


def overlap_words(away_m: float) -> str:
    """That two views have something in common, and how far apart their cameras were."""
    if away_m < 1.5:
        return "overlapping view"
    return f"overlapping view from {round(away_m)} m away"


def link_words(link: LinkRow) -> str:
    """What two items are both about."""
    return _ABOUT.get(link.kind, "also about {}").format(name_of(link.kind, link.target))


def week_words(item: Facts, other: Facts) -> str:
    """Whether two were published in about the same time; empty where they were not."""
    if item.at_ns is None or other.at_ns is None:
        return ""
    apart_ns = abs(other.at_ns - item.at_ns)
    if apart_ns <= _WEEK_NS:
        return "from the same week"
    return "from the same month" if apart_ns <= 30 * DAY_NS else ""
