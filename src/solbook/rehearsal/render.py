"""Radiance of everything a camera sees: rays, the ground, the solids, their shadows, the light."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.ground import Ground, Kernel
from solbook.rehearsal.land import meet_ground, shade_by_ground
from solbook.rehearsal.light import SUN_RADIUS_DEG, Light
from solbook.rehearsal.noise import compiled
from solbook.rehearsal.paint import paint
from solbook.rehearsal.rays import Sight, end_of, sight_of
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
        what: Shape (height, width), int32: the number of the solid, `tiles.GROUND` or `tiles.SKY`.
        sight: The rays of its pixels.
        far_m: Shape (height, width), float32: how far they reach; `cast.NEVER` in the sky.
    """

    radiance: NDArray[np.float32]
    what: NDArray[np.int32]
    sight: Sight
    far_m: NDArray[np.float32]

    @cached_property
    def range_m(self) -> Floats:
        """Shape (height, width): along the ray; infinite in the sky."""
        return np.where(self.what == SKY, np.inf, self.far_m.astype(float))

    @cached_property
    def points_m(self) -> Floats:
        """Shape (height, width, 3): north, east, down; NaN in the sky."""
        return _ends(self.sight.tip, self.sight.rays, self.far_m, self.what)  # type: ignore[no-any-return]


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
    return Rendered(radiance, what, sight, far)


@compiled
def _ends(tip: Any, rays: Any, far: Any, what: Any) -> Any:
    """Where the rays end, with z down."""
    points_m = np.empty((*far.shape, 3))
    for i in range(far.shape[0]):
        for j in range(far.shape[1]):
            end = end_of(tip, rays, i, j, far[i, j])
            for k in range(3):
                points_m[i, j, k] = end[k] if what[i, j] != SKY else np.nan
            points_m[i, j, 2] *= -1.0
    return points_m
