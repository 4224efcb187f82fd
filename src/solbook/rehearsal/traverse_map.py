"""The map of the drive and of the flights: the ground from above, and what is drawn upon it.

Lines and figures are drawn as shapes, so that no font is needed and all machines draw the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyvips

from solbook.imaging import CameraModel
from solbook.rehearsal.artwork import Bytes, Studio
from solbook.rehearsal.exposures import Floats, SolPlan

MAP_PX = (1280, 960)
"""Width and height of the map."""
BARS_M = (500, 200, 100, 50, 20, 10, 5)
"""Lengths that the bar of the scale may have."""

# Of the picture, what is drawn upon fills at most this share along each side.
_FILLED = 0.76
# A mission that has hardly moved is shown with some ground around it.
_LEAST_M = 30.0
_BAR_SHARE = 0.28
# So high that stops some metres up are not moved aside by more than a hundredth of their distance.
_HEIGHT_M = 2_000.0
_WAY, _FLIGHT, _CASING = "#fff3d6", "#9fd4ff", "#1d1712"
# Figures and two letters as strokes, on a field of 4 by 6.
_STROKES = {
    "0": "M1 0H3L4 1V5L3 6H1L0 5V1Z",
    "1": "M1 1L2 0V6M1 6H3",
    "2": "M0 1L1 0H3L4 1V2L0 6H4",
    "3": "M0 1L1 0H3L4 1V2L3 3H2M3 3L4 4V5L3 6H1L0 5",
    "4": "M3 6V0L0 4H4",
    "5": "M4 0H0V3H3L4 4V5L3 6H1L0 5",
    "6": "M4 1L3 0H1L0 1V5L1 6H3L4 5V4L3 3H0",
    "7": "M0 0H4L1.5 6",
    "8": "M1 0H3L4 1V2L3 3H1L0 2V1ZM1 3L0 4V5L1 6H3L4 5V4L3 3",
    "9": "M4 3H1L0 2V1L1 0H3L4 1V5L3 6H1L0 5",
    "m": "M0 6V2M0 3L1 2L2 3V6M2 3L3 2L4 3V6",
    "N": "M0 6V0L4 6V0",
    " ": "",
}
_DASHED = ' stroke-dasharray="3 9"'
# Side of the field's squares, and from one figure to the next.
_FIGURE_PX = 2.6
_ADVANCE = 5.6


def traverse_map(studio: Studio, plans: Sequence[SolPlan], utc_ns: int) -> Bytes:
    """The drive and the flights of some sols on the ground from above, north up.

    Args:
        studio: Makes the ground.
        plans: The sols.
        utc_ns: When the Sun stands as it does.

    Returns:
        Shape (height, width, 3).
    """
    width_px, height_px = MAP_PX
    model = map_camera(studio, plans)
    ground = studio.from_above(plans[-1].exposures[-1], model, MAP_PX, utc_ns)
    drawing = pyvips.Image.svgload_buffer(_drawing(studio, plans, model).encode())
    picture = pyvips.Image.new_from_array(ground).copy(interpretation="srgb")
    made: Bytes = picture.composite2(drawing, "over").flatten().numpy()
    return made[:height_px, :width_px, :3]


def map_camera(studio: Studio, plans: Sequence[SolPlan]) -> CameraModel:
    """The camera of the map, above the middle of what it shows."""
    width_px, height_px = MAP_PX
    least, most = _extent(plans)
    middle = (least + most) / 2
    m_a_px = float(max(*((most - least) / (_FILLED * np.array([height_px, width_px])))))
    up_m = float(studio.stage.heights(middle[:1], middle[1:])[0]) + _HEIGHT_M
    centre = (width_px - 1) / 2, (height_px - 1) / 2
    place_m = (float(middle[0]), float(middle[1]), -up_m)
    return CameraModel.made("CAHV", place_m, (0, 0, 1), (1, 0, 0), _HEIGHT_M / m_a_px, centre)


def bar_m(model: CameraModel) -> int:
    """How long the bar of the scale is."""
    widest_m = _BAR_SHARE * MAP_PX[0] * _HEIGHT_M / model.focal_px[0]
    return next((length for length in BARS_M if length <= widest_m), BARS_M[-1])


def _extent(plans: Sequence[SolPlan]) -> tuple[Floats, Floats]:
    """Least and most north and east of the drive and the flights."""
    driven = [point for plan in plans for point in plan.path_m]
    flown = [at[:2] for plan in plans if plan.flight for _, at in plan.flight.path]
    places = np.array([*driven, *flown])
    least, most = places.min(axis=0), places.max(axis=0)
    wanting = np.maximum(_LEAST_M - (most - least), 0.0) / 2
    return least - wanting, most + wanting


def _drawing(studio: Studio, plans: Sequence[SolPlan], model: CameraModel) -> str:
    """What is drawn upon the ground, as SVG."""
    width_px, height_px = MAP_PX
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px}" height="{height_px}"'
        ' fill="none" stroke-linecap="round" stroke-linejoin="round">'
        + "".join([*_flights(plans, model), *_way(studio, plans, model), *_stops(plans, model)])
        + _scale(model)
        + _north()
        + "</svg>"
    )


def _way(studio: Studio, plans: Sequence[SolPlan], model: CameraModel) -> list[str]:
    places = np.array([point for plan in plans for point in plan.path_m])
    ups_m = studio.stage.heights(places[:, 0], places[:, 1])
    line = _line(model.project(np.column_stack([places, -ups_m])))
    return _cased(line, _WAY, 3.5)


def _flights(plans: Sequence[SolPlan], model: CameraModel) -> list[str]:
    """A dashed line for each, and a triangle where it came down."""
    ways = [
        model.project(np.array([place for _, place in plan.flight.path]))
        for plan in plans
        if plan.flight is not None
    ]
    lines = [shape for way in ways for shape in _cased(_line(way), _FLIGHT, 3.0, _DASHED)]
    landings = [
        f'<path d="M{x:.1f} {y - 9:.1f}l8 14h-16z" fill="{_FLIGHT}" stroke="{_CASING}"'
        ' stroke-width="2"/>'
        for x, y in (way[-1] for way in ways)
    ]
    return [*lines, *landings]


def _stops(plans: Sequence[SolPlan], model: CameraModel) -> list[str]:
    """A dot where each sol's drive ended, with the sol's number; the first is the landing point."""
    shapes = []
    for plan in plans:
        if plan.waypoints:
            x, y = model.project(np.array(plan.waypoints[-1].pose.position_m))
            shapes.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{_WAY}"'
                f' stroke="{_CASING}" stroke-width="2.5"/>'
            )
            shapes.append(_figures(str(plan.sol), x + 15, y - 28))
    return shapes


def _scale(model: CameraModel) -> str:
    """A bar with its length, below on the left."""
    length_m = bar_m(model)
    length_px = length_m * model.focal_px[0] / _HEIGHT_M
    x, y = 60.0, MAP_PX[1] - 60.0
    line = f"M{x} {y - 8}v8h{length_px:.1f}v-8"
    return "".join(_cased(line, _WAY, 3.0)) + _figures(f"{length_m} m", x + 12, y - 32)


def _north() -> str:
    """An arrow to the north, above on the right."""
    x, y = MAP_PX[0] - 70.0, 60.0
    arrow = f"M{x} {y + 60}V{y}m-11 18L{x} {y}l11 18"
    return "".join(_cased(arrow, _WAY, 3.0)) + _figures("N", x - 5, y + 74)


def _line(pixels: Floats) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels)


def _cased(line: str, colour: str, width_px: float, more: str = "") -> list[str]:
    """A line with a dark edge, which shows on light ground and on dark."""
    strokes = [(_CASING, width_px + 3, 0.75), (colour, width_px, 1.0)]
    return [
        f'<path d="{line}" stroke="{stroke}" stroke-width="{wide}" stroke-opacity="{opacity}"'
        f"{more}/>"
        for stroke, wide, opacity in strokes
    ]


def _figures(text: str, x: float, y: float) -> str:
    """Figures from a corner on, on a dark plate."""
    width_px = (len(text) * _ADVANCE - 1.6) * _FIGURE_PX
    plate = (
        f'<rect x="{x - 6:.1f}" y="{y - 6:.1f}" width="{width_px + 12:.1f}"'
        f' height="{6 * _FIGURE_PX + 12:.1f}" rx="5" fill="{_CASING}" fill-opacity="0.72"/>'
    )
    strokes = "".join(
        f'<path d="{_STROKES[letter]}" transform="translate({x + k * _ADVANCE * _FIGURE_PX:.1f}'
        f' {y:.1f}) scale({_FIGURE_PX})" stroke="{_WAY}" stroke-width="0.85"/>'
        for k, letter in enumerate(text)
    )
    return plate + strokes
