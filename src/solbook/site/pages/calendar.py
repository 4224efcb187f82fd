"""Every sol of a mission within two steps: hundreds, and the sols of one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from solbook.site import words
from solbook.site.pages import links

_SPAN = 100
_SHADES = 4


@dataclass(frozen=True, slots=True)
class Hundred:
    """A hundred sols that have frames.

    Attributes:
        label: Its first and last sol.
        href: The mission's page, opened there.
        spoken: What a screen reader says of it.
        shade: A class: how many frames, from few to many.
        here: Whether it is the open one.
    """

    label: str
    href: str
    spoken: str
    shade: str
    here: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A sol in the calendar; without an address it has no frames here."""

    sol: int
    href: str
    frames: str
    spoken: str
    shade: str
    here: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hundreds, and the sols of the open one."""

    title: str
    hundreds: list[Hundred]
    days: list[Day]


def calendar(
    mission: str, sols: Sequence[tuple[int, int]], at: int, marked: int | None
) -> Calendar:
    """The calendar of a mission.

    Args:
        mission: Mission id.
        sols: Sols that have frames and how many, ascending; not empty.
        at: Sol whose hundred is open; if it has no frames, the nearest that has.
        marked: Sol to mark.
    """
    frames = dict(sols)
    totals: dict[int, int] = {}
    for sol, count in sols:
        totals[sol // _SPAN] = totals.get(sol // _SPAN, 0) + count
    here = min(totals, key=lambda hundred: (abs(hundred - at // _SPAN), hundred))
    most = max(totals.values())
    most_of_sol = max(frames.values())
    first = here * _SPAN
    return Calendar(
        title=f"Sols {first} to {first + _SPAN - 1}",
        hundreds=[
            _hundred(mission, hundred, total, most, here=hundred == here)
            for hundred, total in totals.items()
        ],
        days=[
            _day(mission, sol, frames.get(sol, 0), most_of_sol, here=sol == marked)
            for sol in range(first, first + _SPAN)
        ],
    )


def _hundred(mission: str, hundred: int, total: int, most: int, *, here: bool) -> Hundred:
    first, last = hundred * _SPAN, hundred * _SPAN + _SPAN - 1
    return Hundred(
        label=f"{first}{words.DASH}{last}",
        href=f"{links.with_query(links.mission_path(mission), at=first)}#sols",
        spoken=f"sols {first} to {last}, {words.counted(total, 'frame')}",
        shade=_shade(total, most),
        here=here,
    )


def _day(mission: str, sol: int, count: int, most: int, *, here: bool) -> Day:
    return Day(
        sol=sol,
        href=links.sol_path(mission, sol) if count else "",
        frames=words.number(count) if count else "",
        spoken=f"sol {sol}, {words.counted(count, 'frame')}",
        shade=_shade(count, most),
        here=here,
    )


def _shade(count: int, most: int) -> str:
    """A class for a count: its root against the root of the largest."""
    if count == 0:
        return "f0"
    return f"f{max(1, math.ceil(_SHADES * math.sqrt(count / most)))}"
