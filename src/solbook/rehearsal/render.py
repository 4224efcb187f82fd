"""Radiance of everything a camera sees: rays, the ground, the solids, their shadows, the light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.cast import COARSEST, cast
from solbook.rehearsal.ground import CELLS, Ground, Kernel, bilinear, finest_at
from solbook.rehearsal.light import SUN_RADIUS_DEG, Light, sky_radiance
from solbook.rehearsal.noise import compiled
from solbook.rehearsal.rays import pixel_rays
from solbook.rehearsal.rocks import rocks_around
from solbook.rehearsal.shade import ground_stuff, haze_around, lit, solid_stuff, through_air
from solbook.rehearsal.solids import Solids
from solbook.rehearsal.splat import are_there, boxes_of, draw_solids, shade_by_solids
from solbook.rehearsal.tiles import cones

Floats = NDArray[np.float64]

SKY = -1
GROUND = -2
_NEVER = 1e30
_BLOCK = 4
# A ray to the Sun begins close over the ground.
_NEAR = 3
# Radii of the smallest solids that are drawn.
_LEAST_PX = 0.35
_SUN_DISC = 60.0
# Nearer to the Sun than six degrees the sky is worked out for every pixel.
_GLOW_COSINE = float(np.cos(np.radians(6.0)))
_SUN_COSINE = float(np.cos(np.radians(SUN_RADIUS_DEG)))


@dataclass(frozen=True, eq=False)
class Scene:
    """The ground around a place and what stands on it.

    Attributes:
        kernel: The nested grids, outermost first (`ground.kernel_of`).
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
        return cls(kernel, rocks_around(ground, kernel, place_m, way_m, close_m), ground.seed)

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
        what: Shape (height, width), int32: the number of the solid, `GROUND` or `SKY`.
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
    origins, ways = pixel_rays(model, width_px, height_px)
    far = np.full((height_px, width_px), _NEVER)
    what = np.full((height_px, width_px), SKY, np.int32)
    face = np.zeros((height_px, width_px), np.int32)
    grids = scene.kernel
    _cast_all(grids, origins, ways, far, what)
    # What a pixel covers, in radians.
    pixel_rad = 1.0 / min(model.focal_px)
    boxes, near_first = _boxes(scene.solids, model, width_px, height_px, pixel_rad)
    draw_solids(
        scene.solids.faces,
        scene.solids.centre_m,
        scene.solids.radius_m,
        boxes,
        near_first,
        origins,
        ways,
        far,
        what,
        face,
        cones(origins, ways),
    )
    sunlit, open_sky = _shadows(scene, model, origins, ways, far, what, sun, pixel_rad)
    radiance = np.empty((height_px, width_px, 3), np.float32)
    _paint(
        grids,
        (
            scene.solids.faces,
            scene.solids.centre_m,
            scene.solids.material,
            scene.solids.shade,
            scene.solids.rough,
        ),
        origins,
        ways,
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
    _end(origins, ways, far, what)
    return Rendered(radiance, far, what, origins)


@compiled
def _end(origins: Any, ways: Any, far: Any, what: Any) -> None:
    """Move where the rays begin to where they end, and turn z down again."""
    for i in range(far.shape[0]):
        for j in range(far.shape[1]):
            t = far[i, j] if what[i, j] != SKY else np.nan
            for k in range(3):
                origins[i, j, k] += t * ways[i, j, k]
            origins[i, j, 2] *= -1
            if what[i, j] == SKY:
                far[i, j] = np.inf


@compiled
def _cast_all(grids: Any, origins: Any, ways: Any, far: Any, what: Any) -> None:
    """Where all rays meet the ground: every fourth first, those between from near where it was.

    The ground has no spikes, so between four rays that meet it at nearly the same distance the
    others do not meet it much earlier; where the four differ, the others begin at the camera.
    """
    height, width = far.shape
    for i in range(0, height, _BLOCK):
        for j in range(0, width, _BLOCK):
            far[i, j] = _cast_one(grids, origins, ways, i, j)
    for i in range(0, height, _BLOCK):
        for j in range(0, width, _BLOCK):
            _cast_block(grids, origins, ways, far, i, j)
    for i in range(height):
        for j in range(width):
            if far[i, j] < _NEVER:
                what[i, j] = GROUND


@compiled
def _cast_block(grids: Any, origins: Any, ways: Any, far: Any, i0: Any, j0: Any) -> None:
    """The rays between four that have been cast; at the edges of the picture there are not four."""
    height, width = far.shape
    i1, j1 = i0 + _BLOCK, j0 + _BLOCK
    a, b, c, d = 1.0, 1.0, 1.0, _NEVER
    if i1 < height and j1 < width:
        a, b, c, d = far[i0, j0], far[i0, j1], far[i1, j0], far[i1, j1]
    least, most = min(a, b, c, d), max(a, b, c, d)
    if least == _NEVER:
        return
    even = most < 1.5 * least
    for i in range(i0, min(i1, height)):
        for j in range(j0, min(j1, width)):
            if i == i0 and j == j0:
                continue
            hit = _NEVER
            if even:
                # On a plane the inverse of the distance is even across the picture.
                u, v = (i - i0) / _BLOCK, (j - j0) / _BLOCK
                inverse = (1 - u) * ((1 - v) / a + v / b) + u * ((1 - v) / c + v / d)
                hit = _near(grids, origins, ways, i, j, 1.0 / inverse)
                if abs(hit * inverse - 1.0) > 0.1:
                    hit = _NEVER
            far[i, j] = hit if hit < _NEVER else _cast_one(grids, origins, ways, i, j)


@compiled
def _cast_one(grids: Any, origins: Any, ways: Any, i: Any, j: Any) -> Any:
    way = (ways[i, j, 0], ways[i, j, 1], ways[i, j, 2])
    hit, _ = cast(grids, origins[i, j, 0], origins[i, j, 1], origins[i, j, 2], way, COARSEST)
    return hit


@compiled
def _near(grids: Any, origins: Any, ways: Any, i: Any, j: Any, guess: Any) -> Any:
    """Where a ray meets the ground, to 10 um, by secants from a guess; `_NEVER` if not near it."""
    wx, wy, wz = ways[i, j, 0], ways[i, j, 1], ways[i, j, 2]
    x, y, z = origins[i, j, 0], origins[i, j, 1], origins[i, j, 2]
    last, t = guess, guess
    k = finest_at(grids, x + t * wx, y + t * wy)
    over_last = z + t * wz - bilinear(grids, k, x + t * wx, y + t * wy)
    slope = min(wz, -0.02)
    for _ in range(8):
        if abs(over_last) < 1e-6 + 1e-8 * last:
            # Beyond its border a grid does not say how high the ground is.
            return last if finest_at(grids, x + last * wx, y + last * wy) == k else _NEVER
        t = last - over_last / slope
        over = z + t * wz - bilinear(grids, k, x + t * wx, y + t * wy)
        # Going down all the way, or there is more than one place to meet the ground.
        slope = (over - over_last) / (t - last) if t != last else 0.0
        if slope >= -1e-4:
            return _NEVER
        last, over_last = t, over
    return _NEVER


def _boxes(
    solids: Solids, model: CameraModel, width_px: int, height_px: int, pixel_rad: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pixels that the solids in view can cover, and which these are, nearest first."""
    away = np.linalg.norm(solids.centre_m * (1, 1, -1) - model.c_m, axis=1)
    order = np.argsort(away, kind="stable")
    order = order[(solids.radius_m > _LEAST_PX * pixel_rad * away)[order]]
    boxes = boxes_of(model, solids.centre_m[order], solids.radius_m[order], width_px, height_px)
    seen = are_there(boxes)
    return boxes[seen], order[seen]


def _shadows(
    scene: Scene,
    model: CameraModel,
    origins: Floats,
    ways: Floats,
    far: Floats,
    what: NDArray[np.int32],
    sun: Light,
    pixel_rad: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much of the Sun and of the sky every pixel's point gets."""
    sunlit = np.ones(far.shape, np.float32)
    open_sky = np.ones(far.shape, np.float32)
    if sun.elevation_deg > -SUN_RADIUS_DEG:
        grids = scene.kernel
        _shade_by_ground(grids, origins, ways, far, what, sun.sun, sunlit)
    shade_by_solids(scene.solids, model, origins, ways, far, what, sun, pixel_rad, sunlit, open_sky)
    return sunlit, open_sky


@compiled
def _shade_by_ground(
    grids: Any, origins: Any, ways: Any, far: Any, what: Any, sun: Any, sunlit: Any
) -> None:
    """Shadows of the ground on itself: every fourth point first; those between four alike are too.

    So a shadow that is less than four pixels wide may be missed.
    """
    height, width = far.shape
    for i in range(0, height, _BLOCK):
        for j in range(0, width, _BLOCK):
            sunlit[i, j] = _is_lit(grids, origins, ways, far, what, sun, i, j)
    for i in range(height):
        i0 = i // _BLOCK * _BLOCK
        i1 = i0 + _BLOCK if i0 + _BLOCK < height else i0
        for j in range(width):
            j0 = j // _BLOCK * _BLOCK
            j1 = j0 + _BLOCK if j0 + _BLOCK < width else j0
            if i != i0 or j != j0:
                total = sunlit[i0, j0] + sunlit[i0, j1] + sunlit[i1, j0] + sunlit[i1, j1]
                if abs(total - 2.0) == 2.0:
                    sunlit[i, j] = sunlit[i0, j0]
                else:
                    sunlit[i, j] = _is_lit(grids, origins, ways, far, what, sun, i, j)


@compiled
def _is_lit(
    grids: Any, origins: Any, ways: Any, far: Any, what: Any, sun: Any, i: Any, j: Any
) -> Any:
    if what[i, j] == SKY:
        return 1.0
    t = far[i, j]
    x = origins[i, j, 0] + t * ways[i, j, 0]
    y = origins[i, j, 1] + t * ways[i, j, 1]
    z = origins[i, j, 2] + t * ways[i, j, 2]
    # From a little above, so that a point does not stand in its own shadow.
    lift = 0.004 + 3e-4 * t
    _, grid = cast(grids, x + lift * sun[0], y + lift * sun[1], z + lift * sun[2], sun, _NEAR)
    return 0.0 if grid >= 0 else 1.0


@compiled
def _slopes(grids: Any, x: Any, y: Any) -> Any:
    """Slopes along north and east, smooth across cells; how far pressed; what covers the ground."""
    at, height, tracked = grids[0], grids[1], grids[3]
    for k in range(at.shape[0] - 1, -1, -1):
        gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
        if gx > 2 and gy > 2 and gx < CELLS - 2 and gy < CELLS - 2:
            i, j = int(gx), int(gy)
            u, v = gx - i, gy - j
            sx, sy, pressed = 0.0, 0.0, 0.0
            for di in range(2):
                for dj in range(2):
                    w = (u if di else 1 - u) * (v if dj else 1 - v)
                    p, q = i + di, j + dj
                    sx += w * (height[k, p + 1, q] - height[k, p - 1, q])
                    sy += w * (height[k, p, q + 1] - height[k, p, q - 1])
                    pressed += w * tracked[k, p, q]
            half = 0.5 * at[k, 3]
            return sx * half, sy * half, pressed, _cover(grids, min(k, 2), x, y)
    return 0.0, 0.0, 0.0, (0.0, 0.0, 0.0)


@compiled
def _cover(grids: Any, k: Any, x: Any, y: Any) -> Any:
    at, stuff = grids[0], grids[4]
    gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
    i, j = int(gx), int(gy)
    u, v = gx - i, gy - j
    a, b = (1 - u) * (1 - v), (1 - u) * v
    c, d = u * (1 - v), u * v
    return (
        _mean(stuff, k, i, j, 0, a, b, c, d),
        _mean(stuff, k, i, j, 1, a, b, c, d),
        _mean(stuff, k, i, j, 2, a, b, c, d),
    )


@compiled
def _mean(stuff: Any, k: Any, i: Any, j: Any, which: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    return (
        a * stuff[k, i, j, which]
        + b * stuff[k, i, j + 1, which]
        + c * stuff[k, i + 1, j, which]
        + d * stuff[k, i + 1, j + 1, which]
    )


@compiled
def _sky_at_corners(ways: Any, sun: Any, sun_sine: Any) -> Any:
    """The sky for every fourth ray, and for the last ones; it changes too slowly to need more."""
    rows, columns = (ways.shape[0] + 6) // _BLOCK, (ways.shape[1] + 6) // _BLOCK
    found = np.empty((rows, columns, 3))
    for row in range(rows):
        for column in range(columns):
            i, j = min(row * _BLOCK, ways.shape[0] - 1), min(column * _BLOCK, ways.shape[1] - 1)
            way = (ways[i, j, 0], ways[i, j, 1], ways[i, j, 2])
            colour = sky_radiance(way, sun, sun_sine)
            found[row, column, 0], found[row, column, 1], found[row, column, 2] = colour
    return found


@compiled
def _between_four(sky: Any, i: Any, j: Any) -> Any:
    row, column = i // _BLOCK, j // _BLOCK
    u, v = (i - row * _BLOCK) / _BLOCK, (j - column * _BLOCK) / _BLOCK
    a, b, c, d = (1 - u) * (1 - v), (1 - u) * v, u * (1 - v), u * v
    p, q = sky[row, column], sky[row, column + 1]
    r, s = sky[row + 1, column], sky[row + 1, column + 1]
    return (
        a * p[0] + b * q[0] + c * r[0] + d * s[0],
        a * p[1] + b * q[1] + c * r[1] + d * s[1],
        a * p[2] + b * q[2] + c * r[2] + d * s[2],
    )


@compiled
def _paint(
    grids: Any,
    solids: Any,
    origins: Any,
    ways: Any,
    far: Any,
    what: Any,
    face: Any,
    sunlit: Any,
    open_sky: Any,
    light: Any,
    pixel_rad: Any,
    seed: Any,
    radiance: Any,
) -> None:
    faces, centres, materials, shades, rough = solids
    sun, sun_sine, _, _ = light
    haze = haze_around(light)
    sky = _sky_at_corners(ways, sun, sun_sine)
    for i in range(far.shape[0]):
        for j in range(far.shape[1]):
            way = (ways[i, j, 0], ways[i, j, 1], ways[i, j, 2])
            if what[i, j] == SKY:
                cosine = way[0] * sun[0] + way[1] * sun[1] + way[2] * sun[2]
                if cosine > _GLOW_COSINE:
                    colour = sky_radiance(way, sun, sun_sine)
                else:
                    colour = _between_four(sky, i, j)
                if cosine > _SUN_COSINE and sun_sine > -0.003:
                    direct = light[2]
                    colour = (
                        colour[0] + _SUN_DISC * direct[0],
                        colour[1] + _SUN_DISC * direct[1],
                        colour[2] + _SUN_DISC * direct[2],
                    )
            else:
                t = far[i, j]
                x = origins[i, j, 0] + t * way[0]
                y = origins[i, j, 1] + t * way[1]
                z = origins[i, j, 2] + t * way[2]
                size = t * pixel_rad
                number = what[i, j]
                if number == GROUND:
                    slope_x, slope_y, pressed, cover = _slopes(grids, x, y)
                    steep = np.sqrt(slope_x * slope_x + slope_y * slope_y)
                    flat = max(-way[2], 0.05)
                    wide = size / np.sqrt(flat)
                    stuff, gx, gy = ground_stuff(x, y, z, steep, wide, pressed, cover, seed)
                    nx, ny, nz = -slope_x - gx, -slope_y - gy, 1.0
                    length = np.sqrt(nx * nx + ny * ny + nz * nz)
                    normal = (nx / length, ny / length, nz / length)
                else:
                    plane = faces[number, face[i, j]]
                    c = centres[number]
                    stuff, normal = solid_stuff(
                        (x - c[0], y - c[1], z - c[2]),
                        (plane[0], plane[1], plane[2]),
                        materials[number],
                        shades[number],
                        rough[number],
                        size,
                        number,
                    )
                colour = lit(stuff, normal, way, sunlit[i, j], open_sky[i, j], light)
                colour = through_air(colour, way, t, haze)
            radiance[i, j, 0] = colour[0]
            radiance[i, j, 1] = colour[1]
            radiance[i, j, 2] = colour[2]
