"""Pictures as bytes: what they are, and thumbnails of them."""

from __future__ import annotations

import re
from typing import NamedTuple

import pyvips

THUMBNAIL_WIDTHS_PX = (320, 640, 1280)
"""The widths thumbnails are made in; a picture is never enlarged."""

_WEBP_QUALITY = 80
# The format has no room for more along a side.
_WEBP_MAX_PX = 16383

# Formats upstreams serve, by the bytes they begin with. libvips reads many more (SVG, PDF); those
# are not let near a stranger's bytes.
_KINDS = (
    (re.compile(rb"\x89PNG\r\n"), "image/png", "png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "webp"),
    (re.compile(rb"II\*\x00|MM\x00\*"), "image/tiff", "tif"),
    (re.compile(rb"GIF8"), "image/gif", "gif"),
)


class NotAPicture(Exception):
    """Bytes that cannot be decoded as a picture of a known format, or a picture too large."""


class Identity(NamedTuple):
    """What a picture is, by its header."""

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
            return Identity(media_type, extension, image.width, image.height)
    raise NotAPicture("no PNG, JPEG, WebP, TIFF or GIF")


def thumbnail(body: bytes, width_px: int) -> bytes:
    """A WebP of at most this width.

    Args:
        body: A picture that `identify` has accepted.
        width_px: Width; a smaller picture keeps its own, a very tall one becomes narrower.

    Raises:
        NotAPicture: The picture is damaged.
    """
    try:
        # libvips 8.18 takes `fail_on` for a buffer's thumbnail but does not hand it to the loader.
        image = pyvips.Image.thumbnail_buffer(
            body, width_px, height=_WEBP_MAX_PX, size="down", option_string="[fail_on=error]"
        )
        made: bytes = image.webpsave_buffer(Q=_WEBP_QUALITY)
    except pyvips.Error as error:
        raise NotAPicture(_first_line(error)) from error
    return made


def _open(body: bytes) -> pyvips.Image:
    try:
        return pyvips.Image.new_from_buffer(body, "")
    except pyvips.Error as error:
        raise NotAPicture(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
