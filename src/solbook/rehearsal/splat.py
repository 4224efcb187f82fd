"""Solids in a picture: which pixels they cover, which they darken.

A solid is tried on a line of a tile at once, all in 32 bits: eight pixels go into a register.
Places are from where the rays begin, with z up.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.rehearsal.light import Light
from solbook.rehearsal.noise import compiled, inlined
from solbook.rehearsal.rays import TILE, WAY_X, WAY_Y, WAY_Z, Sight, X, Y, Z
from solbook.rehearsal.solids import UNUSED_M, Solids
from solbook.rehearsal.tiles import (
    SKY,
    Tiles,
    lies_beside,
    meetings,
    misses_line,
    passes_solid,
    with_points,
)

Floats = NDArray[np.float64]

_NEVER = np.float32(1e30)
_FAINT = np.float32(1e-9)
# A ray that only just passes a ball is tried all the same: squares of large numbers are rounded.
_ROUNDING = np.float32(1e-6)
_NOTHING = np.float32(0.0)
# Beginning on a solid's own face is not being behind it.
_FIRST_M = np.float32(1e-3)
_BEHIND_M = np.float32(1e-4)
_LONGEST_SHADOW_M = 60.0
# Radii of the smallest solids that are drawn, are given a shadow, and keep the sky off the ground.
_LEAST_PX = 0.35
_LEAST_SHADOW_PX = 0.6
_LEAST_CLOSE_PX = 1.8
# As far as this a solid keeps the sky off.
_CLOSE_RADII = 1.9
_NO_WAY = (0.0, 0.0, 0.0)

# What the lines of a tile are worked out in: one array, so that its parts are known not to overlap.
_X, _Y, _Z, _WAY_X, _WAY_Y, _WAY_Z, _ENTERS, _LEAVES = (TILE * field for field in range(8))
_FIELDS = 8 * TILE


class Stand(NamedTuple):
    """Solids as a camera's picture takes them.

    Attributes:
        faces: Shape (n, f, 4), float32: outward normals and distances from the centre.
        centre_m: Shape (n, 3): from where the rays begin.
        radius_m: Shape (n,).
        size_px: Shape (n,): radius in the picture.
    """

    faces: NDArray[np.float32]
    centre_m: Floats
    radius_m: Floats
    size_px: Floats


def stand(solids: Solids, sight: Sight, pixel_rad: float) -> Stand:
    """Solids as seen from a camera whose pixels are so large."""
    centre_m = solids.centre_m - np.array(sight.tip)
    away_m = np.linalg.norm(centre_m, axis=1)
    return Stand(
        solids.faces.astype(np.float32),
        centre_m,
        solids.radius_m,
        solids.radius_m / (pixel_rad * away_m),
    )


def draw_solids(
    those: Stand,
    tiles: Tiles,
    sight: Sight,
    far: NDArray[np.float32],
    what: NDArray[np.int32],
    face: NDArray[np.int32],
) -> None:
    """Put solids before what is behind them.

    Args:
        those: The solids.
        tiles: Of the picture.
        sight: Its rays.
        far: How far each ray reaches; made shorter here.
        what: What it meets; made the solid's number.
        face: By which face.
    """
    order = np.argsort(-those.size_px, kind="stable")
    order = order[(those.size_px[order] > _LEAST_PX) & ~_around(those, tiles.begin_m)[order]]
    centre_m, radius_m = those.centre_m[order], those.radius_m[order]
    pairs = meetings(tiles, centre_m, radius_m, np.zeros(len(order)), _NO_WAY)
    _draw(those, order, pairs, tiles, sight.rays, far, what, face)


def _around(those: Stand, begin_m: float) -> NDArray[np.bool_]:
    """Which solids the rays begin inside of, as those of a camera in the rover's head: not seen."""
    found: NDArray[np.bool_] = np.linalg.norm(those.centre_m, axis=1) < those.radius_m
    faces, centre_m = those.faces[found], those.centre_m[found]
    room_m = faces[..., 3] + np.einsum("sfk,sk->sf", faces[..., :3], centre_m)
    found[found] = (room_m > begin_m).all(axis=1)
    return found


