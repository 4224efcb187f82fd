"""Pyramids: a large picture as tiles in layers, each half as wide as the one before.

They are read here and not by libvips, whose reader decodes two rows of tiles to show one, in a
panorama 120 MB, and cannot hand out a tile as the JPEG that it is.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyvips

from solbook.imaging.pictures import NotAPicture, reason_of
from solbook.imaging.shown import open_shown

TILE_PX = 512
"""Side of a tile, of pyramids and of what viewers are told to ask for."""

# From 90 on libvips writes RGB without conversion to YCbCr, which takes three times the bytes.
_QUALITY = 89

# Of TIFF: how a large file begins, the tags that are read, their values, the forms of numbers.
_BIG_TIFF = b"II\x2b\0\x08\0\0\0"
_WIDTH, _HEIGHT, _COMPRESSION, _CHANNELS = 256, 257, 259, 262
_TILE_OFFSETS, _TILE_BYTES, _JPEG_TABLES = 324, 325, 347
_JPEG, _RGB = 7, 2
_FORMS = {3: "H", 4: "I", 7: "B", 16: "Q"}
# What stands before the tables of a JPEG file: that its channels are RGB, or what JFIF says.
_START = b"\xff\xd8"
_ADOBE_RGB = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


class Box(NamedTuple):
    """A rectangle of a layer: from, and up to but without."""

    left: int
    top: int
    right: int
    bottom: int


class Layer(NamedTuple):
    """A layer of a pyramid.

    Attributes:
        width_px: Width.
        height_px: Height.
        offsets: Where each tile begins in the file, row after row.
        byte_counts: How long each is.
        head: What makes a JPEG file of a tile, instead of its first two bytes; empty where tiles
            are not JPEG.
    """

    width_px: int
    height_px: int
    offsets: tuple[int, ...]
    byte_counts: tuple[int, ...]
    head: bytes

    @property
    def across(self) -> int:
        """How many tiles stand beside each other."""
        return -(-self.width_px // TILE_PX)


class Pyramid(NamedTuple):
    """A pyramid on disk, the largest layer first."""

    path: Path
    layers: tuple[Layer, ...]

    def tile(self, depth: int, column: int, row: int) -> bytes:
        """A tile as a JPEG file, as it was written; beyond the picture's edges it is filled up.

        Raises:
            NotAPicture: The file breaks off before its end.
            OSError: It is not there.
        """
        with self.path.open("rb") as file:
            return self._read(file.fileno(), self.layers[depth], column, row)

    def region(self, depth: int, box: Box) -> pyvips.Image:
        """A part of a layer, to be read from top to bottom once.

        Raises:
            NotAPicture: The file breaks off before its end.
            OSError: It is not there.
        """
        layer = self.layers[depth]
        if not layer.head:
            image = open_shown(self.path, access="random", page=depth)
            return image.crop(box.left, box.top, box.right - box.left, box.bottom - box.top)
        columns = range(box.left // TILE_PX, -(-box.right // TILE_PX))
        rows = range(box.top // TILE_PX, -(-box.bottom // TILE_PX))
        with self.path.open("rb") as file:
            tiles = [
                _decoded(self._read(file.fileno(), layer, column, row))
                for row in rows
                for column in columns
            ]
        image = tiles[0] if len(tiles) == 1 else pyvips.Image.arrayjoin(tiles, across=len(columns))
        return image.crop(
            box.left - columns[0] * TILE_PX,
            box.top - rows[0] * TILE_PX,
            box.right - box.left,
            box.bottom - box.top,
        )

    def _read(self, handle: int, layer: Layer, column: int, row: int) -> bytes:
        number = row * layer.across + column
        body = os.pread(handle, layer.byte_counts[number], layer.offsets[number])
        if len(body) < layer.byte_counts[number]:
            raise NotAPicture("its pyramid breaks off")
        return layer.head + body[len(_START) :]


def make_pyramid(source: Path, target: Path) -> None:
    """Write the pyramid of a picture, as it is shown, as a tiled TIFF.

    The picture is read once from top to bottom, and only some lines of it are in memory.

    Args:
        source: A file that `identify` has accepted.
        target: Where to; overwritten.

    Raises:
        NotAPicture: The source is damaged.
    """
    try:
        image = _filled_up(open_shown(source))
        image.tiffsave(
            str(target),
            tile=True,
            tile_width=TILE_PX,
            tile_height=TILE_PX,
            pyramid=True,
            # JPEG has no room for transparency.
            compression="deflate" if image.hasalpha() else "jpeg",
            Q=_QUALITY,
            bigtiff=True,
            keep="none",
        )
    except pyvips.Error as error:
        raise NotAPicture(reason_of(error)) from error


def _filled_up(image: pyvips.Image) -> pyvips.Image:
    """A picture with its edges drawn out, so far that it can be halved to the last layer.

    So pixels of every layer lie on those of the picture, and the last ones have neighbours of
    their own colour; what JPEG mixes them with would otherwise be black.
    """
    unit = 1
    while max(image.width, image.height) // unit + 1 > TILE_PX:
        unit *= 2
    width, height = ((side // unit + 1) * unit for side in (image.width, image.height))
    return image.embed(0, 0, width, height, extend="copy")


def open_pyramid(path: Path) -> Pyramid:
    """Open a pyramid made by `make_pyramid`; where its tiles are is kept in memory.

    Raises:
        NotAPicture: It is damaged.
        OSError: It is not there.
    """
    return _opened(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _opened(path: Path, _made_ns: int) -> Pyramid:
    try:
        with path.open("rb") as file:
            return Pyramid(path, tuple(_layer(tags) for tags in _directories(file)))
    except (struct.error, KeyError) as error:
        raise NotAPicture("its pyramid is damaged") from error


def _directories(file: BinaryIO) -> Iterator[dict[int, tuple[Any, ...]]]:
    """The directories of a BigTIFF: their values by tag.

    Only what `make_pyramid` writes is read: the libraries that read every TIFF take a third of a
    second to load, which is long for the first tile.
    """
    start, place = struct.unpack("<8sQ", file.read(16))
    if start != _BIG_TIFF:
        raise struct.error("no BigTIFF")
    while place:
        file.seek(place)
        (count,) = struct.unpack("<Q", file.read(8))
        entries = file.read(20 * count)
        (place,) = struct.unpack("<Q", file.read(8))
        yield {
            tag: _numbers(file, _FORMS[kind], length, value)
            for tag, kind, length, value in struct.iter_unpack("<HHQ8s", entries)
            if kind in _FORMS
        }


def _numbers(file: BinaryIO, form: str, length: int, value: bytes) -> tuple[Any, ...]:
    """The numbers of an entry of a directory; those it has no room for are elsewhere."""
    byte_count = length * struct.calcsize(form)
    if byte_count > len(value):
        value = os.pread(file.fileno(), byte_count, *struct.unpack("<Q", value))
    return struct.unpack(f"<{length}{form}", value[:byte_count])


def _layer(tags: dict[int, tuple[Any, ...]]) -> Layer:
    head = b""
    if tags[_COMPRESSION] == (_JPEG,):
        kind = _ADOBE_RGB if tags[_CHANNELS] == (_RGB,) else _JFIF
        # The tables are a JPEG file of their own, with a start and an end of two bytes each.
        head = _START + kind + bytes(tags[_JPEG_TABLES])[2:-2]
    return Layer(tags[_WIDTH][0], tags[_HEIGHT][0], tags[_TILE_OFFSETS], tags[_TILE_BYTES], head)


def _decoded(tile: bytes) -> pyvips.Image:
    return pyvips.Image.jpegload_buffer(tile, access="sequential", fail_on="error")
