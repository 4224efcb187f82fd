"""The shapes of the rover and the helicopter, in their own frames: x forward, y right, z down.

Sizes are of the order of Perseverance's and Ingenuity's (3 m by 2.7 m, wheels of 0.53 m, the head
2 m up, rotors of 1.2 m); the shapes are made up, and simple.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from solbook.rehearsal.cameras import HEAD_JOINT_M, head_rotation
from solbook.rehearsal.exposures import MastPointing
from solbook.rehearsal.materials import (
    ALUMINIUM,
    BLACK,
    COPPER,
    GOLD,
    GREY,
    WHEEL,
    WHITE_PAINT,
)
from solbook.rehearsal.solids import Floats, Solids, box, cylinder

Place = Sequence[float] | Floats

_WHEEL_RADIUS_M = 0.2625
_WHEEL_X_M = (1.08, 0.05, -1.06)
_WHEEL_Y_M = 1.15
_DECK_Z_M = -1.08


def rover(aim: MastPointing | None = None) -> Solids:
    """The rover, its head turned to where it looks; ahead and level if nothing is said."""
    turned = _head().moved(head_rotation(aim or MastPointing(0.0, 0.0)), np.array(HEAD_JOINT_M))
    return Solids.together([_all_but_head(), turned])


def helicopter(rotor_deg: float = 35.0) -> Solids:
    """The helicopter; its origin is in its body, its feet are 0.27 m below.

    Args:
        rotor_deg: How the blades stand.
    """
    blades = []
    for k, z in enumerate((-0.14, -0.24)):
        angle = np.radians(rotor_deg + 70.0 * k)
        turn = np.array(
            [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
        )
        blades.append(box((0.0, 0.0, z), (1.21, 0.09, 0.008), BLACK, turn))
    return Solids.together([_all_but_blades(), *blades])


@cache
def _all_but_blades() -> Solids:
    parts = [
        box((0.0, 0.0, 0.02), (0.16, 0.17, 0.15), GREY),
        cylinder((0.0, 0.0, -0.16), (0, 0, 1), 0.32, 0.02, GREY, 8),
        box((0.0, 0.0, -0.33), (0.17, 0.43, 0.012), BLACK),
    ]
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            foot = np.array([0.30 * x, 0.30 * y, 0.27])
            top = np.array([0.05 * x, 0.05 * y, -0.02])
            parts.append(_strut(top, foot, 0.008, GREY))
    return Solids.together(parts)


@cache
def _all_but_head() -> Solids:
    foot = np.array([0.76, 0.56, _DECK_Z_M])
    neck = np.array(HEAD_JOINT_M) + np.array([-0.03, 0.0, 0.16])
    mast = _strut(foot, neck, 0.055, WHITE_PAINT, 14)
    return Solids.together([*_wheels(), *_body(), *_deck(), *_arm(), mast])


@cache
def _head() -> Solids:
    return box((-0.02, 0.0, -0.05), (0.36, 0.62, 0.24), WHITE_PAINT)


def _strut(begin: Place, end: Place, radius_m: float, material: int, sides: int = 8) -> Solids:
    first, last = np.asarray(begin, float), np.asarray(end, float)
    along = last - first
    length_m = float(np.linalg.norm(along))
    return cylinder(tuple((first + last) / 2), tuple(along), length_m, radius_m, material, sides)


def _wheels() -> list[Solids]:
    parts = []
    for side in (-1.0, 1.0):
        y = side * _WHEEL_Y_M
        for x in _WHEEL_X_M:
            centre = (x, y, -_WHEEL_RADIUS_M)
            parts.append(cylinder(centre, (0, 1, 0), 0.40, _WHEEL_RADIUS_M, WHEEL, 18))
            # The hub, and spokes that are seen from the side.
            hub = (x, y + side * 0.19, -_WHEEL_RADIUS_M)
            parts.append(cylinder(hub, (0, 1, 0), 0.06, 0.19, BLACK, 16))
            parts.append(cylinder(hub, (0, 1, 0), 0.10, 0.06, ALUMINIUM, 12))
        pivot = np.array([0.20, side * 0.80, -0.80])
        bogie = np.array([-0.50, side * 0.90, -0.62])
        knee = np.array([1.08, side * 0.95, -0.78])
        parts.append(_strut(pivot, knee, 0.05, ALUMINIUM))
        parts.append(_strut(knee, [1.08, side * 0.95, -0.30], 0.05, ALUMINIUM))
        parts.append(_strut(pivot, bogie, 0.05, ALUMINIUM))
        parts.append(_strut(bogie, [0.05, side * 0.95, -0.30], 0.045, ALUMINIUM))
        parts.append(_strut(bogie, [-1.06, side * 0.95, -0.32], 0.045, ALUMINIUM))
        parts.append(box((1.08, side * 0.95, -0.55), (0.12, 0.14, 0.16), BLACK))
    return parts


def _body() -> list[Solids]:
    generator = np.array([-1.18, 0.0, -0.82])
    parts = [
        box((0.0, 0.0, -0.80), (1.65, 1.15, 0.52), WHITE_PAINT, bevel_m=0.06),
        box((-0.02, 0.0, -0.545), (1.50, 1.05, 0.05), GREY),
        cylinder(tuple(generator), (0.87, 0, -0.5), 0.62, 0.13, GREY, 14),
    ]
    for k in range(4):
        turn = np.pi / 4 * k
        size = (0.58, 0.50, 0.012)
        axis = np.array([0.87, 0.0, -0.5]) / np.hypot(0.87, 0.5)
        across = np.array([0.0, 1.0, 0.0])
        other = np.cross(axis, across)
        first = np.cos(turn) * across + np.sin(turn) * other
        second = np.cross(axis, first)
        parts.append(box(tuple(generator), size, GREY, np.stack([axis, first, second], axis=1)))
    return parts


def _deck() -> list[Solids]:
    z = _DECK_Z_M
    parts = [
        box((0.02, 0.0, z + 0.01), (1.72, 1.22, 0.03), WHITE_PAINT, bevel_m=0.08),
        box((-0.30, -0.30, z - 0.05), (0.30, 0.26, 0.10), WHITE_PAINT),
        box((0.30, -0.25, z - 0.035), (0.36, 0.42, 0.07), ALUMINIUM),
        box((0.33, -0.22, z - 0.085), (0.20, 0.16, 0.04), GREY),
        box((0.28, 0.22, z - 0.02), (0.30, 0.24, 0.04), WHITE_PAINT),
        box((0.62, 0.10, z - 0.03), (0.16, 0.20, 0.06), GREY),
        box((-0.05, 0.32, z - 0.02), (0.18, 0.18, 0.04), GOLD),
        cylinder((-0.62, -0.42, z - 0.10), (0, 0, 1), 0.22, 0.085, WHITE_PAINT, 16),
        cylinder((-0.52, 0.34, z - 0.14), (0, 0, 1), 0.26, 0.035, ALUMINIUM, 12),
        cylinder((-0.50, 0.34, z - 0.29), (0.25, 0.15, -1), 0.05, 0.155, WHITE_PAINT, 6),
        cylinder((-0.12, -0.48, z - 0.16), (0, 0, 1), 0.30, 0.022, WHITE_PAINT, 10),
        # The target for colours: a dark ring around a pale disc, patches of colour about it.
        cylinder((0.46, 0.40, z - 0.02), (0, 0, 1), 0.04, 0.055, BLACK, 16),
        cylinder((0.46, 0.40, z - 0.045), (0, 0, 1), 0.02, 0.035, WHITE_PAINT, 16),
        cylinder((0.46, 0.40, z - 0.075), (0, 0, 1), 0.05, 0.006, BLACK, 8),
    ]
    for k, material in enumerate((COPPER, GOLD, GREY, WHITE_PAINT)):
        turn = np.pi / 2 * k + 0.4
        place = (0.46 + 0.075 * np.cos(turn), 0.40 + 0.075 * np.sin(turn), z - 0.018)
        parts.append(cylinder(place, (0, 0, 1), 0.03, 0.016, material, 10))
    cables = [([-0.78, y, z - 0.02], [0.70, y, z - 0.02]) for y in (-0.52, 0.12, 0.50)]
    cables += [([x, -0.58, z - 0.015], [x, 0.58, z - 0.015]) for x in (-0.45, 0.05, 0.52)]
    return [*parts, *(_strut(begin, end, 0.011, GREY) for begin, end in cables)]


def _arm() -> list[Solids]:
    shoulder, elbow = np.array([0.98, -0.42, -0.98]), np.array([1.20, 0.34, -1.02])
    wrist = np.array([1.24, -0.40, -1.10])
    return [
        cylinder(tuple(shoulder), (0, 0, 1), 0.20, 0.085, ALUMINIUM, 14),
        _strut(shoulder, elbow, 0.055, ALUMINIUM, 12),
        cylinder(tuple(elbow), (0, 0, 1), 0.20, 0.075, GREY, 14),
        _strut(elbow, wrist, 0.045, ALUMINIUM, 12),
        cylinder((1.26, -0.50, -1.10), (0.2, 1, 0), 0.26, 0.16, GREY, 14),
        box((1.26, -0.62, -1.02), (0.18, 0.16, 0.24), BLACK),
        cylinder((1.40, -0.50, -1.12), (1, 0, 0), 0.20, 0.05, GOLD, 12),
    ]
