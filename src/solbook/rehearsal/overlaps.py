"""Which frames see the same ground.

The rule: of a frame's points that are ground or rock, the share that another frame sees. It sees a
point that its camera model puts into its picture, unless something is before it: the point's
distance must lie between the least and the greatest of the four ranges known around that pixel, 5 %
allowed. Asked only of frames whose vehicles are within 30 m of each other; kept from a share of
0.05 on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.exposures import Floats

NEARBY_M = 30.0
LEAST_SHARE = 0.05
RANGE_SLACK = 0.05


@dataclass(frozen=True, eq=False)
class View:
    """What a frame sees, for comparing it with others.

    Attributes:
        product_id: The frame's.
        model: Its camera, in the ground frame and the frame's own pixels.
        size_px: Its width and height.
        points_m: Shape (n, 3): the places it sees that other frames may see too, ground frame.
        ranges_m: Shape (lines, samples): ranges in the middles of as many equal parts of it.
        place_m: Shape (3,): where its vehicle is, ground frame.
    """

    product_id: str
    model: CameraModel
    size_px: tuple[int, int]
    points_m: Floats
    ranges_m: Floats
    place_m: Floats


@dataclass(frozen=True)
class Overlap:
    """Another frame, and the share of this one's points that it sees."""

    product_id: str
    share: float


def overlaps(views: Sequence[View]) -> dict[str, list[Overlap]]:
    """The overlaps of every frame that has any, in the order of the others' product ids."""
    found: dict[str, list[Overlap]] = defaultdict(list)
    places_m = np.array([view.place_m for view in views]).reshape(-1, 3)
    for other in sorted(views, key=lambda view: view.product_id):
        near = np.linalg.norm(places_m - other.place_m, axis=1) <= NEARBY_M
        asking = [
            view
            for view, is_near in zip(views, near, strict=True)
            if is_near and view is not other and len(view.points_m)
        ]
        if not asking:
            continue
        visible = sees(other, np.concatenate([view.points_m for view in asking]))
        ends = np.cumsum([len(view.points_m) for view in asking])[:-1]
        for view, part in zip(asking, np.split(visible, ends), strict=True):
            share = float(part.mean())
            if share >= LEAST_SHARE:
                found[view.product_id].append(Overlap(other.product_id, share))
    return dict(found)


def sees(view: View, points_m: Floats) -> NDArray[np.bool_]:
    """Whether a frame sees each of some places, shape (n, 3), of the ground frame."""
    pixels = view.model.project(points_m)
    # NaN, of points behind the camera, is neither.
    inside = np.all((pixels > -0.5) & (pixels < np.array(view.size_px) - 0.5), axis=1)
    nearest_m, farthest_m = _ranges_around(view, np.where(np.reshape(inside, (-1, 1)), pixels, 0.0))
    away_m = np.linalg.norm(points_m - view.model.c_m, axis=1)
    shown: NDArray[np.bool_] = (
        inside
        & (away_m >= nearest_m * (1 - RANGE_SLACK))
        & (away_m <= farthest_m * (1 + RANGE_SLACK))
    )
    return shown


def _ranges_around(view: View, pixels: Floats) -> tuple[Floats, Floats]:
    """The least and the greatest of the four ranges known around each of some pixels."""
    lines, samples = view.ranges_m.shape
    parts = (pixels + 0.5) / np.array(view.size_px) * (samples, lines) - 0.5
    j0, i0 = np.floor(parts).astype(np.int64).T
    i = np.clip(np.stack([i0, i0, i0 + 1, i0 + 1]), 0, lines - 1)
    j = np.clip(np.stack([j0, j0 + 1, j0, j0 + 1]), 0, samples - 1)
    around = view.ranges_m[i, j]
    return around.min(axis=0), around.max(axis=0)
