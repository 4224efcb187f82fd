"""Pixels: what a picture is, smaller pictures made of it, and what its camera saw where."""

from solbook.imaging.attitude import Attitude, azimuth_elevation_deg
from solbook.imaging.camera_model import CameraModel, Window, camera_vector
from solbook.imaging.cut import MAX_SIDE_PX, Cut, PictureFile, Region, cut, whole
from solbook.imaging.pictures import PICTURE_WIDTHS_PX, NotAPicture, identify
from solbook.imaging.pyramid import TILE_PX, layers_of, make_pyramid
from solbook.imaging.thumbhash import thumbhash

__all__ = [
    "MAX_SIDE_PX",
    "PICTURE_WIDTHS_PX",
    "TILE_PX",
    "Attitude",
    "CameraModel",
    "Cut",
    "NotAPicture",
    "PictureFile",
    "Region",
    "Window",
    "azimuth_elevation_deg",
    "camera_vector",
    "cut",
    "identify",
    "layers_of",
    "make_pyramid",
    "thumbhash",
    "whole",
]
