"""A picture in all the widths of pages at once: it is decoded once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyvips

from solbook.imaging.cut import Format, PictureFile, cut, saved, whole
from solbook.imaging.pictures import NotAPicture, reason_of
from solbook.imaging.shown import open_shown

PICTURE_WIDTHS_PX = (320, 640, 960, 1280, 1920, 2560)
"""The widths pages show pictures in; a picture is never enlarged."""
_NEARLY = 1.25


class Size(NamedTuple):
    """A width in a format."""

    width_px: int
    format: Format

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.width_px}.{self.format}"


def widths_of(width_px: int) -> tuple[int, ...]:
    """The widths a picture is shown in: those below its own, and the next, which gives its own.

    One that is nearly its own is left out: a frame of 1288 pixels has no use for 1280 as well.
    """
    narrower = [width for width in PICTURE_WIDTHS_PX if width < width_px]
    own = PICTURE_WIDTHS_PX[len(narrower) : len(narrower) + 1]
    if own and narrower and width_px < _NEARLY * narrower[-1]:
        narrower.pop()
    return (*narrower, *own)


def sized(picture: PictureFile, sizes: Iterable[Size]) -> Iterator[tuple[Size, bytes]]:
    """A picture in some sizes, largest first.

    Raises:
        NotAPicture: The file is damaged.
        OSError: It is not there.
    """
    picture.require_file()
    ordered = sorted(sizes, reverse=True)
    if picture.pyramid is not None:
        for size in ordered:
            yield size, cut(picture, whole(picture, *size))
        return
    try:
        made = [open_shown(picture.path).copy_memory()]
        for size in ordered:
            wanted = whole(picture, *size)
            image = _scaled(made, wanted.width_px, wanted.height_px)
            if image is not made[-1]:
                made.append(image)
            yield size, saved(image, size.format)
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def _scaled(made: list[pyvips.Image], width_px: int, height_px: int) -> pyvips.Image:
    """A picture made smaller, from the smallest there is that has enough to be made smaller."""
    if (made[-1].width, made[-1].height) == (width_px, height_px):
        return made[-1]
    base = next((image for image in reversed(made) if image.width >= 2 * width_px), made[0])
    scaled = base.thumbnail_image(width_px, height=height_px, size="force")
    return scaled.copy_memory()
