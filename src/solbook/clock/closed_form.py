"""The Sun over Mars without tables, for the years the tables do not have.

The recipe of Allison & McEwen, Planetary and Space Science 48 (2000) 215, with the constants of
NASA GISS's Mars24 algorithm page. Against the tables, over all they span: Ls within 0.0095 degrees,
local true solar time within 2.7 s, the Sun's declination within 0.0085 degrees, its distance within
0.0004 au (a test holds it to that). The fit behind it is of the years 1874 to 2127.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Amplitude in degrees, period in Julian years, phase in degrees of seven perturbations.
_PERTURBATIONS = np.array(
    [
        (0.0071, 2.2353, 49.409),
        (0.0057, 2.7543, 168.173),
        (0.0039, 1.1177, 191.837),
        (0.0037, 15.7866, 21.736),
        (0.0021, 2.1354, 15.704),
        (0.0020, 2.4694, 95.528),
        (0.0018, 32.8493, 49.095),
    ]
)
_DEG_A_YEAR_PER_DAY = 0.985626


class SunOverMars(NamedTuple):
    """Where the Sun is; each of the shape of the times.

    Attributes:
        ls_deg: Ls, 0 to 360.
        equation_of_time_deg: True less mean solar time.
        dec_deg: Declination: planetocentric latitude of the point below the Sun.
        sun_au: Distance.
    """

    ls_deg: Floats
    equation_of_time_deg: Floats
    dec_deg: Floats
    sun_au: Floats


def sun_over_mars(tt_days: Floats) -> SunOverMars:
    """The Sun over Mars.

    Args:
        tt_days: Any shape. TT, days past J2000.
    """
    mean_deg = 19.3871 + 0.52402073 * tt_days
    fictitious_deg = 270.3871 + 0.524038496 * tt_days
    amplitude, period, phase = _PERTURBATIONS.T.reshape(3, -1, *([1] * np.ndim(tt_days)))
    angle = np.radians(_DEG_A_YEAR_PER_DAY * tt_days / period + phase)
    perturbation_deg = (amplitude * np.cos(angle)).sum(axis=0)
    mean = np.radians(mean_deg)
    centre_deg = (
        (10.691 + 3.0e-7 * tt_days) * np.sin(mean)
        + 0.623 * np.sin(2 * mean)
        + 0.050 * np.sin(3 * mean)
        + 0.005 * np.sin(4 * mean)
        + 0.0005 * np.sin(5 * mean)
        + perturbation_deg
    )
    ls_deg = (fictitious_deg + centre_deg) % 360.0
    ls = np.radians(ls_deg)
    equation_deg = (
        2.861 * np.sin(2 * ls) - 0.071 * np.sin(4 * ls) + 0.002 * np.sin(6 * ls) - centre_deg
    )
    # Without the recipe's last term, 0.25 sin Ls, which makes a planetographic latitude of it.
    dec_deg = np.degrees(np.arcsin(0.42565 * np.sin(ls)))
    sun_au = 1.5236 * (
        1.00436
        - 0.09309 * np.cos(mean)
        - 0.004336 * np.cos(2 * mean)
        - 0.00031 * np.cos(3 * mean)
        - 0.00003 * np.cos(4 * mean)
    )
    return SunOverMars(ls_deg, equation_deg, dec_deg, sun_au)
