"""A view of a picture: which part of it is shown, how large, turned how far. It is in the address.

The script of the viewer (`frontend/src/view.ts`) reads and writes the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Annotated, NamedTuple

from fastapi import Query

# The longer side of the smallest part that is shown.
_LEAST_PART_PX = 32
# In percent of the picture as it is.
LEAST_LIGHT, MOST_LIGHT, SAME_LIGHT = 20.0, 300.0, 100.0
_STEP = 0.5
_QUARTER_DEG = 90

Number = Annotated[float | None, Query(allow_inf_nan=False)]


class AskedView(NamedTuple):
    """What an address asks for; `None` for what it does not say."""

    x: float | None = None
    y: float | None = None
    zoom: float | None = None
    rotation: float | None = None
    brightness: float | None = None
    contrast: float | None = None


async def asked_view(
    x: Number = None,
    y: Number = None,
    zoom: Number = None,
    rotation: Number = None,
    brightness: Number = None,
    contrast: Number = None,
) -> AskedView:
    """The view that a request asks for."""
    return AskedView(x, y, zoom, rotation, brightness, contrast)


class Box(NamedTuple):
    """A part of a picture, in its pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class View:
    """A view of a picture, in range: the part shown lies within the picture.

    Attributes:
        width_px: Width of the picture.
        height_px: Height of the picture.
        x: Middle of the view, in pixels of the picture from its left edge.
        y: The same from its upper edge.
        zoom: How many times larger than the whole picture fitted in.
        rotation: Degrees clockwise, 0 to 360.
        brightness: Percent.
        contrast: Percent.
    """

    width_px: int
    height_px: int
    x: float
    y: float
    zoom: float = 1.0
    rotation: float = 0.0
    brightness: float = SAME_LIGHT
    contrast: float = SAME_LIGHT

    @classmethod
    def of(cls, size_px: tuple[int, int], asked: AskedView) -> View:
        """The view nearest to what is asked for."""
        width, height = size_px
        zoom = _between(1.0, asked.zoom or 1.0, most_zoom(size_px))
        half_width, half_height = width / zoom / 2, height / zoom / 2
        x = width / 2 if asked.x is None else asked.x
        y = height / 2 if asked.y is None else asked.y
        return cls(
            width,
            height,
            _between(half_width, x, width - half_width),
            _between(half_height, y, height - half_height),
            zoom,
            (asked.rotation or 0.0) % 360 % 360,  # a tiny negative angle gives 360 at first
            _light(asked.brightness),
            _light(asked.contrast),
        )

    @property
    def is_whole(self) -> bool:
        """Whether all of the picture is shown."""
        return self.zoom == 1.0

    @property
    def box(self) -> Box:
        """The part that is shown."""
        width = max(1, round(self.width_px / self.zoom))
        height = max(1, round(self.height_px / self.zoom))
        left = _between(0, self.x - width / 2, self.width_px - width)
        upper = _between(0, self.y - height / 2, self.height_px - height)
        return Box(round(left), round(upper), width, height)

    @property
    def turned_size_px(self) -> tuple[int, int]:
        """Width and height of the part as it is turned, in pixels of the picture."""
        box, angle = self.box, radians(self.rotation)
        across, along = abs(cos(angle)), abs(sin(angle))
        return (
            round(box.width * across + box.height * along),
            round(box.width * along + box.height * across),
        )

    def query(self) -> dict[str, str | None]:
        """The view as parts of an address; `None` for what need not be said."""
        placed = _text(self.zoom, 2) != "1"  # nearer than that to whole is whole
        rotation = _text(self.rotation, 1)
        return {
            "x": _text(self.x, 1) if placed else None,
            "y": _text(self.y, 1) if placed else None,
            "zoom": _text(self.zoom, 2) if placed else None,
            "rotation": None if rotation in {"0", "360"} else rotation,
            "brightness": _text(self.brightness, 0) if self.brightness != SAME_LIGHT else None,
            "contrast": _text(self.contrast, 0) if self.contrast != SAME_LIGHT else None,
        }

    def zoomed(self, times: float) -> View:
        """The same place so many times as large."""
        return self._changed(zoom=self.zoom * times)

    def moved(self, right: float, down: float) -> View:
        """Half a view on, as the reader sees right and down."""
        angle = radians(self.rotation)
        width, height = self.turned_size_px
        across, along = right * width * _STEP, down * height * _STEP
        return self._changed(
            x=self.x + across * cos(angle) + along * sin(angle),
            y=self.y - across * sin(angle) + along * cos(angle),
        )

    def turned(self, quarters: int) -> View:
        """The same part, quarter turns clockwise on."""
        return self._changed(rotation=self.rotation + quarters * _QUARTER_DEG)

    def whole(self) -> View:
        """All of the picture, upright."""
        return self._changed(zoom=1.0, rotation=0.0)

    def onto(self, size_px: tuple[int, int]) -> View:
        """The same part of another picture, by its share of the whole."""
        width, height = size_px
        return View.of(
            size_px,
            AskedView(
                self.x / self.width_px * width,
                self.y / self.height_px * height,
                self.zoom,
                self.rotation,
                self.brightness,
                self.contrast,
            ),
        )

    def _changed(
        self,
        *,
        x: float | None = None,
        y: float | None = None,
        zoom: float | None = None,
        rotation: float | None = None,
    ) -> View:
        asked = AskedView(
            self.x if x is None else x,
            self.y if y is None else y,
            self.zoom if zoom is None else zoom,
            self.rotation if rotation is None else rotation,
        )
        view = View.of((self.width_px, self.height_px), asked)
        return replace(view, brightness=self.brightness, contrast=self.contrast)


def most_zoom(size_px: tuple[int, int]) -> float:
    """How many times larger than whole a picture may be shown."""
    return max(1.0, max(size_px) / _LEAST_PART_PX)


def _between(least: float, value: float, most: float) -> float:
    return max(least, min(value, most))


def _light(asked: float | None) -> float:
    return SAME_LIGHT if asked is None else _between(LEAST_LIGHT, asked, MOST_LIGHT)


def _text(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
