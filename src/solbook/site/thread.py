"""The thread: a whole mission in one line, with a mark where the reader stands.

Launch and cruise, then frames per sol as bars; what is not there is a gap. The line is laid out
here in fractions of its width and drawn by `templates/parts/thread.html` as an SVG whose labels
never stretch: positions along it are percentages, heights and letters are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from solbook.missions import Mission
from solbook.site import words

BAR_HEIGHT_PX = 30
_BARS = 300
_VIEW_WIDTH = 1000
_LEAST_BAR_PX = 5.0
_MOST_BAR_PX = 25.0
_BAR_SHARE = 0.74
"""How much of its bin a bar takes; the rest keeps bars apart."""

_TICK_STEPS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500)
_MOST_TICKS = 6
# A mission of few sols has sticks too, not a wall; they stand in the middle of their sols.
_WIDEST_BAR = 16.0

# The mark's letters: an upper bound of their width, for the box behind them.
_LETTER_PX = 6.4
_BOX_PADDING_PX = 12
# Beside a line narrower than this part of the whole, a label would run into the next one.
_LAUNCH_DATE_SHARE = 0.10
_LAUNCH_YEAR_SHARE = 0.055
_NAME_CLEARANCE = 0.3


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on the line.

    Attributes:
        percent: Where, in percent of the width.
        label: Its words.
        anchor: `start`, `middle` or `end`: which end of the label stands there.
        minor: Whether a phone leaves it out.
    """

    percent: str
    label: str
    anchor: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the page stands.

    Attributes:
        percent: Where, in percent of the width.
        label: Its words, for example `sol 755`.
        box_px: Width of the box behind the words.
        box_left_px: Left side of the box, from the mark.
        text_left_px: Left side of the words, from the mark.
    """

    percent: str
    label: str
    box_px: int
    box_left_px: int
    text_left_px: int


@dataclass(frozen=True, slots=True)
class Thread:
    """The line of a mission, laid out.

    Attributes:
        mission: Mission id.
        name: The mission's name; of a simulated one it says so.
        first_sol: Sol of landing.
        last_sol: The newest sol of the mission, or the one it ended on.
        landing: Landing, as a fraction of the width.
        landing_percent: The same in percent.
        bars: The bars, as an SVG path in a view of 1000 by 30.
        ticks: Sols with labels.
        launch_label: What stands under the cruise; empty where there is no room.
    """

    mission: str
    name: str
    first_sol: int
    last_sol: int
    landing: float
    landing_percent: str
    bars: str
    ticks: tuple[Tick, ...]
    launch_label: str

    def fraction(self, sol: float) -> float:
        """Where a sol begins, as a fraction of the width; sols beyond an end stand at it."""
        share = (sol - self.first_sol) / (self.last_sol + 1 - self.first_sol)
        return self.landing + (1 - self.landing) * min(max(share, 0.0), 1.0)

    def mark(self, sol: int) -> Mark:
        """The mark of a sol; its box lies to the side that has room."""
        place = self.fraction(sol + 0.5)
        label = f"sol {sol}"
        box_px = round(len(label) * _LETTER_PX) + _BOX_PADDING_PX
        left_px = 0 if place < 0.5 else -box_px
        return Mark(_percent(place), label, box_px, left_px, left_px + _BOX_PADDING_PX // 2)

    def name_at_end(self, sol: int | None) -> bool:
        """Whether the mission's name stands at the right end, out of the mark's way."""
        return sol is not None and self.fraction(sol) < _NAME_CLEARANCE


@dataclass(frozen=True, slots=True)
class ThreadView:
    """What the template draws: a line, a mark and where both lead.

    Attributes:
        thread: The line.
        mark: Where the page stands; `None` where it stands nowhere.
        href: Where the whole of it leads.
        spoken: What a screen reader says of the link.
        named: Whether the mission's name stands on it.
        name_at_end: Whether the name stands at the right end.
    """

    thread: Thread
    mark: Mark | None
    href: str
    spoken: str
    named: bool
    name_at_end: bool


def lay_out(mission: Mission, sols: Sequence[tuple[int, int]], now_ns: int) -> Thread:
    """Lay out the line of a mission.

    Args:
        mission: Which.
        sols: Sols that have frames and how many, ascending.
        now_ns: The time now, UTC, ns since 1970-01-01: a mission that still runs ends here, a
            simulated one with the last of its sols.
    """
    clock = mission.clock
    first_sol = clock.first_sol
    last_sol = max(_last_sol(mission, sols, now_ns), first_sol)
    landing_ns = clock.sol_start_utc(first_sol)
    launch_ns = _midnight_ns(mission.launch_date) if mission.launch_date else landing_ns
    end_ns = clock.sol_start_utc(last_sol + 1)
    landing = (landing_ns - launch_ns) / (end_ns - launch_ns)
    bare = Thread(
        mission=mission.id,
        name=f"{mission.name} (simulated)" if mission.simulated else mission.name,
        first_sol=first_sol,
        last_sol=last_sol,
        landing=landing,
        landing_percent=_percent(landing),
        bars="",
        ticks=(),
        launch_label=_launch_label(mission, landing),
    )
    return Thread(
        mission=bare.mission,
        name=bare.name,
        first_sol=first_sol,
        last_sol=last_sol,
        landing=landing,
        landing_percent=bare.landing_percent,
        bars=_bars(bare, sols),
        ticks=_ticks(bare),
        launch_label=bare.launch_label,
    )


def view(thread: Thread, sol: int | None, page: str = "", *, named: bool = True) -> ThreadView:
    """The line as one page shows it.

    Args:
        thread: The line.
        sol: Where the page stands; `None` for nowhere.
        page: What the page is, for the spoken label.
        named: Whether the mission's name stands on it; not where it stands beside it.
    """
    path = f"/missions/{thread.mission}"
    where = f"sol {sol} of {thread.last_sol}" if sol is not None else f"{thread.last_sol} sols"
    about = f", {page}" if page else ""
    return ThreadView(
        thread=thread,
        mark=None if sol is None else thread.mark(sol),
        href=f"{path}#sols" if sol is None else f"{path}?at={sol}#sols",
        spoken=f"{thread.name}, {where}{about}: to the sols of the mission",
        named=named,
        name_at_end=thread.name_at_end(sol),
    )


def current_sol(mission: Mission, now_ns: int) -> int:
    """The sol it is now by a mission's clock."""
    return mission.clock.from_utc(now_ns)[0]


