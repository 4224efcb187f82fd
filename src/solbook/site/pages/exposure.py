"""Why a frame stands beside another of its exposure: other eye, tile, thumbnail, product."""

from __future__ import annotations

from solbook.archive.frames import THUMBNAIL, FrameRow
from solbook.records import parse_product_id
from solbook.site import words
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.cards import Words
from solbook.site.pages.tiles import tile_number


def exposure_words(shown: FrameRow) -> Words:
    """The words of cards beside a frame: camera, size, and what sets each apart from it."""

    def say(other: FrameRow) -> tuple[str, str, str]:
        camera = camera_name(other.mission, other.instrument)
        size = words.pixel_size(other.width_px, other.height_px)
        return camera.name, size or words.sol_name(other.sol), reason(shown, other)

    return say


def reason(shown: FrameRow, other: FrameRow) -> str:
    """What sets a frame apart from another of the same exposure.

    Args:
        shown: The frame the reader looks at.
        other: The other one.
    """
    here, there = parse_product_id(shown.product_id), parse_product_id(other.product_id)
    tile = tile_number(there)
    parts: list[str] = []
    if other.instrument != shown.instrument:
        parts.append("other eye")
    if tile is not None and tile != tile_number(here):
        parts.append(f"tile {tile}")
    if other.sample_type != shown.sample_type:
        parts.append(_sample(other))
    if not parts and here is not None and there is not None:
        if here.config != there.config:
            parts.append("other colour")
        if here.product_type != there.product_type:
            parts.append(f"other product, {there.product_type}")
    return ", ".join(parts) or "same exposure"


def _sample(other: FrameRow) -> str:
    if other.sample_type == THUMBNAIL:
        return "thumbnail"
    return "full frame" if other.sample_type in (None, "full") else str(other.sample_type)
