"""The Sun over frames: local true solar time, season, where the Sun stood."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solbook.clock import MISSION_CLOCKS, SIMULATED_CLOCKS, Site, landing_site, ls_deg
from solbook.clock.spans import TABLES_FROM_NS, TABLES_UNTIL_NS
from solbook.missions.waypoints import Waypoint, waypoint
from solbook.records.frame import Frame

# What a column has to tell: a millionth of a degree is 4 cm of Mars, a millisecond its turn.
_DEGREE_DECIMALS = 6
_SECOND_DECIMALS = 3


def add_sun(frames: Iterable[Frame]) -> None:
    """Fill in the Sun of frames whose time is known: LTST, Ls, the Sun's place, where from.

    They are seen from the waypoint of the frame's site and drive where that is known, else from
    where the mission landed; `sun_site` says which. Frames of no mission with a landing site, and
    those dated before 1960 or after 2052, stay without.
    """
    by_mission: dict[str, list[Frame]] = {}
    for frame in frames:
        utc_ns = frame.utc_ns
        if utc_ns is not None and TABLES_FROM_NS <= utc_ns < TABLES_UNTIL_NS:
            by_mission.setdefault(frame.mission, []).append(frame)
    for mission, timed in by_mission.items():
        if mission in MISSION_CLOCKS or mission in SIMULATED_CLOCKS:
            _add_sun(mission, timed)


def _add_sun(mission: str, frames: list[Frame]) -> None:
    landed = landing_site(mission)
    waypoints = [_waypoint(frame) for frame in frames]
    utc_ns = np.array([frame.utc_ns for frame in frames])
    if any(waypoints):
        at = Site.from_areocentric(
            np.array([w.lat_areocentric_deg if w else 0.0 for w in waypoints]),
            np.array([w.lon_e_deg if w else landed.lon_e_deg for w in waypoints]),
        )
        known = np.array([w is not None for w in waypoints])
        site = Site(np.where(known, at.lat_deg, landed.lat_deg), at.lon_e_deg)
    else:
        site = landed
    sun = site.sun(utc_ns)
    columns = (
        np.round(site.ltst_s(utc_ns), _SECOND_DECIMALS).tolist(),
        np.round(ls_deg(utc_ns), _DEGREE_DECIMALS).tolist(),
        np.round(sun.az_deg, _DEGREE_DECIMALS).tolist(),
        np.round(sun.el_deg, _DEGREE_DECIMALS).tolist(),
    )
    for frame, place, *found in zip(frames, waypoints, *columns, strict=True):
        frame.ltst_s, frame.ls_deg, frame.sun_az_deg, frame.sun_el_deg = found
        frame.sun_site = "landing site" if place is None else "waypoint"


def _waypoint(frame: Frame) -> Waypoint | None:
    if frame.site is None or frame.drive is None:
        return None
    return waypoint(frame.mission, frame.site, frame.drive)
