"""The plan of the rehearsal: what the rover does and exposes, sol by sol.

Whatever is left to chance on a sol is drawn from numbers of that sol alone, so a sol does not
depend on how many are asked for; it depends on earlier ones only through where the rover is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from solbook.errors import SolbookError
from solbook.missions import mission
from solbook.rehearsal import flights
from solbook.rehearsal import observations as obs
from solbook.rehearsal.drive import Rover
from solbook.rehearsal.exposures import (
    Exposure,
    Flight,
    Heights,
    HeightsAround,
    Pass,
    Picture,
    Pose,
    SolPlan,
    Waypoint,
)
from solbook.rehearsal.records import pictures_of
from solbook.rehearsal.timing import MissionTimes

PER_SOL = 25
"""Files a sol, on average and without thumbnails, of a mission that is quickly made."""
PER_SOL_RICH = 66
"""The same of a mission of about 2,000 frames in 30 sols."""

# What the first sols are; later ones are drawn by `_LATER`.
_OPENING = (
    "landing checkout drive stay drive panorama drive flight drive stay flight drive"
).split()
_LATER = {"drive": 0.52, "stay": 0.2, "flight": 0.13, "panorama": 0.09, "quiet": 0.06}
_HELICOPTER_SET_DOWN_ON_SOL = 6
# Files of a sol against those of a mean sol.
_SHARE = {
    "landing": 0.24,
    "checkout": 1.0,
    "drive": 1.08,
    "stay": 1.04,
    "flight": 1.0,
    "panorama": 1.28,
    "quiet": 0.3,
}
_FIRST_MINUTES_S = 210.0
_MORNING_S = 9.4 * 3600
_DRIVE_S = 11.2 * 3600
_NOON_S = 12.4 * 3600
_METRES_A_LOCAL_S = 0.028
# A site whose drive counter is beyond this may be followed by a new one.
_LONG_SITE = 900
_BEFORE_SUNSET_S = 1_500.0


@dataclass(frozen=True)
class _Wish:
    """Something a sol's files may be spent on: how many, and the observation."""

    files: int
    take: partial[None]


class _Mission:
    """The state that passes from sol to sol: where the rover and the helicopter are."""

    def __init__(
        self, times: MissionTimes, heights: Heights, around: HeightsAround | None, per_sol: float
    ) -> None:
        self.times, self.heights, self.per_sol = times, heights, per_sol
        bearing_deg = float(times.chance(0, 2).uniform(0, 360))
        self.rover = Rover(heights, around, heading_deg=bearing_deg)
        pose = self.rover.stand()
        self.rover.site_origin_m = pose.position_m
        self.aim_deg = bearing_deg
        self.helicopter: Pose | None = None
        self.flown = 0
        self.planned_points = 0

    def sol(self, sol: int) -> SolPlan:
        """Plan the next sol."""
        kind = kind_of_sol(self.times, sol)
        helicopter = [(self.times.clock.sol_start_utc(sol), self.helicopter)]
        day = _Day(self, sol, kind)
        day.live()
        if self.helicopter is not helicopter[0][1]:
            helicopter.append((day.helicopter_since_ns, self.helicopter))
        new_points = self.rover.path_m[self.planned_points :]
        self.planned_points = len(self.rover.path_m)
        exposures = tuple(sorted(day.observer.exposures, key=lambda one: (one.utc_ns, one.key)))
        return SolPlan(
            sol=sol,
            kind=kind,
            exposures=exposures,
            pictures=tuple(_delivered(self.times, exposures)),
            path_m=tuple(new_points),
            waypoints=tuple(day.waypoints),
            helicopter=tuple((since_ns, pose) for since_ns, pose in helicopter if pose),
            flight=day.flight,
            passes=self.times.passes(sol),
        )


