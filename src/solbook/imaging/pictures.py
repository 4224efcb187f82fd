"""Pictures as bytes: what they are."""

from __future__ import annotations

import re
from typing import NamedTuple

import pyvips

# Formats upstreams serve, by the bytes they begin with. libvips reads many more (SVG, PDF); those
# are not let near a stranger's bytes.
_KINDS = (
    (re.compile(rb"\x89PNG\r\n"), "image/png", "png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "webp"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "image/tiff", "tif"),
    (re.compile(rb"GIF8"), "image/gif", "gif"),
)


_QUOTED_PATH = re.compile(r'"[^"\n]*[/\\][^"\n]*"')

UPRIGHT = 1
"""The EXIF orientation of a picture that needs no turning."""
_LYING = (5, 6, 7, 8)


class NotAPicture(Exception):
    """Bytes that cannot be decoded as a picture of a known format, or a picture too large."""


class Identity(NamedTuple):
    """What a picture is, by its header; its size is that of the upright picture."""

    media_type: str
    extension: str
    width_px: int
    height_px: int


def identify(body: bytes, max_pixels: int) -> Identity:
    """What some bytes are, by their header.

    Raises:
        NotAPicture: They are no picture of a known format, or one of too many pixels.
    """
    for magic, media_type, extension in _KINDS:
        if magic.match(body):
            image = _open(body)
            if image.width * image.height > max_pixels:
                raise NotAPicture(
                    f"{image.width} x {image.height} is more than {max_pixels:,} pixels"
                )
            width, height = image.width, image.height
            if orientation_of(image) in _LYING:
                width, height = height, width
            return Identity(media_type, extension, width, height)
    raise NotAPicture("no PNG, JPEG, WebP, TIFF or GIF")


def _open(body: bytes) -> pyvips.Image:
    try:
        return pyvips.Image.new_from_buffer(body, "")
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """What libvips says went wrong, in one line: the last, which is nearest to the cause.

    Paths of this machine are nobody's business.
    """
    lines = _QUOTED_PATH.sub("the file", str(error)).strip().splitlines()
    return lines[-1].strip() if lines else type(error).__name__


def orientation_of(image: pyvips.Image) -> int:
    """How a picture has to be turned, 1 to 8, as EXIF counts; 1 is upright."""
    return int(image.get("orientation")) if image.get_typeof("orientation") else UPRIGHT
