"""How a lens bends light: Gennery's functions of CAHVOR and CAHVORE.

Source: Gennery, "Generalized camera calibration including fish-eye lenses", International Journal
of Computer Vision 68 (2006), 239-266. His names: theta is the angle from the optical axis at the
entrance pupil, zeta and lambda are a point's distances along the axis and from it, chi is the
distance from the axis on a plane at distance 1 that the lens makes of theta.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Beyond this angle from the axis, at the entrance pupil, a point is behind the camera.
_WIDEST_RAD = np.pi / 2
# After a step of Newton as small as this, what is left is about its square.
_LAST_STEP = 1e-7
# Two or three are needed; more are taken within centimetres of the lens, and where a radial
# polynomial is about to turn back.
_MOST_STEPS = 50


@dataclass(frozen=True, eq=False)
class Lens:
    """A radially distorting lens.

    Args:
        r: Coefficients of the distortion, chi (1 + r0 + r1 chi^2 + r2 chi^4).
        e: Coefficients, metres, of the motion of the entrance pupil along the axis,
            (theta / sin theta - 1) (e0 + e1 theta^2 + e2 theta^4).
        linearity: Gennery's L, -1 to 1: chi is tan(L theta)/L, theta, or sin(L theta)/L for a
            positive, zero or negative one.
    """

    r: Floats
    e: Floats
    linearity: float

    def stretch(self, across: Floats, along: Floats) -> Floats:
        """What to multiply a point's distance from the axis with, to have its distorted chi.

        Args:
            across: Distance from the axis, metres, not negative.
            along: Distance along the axis from C, metres.

        Returns:
            One factor for each; NaN where the lens does not see the point.
        """
        angle = self._entry_angle(across, along)
        # A point at C itself is on every ray.
        ahead = (across > 0) | (along > 0)
        seen = ahead & (angle >= 0) & (angle < _WIDEST_RAD)
        field = self._field(np.where(seen, angle, np.nan))
        field = np.where(field <= self._widest_field, field, np.nan)
        # On the axis itself nothing is stretched, and 0/0 must not be taken.
        return np.where(across > 0, field / across, field) * _radial(self.r, field * field)

    def angle(self, distorted: Floats) -> Floats:
        """Theta, radians, of distorted chi; NaN where none leads there."""
        widest = self._widest_field
        reachable = widest * float(_radial(self.r, np.array(widest**2)))
        field = _undistorted(np.where(distorted <= reachable, distorted, np.nan), self.r, widest)
        if self.linearity == 0:
            return field
        turned = field * self.linearity
        made: Floats = np.arctan(turned) if self.linearity > 0 else np.arcsin(turned)
        return made / self.linearity

    def pupil_shift_m(self, angle: Floats) -> Floats:
        """How far along the axis from C the entrance pupil is, for light of these angles."""
        sine = np.sin(angle)
        lag = np.where(sine > 0, angle / sine - 1, 0 * angle)
        return lag * _even(self.e, angle * angle)

    def _entry_angle(self, across: Floats, along: Floats) -> Floats:
        """Theta of points, by Newton; NaN where that fails, within centimetres of the lens.

        zeta sin(theta) - lambda cos(theta) - (theta - sin(theta)) E(theta) = 0, where E is
        e0 + e1 theta^2 + e2 theta^4.
        """
        angle = np.arctan2(across, along)
        if not self.e.any():
            return angle
        step = np.zeros_like(angle)
        for _ in range(_MOST_STEPS):
            sine, cosine, square = np.sin(angle), np.cos(angle), angle * angle
            pupil, lag = _even(self.e, square), angle - sine
            growth = angle * (2 * self.e[1] + 4 * self.e[2] * square)
            off = along * sine - across * cosine - lag * pupil
            step = off / (along * cosine + across * sine - (1 - cosine) * pupil - lag * growth)
            angle = angle - step
            if not np.any(np.abs(step) > _LAST_STEP):
                break
        return np.where(np.abs(step) <= _LAST_STEP, angle, np.nan)

    def _field(self, angle: Floats) -> Floats:
        """Chi of theta, before distortion."""
        if self.linearity == 0:
            return angle
        turned = angle * self.linearity
        made: Floats = np.tan(turned) if self.linearity > 0 else np.sin(turned)
        return made / self.linearity

    @cached_property
    def _widest_field(self) -> float:
        """The greatest chi the lens is good for.

        That is where the radial polynomial stops growing, or where theta reaches 90 degrees.
        """
        slope = np.polynomial.Polynomial([1 + self.r[0], 3 * self.r[1], 5 * self.r[2]])
        squares = [complex(root) for root in slope.trim().roots()]
        turns = [sqrt(root.real) for root in squares if root.imag == 0 and root.real > 0]
        return min([float(self._field(np.array(_WIDEST_RAD))), *turns])


def _undistorted(distorted: Floats, r: Floats, widest: float) -> Floats:
    """The chi whose radial distortion gives another, by Newton, not beyond the widest."""
    field = np.minimum(distorted / (1 + r[0]), 0.9 * widest)
    step = np.zeros_like(field)
    for _ in range(_MOST_STEPS):
        square = field * field
        slope = 1 + r[0] + square * (3 * r[1] + square * 5 * r[2])
        better = np.clip(field - (field * _radial(r, square) - distorted) / slope, 0, widest)
        step, field = better - field, better
        if not np.any(np.abs(step) > _LAST_STEP * (1 + field)):
            break
    return np.where(np.abs(step) <= _LAST_STEP * (1 + field), field, np.nan)


def _radial(r: Floats, square: Floats) -> Floats:
    """By how much chi is stretched, of chi squared."""
    return 1 + _even(r, square)


def _even(coefficients: Floats, square: Floats) -> Floats:
    """A polynomial k0 + k1 x^2 + k2 x^4, of x squared."""
    made: Floats = coefficients[0] + square * (coefficients[1] + square * coefficients[2])
    return made
