"""From a planned exposure to the files of it: what stands there, how it is lit, what is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from zlib import crc32

import numpy as np

from solbook.clock import Site
from solbook.imaging import Window
from solbook.rehearsal import machines, products
from solbook.rehearsal.cameras import camera_named
from solbook.rehearsal.exposures import (
    ArmPlacing,
    Exposure,
    Floats,
    Heights,
    MastPointing,
    Picture,
    Pose,
    SolPlan,
)
from solbook.rehearsal.flights import helicopter_at
from solbook.rehearsal.ground import Grids, Ground
from solbook.rehearsal.light import Light, light
from solbook.rehearsal.render import Rendered, Scene, render
from solbook.rehearsal.solids import Solids
from solbook.rehearsal.spots import heights_around

_UP = np.diag([1.0, 1.0, -1.0])
# The exposure is measured on the whole detector, reduced to about this width.
_METER_PX = 64
# The helicopter looks down: the ground around it need not be in the very middle of a grid, and
# frames of one flight share the grid.
_FLIGHT_STEP_M = 64.0


@dataclass(frozen=True)
class Developed:
    """A delivered file.

    Attributes:
        picture: What it is of.
        name: Its name.
        body: Its bytes.
        rendered: What is seen in it.
    """

    picture: Picture
    name: str
    body: bytes
    rendered: Rendered


@dataclass(frozen=True)
class Standpoint:
    """What the ground and the rocks in a picture depend on.

    Attributes:
        place_m: North and east of where it is taken from.
        driven: How much of its way the rover has driven, see `Pose.driven`.
        near_m: North and east of the middle of the first grid around it.
        close_m: North and east of a spot that is looked at from close by.
    """

    place_m: tuple[float, float]
    driven: int
    near_m: tuple[float, float]
    close_m: tuple[float, float] | None

    @classmethod
    def of(cls, exposure: Exposure) -> Standpoint:
        """That of an exposure."""
        pose, close_m = exposure.pose, None
        north_m, east_m = near_m = pose.position_m[:2]
        if isinstance(exposure.aim, ArmPlacing):
            spot = np.array(exposure.aim.position_m) + exposure.aim.distance_m * np.array(
                exposure.aim.axis
            )
            close_m = tuple(np.round(pose.to_ground(spot)[:2], 2).tolist())
        if camera_named(exposure.camera).mount == "helicopter":
            near_m = (
                round(north_m / _FLIGHT_STEP_M) * _FLIGHT_STEP_M,
                round(east_m / _FLIGHT_STEP_M) * _FLIGHT_STEP_M,
            )
        return cls((north_m, east_m), pose.driven, near_m, close_m)


@dataclass(frozen=True, eq=False)
class _Set:
    """What stands around a standpoint."""

    standpoint: Standpoint
    grids: Grids
    scene: Scene


class Stage:
    """The ground of a mission, as it is seen from wherever the rover stops."""

    def __init__(self, ground: Ground, site: Site) -> None:
        self.ground, self.site = ground, site
        # Only one is kept: its grids are some 130 MB.
        self._latest: _Set | None = None

    def heights(self, norths: Floats, easts: Floats) -> Floats:
        """Heights of the ground without its detail; what the plan drives by."""
        found: Floats = self.ground.height_m(norths, easts)
        return found

    def heights_around(self, north_m: float, east_m: float, path_m: Floats) -> Heights:
        """The same with all detail, as seen from a stop."""
        return heights_around(self.ground, north_m, east_m, path_m)

    def scene(self, exposure: Exposure, path_m: Floats) -> Scene:
        """The ground and the rocks where an exposure is taken. Threads may call it.

        Args:
            exposure: The exposure.
            path_m: Shape (n, 2): everywhere the rover drives, later too.
        """
        standpoint, latest = Standpoint.of(exposure), self._latest
        if latest is not None and latest.standpoint == standpoint:
            return latest.scene
        same_path = latest is not None and latest.standpoint.driven == standpoint.driven
        grids = self.ground.around(
            *standpoint.place_m,
            path_m[: standpoint.driven],
            standpoint.close_m,
            standpoint.near_m,
            latest.grids if latest is not None and same_path else None,
        )
        scene = Scene.around(
            self.ground, grids.kernel, standpoint.place_m, path_m, standpoint.close_m
        )
        self._latest = _Set(standpoint, grids, scene)
        return scene

    def light_at(self, utc_ns: int) -> Light:
        """The light at a time, at the landing point."""
        sun = self.site.sun(utc_ns)
        return light(float(sun.az_deg), float(sun.el_deg))


def on_stage(pose: Pose, solids: Solids) -> Solids:
    """Solids of a vehicle's frame in the ground frame, with z up."""
    rotation = _UP @ pose.attitude.matrix()
    return solids.moved(rotation, _UP @ np.array(pose.position_m))


def machines_at(plan: SolPlan, exposure: Exposure, rover: Pose) -> Solids:
    """The rover and the helicopter at the time of an exposure.

    Args:
        plan: The sol's.
        exposure: The exposure.
        rover: How the rover stands.
    """
    aim = exposure.aim if isinstance(exposure.aim, MastPointing) else None
    parts = [on_stage(rover, machines.rover(aim))]
    helicopter = helicopter_at(plan, exposure.utc_ns)
    if helicopter is not None:
        parts.append(on_stage(helicopter, machines.helicopter(exposure.utc_ns % 360)))
    return Solids.together(parts)


def develop(
    exposure: Exposure, pictures: Sequence[Picture], scene: Scene, sun: Light, seed: int
) -> Iterator[Developed]:
    """The files of one exposure, one after another: what is seen in them is large.

    Args:
        exposure: The exposure.
        pictures: What is delivered of it.
        scene: What is there, machines included.
        sun: The light.
        seed: The mission's.

    Yields:
        The files in the order of the pictures; the same for the same arguments, always.
    """
    matrix = exposure.pose.attitude.matrix()
    gain = _gain(exposure, scene, sun)
    # Pictures of the same pixels, the raw mosaic and the colour, follow each other.
    for window, same in groupby(pictures, key=lambda one: one.delivery.window):
        alike = list(same)
        model = alike[0].model.moved(matrix, exposure.pose.position_m)
        seen = render(scene, model, alike[0].width_px, alike[0].height_px, sun)
        for picture in alike:
            name, noise = (
                f"{picture.product_id}.png",
                crc32(f"{seed} {picture.product_id}".encode()),
            )
            detector = camera_named(exposure.camera).detector
            values = products.exposed(seen.radiance, gain, window, detector, noise)
            if picture.delivery.form == "bayer":
                values = products.mosaicked(values)
            elif picture.delivery.form == "grey":
                values = np.ascontiguousarray(values[..., 1])
            yield Developed(picture, name, products.packed(values, extension="png"), seen)


def _gain(exposure: Exposure, scene: Scene, sun: Light) -> float:
    """How long to expose: by the whole detector, reduced, without the rocks."""
    camera = camera_named(exposure.camera)
    scale = max(camera.width_px // _METER_PX, 1)
    metered = Window(1, 1, camera.width_px, camera.height_px, scale)
    model = exposure.model.in_window(metered)
    model = model.moved(exposure.pose.attitude.matrix(), exposure.pose.position_m)
    width_px, height_px = metered.picture_size
    measured = render(scene.without_rocks(), model, width_px, height_px, sun)
    return products.gain_for(measured.radiance)
