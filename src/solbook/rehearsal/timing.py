"""The rehearsal's times: sols, the spacecraft clock, the passes of relay orbiters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from solbook.clock import LMST_S_PER_SOL, Site, SolClock, landing_site, mission_clock, tdb_from_utc
from solbook.rehearsal.exposures import Pass

MISSION = "rehearsal"

# The spacecraft clock of Mars 2020 against TDB, from the names and local times of the recorded
# frames of sols 4 to 1700: 159.3 s behind at the mission's first midnight, and losing.
_SCLK_BEHIND_S = 159.3
_SCLK_LOSES = 7.93e-6

# Local hours at which an orbiter usually passes, and how long its data is under way, minutes.
_PASSES = (("MRO", 3.4, 14), ("MVN", 10.2, 22), ("ODY", 15.6, 12), ("TGO", 18.3, 17))
_PASS_MINUTES = 11.0


@dataclass(frozen=True)
class MissionTimes:
    """The clocks of the mission, and a seed for what is left to chance.

    Attributes:
        clock: Counts sols.
        site: Where it landed.
        seed: The mission's.
    """

    clock: SolClock
    site: Site
    seed: int

    @classmethod
    def of_rehearsal(cls, seed: int) -> MissionTimes:
        """Those of the mission `rehearsal`."""
        return cls(mission_clock(MISSION), landing_site(MISSION), seed)

    @cached_property
    def _epoch_sclk_s(self) -> float:
        return self.clock.epoch_tdb_s - _SCLK_BEHIND_S

    def chance(self, sol: int, stream: int) -> np.random.Generator:
        """Random numbers for one purpose on one sol; no other sol or purpose changes them.

        Args:
            sol: Sol.
            stream: A number that no other purpose has.
        """
        return np.random.default_rng([self.seed % 2**64, sol, stream])

    def utc_ns(self, sol: int, lmst_s: float) -> int:
        """UTC of a local time, which is first rounded to milliseconds as in the feed."""
        return self.clock.to_utc(sol, round(lmst_s * 1000) / 1000)

    def sclk_s(self, utc_ns: Any) -> Any:
        """The spacecraft clock.

        Args:
            utc_ns: One time or an array; UTC, ns since 1970-01-01.

        Returns:
            Whole milliseconds, in seconds; the same shape.
        """
        since_s = tdb_from_utc(utc_ns) - self.clock.epoch_tdb_s
        return np.round(self._epoch_sclk_s + since_s * (1 - _SCLK_LOSES), 3)

    def sun_lmst_s(self, sol: int) -> tuple[float, float]:
        """When the Sun rises and sets on a sol, local mean seconds."""
        around = self.site.sun_times(self.utc_ns(sol, LMST_S_PER_SOL / 2))
        start = self.clock.sol_start_utc(sol)
        per_ns = LMST_S_PER_SOL / (self.clock.sol_length_s * 1e9)
        return float((around.rises_ns - start) * per_ns), float((around.sets_ns - start) * per_ns)

    def passes(self, sol: int) -> tuple[Pass, ...]:
        """The two or three relay passes that begin on a sol."""
        chance = self.chance(sol, 1)
        skipped = int(chance.integers(len(_PASSES)))
        also_skipped = int(chance.integers(len(_PASSES))) if chance.random() < 0.5 else skipped
        found = []
        for number, (orbiter, hour, minutes_under_way) in enumerate(_PASSES):
            begins_s = self.utc_ns(sol, (hour + chance.uniform(-0.7, 0.7)) * 3600) // 10**9
            minutes = _PASS_MINUTES + minutes_under_way + chance.uniform(0, 6)
            if number not in {skipped, also_skipped}:
                ends_s = begins_s + int(minutes * 60)
                found.append(Pass(orbiter, begins_s * 10**9, ends_s * 10**9))
        return tuple(found)
