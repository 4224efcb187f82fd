"""What every pixel of a picture looks at."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import CameraModel
from solbook.rehearsal.noise import compiled

Floats = NDArray[np.float64]

_EVERY = 8


def pixel_rays(model: CameraModel, width_px: int, height_px: int) -> tuple[Floats, Floats]:
    """Origins and directions of all pixels, with z up.

    Asked of the model for every eighth pixel, between them by the cubics through four: within
    0.001 px. Where the model ends close to the edge of the picture, asked for every pixel.
    """
    samples = np.arange(-_EVERY, width_px + 2 * _EVERY, _EVERY)
    lines = np.arange(-_EVERY, height_px + 2 * _EVERY, _EVERY)
    asked = np.stack(np.meshgrid(samples, lines), axis=-1)
    coarse = np.concatenate(model.rays(asked), axis=-1)
    origins, ways = np.empty((height_px, width_px, 3)), np.empty((height_px, width_px, 3))
    if np.isnan(coarse).any():
        pixels = np.stack(np.meshgrid(np.arange(width_px), np.arange(height_px)), axis=-1)
        origins, ways = model.rays(pixels)
    else:
        _between(coarse, _cubic_weights(), origins, ways)
    origins[..., 2] *= -1
    ways[..., 2] *= -1
    return origins, ways


def _cubic_weights() -> Floats:
    """Of four neighbours a step apart, for places between the middle two (Lagrange)."""
    u = np.arange(_EVERY) / _EVERY
    return np.stack(
        [
            -u * (u - 1) * (u - 2) / 6,
            (u + 1) * (u - 1) * (u - 2) / 2,
            -(u + 1) * u * (u - 2) / 2,
            (u + 1) * u * (u - 1) / 6,
        ],
        axis=1,
    )


@compiled
def _between(coarse: Any, weights: Any, origins: Any, ways: Any) -> None:
    row = np.empty((coarse.shape[1], 6))
    for i in range(origins.shape[0]):
        w = weights[i % _EVERY]
        k = i // _EVERY
        for m in range(coarse.shape[1]):
            for c in range(6):
                row[m, c] = (
                    w[0] * coarse[k, m, c]
                    + w[1] * coarse[k + 1, m, c]
                    + w[2] * coarse[k + 2, m, c]
                    + w[3] * coarse[k + 3, m, c]
                )
        for j in range(origins.shape[1]):
            v = weights[j % _EVERY]
            m = j // _EVERY
            for c in range(3):
                origins[i, j, c] = (
                    v[0] * row[m, c]
                    + v[1] * row[m + 1, c]
                    + v[2] * row[m + 2, c]
                    + v[3] * row[m + 3, c]
                )
                ways[i, j, c] = (
                    v[0] * row[m, c + 3]
                    + v[1] * row[m + 1, c + 3]
                    + v[2] * row[m + 2, c + 3]
                    + v[3] * row[m + 3, c + 3]
                )
