"""The sol clocks of the missions.

Each mission counts sols with a linear clock of its own: an epoch and a sol length, fixed once and
not the mean solar time at the spot where it landed. The table is `data/mission_clocks.csv`; its
values come from NAIF's LMST kernels and, for Spirit and Opportunity, from a fit to the missions'
timetables (hybrid local solar time, residuals up to 2.8 s).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from solbook.clock.leap_seconds import NS_PER_S
from solbook.clock.scales import tdb_ns_from_utc_ns, utc_ns_from_tdb_ns
from solbook.errors import SolbookError

LMST_S_PER_SOL = 86_400
"""Local seconds in a sol; each is 1.02749125 SI seconds long."""


@dataclass(frozen=True, slots=True)
class SolClock:
    """The sol clock of one mission.

    Local time is `lmst_s`: local seconds of the sol, 0 <= lmst_s < 86400. There are 86,400 to a
    sol, so one is 1.0275 SI seconds.

    Attributes:
        mission: Mission id, for example `m2020`.
        kind: "LMST", local mean solar time, or "HLST", the hybrid local solar time of Spirit and
            Opportunity.
        first_sol: Number of the sol that begins at the epoch: the sol of landing.
        epoch_tdb_s: Its local midnight, TDB seconds past J2000, taken to the microsecond.
        sol_length_s: Length of a sol, SI (TDB) seconds.
        source: Where the values come from.
        confidence: How sure they are, in the words of the table.
    """

    mission: str
    kind: Literal["LMST", "HLST"]
    first_sol: int
    epoch_tdb_s: float
    sol_length_s: float
    source: str
    confidence: str

    @property
    def _epoch_ns(self) -> int:
        # Via microseconds: the product with 1e9 is beyond what a float64 holds exactly.
        return round(self.epoch_tdb_s * 1e6) * 1000

    @property
    def _sol_length_ns(self) -> int:
        return round(self.sol_length_s * NS_PER_S)

    @overload
    def from_utc(self, utc_ns: int) -> tuple[int, float]: ...
    @overload
    def from_utc(
        self, utc_ns: NDArray[np.int64] | Sequence[int]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]: ...
    def from_utc(
        self, utc_ns: int | NDArray[np.int64] | Sequence[int]
    ) -> tuple[int, float] | tuple[NDArray[np.int64], NDArray[np.float64]]:
        """UTC to sol and local time.

        Args:
            utc_ns: A number or any shape. UTC, ns since 1970-01-01 (POSIX).

        Returns:
            `(sol, lmst_s)`, same shape, int64 and float64. Before the epoch sols count down; the
            clock itself has no end. Arithmetic is exact to 1 ns.
        """
        local_per_ns = LMST_S_PER_SOL / self._sol_length_ns
        if isinstance(utc_ns, int):
            past_ns = tdb_ns_from_utc_ns(utc_ns) - self._epoch_ns
            sol, rest_ns = divmod(past_ns, self._sol_length_ns)
            return sol + self.first_sol, rest_ns * local_per_ns
        past = tdb_ns_from_utc_ns(np.asarray(utc_ns, dtype=np.int64)) - self._epoch_ns
        sols, rests_ns = np.divmod(past, self._sol_length_ns)
        return sols + self.first_sol, rests_ns * local_per_ns

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
            `utc_ns`, the broadcast shape, int64: UTC, ns since 1970-01-01 (POSIX).
        """
        ns_per_local = self._sol_length_ns / LMST_S_PER_SOL
        if isinstance(sol, int) and isinstance(lmst_s, int | float):
            past_ns = (sol - self.first_sol) * self._sol_length_ns + round(lmst_s * ns_per_local)
            return utc_ns_from_tdb_ns(self._epoch_ns + past_ns)
        sols = np.asarray(sol, dtype=np.int64) - self.first_sol
        rests_ns = np.rint(np.asarray(lmst_s, dtype=np.float64) * ns_per_local).astype(np.int64)
        return utc_ns_from_tdb_ns(self._epoch_ns + sols * self._sol_length_ns + rests_ns)

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


def _read_clocks() -> Mapping[str, SolClock]:
    table = files("solbook.clock") / "data" / "mission_clocks.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    clocks = {
        row["mission"]: SolClock(
            mission=row["mission"],
            kind="HLST" if row["kind"] == "HLST" else "LMST",
            first_sol=int(row["first_sol"]),
            epoch_tdb_s=float(row["epoch_tdb_s"]),
            sol_length_s=float(row["sol_length_s"]),
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in rows
    }
    return MappingProxyType(clocks)


MISSION_CLOCKS: Mapping[str, SolClock] = _read_clocks()
"""The sol clock of each mission, by mission id."""


def mission_clock(mission: str) -> SolClock:
    """The sol clock of a mission.

    Args:
        mission: Mission id, for example `m2020`.

    Returns:
        Its clock.

    Raises:
        SolbookError: `unknown_mission` if there is no clock for it.
    """
    try:
        return MISSION_CLOCKS[mission]
    except KeyError:
        raise SolbookError(
            "No sol clock is known for this mission.",
            code="unknown_mission",
            found=str(mission)[:80],
            expected=", ".join(MISSION_CLOCKS),
        ) from None
