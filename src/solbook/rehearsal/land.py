"""Where the rays of a picture meet the ground, and which of it lies in its own shadow."""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.cast import COARSEST, NEVER, cast
from solbook.rehearsal.ground import CELLS, finest_at
from solbook.rehearsal.noise import compiled, inlined
from solbook.rehearsal.rays import end_of, way_of
from solbook.rehearsal.tiles import GROUND, SKY

_EVERY = 4
# A ray to the Sun begins close over the ground.
_NEAR = 3
# Rays between others are sought from this much of the least of their ranges on.
_EARLIEST = 0.7


@compiled
def meet_ground(grids: Any, tip: Any, rays: Any, far: Any, what: Any) -> None:
    """Where all rays meet the ground: every fourth first, those between from near where it was.

    The ground has no spikes, so between four rays that meet it the others do not meet it much
    earlier than any of them. A crest kilometres away may hide less than it should for a pixel or
    two: some pixels in a thousand.

    Args:
        grids: The ground (`Grids.kernel`).
        tip: Where the rays begin (`rays.Sight`).
        rays: See there.
        far: Shape (height, width), float32: filled with how far they reach; `NEVER` in the sky.
        what: The same shape: filled with `GROUND` or `SKY`.
    """
    at, height, greatest = grids[0], grids[1], grids[2]
    rows, columns = far.shape
    for i in range(0, rows, _EVERY):
        for j in range(0, columns, _EVERY):
            far[i, j] = _cast_one(at, height, greatest, tip, rays, i, j, 0.0)
    for i in range(0, rows, _EVERY):
        for j in range(0, columns, _EVERY):
            _cast_block(at, height, greatest, tip, rays, far, i, j)
    for i in range(rows):
        for j in range(columns):
            what[i, j] = GROUND if far[i, j] < NEVER else SKY


@compiled
def _cast_block(
    at: Any, height: Any, greatest: Any, tip: Any, rays: Any, far: Any, i0: Any, j0: Any
) -> None:
    """The rays between four that have been cast; at the edges of the picture there are not four."""
    rows, columns = far.shape
    i1, j1 = i0 + _EVERY, j0 + _EVERY
    if i1 >= rows or j1 >= columns:
        _cast_rest(at, height, greatest, tip, rays, far, i0, j0, 0.0)
        return
    a, b = np.float64(far[i0, j0]), np.float64(far[i0, j1])
    c, d = np.float64(far[i1, j0]), np.float64(far[i1, j1])
    least, most = min(a, b, c, d), max(a, b, c, d)
    if least >= NEVER:
        far[i0:i1, j0:j1] = NEVER
        return
    if most > 1.5 * least:
        _cast_rest(at, height, greatest, tip, rays, far, i0, j0, _EARLIEST * least)
        return
    # On a plane the inverse of the distance is even across the picture.
    a, b, c, d = 1.0 / a, 1.0 / b, 1.0 / c, 1.0 / d
    for i in range(i0, i1):
        for j in range(j0, j1):
            if i != i0 or j != j0:
                u, v = (i - i0) / _EVERY, (j - j0) / _EVERY
                inverse = (1 - u) * ((1 - v) * a + v * b) + u * ((1 - v) * c + v * d)
                hit = _near(at, height, tip, rays, i, j, 1.0 / inverse)
                if abs(hit * inverse - 1.0) > 0.1:
                    hit = _cast_one(at, height, greatest, tip, rays, i, j, _EARLIEST * least)
                far[i, j] = hit


@compiled
def _cast_rest(
    at: Any, height: Any, greatest: Any, tip: Any, rays: Any, far: Any, i0: Any, j0: Any, begin: Any
) -> None:
    """The other rays of a block, one by one."""
    for i in range(i0, min(i0 + _EVERY, far.shape[0])):
        for j in range(j0, min(j0 + _EVERY, far.shape[1])):
            if i != i0 or j != j0:
                far[i, j] = _cast_one(at, height, greatest, tip, rays, i, j, begin)


@inlined
def _ray(tip: Any, rays: Any, i: Any, j: Any) -> Any:
    x, y, z = end_of(tip, rays, i, j, np.float32(0.0))
    way = way_of(rays, i, j)
    return x, y, z, (np.float64(way[0]), np.float64(way[1]), np.float64(way[2]))


