"""How much of the sky a pixel covers, by the camera model that came with a record."""

from __future__ import annotations

from typing import Any

import numpy as np

from solbook.errors import SolbookError
from solbook.imaging.camera_model import CameraModel

_COMPONENTS = "camera_model_component_list"
_TYPE = "camera_model_type"


def model_of_record(record: Any) -> CameraModel | None:
    """The camera model of an upstream record; `None` where it has none that can be used.

    Perseverance's feed has it under `camera`, that of Curiosity and InSight at the top.
    """
    if not isinstance(record, dict):
        return None
    camera = record.get("camera")
    holder = camera if isinstance(camera, dict) else record
    components, kind = holder.get(_COMPONENTS), holder.get(_TYPE)
    if not isinstance(components, str) or not isinstance(kind, str):
        return None
    try:
        return CameraModel.parse(components, kind)
    except SolbookError:
        return None


def degrees_per_pixel(model: CameraModel, width_px: int, height_px: int) -> float | None:
    """The angle that one pixel covers in the middle of a picture.

    Args:
        model: In the pixels of the picture.
        width_px: Width of that picture.
        height_px: Its height.

    Returns:
        The mean of the angles along a line and a column, degrees; `None` where the model sees
        nothing there. Away from the middle of a wide lens a pixel covers less or more.
    """
    middle = np.array([width_px - 1, height_px - 1]) / 2
    steps = np.array([[-0.5, 0], [0.5, 0], [0, -0.5], [0, 0.5]])
    _, ways = model.rays(middle + steps)
    across = np.linalg.norm(np.cross(ways[::2], ways[1::2]), axis=-1)
    along = np.sum(ways[::2] * ways[1::2], axis=-1)
    mean = float(np.degrees(np.mean(np.arctan2(across, along))))
    return mean if np.isfinite(mean) and mean > 0 else None
