"""What every pixel of a picture looks at."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.noise import compiled

Floats = NDArray[np.float64]

_EVERY = 8


class Sight(NamedTuple):
    """The rays of all pixels, with z up.

    Attributes:
        tip: North, east, up of the model's C.
        rays: Shape (6, height, width), float32: where a ray begins, from the tip; its direction, of
            length 1. To a pixel of the longest lens 32 bits are 0.002 of its width.
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
    coarse = _asked(model, samples, lines)
    rays = np.empty((6, height_px, width_px), np.float32)
    if np.isnan(coarse).any():
        rays[:] = _asked(model, np.arange(width_px), np.arange(height_px))
    else:
        _between(coarse, _cubic_weights(), rays)
    c = model.c_m
    return Sight((float(c[0]), float(c[1]), -float(c[2])), rays)


def _asked(model: CameraModel, samples: NDArray[np.int64], lines: NDArray[np.int64]) -> Floats:
    """Shape (6, lines, samples): the model's own rays, z up."""
    origins, ways = model.rays(np.stack(np.meshgrid(samples, lines), axis=-1))
    found = np.concatenate([origins - model.c_m, ways], axis=-1) * (1, 1, -1, 1, 1, -1)
    return np.ascontiguousarray(np.moveaxis(found, -1, 0))


def _cubic_weights() -> Floats:
    """Of four neighbours a step apart, for places between the middle two (Lagrange)."""
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
def _between(coarse: Any, weights: Any, rays: Any) -> None:
    height, width = rays.shape[1], rays.shape[2]
    column = np.empty(coarse.shape[2])
    line = np.empty((6, coarse.shape[2] * _EVERY))
    for i in range(height):
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
        for j in range(width):
            x, y, z = line[3, j], line[4, j], line[5, j]
            per_length = 1.0 / np.sqrt(x * x + y * y + z * z)
            for c in range(3):
                rays[c, i, j] = line[c, j]
            rays[3, i, j] = x * per_length
            rays[4, i, j] = y * per_length
            rays[5, i, j] = z * per_length
