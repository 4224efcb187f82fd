"""The formulas of the Mars clock, each written once.

`solbook.clock.engine` runs every function here in three ways: as it stands, on one number; with
numpy's primitives, on arrays; and compiled by numba, on large arrays. So they have no branches and
call nothing but each other, arithmetic, and the primitives imported below. A table is four columns
of coefficients (`ephemeris.Table`), a leap-second table what `engine.leap_table` makes.

Angles are degrees unless a name says otherwise; `utc_ns` is UTC, ns since 1970-01-01 (POSIX).
"""

from __future__ import annotations

from math import asin, atan2, cos, floor, sin, sqrt
from typing import Any

from solbook.clock.ephemeris import FIRST_TT_S, MEAN_SPIN_DEG_PER_DAY, S_PER_DAY, STEP_S
from solbook.clock.leap_seconds import NS_PER_S

PRIMITIVES = (
    "asin",
    "atan2",
    "cos",
    "floor",
    "greatest",
    "least",
    "nearest",
    "real",
    "sin",
    "sqrt",
    "whole",
)

# One number, an array, or what numba makes of either: the engine decides.
Number = Any
Table = Any
Leap = Any

# 2000-01-01T12:00:00 counted in ns since 1970-01-01: 10,957 days and a half.
J2000_NS = 946_728_000 * NS_PER_S
# DELTET/DELTA_T_A of naif0012.tls: TT - TAI.
TT_MINUS_TAI_NS = 32_184_000_000
# DELTET/K, EB and M of naif0012.tls (Moyer 1981): amplitude in seconds, eccentricity, mean anomaly
# at J2000 in radians, its rate in radians a second.
_TDB_K_S = 1.657e-3
_TDB_EB = 1.671e-2
_TDB_M0_RAD = 6.239996
_TDB_M1_RAD_PER_S = 1.99096871e-7

_S_PER_NS = 1.0 / NS_PER_S
_STEPS_PER_NS = _S_PER_NS / STEP_S
_FIRST_STEP = FIRST_TT_S / STEP_S
_SPIN_DEG_PER_NS = MEAN_SPIN_DEG_PER_DAY / (S_PER_DAY * NS_PER_S)
_RAD_PER_DEG = 0.017453292519943295
_DEG_PER_RAD = 57.29577951308232
# Local solar time: 24 hours of 3600 s to 360 degrees.
_LOCAL_S_PER_DEG = 240.0
_LOCAL_NOON_S = 43_200.0
_LOCAL_S_PER_SOL = 86_400.0
# Mars24's equation C-2: the mean sol in days of TT, and the MSD at 2000-01-06T00:00 TT.
_DAYS_PER_NS = 1.0 / (S_PER_DAY * NS_PER_S)
DAYS_PER_MEAN_SOL = 1.0274912517
_MSD_AT_2000_01_06 = 44_796.0 - 0.0009626
# Leap seconds are at least 181 days apart, so a stretch of 2^53 ns, 104 days, holds at most one.
LEAP_SHIFT = 53


def whole(x: float) -> int:
    """The greatest whole number that is not greater."""
    return floor(x)


def nearest(x: float) -> int:
    """The nearest whole number; of two, the even one."""
    return round(x)


def real(x: int) -> float:
    """A whole number as a float."""
    return float(x)


def least(a: int, b: int) -> int:
    """The lesser of two numbers."""
    return min(a, b)


def greatest(a: int, b: int) -> int:
    """The greater of two numbers."""
    return max(a, b)


def tt_ns(utc_ns: Number, leap: Leap) -> Number:
    """TT, ns past J2000, without a search: a stretch of time has one leap second at most."""
    first_ns, steps_ns, offsets_ns = leap
    stretch = least(greatest((utc_ns - first_ns) >> LEAP_SHIFT, 0), len(steps_ns) - 1)
    return utc_ns + offsets_ns[2 * stretch + (utc_ns >= steps_ns[stretch])]


