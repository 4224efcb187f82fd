"""Pyramids: a large picture as tiles in layers, each half as wide as the one before."""

from __future__ import annotations

from pathlib import Path

import pyvips

from solbook.imaging.pictures import NotAPicture, reason_of
from solbook.imaging.shown import open_shown

TILE_PX = 512
"""Side of a tile, of pyramids and of what viewers are told to ask for."""

_QUALITY = 90


def make_pyramid(source: Path, target: Path) -> None:
    """Write the pyramid of a picture, as it is shown, as a tiled TIFF.

    The picture is read once from top to bottom, and only some lines of it are in memory.

    Args:
        source: A file that `identify` has accepted.
        target: Where to; overwritten.

    Raises:
        NotAPicture: The source is damaged.
    """
    try:
        image = open_shown(source)
        image.tiffsave(
            str(target),
            tile=True,
            tile_width=TILE_PX,
            tile_height=TILE_PX,
            pyramid=True,
            # JPEG has no room for transparency.
            compression="deflate" if image.hasalpha() else "jpeg",
            Q=_QUALITY,
            bigtiff=True,
            keep="none",
        )
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def layers_of(pyramid: Path) -> int:
    """How many layers a pyramid has."""
    return int(pyvips.Image.new_from_file(str(pyramid)).get_n_pages())