def shade_by_solids(
    solids: Solids,
    those: Stand,
    tiles: Tiles,
    sight: Sight,
    far: NDArray[np.float32],
    what: NDArray[np.int32],
    sun: Light,
    sunlit: NDArray[np.float32],
    open_sky: NDArray[np.float32],
) -> None:
    """Take the Sun from what solids stand before, and sky from what is close to them."""
    met = with_points(tiles, far, what)
    # A machine's parts are thin, and nothing like the balls that hold them.
    near = np.flatnonzero((those.size_px > _LEAST_CLOSE_PX) & (solids.rough > 0))
    reach_m = _CLOSE_RADII * those.radius_m[near]
    pairs = meetings(met, those.centre_m[near], reach_m, np.zeros(len(near)), _NO_WAY)
    _close(those, near, pairs, met, sight.rays, far, what, open_sky)
    if sun.elevation_deg <= 0:
        return
    large = np.flatnonzero(those.size_px > _LEAST_SHADOW_PX)
    radius_m = those.radius_m[large]
    # Rocks lie on the ground; what machines hold up, or themselves, may be high above it.
    longest_m = 3.2 * radius_m / np.tan(np.radians(sun.elevation_deg)) + 2 * radius_m
    longest_m[(longest_m > _LONGEST_SHADOW_M) | (solids.rough[large] == 0)] = _LONGEST_SHADOW_M
    down = tuple(-along for along in sun.sun)
    pairs = meetings(met, those.centre_m[large], radius_m, longest_m, down)
    _darken(those, large, longest_m, pairs, met, sight.rays, far, what, sun.sun, sunlit)


@inlined
def _load_rays(line: Any, by: Any, rays: Any, centre: Any, radius: Any) -> Any:
    """Rays of a line of a tile, from a solid's centre; says how many come near its ball."""
    x, y, z = np.float32(centre[0]), np.float32(centre[1]), np.float32(centre[2])
    for k in range(TILE):
        line[_X + k] = rays[X, k] - x
        line[_Y + k] = rays[Y, k] - y
        line[_Z + k] = rays[Z, k] - z
        line[_WAY_X + k] = rays[WAY_X, k]
        line[_WAY_Y + k] = rays[WAY_Y, k]
        line[_WAY_Z + k] = rays[WAY_Z, k]
    radius2 = np.float32(radius * radius)
    for k in range(TILE):
        x, y, z = line[_X + k], line[_Y + k], line[_Z + k]
        along = x * line[_WAY_X + k] + y * line[_WAY_Y + k] + z * line[_WAY_Z + k]
        away2 = x * x + y * y + z * z
        reached = away2 - along * along <= radius2 + _ROUNDING * away2
        by[k] = np.int32(1) if reached else np.int32(0)
    return _sum(by)


@inlined
def _sum(by: Any) -> Any:
    found = 0
    for k in range(TILE):
        found += by[k]
    return found


@compiled
def _draw(
    those: Any,
    order: Any,
    pairs: Any,
    tiles: Any,
    rays: Any,
    far: Any,
    what: Any,
    face: Any,
) -> None:
    faces, centres, radii, _ = those
    cones, _, _, _, fans, begin = tiles
    line, by = np.zeros(_FIELDS, np.float32), np.zeros(TILE, np.int32)
    height, width = far.shape
    for pair in range(pairs.shape[0]):
        number = order[pairs[pair, 0]]
        centre = (centres[number, 0], centres[number, 1], centres[number, 2])
        reach = radii[number] + begin
        row, column = pairs[pair, 1], pairs[pair, 2]
        if passes_solid(cones, row, column, begin, faces, number, centre):
            continue
        top, left = row * TILE, column * TILE
        count = min(TILE, width - left)
        for i in range(top, min(top + TILE, height)):
            if misses_line(fans, i, column, centre, centre, reach):
                continue
            if _load_rays(line, by, rays[i, :, left : left + TILE], centre, radii[number]) == 0:
                continue
            _enter(line, by, faces, number)
            for k in range(count):
                enters = line[_ENTERS + k]
                if enters <= line[_LEAVES + k] and enters > _FIRST_M and enters < far[i, left + k]:
                    far[i, left + k] = enters
                    what[i, left + k] = number
                    face[i, left + k] = by[k]


