"""Make the tables of `solbook.clock` from a JPL ephemeris.

    python tools/make_clock_tables.py

writes `src/solbook/clock/data/ephemeris.npz`. Needs `jplephem` and `skyfield-data` (the package's
`dev` extra), which brings JPL's DE421 (1899-07-29 to 2053-10-09).

Each quantity is computed as SPICE computes it and stored every four days of TT; between the nodes
`solbook.clock` runs a cubic through the values and their slopes. The directions are apparent ones:
corrected for light time and stellar aberration as seen from the centre of Mars (SPICE's "LT+S").
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jplephem.spk import SPK
from numpy.typing import NDArray

from solbook.clock.ephemeris import (
    FIRST_TT_S,
    LAST_TT_S,
    MARGIN_NODES,
    MEAN_SPIN_DEG_PER_DAY,
    STEP_S,
)
from solbook.clock.scales import tdb_minus_tt_ns

Floats = NDArray[np.float64]

TARGET = Path(__file__).parents[1] / "src" / "solbook" / "clock" / "data" / "ephemeris.npz"
SPEED_OF_LIGHT_KM_S = 299_792.458
AU_KM = 149_597_870.7  # IAU 2012 resolution B2
S_PER_DAY = 86_400.0
JD_J2000 = 2_451_545.0
# Obliquity of the ecliptic at J2000, IAU 1976 (SPICE's ECLIPJ2000), degrees.
OBLIQUITY_DEG = 84_381.448 / 3600
# Mars Year 24 ran from 1998-07-14 to 2000-05-31 (Clancy et al. 2000).
MARS_YEAR_AT_J2000 = 24
# Each step of the light-time iteration gains four digits.
LIGHT_TIME_STEPS = 4

# Segments of DE421 that lead from the solar system's barycentre to a body.
SUN = ((0, 10),)
MARS = ((0, 4), (4, 499))
EARTH = ((0, 3), (3, 399))

Body = tuple[tuple[int, int], ...]


class Terms(NamedTuple):
    """Periodic terms: amplitude, phase at J2000 and rate a Julian century, all in degrees."""

    terms: tuple[tuple[float, float, float], ...] = ()

    def sines(self, centuries: Floats) -> Floats:
        """Their sum as sines, degrees."""
        total = np.zeros_like(centuries)
        for amplitude, phase, rate in self.terms:
            total += amplitude * np.sin(np.radians(phase + rate * centuries))
        return total

    def cosines(self, centuries: Floats) -> Floats:
        """Their sum as cosines, degrees."""
        total = np.zeros_like(centuries)
        for amplitude, phase, rate in self.terms:
            total += amplitude * np.cos(np.radians(phase + rate * centuries))
        return total


class Rotation(NamedTuple):
    """How Mars turns: pole and prime meridian in J2000, degrees; `t` is TDB in centuries."""

    pole_ra: tuple[float, float]
    pole_dec: tuple[float, float]
    meridian: tuple[float, float]
    """At J2000, and degrees a day."""
    pole_ra_terms: Terms = Terms()
    pole_dec_terms: Terms = Terms()
    meridian_terms: Terms = Terms()

    def pole(self, tdb_s: Floats) -> tuple[Floats, Floats]:
        """Right ascension and declination of the pole, radians."""
        t = tdb_s / (S_PER_DAY * 36_525)
        ra_deg = self.pole_ra[0] + self.pole_ra[1] * t + self.pole_ra_terms.sines(t)
        dec_deg = self.pole_dec[0] + self.pole_dec[1] * t + self.pole_dec_terms.cosines(t)
        return np.radians(ra_deg), np.radians(dec_deg)

    def meridian_deg(self, tdb_s: Floats) -> Floats:
        """Angle of the prime meridian from the node of the equator, degrees, not wrapped."""
        t = tdb_s / (S_PER_DAY * 36_525)
        days = tdb_s / S_PER_DAY
        return self.meridian[0] + self.meridian[1] * days + self.meridian_terms.sines(t)


ROTATIONS = {
    # Archinal et al. 2011, as in NAIF's pck00010.tpc.
    "iau2009": Rotation((317.68143, -0.1061), (52.88650, -0.0609), (176.630, 350.89198226)),
    # Archinal et al. 2018, as in NAIF's pck00011.tpc.
    "iau2015": Rotation(
        (317.269202, -0.10927547),
        (54.432516, -0.05827105),
        (176.049863, 350.891982443297),
        Terms(
            (
                (0.000068, 198.991226, 19139.4819985),
                (0.000238, 226.292679, 38280.8511281),
                (0.000052, 249.663391, 57420.7251593),
                (0.000009, 266.183510, 76560.6367950),
                (0.419057, 79.398797, 0.5042615),
            )
        ),
        Terms(
            (
                (0.000051, 122.433576, 19139.9407476),
                (0.000141, 43.058401, 38280.8753272),
                (0.000031, 57.663379, 57420.7517205),
                (0.000005, 79.476401, 76560.6495004),
                (1.591274, 166.325722, 0.5042615),
            )
        ),
        Terms(
            (
                (0.000145, 129.071773, 19140.0328244),
                (0.000157, 36.352167, 38281.0473591),
                (0.000040, 56.668646, 57420.9295360),
                (0.000001, 67.364003, 76560.2552215),
                (0.000001, 104.792680, 95700.4387578),
                (0.584542, 95.391654, 0.5042615),
            )
        ),
    ),
}


class Sky:
    """Where the Sun, Mars and the Earth are at some instants, as SPICE has it from DE421.

    Args:
        spk: The ephemeris.
        tdb_s: Shape (n,). TDB, seconds past J2000.
    """

    def __init__(self, spk: SPK, tdb_s: Floats) -> None:
        self.spk = spk
        self.tdb_s = tdb_s
        self.mars_km, self.mars_km_s = self.state(MARS, tdb_s)
        self.sun_km, self.sun_km_s = self.state(SUN, tdb_s)
        self.earth_km, self.earth_km_s = self.state(EARTH, tdb_s)

    def state(self, body: Body, tdb_s: Floats) -> tuple[Floats, Floats]:
        """Position and velocity from the barycentre, shape (3, n), km and km/s, J2000."""
        position = np.zeros((3, len(tdb_s)))
        velocity = np.zeros((3, len(tdb_s)))
        for centre, target in body:
            segment = self.spk[centre, target]
            step = segment.compute_and_differentiate(JD_J2000, tdb_s / S_PER_DAY)
            position += step[0]
            velocity += step[1] / S_PER_DAY
        return position, velocity

    def seen(self, body: Body, observer_km: Floats) -> tuple[Floats, Floats]:
        """Where a body is seen from a place: the vector to it, km, and its light time, s."""
        light_time_s = np.zeros_like(self.tdb_s)
        for _ in range(LIGHT_TIME_STEPS):
            towards = self.state(body, self.tdb_s - light_time_s)[0] - observer_km
            light_time_s = length(towards) / SPEED_OF_LIGHT_KM_S
        return towards, light_time_s

    def apparent(self, body: Body) -> tuple[Floats, Floats]:
        """The direction in which a body appears from the centre of Mars, and its light time, s."""
        towards, light_time_s = self.seen(body, self.mars_km)
        return aberrated(towards, self.mars_km_s), light_time_s

    def mars_to_earth_s(self) -> Floats:
        """Light time of a signal that leaves Mars now."""
        light_time_s = np.zeros_like(self.tdb_s)
        for _ in range(LIGHT_TIME_STEPS):
            towards = self.state(EARTH, self.tdb_s + light_time_s)[0] - self.mars_km
            light_time_s = length(towards) / SPEED_OF_LIGHT_KM_S
        return light_time_s

    def elongation(self) -> tuple[Floats, Floats, Floats]:
        """Mars from the Sun as seen from the Earth: along and across the ecliptic, degrees.

        The third is the light time of Mars, s.
        """
        mars, light_time_s = self.seen(MARS, self.earth_km)
        sun, _ = self.seen(SUN, self.earth_km)
        tilt = np.radians(OBLIQUITY_DEG)
        north = np.array([[0.0], [-np.sin(tilt)], [np.cos(tilt)]])
        x = unit(aberrated(sun, self.earth_km_s))
        y = unit(cross(np.broadcast_to(north, x.shape), x))
        lon_deg, lat_deg = angles(aberrated(mars, self.earth_km_s), x, y)
        return lon_deg, lat_deg, light_time_s


def length(vectors: Floats) -> Floats:
    """Lengths of vectors of shape (3, n)."""
    return np.sqrt((vectors * vectors).sum(axis=0))


def unit(vectors: Floats) -> Floats:
    """The same directions with length 1."""
    return vectors / length(vectors)


def cross(a: Floats, b: Floats) -> Floats:
    """Cross products of vectors of shape (3, n)."""
    return np.cross(a, b, axis=0)


def aberrated(towards: Floats, velocity_km_s: Floats) -> Floats:
    """A vector turned towards the observer's velocity (SPICE subroutine STELAB)."""
    axis = cross(unit(towards), velocity_km_s / SPEED_OF_LIGHT_KM_S)
    sine = length(axis)
    axis /= sine
    cosine = np.sqrt(1 - sine * sine)
    return towards * cosine + cross(axis, towards) * sine


