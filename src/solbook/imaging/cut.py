"""Parts of pictures, in any size, turn and format: what the Image API and the pages ask for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import pyvips

from solbook.imaging.pictures import NotAPicture, reason_of
from solbook.imaging.shown import open_shown

Quality = Literal["color", "gray", "bitonal"]
Format = Literal["jpg", "png", "webp"]

MAX_SIDE_PX = 16_383
"""No side is longer: WebP has no room for more."""

_JPEG_QUALITY = 82
_WEBP_QUALITY = 80
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
        path: Its file, or that of its pyramid.
        media_type: Of the file.
        width_px: Width of the whole picture, upright.
        height_px: Height of it.
        layers: How many layers its pyramid has, each half as wide as the one before; 1 for none.
    """

    path: Path
    media_type: str
    width_px: int
    height_px: int
    layers: int = 1

    def require_file(self) -> None:
        """Make sure the file is there.

        Raises:
            FileNotFoundError: It is not.
        """
        if not self.path.is_file():
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
    region = wanted.region
    image = _reduced(picture, wanted)
    across, along = image.width / picture.width_px, image.height / picture.height_px
    left, top = int(region.x * across), int(region.y * along)
    right = min(-int(-(region.x + region.width) * across // 1), image.width)
    bottom = min(-int(-(region.y + region.height) * along // 1), image.height)
    if (left, top, right, bottom) != (0, 0, image.width, image.height):
        image = image.crop(left, top, max(right - left, 1), max(bottom - top, 1))
    if (image.width, image.height) == (wanted.width_px, wanted.height_px):
        return image
    return image.thumbnail_image(wanted.width_px, height=wanted.height_px, size="force")


def _reduced(picture: PictureFile, wanted: Cut) -> pyvips.Image:
    """The whole picture, no larger than is needed for what is wanted of it."""
    region = wanted.region
    spare = min(region.width / wanted.width_px, region.height / wanted.height_px)
    halvings = max(int(spare), 1).bit_length() - 1
    if picture.layers > 1:
        return open_shown(picture.path, access="random", page=min(halvings, picture.layers - 1))
    if picture.media_type == "image/jpeg" and halvings:
        shrink = min(1 << halvings, _MOST_JPEG_SHRINK)
        return open_shown(picture.path, shrink=shrink)
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
