"""Which releases a rehearsal has, and what their captions say; all of it follows from the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from solbook.clock import format_lmst, format_utc
from solbook.rehearsal.annals import driven_m, flown_m
from solbook.rehearsal.artwork import Bytes, Standpoint, Studio
from solbook.rehearsal.cameras import camera_named
from solbook.rehearsal.exposures import (
    ArmPlacing,
    Exposure,
    Flight,
    Picture,
    Pose,
    SolPlan,
)
from solbook.rehearsal.flights import helicopter_at
from solbook.rehearsal.timing import MissionTimes
from solbook.rehearsal.traverse_map import traverse_map

ILLUSTRATION = "illustration (made by the renderer)"
"""What every record says of a picture that no camera of the mission took."""

Kind = Literal["photo", "mosaic", "panorama", "illustration", "map"]

# The Sun's height in illustrations of the afternoon: low enough for relief and for long shadows.
_AFTERNOON_DEG = 22.0
_SUNSET_DEG = 6.5
# The rover is best lit with the Sun this far to the side of the camera.
_SIDE_DEG = 60.0
_FROM_THE_FRONT_DEG = 38.0


@dataclass(frozen=True)
class Release:
    """A picture with a caption.

    Attributes:
        kind: A frame as it is, frames put together, or what no camera of the mission took.
        title: In title case.
        caption: What it shows, without credit.
        keywords: Besides those that all releases have.
        utc_ns: When what it shows was so; UTC, ns since 1970-01-01.
        frames: The frames it is made of, or that show the same.
        paint: Makes the picture; None of a photo and of a mosaic, which are made of frames.
    """

    kind: Kind
    title: str
    caption: str
    keywords: tuple[str, ...]
    utc_ns: int
    frames: tuple[Picture, ...] = ()
    paint: Callable[[Studio], Bytes] | None = None


def releases_of(plans: Sequence[SolPlan], times: MissionTimes) -> list[Release]:
    """The releases of some sols, in the order of time.

    Args:
        plans: The sols, from the landing on.
        times: Their clocks.
    """
    mission = _Mission(plans, times)
    found = [
        *mission.landing(),
        *mission.panorama(),
        *mission.portrait(),
        *mission.close_up(),
        *mission.sunset_illustration(),
        *mission.mosaic(),
        *mission.helicopter_on_the_ground(),
        *mission.flight(),
        *mission.tracks(),
        *mission.sunset(),
        *mission.map(),
    ]
    return sorted(found, key=lambda release: (release.utc_ns, release.title))


@dataclass(frozen=True)
class _Mission:
    """What captions are made from."""

    plans: Sequence[SolPlan]
    times: MissionTimes

    def landing(self) -> Iterator[Release]:
        frames = self._frames("first look after landing", "FRONT_HAZCAM_LEFT_A")
        if not frames:
            return
        frame = max(frames, key=lambda one: one.width_px)
        landed_ns = self.plans[0].waypoints[0].utc_ns
        minutes = (frame.exposure.utc_ns - landed_ns) / 60e9
        yield self._photo(
            frame,
            "First Look After Landing",
            f"The ground before the rover's wheels, {minutes:.0f} minutes after its landing.",
            ("Landing",),
        )

    def panorama(self) -> Iterator[Release]:
        frames = self._frames("first panorama from the mast", "NAVCAM_LEFT")
        if not frames:
            return
        first, last = frames[0].exposure, frames[-1].exposure
        yield Release(
            "panorama",
            "All Around the Landing Site",
            f"The first panorama from the rover's mast, on sol {first.sol} between"
            f" {format_lmst(first.lmst_s)} and {format_lmst(last.lmst_s)} local mean solar time."
            f" The picture is an {ILLUSTRATION}: all around in one cylinder, as seen from the"
            f" {camera_named(first.camera).name} on {self._when(first.utc_ns)}. Its middle looks"
            f" back over the rover's deck. The frames of that panorama: {_ids(frames)}.",
            ("Panorama", "Navcam"),
            first.utc_ns,
            tuple(frames),
            lambda studio: studio.panorama(first),
        )

    def portrait(self) -> Iterator[Release]:
        """The rover where it first stays after a drive."""
        plan = next((one for one in self.plans if one.kind == "stay"), None)
        if plan is None:
            return
        pose = plan.exposures[0].pose
        around = self.times.site.sun_times(plan.exposures[-1].utc_ns, _AFTERNOON_DEG)
        utc_ns, bearing_deg = self._best_lit(pose, (around.rises_ns, around.sets_ns))

        def paint(studio: Studio) -> Bytes:
            place_m = studio.beside(pose, bearing_deg, 7.4, 1.5)
            target_m = studio.beside(pose, bearing_deg, 0.3, 1.0)
            return studio.rover(plan, pose, Standpoint(place_m, target_m, 44.0), utc_ns)

        yield Release(
            "illustration",
            "The Rover at Its First Stop",
            f"The rover on sol {plan.sol} at site {pose.site}, drive {pose.drive},"
            f" {self._driven_m(plan.sol):.1f} metres of driving from its landing point."
            f" {self._illustrated(utc_ns)}",
            ("Rover",),
            utc_ns,
            paint=paint,
        )

    def close_up(self) -> Iterator[Release]:
        frames = self._frames("close-ups of one spot", "SHERLOC_WATSON")
        if not frames:
            return
        sol = frames[0].exposure.sol
        of_sol = [one for one in frames if one.exposure.sol == sol]
        frame = min(of_sol, key=lambda one: abs(_held_cm(one.exposure) - 12))
        yield self._photo(
            frame,
            "A Close Look at the Ground",
            f"The arm holds the camera {_held_cm(frame.exposure):.0f} centimetres from the ground"
            f" it looks at. It is one of {len(of_sol)} close-ups of that sol.",
            ("WATSON", "Sample"),
        )

    def sunset_illustration(self) -> Iterator[Release]:
        """At the first stop from which a sunset is watched after a drive."""
        frames = [one for one in self._frames("sunset") if one.exposure.pose.drive]
        if not frames:
            return
        exposure = frames[0].exposure
        plan, pose = self._plan(exposure.sol), exposure.pose
        utc_ns = int(self.times.site.sun_times(exposure.utc_ns, _SUNSET_DEG).sets_ns)
        # The rover stands a little to the right of the Sun.
        bearing_deg = float(self.times.site.sun(utc_ns).az_deg) + 180 + 7

        def paint(studio: Studio) -> Bytes:
            place_m = studio.beside(pose, bearing_deg, 11.0, 0.8)
            target_m = studio.beside(pose, bearing_deg, 0.0, 1.75)
            return studio.rover(plan, pose, Standpoint(place_m, target_m, 40.0), utc_ns)

        yield Release(
            "illustration",
            "The Rover Before the Sunset",
            f"The Sun {_SUNSET_DEG:g} degrees over the level horizon on sol {plan.sol}. Around"
            " it the sky is blue, because the dust sends blue light on in a narrower beam than"
            f" red. {self._illustrated(utc_ns)}",
            ("Sunset", "Rover"),
            utc_ns,
            paint=paint,
        )

    def mosaic(self) -> Iterator[Release]:
        """The first exposure that came down as tiles; the finest of that sort."""
        purposes = ("full resolution", "half resolution")
        frames = next((found for one in purposes if (found := self._frames(one))), [])
        tiles = [one for one in frames if one.exposure is frames[0].exposure]
        if not tiles:
            return
        exposure = tiles[0].exposure
        yield Release(
            "mosaic",
            "A View in Tiles",
            f"The {camera_named(exposure.camera).name} on {self._when(exposure.utc_ns)}."
            f" The picture came down in {len(tiles)} tiles and is put together from them:"
            f" {_ids(tiles)}.",
            ("Navcam", "Mosaic"),
            exposure.utc_ns,
            tuple(tiles),
        )

    def helicopter_on_the_ground(self) -> Iterator[Release]:
        frames = self._frames("the helicopter before its flight", "MCZ_LEFT")
        flight = next((plan.flight for plan in self.plans if plan.flight), None)
        if not frames or flight is None:
            return
        frame = frames[0]
        away_m = float(
            np.linalg.norm(np.array(frame.exposure.pose.position_m) - np.array(flight.path[0][1]))
        )
        yield self._photo(
            frame,
            "The Helicopter Before Its First Flight",
            f"The helicopter stands {away_m:.0f} metres from the rover, on the sol of flight"
            f" {flight.number}.",
            ("Helicopter", "Mastcam-Z"),
        )

    def flight(self) -> Iterator[Release]:
        """The first flight: from outside, and from the air."""
        plan = next((one for one in self.plans if one.flight), None)
        if plan is None or plan.flight is None:
            return
        flight = plan.flight
        facts = (
            f"Flight {flight.number} on sol {flight.sol}:"
            f" {(flight.landing_ns - flight.takeoff_ns) / 1e9:.1f} seconds,"
            f" {flown_m(flight):.1f} metres, up to {flight.greatest_height_m:.1f} metres high."
        )
        yield self._in_flight(plan, flight, facts)
        colours = self._frames(f"flight {flight.number}", "HELI_RTE")
        if colours:
            yield self._photo(
                colours[len(colours) // 2],
                "From the Air",
                f"The ground as the helicopter sees it. {facts}",
                ("Helicopter",),
            )

    def _in_flight(self, plan: SolPlan, flight: Flight, facts: str) -> Release:
        # Straight up it goes first; at the end of that it hovers.
        utc_ns = flight.path[1][0]
        rover = next(
            one.pose for one in plan.exposures if camera_named(one.camera).mount != "helicopter"
        )

        def paint(studio: Studio) -> Bytes:
            helicopter = helicopter_at(plan, utc_ns) or rover
            here, there = np.array(helicopter.position_m), np.array(rover.position_m)
            ahead = (there - here) * (1, 1, 0)
            ahead /= np.linalg.norm(ahead)
            aside = np.array([-ahead[1], ahead[0], 0.0])
            place_m = here - 3.2 * ahead + 0.8 * aside - np.array([0, 0, 0.3])
            to_both = np.stack([here, there - np.array([0, 0, 1.0])]) - place_m
            to_both /= np.linalg.norm(to_both, axis=1)[:, None]
            # In the middle between the two, and so wide that both are well within.
            apart_deg = float(np.degrees(np.arccos(to_both[0] @ to_both[1])))
            standpoint = Standpoint(place_m, place_m + to_both.sum(axis=0), 38.0 + apart_deg)
            return studio.helicopter(plan, rover, standpoint, utc_ns)

        return Release(
            "illustration",
            "The Helicopter's First Flight",
            f"The helicopter hovers over the place it rose from; behind it stands the rover."
            f" {facts} {self._illustrated(utc_ns)}",
            ("Helicopter", "Rover"),
            utc_ns,
            paint=paint,
        )

    def tracks(self) -> Iterator[Release]:
        """The longest drive, from a little above."""
        metres = driven_m(self.plans)
        if not metres:
            return
        plan = self._plan(max(metres, key=metres.__getitem__))
        pose = plan.waypoints[-1].pose
        utc_ns, bearing_deg = self._best_lit(pose, [self._afternoon_ns(plan)])

        def paint(studio: Studio) -> Bytes:
            back_deg = pose.attitude.heading_pitch_roll_deg()[0] + 180
            place_m = studio.beside(pose, bearing_deg, 9.0, 4.4)
            target_m = studio.beside(pose, back_deg, 1.2, 0.6)
            return studio.rover(plan, pose, Standpoint(place_m, target_m, 52.0), utc_ns)

        yield Release(
            "illustration",
            "At the End of the Longest Drive",
            f"The rover at the end of the drive of sol {plan.sol}, {metres[plan.sol]:.1f} metres,"
            f" the longest of the first {len(self.plans)} sols; behind it the marks of its wheels."
            f" {self._illustrated(utc_ns)}",
            ("Rover", "Drive"),
            utc_ns,
            paint=paint,
        )

    def sunset(self) -> Iterator[Release]:
        """The last that a Navcam watched."""
        frames = self._frames("sunset", "NAVCAM_LEFT")
        if frames:
            yield self._photo(
                frames[-1],
                "The Sun Sets",
                "The sky around the setting Sun.",
                ("Sunset", "Navcam"),
            )

    def map(self) -> Iterator[Release]:
        last = self.plans[-1]
        if len(self.plans) < 2:
            return
        utc_ns = self._afternoon_ns(last)
        total_m = sum(driven_m(self.plans).values())
        stops = [str(plan.sol) for plan in self.plans if plan.waypoints]
        flights = [plan.flight for plan in self.plans if plan.flight]
        flown = ""
        if flights:
            flown = (
                f" Dashed is the way of {len(flights)}"
                f" {'flight' if len(flights) == 1 else 'flights'} of the helicopter, with a"
                " triangle where each came down."
            )
        yield Release(
            "map",
            f"Where the Rover Drove in {len(self.plans)} Sols",
            f"North is up. The line is the way of the rover from its landing to sol {last.sol},"
            f" {total_m:.1f} metres in all. Dots with the number of the sol show where it landed"
            f" and where drives ended: sols {', '.join(stops)}.{flown} The bar has its length"
            f" beside it. {self._illustrated(utc_ns)}",
            ("Map", "Drive"),
            utc_ns,
            paint=lambda studio: traverse_map(studio, self.plans, utc_ns),
        )

    def _photo(
        self, frame: Picture, title: str, caption: str, keywords: tuple[str, ...]
    ) -> Release:
        """A frame as it came down."""
        exposure = frame.exposure
        return Release(
            "photo",
            title,
            f"{caption} Taken by the {camera_named(exposure.camera).name} on"
            f" {self._when(exposure.utc_ns)}; frame {frame.product_id}.",
            keywords,
            exposure.utc_ns,
            (frame,),
        )

    def _frames(self, purpose: str, camera: str | None = None) -> list[Picture]:
        """Colour frames of a purpose, in the order of time."""
        return [
            picture
            for plan in self.plans
            for picture in plan.pictures
            if picture.exposure.purpose == purpose
            and camera in {None, picture.exposure.camera}
            and (picture.delivery.sample_type, picture.delivery.form) == ("Full", "colour")
        ]

    def _plan(self, sol: int) -> SolPlan:
        return next(plan for plan in self.plans if plan.sol == sol)

    def _driven_m(self, sol: int) -> float:
        """Way driven from the landing to the end of a sol."""
        return sum(metres for on, metres in driven_m(self.plans).items() if on <= sol)

    def _when(self, utc_ns: int) -> str:
        sol, lmst_s = self.times.clock.from_utc(utc_ns)
        return f"sol {sol} at {format_lmst(lmst_s)} local mean solar time ({format_utc(utc_ns, 0)})"

    def _illustrated(self, utc_ns: int) -> str:
        """The last words of the caption of a picture that no camera of the mission took."""
        return (
            f"This is an {ILLUSTRATION}, of {self._when(utc_ns)}: no camera of the mission was"
            " there."
        )

    def _afternoon_ns(self, plan: SolPlan) -> int:
        """When the Sun stands low in the afternoon of a sol."""
        noon_ns = plan.exposures[-1].utc_ns
        return int(self.times.site.sun_times(noon_ns, _AFTERNOON_DEG).sets_ns)

    def _best_lit(self, pose: Pose, moments_ns: Sequence[int]) -> tuple[int, float]:
        """When, and from where before the rover, the light is best for a portrait.

        Args:
            pose: The rover's.
            moments_ns: When the rover stands so; UTC, ns since 1970-01-01.

        Returns:
            One of the moments, and the bearing of the camera from the rover.
        """
        heading_deg = pose.attitude.heading_pitch_roll_deg()[0]
        choices = [
            (int(utc_ns), (heading_deg + side * _FROM_THE_FRONT_DEG) % 360)
            for utc_ns in moments_ns
            for side in (-1, 1)
        ]

        def fault(choice: tuple[int, float]) -> float:
            sun_deg = float(self.times.site.sun(choice[0]).az_deg)
            return abs(abs((sun_deg - choice[1] + 180) % 360 - 180) - _SIDE_DEG)

        return min(choices, key=fault)


def _ids(frames: Iterable[Picture]) -> str:
    return ", ".join(frame.product_id for frame in frames)


def _held_cm(exposure: Exposure) -> float:
    """How far a camera of the arm is from what it looks at."""
    return 100 * exposure.aim.distance_m if isinstance(exposure.aim, ArmPlacing) else np.inf
