"""The flights of Ingenuity, from `data/flights.csv`.

The mission's layer of way points, where they come from, counts its first entry as 0: that is when
the helicopter was set down, not a flight. It is the event `ingenuity-set-down`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from solbook.missions.facts import VERIFIED
from solbook.missions.names import of_mission, required
from solbook.missions.tables import read_table


@dataclass(frozen=True, slots=True)
class Flight:
    """One flight.

    Attributes:
        mission: Mission id: `m2020`.
        number: Counted from 1.
        sol: Sol on which it flew.
        date: The day as the mission states it, which may be a day before that of UTC.
        duration_s: From take-off to landing.
        distance_m: Way over the ground.
        max_altitude_m: Greatest height over the ground.
        max_speed_m_s: Greatest speed over the ground.
        landed_sclk_s: The rover's clock when it had landed, in seconds.
        from_airfield: Where it took off.
        to_airfield: Where it landed.
        lat_deg: Planetocentric latitude of where it landed, degrees north.
        lon_e_deg: Longitude of where it landed, degrees east, 0 to 360.
        source: Where the facts come from.
        confidence: How sure they are.
    """

    mission: str
    number: int
    sol: int
    date: date
    duration_s: float
    distance_m: float
    max_altitude_m: float
    max_speed_m_s: float
    landed_sclk_s: float
    from_airfield: str
    to_airfield: str
    lat_deg: float
    lon_e_deg: float
    source: str
    confidence: str

    @property
    def is_verified(self) -> bool:
        """Whether all of it was seen in its source."""
        return self.confidence == VERIFIED


def _flight(row: Mapping[str, str]) -> Flight:
    return Flight(
        mission=row["mission"],
        number=int(row["number"]),
        sol=int(row["sol"]),
        date=date.fromisoformat(row["date"]),
        duration_s=float(row["duration_s"]),
        distance_m=float(row["distance_m"]),
        max_altitude_m=float(row["max_altitude_m"]),
        max_speed_m_s=float(row["max_speed_m_s"]),
        landed_sclk_s=float(row["landed_sclk_s"]),
        from_airfield=row["from_airfield"],
        to_airfield=row["to_airfield"],
        lat_deg=float(row["lat_deg"]),
        lon_e_deg=float(row["lon_e_deg"]),
        source=row["source"],
        confidence=row["confidence"],
    )


@cache
def _flights() -> Mapping[tuple[str, int], Flight]:
    rows = map(_flight, read_table("flights.csv"))
    return {(flight.mission, flight.number): flight for flight in rows}


def flights(mission_id: str) -> tuple[Flight, ...]:
    """The flights of a mission's helicopter, in the order of their numbers.

    Args:
        mission_id: For example `m2020`.

    Returns:
        Its flights; none if it has no helicopter.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    return of_mission(_flights(), mission_id)


def flight(mission_id: str, number: int) -> Flight:
    """One flight.

    Args:
        mission_id: For example `m2020`.
        number: Counted from 1.

    Returns:
        What is known of it.

    Raises:
        SolbookError: `unknown_mission`, or `unknown_flight` if there was no flight of that number.
    """
    flown = len(flights(mission_id))
    expected = f"1 to {flown}" if flown else "a mission with a helicopter"
    return required(_flights(), mission_id, number, "flight", expected)
