"""Pixels: what a picture is, smaller pictures made of it, and what its camera saw where."""

from solbook.imaging.attitude import Attitude, azimuth_elevation_deg
from solbook.imaging.camera_model import CameraModel, Window, camera_vector
from solbook.imaging.pictures import THUMBNAIL_WIDTHS_PX, NotAPicture, identify, thumbnail

__all__ = [
    "THUMBNAIL_WIDTHS_PX",
    "Attitude",
    "CameraModel",
    "NotAPicture",
    "Window",
    "azimuth_elevation_deg",
    "camera_vector",
    "identify",
    "thumbnail",
]
