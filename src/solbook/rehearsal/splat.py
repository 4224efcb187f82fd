"""Solids in a picture: which pixels they cover, which they darken.

Every solid is tried for the pixels of a box that holds it, or its shadow, and no others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.light import Light
from solbook.rehearsal.noise import compiled
from solbook.rehearsal.solids import UNUSED_M, Solids
from solbook.rehearsal.tiles import TILE, ball_is_beyond, ball_misses, balls, cone_misses

Floats = NDArray[np.float64]

_NEVER = 1e30
# A shadow is followed to where it must have met the ground, in stretches of some radii.
_MOST_STRETCHES = 8
_RADII_A_STRETCH = 6.0
_LONGEST_SHADOW_M = 60.0
# Radii of the smallest solids that are given a shadow, and that keep the sky off the ground.
_LEAST_SHADOW_PX = 0.6
_LEAST_CLOSE_PX = 1.8
# Balls of a smaller radius, in radians, look small. A perspective lens stretches what is 50 degrees
# off its axis 2.4 times, a fish-eye less.
_SMALL = 0.06
_STRETCH = 2.6
# As far as this a solid keeps the sky off.
_CLOSE_RADII = 1.9


@compiled
def _through(faces: Any, x: Any, y: Any, z: Any, way: Any) -> Any:
    """Where a ray enters and leaves a solid, and by which face; the place is from its centre."""
    enters, leaves, by = -_NEVER, _NEVER, 0
    for f in range(faces.shape[0]):
        if faces[f, 3] == UNUSED_M:
            break
        nx, ny, nz = faces[f, 0], faces[f, 1], faces[f, 2]
        toward = nx * way[0] + ny * way[1] + nz * way[2]
        room = faces[f, 3] - (nx * x + ny * y + nz * z)
        if toward < -1e-12:
            t = room / toward
            if t > enters:
                enters, by = t, f
        elif toward > 1e-12:
            leaves = min(leaves, room / toward)
        elif room < 0.0:
            return _NEVER, -_NEVER, 0
        if enters > leaves:
            return _NEVER, -_NEVER, 0
    return enters, leaves, by


@compiled
def _passes(x: Any, y: Any, z: Any, way: Any, radius: Any) -> Any:
    """Whether a line goes by a ball around the origin."""
    along = x * way[0] + y * way[1] + z * way[2]
    return x * x + y * y + z * z - along * along > radius * radius


@compiled
def draw_solids(
    faces: Any,
    centres: Any,
    radii: Any,
    boxes: Any,
    order: Any,
    origins: Any,
    ways: Any,
    far: Any,
    what: Any,
    face: Any,
    seen: Any,
) -> None:
    """Put solids before what is behind them.

    Args:
        faces: Of the solids (`Solids.faces`).
        centres: Of the solids, z up.
        radii: Of the balls that hold them.
        boxes: Pixels that each in `order` can cover (`boxes_of`).
        order: The solids to draw.
        origins: Of the rays.
        ways: Of the rays.
        far: How far each ray reaches; made shorter here.
        what: What it meets; made the solid's number.
        face: By which face.
        seen: What `tiles.cones` gives.
    """
    for k in range(order.size):
        number = order[k]
        cx, cy, cz = centres[number, 0], centres[number, 1], centres[number, 2]
        planes = faces[number]
        top, bottom, left, right = boxes[k]
        for row in range(top // TILE, -(-bottom // TILE)):
            for column in range(left // TILE, -(-right // TILE)):
                if cone_misses(seen[row, column], cx, cy, cz, radii[number]):
                    continue
                for i in range(max(top, row * TILE), min(bottom, (row + 1) * TILE)):
                    for j in range(max(left, column * TILE), min(right, (column + 1) * TILE)):
                        way = (ways[i, j, 0], ways[i, j, 1], ways[i, j, 2])
                        x, y = origins[i, j, 0] - cx, origins[i, j, 1] - cy
                        z = origins[i, j, 2] - cz
                        if _passes(x, y, z, way, radii[number]):
                            continue
                        enters, leaves, by = _through(planes, x, y, z, way)
                        if enters <= leaves and enters > 1e-3 and enters < far[i, j]:
                            far[i, j] = enters
                            what[i, j] = number
                            face[i, j] = by


def boxes_of(
    model: CameraModel, centre_m: Floats, radius_m: Floats, width_px: int, height_px: int
) -> NDArray[np.int64]:
    """Boxes of pixels that hold some balls: first and last line, first and last sample.

    Args:
        model: The camera in the ground frame (z down).
        centre_m: Shape (n, 3), z up.
        radius_m: Shape (n,).
        width_px: Width of the picture.
        height_px: Its height.

    Returns:
        Shape (n, 4): lines and samples, each from the first to one past the last; empty where a
        ball is out of view.
    """
    centres = centre_m * (1.0, 1.0, -1.0)
    away = np.linalg.norm(centres - model.c_m, axis=1)
    found = np.empty((len(radius_m), 4), np.int64)
    small = radius_m < _SMALL * away
    size = height_px, width_px
    found[small] = _boxes_of_small(model, centres[small], (radius_m / away)[small], size)
    found[~small] = _boxes_of_large(model, centres[~small], radius_m[~small], away[~small], size)
    return found


def _boxes_of_small(
    model: CameraModel, centres: Floats, radius_rad: Floats, size: tuple[int, int]
) -> Floats:
    """Boxes around the middles of balls that look small; no lens stretches them more than so."""
    height_px, width_px = size
    pixels = model.project(centres)
    half = 2.0 + _STRETCH * max(model.focal_px) * radius_rad
    x, y = pixels[:, 0], pixels[:, 1]
    with np.errstate(all="ignore"):
        found = np.stack([y - half, y + half + 1, x - half, x + half + 1], axis=1)
    found = np.where(np.isfinite(found), found, 0.0)
    boxes: Floats = np.clip(found, 0, [height_px, height_px, width_px, width_px])
    return boxes


def _boxes_of_large(
    model: CameraModel, centres: Floats, radius_m: Floats, away: Floats, size: tuple[int, int]
) -> Floats:
    """Boxes around the corners of cubes around balls."""
    height_px, width_px = size
    # The corners of a cube around the ball; at 1.15 radii what lenses bend is within.
    corners = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, 8).T
    points = centres[:, None, :] + 1.02 * radius_m[:, None, None] * corners
    pixels = model.project(points)
    whole = np.array([0, height_px, 0, width_px])
    low, high = np.fmin.reduce(pixels, axis=1), np.fmax.reduce(pixels, axis=1)
    unseen = np.isnan(pixels).any(axis=(1, 2))
    none = np.isnan(pixels).all(axis=(1, 2)) & (away > 3 * radius_m)
    found = np.stack([low[:, 1] - 1, high[:, 1] + 2, low[:, 0] - 1, high[:, 0] + 2], axis=1)
    found = np.where(np.isfinite(found), found, 0)
    found = np.clip(found, 0, [height_px, height_px, width_px, width_px])
    # Beside or around the camera a box cannot be told: all pixels are tried.
    found[unseen & ~none] = whole
    found[none] = 0
    found[away < 3.0 * radius_m] = whole
    boxes: Floats = found
    return boxes


def shade_by_solids(
    solids: Solids,
    model: CameraModel,
    origins: Floats,
    ways: Floats,
    far: Floats,
    what: NDArray[np.int32],
    sun: Light,
    pixel_rad: float,
    sunlit: NDArray[np.float32],
    open_sky: NDArray[np.float32],
) -> None:
    """Take the Sun from what solids stand before, and sky from what is close to them."""
    height_px, width_px = far.shape
    away = np.linalg.norm(solids.centre_m * (1, 1, -1) - model.c_m, axis=1)
    size_px = solids.radius_m / (pixel_rad * away)
    worth = size_px > _LEAST_SHADOW_PX
    # A machine's parts are thin, and nothing like the balls that hold them.
    near = np.flatnonzero((size_px > _LEAST_CLOSE_PX) & (solids.rough > 0))
    reach = _CLOSE_RADII * solids.radius_m[near]
    boxes = boxes_of(model, solids.centre_m[near], reach, width_px, height_px)
    near, boxes = near[are_there(boxes)], boxes[are_there(boxes)]
    points = balls(origins, ways, far, what, -1)
    _close(
        solids.centre_m, solids.radius_m, boxes, near, origins, ways, far, what, points, open_sky
    )
    if sun.elevation_deg <= 0:
        return
    shadow = np.array(sun.sun)
    longest = np.minimum(
        3.2 * solids.radius_m / np.tan(np.radians(sun.elevation_deg)) + 2 * solids.radius_m,
        _LONGEST_SHADOW_M,
    )
    stretches = np.ceil(longest / (_RADII_A_STRETCH * solids.radius_m)).clip(1, _MOST_STRETCHES)
    for number in range(int(stretches.max(initial=0))):
        those = np.flatnonzero(worth & (number < stretches))
        ends = []
        for end in (number, number + 1):
            down = (longest * end / stretches)[those, None]
            centres = solids.centre_m[those] - shadow * down
            ends.append(boxes_of(model, centres, solids.radius_m[those], width_px, height_px))
        boxes = _around_both(*ends)
        there = are_there(boxes)
        _darken(
            solids.faces,
            solids.centre_m,
            solids.radius_m,
            boxes[there],
            those[there],
            origins,
            ways,
            far,
            what,
            points,
            sun.sun,
            sunlit,
        )


def are_there(boxes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which boxes are not empty."""
    there: NDArray[np.bool_] = (boxes[:, 0] < boxes[:, 1]) & (boxes[:, 2] < boxes[:, 3])
    return there


