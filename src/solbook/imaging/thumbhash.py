"""ThumbHash: what stands in a picture's place until it has come, in some 25 bytes.

The form is Evan Wallace's (https://evanw.github.io/thumbhash/): the lowest frequencies of the
brightness, of two differences of colours and of the opacity, four bits each.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

import numpy as np
import pyvips
from numpy.typing import NDArray

from solbook.imaging.pictures import NotAPicture, reason_of
from solbook.imaging.shown import as_shown

_SIDE_PX = 100
Floats = NDArray[np.float64]


class _Channel(NamedTuple):
    """Its mean, its other frequencies from 0 to 1, and the greatest of them."""

    mean: float
    waves: Floats
    scale: float


def thumbhash(body: bytes) -> str:
    """The ThumbHash of a picture, in Base64.

    Args:
        body: A picture that `identify` has accepted.

    Raises:
        NotAPicture: The picture is damaged.
    """
    try:
        # libvips 8.18 takes `fail_on` for a buffer's thumbnail but does not hand it to the loader.
        small = pyvips.Image.thumbnail_buffer(
            body, _SIDE_PX, height=_SIDE_PX, size="down", option_string="[fail_on=error]"
        )
        return hash_of(as_shown(small))
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def hash_of(image: pyvips.Image) -> str:
    """The ThumbHash of a picture of at most 100 by 100 pixels that is as it is shown."""
    image = image.colourspace("srgb")
    if not image.hasalpha():
        image = image.bandjoin(255)
    rgba = image.numpy().reshape(image.height, image.width, 4) / 255.0
    return base64.b64encode(_encoded(rgba)).decode()


def _encoded(rgba: Floats) -> bytes:
    height, width = rgba.shape[:2]
    colour, alpha = rgba[..., :3], rgba[..., 3:]
    weight = alpha.sum()
    mean = (alpha * colour).sum(axis=(0, 1)) / weight if weight else np.zeros(3)
    clear = bool(weight < width * height)
    red, green, blue = np.moveaxis(mean * (1 - alpha) + alpha * colour, -1, 0)
    longer = max(width, height)
    most = 5 if clear else 7
    across = max(1, _rounded(most * width / longer))
    along = max(1, _rounded(most * height / longer))
    light = _channel((red + green + blue) / 3, max(3, across), max(3, along))
    yellow = _channel((red + green) / 2 - blue, 3, 3)
    warm = _channel(red - green, 3, 3)
    lying = width > height
    head = (
        _rounded(63 * light.mean)
        | _rounded(31.5 + 31.5 * yellow.mean) << 6
        | _rounded(31.5 + 31.5 * warm.mean) << 12
        | _rounded(31 * light.scale) << 18
        | clear << 23
    )
    shape = (
        (along if lying else across)
        | _rounded(63 * yellow.scale) << 3
        | _rounded(63 * warm.scale) << 9
        | lying << 15
    )
    made: bytes = head.to_bytes(3, "little") + shape.to_bytes(2, "little")
    waves = [light.waves, yellow.waves, warm.waves]
    if clear:
        opacity = _channel(alpha[..., 0], 5, 5)
        made += bytes([_rounded(15 * opacity.mean) | _rounded(15 * opacity.scale) << 4])
        waves.append(opacity.waves)
    nibbles = [_rounded(15 * wave) for wave in np.concatenate(waves)]
    nibbles += [0] * (len(nibbles) % 2)
    low, high = nibbles[::2], nibbles[1::2]
    return made + bytes(a | b << 4 for a, b in zip(low, high, strict=True))


def _channel(values: Floats, across: int, along: int) -> _Channel:
    height, width = values.shape
    cos_x = np.cos(np.pi / width * np.outer(np.arange(across), np.arange(width) + 0.5))
    cos_y = np.cos(np.pi / height * np.outer(np.arange(along), np.arange(height) + 0.5))
    waves = cos_y @ values @ cos_x.T / (width * height)
    # A triangle of them: the lowest.
    kept = np.array(
        [
            waves[y, x]
            for y in range(along)
            for x in range(across)
            if x * along < across * (along - y)
        ]
    )
    mean, others = float(kept[0]), kept[1:]
    scale = float(np.abs(others).max(initial=0.0))
    return _Channel(mean, 0.5 + 0.5 / scale * others if scale else others, scale)


def _rounded(value: float) -> int:
    return int(value + 0.5)
