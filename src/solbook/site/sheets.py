"""Which pictures stand together: the tiles of one eye at their places, every other one alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solbook.archive.frames import FrameRow
from solbook.errors import SolbookError
from solbook.imaging import Window
from solbook.records import parse_product_id
from solbook.site.presented import PresentedPicture

Presented = tuple[FrameRow, PresentedPicture]


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture and where its upper left corner is on a sheet, in pixels."""

    picture: PresentedPicture
    x_px: int = 0
    y_px: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is seen at once.

    Attributes:
        size_px: Width and height; `None` where the size of its one picture is not known.
        placed: The pictures on it, in order.
    """

    size_px: tuple[int, int] | None
    placed: tuple[Placed, ...]


def single(picture: PresentedPicture) -> Sheet:
    """A sheet of one picture."""
    return Sheet(picture.size_px, (Placed(picture),))


def arranged(shown: Sequence[Presented]) -> list[Sheet]:
    """The sheets of the frames of an exposure, in the order of their first frames.

    Frames stand on one sheet if they are of the same eye, scale and kind of product, and each says
    which part of the detector it shows, in agreement with its size. The records of sols 2 to 4 of
    Perseverance do not: their windows count pixels of other sizes, and those of all tiles are the
    same.
    """
    groups: dict[tuple[object, ...], list[Presented]] = {}
    for frame, picture in shown:
        groups.setdefault(_kind(frame), []).append((frame, picture))
    sheets: list[Sheet] = []
    for group in groups.values():
        together = _together(group) if len(group) > 1 else None
        sheets += [together] if together else [single(picture) for _, picture in group]
    return sheets


def _kind(frame: FrameRow) -> tuple[object, ...]:
    name = parse_product_id(frame.product_id)
    product = (name.config, name.product_type) if name else ()
    return frame.instrument, frame.sample_type, frame.scale_factor, frame.filter_name, product


def _together(group: Sequence[Presented]) -> Sheet | None:
    """All of a group on one sheet; `None` unless each has a known place of its own."""
    windows = [_window(frame, picture) for frame, picture in group]
    known = [window for window in windows if window is not None]
    corners = {(window.first_sample, window.first_line) for window in known}
    if len(known) < len(windows) or len(corners) < len(windows):
        return None
    left = min(x for x, _ in corners)
    top = min(y for _, y in corners)
    scale = known[0].scale_factor
    if any((x - left) % scale or (y - top) % scale for x, y in corners):
        return None
    placed = [
        Placed(picture, (window.first_sample - left) // scale, (window.first_line - top) // scale)
        for window, (_, picture) in zip(known, group, strict=True)
    ]
    sizes = [window.picture_size for window in known]
    width = max(p.x_px + size[0] for p, size in zip(placed, sizes, strict=True))
    height = max(p.y_px + size[1] for p, size in zip(placed, sizes, strict=True))
    return Sheet((width, height), tuple(placed))


def _window(frame: FrameRow, picture: PresentedPicture) -> Window | None:
    """The part of the detector a frame shows, if its record and its size agree on it."""
    if frame.subframe is None or frame.scale_factor is None:
        return None
    try:
        window = Window.parse(frame.subframe, str(frame.scale_factor))
    except SolbookError:
        return None
    return window if window.picture_size == picture.size_px else None
