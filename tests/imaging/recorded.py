"""What recorded records say of a camera, and pixels to ask it for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel, Window
from solbook.imaging.attitude import read_numbers

Record = dict[str, Any]
Floats = NDArray[np.float64]

FORWARD = {"c_m": (0, 0, 0), "axis": (1, 0, 0), "up": (0, 0, -1)}


def model_of(record: Record) -> CameraModel:
    camera = record["camera"]
    return CameraModel.parse(camera["camera_model_component_list"], camera["camera_model_type"])


def window_of(record: Record) -> Window:
    extended = record["extended"]
    return Window.parse(extended["subframeRect"], extended["scaleFactor"])


def size_of(record: Record) -> tuple[int, int]:
    width, height = read_numbers(record["extended"]["dimension"], 2, "dimension")
    return int(width), int(height)


def grid(width: int, height: int, step: int = 9) -> Floats:
    """Pixels over a picture, its corners included."""
    x, y = np.linspace(0, width - 1, step), np.linspace(0, height - 1, step)
    return np.stack(np.meshgrid(x, y), axis=-1)
