"""Where the rover drives, and how it stands where it stops."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solbook.imaging import Attitude
from solbook.imaging.attitude import read_numbers
from solbook.rehearsal.exposures import Floats, Heights, HeightsAround, Pose, Vector

WHEELS_M = np.array([(x, y) for x in (1.1, 0.0, -1.1) for y in (-1.15, 1.15)])
"""Where the six wheels touch the ground: forward and right of the rover's middle, metres."""

_STEP_M = 0.5
_LOOK_AHEAD_M = 6.0
# Candidates for the next heading: on the way, degrees from the present one; at first, from the aim.
_TURNS_DEG = np.linspace(-36.0, 36.0, 13)
_FIRST_TURNS_DEG = np.linspace(-60.0, 60.0, 25)
# A rise over run that is shunned like a way at right angles to the aim, and more.
_STEEPEST = 0.35
# Beyond this the rover is led back to where it landed; the ground is made for some 2 km.
_ROAM_M = 1_100.0
# The drive counter grows by two for each of these turns of a wheel.
_COUNT_EVERY_M = 0.42
_COUNT_EVERY_DEG = 9.0
_LAST_DRIVE = 3_600


@dataclass
class Rover:
    """The rover as the plan drives it; its state is the only memory a plan has.

    Attributes:
        heights: Of the ground, for choosing the way.
        heights_around: Of the ground with all detail, for standing on it; None: `heights` do.
        north_m: Place of its middle.
        east_m: Place of its middle.
        heading_deg: Clockwise from north.
        site: Number of the site frame.
        drive: Drive counter.
        driven_m: Way since landing.
        site_origin_m: Origin of the site frame, in the ground frame.
        path_m: Every half metre of its way, (north, east).
    """

    heights: Heights
    heights_around: HeightsAround | None
    heading_deg: float
    north_m: float = 0.0
    east_m: float = 0.0
    site: int = 1
    drive: int = 0
    driven_m: float = 0.0
    site_origin_m: Vector = (0.0, 0.0, 0.0)
    path_m: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)])
    _local: tuple[int, Heights] | None = field(default=None, init=False)

    def local_heights(self) -> Heights:
        """Heights as they are seen from where it stands; made once a stop."""
        if self.heights_around is None:
            return self.heights
        if self._local is None or self._local[0] != len(self.path_m):
            around = self.heights_around(self.north_m, self.east_m, np.array(self.path_m))
            self._local = len(self.path_m), around
        return self._local[1]

    def stand(self) -> Pose:
        """How it stands: on the plane that fits its six wheels best."""
        down_m, attitude = standing(
            self.local_heights(), self.north_m, self.east_m, self.heading_deg
        )
        return pose_at(
            (self.north_m, self.east_m, down_m),
            attitude,
            self.site,
            self.drive,
            self.site_origin_m,
            len(self.path_m),
        )

    def declare_site(self) -> None:
        """Begin a new site frame where it stands, and the drive counter at 0."""
        self.site += 1
        self.drive = 0
        pose = self.stand()
        self.site_origin_m = pose.position_m

    def turn(self, to_deg: float) -> None:
        """Turn on the spot."""
        by_deg = _turn_deg(self.heading_deg, to_deg)
        self.drive += 2 * int(np.ceil(abs(by_deg) / _COUNT_EVERY_DEG))
        self.heading_deg = to_deg % 360

    def go(self, metres: float, towards_deg: float, chance: np.random.Generator) -> None:
        """Drive some way, roughly in a direction, round what is steep.

        Args:
            metres: Length of the way.
            towards_deg: Clockwise from north; less heeded far from the landing point.
            chance: For the turns that nothing calls for.
        """
        aim_deg = self._led_back(towards_deg)
        self.turn(self._way(aim_deg, aim_deg + _FIRST_TURNS_DEG))
        steps = max(1, round(metres / _STEP_M))
        per_leg = int(_LOOK_AHEAD_M / _STEP_M)
        for first in range(0, steps, per_leg):
            aim_deg = self._led_back(towards_deg) + chance.normal(0.0, 14.0)
            self._leg(aim_deg, min(per_leg, steps - first))
        self.drive += 2 * int(np.ceil(steps * _STEP_M / _COUNT_EVERY_M))
        # A site ends before its counter has more than four digits.
        if self.drive > _LAST_DRIVE:
            self.declare_site()

    def _leg(self, towards_deg: float, steps: int) -> None:
        """A piece of the way along one arc."""
        way_deg = self._way(towards_deg, self.heading_deg + _TURNS_DEG)
        turn_deg = _turn_deg(self.heading_deg, way_deg) / steps
        for _ in range(steps):
            self.heading_deg = (self.heading_deg + turn_deg) % 360
            heading = np.radians(self.heading_deg)
            self.north_m += float(np.cos(heading)) * _STEP_M
            self.east_m += float(np.sin(heading)) * _STEP_M
            self.path_m.append((round(self.north_m, 4), round(self.east_m, 4)))
        self.driven_m += steps * _STEP_M

    def _way(self, towards_deg: float, headings_deg: Floats) -> float:
        """The heading, among some, that is not steep and not far off the aim."""
        headings = np.radians(headings_deg)
        far = np.arange(1.0, _LOOK_AHEAD_M + 0.5, 1.0)
        norths = self.north_m + np.outer(np.cos(headings), far)
        easts = self.east_m + np.outer(np.sin(headings), far)
        here = self.heights(np.array([self.north_m]), np.array([self.east_m]))
        profile = np.hstack([np.full((len(headings), 1), here[0]), self.heights(norths, easts)])
        steepest = np.abs(np.diff(profile, axis=1)).max(axis=1)
        off = np.abs((headings_deg - towards_deg + 180) % 360 - 180) / 90
        cost = off + 2 * (steepest / _STEEPEST) ** 2
        return float(headings_deg[int(np.argmin(cost))] % 360)

    def _led_back(self, towards_deg: float) -> float:
        """The aim, turned towards the landing point when it is far away."""
        far = float(np.hypot(self.north_m, self.east_m))
        home_deg = float(np.degrees(np.arctan2(-self.east_m, -self.north_m)))
        pull = min(max((far - _ROAM_M / 2) / (_ROAM_M / 2), 0.0), 1.0)
        return towards_deg + pull * _turn_deg(towards_deg, home_deg)