def _last_sol(mission: Mission, sols: Sequence[tuple[int, int]], now_ns: int) -> int:
    if mission.simulated:
        return max((sol for sol, _ in sols), default=mission.clock.first_sol)
    if mission.end_date is None:
        return current_sol(mission, now_ns)
    return mission.clock.from_utc(_midnight_ns(mission.end_date))[0]


def _midnight_ns(day: date) -> int:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(moment.timestamp()) * words.NS_PER_S


def _bars(thread: Thread, sols: Sequence[tuple[int, int]]) -> str:
    """One closed path for all bars; heights go with the root of the frames."""
    width_sols = max(1, math.ceil((thread.last_sol + 1 - thread.first_sol) / _BARS))
    last_bin = (thread.last_sol - thread.first_sol) // width_sols
    bins: dict[int, int] = {}
    for sol, frames in sols:
        # A wrong sol in a record must not stretch the line: it is drawn at the end it is beyond.
        place = min(max((sol - thread.first_sol) // width_sols, 0), last_bin)
        bins[place] = bins.get(place, 0) + frames
    if not bins:
        return ""
    most = max(bins.values())
    bin_px = (1 - thread.landing) * width_sols / (thread.last_sol + 1 - thread.first_sol)
    bin_px *= _VIEW_WIDTH
    bar_px = max(bin_px * _BAR_SHARE, 1.0)
    inset_px = 0.0
    if bar_px > _WIDEST_BAR:
        bar_px = _WIDEST_BAR
        inset_px = (bin_px - bar_px) / 2
    path: list[str] = []
    for place, frames in sorted(bins.items()):
        left = thread.fraction(thread.first_sol + place * width_sols) * _VIEW_WIDTH + inset_px
        height = _LEAST_BAR_PX + (_MOST_BAR_PX - _LEAST_BAR_PX) * math.sqrt(frames / most)
        path.append(f"M{left:.1f} {BAR_HEIGHT_PX}v-{height:.1f}h{bar_px:.2f}V{BAR_HEIGHT_PX}z")
    return "".join(path)


def _ticks(thread: Thread) -> tuple[Tick, ...]:
    length = thread.last_sol - thread.first_sol
    step = next((s for s in _TICK_STEPS if length / s <= _MOST_TICKS), _TICK_STEPS[-1])
    first = (thread.first_sol // step + 1) * step
    ticks = [Tick(thread.landing_percent, f"sol {thread.first_sol}", "start", minor=False)]
    for place, sol in enumerate(range(first, thread.last_sol + 1, step)):
        at = thread.fraction(sol)
        # The label of landing needs its room, and the last one must not run off the end.
        if at - thread.landing > 0.05 and at < 0.985:
            anchor = "end" if at > 0.96 else "middle"
            ticks.append(Tick(_percent(at), str(sol), anchor, minor=place % 2 == 0))
    return tuple(ticks)


def _launch_label(mission: Mission, landing: float) -> str:
    if mission.launch_date is None or landing < _LAUNCH_YEAR_SHARE:
        return ""
    if landing < _LAUNCH_DATE_SHARE:
        return f"launch {mission.launch_date.year}"
    return f"launch {words.day(mission.launch_date)}"


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.3f}%"