@inlined
def _cast_one(
    at: Any, height: Any, greatest: Any, tip: Any, rays: Any, i: Any, j: Any, begin: Any
) -> Any:
    x, y, z, way = _ray(tip, rays, i, j)
    hit, _ = cast(at, height, greatest, x, y, z, way, COARSEST if begin == 0.0 else _NEAR, begin)
    return hit


@inlined
def _near(at: Any, height: Any, tip: Any, rays: Any, i: Any, j: Any, guess: Any) -> Any:
    """Where a ray meets the ground, by Newton's steps from a guess; `NEVER` if not near it.

    Within the 32 bits that ranges are kept in.
    """
    x, y, z, way = _ray(tip, rays, i, j)
    t = guess
    k = finest_at(at, x + t * way[0], y + t * way[1])
    gx, gy = (x - at[k, 1]) * at[k, 3], (y - at[k, 2]) * at[k, 3]
    dx, dy = way[0] * at[k, 3], way[1] * at[k, 3]
    for _ in range(8):
        px, py = gx + t * dx, gy + t * dy
        # Beyond its border a grid does not say how high the ground is.
        if not (px > 1.0 and py > 1.0 and px < CELLS - 1.0 and py < CELLS - 1.0):
            return NEVER
        m, n = int(px), int(py)
        u, v = px - m, py - n
        a = height[k, m, n]
        b, c = height[k, m + 1, n] - a, height[k, m, n + 1] - a
        e = height[k, m + 1, n + 1] - a - b - c
        over = z + t * way[2] - (a + b * u + c * v + e * u * v)
        slope = way[2] - (b + e * v) * dx - (c + e * u) * dy
        # It has to come down to the ground all the way, or it meets it more than once.
        if slope >= -1e-4:
            return NEVER
        step = -over / slope
        t += step
        # On the same patch what is left of the way is its bend.
        same = int(gx + t * dx) == m and int(gy + t * dy) == n
        if abs(step) < 1e-7 * t or (same and abs(e * dx * dy) * step * step < -1e-7 * t * slope):
            return t
    return NEVER


@compiled
def shade_by_ground(
    grids: Any, tip: Any, rays: Any, far: Any, what: Any, sun: Any, sunlit: Any
) -> None:
    """Shadows of the ground on itself: every fourth point first; those between four alike are too.

    So a shadow that is less than four pixels wide may be missed.

    Args:
        grids: The ground (`Grids.kernel`).
        tip: Where the rays begin (`rays.Sight`).
        rays: See there.
        far: How far they reach.
        what: What they meet.
        sun: Direction of the Sun.
        sunlit: Shape (height, width): filled with 1 in the Sun and 0 in the shadow.
    """
    at, height, greatest = grids[0], grids[1], grids[2]
    rows, columns = far.shape
    for i in range(0, rows, _EVERY):
        for j in range(0, columns, _EVERY):
            sunlit[i, j] = _is_lit(at, height, greatest, tip, rays, far, what, sun, i, j)
    for i in range(rows):
        i0 = i // _EVERY * _EVERY
        i1 = i0 + _EVERY if i0 + _EVERY < rows else i0
        for j in range(columns):
            j0 = j // _EVERY * _EVERY
            j1 = j0 + _EVERY if j0 + _EVERY < columns else j0
            if i != i0 or j != j0:
                total = sunlit[i0, j0] + sunlit[i0, j1] + sunlit[i1, j0] + sunlit[i1, j1]
                if abs(total - 2.0) == 2.0:
                    sunlit[i, j] = sunlit[i0, j0]
                else:
                    sunlit[i, j] = _is_lit(at, height, greatest, tip, rays, far, what, sun, i, j)


@inlined
def _is_lit(
    at: Any,
    height: Any,
    greatest: Any,
    tip: Any,
    rays: Any,
    far: Any,
    what: Any,
    sun: Any,
    i: Any,
    j: Any,
) -> Any:
    if what[i, j] == SKY:
        return 1.0
    t = far[i, j]
    x, y, z = end_of(tip, rays, i, j, t)
    # From a little above, so that a point does not stand in its own shadow.
    lift = 0.004 + 3e-4 * t
    _, grid = cast(
        at,
        height,
        greatest,
        x + lift * sun[0],
        y + lift * sun[1],
        z + lift * sun[2],
        sun,
        _NEAR,
        0.0,
    )
    return 0.0 if grid >= 0 else 1.0
