"""Pictures drawn for tests, in every format upstreams use."""

from __future__ import annotations

from typing import Any

import pyvips

KINDS = {
    ".png": ("image/png", "png"),
    ".jpg": ("image/jpeg", "jpg"),
    ".webp": ("image/webp", "webp"),
    ".tif": ("image/tiff", "tif"),
    ".gif": ("image/gif", "gif"),
}


def ramp(width: int, height: int, bands: int = 3) -> pyvips.Image:
    """A picture that goes from dark on the left to bright on the right."""
    across = pyvips.Image.xyz(width, height)[0] * (255 / max(1, width - 1))
    grey = across.cast("uchar")
    return grey if bands == 1 else grey.bandjoin([grey] * (bands - 1)).copy(interpretation="srgb")


def written(image: pyvips.Image, suffix: str, **options: Any) -> bytes:
    body: bytes = image.write_to_buffer(suffix, **options)
    return body


def opened(body: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(body, "")
