"""Tiles of a picture, and groups of them: which of them a solid can be seen in, or can darken.

Around the rays of each tile lies a cone, around the points they meet a ball. A solid, its shadow
or its surroundings are compared with those of a group of tiles first.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.rehearsal.noise import compiled, inlined
from solbook.rehearsal.rays import TILE, way_of
from solbook.rehearsal.solids import UNUSED_M

GROUP = 8
"""Tiles along a side of a group."""
SKY = -1
GROUND = -2
"""What rays meet that meet no solid; solids have numbers from 0."""
# Of a smooth lens the rays of every fifth line and sample, the corners with them, are as far from
# their axis as any, but for this part.
_EVERY = 5
_SLACK = 1.02
_SLACK_RAD = 1e-6
_FAN_SLACK = 1.5
_NO_PLANE = (0.0, 0.0, 0.0)

Cones = NDArray[np.float64]
"""Shape (rows, columns, 5): axis; cosine and sine of half the opening, the sine negative where
there are no rays."""
Balls = NDArray[np.float64]
"""Shape (rows, columns, 4): centre and radius, which is negative where all is sky."""
Fans = NDArray[np.float64]
"""Shape (height, columns, 4): the normal of the plane that the rays of a line of a tile lie in, and
the sine of how far they may lie off it."""


class Tiles(NamedTuple):
    """The tiles of a picture; places are from the tip of its rays.

    Attributes:
        cones: Of the tiles, around the directions of the rays.
        balls: Of the tiles; of shape (0, 0, 4) before the points are known.
        group_cones: Of the groups.
        group_balls: Of the groups.
        fans: Of the lines of the tiles.
        begin_m: No ray begins farther from the tip.
    """

    cones: Cones
    balls: Balls
    group_cones: Cones
    group_balls: Balls
    fans: Fans
    begin_m: float


def tiles_of(rays: NDArray[np.float32], height_px: int, width_px: int) -> Tiles:
    """The tiles of a picture whose points are not known yet; `rays` as `rays.Sight` has them."""
    cones = _cones(rays, height_px, width_px)
    none = np.empty((0, 0, 4))
    begins = np.linalg.norm(rays[::_EVERY, :3, ::_EVERY], axis=1)
    begin_m = float(np.nanmax(begins, initial=0.0)) * _SLACK
    fans = _fans(rays, height_px, width_px)
    return Tiles(cones, none, _around_groups(cones), none, fans, begin_m)


def with_points(tiles: Tiles, far: NDArray[np.float32], what: NDArray[np.int32]) -> Tiles:
    """The same with the points that are met.

    Args:
        tiles: The tiles.
        far: Shape (height, width): how far each ray reaches.
        what: The same shape: what it meets; `SKY` does not count.
    """
    ranges = _ranges(far, what)
    grouped = _ranges_of_groups(ranges)
    return Tiles(
        tiles.cones,
        _balls(tiles.cones, ranges, tiles.begin_m),
        tiles.group_cones,
        _balls(tiles.group_cones, grouped, tiles.begin_m),
        tiles.fans,
        tiles.begin_m,
    )


@compiled
def _cones(rays: Any, height: Any, width: Any) -> Any:
    rows, columns = -(-height // TILE), -(-width // TILE)
    found = np.zeros((rows, columns, 5))
    for row in range(rows):
        for column in range(columns):
            top, left = row * TILE, column * TILE
            bottom, right = min(top + TILE, height) - 1, min(left + TILE, width) - 1
            cone = found[row, column]
            # Where the model gives no rays for some pixels, all are asked.
            step = _EVERY
            if not _put_axis(cone, rays, top, left, bottom, right, step):
                step = 1
                _put_axis(cone, rays, top, left, bottom, right, step)
            if cone[4] == 0.0:
                _open(cone, rays, top, left, bottom, right, step)
    return found


@compiled
def _put_axis(cone: Any, rays: Any, top: Any, left: Any, bottom: Any, right: Any, step: Any) -> Any:
    """The mean of a tile's rays; says whether there is one for every pixel asked."""
    count, missing = 0, 0
    cone[:] = 0.0
    for i in range(top, bottom + step, step):
        for j in range(left, right + step, step):
            p, q = min(i, bottom), min(j, right)
            way = way_of(rays, p, q)
            if np.isnan(way[0]):
                missing += 1
                continue
            count += 1
            for k in range(3):
                cone[k] += way[k]
    if count == 0:
        cone[4] = -1.0
        return False
    _make_unit(cone)
    return missing == 0