@compiled
def _enter(line: Any, by: Any, faces: Any, number: Any) -> None:
    """Where the rays of a line enter and leave a solid, and by which face."""
    for k in range(TILE):
        line[_ENTERS + k] = -_NEVER
        line[_LEAVES + k] = _NEVER
        by[k] = np.int32(0)
    for f in range(faces.shape[1]):
        nx, ny, nz = faces[number, f, 0], faces[number, f, 1], faces[number, f, 2]
        away = faces[number, f, 3]
        if away == UNUSED_M:
            break
        this = np.int32(f)
        for k in range(TILE):
            toward = nx * line[_WAY_X + k] + ny * line[_WAY_Y + k] + nz * line[_WAY_Z + k]
            room = away - (nx * line[_X + k] + ny * line[_Y + k] + nz * line[_Z + k])
            # Along the face: never in, if it is outside of it.
            toward = toward if abs(toward) > _FAINT else -_FAINT
            t = room / toward
            enters, leaves = line[_ENTERS + k], line[_LEAVES + k]
            inward = toward < _NOTHING
            later = inward and t > enters
            line[_ENTERS + k] = t if later else enters
            by[k] = this if later else by[k]
            line[_LEAVES + k] = t if (not inward and t < leaves) else leaves


@inlined
def _load_points(line: Any, rays: Any, far: Any, centre: Any) -> None:
    """Points of a line of a tile, from a solid's centre."""
    x, y, z = np.float32(centre[0]), np.float32(centre[1]), np.float32(centre[2])
    for k in range(far.size):
        t = far[k]
        line[_X + k] = rays[X, k] + t * rays[WAY_X, k] - x
        line[_Y + k] = rays[Y, k] + t * rays[WAY_Y, k] - y
        line[_Z + k] = rays[Z, k] + t * rays[WAY_Z, k] - z


@compiled
def _darken(
    those: Any,
    order: Any,
    lengths: Any,
    pairs: Any,
    tiles: Any,
    rays: Any,
    far: Any,
    what: Any,
    sun: Any,
    sunlit: Any,
) -> None:
    faces, centres, radii, _ = those
    _, balls, _, _, fans, begin = tiles
    line, by = np.zeros(_FIELDS, np.float32), np.zeros(TILE, np.int32)
    way = (np.float32(sun[0]), np.float32(sun[1]), np.float32(sun[2]))
    height, width = far.shape
    for pair in range(pairs.shape[0]):
        number = order[pairs[pair, 0]]
        centre = (centres[number, 0], centres[number, 1], centres[number, 2])
        row, column = pairs[pair, 1], pairs[pair, 2]
        if lies_beside(balls, row, column, sun, faces, number, centre):
            continue
        length, reach = lengths[pairs[pair, 0]], radii[number] + begin
        last = (
            centre[0] - length * sun[0],
            centre[1] - length * sun[1],
            centre[2] - length * sun[2],
        )
        radius2 = np.float32(radii[number] * radii[number])
        top, left = row * TILE, column * TILE
        count = min(TILE, width - left)
        for i in range(top, min(top + TILE, height)):
            if misses_line(fans, i, column, centre, last, reach):
                continue
            _load_points(line, rays[i, :, left : left + TILE], far[i, left : left + count], centre)
            if _near_ball(line, by, way, radius2) == 0:
                continue
            _pass(line, faces, number, way)
            for k in range(count):
                if line[_ENTERS + k] <= line[_LEAVES + k] and line[_LEAVES + k] > _BEHIND_M:
                    seen = what[i, left + k]
                    if seen not in (SKY, number):
                        sunlit[i, left + k] = 0.0


