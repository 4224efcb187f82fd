"""Where rays meet the relief.

A ray goes through the nested grids from the finest outwards. In each it strides over squares whose
greatest height it stays above, large ones first (a pyramid of greatest heights), and in the cells
it cannot pass so it is met with the bilinear patch over the cell. So a hit is where the ray meets
the ground that `ground.bilinear` gives, to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.ground import CELLS
from solbook.rehearsal.noise import compiled

_LEVELS = 11
COARSEST = 10
"""Squares of 2^this cells are the largest that are strode over at once: a whole grid."""
NEVER = 1e30
"""How far a ray reaches that meets nothing, m."""
# A ray is put this far (in cells) beyond a border it crosses.
_NUDGE = 1e-7
# Where the squares of a size begin in the flat pyramid.
_BEGINS = np.cumsum([0] + [(CELLS >> level) ** 2 for level in range(_LEVELS - 1)])


@compiled
def _meets_patch(
    height: Any, k: Any, i: Any, j: Any, ox: Any, oy: Any, oz: Any, d: Any, span: Any
) -> Any:
    """How far along a ray it meets the patch over a cell; `NEVER` if it does not.

    The origin is in cells, z in metres; `span` is the part of the ray over the cell.
    """
    a = height[k, i, j]
    b = height[k, i + 1, j] - a
    c = height[k, i, j + 1] - a
    e = height[k, i + 1, j + 1] - a - b - c
    begin, end = span
    # From the middle of the span, so that no digits are lost far out.
    mid = 0.5 * (begin + end)
    u, v = ox + mid * d[0] - i, oy + mid * d[1] - j
    above = oz + mid * d[2] - (a + b * u + c * v + e * u * v)
    slope = d[2] - b * d[0] - c * d[1] - e * (u * d[1] + v * d[0])
    bend = -e * d[0] * d[1]
    half = 0.5 * (end - begin)
    slack = 1e-9 * (1.0 + half)
    if abs(bend) < 1e-14:
        if slope == 0.0:
            return NEVER
        s = -above / slope
        return mid + s if abs(s) <= half + slack else NEVER
    under = slope * slope - 4.0 * bend * above
    if under < 0.0:
        return NEVER
    root = np.sqrt(under)
    q = -0.5 * (slope + (root if slope >= 0.0 else -root))
    first = q / bend
    second = above / q if q != 0.0 else first
    if first > second:
        first, second = second, first
    if abs(first) <= half + slack:
        return mid + first
    return mid + second if abs(second) <= half + slack else NEVER


@compiled
def _cast_on_grid(
    at: Any,
    height: Any,
    greatest: Any,
    k: Any,
    ox: Any,
    oy: Any,
    oz: Any,
    d: Any,
    begin: Any,
    level: Any,
) -> Any:
    """A ray on one grid, from `begin` metres on, trying squares of 2^level cells first.

    Returns:
        How far it meets the ground (`NEVER` if it does not there), and how far it is when it
        leaves the grid.
    """
    gx, gy = (ox - at[k, 1]) * at[k, 3], (oy - at[k, 2]) * at[k, 3]
    dx, dy = d[0] * at[k, 3], d[1] * at[k, 3]
    per_x = 1.0 / dx if dx != 0.0 else NEVER
    per_y = 1.0 / dy if dy != 0.0 else NEVER
    t = begin
    # The way out of the whole grid.
    out_x = ((CELLS if dx > 0 else 0.0) - gx) * per_x if dx != 0.0 else NEVER
    out_y = ((CELLS if dy > 0 else 0.0) - gy) * per_y if dy != 0.0 else NEVER
    leaves = min(out_x, out_y)
    direction = (dx, dy, d[2])
    nudge_x, nudge_y = _NUDGE if dx > 0 else -_NUDGE, _NUDGE if dy > 0 else -_NUDGE
    while t < leaves:
        x, y = gx + t * dx, gy + t * dy
        size = 1 << level
        i = int(np.floor(x + nudge_x)) >> level
        j = int(np.floor(y + nudge_y)) >> level
        count = CELLS >> level
        if i < 0 or j < 0 or i >= count or j >= count:
            # Out of the grid, or not yet in it: a coarser one has the ground here.
            return NEVER, t
        t_x = ((i + 1 if dx > 0 else i) * size - gx) * per_x if dx != 0.0 else NEVER
        t_y = ((j + 1 if dy > 0 else j) * size - gy) * per_y if dy != 0.0 else NEVER
        end = min(t_x, t_y)
        lowest = oz + (t if d[2] > 0 else end) * d[2]
        if lowest > greatest[k, _BEGINS[level] + i * count + j]:
            t = max(end, t + 1e-9)
            if level < COARSEST:
                level += 1
        elif level > 0:
            level -= 1
        else:
            hit = _meets_patch(height, k, i, j, gx, gy, oz, direction, (t, end))
            if hit < NEVER:
                return hit, leaves
            t = max(end, t + 1e-9)
            level = 1
    return NEVER, leaves


@compiled
def cast(
    at: Any,
    height: Any,
    greatest: Any,
    ox: Any,
    oy: Any,
    oz: Any,
    d: Any,
    level: Any,
    begin: Any,
) -> Any:
    """How far along a ray it meets the ground.

    Args:
        at: With `height` and `greatest` the nested grids, as `Grids` has them.
        height: See there.
        greatest: See there.
        ox: North of where it begins, m; with `oy` east and `oz` up.
        oy: See there.
        oz: See there.
        d: Its direction: north, east, up; of length 1.
        level: Squares of 2^level cells are tried first: `COARSEST`, or less where the ground is
            near.
        begin: So far it is known to meet nothing, m.

    Returns:
        Metres, and which grid; 1e30 if it never does.
    """
    t = begin
    for k in range(at.shape[0] - 1, -1, -1):
        hit, leaves = _cast_on_grid(at, height, greatest, k, ox, oy, oz, d, t, level)
        if hit < NEVER:
            return hit, k
        t = max(t, leaves)
        if d[2] > 0 and oz + t * d[2] > greatest[0, -1]:
            break
    return NEVER, -1