@compiled
def _fans(rays: Any, height: Any, width: Any) -> Any:
    columns = -(-width // TILE)
    found = np.empty((height, columns, 4))
    for i in range(height):
        for column in range(columns):
            left, right = column * TILE, min((column + 1) * TILE, width) - 1
            _put_fan(found[i, column], rays, i, left, right)
    return found


@compiled
def _put_fan(fan: Any, rays: Any, i: Any, left: Any, right: Any) -> None:
    """The plane through the first and the last of a few rays side by side."""
    first, last = way_of(rays, i, left), way_of(rays, i, right)
    ax, ay, az = np.float64(first[0]), np.float64(first[1]), np.float64(first[2])
    bx, by, bz = np.float64(last[0]), np.float64(last[1]), np.float64(last[2])
    x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    length = np.sqrt(x * x + y * y + z * z)
    middle = way_of(rays, i, (left + right) // 2)
    off = abs(x * middle[0] + y * middle[1] + z * middle[2]) / length
    # Of a lens the middle ray is the farthest off, but for this part.
    off = off * _FAN_SLACK + _SLACK_RAD
    # One ray alone has no plane, and where the model ends any ray may be among them.
    known = length > 0.0 and off < 1.0
    fan[0], fan[1], fan[2] = (x / length, y / length, z / length) if known else _NO_PLANE
    fan[3] = off if known else 1.0


@compiled
def _make_unit(cone: Any) -> None:
    length = np.sqrt(cone[0] ** 2 + cone[1] ** 2 + cone[2] ** 2)
    for k in range(3):
        cone[k] /= length


@compiled
def _open(cone: Any, rays: Any, top: Any, left: Any, bottom: Any, right: Any, step: Any) -> None:
    """Open a cone until it holds all rays of its tile."""
    aside2 = 0.0
    for i in range(top, bottom + step, step):
        for j in range(left, right + step, step):
            p, q = min(i, bottom), min(j, right)
            way = way_of(rays, p, q)
            if not np.isnan(way[0]):
                x, y, z = np.float64(way[0]), np.float64(way[1]), np.float64(way[2])
                along = x * cone[0] + y * cone[1] + z * cone[2]
                aside2 = max(
                    aside2,
                    (x - along * cone[0]) ** 2
                    + (y - along * cone[1]) ** 2
                    + (z - along * cone[2]) ** 2,
                )
    half = np.arcsin(min(np.sqrt(aside2), 1.0)) * _SLACK + _SLACK_RAD
    cone[3], cone[4] = np.cos(half), np.sin(half)


@compiled
def _around_groups(cones: Any) -> Any:
    """Cones around the cones of groups of tiles."""
    rows, columns = -(-cones.shape[0] // GROUP), -(-cones.shape[1] // GROUP)
    found = np.zeros((rows, columns, 5))
    for row in range(rows):
        for column in range(columns):
            top, left = row * GROUP, column * GROUP
            bottom, right = min(top + GROUP, cones.shape[0]), min(left + GROUP, cones.shape[1])
            some = cones[top:bottom, left:right].copy().reshape(-1, 5)
            _gather(found[row, column], some)
    return found


@compiled
def _gather(group: Any, cones: Any) -> None:
    """A cone around some, shape (n, 5), of which those without rays do not count."""
    count = 0
    for one in range(cones.shape[0]):
        if cones[one, 4] >= 0.0:
            count += 1
            for k in range(3):
                group[k] += cones[one, k]
    if count == 0:
        group[4] = -1.0
        return
    _make_unit(group)
    widest = 0.0
    for one in range(cones.shape[0]):
        if cones[one, 4] >= 0.0:
            along = cones[one, 0] * group[0] + cones[one, 1] * group[1] + cones[one, 2] * group[2]
            half = np.arctan2(cones[one, 4], cones[one, 3])
            widest = max(widest, np.arccos(min(along, 1.0)) + half)
    widest = min(widest + _SLACK_RAD, np.pi)
    group[3], group[4] = np.cos(widest), np.sin(widest)


@compiled
def _ranges(far: Any, what: Any) -> Any:
    """The least and the greatest range in each tile; the greatest is negative if all is sky."""
    rows, columns = -(-far.shape[0] // TILE), -(-far.shape[1] // TILE)
    found = np.empty((rows, columns, 2))
    found[..., 0], found[..., 1] = 1e30, -1.0
    for i in range(far.shape[0]):
        for j in range(far.shape[1]):
            if what[i, j] != SKY:
                tile = found[i // TILE, j // TILE]
                t = far[i, j]
                tile[0] = min(tile[0], t)
                tile[1] = max(tile[1], t)
    return found


@compiled
def _ranges_of_groups(ranges: Any) -> Any:
    rows, columns = -(-ranges.shape[0] // GROUP), -(-ranges.shape[1] // GROUP)
    found = np.empty((rows, columns, 2))
    found[..., 0], found[..., 1] = 1e30, -1.0
    for row in range(ranges.shape[0]):
        for column in range(ranges.shape[1]):
            group = found[row // GROUP, column // GROUP]
            group[0] = min(group[0], ranges[row, column, 0])
            group[1] = max(group[1], ranges[row, column, 1])
    return found


@compiled
def _balls(cones: Any, ranges: Any, begin: Any) -> Any:
    """Balls around the parts of cones between two ranges."""
    found = np.empty((cones.shape[0], cones.shape[1], 4))
    for row in range(cones.shape[0]):
        for column in range(cones.shape[1]):
            near, far = ranges[row, column, 0], ranges[row, column, 1]
            cosine, sine = cones[row, column, 3], cones[row, column, 4]
            found[row, column, 3] = -1.0
            if far >= 0.0 and sine >= 0.0:
                # No point is nearer along the axis, or farther from it.
                first = near * cosine if cosine > 0.0 else far * cosine
                middle = 0.5 * (first + far)
                for k in range(3):
                    found[row, column, k] = middle * cones[row, column, k]
                aside = far * (sine if cosine > 0.0 else 1.0)
                found[row, column, 3] = np.sqrt((far - middle) ** 2 + aside * aside) + begin
    return found


@compiled
def meetings(tiles: Any, centres: Any, radii: Any, lengths: Any, way: Any) -> Any:
    """Which balls, drawn out along a way, can meet what is seen in which tiles.

    Args:
        tiles: `Tiles`; where its balls are not known all rays count, else the points.
        centres: Shape (n, 3): where the balls begin, from the tip of the rays.
        radii: Shape (n,).
        lengths: Shape (n,): how far each is drawn out; 0 for balls.
        way: Direction in which they are.

    Returns:
        Shape (m, 3): number of the ball, row and column of the tile; in the order of the
        balls.
    """
    cones, balls, group_cones, group_balls, _, begin = tiles
    found = np.empty((4 * centres.shape[0] + 1_024, 3), np.int64)
    count = 0
    for number in range(centres.shape[0]):
        half = 0.5 * lengths[number]
        place = (centres[number, 0], centres[number, 1], centres[number, 2])
        ball = seen_from_tip(place, radii[number] + half + begin, half, way)
        stretch = (place, radii[number], lengths[number], way)
        for row in range(group_cones.shape[0]):
            for column in range(group_cones.shape[1]):
                if is_beside(group_cones, row, column, ball) or (
                    group_balls.shape[0] > 0 and _is_beyond(group_balls, row, column, stretch)
                ):
                    continue
                for i in range(row * GROUP, min((row + 1) * GROUP, cones.shape[0])):
                    for j in range(column * GROUP, min((column + 1) * GROUP, cones.shape[1])):
                        if is_beside(cones, i, j, ball) or (
                            balls.shape[0] > 0 and _is_beyond(balls, i, j, stretch)
                        ):
                            continue
                        if count == found.shape[0]:
                            found = np.concatenate((found, np.empty_like(found)))
                        found[count, 0], found[count, 1], found[count, 2] = number, i, j
                        count += 1
    return found[:count]


@inlined
def seen_from_tip(place: Any, radius: Any, half: Any, way: Any) -> Any:
    """A ball around the middle of a stretch: its direction, cosine and sine of half its angle."""
    x, y, z = place[0] + half * way[0], place[1] + half * way[1], place[2] + half * way[2]
    away = np.sqrt(x * x + y * y + z * z)
    if away <= radius:
        # All around.
        return (0.0, 0.0, 0.0), -1.0, 0.0
    sine = radius / away
    return (x / away, y / away, z / away), np.sqrt(1.0 - sine * sine), sine


@inlined
def is_beside(cones: Any, row: Any, column: Any, ball: Any) -> Any:
    """Whether no ray of a cone comes near a ball, of which `seen_from_tip` tells."""
    middle, ball_cosine, ball_sine = ball
    cosine, sine = cones[row, column, 3], cones[row, column, 4]
    along = (
        middle[0] * cones[row, column, 0]
        + middle[1] * cones[row, column, 1]
        + middle[2] * cones[row, column, 2]
    )
    # Two that are wider than half a turn together meet wherever they are.
    narrow = ball_cosine * sine + ball_sine * cosine >= 0.0
    beside = narrow and along < ball_cosine * cosine - ball_sine * sine
    return sine < 0.0 or (beside and ball_cosine >= 0.0)


@inlined
def misses_line(fans: Any, i: Any, column: Any, first: Any, last: Any, reach: Any) -> Any:
    """Whether nothing on the rays of a line of a tile comes near a stretch of a line.

    Args:
        fans: `Tiles.fans`.
        i: Line of the picture.
        column: Of the tile.
        first: Where the stretch begins, from the tip of the rays.
        last: Where it ends.
        reach: What is near: a radius, and how far from the tip rays begin.
    """
    x, y, z = fans[i, column, 0], fans[i, column, 1], fans[i, column, 2]
    above = x * first[0] + y * first[1] + z * first[2]
    below = x * last[0] + y * last[1] + z * last[2]
    away2 = max(_squared(first), _squared(last))
    room = reach + (np.sqrt(away2) + reach) * fans[i, column, 3]
    return min(above, below) > room or max(above, below) < -room


@inlined
def _squared(place: Any) -> Any:
    return place[0] * place[0] + place[1] * place[1] + place[2] * place[2]


@inlined
def _is_beyond(balls: Any, row: Any, column: Any, stretch: Any) -> Any:
    """Whether all points of a ball are farther than a radius from a stretch of a line."""
    place, radius, length, way = stretch
    if balls[row, column, 3] < 0.0:
        return True
    dx = balls[row, column, 0] - place[0]
    dy = balls[row, column, 1] - place[1]
    dz = balls[row, column, 2] - place[2]
    along = min(max(dx * way[0] + dy * way[1] + dz * way[2], 0.0), length)
    dx, dy, dz = dx - along * way[0], dy - along * way[1], dz - along * way[2]
    reach = radius + balls[row, column, 3]
    return dx * dx + dy * dy + dz * dz > reach * reach


@inlined
def passes_solid(
    cones: Any, row: Any, column: Any, begin: Any, faces: Any, number: Any, centre: Any
) -> Any:
    """Whether no ray of a cone enters a convex solid: each leaves it before it could have entered.

    Args:
        cones: The cones.
        row: Which of them.
        column: See there.
        begin: No ray begins farther from the tip.
        faces: Outward normals of solids and distances from their centres, `splat.Stand.faces`.
        number: Which of them.
        centre: Of the solid, from the tip of the rays.
    """
    cosine, sine = cones[row, column, 3], cones[row, column, 4]
    ax, ay, az = cones[row, column, 0], cones[row, column, 1], cones[row, column, 2]
    if cosine < 0.5:
        return False
    enters, leaves = 0.0, 1e30
    for f in range(faces.shape[1]):
        if faces[number, f, 3] == UNUSED_M:
            break
        nx, ny, nz = faces[number, f, 0], faces[number, f, 1], faces[number, f, 2]
        along = nx * ax + ny * ay + nz * az
        # The true bounds are nearer to each other, and take a root.
        least, most = along * cosine - sine, along * cosine + sine
        room = faces[number, f, 3] + nx * centre[0] + ny * centre[1] + nz * centre[2] + begin
        if most < 0.0:
            enters = max(enters, room / max(least, -1.0))
        elif least > 0.0:
            if room < 0.0:
                return True
            leaves = min(leaves, room / least)
    return _is_before(leaves, enters)


@inlined
def lies_beside(
    balls: Any, row: Any, column: Any, way: Any, faces: Any, number: Any, centre: Any
) -> Any:
    """Whether a convex solid stands before none of the points of a ball.

    Args:
        balls: The balls.
        row: Which of them.
        column: See there.
        way: The direction in which it would.
        faces: As `passes_solid` takes them.
        number: See there.
        centre: Of the solid, from the tip of the rays.
    """
    enters, leaves = 0.0, 1e30
    x, y = balls[row, column, 0] - centre[0], balls[row, column, 1] - centre[1]
    z, radius = balls[row, column, 2] - centre[2], balls[row, column, 3]
    for f in range(faces.shape[1]):
        if faces[number, f, 3] == UNUSED_M:
            break
        nx, ny, nz = faces[number, f, 0], faces[number, f, 1], faces[number, f, 2]
        toward = nx * way[0] + ny * way[1] + nz * way[2]
        room = faces[number, f, 3] - (nx * x + ny * y + nz * z) + radius
        if toward < -1e-6:
            enters = max(enters, room / toward)
        elif toward > 1e-6:
            if room < 0.0:
                return True
            leaves = min(leaves, room / toward)
    return _is_before(leaves, enters)


@inlined
def _is_before(leaves: Any, enters: Any) -> Any:
    # What is left over is for the rounding of 32 bits.
    return enters > leaves * 1.0001 + 1e-5