def standing(
    heights: Heights, north_m: float, east_m: float, heading_deg: float
) -> tuple[float, Attitude]:
    """How a rover stands on six wheels at a place.

    Returns:
        How far down its frame's origin is, in the ground frame, and its attitude there.
    """
    heading = np.radians(heading_deg)
    ahead = np.array([np.cos(heading), np.sin(heading)])
    right = np.array([-np.sin(heading), np.cos(heading)])
    places = np.array([north_m, east_m]) + WHEELS_M @ np.stack([ahead, right])
    up_m = heights(places[:, 0], places[:, 1])
    # The plane up = level + rise * forward + tilt * right, by least squares.
    columns = np.column_stack([np.ones(len(WHEELS_M)), WHEELS_M])
    level, rise, tilt = np.linalg.lstsq(columns, up_m, rcond=None)[0]
    pitch_deg = float(np.degrees(np.arctan(rise)))
    roll_deg = float(np.degrees(np.arctan(-tilt * np.cos(np.radians(pitch_deg)))))
    return -float(level), Attitude.from_heading_pitch_roll(heading_deg, pitch_deg, roll_deg)


def pose_at(
    position_m: Vector,
    attitude: Attitude,
    site: int,
    drive: int,
    site_origin_m: Vector,
    driven: int,
) -> Pose:
    """A pose whose numbers are just those that a record of the feed can state."""
    written = written_vector(
        tuple(p - o for p, o in zip(position_m, site_origin_m, strict=True))  # type: ignore[arg-type]
    )
    x, y, z = (o + p for o, p in zip(site_origin_m, written, strict=True))
    return Pose(
        site=site,
        drive=drive,
        position_m=(x, y, z),
        site_origin_m=site_origin_m,
        attitude=Attitude.parse(attitude.text()),
        driven=driven,
    )


def vector_text(vector: Vector) -> str:
    """A vector, metres, as the records of the rehearsal write it: to a tenth of a micrometre."""
    return "(" + ",".join(_number_text(number) for number in vector) + ")"


def written_vector(vector: Vector) -> Vector:
    """A vector, rounded to what its text says."""
    x, y, z = read_numbers(vector_text(vector), 3, "vector")
    return x, y, z


def _number_text(number: float) -> str:
    # The feed writes a zero vector as (0.0,0.0,0.0).
    rounded = round(number, 7)
    return f"{rounded:.12g}" if rounded else "0.0"


def _turn_deg(from_deg: float, to_deg: float) -> float:
    """The shorter way round, -180 to 180 degrees."""
    return (to_deg - from_deg + 180) % 360 - 180