class _Day:
    """One sol while it is planned."""

    def __init__(self, mission: _Mission, sol: int, kind: str) -> None:
        self.mission, self.sol, self.kind = mission, sol, kind
        self.times, self.rover = mission.times, mission.rover
        self.chance = self.times.chance(sol, 3)
        self.budget = round(mission.per_sol * _SHARE[kind])
        self.flight: Flight | None = None
        self.helicopter_since_ns = 0
        self.waypoints: list[Waypoint] = []
        self.sunrise_s, self.sunset_s = self.times.sun_lmst_s(sol)
        rich, quiet = mission.per_sol >= PER_SOL_RICH, kind in {"landing", "quiet"}
        self.dawn = not quiet and sol % 5 == 4
        self.sunsets = 0 if quiet or sol % 3 != 1 else (5 if rich else 3)
        self.nights = 0 if quiet or sol % 4 != 2 else 2
        self.observer = obs.Observer(
            self.times,
            sol,
            self.chance,
            self.rover.stand(),
            self.rover.local_heights(),
            _MORNING_S + float(self.chance.uniform(0, 1800)),
        )

    @property
    def left(self) -> int:
        """Files that may still be spent before the evening."""
        spent = sum(
            delivery.sample_type == "Full"
            for exposure in self.observer.exposures
            for delivery in exposure.deliveries
        )
        return self.budget - spent - self.sunsets - self.nights

    def live(self) -> None:
        """Do what a sol of this kind does."""
        if self.dawn:
            morning_s, self.observer.lmst_s = self.observer.lmst_s, self.sunrise_s + 600
            self.observer.sunwards("sunrise", 8.0)
            self.observer.wait_until(morning_s)
        {"landing": self._land, "checkout": self._check_out, "drive": self._drive}.get(
            self.kind, self._stay
        )()
        self._evening()

    def _land(self) -> None:
        landed_ns = _landing_ns(self.times)
        _, lmst_s = self.times.clock.from_utc(landed_ns)
        self.observer.lmst_s = lmst_s + _FIRST_MINUTES_S
        self._arrive(landed_ns)
        self.observer.hazcams("first look after landing", small=True)
        self.observer.lmst_s += 1200
        if self.left > 1:
            self.observer.hazcams("first look after landing", rear=self.left > 3)

    def _check_out(self) -> None:
        self.observer.panorama("first panorama from the mast", stereo=self.left >= 12)
        for azimuth_deg in (150.0, 205.0):
            if self.left > 0:
                self.observer.navcam(obs.QUARTER, "the rover's deck", azimuth_deg, -48.0)
        self._spend(self.left)

    def _drive(self) -> None:
        observer, rover = self.observer, self.rover
        self._spend(int(self.left * 0.2), until_s=_DRIVE_S)
        if self.sol - self.times.clock.first_sol == _HELICOPTER_SET_DOWN_ON_SOL:
            heading_deg = float(self.chance.uniform(0, 360))
            below = flights.set_down(observer.pose, observer.heights, heading_deg)
            self._place_helicopter(below, self.times.utc_ns(self.sol, observer.lmst_s))
        observer.wait_until(_DRIVE_S)
        observer.hazcams("before the drive")
        self.mission.aim_deg += float(self.chance.normal(0, 35))
        stops = 2 if self.chance.random() < 0.6 else 1
        for stop in range(stops):
            last = stop == stops - 1
            metres = float(self.chance.uniform(14, 75)) / stops
            rover.go(metres, self.mission.aim_deg, self.chance)
            if last and rover.drive > _LONG_SITE and self.chance.random() < 0.6:
                rover.declare_site()
            observer.lmst_s += metres / _METRES_A_LOCAL_S
            observer.at(rover.stand(), rover.local_heights())
            self._arrive(self.times.utc_ns(self.sol, observer.lmst_s))
            observer.hazcams("end of drive" if last else "on the way", rear=last)
        if self.left >= 3:
            observer.ahead("where to drive next", stereo=self.left >= 6)
        if self.left >= 1 and self.chance.random() < 0.5:
            observer.navcam(obs.QUARTER, "the tracks behind", 180.0, -24.0)
        self._spend(self.left)

    def _stay(self) -> None:
        observer = self.observer
        if self.kind == "flight":
            self._fly()
        elif self.kind == "panorama":
            tiles = obs.FULL_TILES if self.left >= len(obs.FULL_TILES) else obs.HALF_TILES
            azimuth_deg = float(self.chance.uniform(-60, 60))
            observer.wait_until(_NOON_S)
            observer.navcam(tiles, "full resolution", azimuth_deg, -14.0, sequence="NCAM00433")
            if self.left >= 6:
                observer.panorama("all around", stereo=self.left >= 12)
        elif self.kind == "stay":
            observer.hazcams("before the arm moves", rear=False)
            observer.watson("close-ups of one spot", min(4, max(1, self.left // 5)))
        self._spend(self.left)

    def _fly(self) -> None:
        """A flight, seen from the ground and from the air."""
        observer, start = self.observer, self.mission.helicopter
        if start is None:
            return
        observer.zoom_at("the helicopter before its flight", start.position_m, 110)
        observer.wait_until(_NOON_S)
        navs, colours = max(2, self.left // 4), max(1, self.left // 7)
        self.mission.flown += 1
        self.flight, landed = flights.fly(
            observer, start, self.mission.heights, self.mission.flown, navs, colours
        )
        self._place_helicopter(landed, self.flight.landing_ns)

    def _place_helicopter(self, pose: Pose, since_ns: int) -> None:
        self.mission.helicopter, self.helicopter_since_ns = pose, since_ns

    def _evening(self) -> None:
        """The sunset and the night, for which files were kept."""
        observer, chance = self.observer, self.chance
        if self.sunsets:
            observer.wait_until(self.sunset_s - 420)
            observer.sunwards("sunset", 3.0, zoom=True)
            for _ in range(self.sunsets - 2):
                observer.lmst_s += 240
                observer.sunwards("sunset", 10.0)
        if self.nights:
            observer.wait_until(self.sunset_s + 5_400)
            for elevation_deg in (30.0, 8.0):
                azimuth_deg = float(chance.uniform(0, 360))
                observer.navcam(obs.EIGHTH, "the night sky", azimuth_deg, elevation_deg)

    def _spend(self, files: int, until_s: float | None = None) -> None:
        """Grant wishes in turn, spread over the time that is left.

        Args:
            files: How many files may be spent.
            until_s: Local time at which the last should begin; None: before the evening.
        """
        observer = self.observer
        end_s = until_s or self.sunset_s - _BEFORE_SUNSET_S
        kept = self.left - files
        wishes = self._wishes()
        granted = True
        while granted:
            granted = False
            for wish in wishes:
                free = self.left - kept
                if wish.files <= free and observer.lmst_s < end_s:
                    pause_s = max(end_s - observer.lmst_s, 0.0) * wish.files / (free + 1)
                    wish.take()
                    observer.lmst_s += pause_s * float(self.chance.uniform(0.1, 0.9))
                    granted = True

    def _wishes(self) -> list[_Wish]:
        """What the sol's files may go to, in an order of the sol's own."""
        o, chance = self.observer, self.chance

        def wish(files: int, take: Any, *words: Any, **named: Any) -> _Wish:
            return _Wish(files, partial(take, *words, **named))

        wishes = [
            wish(2, o.mosaic, "the ground nearby", 63, 1, 1),
            wish(2, o.mosaic, "the ground nearby", 110, 1, 1),
            wish(4, o.mosaic, "the ground nearby", 34, 2, 1),
            wish(2, o.mosaic, "far ground", 110, 1, 1, far_m=400.0),
            wish(2, o.zoom_raw, "the ground nearby", 48),
            wish(2, o.navcam, obs.RAW_MIDDLE, "the middle, lossless", None, -30.0),
            wish(4, o.navcam, obs.HALF_TILES, "half resolution", None, -28.0),
            wish(2, o.strips, "watching for dust devils", 2),
            wish(2, o.navcam, obs.QUARTER, "in stereo", None, -24.0, stereo=True),
        ]
        if self.mission.per_sol >= PER_SOL_RICH:
            wishes += [
                wish(12, o.mosaic, "the ground nearby", 63, 3, 2),
                wish(8, o.mosaic, "far ground", 110, 4, 1, far_m=600.0),
                wish(8, o.navcam, obs.HALF_TILES, "half resolution", None, -28.0, stereo=True),
                wish(6, o.panorama, "all around", stereo=False),
                wish(6, o.ahead, "the ground ahead"),
            ]
        if self.kind == "stay":
            wishes.append(wish(3, o.watson, "close-ups of one spot", 3))
        order = chance.permutation(len(wishes))
        # The smallest comes last: it fills what is left.
        clouds = wish(1, o.navcam, obs.QUARTER, "clouds", None, 34.0, sequence="NCAM00529")
        return [*(wishes[k] for k in order), clouds]

    def _arrive(self, utc_ns: int) -> None:
        pose = self.observer.pose
        self.waypoints.append(Waypoint(self.sol, utc_ns, pose, self.rover.driven_m))


def plan_sols(
    times: MissionTimes,
    heights: Heights,
    heights_around: HeightsAround | None = None,
    per_sol: float = PER_SOL,
) -> Iterator[SolPlan]:
    """Plan sol after sol, from the landing on, without end.

    Args:
        times: The mission's clocks and seed.
        heights: Of the ground, metres up, at places of the ground frame.
        heights_around: The ground with all detail as seen from a stop; without it the rover
            stands on, and the arm reaches for, the ground of `heights`.
        per_sol: Files a sol, on average and without thumbnails: `PER_SOL` or `PER_SOL_RICH`.
    """
    state = _Mission(times, heights, heights_around, per_sol)
    sol = times.clock.first_sol
    while True:
        yield state.sol(sol)
        sol += 1


def plan_mission(
    sols: int,
    seed: int,
    heights: Heights,
    heights_around: HeightsAround | None = None,
    per_sol: float = PER_SOL,
) -> list[SolPlan]:
    """Plan the first sols of the mission `rehearsal`; see `plan_sols`."""
    times = MissionTimes.of_rehearsal(seed)
    return list(islice(plan_sols(times, heights, heights_around, per_sol), sols))


def kind_of_sol(times: MissionTimes, sol: int) -> str:
    """What a sol is mostly for; see `SolPlan.kind`."""
    since_landing = sol - times.clock.first_sol
    if since_landing < len(_OPENING):
        return _OPENING[since_landing]
    names, chances = list(_LATER), list(_LATER.values())
    return str(times.chance(sol, 4).choice(names, p=np.array(chances) / sum(chances)))


def _delivered(times: MissionTimes, exposures: tuple[Exposure, ...]) -> Iterator[Picture]:
    """The files of a sol, each with the time at which it reaches the Earth."""
    if not exposures:
        return
    sol = exposures[0].sol
    passes = [one for later in range(sol, sol + 6) for one in times.passes(later)]
    chance = times.chance(sol, 5)
    for exposure in exposures:
        # Compression and the radio's queue: ten minutes at least.
        ready_ns = exposure.utc_ns + 600 * 10**9
        following = [one for one in passes if one.begins_ns > ready_ns]
        late = int(chance.choice([1, 2, 3, 5], p=[0.62, 0.22, 0.1, 0.06]))
        yield from pictures_of(exposure, partial(_received_ns, following, late, chance))


def _received_ns(
    passes: list[Pass], late: int, chance: np.random.Generator, sample_type: str
) -> int:
    """Thumbnails come with the first pass, frames with a later one; files a few seconds apart."""
    which = 0 if sample_type == "Thumbnail" else late
    return passes[which].ends_ns + int(chance.integers(0, 540)) * 10**9


def _landing_ns(times: MissionTimes) -> int:
    landed_ns = mission(times.clock.mission).landing_utc_ns
    if landed_ns is None:
        raise SolbookError(
            "The time of landing is not known.",
            code="bad_argument",
            found=times.clock.mission,
            expected="a mission whose landing is dated to the second",
            help="Plan the mission `rehearsal`.",
        )
    return landed_ns
