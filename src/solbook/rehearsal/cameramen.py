"""From a planned exposure to the files of it: what stands there, how it is lit, what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np

from solbook.clock import Site
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
from solbook.rehearsal.ground import Ground, Kernel, heights_at, kernel_of
from solbook.rehearsal.light import Light, light
from solbook.rehearsal.render import Rendered, Scene, render
from solbook.rehearsal.solids import Solids

_UP = np.diag([1.0, 1.0, -1.0])
# The exposure is measured on the whole detector, reduced to about this width.
_METER_PX = 160


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


class Stage:
    """The ground of a mission, as it is seen from wherever the rover stops."""

    def __init__(self, ground: Ground, site: Site) -> None:
        self.ground, self.site = ground, site
        # A grid is some 130 MB; the plan and the pictures ask for the same ones.
        self._kernel = lru_cache(maxsize=3)(self._made_kernel)
        self._scene = lru_cache(maxsize=2)(self._made_scene)
        self._path = np.empty((0, 2))

    def heights(self, norths: Floats, easts: Floats) -> Floats:
        """Heights of the ground without its detail; what the plan drives by."""
        found: Floats = self.ground.height_m(norths, easts)
        return found

    def heights_around(self, north_m: float, east_m: float, path_m: Floats) -> Heights:
        """The same with all detail, as seen from a stop."""
        if len(path_m) > len(self._path):
            self._path = path_m
        kernel = self._kernel((north_m, east_m), len(path_m), None)

        def heights(norths: Floats, easts: Floats) -> Floats:
            shape = np.shape(norths)
            flat = [np.asarray(places, float).reshape(-1).copy() for places in (norths, easts)]
            found: Floats = heights_at(kernel, *flat).reshape(shape)
            return found

        return heights

    def scene(self, exposure: Exposure, path_m: Floats) -> Scene:
        """The ground and the rocks where an exposure is taken.

        Args:
            exposure: The exposure.
            path_m: Shape (n, 2): everywhere the rover drives, later too.
        """
        self._path = path_m
        pose = exposure.pose
        close = None
        if isinstance(exposure.aim, ArmPlacing):
            spot = np.array(exposure.aim.position_m) + exposure.aim.distance_m * np.array(
                exposure.aim.axis
            )
            close = tuple(np.round(pose.to_ground(spot)[:2], 2).tolist())
        return self._scene(pose.position_m[:2], pose.driven, close)

    def _made_kernel(
        self, place_m: tuple[float, float], driven: int, close_m: tuple[float, float] | None
    ) -> Kernel:
        return kernel_of(self.ground.around(*place_m, self._path[:driven], close_m))

    def _made_scene(
        self, place_m: tuple[float, float], driven: int, close_m: tuple[float, float] | None
    ) -> Scene:
        kernel = self._kernel(place_m, driven, close_m)
        return Scene.around(self.ground, kernel, place_m, self._path, close_m)

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
) -> list[Developed]:
    """The files of one exposure.

    Args:
        exposure: The exposure.
        pictures: What is delivered of it.
        scene: What is there, machines included.
        sun: The light.
        seed: The mission's.

    Returns:
        The files in the order of the pictures; the same for the same arguments, always.
    """
    matrix = exposure.pose.attitude.matrix()
    camera = camera_named(exposure.camera)
    scale = max(camera.width_px // _METER_PX, 1)
    whole = camera.detector
    metered = type(whole)(1, 1, camera.width_px, camera.height_px, scale)
    small = exposure.model.in_window(metered).moved(matrix, exposure.pose.position_m)
    measured = render(scene.without_rocks(), small, *metered.picture_size, sun)
    gain = products.gain_for(measured.radiance)
    made = []
    for picture in pictures:
        model = picture.model.moved(matrix, exposure.pose.position_m)
        seen = render(scene, model, picture.width_px, picture.height_px, sun)
        noise = crc32(f"{seed} {picture.product_id}".encode())
        signal = products.exposed(seen.radiance, gain, picture.delivery.window, whole, noise)
        values = products.companded(signal)
        if picture.delivery.form == "bayer":
            values = products.mosaicked(values)
        elif picture.delivery.form == "grey":
            values = np.ascontiguousarray(values[..., 1])
        made.append(
            Developed(
                picture, f"{picture.product_id}.png", products.packed(values, extension="png"), seen
            )
        )
    return made
