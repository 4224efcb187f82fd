"""What the rover's cameras are told to do: panoramas, stereo pairs, mosaics, close-ups, the sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solbook.imaging import Attitude, Window, azimuth_elevation_deg
from solbook.rehearsal.cameras import camera_model, camera_named, pointing_at
from solbook.rehearsal.drive import written_vector
from solbook.rehearsal.exposures import (
    ArmPlacing,
    Delivery,
    Exposure,
    Floats,
    Heights,
    MastPointing,
    Pose,
    Vector,
)
from solbook.rehearsal.timing import MissionTimes

NAVCAM = ("NAVCAM_LEFT", "NAVCAM_RIGHT")
FRONT = ("FRONT_HAZCAM_LEFT_A", "FRONT_HAZCAM_RIGHT_A")
REAR = ("REAR_HAZCAM_LEFT", "REAR_HAZCAM_RIGHT")
ZOOM = ("MCZ_LEFT", "MCZ_RIGHT")

# How the engineering cameras' pictures are sent; the windows are those of recorded frames.
_WHOLE = Window(1, 1, 5120, 3840)
QUARTER = (Delivery(replace(_WHOLE, scale_factor=4), 1, "colour", "95"),)
EIGHTH = (Delivery(replace(_WHOLE, scale_factor=8), 1, "colour", "95"),)
STRIP = (Delivery(Window(1, 1441, 5120, 960, 4), 1, "colour", "95"),)
HALF_TILES = tuple(
    Delivery(Window(x, y, 2576, 1936, 2), tile, "colour", "95")
    for tile, (x, y) in zip(
        (1, 4, 7, 10), ((1, 1), (2545, 1), (1, 1905), (2545, 1905)), strict=True
    )
)
_ACROSS = ((1, 1288), (1273, 1296), (2553, 1296), (3833, 1288))
_DOWN = ((1, 968), (953, 976), (1913, 976), (2873, 968))
FULL_TILES = tuple(
    Delivery(Window(x, y, width, height), 4 * row + column + 1, "colour", "95")
    for row, (y, height) in enumerate(_DOWN)
    for column, (x, width) in enumerate(_ACROSS)
)
_MIDDLE = Window(1913, 1433, 1296, 976)
RAW_MIDDLE = (Delivery(_MIDDLE, 0, "bayer", "LL"), Delivery(_MIDDLE, 0, "colour", "LL"))
_ENGINEERING_THUMBNAIL = Delivery(Window(1, 1, 5120, 3840, 64), 1, "colour", "00", "Thumbnail")

# And those of Mastcam-Z and WATSON.
ZOOM_HALF = (Delivery(Window(1, 1, 1648, 1200, 2), 0, "colour", "85"),)
_ZOOM_MIDDLE = Window(185, 121, 1280, 960)
ZOOM_RAW = (Delivery(_ZOOM_MIDDLE, 0, "bayer", "LM"), Delivery(_ZOOM_MIDDLE, 0, "colour", "LM"))
_SCIENCE_THUMBNAIL = Delivery(Window(1, 1, 1536, 1152, 8), 0, "colour", "00", "Thumbnail")

# And those of the helicopter.
HELI_NAV_WHOLE = (Delivery(Window(1, 1, 640, 480), 0, "grey", "85"),)
HELI_RTE_QUARTER = (Delivery(Window(1, 1, 4208, 3120, 4), 0, "colour", "85"),)
_HELI_THUMBNAILS = {
    "HELI_NAV": Delivery(Window(1, 1, 640, 480, 8), 0, "grey", "00", "Thumbnail"),
    "HELI_RTE": Delivery(Window(1, 1, 4192, 3104, 32), 0, "colour", "00", "Thumbnail"),
}

# Exposures without a thumbnail in the feed.
_WITHOUT_THUMBNAIL = 0.15
_ARM_REACH_M = ((1.72, 2.1), (-0.32, 0.42))
_WATSON_DISTANCES_M = (0.4, 0.25, 0.12, 0.07)


@dataclass
class Observer:
    """Takes exposures one after the other, from one stop of the rover.

    Attributes:
        times: The mission's clocks.
        sol: Sol.
        chance: For whatever an observation leaves open.
        pose: How the rover stands.
        heights: The ground as it is seen from there.
        lmst_s: The next free moment, local mean seconds.
        exposures: What has been taken on this sol; the observer adds to it.
    """

    times: MissionTimes
    sol: int
    chance: np.random.Generator
    pose: Pose
    heights: Heights
    lmst_s: float
    exposures: list[Exposure] = field(default_factory=list)

    def at(self, pose: Pose, heights: Heights) -> None:
        """The rover has come to another stop."""
        self.pose, self.heights = pose, heights

    def wait_until(self, lmst_s: float) -> None:
        """Let time pass; never back."""
        self.lmst_s = max(self.lmst_s, lmst_s)

    def expose(
        self,
        cameras: Sequence[str],
        sequence: str,
        deliveries: tuple[Delivery, ...],
        purpose: str,
        *,
        aim: MastPointing | ArmPlacing | None = None,
        focal_mm: int | None = None,
        panorama: str | None = None,
        pose: Pose | None = None,
        takes_s: float = 38.0,
    ) -> None:
        """One exposure, or one of each of two cameras at the same moment.

        Args:
            cameras: One code, or the two of a pair.
            sequence: Nine letters.
            deliveries: In what forms each is sent; a thumbnail is added to most.
            purpose: In plain words.
            aim: See `cameras.camera_model`.
            focal_mm: See `cameras.camera_model`.
            panorama: Key of the panorama that it is a part of.
            pose: Of the vehicle, where it is not the rover standing still.
            takes_s: Local seconds until the next can begin.
        """
        lmst_s = round(self.lmst_s * 1000) / 1000
        utc_ns = self.times.utc_ns(self.sol, lmst_s)
        if self.chance.random() > _WITHOUT_THUMBNAIL:
            deliveries = (thumbnail_of(cameras[0]), *deliveries)
        exposure_s = round(float(self.chance.uniform(0.25, 1.6)), 3)
        stereo = f"{self.sol:04d}-{len(self.exposures):04d}" if len(cameras) > 1 else None
        for code in cameras:
            self.exposures.append(
                Exposure(
                    key=f"{self.sol:04d}-{len(self.exposures):04d}-{code}",
                    sol=self.sol,
                    lmst_s=lmst_s,
                    utc_ns=utc_ns,
                    sclk_s=float(self.times.sclk_s(utc_ns)),
                    exposure_s=exposure_s,
                    camera=code,
                    pose=pose or self.pose,
                    aim=aim,
                    sequence=sequence,
                    focal_mm=focal_mm,
                    model=camera_model(code, aim, focal_mm),
                    deliveries=deliveries,
                    stereo=stereo,
                    panorama=panorama,
                    purpose=purpose,
                )
            )
        self.lmst_s += takes_s + float(self.chance.uniform(0.0, 9.0))

    def hazcams(self, purpose: str, *, rear: bool = True, small: bool = False) -> None:
        """The ground before the wheels, and behind them."""
        forms = EIGHTH if small else QUARTER
        self.expose(FRONT, "FHAZ00206", forms, purpose, takes_s=14)
        if rear:
            self.expose(REAR, "RHAZ02420", forms, purpose, takes_s=14)

    def panorama(self, purpose: str, *, stereo: bool = True, steps: int = 6) -> None:
        """All around, in six steps, each overlapping the next by a third."""
        start_deg = float(self.chance.uniform(-20, 20))
        self._round(purpose, [start_deg + 360 / steps * k for k in range(steps)], stereo=stereo)

    def ahead(self, purpose: str, *, stereo: bool = True) -> None:
        """The half circle before the rover, in three steps."""
        self._round(purpose, [-55.0, 0.0, 55.0], stereo=stereo)

    def _round(self, purpose: str, azimuths_deg: list[float], *, stereo: bool) -> None:
        key = f"{self.sol:04d}-{len(self.exposures):04d}-pan"
        for azimuth_deg in azimuths_deg:
            self.expose(
                NAVCAM if stereo else NAVCAM[:1],
                "NCAM00501",
                QUARTER,
                purpose,
                aim=MastPointing(azimuth_deg % 360, -20.0),
                panorama=key,
            )

    def navcam(
        self,
        forms: tuple[Delivery, ...],
        purpose: str,
        azimuth_deg: float | None,
        elevation_deg: float,
        *,
        sequence: str = "NCAM00709",
        stereo: bool = False,
    ) -> None:
        """One look of the Navcam; somewhere, if no azimuth is given."""
        aim = MastPointing(self._azimuth_deg(azimuth_deg), elevation_deg)
        self.expose(NAVCAM if stereo else NAVCAM[:1], sequence, forms, purpose, aim=aim)

    def strips(self, purpose: str, count: int) -> None:
        """A strip along the horizon, again and again: dust devils, clouds."""
        azimuth_deg = self._azimuth_deg(None)
        for _ in range(count):
            self.navcam(STRIP, purpose, azimuth_deg, 0.0, sequence="NCAM00515")

    def mosaic(
        self, purpose: str, focal_mm: int, columns: int, rows: int, *, far_m: float | None = None
    ) -> None:
        """Mastcam-Z frames side by side, centred on a place of the ground near the rover."""
        target = self._near_target(far_m)
        middle = pointing_at(target)
        # A fifth of each frame overlaps.
        across_deg = 0.8 * np.degrees(1648 / 136.2 / focal_mm)
        down_deg = 0.8 * np.degrees(1200 / 136.2 / focal_mm)
        wide_deg = across_deg / np.cos(np.radians(middle.elevation_deg))
        key = f"{self.sol:04d}-{len(self.exposures):04d}-zoom"
        single = columns * rows == 1
        for row in range(rows):
            for column in range(columns):
                aim = MastPointing(
                    float(middle.azimuth_deg + (column - (columns - 1) / 2) * wide_deg) % 360,
                    float(middle.elevation_deg - (row - (rows - 1) / 2) * down_deg),
                )
                self._zoom(purpose, aim, focal_mm, ZOOM_HALF, None if single else key)

    def zoom_raw(self, purpose: str, focal_mm: int) -> None:
        """One Mastcam-Z frame of the left eye, lossless: the raw mosaic, and colour made of it."""
        aim = pointing_at(self._near_target(None))
        self.expose(ZOOM[:1], "ZCAM03014", ZOOM_RAW, purpose, aim=aim, focal_mm=focal_mm)

    def zoom_at(self, purpose: str, place_m: Vector, focal_mm: int) -> None:
        """A Mastcam-Z pair of a place of the ground frame."""
        aim = pointing_at(self.pose.to_vehicle(np.array(place_m)))
        self._zoom(purpose, aim, focal_mm, ZOOM_HALF, None)

    def _zoom(
        self,
        purpose: str,
        aim: MastPointing,
        focal_mm: int,
        forms: tuple[Delivery, ...],
        panorama: str | None,
    ) -> None:
        self.expose(
            ZOOM,
            f"ZCAM{8000 + self.sol % 900:05d}",
            forms,
            purpose,
            aim=aim,
            focal_mm=focal_mm,
            panorama=panorama,
            takes_s=44,
        )

    def watson(self, purpose: str, count: int) -> None:
        """Close-ups of one spot before the rover, each from nearer."""
        (x0, x1), (y0, y1) = _ARM_REACH_M
        spot = np.array([self.chance.uniform(x0, x1), self.chance.uniform(y0, y1), 0.0])
        spot = self.pose.to_vehicle(self._on_ground(self.pose.to_ground(spot)))
        lean_deg = self.chance.uniform(-7, 7, size=2)
        outwards = self._normal(spot, lean_deg)
        for distance_m in _WATSON_DISTANCES_M[:count]:
            place = spot + distance_m * outwards
            aim = ArmPlacing(
                position_m=written_vector((float(place[0]), float(place[1]), float(place[2]))),
                axis=(-float(outwards[0]), -float(outwards[1]), -float(outwards[2])),
                up=(1.0, 0.0, 0.0),
                distance_m=distance_m,
            )
            self.expose(("SHERLOC_WATSON",), "SRLC08054", ZOOM_HALF, purpose, aim=aim, takes_s=75)

    def sunwards(self, purpose: str, elevation_deg: float, *, zoom: bool = False) -> None:
        """A look to where the Sun stands, at some height over the horizon."""
        sun = self.times.site.sun(self.times.utc_ns(self.sol, self.lmst_s))
        az, el = np.radians(sun.az_deg), np.radians(elevation_deg)
        towards = np.array([np.cos(el) * np.cos(az), np.cos(el) * np.sin(az), -np.sin(el)])
        azimuth, elevation = azimuth_elevation_deg(self.pose.attitude.matrix().T @ towards)
        aim = MastPointing(float(azimuth), float(elevation))
        if zoom:
            self._zoom(purpose, aim, 34, ZOOM_HALF, None)
        else:
            self.expose(NAVCAM[:1], "NCAM00560", QUARTER, purpose, aim=aim)

    def _azimuth_deg(self, azimuth_deg: float | None) -> float:
        if azimuth_deg is None:
            azimuth_deg = float(self.chance.uniform(-150, 150))
        return azimuth_deg % 360

    def _near_target(self, far_m: float | None) -> Floats:
        """A place of the ground some metres from the rover, in the rover frame."""
        away_m = far_m or float(self.chance.uniform(3.0, 14.0))
        around = np.radians(self.chance.uniform(-120, 120))
        there = np.array([away_m * np.cos(around), away_m * np.sin(around), 0.0])
        return self.pose.to_vehicle(self._on_ground(self.pose.to_ground(there)))

    def _on_ground(self, place_m: Floats) -> Floats:
        """A place of the ground frame, moved up or down to the ground."""
        up_m = self.heights(place_m[None, 0], place_m[None, 1])
        return np.array([place_m[0], place_m[1], -float(up_m[0])])

    def _normal(self, spot: Floats, lean_deg: Floats) -> Floats:
        """Away from the ground at a spot, leaning a little; a unit vector of the rover frame."""
        here = self.pose.to_ground(spot)
        half_m = 0.06
        norths = here[0] + np.array([half_m, -half_m, 0, 0])
        easts = here[1] + np.array([0, 0, half_m, -half_m])
        up_m = self.heights(norths, easts)
        slopes = np.array([up_m[0] - up_m[1], up_m[2] - up_m[3]]) / (2 * half_m)
        slopes = np.clip(slopes, -0.4, 0.4) + np.tan(np.radians(lean_deg))
        outwards = np.array([-slopes[0], -slopes[1], -1.0])
        turned: Floats = self.pose.attitude.matrix().T @ (outwards / np.linalg.norm(outwards))
        return turned


def level_attitude(heading_deg: float, pitch_deg: float) -> Attitude:
    """An attitude without roll, its numbers as a record states them."""
    return Attitude.parse(Attitude.from_heading_pitch_roll(heading_deg, pitch_deg, 0.0).text())


def thumbnail_of(code: str) -> Delivery:
    """In what form a camera's thumbnails are sent."""
    if code in _HELI_THUMBNAILS:
        return _HELI_THUMBNAILS[code]
    return _ENGINEERING_THUMBNAIL if camera_named(code).width_px == 5120 else _SCIENCE_THUMBNAIL
