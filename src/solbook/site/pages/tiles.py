"""Which part of an exposure a frame is: tile of the detector, frame of a burst."""

from __future__ import annotations

from solbook.records import ProductId, parse_product_id

# Engineering cameras of M2020, whose names tell the tile; EDL cameras tell the frame of a burst.
_TILED = frozenset("NFR")
_BURST = "E"


def tile_number(product: ProductId | None) -> int | None:
    """The tile of the detector a frame shows, where its name tells."""
    return _number(product) if product is not None and product.instrument[0] in _TILED else None


def part_name(product_id: str) -> str:
    """What tells a frame from others of the same moment: `tile 4`, `no. 12`; else empty."""
    product = parse_product_id(product_id)
    if product is None or product.convention != "M2020":
        return ""
    if product.instrument[0] == _BURST:
        number = _number(product)
        return "" if number is None else f"no. {number}"
    tile = tile_number(product)
    return f"tile {tile}" if tile is not None and tile > 1 else ""


def _number(product: ProductId) -> int | None:
    text = (product.camera_field or "").strip("_")
    return int(text) if text.isdecimal() else None
