"""The samples of Perseverance and the depot of tubes at Three Forks, from `data/samples.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from solbook.missions.facts import VERIFIED
from solbook.missions.names import Ambiguity, ambiguity, number, of_mission, required, whole
from solbook.missions.tables import read_table


@dataclass(frozen=True, slots=True)
class Sample:
    """A tube of rock, grains, air, or a witness tube.

    Attributes:
        mission: Mission id: `m2020`.
        id: Its part of an address, for example `roubion`.
        number: Its number in NASA's table; `None` if that does not count it.
        name: For example "Roubion".
        ambiguity: What else the name may mean.
        kind: "Rock core", "Regolith", "Atmospheric" or "Witness tube".
        sol: Sol on which its tube was sealed; `None` where that is not stated.
        date: UTC date of the sealing, likewise.
        location: Where it was taken, in words.
        lithology: What it is made of, in words; `None` where unknown, or of no rock.
        designation: The tube's, for example `M2020-164-2`; `None` where unknown.
        lat_deg: Planetocentric latitude of where it was taken, degrees north; `None` where unknown.
        lon_e_deg: Longitude of it, degrees east, 0 to 360.
        depot_sol: Sol on which its tube was laid down at Three Forks; `None` if it was not.
        depot_lmst: Local mean solar time of that, `hh:mm:ss`.
        source: Where the facts come from.
        confidence: How sure they are.
    """

    mission: str
    id: str
    number: int | None
    name: str
    ambiguity: Ambiguity
    kind: str
    sol: int | None
    date: date | None
    location: str
    lithology: str | None
    designation: str | None
    lat_deg: float | None
    lon_e_deg: float | None
    depot_sol: int | None
    depot_lmst: str | None
    source: str
    confidence: str

    @property
    def is_verified(self) -> bool:
        """Whether all of it was seen in its source."""
        return self.confidence == VERIFIED

    @property
    def in_depot(self) -> bool:
        """Whether its tube lies at Three Forks."""
        return self.depot_sol is not None


def _sample(row: Mapping[str, str]) -> Sample:
    return Sample(
        mission=row["mission"],
        id=row["id"],
        number=whole(row["number"]),
        name=row["name"],
        ambiguity=ambiguity(row["ambiguity"]),
        kind=row["kind"],
        sol=whole(row["sol"]),
        date=date.fromisoformat(row["date"]) if row["date"] else None,
        location=row["location"],
        lithology=row["lithology"] or None,
        designation=row["designation"] or None,
        lat_deg=number(row["lat_deg"]),
        lon_e_deg=number(row["lon_e_deg"]),
        depot_sol=whole(row["depot_sol"]),
        depot_lmst=row["depot_lmst"] or None,
        source=row["source"],
        confidence=row["confidence"],
    )


@cache
def _samples() -> Mapping[tuple[str, str], Sample]:
    rows = map(_sample, read_table("samples.csv"))
    return {(sample.mission, sample.id): sample for sample in rows}


def samples(mission_id: str) -> tuple[Sample, ...]:
    """The samples of a mission, in the order of the table.

    Args:
        mission_id: For example `m2020`.

    Returns:
        Its samples; none if it takes none.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    return of_mission(_samples(), mission_id)


def sample(mission_id: str, sample_id: str) -> Sample:
    """One sample.

    Args:
        mission_id: For example `m2020`.
        sample_id: For example `roubion`.

    Returns:
        What is known of it.

    Raises:
        SolbookError: `unknown_mission`, or `unknown_sample` if the mission has none of that id.
    """
    expected = "the id of a sample, for example roubion"
    return required(_samples(), mission_id, sample_id, "sample", expected)


def depot(mission_id: str) -> tuple[Sample, ...]:
    """The tubes laid down at Three Forks, in the order in which they were.

    Args:
        mission_id: For example `m2020`.

    Returns:
        The samples in them; none if the mission has no depot.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    laid_down = [sample for sample in samples(mission_id) if sample.in_depot]
    return tuple(sorted(laid_down, key=lambda sample: (sample.depot_sol, sample.depot_lmst)))
