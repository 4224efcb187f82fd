"""Pixels: what a picture is, and smaller pictures made of it."""

from solbook.imaging.pictures import THUMBNAIL_WIDTHS_PX, NotAPicture, identify, thumbnail

__all__ = ["THUMBNAIL_WIDTHS_PX", "NotAPicture", "identify", "thumbnail"]