def tdb_term_ns(tt: Number) -> Number:
    """TDB less TT, ns, not rounded: K sin(M + EB sin M); `tt` is TT in ns past J2000.

    EB sin M is at most 0.017, so its sine and cosine are the first terms of their series, which
    are within 0.01 ns of the whole and spare a sine.
    """
    anomaly_rad = _TDB_M0_RAD + _TDB_M1_RAD_PER_S * (real(tt) * _S_PER_NS)
    sine = sin(anomaly_rad)
    ahead_rad = _TDB_EB * sine
    square = ahead_rad * ahead_rad
    along = sine * (1 - square * (1 / 2))
    across = cos(anomaly_rad) * ahead_rad * (1 - square * (1 / 6))
    return _TDB_K_S * NS_PER_S * (along + across)


def tt_s(utc_ns: Number, leap: Leap) -> Number:
    """TT, seconds past J2000."""
    return real(tt_ns(utc_ns, leap)) * _S_PER_NS


def tdb_s(utc_ns: Number, leap: Leap) -> Number:
    """TDB, seconds past J2000."""
    tt = tt_ns(utc_ns, leap)
    return real(tt + nearest(tdb_term_ns(tt))) * _S_PER_NS


def sol_and_rest(
    tt: Number,
    term_ns: Number,
    epoch_ns: int,
    sol_ns: int,
    sols_per_ns: float,
    first_sol: int,
    local_per_ns: float,
) -> Any:
    """The sol of a linear clock and the local seconds of that sol, at TDB = `tt` + `term_ns`."""
    # In whole ns, as the way back is, so that a sol's midnight comes back as that.
    past_ns = tt + nearest(term_ns) - epoch_ns
    sol = floor(real(past_ns) * sols_per_ns)
    rest_ns = real(past_ns - whole(sol) * sol_ns)
    # The product is rounded, so next to midnight it may be of the sol before or after.
    shift = (rest_ns >= sol_ns) * 1.0 - (rest_ns < 0) * 1.0
    return whole(sol + shift) + first_sol, (rest_ns - shift * sol_ns) * local_per_ns


def at(table: Table, tt: Number) -> Number:
    """A table's value at a time, TT in ns past J2000."""
    x = tt * _STEPS_PER_NS - _FIRST_STEP
    step = floor(x)
    i, u = whole(step), x - step
    return table[0][i] + u * (table[1][i] + u * (table[2][i] + u * table[3][i]))


def wrapped(x: Number, period: float) -> Number:
    """A number brought to 0 <= x < period."""
    return x - period * floor(x * (1.0 / period))


def ls_deg(utc_ns: Number, leap: Leap, ls: Table) -> Number:
    """Ls, 0 to 360."""
    return wrapped(at(ls, tt_ns(utc_ns, leap)), 360.0)


def east_of_deg(tt: Number, lon_e_deg: Number, lon: Table) -> Number:
    """How far east of a meridian a body stands over Mars, not wrapped."""
    return at(lon, tt) - tt * _SPIN_DEG_PER_NS - lon_e_deg


def ltst_s(utc_ns: Number, leap: Leap, lon_e_deg: Number, sun_lon: Table) -> Number:
    """Local true solar time at a longitude, local seconds of the day, 0 to 86,400."""
    east_deg = east_of_deg(tt_ns(utc_ns, leap), lon_e_deg, sun_lon)
    return wrapped(_LOCAL_NOON_S - east_deg * _LOCAL_S_PER_DEG, _LOCAL_S_PER_SOL)


def over_mars(
    utc_ns: Number,
    leap: Leap,
    lon: Table,
    dec: Table,
    distance: Table,
    lon_e_deg: Number,
    per_km: float,
) -> Any:
    """Where a body stands over Mars: east of a meridian, north of the equator, and how near.

    The first two in radians; the third is one kilometre over the distance, `per_km` that for a
    distance of 1 in the table.
    """
    tt = tt_ns(utc_ns, leap)
    east_rad = wrapped(east_of_deg(tt, lon_e_deg, lon), 360.0) * _RAD_PER_DEG
    return east_rad, at(dec, tt) * _RAD_PER_DEG, per_km / at(distance, tt)


