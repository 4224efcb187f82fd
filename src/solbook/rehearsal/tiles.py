"""Tiles of a picture: balls and cones around what their pixels see, to pass over many at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.rehearsal.noise import compiled

TILE = 16
"""Pixels along a side of a tile."""


@compiled
def cones(origins: Any, ways: Any) -> Any:
    """A cone around the rays of each tile.

    Returns:
        Shape (rows, columns, 8): its tip and its axis; the tangent of half its opening; how far
        from the tip its rays begin. The tangent is negative where there are no rays.
    """
    rows, columns = -(-origins.shape[0] // TILE), -(-origins.shape[1] // TILE)
    found = np.zeros((rows, columns, 8))
    for row in range(rows):
        for column in range(columns):
            top, left = row * TILE, column * TILE
            _put_axis(found[row, column], origins, ways, top, left)
            if found[row, column, 6] == 0.0:
                _open(found[row, column], origins, ways, top, left)
    return found


@compiled
def _put_axis(cone: Any, origins: Any, ways: Any, top: Any, left: Any) -> None:
    """The mean of a tile's rays."""
    count = 0
    for i in range(top, min(top + TILE, ways.shape[0])):
        for j in range(left, min(left + TILE, ways.shape[1])):
            if not np.isnan(ways[i, j, 0]):
                count += 1
                for k in range(3):
                    cone[k] += origins[i, j, k]
                    cone[3 + k] += ways[i, j, k]
    if count == 0:
        cone[6] = -1.0
        return
    length = np.sqrt(cone[3] ** 2 + cone[4] ** 2 + cone[5] ** 2)
    for k in range(3):
        cone[k] /= count
        cone[3 + k] /= length


@compiled
def _open(cone: Any, origins: Any, ways: Any, top: Any, left: Any) -> None:
    """Open a cone until it holds all rays of its tile."""
    for i in range(top, min(top + TILE, ways.shape[0])):
        for j in range(left, min(left + TILE, ways.shape[1])):
            along, aside2, off2 = 0.0, 0.0, 0.0
            for k in range(3):
                along += ways[i, j, k] * cone[3 + k]
                off2 += (origins[i, j, k] - cone[k]) ** 2
            for k in range(3):
                aside2 += (ways[i, j, k] - along * cone[3 + k]) ** 2
            cone[6] = max(cone[6], np.sqrt(aside2) / along)
            cone[7] = max(cone[7], np.sqrt(off2))


@compiled
def balls(origins: Any, ways: Any, far: Any, what: Any, sky: Any) -> Any:
    """A ball around the points that each tile sees.

    Returns:
        Shape (rows, columns, 4): its centre and radius; negative where all is sky.
    """
    rows, columns = -(-far.shape[0] // TILE), -(-far.shape[1] // TILE)
    found = np.zeros((rows, columns, 4))
    for row in range(rows):
        for column in range(columns):
            top, left = row * TILE, column * TILE
            ball = found[row, column]
            count = 0
            for i in range(top, min(top + TILE, far.shape[0])):
                for j in range(left, min(left + TILE, far.shape[1])):
                    if what[i, j] != sky:
                        count += 1
                        for k in range(3):
                            ball[k] += origins[i, j, k] + far[i, j] * ways[i, j, k]
            ball[:3] /= max(count, 1)
            ball[3] = _radius(ball, origins, ways, far, what, sky, top, left) if count else -1.0
    return found


@compiled
def _radius(
    ball: Any, origins: Any, ways: Any, far: Any, what: Any, sky: Any, top: Any, left: Any
) -> Any:
    most = 0.0
    for i in range(top, min(top + TILE, far.shape[0])):
        for j in range(left, min(left + TILE, far.shape[1])):
            if what[i, j] != sky:
                away2 = 0.0
                for k in range(3):
                    point = origins[i, j, k] + far[i, j] * ways[i, j, k]
                    away2 += (point - ball[k]) ** 2
                most = max(most, away2)
    return np.sqrt(most)


@compiled
def cone_misses(cone: Any, x: Any, y: Any, z: Any, radius: Any) -> Any:
    """Whether no ray of a cone comes near a ball."""
    if cone[6] < 0.0:
        return True
    dx, dy, dz = x - cone[0], y - cone[1], z - cone[2]
    along = dx * cone[3] + dy * cone[4] + dz * cone[5]
    reach = radius + cone[7]
    if along < -reach:
        return True
    aside = np.sqrt(max(dx * dx + dy * dy + dz * dz - along * along, 0.0))
    # At the far side of the ball the cone is widest.
    return aside > reach * (1.0 + cone[6]) + max(along + reach, 0.0) * cone[6]


@compiled
def ball_misses(ball: Any, x: Any, y: Any, z: Any, way: Any, radius: Any) -> Any:
    """Whether a line through a place passes by all points of a ball farther than a radius."""
    if ball[3] < 0.0:
        return True
    dx, dy, dz = ball[0] - x, ball[1] - y, ball[2] - z
    along = dx * way[0] + dy * way[1] + dz * way[2]
    away2 = dx * dx + dy * dy + dz * dz - along * along
    reach = radius + ball[3]
    return away2 > reach * reach


@compiled
def ball_is_beyond(ball: Any, x: Any, y: Any, z: Any, radius: Any) -> Any:
    """Whether all points of a ball are farther than a radius from a place."""
    if ball[3] < 0.0:
        return True
    dx, dy, dz = ball[0] - x, ball[1] - y, ball[2] - z
    reach = radius + ball[3]
    return dx * dx + dy * dy + dz * dz > reach * reach
