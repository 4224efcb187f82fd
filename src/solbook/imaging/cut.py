"""Parts of pictures, in any size, turn and format: what the Image API and the pages ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import pyvips

from solbook.imaging.pictures import NotAPicture, reason_of
from solbook.imaging.pyramid import TILE_PX, Box, Pyramid
from solbook.imaging.shown import open_shown

Quality = Literal["color", "gray", "bitonal"]
Format = Literal["jpg", "png", "webp"]

MAX_SIDE_PX = 16_383
"""No side is longer: WebP has no room for more."""

_JPEG_QUALITY = 82
# libwebp's own. At 80 files are a third larger for 0.9 dB, and take a fifth longer to make.
_WEBP_QUALITY = 75
# Of 0 to 6: the least gives files a tenth larger in a quarter of the time.
_WEBP_EFFORT = 0
_PNG_COMPRESSION = 3
_MIDDLE_GREY = 128
_MOST_JPEG_SHRINK = 8


class Region(NamedTuple):
    """A part of a picture, in its pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What is wanted of a picture.

    Attributes:
        region: The part.
        width_px: Width it is brought to, before it is turned.
        height_px: Height it is brought to.
        mirror: Whether left and right are changed, before it is turned.
        rotation_deg: Clockwise, 0 to 360.
        quality: In colour, in grey, or in black and white only.
        format: Of the answer.
    """

    region: Region
    width_px: int
    height_px: int
    mirror: bool = False
    rotation_deg: float = 0.0
    quality: Quality = "color"
    format: Format = "jpg"


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture on disk.

    Attributes:
        path: Its file.
        media_type: Of the file.
        width_px: Width of the whole picture, upright.
        height_px: Height of it.
        pyramid: What it is read from instead, if it is large.
    """

    path: Path
    media_type: str
    width_px: int
    height_px: int
    pyramid: Pyramid | None = None

    def require_file(self) -> None:
        """Make sure there is something to read it from.

        Raises:
            FileNotFoundError: There is not.
        """
        if self.pyramid is None and not self.path.is_file():
            raise FileNotFoundError(2, "the file is not there", str(self.path))


def whole(picture: PictureFile, width_px: int, picture_format: Format) -> Cut:
    """All of a picture at a width; one that is narrower keeps its own, a very tall one less."""
    width, height = picture.width_px, picture.height_px
    scale = min(width_px / width, MAX_SIDE_PX / height, 1.0)
    return Cut(
        Region(0, 0, width, height),
        max(round(width * scale), 1),
        max(round(height * scale), 1),
        format=picture_format,
    )


def cut(picture: PictureFile, wanted: Cut) -> bytes:
    """Make what is wanted of a picture.

    Args:
        picture: The picture.
        wanted: The part, within the picture, and what becomes of it.

    Raises:
        NotAPicture: The file is damaged.
        OSError: It is not there.
    """
    picture.require_file()
    try:
        image = _turned(_sized(picture, wanted), wanted)
        image = _in_quality(image, wanted.quality)
        return saved(image, wanted.format, bitonal=wanted.quality == "bitonal")
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def ready_tile(pyramid: Pyramid, wanted: Cut) -> bytes | None:
    """What is wanted of a picture, if it is a tile of its pyramid just as it stands there.

    Viewers ask for little else. Those at the right and lower edges are not: they are filled up.

    Raises:
        NotAPicture: The pyramid is damaged.
        OSError: It is not there.
    """
    region = wanted.region
    if wanted != Cut(region, TILE_PX, TILE_PX):
        return None
    depth = (region.width // TILE_PX).bit_length() - 1
    side = TILE_PX << max(depth, 0)
    if (region.width, region.height) != (side, side) or depth >= len(pyramid.layers):
        return None
    (column, off_x), (row, off_y) = divmod(region.x, side), divmod(region.y, side)
    layer = pyramid.layers[depth]
    if off_x or off_y or not layer.head:
        return None
    return pyramid.tile(depth, column, row)


def saved(image: pyvips.Image, picture_format: Format, *, bitonal: bool = False) -> bytes:
    """A picture's bytes in a format."""
    made: bytes
    if picture_format == "jpg":
        made = _flat(image).jpegsave_buffer(Q=_JPEG_QUALITY, keep="none")
    elif picture_format == "png":
        bits = 1 if bitonal else 8
        made = image.pngsave_buffer(compression=_PNG_COMPRESSION, bitdepth=bits, keep="none")
    else:
        made = image.webpsave_buffer(Q=_WEBP_QUALITY, effort=_WEBP_EFFORT, keep="none")
    return made


def _sized(picture: PictureFile, wanted: Cut) -> pyvips.Image:
    """The region in the size that is wanted, made of no more pixels than it needs."""
    region = wanted.region
    spare = min(region.width / wanted.width_px, region.height / wanted.height_px)
    halvings = max(int(spare), 1).bit_length() - 1
    if picture.pyramid is not None:
        depth = min(halvings, len(picture.pyramid.layers) - 1)
        image = picture.pyramid.region(depth, _scaled(region, 0.5**depth, 0.5**depth))
    else:
        image = _reduced(picture, halvings)
        across, along = image.width / picture.width_px, image.height / picture.height_px
        box = _scaled(region, across, along)
        if box != (0, 0, image.width, image.height):
            image = image.crop(box.left, box.top, box.right - box.left, box.bottom - box.top)
    if (image.width, image.height) == (wanted.width_px, wanted.height_px):
        return image
    return image.thumbnail_image(wanted.width_px, height=wanted.height_px, size="force")


def _scaled(region: Region, across: float, along: float) -> Box:
    """Where a region lies in a smaller copy of its picture."""
    left, top = int(region.x * across), int(region.y * along)
    right = math.ceil((region.x + region.width) * across)
    bottom = math.ceil((region.y + region.height) * along)
    return Box(left, top, right, bottom)


def _reduced(picture: PictureFile, halvings: int) -> pyvips.Image:
    """The whole picture; a JPEG is decoded at a part of its size where that is enough."""
    if picture.media_type == "image/jpeg" and halvings:
        return open_shown(picture.path, shrink=min(1 << halvings, _MOST_JPEG_SHRINK))
    return open_shown(picture.path)


def _turned(image: pyvips.Image, wanted: Cut) -> pyvips.Image:
    if not wanted.mirror and wanted.rotation_deg % 360 == 0:
        return image
    # What is read from top to bottom only has to be kept to be turned.
    image = image.copy_memory()
    if wanted.mirror:
        image = image.fliphor()
    quarters, rest = divmod(wanted.rotation_deg % 360, 90)
    if rest:
        alpha = image if image.hasalpha() else image.bandjoin(255)
        return alpha.rotate(wanted.rotation_deg)
    return image.rot(("d0", "d90", "d180", "d270")[int(quarters)])


def _in_quality(image: pyvips.Image, quality: Quality) -> pyvips.Image:
    if quality == "color":
        return image
    if quality == "gray":
        return image.colourspace("b-w")
    return _flat(image).colourspace("b-w") >= _MIDDLE_GREY


def _flat(image: pyvips.Image) -> pyvips.Image:
    """Without transparency, on the black that pictures lie on in pages."""
    return image.flatten() if image.hasalpha() else image
