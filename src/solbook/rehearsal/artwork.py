"""Pictures that no camera of the mission takes: a panorama at once, illustrations from outside.

They show the mission's own ground, machines, places and times; only the camera is free. And in
illustrations the mast's head looks where a portrait wants it to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import pyvips
from numpy.typing import NDArray

from solbook.imaging import CameraModel, Window
from solbook.rehearsal import machines, products
from solbook.rehearsal.cameramen import Stage, on_stage
from solbook.rehearsal.cameras import HEAD_JOINT_M, head_rotation
from solbook.rehearsal.exposures import Exposure, Floats, MastPointing, Pose, SolPlan
from solbook.rehearsal.flights import helicopter_at
from solbook.rehearsal.light import DUST_DEPTH, SCALE_HEIGHT_M, Light
from solbook.rehearsal.materials import BLACK, GREY
from solbook.rehearsal.render import Rendered, Scene, render
from solbook.rehearsal.shade import haze_around
from solbook.rehearsal.solids import Solids, box, cylinder

Bytes = NDArray[np.uint8]

ILLUSTRATION_PX = (1280, 720)
"""Width and height of an illustration."""
PANORAMA_PX = (2400, 560)
"""Width, all around, and height of a panorama."""

# Illustrations are rendered larger by this, so that edges are smooth: 1600 by 900.
_FINER = 1.25
# A strip of a panorama is so narrow that it may be flat: at its edges, 4.5 degrees from its middle,
# a line 30 degrees below the horizon is 0.7 px off.
_STRIPS = 40
_PANORAMA_TOP_DEG = 27.0
# Pictures are printed lighter than frames are exposed; above the knee, a share of full white, ever
# less is added.
_LIGHTER = 1.5
_KNEE = 0.45
# The head a little to its left and down, as a portrait has it.
_HEAD = MastPointing(-25.0, -12.0)
# How the blades stand.
_ROTOR_DEG = 20.0
# The head's front, in its own frame.
_FACE_M = 0.16


@dataclass(frozen=True)
class Standpoint:
    """Where a free camera is and what it looks at.

    Attributes:
        place_m: Its place in the ground frame: north, east, down.
        target_m: What is in the middle of the picture.
        across_deg: How much it sees from left to right.
    """

    place_m: Floats
    target_m: Floats
    across_deg: float

    def model(self, width_px: int, height_px: int) -> CameraModel:
        """Its camera model, upright, in the ground frame."""
        focal_px = width_px / 2 / np.tan(np.radians(self.across_deg / 2))
        ahead = self.target_m - self.place_m
        centre = (width_px - 1) / 2, (height_px - 1) / 2
        return CameraModel.made("CAHV", self.place_m, ahead, (0, 0, -1), focal_px, centre)


@dataclass(frozen=True)
class Studio:
    """What pictures are made with.

    A free camera has to be within 12 m of the place its scene is made for, in north and in east:
    rays begin on the finest grid.

    Attributes:
        stage: The ground and the light.
        way_m: Shape (n, 2): everywhere the rover drives, later too.
    """

    stage: Stage
    way_m: Floats

    def panorama(self, exposure: Exposure) -> Bytes:
        """All around as one cylinder, seen from a camera of the mast at its exposure.

        Returns:
            Shape (height, width, 3): level, its middle straight behind the rover.
        """
        width_px, height_px = PANORAMA_PX
        aim = exposure.aim if isinstance(exposure.aim, MastPointing) else None
        rover = on_stage(exposure.pose, machines.rover(aim))
        scene = self._ground(exposure, exposure.pose).with_machines(rover)
        sun = self.stage.light_at(exposure.utc_ns)
        place_m = exposure.pose.to_ground(exposure.model.c_m)
        heading = np.radians(exposure.pose.attitude.heading_pitch_roll_deg()[0])
        focal_px = width_px / (2 * np.pi)
        strip_px = width_px // _STRIPS
        centre = (strip_px - 1) / 2, focal_px * float(np.tan(np.radians(_PANORAMA_TOP_DEG)))
        strips = []
        for k in range(_STRIPS):
            bearing = heading + 2 * np.pi * (k + 0.5) / _STRIPS
            ahead = (np.cos(bearing), np.sin(bearing), 0.0)
            model = CameraModel.made("CAHV", place_m, ahead, (0, 0, -1), focal_px, centre)
            strips.append(render(scene, model, strip_px, height_px, sun).radiance)
        return printed(np.hstack(strips), exposure.key)

    def rover(self, plan: SolPlan, pose: Pose, standpoint: Standpoint, utc_ns: int) -> Bytes:
        """The rover from outside.

        Args:
            plan: The sol's.
            pose: How the rover stands.
            standpoint: The free camera, within 12 m of the rover.
            utc_ns: When; a time of that sol at which the rover stands so.
        """
        scene = self._scene(plan, pose, pose, utc_ns)
        return self._illustration(scene, standpoint, utc_ns)

    def helicopter(self, plan: SolPlan, rover: Pose, standpoint: Standpoint, utc_ns: int) -> Bytes:
        """The helicopter, and the rover behind it.

        Args:
            plan: The sol's.
            rover: How the rover stands.
            standpoint: The free camera, within 12 m of the helicopter.
            utc_ns: When; a time of that sol at which the helicopter is on its own.
        """
        helicopter = helicopter_at(plan, utc_ns)
        scene = self._scene(plan, helicopter or rover, rover, utc_ns)
        return self._illustration(scene, standpoint, utc_ns)

    def from_above(
        self, exposure: Exposure, model: CameraModel, size_px: tuple[int, int], utc_ns: int
    ) -> Bytes:
        """The ground from straight above, without machines, and without the haze before it.

        Args:
            exposure: The last; the marks that wheels have made until then are on the ground.
            model: A camera above the middle of the picture, in the ground frame.
            size_px: Width and height of the picture.
            utc_ns: When the Sun stands as it does.
        """
        below_m = (float(model.c_m[0]), float(model.c_m[1]), 0.0)
        scene = self._ground(exposure, replace(exposure.pose, position_m=below_m))
        sun = self.stage.light_at(utc_ns)
        seen = render(scene, model, *size_px, sun)
        return printed(_without_haze(seen, model, sun), f"{utc_ns}")

    def beside(self, pose: Pose, bearing_deg: float, away_m: float, up_m: float) -> Floats:
        """A place some way from a vehicle.

        Args:
            pose: The vehicle's.
            bearing_deg: Where it is from there, clockwise from north.
            away_m: How far.
            up_m: Over the ground there.

        Returns:
            Shape (3,): in the ground frame.
        """
        bearing = np.radians(bearing_deg)
        north_m = pose.position_m[0] + away_m * np.cos(bearing)
        east_m = pose.position_m[1] + away_m * np.sin(bearing)
        ground_m = self.stage.heights(np.array([north_m]), np.array([east_m]))[0]
        return np.array([north_m, east_m, -float(ground_m) - up_m])

    def _ground(self, exposure: Exposure, around: Pose) -> Scene:
        """The ground and the rocks around a vehicle, which the stage is asked for by exposure."""
        return self.stage.scene(replace(exposure, pose=around, aim=None), self.way_m)

    def _scene(self, plan: SolPlan, around: Pose, rover: Pose, utc_ns: int) -> Scene:
        parts = [on_stage(rover, _rover_seen())]
        helicopter = helicopter_at(plan, utc_ns)
        if helicopter is not None:
            parts.append(on_stage(helicopter, machines.helicopter(_ROTOR_DEG)))
        ground = self._ground(plan.exposures[0], around)
        return ground.with_machines(Solids.together(parts))

    def _illustration(self, scene: Scene, standpoint: Standpoint, utc_ns: int) -> Bytes:
        width_px, height_px = (round(side * _FINER) for side in ILLUSTRATION_PX)
        model, sun = standpoint.model(width_px, height_px), self.stage.light_at(utc_ns)
        seen = render(scene, model, width_px, height_px, sun)
        large = pyvips.Image.new_from_array(printed(seen.radiance, f"{utc_ns}"))
        small: Bytes = large.resize(1 / _FINER, kernel="cubic").numpy()
        return small


def printed(radiance: NDArray[np.float32], name: str) -> Bytes:
    """A picture of radiance as people print it: lighter than a frame, what is bright not cut off.

    Args:
        radiance: Shape (height, width, 3).
        name: Its noise, which hides the steps of an even sky, comes from it.

    Returns:
        The same shape.
    """
    height_px, width_px, _ = radiance.shape
    whole = Window(1, 1, width_px, height_px)
    signal = radiance * np.float32(products.gain_for(radiance) * _LIGHTER)
    above = np.maximum(signal - np.float32(_KNEE), np.float32(0.0)) / np.float32(1 - _KNEE)
    bent = np.minimum(signal, np.float32(_KNEE)) + np.float32(1 - _KNEE) * (1 - np.exp(-above))
    seed = crc32(name.encode())
    return products.exposed(bent, 1.0, whole, whole, seed)


def _without_haze(seen: Rendered, model: CameraModel, sun: Light) -> NDArray[np.float32]:
    """Radiance as if there were no air between; the reverse of `shade.veil`."""
    haze = haze_around(sun.kernel)
    ways = seen.points_m - model.c_m
    azimuths = np.degrees(np.arctan2(ways[..., 1], ways[..., 0])) % 360
    over = np.stack(
        [np.interp(2 * azimuths, np.arange(721), haze[:, k]) for k in range(3)], axis=-1
    )
    clear = np.exp(-DUST_DEPTH / SCALE_HEIGHT_M * seen.range_m)[..., None]
    found: NDArray[np.float32] = ((seen.radiance - (1 - clear) * over) / clear).astype(np.float32)
    return np.maximum(found, np.float32(0.0))


def _rover_seen() -> Solids:
    """The rover with what only others see of it: the eyes of its head, and the joint below."""
    eyes = [
        cylinder((_FACE_M, 0.0, -0.08), (1, 0, 0), 0.05, 0.060, BLACK, 16),
        *(box((_FACE_M, y, -0.08), (0.06, 0.08, 0.09), BLACK) for y in (-0.13, 0.13)),
        *(cylinder((_FACE_M, y, -0.02), (1, 0, 0), 0.05, 0.030, BLACK, 12) for y in (-0.23, 0.23)),
    ]
    joint_m = np.array(HEAD_JOINT_M)
    head = Solids.together(eyes).moved(head_rotation(_HEAD), joint_m)
    collar = cylinder(
        tuple(joint_m + np.array([-0.03, 0.0, 0.11])), (0, 0, 1), 0.14, 0.075, GREY, 14
    )
    return Solids.together([machines.rover(_HEAD), head, collar])