def from_site(east_rad: Number, dec_rad: Number, parallax: Number, site: Any) -> Any:
    """The way to a body from a site: east, north and up, not quite of length 1.

    `site` is the sine and cosine of its areographic latitude, and its distance from the axis and
    from the plane of the equator, km.
    """
    sin_lat, cos_lat, axis_km, plane_km = site
    outwards = cos(dec_rad) * cos(east_rad) - axis_km * parallax
    upwards = sin(dec_rad) - plane_km * parallax
    east = cos(dec_rad) * sin(east_rad)
    north = upwards * cos_lat - outwards * sin_lat
    up = outwards * cos_lat + upwards * sin_lat
    return east, north, up


def elevation_deg(east_rad: Number, dec_rad: Number, parallax: Number, site: Any) -> Number:
    """How high a body's centre stands over the horizon of a site."""
    east, north, up = from_site(east_rad, dec_rad, parallax, site)
    return asin(up / sqrt(east * east + north * north + up * up)) * _DEG_PER_RAD


def azimuth_deg(east_rad: Number, dec_rad: Number, parallax: Number, site: Any) -> Number:
    """Where a body stands, from north over east, 0 to 360."""
    east, north, _ = from_site(east_rad, dec_rad, parallax, site)
    return wrapped(atan2(east, north) * _DEG_PER_RAD, 360.0)


def tt_days(utc_ns: Number, leap: Leap) -> Number:
    """TT, days past J2000."""
    return real(tt_ns(utc_ns, leap)) * _DAYS_PER_NS


def mean_sols(days: Number) -> Number:
    """MSD at TT in days past J2000 (Mars24's equation C-2)."""
    return (days - 4.5) / DAYS_PER_MEAN_SOL + _MSD_AT_2000_01_06


def mars_sol_date(utc_ns: Number, leap: Leap) -> Number:
    """MSD, mean sols at the prime meridian."""
    return mean_sols(tt_days(utc_ns, leap))


def mtc_s(utc_ns: Number, leap: Leap) -> Number:
    """Mean solar time at the prime meridian, local seconds, 0 to 86,400."""
    return wrapped(mars_sol_date(utc_ns, leap), 1.0) * _LOCAL_S_PER_SOL


def lmst_s(utc_ns: Number, leap: Leap, lon_e_deg: Number) -> Number:
    """Mean solar time at a longitude, local seconds, 0 to 86,400."""
    return wrapped(mtc_s(utc_ns, leap) + lon_e_deg * _LOCAL_S_PER_DEG, _LOCAL_S_PER_SOL)


def equation_of_time_s(utc_ns: Number, leap: Leap, sun_lon: Table) -> Number:
    """True less mean solar time, local seconds, -43,200 to 43,200."""
    ahead_s = ltst_s(utc_ns, leap, 0.0, sun_lon) - mtc_s(utc_ns, leap)
    return wrapped(ahead_s + _LOCAL_NOON_S, _LOCAL_S_PER_SOL) - _LOCAL_NOON_S


def separation_deg(utc_ns: Number, leap: Leap, lon: Table, lat: Table) -> Number:
    """The angle between the Sun and a body at a longitude and latitude from it, 0 to 180."""
    tt = tt_ns(utc_ns, leap)
    lon_rad, lat_rad = at(lon, tt) * _RAD_PER_DEG, at(lat, tt) * _RAD_PER_DEG
    across = sqrt(sin(lat_rad) ** 2 + (cos(lat_rad) * sin(lon_rad)) ** 2)
    return atan2(across, cos(lat_rad) * cos(lon_rad)) * _DEG_PER_RAD


def quantity(utc_ns: Number, leap: Leap, values: Table) -> Number:
    """What a table holds, as it is."""
    return at(values, tt_ns(utc_ns, leap))
