"""Where rovers stood: places by site and drive, from `data/m2020_waypoints.csv`."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from typing import NamedTuple

from solbook.missions.tables import read_table

_TABLES = {"m2020": "m2020_waypoints.csv"}


class Waypoint(NamedTuple):
    """A place where a rover stood.

    Attributes:
        site: Site index of the rover's localisation.
        drive: Drive index within the site.
        lat_areocentric_deg: Planetocentric latitude, degrees north.
        lon_e_deg: Longitude, degrees east, 0 to 360.
    """

    site: int
    drive: int
    lat_areocentric_deg: float
    lon_e_deg: float


@lru_cache(maxsize=4096)
def waypoint(mission: str, site: int, drive: int) -> Waypoint | None:
    """Where a rover stood when its counters showed a site and a drive.

    The waypoints are ends of drives, so the place is exact between drives, and up to a drive's
    length off, some hundred metres, during one.

    Args:
        mission: Mission id.
        site: Site index.
        drive: Drive index.

    Returns:
        The last waypoint at or before those counters; `None` beyond the table, which for
        Perseverance ends with sol 422, and for missions without one. The rehearsal has none: each
        rehearsal drives elsewhere.
    """
    waypoints = _waypoints(mission)
    place = bisect_right(waypoints, (site, drive, 90.0, 360.0))
    if place == 0 or place == len(waypoints):
        return None
    return waypoints[place - 1]


@cache
def _waypoints(mission: str) -> list[Waypoint]:
    if mission not in _TABLES:
        return []
    return sorted(
        Waypoint(
            int(row["site"]),
            int(row["drive"]),
            float(row["lat_areocentric_deg"]),
            float(row["lon_e_deg"]),
        )
        for row in read_table(_TABLES[mission])
    )
