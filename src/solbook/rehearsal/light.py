"""The light: the Sun through dust, the sky that scatters it, the haze before what is far.

One layer of dust, seen in three colours. The dust takes in blue, and sends most of what it scatters
on forwards, blue in a narrower beam than red; so the sky is butterscotch by day, and around the low
Sun it is blue (Thomas et al. 1999; Ehlers et al. 2014). Single scattering is exact for a flat
layer; what is scattered more often is taken as even over the sky.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.rehearsal.noise import compiled

Floats = NDArray[np.float64]

DUST_DEPTH = 0.45
"""Optical depth of the dust overhead: a clear season (Lemmon et al. 2015)."""
SCALE_HEIGHT_M = 11_000.0
SUN_RADIUS_DEG = 0.175
"""Half the Sun's width, seen from Mars."""

# Of red, green and blue: what a grain does not take in, and two beams (share and narrowness of the
# one forwards, narrowness of the broad one; Henyey and Greenstein 1941).
_SCATTERED = (0.972, 0.915, 0.800)
_FORWARD_SHARE = (0.30, 0.40, 0.60)
_FORWARD = (0.80, 0.84, 0.885)
_BROAD = (0.42, 0.36, 0.30)
# The Sun's light in the camera's colours, above the air.
_SUN = (1.0, 0.97, 0.93)


@dataclass(frozen=True)
class Light:
    """What shines on a place at a time.

    Attributes:
        sun: Direction of the Sun: north, east, up; of length 1.
        elevation_deg: Its height over the horizon.
        direct: Red, green, blue of its beam on a plane across it.
        sky: Of the whole sky on level ground.
    """

    sun: tuple[float, float, float]
    elevation_deg: float
    direct: tuple[float, float, float]
    sky: tuple[float, float, float]

    @property
    def kernel(self) -> tuple[Any, ...]:
        """What the compiled kernels take."""
        return (self.sun, np.sin(np.radians(self.elevation_deg)), self.direct, self.sky)


def light(azimuth_deg: float, elevation_deg: float) -> Light:
    """The light when the Sun stands somewhere.

    Args:
        azimuth_deg: From north over east.
        elevation_deg: Over the horizon; below it for night.
    """
    azimuth, elevation = np.radians(azimuth_deg), np.radians(elevation_deg)
    sun = (
        float(np.cos(elevation) * np.cos(azimuth)),
        float(np.cos(elevation) * np.sin(azimuth)),
        float(np.sin(elevation)),
    )
    sine = float(np.sin(elevation))
    # The disc sinks behind the horizon over its own width.
    shown = float(np.clip(0.5 + elevation_deg / (2 * SUN_RADIUS_DEG), 0.0, 1.0))
    path = float(air_path(max(sine, 0.0)))
    # Forward scattering keeps half of what is taken from the beam so near it that it shines along.
    direct = tuple(
        _SUN[k] * shown * float(np.exp(-DUST_DEPTH * path * (1 - 0.5 * _SCATTERED[k])))
        for k in range(3)
    )
    return Light(sun, elevation_deg, direct, _whole_sky(sun, sine))  # type: ignore[arg-type]


def _whole_sky(sun: tuple[float, float, float], sine: float) -> tuple[float, float, float]:
    """What level ground gets from the sky, by summing it up over 24 by 12 directions."""
    total = np.zeros(3)
    azimuths = 2 * np.pi * (np.arange(24) + 0.5) / 24
    for up in (np.arange(12) + 0.5) / 12:
        across = np.sqrt(1 - up * up)
        for azimuth in azimuths:
            way = (across * np.cos(azimuth), across * np.sin(azimuth), up)
            total += np.array(sky_radiance(way, sun, sine)) * up
    total *= 2 * np.pi / (24 * 12)
    return float(total[0]), float(total[1]), float(total[2])


@compiled
def air_path(sine: Any) -> Any:
    """How much more air there is along a slant than overhead; some 25 at the horizon."""
    return 1.0 / (max(sine, 0.0) + 0.035 * np.exp(-9.0 * max(sine, 0.0)) + 0.004)


@compiled
def _beam(cosine: Any, narrow: Any) -> Any:
    """Henyey and Greenstein's phase function, 1 on average."""
    across = 1 + narrow * narrow - 2 * narrow * cosine
    return (1 - narrow * narrow) / (across * np.sqrt(across))


@compiled
def sky_radiance(way: Any, sun: Any, sun_sine: Any) -> Any:
    """Red, green and blue of the sky in a direction; 1/pi is white ground under the Sun overhead.

    Args:
        way: North, east, up; of length 1. Below the horizon as at it.
        sun: Direction of the Sun.
        sun_sine: Sine of its elevation.
    """
    cosine = way[0] * sun[0] + way[1] * sun[1] + way[2] * sun[2]
    depth = DUST_DEPTH * air_path(way[2])
    # Below the horizon the Sun still lights the upper dust, over a longer and longer path.
    sunk = max(-sun_sine, 0.0)
    sun_depth = DUST_DEPTH * (air_path(max(sun_sine, 0.0)) + 130.0 * sunk)
    day = 1.0 / (1.0 + np.exp(-(sun_sine + 0.10) * 32.0))
    apart = depth - sun_depth
    if abs(apart) < 1e-3:
        single = depth * np.exp(-depth)
    else:
        single = depth / apart * (np.exp(-sun_depth) - np.exp(-depth))
    # Light that comes in low has gone through the upper, thinner dust for most of its way.
    aloft = np.exp(-0.16 * sun_depth) * (1 - np.exp(-depth))
    found = (0.0, 0.0, 0.0)
    for k in range(3):
        share = _FORWARD_SHARE[k]
        phase = share * _beam(cosine, _FORWARD[k]) + (1 - share) * _beam(cosine, _BROAD[k])
        once = _SCATTERED[k] * phase * (0.55 * single + 0.45 * aloft) / (4 * np.pi)
        height = max(sun_sine, 0.0)
        again = _SCATTERED[k] ** 3 * 0.30 * (1 - np.exp(-1.3 * depth)) * (0.05 + height) / np.pi
        value = _SUN[k] * day * (once + again * day)
        if k == 0:
            found = (value, found[1], found[2])
        elif k == 1:
            found = (found[0], value, found[2])
        else:
            found = (found[0], found[1], value)
    return found
