"""What part of the ground around it a frame sees, in 15 numbers, and how much two have in common.

A view is a pyramid: where the camera is, where its middle looks, and how far it reaches to the side
and down. It is made of the camera model, attitude and place that came with a record; the ground is
taken for a plane under the vehicle. So a share is an estimate: what stands in the way, and hills,
are not known.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.errors import SolbookError
from solbook.imaging.attitude import Attitude, read_numbers
from solbook.imaging.camera_model import CameraModel
from solbook.imaging.pixel_scale import model_of_record

Floats = NDArray[np.float64]

VIEW_NUMBERS = 15
"""The camera's place, where its middle looks, its reach to the right and down, the vehicle's place;
three numbers each."""

# What lies beyond is far away: only its direction counts.
FAR_M = 150.0
# Of a picture, so many points are followed to the ground.
_GRID = (8, 6)
# A camera that looks further to the side than this has no pyramid.
_WIDEST = np.tan(np.radians(75.0))
# Sine of the angle below which ground is seen edge-on: ever more of it is hidden by what stands
# before it. On the rehearsal 0.03 finds one overlap in a hundred more than none, 0.1 fewer.
_GRAZING = 0.03


def view_of_record(record: Any, width_px: int, height_px: int) -> Floats | None:
    """The view of a frame, in its site frame (x north, y east, z down, metres).

    Args:
        record: Its upstream record, decoded, in the form of the agency's feeds.
        width_px: Width of its picture.
        height_px: Its height.

    Returns:
        Shape (15,); `None` where the record has no camera model, attitude or place.
    """
    model = model_of_record(record)
    if model is None:
        return None
    extended = record.get("extended")
    holder = extended if isinstance(extended, dict) else {}
    place, turned = holder.get("xyz") or record.get("xyz"), record.get("attitude")
    if not isinstance(place, str) or not isinstance(turned, str):
        return None
    try:
        place_m = np.array(read_numbers(place, 3, "place"))
        attitude = Attitude.parse(turned)
    except SolbookError:
        return None
    return view_of(model, attitude, place_m, width_px, height_px)


def view_of(
    model: CameraModel, attitude: Attitude, place_m: Floats, width_px: int, height_px: int
) -> Floats | None:
    """The view of a picture.

    Args:
        model: In the vehicle's frame and the picture's pixels.
        attitude: The vehicle's.
        place_m: Where the vehicle stands, site frame.
        width_px: Width of the picture.
        height_px: Its height.
    """
    x, y = (width_px - 1) / 2, (height_px - 1) / 2
    starts, ways = model.rays(np.array([[x, y], [0, y], [2 * x, y], [x, 0], [x, 2 * y]]))
    if not np.all(np.isfinite(ways)):
        return None
    turn = attitude.matrix()
    middle, left, right, top, bottom = ways @ turn.T
    across = _reach(middle, left, right)
    along = _reach(middle, top, bottom)
    camera_m = turn @ starts[0] + place_m
    return np.concatenate([camera_m, middle, across, along, place_m])


def _reach(middle: Floats, one: Floats, other: Floats) -> Floats:
    """From the middle of a plane one unit away to its edge."""
    ends = [way / max(float(way @ middle), 1e-3) for way in (one, other)]
    half: Floats = (ends[1] - ends[0]) / 2
    length = float(np.linalg.norm(half))
    return half * min(1.0, float(_WIDEST) / max(length, 1e-9))


def ground_points(view: NDArray[Any]) -> Floats:
    """Places on the ground that a view sees, shape (n, 3); of a view of the sky far ones in it."""
    camera_m, middle, across, along, place_m = np.split(np.asarray(view, np.float64), 5)
    ways = _ways(middle, across, along)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    drop_m = place_m[2] - camera_m[2]
    falling = ways[:, 2]
    with np.errstate(divide="ignore"):
        away_m = np.where(falling > 0, drop_m / np.where(falling > 0, falling, 1), np.inf)
    lands = (away_m > 0) & np.isfinite(away_m)
    if lands.any():
        ways, away_m = ways[lands], away_m[lands]
    points: Floats = camera_m + ways * np.minimum(np.abs(away_m), FAR_M)[:, None]
    return points


def _ways(middle: Floats, across: Floats, along: Floats) -> Floats:
    """Directions spread over a view, evenly by angle."""
    x, y = (_spread(count, vector) for count, vector in zip(_GRID, (across, along), strict=True))
    ways: Floats = (
        middle + x[None, :, None] * across[None, None, :] + y[:, None, None] * along[None, None, :]
    ).reshape(-1, 3)
    return ways


def _spread(count: int, reach: Floats) -> Floats:
    half = np.arctan(np.linalg.norm(reach))
    parts = (np.arange(count) + 0.5) / count * 2 - 1
    spread: Floats = np.tan(parts * half) / max(float(np.tan(half)), 1e-9)
    return spread


def shares_seen(points_m: Floats, views: NDArray[Any]) -> Floats:
    """The share of some places that each of some views sees.

    Args:
        points_m: Shape (n, 3), site frame.
        views: Shape (m, 15), of frames of the same site.

    Returns:
        Shape (m,), 0 to 1.
    """
    # Near to each other, so that single precision is enough.
    middle_m = np.mean(points_m, axis=0)
    points = (points_m - middle_m).astype(np.float32).T
    views = np.asarray(views)
    camera_m = (views[:, :3] - middle_m).astype(np.float32)
    middle, across, along = (views[:, i : i + 3].astype(np.float32) for i in (3, 6, 9))

    def measured(axes: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = axes @ points - np.sum(axes * camera_m, axis=1, keepdims=True)
        return found

    depth = measured(middle)
    seen = depth > 0
    for reach in (across, along):
        square = np.sum(reach * reach, axis=1, keepdims=True)
        # A point is camera + depth (middle + x reach + ...), and reach stands upright on middle:
        # so x is point . reach / (depth square), and from -1 to 1 in the picture.
        seen &= np.abs(measured(reach)) <= depth * np.maximum(square, 1e-12)
    away_m = np.sqrt(
        np.maximum(
            np.sum(points * points, axis=0)
            - 2 * camera_m @ points
            + np.sum(camera_m * camera_m, axis=1, keepdims=True),
            1e-6,
        )
    )
    steep = np.abs(points[2] - camera_m[:, 2:]) / away_m
    share: Floats = np.mean(seen * np.minimum(steep / _GRAZING, 1.0), axis=1)
    return share
