"""The sol clocks of the missions.

Each mission counts sols with a linear clock of its own: an epoch and a sol length, fixed once and
not the mean solar time at the spot where it landed. The table is `data/mission_clocks.csv`; its
values come from NAIF's LMST kernels, for Spirit and Opportunity from a fit to the missions'
timetables (hybrid local solar time, residuals up to 2.8 s), for the Vikings from ISAS.

No clock of Phoenix, Pathfinder and Zhurong is published. Theirs are made of local mean solar time
at the landing site (`data/sites.csv`), and `clock_source` says so: they may be minutes from what
the mission used.

Simulated missions have clocks like any other, but nobody meets them among the real ones: they are
asked for by name.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from solbook.clock.engine import sols_of
from solbook.clock.leap_seconds import NS_PER_S
from solbook.clock.limits import NAT_NS, out_of_range
from solbook.clock.planet import MEAN_SOL_S, tdb_from_utc
from solbook.clock.scales import utc_ns_from_tdb_ns
from solbook.clock.site import Site
from solbook.clock.text import parse_utc
from solbook.clock.times import TimeLike, TimesLike, utc_ns
from solbook.errors import SolbookError

# 260 years on either side of 2000: what utc_ns holds, nearly.
_FARTHEST_S = 260 * 365.25 * 86_400.0
LMST_S_PER_SOL = 86_400
"""Local seconds in a sol; each is 1.02749125 SI seconds long."""


@dataclass(frozen=True, slots=True)
class SolClock:
    """The sol clock of one mission.

    Local time is `lmst_s`: local seconds of the sol, 0 <= lmst_s < 86400. There are 86,400 to a
    sol, so one is 1.0275 SI seconds.

    Attributes:
        mission: Mission id, for example `m2020`.
        kind: "LMST", local mean solar time; "HLST", the hybrid local solar time of Spirit and
            Opportunity; "LLT", the lander local time of the Vikings, here in 86,400 local seconds
            to a sol (the mission let a sol run to 24:39:35).
        name: The name people use, for example "Perseverance".
        first_sol: Number of the sol that begins at the epoch: the sol of landing.
        first_sol_is_known: Whether the mission counted so; else it is 0 for want of a better.
        epoch_tdb_s: Its local midnight, TDB seconds past J2000, taken to the microsecond.
        sol_length_s: Length of a sol, SI (TDB) seconds.
        clock_source: "mission", the mission's own clock; or "landing site", local mean solar time
            there, because the mission's own clock is not known.
        source: Where the values come from.
        confidence: How sure they are, in the words of the table.
        simulated: Whether the mission is simulated, and never was on Mars.
    """

    mission: str
    name: str
    kind: Literal["LMST", "HLST", "LLT"]
    first_sol: int
    first_sol_is_known: bool
    epoch_tdb_s: float
    sol_length_s: float
    clock_source: Literal["mission", "landing site"]
    source: str
    confidence: str
    simulated: bool

    @property
    def _epoch_ns(self) -> int:
        # Via microseconds: the product with 1e9 is beyond what a float64 holds exactly.
        return round(self.epoch_tdb_s * 1e6) * 1000

    @property
    def _sol_length_ns(self) -> int:
        return round(self.sol_length_s * NS_PER_S)

    # A text is a sequence of texts too, says mypy; the first form comes first.
    @overload
    def from_utc(self, when: TimeLike) -> tuple[int, float]: ...  # type: ignore[overload-overlap]
    @overload
    def from_utc(self, when: TimesLike) -> tuple[NDArray[np.int64], NDArray[np.float64]]: ...
    def from_utc(
        self, when: TimeLike | TimesLike
    ) -> tuple[int, float] | tuple[NDArray[np.int64], NDArray[np.float64]]:
        """UTC to sol and local time.

        Args:
            when: One time or many, in any form `times.TimeLike` names; any year.

        Returns:
            `(sol, lmst_s)`, same shape, int64 and float64; the least int64 and NaN where there is
            no time. Before the epoch sols count down; the clock itself has no end. Arithmetic is
            exact to 1 ns.
        """
        return sols_of(
            utc_ns(when),
            self._epoch_ns,
            self._sol_length_ns,
            1.0 / self._sol_length_ns,
            self.first_sol,
            LMST_S_PER_SOL / self._sol_length_ns,
        )

    @overload
    def to_utc(self, sol: int, lmst_s: float) -> int: ...
    @overload
    def to_utc(
        self,
        sol: int | NDArray[np.int64] | Sequence[int],
        lmst_s: float | NDArray[np.float64] | Sequence[float],
    ) -> int | NDArray[np.int64]: ...
    def to_utc(
        self,
        sol: int | NDArray[np.int64] | Sequence[int],
        lmst_s: float | NDArray[np.float64] | Sequence[float],
    ) -> int | NDArray[np.int64]:
        """Sol and local time to UTC; the inverse of `from_utc`, to 1 ns.

        Args:
            sol: A number or any shape. Sol number on the mission's count.
            lmst_s: Broadcast with `sol`. Local seconds of the sol, 86,400 to a sol; values
                outside run on into the neighbouring sols.

        Returns:
            `utc_ns`, the broadcast shape, int64: UTC, ns since 1970-01-01 (POSIX); NaT where a sol
            is NaT or a local time NaN.

        Raises:
            SolbookError: `out_of_range` beyond some 260 years from 2000.
        """
        ns_per_local = self._sol_length_ns / LMST_S_PER_SOL
        known = self._require_range(sol, lmst_s)
        if isinstance(sol, int) and isinstance(lmst_s, int | float):
            if not known:
                return NAT_NS
            past_ns = (sol - self.first_sol) * self._sol_length_ns + round(lmst_s * ns_per_local)
            return utc_ns_from_tdb_ns(self._epoch_ns + past_ns)
        sols = np.where(known, np.asarray(sol, dtype=np.int64) - self.first_sol, 0)
        rests_s = np.where(known, np.asarray(lmst_s, dtype=np.float64), 0.0)
        rests_ns = np.rint(rests_s * ns_per_local).astype(np.int64)
        utc = utc_ns_from_tdb_ns(self._epoch_ns + sols * self._sol_length_ns + rests_ns)
        return np.where(known, utc, NAT_NS)

    def _require_range(self, sol: Any, lmst_s: Any) -> Any:
        """Where there is a sol and a local time; all of them of years that utc_ns can hold.

        Raises:
            SolbookError: `out_of_range` if one is not.
        """
        sols = np.asarray(sol)
        past_sols = sols - float(self.first_sol) + np.asarray(lmst_s, float) / LMST_S_PER_SOL
        known = (sols != NAT_NS) & ~np.isnan(past_sols)
        tdb_s = self.epoch_tdb_s + past_sols * self.sol_length_s
        beyond = known & ~((tdb_s > -_FARTHEST_S) & (tdb_s < _FARTHEST_S))
        if np.any(beyond):
            raise out_of_range(f"sol {np.broadcast_to(sols, beyond.shape)[beyond].flat[0]}")
        return known

    @overload
    def sol_start_utc(self, sol: int) -> int: ...
    @overload
    def sol_start_utc(self, sol: NDArray[np.int64] | Sequence[int]) -> NDArray[np.int64]: ...
    def sol_start_utc(
        self, sol: int | NDArray[np.int64] | Sequence[int]
    ) -> int | NDArray[np.int64]:
        """Local midnight at which a sol begins.

        Args:
            sol: A number or any shape. Sol number on the mission's count.

        Returns:
            `utc_ns`, same shape, int64: UTC, ns since 1970-01-01 (POSIX).
        """
        return self.to_utc(sol, 0.0)


@cache
def landing_site(mission: str) -> Site:
    """Where a mission landed.

    Args:
        mission: Mission id or name.

    Raises:
        SolbookError: `unknown_mission` if Solbook does not know its site.
    """
    row = _SITES[_mission_id(mission)]
    return Site.from_areocentric(float(row["lat_areocentric_deg"]), float(row["lon_e_deg"]))


def mission_clock(mission: str) -> SolClock:
    """The sol clock of a mission.

    Args:
        mission: Mission id or name, for example `m2020` or `Perseverance`.

    Returns:
        Its clock; see `clock_source`.

    Raises:
        SolbookError: `unknown_mission` if there is no clock for it.
    """
    return _CLOCKS[_mission_id(mission)]


def _mission_id(mission: str) -> str:
    try:
        return _IDS[str(mission).casefold().replace(" ", "")]
    except KeyError:
        raise SolbookError(
            "No sol clock is known for this mission.",
            code="unknown_mission",
            found=str(mission)[:80],
            expected=", ".join(MISSION_CLOCKS),
            help="Name a mission by its id or its name.",
        ) from None


def _rows(name: str) -> dict[str, dict[str, str]]:
    text = (files("solbook.clock") / "data" / name).read_text(encoding="utf-8")
    return {row["mission"]: row for row in csv.DictReader(text.splitlines())}


def _own_clock(row: dict[str, str]) -> SolClock:
    kind = row["kind"]
    return SolClock(
        mission=row["mission"],
        name=_SITES[row["mission"]]["name"],
        kind="HLST" if kind == "HLST" else "LLT" if kind == "LLT" else "LMST",
        first_sol=int(row["first_sol"]),
        first_sol_is_known=True,
        epoch_tdb_s=float(row["epoch_tdb_s"]),
        sol_length_s=float(row["sol_length_s"]),
        clock_source="mission",
        source=row["source"],
        confidence=row["confidence"],
        simulated=_is_simulated(row["mission"]),
    )


def _clock_of_site(row: dict[str, str]) -> SolClock:
    """Sols from local mean midnight to midnight at the landing site, from the one of landing."""
    landing_ns = parse_utc(row["landing_utc"])
    site = Site.from_areocentric(float(row["lat_areocentric_deg"]), float(row["lon_e_deg"]))
    past_midnight_s = site.lmst_s(landing_ns) * MEAN_SOL_S / LMST_S_PER_SOL
    count = (
        f"the sol of landing is {row['first_sol']}"
        if row["first_sol"]
        else "the sol of landing is taken as 0, for the mission's count is not known"
    )
    return SolClock(
        mission=row["mission"],
        name=row["name"],
        kind="LMST",
        first_sol=int(row["first_sol"] or 0),
        first_sol_is_known=bool(row["first_sol"]),
        epoch_tdb_s=round(tdb_from_utc(landing_ns) - past_midnight_s, 6),
        sol_length_s=MEAN_SOL_S,
        clock_source="landing site",
        source=f"local mean solar time at {row['lon_e_deg']} E, {count}; {row['source']}",
        confidence=row["confidence"],
        simulated=_is_simulated(row["mission"]),
    )


def _is_simulated(mission: str) -> bool:
    return _SITES[mission]["simulated"] == "yes"


def _read_clocks() -> dict[str, SolClock]:
    own = _rows("mission_clocks.csv")
    return {
        mission: _own_clock(own[mission]) if mission in own else _clock_of_site(row)
        for mission, row in _SITES.items()
    }


_SITES = _rows("sites.csv")
_IDS = {mission: mission for mission in _SITES} | {
    row["name"].casefold().replace(" ", ""): mission for mission, row in _SITES.items()
}

_CLOCKS = _read_clocks()

MISSION_CLOCKS: Mapping[str, SolClock] = MappingProxyType(
    {mission: clock for mission, clock in _CLOCKS.items() if not clock.simulated}
)
"""The sol clock of each mission that landed on Mars, by mission id."""

SIMULATED_CLOCKS: Mapping[str, SolClock] = MappingProxyType(
    {mission: clock for mission, clock in _CLOCKS.items() if clock.simulated}
)
"""The sol clock of each simulated mission, by mission id."""