def angles(vectors: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Longitude from x towards y and latitude above both, degrees."""
    along_x, along_y = (vectors * x).sum(axis=0), (vectors * y).sum(axis=0)
    along_z = (vectors * cross(x, y)).sum(axis=0)
    lon = np.degrees(np.arctan2(along_y, along_x))
    return lon, np.degrees(np.arctan2(along_z, np.hypot(along_x, along_y)))


def equator(rotation: Rotation, tdb_s: Floats) -> tuple[Floats, Floats, Floats]:
    """Axes of Mars's equator of date: x to its node on the J2000 equator, z to the pole."""
    ra, dec = rotation.pole(tdb_s)
    z = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    x = np.array([-np.sin(ra), np.cos(ra), np.zeros_like(ra)])
    return x, cross(z, x), z


def solar_longitude_deg(sky: Sky, rotation: Rotation, sun: Floats) -> Floats:
    """Ls: along the orbit of Mars from its vernal equinox (SPICE subroutine LSPCN)."""
    orbit_north = unit(cross(sky.mars_km - sky.sun_km, sky.mars_km_s - sky.sun_km_s))
    pole = equator(rotation, sky.tdb_s)[2]
    equinox = unit(cross(pole, orbit_north))
    return angles(sun, equinox, cross(orbit_north, equinox))[0]


def unwrapped(degrees: Floats) -> Floats:
    """Angles without the jumps of 360 degrees."""
    return np.unwrap(degrees, period=360.0)


def tdb_from_tt_s(tt_s: Floats) -> Floats:
    """TDB of TT, both seconds past J2000."""
    return tt_s + tdb_minus_tt_ns(np.rint(tt_s * 1e9).astype(np.int64)) * 1e-9


def tables(spk: SPK, tt_s: Floats) -> dict[str, Floats]:
    """Every table at some instants, TT seconds past J2000, in order."""
    sky = Sky(spk, tdb_from_tt_s(tt_s))
    sun, _ = sky.apparent(SUN)
    earth, earth_to_mars_s = sky.apparent(EARTH)
    elongation_lon_deg, elongation_lat_deg, mars_seen_s = sky.elongation()
    found = {
        "sun_au": length(sky.mars_km - sky.sun_km) / AU_KM,
        "earth_au": length(sky.mars_km - sky.earth_km) / AU_KM,
        "earth_to_mars_s": earth_to_mars_s,
        "mars_to_earth_s": sky.mars_to_earth_s(),
        "mars_seen_s": mars_seen_s,
        "elongation_lon_deg": unwrapped(elongation_lon_deg),
        "elongation_lat_deg": elongation_lat_deg,
    }
    for name, rotation in ROTATIONS.items():
        ls_deg = unwrapped(solar_longitude_deg(sky, rotation, sun))
        # Counted on from the start of Mars Year 1, so that a table holds the years too.
        years = MARS_YEAR_AT_J2000 - 1 - np.floor(np.interp(0.0, tt_s, ls_deg) / 360)
        found[f"ls_deg_{name}"] = ls_deg + 360 * years
        x, y, _ = equator(rotation, sky.tdb_s)
        spun_deg = rotation.meridian_deg(sky.tdb_s) - MEAN_SPIN_DEG_PER_DAY * tt_s / S_PER_DAY
        for body, vectors in (("sun", sun), ("earth", earth)):
            lon_deg, dec_deg = angles(vectors, x, y)
            found[f"{body}_lon_deg_{name}"] = unwrapped(lon_deg) - spun_deg
            found[f"{body}_dec_deg_{name}"] = dec_deg
    return found


def nodes_tt_s() -> Floats:
    """The instants of the tables, some nodes beyond the span at both ends for the slopes."""
    count = round((LAST_TT_S - FIRST_TT_S) / STEP_S) + 1
    return FIRST_TT_S + STEP_S * np.arange(-MARGIN_NODES, count + MARGIN_NODES)


def open_ephemeris() -> Any:
    """JPL's DE421."""
    return SPK.open(str(files("skyfield_data") / "data" / "de421.bsp"))


def main() -> int:
    """Write the tables."""
    with open_ephemeris() as spk:
        np.savez(TARGET, **tables(spk, nodes_tt_s()))
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
