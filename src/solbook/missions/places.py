"""Places with a name on Mars, from `data/places.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from solbook.missions.facts import VERIFIED
from solbook.missions.names import Ambiguity, ambiguity, number, of_mission, required, several
from solbook.missions.tables import read_table


@dataclass(frozen=True, slots=True)
class Place:
    """A place a mission gave a name, or landed in.

    A crater, a plain or another region has a name and no position here: the mission saw some of
    it. The point where a mission landed is a place of its own.

    Attributes:
        mission: Mission id.
        id: Its part of an address, for example `wright-brothers-field`; one of a kind in a mission.
        name: As the mission writes it, for example "Wright Brothers Field".
        aliases: Other names of the same place.
        ambiguity: What else the name may mean.
        lat_deg: Planetocentric latitude, degrees north; `None` where unknown, or of a region.
        lon_e_deg: Longitude, degrees east, 0 to 360; `None` likewise.
        source: Where name and position come from.
        confidence: How sure they are; `name only` where nothing but the name was found.
    """

    mission: str
    id: str
    name: str
    aliases: tuple[str, ...]
    ambiguity: Ambiguity
    lat_deg: float | None
    lon_e_deg: float | None
    source: str
    confidence: str

    @property
    def is_verified(self) -> bool:
        """Whether all of it was seen in its source."""
        return self.confidence == VERIFIED


def _place(row: Mapping[str, str]) -> Place:
    return Place(
        mission=row["mission"],
        id=row["id"],
        name=row["name"],
        aliases=several(row["aliases"]),
        ambiguity=ambiguity(row["ambiguity"]),
        lat_deg=number(row["lat_deg"]),
        lon_e_deg=number(row["lon_e_deg"]),
        source=row["source"],
        confidence=row["confidence"],
    )


@cache
def _places() -> Mapping[tuple[str, str], Place]:
    rows = map(_place, read_table("places.csv"))
    return {(place.mission, place.id): place for place in rows}


def places(mission_id: str) -> tuple[Place, ...]:
    """The named places of a mission, in the order of the table.

    Args:
        mission_id: For example `m2020`.

    Returns:
        Its places, those without a position among them.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    return of_mission(_places(), mission_id)


def place(mission_id: str, place_id: str) -> Place:
    """One named place.

    Args:
        mission_id: For example `m2020`.
        place_id: For example `wright-brothers-field`.

    Returns:
        What is known of it.

    Raises:
        SolbookError: `unknown_mission`, or `unknown_place` if the mission has none of that id.
    """
    expected = "the id of a named place, for example wright-brothers-field"
    return required(_places(), mission_id, place_id, "place", expected)
