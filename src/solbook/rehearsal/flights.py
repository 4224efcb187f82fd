"""The helicopter's flights: a way up, across and down, and the frames taken on it."""

from __future__ import annotations

import numpy as np

from solbook.rehearsal.drive import pose_at
from solbook.rehearsal.exposures import Flight, Heights, Pose, SolPlan, Vector
from solbook.rehearsal.observations import (
    HELI_NAV_WHOLE,
    HELI_RTE_QUARTER,
    Observer,
    level_attitude,
)

GROUND_TO_BODY_M = 0.3
"""How high the helicopter's body frame is over the ground when it stands on its legs."""

_CLIMB_M_S = 1.0
_SPEED_M_S = 3.5
_HOVER_S = 6.0
# The nose is lowered while it flies forwards.
_FORWARD_PITCH_DEG = -4.0
# The share of a flight at which the rover takes a frame of it: over the place it started from.
_SEEN_AT = 0.16


def set_down(rover: Pose, heights: Heights, heading_deg: float) -> Pose:
    """The helicopter on the ground, below where the rover stands and will drive away from."""
    return _standing(rover, rover.position_m[0], rover.position_m[1], heights, heading_deg)


def helicopter_at(plan: SolPlan, utc_ns: int) -> Pose | None:
    """Where the helicopter is and how, on the ground or in the air.

    Args:
        plan: The sol's.
        utc_ns: A time of that sol; UTC, ns since 1970-01-01.

    Returns:
        Its pose, or None while the rover carries it.
    """
    stands = [pose for since_ns, pose in plan.helicopter if since_ns <= utc_ns]
    if not stands:
        return None
    flight = plan.flight
    if flight and flight.takeoff_ns < utc_ns < flight.landing_ns:
        return _flying(stands[-1], flight, utc_ns)
    return stands[-1]


def fly(
    observer: Observer, start: Pose, heights: Heights, number: int, navs: int, colours: int
) -> tuple[Flight, Pose]:
    """One flight with its frames; the rover watches its beginning.

    Args:
        observer: Takes the frames; its next free moment is the take-off.
        start: Where the helicopter stands.
        heights: Of the ground.
        number: Of the flight, counted from 1.
        navs: How many frames of the navigation camera are sent.
        colours: How many of the colour camera.

    Returns:
        The flight, and how the helicopter stands after it.
    """
    flight = _flight(observer, start, heights, number)
    began_s = observer.lmst_s

    def go_to(share: float) -> int:
        """Let some share of the flight pass."""
        when_ns = flight.takeoff_ns + int(share * (flight.landing_ns - flight.takeoff_ns))
        past_s = (when_ns - flight.takeoff_ns) / 1e9
        observer.lmst_s = began_s + past_s * 86_400 / observer.times.clock.sol_length_s
        return when_ns

    moments = [(share, "HELI_NAV", HELI_NAV_WHOLE) for share in _spread(navs, 0.06, 0.94)]
    moments += [(share, "HELI_RTE", HELI_RTE_QUARTER) for share in _spread(colours, 0.2, 0.8)]
    for share, camera, forms in sorted(moments):
        pose = _flying(observer.pose, flight, go_to(share))
        observer.expose((camera,), f"HELI{number:05d}", forms, f"flight {number}", pose=pose)
    seen = _flying(observer.pose, flight, go_to(_SEEN_AT))
    observer.zoom_at("the helicopter in flight", seen.position_m, 110)
    go_to(1.0)
    observer.lmst_s += 600
    north, east, _ = flight.path[-1][1]
    return flight, _standing(observer.pose, north, east, heights, flight.heading_deg)


def _flight(observer: Observer, start: Pose, heights: Heights, number: int) -> Flight:
    """Up, across to another place, and down."""
    chance = observer.chance
    here = np.array(start.position_m[:2])
    rover = np.array(observer.pose.position_m[:2])
    # Ahead of the rover and off to a side, so that it is not in the way.
    ahead_deg = observer.pose.attitude.heading_pitch_roll_deg()[0]
    side_deg = float(chance.choice([-1.0, 1.0]) * chance.uniform(35, 80))
    bearing = np.radians(ahead_deg + side_deg)
    goal = rover + chance.uniform(45, 110) * np.array([np.cos(bearing), np.sin(bearing)])
    across = goal - here
    heading_deg = float(np.degrees(np.arctan2(across[1], across[0])) % 360)
    high_m = float(chance.uniform(5, 12))
    along = here + np.linspace(0, 1, 40)[:, None] * across
    under_m = heights(along[:, 0], along[:, 1])
    from_m, to_m = float(under_m[0]), float(under_m[-1])
    cruise_m = float(under_m.max()) + high_m
    # Straight up, a pause, across, a pause, straight down.
    climb_s, sink_s = ((cruise_m - level) / _CLIMB_M_S for level in (from_m, to_m))
    legs_s = [climb_s, _HOVER_S, float(np.linalg.norm(across)) / _SPEED_M_S, _HOVER_S, sink_s]
    times_s = np.concatenate([[0.0], np.cumsum(legs_s)])
    ups_m = [from_m + GROUND_TO_BODY_M, *[cruise_m] * 4, to_m + GROUND_TO_BODY_M]
    takeoff_ns = observer.times.utc_ns(observer.sol, observer.lmst_s)
    places = np.column_stack([[here, here, here, goal, goal, goal], -np.array(ups_m)])
    path = tuple(
        (takeoff_ns + round(time_s * 1e9), (float(x), float(y), float(z)))
        for time_s, (x, y, z) in zip(times_s.tolist(), places, strict=True)
    )
    high_m = cruise_m - ups_m[0] + GROUND_TO_BODY_M
    return Flight(number, observer.sol, takeoff_ns, path[-1][0], path, heading_deg, high_m)


def _flying(rover: Pose, flight: Flight, utc_ns: int) -> Pose:
    """How it flies at some time; site and drive are the rover's."""
    since_s = [(when_ns - flight.takeoff_ns) / 1e9 for when_ns, _ in flight.path]
    now_s = (utc_ns - flight.takeoff_ns) / 1e9
    x, y, z = (
        float(np.interp(now_s, since_s, [place[axis] for _, place in flight.path]))
        for axis in range(3)
    )
    place: Vector = (x, y, z)
    forwards = since_s[2] < now_s < since_s[3]
    attitude = level_attitude(flight.heading_deg, _FORWARD_PITCH_DEG if forwards else 0.0)
    return pose_at(place, attitude, rover.site, rover.drive, rover.site_origin_m, rover.driven)


def _standing(
    rover: Pose, north_m: float, east_m: float, heights: Heights, heading_deg: float
) -> Pose:
    up_m = float(heights(np.array([north_m]), np.array([east_m]))[0]) + GROUND_TO_BODY_M
    return pose_at(
        (north_m, east_m, -up_m),
        level_attitude(heading_deg, 0.0),
        rover.site,
        rover.drive,
        rover.site_origin_m,
        rover.driven,
    )


def _spread(count: int, first: float, last: float) -> list[float]:
    """The shares of the flight at which some frames are taken."""
    return [first + (last - first) * (number + 0.5) / count for number in range(count)]
