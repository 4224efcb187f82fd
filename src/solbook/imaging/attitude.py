"""How a rover stands: its attitude quaternion, and directions in the site frame.

Frames, all right-handed with z down, as in the agency's feed (checked against the headings of the
waypoint list, which agree within 0.01 degrees where the rover has not moved in between):

* rover navigation frame: x forward, y to the right, z down; the frame of the feed's camera models,
  `camera_vector` and `camera_position`;
* site frame: x north, y east, z down; the frame of the feed's `xyz`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, isfinite, radians, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solbook.errors import SolbookError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Attitude:
    """A unit quaternion that turns the rover navigation frame into the site frame.

    Args:
        q0: The scalar part, the cosine of half the angle.
        q1: The vector part along x (north).
        q2: The vector part along y (east).
        q3: The vector part along z (down).

    The numbers are brought to unit length; the feed rounds them to six digits, which is about
    0.0001 degrees.

    Raises:
        SolbookError: `bad_attitude`: the numbers are all zero or not finite.
    """

    q0: float
    q1: float
    q2: float
    q3: float

    def __post_init__(self) -> None:
        length = sqrt(self.q0**2 + self.q1**2 + self.q2**2 + self.q3**2)
        if not isfinite(length) or length == 0:
            raise SolbookError(
                "An attitude has no direction.",
                code="bad_attitude",
                found=f"({self.q0}, {self.q1}, {self.q2}, {self.q3})",
                expected="four finite numbers that are not all zero",
                help="Treat the attitude of this record as unknown.",
            )
        for name in ("q0", "q1", "q2", "q3"):
            object.__setattr__(self, name, float(getattr(self, name)) / length)

    @classmethod
    def parse(cls, text: str) -> Attitude:
        """Read the feed's `attitude`, such as `(0.206511,-0.0122821,0.019303,0.978177)`.

        Args:
            text: Scalar part first.

        Raises:
            SolbookError: `bad_attitude`: the text is `UNK` or damaged.
        """
        return cls(*read_numbers(text, 4, "attitude"))

    @classmethod
    def from_heading_pitch_roll(
        cls, heading_deg: float, pitch_deg: float, roll_deg: float
    ) -> Attitude:
        """The attitude of a rover that is turned, then pitched, then rolled.

        Args:
            heading_deg: Where the rover's front points, clockwise from north.
            pitch_deg: How far its front is raised, about its own y.
            roll_deg: How far its right side is lowered, about its own x.
        """
        heading, pitch, roll = (radians(angle) / 2 for angle in (heading_deg, pitch_deg, roll_deg))
        return cls(
            cos(heading) * cos(pitch) * cos(roll) + sin(heading) * sin(pitch) * sin(roll),
            cos(heading) * cos(pitch) * sin(roll) - sin(heading) * sin(pitch) * cos(roll),
            cos(heading) * sin(pitch) * cos(roll) + sin(heading) * cos(pitch) * sin(roll),
            sin(heading) * cos(pitch) * cos(roll) - cos(heading) * sin(pitch) * sin(roll),
        )

    def heading_pitch_roll_deg(self) -> tuple[float, float, float]:
        """Heading (0 to 360), pitch (-90 to 90) and roll (-180 to 180), in degrees.

        At a pitch of 90 degrees, which no rover survives, heading and roll are not determined.
        """
        matrix = self.matrix()
        heading = degrees(atan2(matrix[1, 0], matrix[0, 0])) % 360
        pitch = degrees(atan2(-matrix[2, 0], hypot(matrix[2, 1], matrix[2, 2])))
        return heading, pitch, degrees(atan2(matrix[2, 1], matrix[2, 2]))

    def matrix(self) -> Floats:
        """The rotation matrix, shape (3, 3).

        `matrix() @ v` gives in the site frame a direction `v` of the rover navigation frame.
        """
        w, x, y, z = self.q0, self.q1, self.q2, self.q3
        return np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )

    def text(self) -> str:
        """The attitude as the feed writes it, with ten digits."""
        return f"({self.q0:.10g},{self.q1:.10g},{self.q2:.10g},{self.q3:.10g})"


def azimuth_elevation_deg(direction_in_site_frame: ArrayLike) -> tuple[Any, Any]:
    """Where a direction points.

    Args:
        direction_in_site_frame: Shape (..., 3); x north, y east, z down; any length but zero.

    Returns:
        The azimuth, 0 to 360 degrees clockwise from north, and the elevation above the horizon,
        -90 to 90 degrees, each of shape (...).
    """
    north, east, down = np.moveaxis(np.asarray(direction_in_site_frame, dtype=np.float64), -1, 0)
    azimuth = np.degrees(np.arctan2(east, north)) % 360
    return azimuth, np.degrees(np.arctan2(-down, np.hypot(north, east)))


def read_numbers(text: str, count: int, name: str) -> list[float]:
    """The numbers of a list as the feed writes it: `(1.5,-2,3e-06)`, spaces allowed.

    Args:
        text: The list.
        count: How many numbers it must have.
        name: What it is; the error's code is `bad_` and this name.

    Raises:
        SolbookError: The text is `UNK`, or no list of so many finite numbers.
    """
    inside = re.fullmatch(r"\s*\(([^()]*)\)\s*", text)
    try:
        numbers = [float(number) for number in inside[1].split(",")] if inside else []
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(isfinite, numbers)):
        what = name.replace("_", " ")
        raise SolbookError(
            f"The {what} cannot be read.",
            code=f"bad_{name}",
            found=repr(text)[:120],
            expected=f"{count} numbers in brackets, separated by commas",
            help=f"UNK means that the feed does not know it. Treat the {what} as unknown.",
        )
    return numbers
