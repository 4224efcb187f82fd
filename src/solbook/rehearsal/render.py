"""Radiance of everything a camera sees: rays, the ground, the solids, their shadows, the light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.ground import Ground, Kernel
from solbook.rehearsal.land import meet_ground, shade_by_ground
from solbook.rehearsal.light import SUN_RADIUS_DEG, Light
from solbook.rehearsal.noise import compiled
from solbook.rehearsal.paint import paint
from solbook.rehearsal.rays import end_of, sight_of
from solbook.rehearsal.rocks import rocks_around
from solbook.rehearsal.solids import Solids
from solbook.rehearsal.splat import draw_solids, shade_by_solids, stand
from solbook.rehearsal.tiles import SKY, tiles_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scene:
    """The ground around a place and what stands on it.

    Attributes:
        kernel: The nested grids, outermost first (`Grids.kernel`).
        solids: In the ground frame, but with z up.
        seed: The ground's.
    """

    kernel: Kernel
    solids: Solids
    seed: int

    @classmethod
    def around(
        cls,
        ground: Ground,
        kernel: Kernel,
        place_m: tuple[float, float],
        way_m: Floats,
        close_m: tuple[float, float] | None = None,
    ) -> Scene:
        """The ground around a place and its rocks.

        Args:
            ground: The ground.
            kernel: Its grids around the place.
            place_m: North and east.
            way_m: Shape (n, 2): where the rover drives, later too; there are no rocks in its way.
            close_m: North and east of a spot that is looked at from close by.
        """
        return cls(kernel, rocks_around(ground.seed, kernel, place_m, way_m, close_m), ground.seed)

    def with_machines(self, machines: Solids) -> Scene:
        """The same place with the rover and the helicopter where they are."""
        return Scene(self.kernel, Solids.together([machines, self.solids]), self.seed)

    def without_rocks(self) -> Scene:
        """The same place with the machines only."""
        return Scene(self.kernel, self.solids.those(self.solids.rough == 0), self.seed)


@dataclass(frozen=True, eq=False)
class Rendered:
    """A picture as light, and what is in it.

    Attributes:
        radiance: Shape (height, width, 3), float32: red, green, blue; 1/pi is white ground under
            the Sun overhead without air.
        range_m: Shape (height, width), float64: along the ray; infinite in the sky.
        what: Shape (height, width), int32: the number of the solid, `tiles.GROUND` or `tiles.SKY`.
        points_m: Shape (height, width, 3), float64: north, east, down; NaN in the sky.
    """

    radiance: NDArray[np.float32]
    range_m: Floats
    what: NDArray[np.int32]
    points_m: Floats


def render(scene: Scene, model: CameraModel, width_px: int, height_px: int, sun: Light) -> Rendered:
    """Everything a camera sees.

    Args:
        scene: What is there.
        model: The camera in the ground frame (north, east, down), in the picture's pixels.
        width_px: Width of the picture.
        height_px: Its height.
        sun: The light.
    """
    sight = sight_of(model, width_px, height_px)
    tip, rays = sight
    # What a pixel covers, in radians.
    pixel_rad = 1.0 / min(model.focal_px)
    grids, solids = scene.kernel, scene.solids
    far = np.empty((height_px, width_px), np.float32)
    what = np.empty((height_px, width_px), np.int32)
    face = np.zeros((height_px, width_px), np.int32)
    meet_ground(grids, tip, rays, far, what)
    those = stand(solids, sight, pixel_rad)
    tiles = tiles_of(rays, height_px, width_px)
    draw_solids(those, tiles, sight, far, what, face)
    sunlit = np.ones(far.shape, np.float32)
    open_sky = np.ones(far.shape, np.float32)
    if sun.elevation_deg > -SUN_RADIUS_DEG:
        shade_by_ground(grids, tip, rays, far, what, sun.sun, sunlit)
    shade_by_solids(solids, those, tiles, sight, far, what, sun, sunlit, open_sky)
    radiance = np.empty((height_px, width_px, 3), np.float32)
    paint(
        grids,
        (solids.faces, solids.centre_m, solids.material, solids.shade, solids.rough),
        tip,
        rays,
        far,
        what,
        face,
        sunlit,
        open_sky,
        sun.kernel,
        pixel_rad,
        scene.seed,
        radiance,
    )
    range_m, points_m = _ends(tip, rays, far, what)
    return Rendered(radiance, range_m, what, points_m)


@compiled
def _ends(tip: Any, rays: Any, far: Any, what: Any) -> Any:
    """Ranges, and where the rays end, with z down."""
    height, width = far.shape
    range_m, points_m = np.empty((height, width)), np.empty((height, width, 3))
    for i in range(height):
        for j in range(width):
            there = what[i, j] != SKY
            t = np.float64(far[i, j])
            range_m[i, j] = t if there else np.inf
            end = end_of(tip, rays, i, j, far[i, j])
            for k in range(3):
                points_m[i, j, k] = end[k] if there else np.nan
            points_m[i, j, 2] *= -1.0
    return range_m, points_m
