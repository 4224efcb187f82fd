"""Why a frame stands beside another of its exposure: other eye, tile, thumbnail, product."""

from __future__ import annotations

from solbook.archive.frames import THUMBNAIL, FrameRow
from solbook.records import ProductId, parse_product_id
from solbook.site import words
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.cards import Words

# Only these say which part of the detector a file shows in `camera_field`.
_TILED = frozenset("NFR")


def exposure_words(shown: FrameRow) -> Words:
    """The words of cards beside a frame: camera, size, and what sets each apart from it."""

    def say(other: FrameRow) -> tuple[str, str, str]:
        camera = camera_name(other.mission, other.instrument)
        size = words.pixel_size(other.width_px, other.height_px)
        return camera.name, size or f"sol {other.sol}", reason(shown, other)

    return say


def reason(shown: FrameRow, other: FrameRow) -> str:
    """What sets a frame apart from another of the same exposure.

    Args:
        shown: The frame the reader looks at.
        other: The other one.
    """
    parts: list[str] = []
    if other.instrument != shown.instrument:
        parts.append("other eye")
    if other.sample_type != shown.sample_type:
        parts.append(_sample(other))
    elif not parts:
        parts.append(_part(parse_product_id(shown.product_id), parse_product_id(other.product_id)))
    return ", ".join(parts)


def _sample(other: FrameRow) -> str:
    if other.sample_type == THUMBNAIL:
        return "thumbnail"
    return "full frame" if other.sample_type in (None, "full") else other.sample_type


def _part(shown: ProductId | None, other: ProductId | None) -> str:
    if shown is None or other is None:
        return "same exposure"
    if other.instrument[:1] in _TILED and other.camera_field != shown.camera_field:
        return f"tile {_tile(other)} of the same exposure" if _tile(other) else "other tile"
    if other.config != shown.config:
        return "other colour of the same exposure"
    if other.product_type != shown.product_type:
        return f"other product, {other.product_type}"
    return "same exposure"


def _tile(product: ProductId) -> str:
    return (product.camera_field or "").strip("_").lstrip("0")
