"""What every pixel of a picture looks at."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.noise import compiled, inlined

Floats = NDArray[np.float64]

_EVERY = 8


TILE = 16
"""Pixels along a side of a tile."""
X, Y, Z, WAY_X, WAY_Y, WAY_Z = range(6)
"""What is known of a ray: where it begins, from the tip; its direction, of length 1."""


class Sight(NamedTuple):
    """The rays of all pixels, with z up.

    Attributes:
        tip: North, east, up of the model's C.
        rays: Shape (height, 6, width made a multiple of `TILE`), float32: of each line first `X` of
            its pixels, last `WAY_Z`; NaN where the model gives none, 0 beyond the picture. To a
            pixel of the longest lens 32 bits are 0.002 of its width.
    """

    tip: tuple[float, float, float]
    rays: NDArray[np.float32]


def sight_of(model: CameraModel, width_px: int, height_px: int) -> Sight:
    """The rays of all pixels of a picture.

    Asked of the model for every eighth pixel, between them by the cubics through four: within
    0.001 px. Where the model ends close to the edge of the picture, asked for every pixel.
    """
    samples = np.arange(-_EVERY, width_px + 2 * _EVERY, _EVERY)
    lines = np.arange(-_EVERY, height_px + 2 * _EVERY, _EVERY)
    rays = np.zeros((height_px, 6, -(-width_px // TILE) * TILE), np.float32)
    coarse = _asked(model, samples, lines)
    if np.isnan(coarse).any():
        asked = _asked(model, np.arange(width_px), np.arange(height_px))
        rays[..., :width_px] = np.moveaxis(asked, 0, 1)
    else:
        _between(coarse, _cubic_weights(), width_px, rays)
    c = model.c_m
    return Sight((float(c[0]), float(c[1]), -float(c[2])), rays)


@inlined
def way_of(rays: Any, i: Any, j: Any) -> Any:
    """Direction of the ray of a pixel, float32."""
    return rays[i, WAY_X, j], rays[i, WAY_Y, j], rays[i, WAY_Z, j]


@inlined
def end_of(tip: Any, rays: Any, i: Any, j: Any, far: Any) -> Any:
    """Where the ray of a pixel is after so many metres: north, east, up."""
    t = np.float64(far)
    return (
        tip[0] + (rays[i, X, j] + t * rays[i, WAY_X, j]),
        tip[1] + (rays[i, Y, j] + t * rays[i, WAY_Y, j]),
        tip[2] + (rays[i, Z, j] + t * rays[i, WAY_Z, j]),
    )


def _asked(model: CameraModel, samples: NDArray[np.int64], lines: NDArray[np.int64]) -> Floats:
    """Shape (6, lines, samples): the model's own rays, z up."""
    origins, ways = model.rays(np.stack(np.meshgrid(samples, lines), axis=-1))
    found = np.concatenate([origins - model.c_m, ways], axis=-1) * (1, 1, -1, 1, 1, -1)
    return np.ascontiguousarray(np.moveaxis(found, -1, 0))


def _cubic_weights() -> Floats:
    """Of four neighbours a step apart, for the places between the middle two (Lagrange)."""
    u = np.arange(_EVERY) / _EVERY
    return np.stack(
        [
            -u * (u - 1) * (u - 2) / 6,
            (u + 1) * (u - 1) * (u - 2) / 2,
            -(u + 1) * u * (u - 2) / 2,
            (u + 1) * u * (u - 1) / 6,
        ]
    )


@compiled
def _between(coarse: Any, weights: Any, width: Any, rays: Any) -> None:
    column = np.empty(coarse.shape[2])
    line = np.empty((6, coarse.shape[2] * _EVERY))
    for i in range(rays.shape[0]):
        k, u = i // _EVERY, i % _EVERY
        for c in range(6):
            for m in range(column.size):
                column[m] = (
                    weights[0, u] * coarse[c, k, m]
                    + weights[1, u] * coarse[c, k + 1, m]
                    + weights[2, u] * coarse[c, k + 2, m]
                    + weights[3, u] * coarse[c, k + 3, m]
                )
            for m in range(column.size - 3):
                for v in range(_EVERY):
                    line[c, m * _EVERY + v] = (
                        weights[0, v] * column[m]
                        + weights[1, v] * column[m + 1]
                        + weights[2, v] * column[m + 2]
                        + weights[3, v] * column[m + 3]
                    )
        _put_line(line, rays[i], width)


@compiled
def _put_line(line: Any, rays: Any, width: Any) -> None:
    """Put a line of rays where it belongs, its directions made of length 1."""
    for j in range(width):
        x, y, z = line[WAY_X, j], line[WAY_Y, j], line[WAY_Z, j]
        per_length = 1.0 / np.sqrt(x * x + y * y + z * z)
        for c in range(3):
            rays[c, j] = line[c, j]
        rays[WAY_X, j], rays[WAY_Y, j] = x * per_length, y * per_length
        rays[WAY_Z, j] = z * per_length
