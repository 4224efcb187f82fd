"""Pixels: what a picture is, smaller pictures made of it, and what its camera saw where."""

from solbook.imaging.attitude import Attitude, azimuth_elevation_deg
from solbook.imaging.camera_model import CameraModel, Window, camera_vector
from solbook.imaging.cut import MAX_SIDE_PX, Cut, PictureFile, Region, cut, ready_tile, whole
from solbook.imaging.pictures import NotAPicture, identify
from solbook.imaging.pixel_scale import degrees_per_pixel, model_of_record
from solbook.imaging.pyramid import TILE_PX, make_pyramid, open_pyramid
from solbook.imaging.sizes import PICTURE_WIDTHS_PX, Size, sized, widths_of
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
    "Size",
    "Window",
    "azimuth_elevation_deg",
    "camera_vector",
    "cut",
    "degrees_per_pixel",
    "identify",
    "make_pyramid",
    "model_of_record",
    "open_pyramid",
    "ready_tile",
    "sized",
    "thumbhash",
    "whole",
    "widths_of",
]
