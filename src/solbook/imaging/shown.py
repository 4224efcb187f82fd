"""Pictures opened as they are shown: upright, in sRGB, eight bits a channel, alpha kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips

from solbook.imaging.pictures import UPRIGHT, NotAPicture, orientation_of, reason_of

# Cameras and editors write this profile into what is plain sRGB; to convert it changes nothing and
# takes longer than all else.
_PLAIN_SRGB = b"sRGB IEC61966-2.1"
# Formats of numbers whose greatest is white.
_HAVE_WHITE = ("uchar", "ushort")
_PROFILE = "icc-profile-data"


def open_shown(path: Path, *, access: str = "sequential", **options: Any) -> pyvips.Image:
    """Open a picture as it is shown.

    Pixels are read when they are asked for, so a picture that is damaged further on is found out
    only then; `pyvips.Error` says so.

    Args:
        path: A file that `identify` has accepted.
        access: `sequential` where the picture is read from top to bottom once, else `random`.
        options: More for the loader, as `page` of a pyramid or `shrink` of a JPEG.

    Returns:
        One band of grey or three of sRGB, and alpha if it has any; 8 bits each.

    Raises:
        NotAPicture: The picture is damaged at its beginning.
    """
    try:
        image = _opened(path, access=access, **options)
        if access == "sequential" and not _is_read_once(image):
            image = _opened(path, access="random", **options)
        return as_shown(image.autorot())
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def _is_read_once(image: pyvips.Image) -> bool:
    """Whether to show a picture it has to be read but once, and from top to bottom."""
    return orientation_of(image) == UPRIGHT and image.format in _HAVE_WHITE


def as_shown(image: pyvips.Image) -> pyvips.Image:
    """An upright picture in sRGB or grey with 8 bits a channel."""
    if image.format not in _HAVE_WHITE:
        image = _stretched(image)
    if image.get_typeof(_PROFILE) and _PLAIN_SRGB not in image.get(_PROFILE):
        image = _profiled(image)
    elif image.interpretation == "cmyk":
        image = image.icc_transform("srgb", input_profile="cmyk")
    grey = image.bands - image.hasalpha() < 3
    return image.colourspace("b-w" if grey else "srgb")


def _opened(path: Path, **options: Any) -> pyvips.Image:
    return pyvips.Image.new_from_file(str(path), fail_on="error", **options)


def _profiled(image: pyvips.Image) -> pyvips.Image:
    """The colours its own profile means; a profile that cannot be used is passed over."""
    fallback = "cmyk" if image.interpretation == "cmyk" else "srgb"
    try:
        return image.icc_transform("srgb", embedded=True, input_profile=fallback)
    except pyvips.Error:
        return image


def _stretched(image: pyvips.Image) -> pyvips.Image:
    """What is neither 8 nor 16 bits has no white of its own: its greatest value becomes white."""
    if image.format in {"complex", "dpcomplex"}:
        raise NotAPicture("its values are complex numbers")
    if image.format in {"float", "double"}:
        # What is not a number would make everything so.
        image = (image == image).ifthenelse(image, 0)  # noqa: PLR0124
    grey = image.bands < 3
    return image.scaleimage().copy(interpretation="b-w" if grey else "srgb")