def _around_both(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Boxes that hold two; an empty one counts for nothing."""
    least = np.minimum(first, second)[:, ::2]
    most = np.maximum(first, second)[:, 1::2]
    both = np.stack([least[:, 0], most[:, 0], least[:, 1], most[:, 1]], axis=1)
    empty = [(box[:, 0] >= box[:, 1]) | (box[:, 2] >= box[:, 3]) for box in (first, second)]
    both = np.where(empty[0][:, None], second, both)
    return np.where(empty[1][:, None], first, both)


@compiled
def _darken(
    faces: Any,
    centres: Any,
    radii: Any,
    boxes: Any,
    order: Any,
    origins: Any,
    ways: Any,
    far: Any,
    what: Any,
    points: Any,
    sun: Any,
    sunlit: Any,
) -> None:
    for k in range(order.size):
        number = order[k]
        cx, cy, cz = centres[number, 0], centres[number, 1], centres[number, 2]
        planes = faces[number]
        top, bottom, left, right = boxes[k]
        for row in range(top // TILE, -(-bottom // TILE)):
            for column in range(left // TILE, -(-right // TILE)):
                if ball_misses(points[row, column], cx, cy, cz, sun, radii[number]):
                    continue
                for i in range(max(top, row * TILE), min(bottom, (row + 1) * TILE)):
                    for j in range(max(left, column * TILE), min(right, (column + 1) * TILE)):
                        if what[i, j] == -1 or what[i, j] == number or sunlit[i, j] == 0.0:
                            continue
                        t = far[i, j]
                        x = origins[i, j, 0] + t * ways[i, j, 0] - cx
                        y = origins[i, j, 1] + t * ways[i, j, 1] - cy
                        z = origins[i, j, 2] + t * ways[i, j, 2] - cz
                        if _passes(x, y, z, sun, radii[number]):
                            continue
                        enters, leaves, _ = _through(planes, x, y, z, sun)
                        if enters <= leaves and leaves > 1e-4:
                            sunlit[i, j] = 0.0


@compiled
def _close(
    centres: Any,
    radii: Any,
    boxes: Any,
    order: Any,
    origins: Any,
    ways: Any,
    far: Any,
    what: Any,
    points: Any,
    open_sky: Any,
) -> None:
    """Less sky near a solid: the part that a ball of its size takes (a little of it, softly)."""
    for k in range(order.size):
        number = order[k]
        cx, cy, cz = centres[number, 0], centres[number, 1], centres[number, 2]
        radius = 0.8 * radii[number]
        reach = _CLOSE_RADII * radii[number]
        top, bottom, left, right = boxes[k]
        for row in range(top // TILE, -(-bottom // TILE)):
            for column in range(left // TILE, -(-right // TILE)):
                if ball_is_beyond(points[row, column], cx, cy, cz, reach):
                    continue
                for i in range(max(top, row * TILE), min(bottom, (row + 1) * TILE)):
                    for j in range(max(left, column * TILE), min(right, (column + 1) * TILE)):
                        if what[i, j] == -1 or what[i, j] == number:
                            continue
                        t = far[i, j]
                        x = cx - origins[i, j, 0] - t * ways[i, j, 0]
                        y = cy - origins[i, j, 1] - t * ways[i, j, 1]
                        z = cz - origins[i, j, 2] - t * ways[i, j, 2]
                        away2 = x * x + y * y + z * z
                        if away2 > reach * reach:
                            continue
                        taken = 0.5 * radius * radius / max(away2, radius * radius)
                        rises = 0.35 + 0.65 * max(z / np.sqrt(away2 + 1e-12), 0.0)
                        fades = 1.0 - away2 / (reach * reach)
                        open_sky[i, j] *= 1.0 - min(taken * rises * fades, 0.9)
