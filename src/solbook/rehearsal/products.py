"""Files of what a camera sees: exposed, noisy, seen through colour filters, companded, packed."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyvips
from numpy.typing import NDArray

from solbook.imaging import Window
from solbook.rehearsal.noise import compiled

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
# In 32 bits; with one number of 64 a kernel would do everything in 64.
_ZERO, _ONE = np.float32(0.0), np.float32(1.0)
_SHOT, _READ = np.float32(1 / FULL_WELL_E), np.float32((READ_NOISE_E / FULL_WELL_E) ** 2)
_COUNTS, _PER_COUNT, _VALUES = np.float32(4095.0), np.float32(1 / 4095), np.float32(255.0)
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


def exposed(radiance: Floats32, gain: float, window: Window, detector: Window, seed: int) -> Bytes:
    """What is sent of a picture before the colour filters: exposed, noisy, 12 bits made 8.

    Args:
        radiance: Shape (height, width, 3), as `render.Rendered` has it.
        gain: Signal for radiance, 1 is a full pixel.
        window: Which part of the detector it is; towards the corners the lens gives less light.
        detector: The whole detector.
        seed: Of the noise.

    Returns:
        Values of the same shape.
    """
    height, width, colours = radiance.shape
    corner = window.to_detector((0.0, 0.0))
    across_px = corner[0] + window.scale_factor * np.arange(width) - detector.width_px / 2
    down_px = corner[1] + window.scale_factor * np.arange(height) - detector.height_px / 2
    falls_by = _EDGE_FALLS_BY * 4 / (detector.width_px**2 + detector.height_px**2)
    field = _noise_field()
    # Each picture and line has its own piece of the field.
    starts = np.random.default_rng(seed).integers(0, field.size - width * colours, height)
    values = np.empty(radiance.shape, np.uint8)
    _expose(
        radiance,
        np.float32(gain),
        (falls_by * down_px**2).astype(np.float32),
        np.repeat(falls_by * across_px**2, colours).astype(np.float32),
        field,
        starts,
        values,
    )
    return values


@cache
def _noise_field() -> Floats32:
    """Noise of deviation 1."""
    return np.random.default_rng(1).standard_normal(1_000_003, dtype=np.float32)


@compiled
def _expose(
    radiance: Any, gain: Any, down: Any, losses: Any, field: Any, starts: Any, values: Any
) -> None:
    """Make values of radiance; `down` and `losses` are what the lens loses, by row and by value."""
    height, width, colours = radiance.shape
    size = width * colours
    light = radiance.reshape(height, size)
    made = values.reshape(height, size)
    row, seen = np.empty(size, np.float32), np.empty(size, np.float32)
    for i in range(height):
        # At the picture's edges nothing comes from beyond.
        above, below = max(i - 1, 0), min(i + 1, height - 1)
        if i in (above, below):
            above, below = i, i
        _mix_rows(light, gain, down, losses, above, i, below, row)
        _mix_columns(row, colours, seen)
        _read_out(seen, field[starts[i] : starts[i] + size], made[i])


@compiled
def _mix_rows(
    light: Any, gain: Any, down: Any, losses: Any, above: Any, i: Any, below: Any, row: Any
) -> None:
    """What the lens lets through, a little of it on the pixels above and below."""
    before, here, after = _ONE - down[above], _ONE - down[i], _ONE - down[below]
    for j in range(row.size):
        middle = light[i, j] * (here - losses[j])
        beside = light[above, j] * (before - losses[j]) + light[below, j] * (after - losses[j])
        row[j] = gain * (middle + _SPREAD * (beside - middle - middle))


@compiled
def _mix_columns(row: Any, colours: Any, seen: Any) -> None:
    """A little of the light on the pixels to the left and right."""
    last = row.size - colours
    for j in range(colours):
        seen[j], seen[last + j] = row[j], row[last + j]
    for j in range(colours, last):
        seen[j] = row[j] + _SPREAD * (row[j - colours] + row[j + colours] - row[j] - row[j])


@compiled
def _read_out(seen: Any, noise: Any, values: Any) -> None:
    """Electrons with their noise, as 12 bits; of these 8 by a root, which evens the noise."""
    for j in range(seen.size):
        signal = min(seen[j], _ONE)
        noisy = signal + noise[j] * np.sqrt(signal * _SHOT + _READ)
        counts = np.rint(min(max(noisy, _ZERO), _ONE) * _COUNTS)
        values[j] = np.uint8(np.rint(np.sqrt(counts * _PER_COUNT) * _VALUES))


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
        # Of all levels and filters the quickest that is as small, for noise: 36 ns a pixel and 1.38
        # bytes; level 6 of zlib without a filter takes 54 and makes 1.70.
        made: bytes = image.pngsave_buffer(compression=2, filter="avg", keep="none")
    else:
        made = image.jpegsave_buffer(Q=_JPEG_QUALITY)
    return made