@inlined
def _near_ball(line: Any, by: Any, way: Any, radius2: Any) -> Any:
    """How many of the points of a line have a ball around the origin before them."""
    wx, wy, wz = way[0], way[1], way[2]
    for k in range(TILE):
        x, y, z = line[_X + k], line[_Y + k], line[_Z + k]
        along = x * wx + y * wy + z * wz
        away2 = x * x + y * y + z * z
        reached = away2 - along * along <= radius2 + _ROUNDING * away2
        by[k] = np.int32(1) if reached else np.int32(0)
    return _sum(by)


@compiled
def _pass(line: Any, faces: Any, number: Any, way: Any) -> None:
    """Where lines of one direction through the points of a line enter and leave a solid."""
    wx, wy, wz = way[0], way[1], way[2]
    for k in range(TILE):
        line[_ENTERS + k] = -_NEVER
        line[_LEAVES + k] = _NEVER
    for f in range(faces.shape[1]):
        nx, ny, nz = faces[number, f, 0], faces[number, f, 1], faces[number, f, 2]
        away = faces[number, f, 3]
        if away == UNUSED_M:
            break
        toward = nx * wx + ny * wy + nz * wz
        toward = toward if abs(toward) > _FAINT else -_FAINT
        per_toward = np.float32(1.0) / toward
        # Of a face that is entered and one that is left the other counts for nothing.
        if_entered = _NOTHING if toward < _NOTHING else -_NEVER
        if_left = _NEVER if toward < _NOTHING else _NOTHING
        for k in range(TILE):
            room = away - (nx * line[_X + k] + ny * line[_Y + k] + nz * line[_Z + k])
            t = room * per_toward
            enters, leaves = line[_ENTERS + k], line[_LEAVES + k]
            line[_ENTERS + k] = max(t + if_entered, enters)
            line[_LEAVES + k] = min(t + if_left, leaves)


@compiled
def _close(
    those: Any,
    order: Any,
    pairs: Any,
    tiles: Any,
    rays: Any,
    far: Any,
    what: Any,
    open_sky: Any,
) -> None:
    """Less sky near a solid: the part that a ball of its size takes (a little of it, softly)."""
    _, centres, radii, _ = those
    _, _, _, _, fans, begin = tiles
    line = np.zeros(_FIELDS, np.float32)
    height, width = far.shape
    for pair in range(pairs.shape[0]):
        number = order[pairs[pair, 0]]
        centre = (centres[number, 0], centres[number, 1], centres[number, 2])
        row, column = pairs[pair, 1], pairs[pair, 2]
        reach = _CLOSE_RADII * radii[number] + begin
        top, left = row * TILE, column * TILE
        count = min(TILE, width - left)
        for i in range(top, min(top + TILE, height)):
            if misses_line(fans, i, column, centre, centre, reach):
                continue
            _load_points(line, rays[i, :, left : left + TILE], far[i, left : left + count], centre)
            _leave_open(line, np.float32(radii[number]))
            for k in range(count):
                seen = what[i, left + k]
                if seen not in (SKY, number):
                    open_sky[i, left + k] *= line[_ENTERS + k]


@compiled
def _leave_open(line: Any, radius: Any) -> None:
    """How much of the sky a solid at the origin leaves to the points of a line: in `_ENTERS`."""
    ball2 = np.float32(0.64) * radius * radius
    per_reach2 = np.float32(1.0) / (np.float32(_CLOSE_RADII**2) * radius * radius)
    one = np.float32(1.0)
    for k in range(TILE):
        x, y, z = line[_X + k], line[_Y + k], line[_Z + k]
        away2 = x * x + y * y + z * z
        taken = np.float32(0.5) * ball2 / (away2 if away2 > ball2 else ball2)
        sine = -z / np.sqrt(away2 + np.float32(1e-12))
        rises = np.float32(0.35) + np.float32(0.65) * (sine if sine > _NOTHING else _NOTHING)
        fades = one - away2 * per_reach2
        taken *= rises * (fades if fades > _NOTHING else _NOTHING)
        line[_ENTERS + k] = one - (taken if taken < np.float32(0.9) else np.float32(0.9))
