"""Files of what a camera sees: exposed, noisy, seen through colour filters, companded, packed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyvips
from numpy.typing import NDArray

from solbook.imaging import Window

Floats32 = NDArray[np.float32]
Bytes = NDArray[np.uint8]

FULL_WELL_E = 15_000.0
"""Electrons that fill a pixel (Navcam and Hazcam detectors, Maki et al. 2020)."""
READ_NOISE_E = 12.0
# The exposure makes the mean of the picture this part of what a pixel holds, as far as the longest
# exposure allows; so nights stay dark.
_AIM = 0.17
_GREATEST_GAIN = 160.0
_EDGE_FALLS_BY = 0.22
# Of the light of a pixel, to each side.
_SPREAD = np.float32(0.14)
_JPEG_QUALITY = 95
# Of 2 by 2 pixels: red, green; green, blue.
_BAYER = ((0, 1), (1, 2))


def gain_for(radiance: Floats32) -> float:
    """How long to expose: signal for radiance, 1 is a full pixel.

    Args:
        radiance: Shape (height, width, 3): of the whole detector, reduced.
    """
    # The brightest do not count: the Sun in the picture does not darken all else.
    level = float(np.minimum(radiance, np.percentile(radiance, 96)).mean())
    return min(_AIM / max(level, 1e-9), _GREATEST_GAIN)


def exposed(
    radiance: Floats32, gain: float, window: Window, detector: Window, seed: int
) -> Floats32:
    """The signal of the detector: 0 to 1 of what a pixel holds.

    Args:
        radiance: Shape (height, width, 3), as `render.Rendered` has it.
        gain: Signal for radiance.
        window: Which part of the detector it is; towards the corners the lens gives less light.
        detector: The whole detector.
        seed: Of the noise.
    """
    height, width, _ = radiance.shape
    corner = window.to_detector((0.0, 0.0))
    x = corner[0] + window.scale_factor * np.arange(width) - detector.width_px / 2
    y = corner[1] + window.scale_factor * np.arange(height) - detector.height_px / 2
    reach = (x[None, :] ** 2 + y[:, None] ** 2) * 4 / (detector.width_px**2 + detector.height_px**2)
    lens = (1 - _EDGE_FALLS_BY * reach).astype(np.float32)
    seen = spread(radiance * lens[..., None] * np.float32(gain))
    signal = np.minimum(seen, np.float32(1.0))
    noise = _noise(signal.shape, seed)
    deviation = np.sqrt(signal / FULL_WELL_E + (READ_NOISE_E / FULL_WELL_E) ** 2)
    found: Floats32 = np.clip(signal + noise * deviation.astype(np.float32), 0.0, 1.0)
    return found


def _noise(shape: tuple[int, ...], seed: int) -> Floats32:
    """Noise of deviation 1: pieces of one large field, each picture and line its own."""
    field, chance = _noise_field(), np.random.default_rng(seed)
    height, width, colours = shape
    starts = chance.integers(0, field.size - width * colours, height)
    return np.stack([field[start : start + width * colours] for start in starts]).reshape(shape)


@cache
def _noise_field() -> Floats32:
    return np.random.default_rng(1).standard_normal(1_000_003, dtype=np.float32)


def spread(light: Floats32) -> Floats32:
    """What the lens makes of points: a little of each falls on the pixels beside it."""
    found = light.copy()
    found[1:-1] += _SPREAD * (light[:-2] + light[2:] - 2 * light[1:-1])
    across = found.copy()
    across[:, 1:-1] += _SPREAD * (found[:, :-2] + found[:, 2:] - 2 * found[:, 1:-1])
    return across


def companded(signal: Floats32) -> Bytes:
    """12 bits to 8 by a square root, which gives every step the same noise."""
    counts = np.rint(signal * 4095)
    values: Bytes = np.rint(np.sqrt(counts / 4095) * 255).astype(np.uint8)
    return values


def mosaicked(picture: Bytes) -> Bytes:
    """What the filters let through: shape (height, width), red, green, green, blue by turns."""
    mosaic = np.empty(picture.shape[:2], np.uint8)
    for row, colours in enumerate(_BAYER):
        for column, colour in enumerate(colours):
            mosaic[row::2, column::2] = picture[row::2, column::2, colour]
    return mosaic


def packed(picture: Bytes, *, extension: str) -> bytes:
    """A PNG or JPEG of a picture.

    Args:
        picture: Shape (height, width) or (height, width, 3).
        extension: `png` or `jpg`.
    """
    image = pyvips.Image.new_from_array(np.ascontiguousarray(picture))
    if extension == "png":
        made: bytes = image.pngsave_buffer(compression=6)
    else:
        made = image.jpegsave_buffer(Q=_JPEG_QUALITY)
    return made
