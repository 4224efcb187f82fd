"""What an address of the IIIF Image API asks for, by versions 2.1 and 3.0 of the standard.

https://iiif.io/api/image/3.0/#4-image-requests and https://iiif.io/api/image/2.1/#image-request-parameters
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from solbook.errors import SolbookError
from solbook.imaging import MAX_SIDE_PX, Cut, Region
from solbook.imaging.cut import Format, Quality

Version = Literal[2, 3]

FORMATS: dict[Format, str] = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
QUALITIES: tuple[Quality, ...] = ("color", "gray", "bitonal")
DEFAULT_QUALITY = "default"
# Formats of the standard that are not made here.
_OTHER_FORMATS = ("tif", "gif", "jp2", "pdf")

_NUMBER = r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_PIXELS = re.compile(r"([0-9]+),([0-9]+),([0-9]+),([0-9]+)")
_PERCENT = re.compile(rf"pct:({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})")
_SIZE = re.compile(rf"(?P<best>!)?(?P<width>[0-9]*),(?P<height>[0-9]*)|pct:(?P<percent>{_NUMBER})")
_ROTATION = re.compile(rf"(!)?({_NUMBER})")
# More digits than any picture has pixels; a longer one is no slip.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a part of a picture.

    Attributes:
        cut: What is wanted.
        canonical: The standard's own spelling: `REGION/SIZE/ROTATION/QUALITY.FORMAT`.
    """

    cut: Cut
    canonical: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest answer.

    Attributes:
        area_px: Most pixels.
        side_px: Longest side.
    """

    area_px: int
    side_px: int = MAX_SIDE_PX

    def scale(self, width: float, height: float) -> float:
        """How many times a size may be enlarged; less than 1 where it is over."""
        longer = max(width, height)
        return min(self.side_px / longer, math.sqrt(self.area_px / (width * height)))

    def allow(self, width: int, height: int) -> bool:
        """Whether an answer may be so large."""
        return max(width, height) <= self.side_px and width * height <= self.area_px


def asked_for(
    version: Version,
    size_px: tuple[int, int],
    limits: Limits,
    region: str,
    size: str,
    rotation: str,
    quality_format: str,
) -> Asked:
    """Read a request.

    Args:
        version: Of the standard.
        size_px: Width and height of the picture.
        limits: The largest answer.
        region: The parameter of this name.
        size: See there.
        rotation: See there.
        quality_format: Quality and format with a dot between.

    Raises:
        SolbookError: It is not one of the standard, or one that is not answered here.
    """
    part = _region(region, size_px)
    width, height, upscaled = _size(version, size, part, limits)
    mirror, degrees = _rotation(rotation)
    quality, picture_format = _quality_format(quality_format)
    cut = Cut(part, width, height, mirror, degrees, quality, picture_format)
    words = (
        _canonical_region(part, size_px),
        _canonical_size(version, cut, limits, upscaled=upscaled),
        f"{'!' if mirror else ''}{degrees:.10g}",
        # Colour is what every picture is by default.
        f"{DEFAULT_QUALITY if quality == 'color' else quality}.{picture_format}",
    )
    return Asked(cut, "/".join(words))


def _region(text: str, size_px: tuple[int, int]) -> Region:
    width, height = size_px
    if text == "full":
        return Region(0, 0, width, height)
    if text == "square":
        side = min(size_px)
        return Region((width - side) // 2, (height - side) // 2, side, side)
    pixels, percent = _PIXELS.fullmatch(text), _PERCENT.fullmatch(text)
    if pixels and len(text) < _LONGEST:
        x, y, across, along = map(int, pixels.groups())
    elif percent and len(text) < _LONGEST:
        x, y, across, along = (
            round(float(each) / 100 * side)
            for each, side in zip(percent.groups(), (*size_px, *size_px), strict=True)
        )
        # A part of a pixel is asked for as the pixel.
        across = max(across, 1) if float(percent[3]) else 0
        along = max(along, 1) if float(percent[4]) else 0
    else:
        _refuse("region", text, "full, square, x,y,w,h or pct:x,y,w,h")
    if not across or not along or x >= width or y >= height:
        _refuse("region", text, f"a part of a picture of {width} x {height} pixels")
    return Region(x, y, min(across, width - x), min(along, height - y))


def _size(version: Version, text: str, region: Region, limits: Limits) -> tuple[int, int, bool]:
    """Width, height, and whether more pixels than the region's were asked for."""
    forms = "max; w,; ,h; pct:n; w,h or !w,h" + ("; ^ before it to enlarge" if version == 3 else "")
    # The older standard lets every size enlarge.
    upscales = version == 2 or text.startswith("^")
    plain = text[1:] if version == 3 and upscales else text
    whole = region.width, region.height
    if plain == "max" or (version == 2 and plain == "full"):
        most = limits.scale(*whole)
        if plain == "full" and most < 1:
            _refuse("size", text, "max: the whole of it is larger than answers here are")
        enlarges = version == 3 and upscales
        width, height = _scaled(region, most if enlarges else min(most, 1.0), limits)
    else:
        found = _SIZE.fullmatch(plain)
        if found is None or len(plain) > _LONGEST:
            _refuse("size", text, forms)
        width, height = _sized(found, region, limits)
    if width < 1 or height < 1:
        _refuse("size", text, "one pixel at least")
    upscaled = width > region.width or height > region.height
    if upscaled and not upscales:
        _refuse("size", text, f"at most {region.width},{region.height}, or ^{text} to enlarge")
    if not limits.allow(width, height):
        _refuse(
            "size", text, f"at most {limits.area_px:,} pixels and {limits.side_px:,} along a side"
        )
    return width, height, upscaled


def _sized(found: re.Match[str], region: Region, limits: Limits) -> tuple[int, int]:
    """Width and height of a size that is written in numbers; 0 where it makes none."""
    if found["percent"]:
        scale = float(found["percent"]) / 100
        if scale > limits.side_px:
            _refuse("size", found[0], "fewer percent")
        # A very small picture is one pixel, but nothing of it is nothing.
        least = 1 if scale else 0
        return tuple(max(round(side * scale), least) for side in region[2:])  # type: ignore[return-value]
    width, height = (int(found[name]) if found[name] else None for name in ("width", "height"))
    if width is not None and height is not None:
        if not found["best"] or not width or not height:
            return width, height
        scale = min(width / region.width, height / region.height, limits.scale(*region[2:]))
        # The standard's words let this one answer with the region as it is, its validator does
        # not: what only an enlargement would fill is refused like every other.
        return _scaled(region, scale, limits)
    if found["best"] or (width is None and height is None):
        _refuse("size", found[0], "a width and a height")
    if height is None:
        assert width is not None  # noqa: S101  (one of them is there)
        return width, max(round(region.height * width / region.width), 1) if width else 0
    return max(round(region.width * height / region.height), 1) if height else 0, height


def _scaled(region: Region, scale: float, limits: Limits) -> tuple[int, int]:
    """A region's size enlarged, rounded, within the limits."""
    width, height = (max(round(side * scale), 1) for side in region[2:])
    if not limits.allow(width, height):
        width, height = (max(int(side * scale), 1) for side in region[2:])
    return width, height


def _rotation(text: str) -> tuple[bool, float]:
    found = _ROTATION.fullmatch(text) if len(text) < _LONGEST else None
    if found is None or float(found[2]) > 360:
        _refuse("rotation", text, "degrees clockwise from 0 to 360, ! before them to mirror")
    return found[1] is not None, float(found[2]) % 360


def _quality_format(text: str) -> tuple[Quality, Format]:
    quality, _, picture_format = text.rpartition(".")
    if picture_format in _OTHER_FORMATS:
        raise SolbookError(
            "Pictures are not made in this format here.",
            code="not_implemented",
            found=picture_format,
            expected=", ".join(FORMATS),
            help="Ask for one of these formats.",
        )
    if picture_format not in FORMATS:
        _refuse("format", picture_format, ", ".join(FORMATS))
    if quality not in (DEFAULT_QUALITY, *QUALITIES):
        _refuse("quality", quality, ", ".join((DEFAULT_QUALITY, *QUALITIES)))
    shown = "color" if quality == DEFAULT_QUALITY else quality
    return cast("Quality", shown), picture_format


def _canonical_region(region: Region, size_px: tuple[int, int]) -> str:
    return "full" if region == (0, 0, *size_px) else ",".join(map(str, region))


def _canonical_size(version: Version, cut: Cut, limits: Limits, *, upscaled: bool) -> str:
    size, whole = (cut.width_px, cut.height_px), cut.region[2:]
    if version == 2:
        if size == whole:
            return "full"
        even = max(round(cut.region.height * size[0] / cut.region.width), 1)
        return f"{size[0]}," if size[1] == even else f"{size[0]},{size[1]}"
    most = limits.scale(*whole)
    if size == _scaled(cut.region, min(most, 1.0), limits):
        return "max"
    if upscaled:
        return "^max" if size == _scaled(cut.region, most, limits) else f"^{size[0]},{size[1]}"
    return f"{size[0]},{size[1]}"


def _refuse(name: str, found: str, expected: str) -> NoReturn:
    raise SolbookError(
        f"The {name} cannot be used.",
        code="bad_request",
        found=found[:_LONGEST],
        expected=expected,
        help=f"Mend the {name} in the address: REGION/SIZE/ROTATION/QUALITY.FORMAT",
    )
