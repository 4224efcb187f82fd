"""The sky over one place on Mars: local time, Sun and Earth.

The ground is the IAU's ellipsoid, and up is its normal; there is no refraction (the thin air of
Mars bends light by less than 0.02 degrees at the horizon) and no terrain. Directions are those of a
body's centre, apparent (light time, aberration) and from the site itself, not the planet's centre.
Times and years are those of `solbook.clock.planet`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.clock.closed_form import sun_over_mars
from solbook.clock.engine import evaluate, look, look_from
from solbook.clock.ephemeris import PoleModel, Table, table
from solbook.clock.kernels import mean_sols
from solbook.clock.limits import NAT_NS
from solbook.clock.planet import MEAN_SOL_S, frame_table, require_frame
from solbook.clock.spans import are_in_tables, by_span
from solbook.clock.times import TimeLike, TimesLike, utc_ns
from solbook.errors import SolbookError

Int64s = NDArray[np.int64]

# Radii of Mars, km: Archinal et al. 2011, NAIF pck00010.
EQUATORIAL_RADIUS_KM = 3396.19
POLAR_RADIUS_KM = 3376.20
AU_KM = 149_597_870.7
SPEED_OF_LIGHT_KM_S = 299_792.458

HORIZON_DEG = 0.0
CIVIL_TWILIGHT_DEG = -6.0
NAUTICAL_TWILIGHT_DEG = -12.0
ASTRONOMICAL_TWILIGHT_DEG = -18.0
"""How far below the horizon the Sun stands where the twilights end."""

_DIRECTION = ("azimuth_deg", "elevation_deg")
_LOCAL_S_PER_SOL = 86_400.0
_LOCAL_S_PER_DEG = 240.0
# The Sun's hour angle runs unevenly by up to 0.1 %, so each step gains three digits.
_STEPS = 6


class Direction(NamedTuple):
    """Where a body stands.

    Attributes:
        az_deg: Azimuth, from north over east, 0 to 360.
        el_deg: Elevation over the horizon, -90 to 90.
    """

    az_deg: Any
    el_deg: Any


class SunTimes(NamedTuple):
    """When the Sun crosses an elevation around a local noon; UTC, ns since 1970-01-01.

    Attributes:
        rises_ns: Before noon, upwards; the least int64 (numpy's NaT) if it does not.
        noon_ns: The Sun in the meridian: 12:00 local true solar time.
        sets_ns: After noon, downwards; NaT if it does not.
        stays: `up` or `down` where it crosses neither way, else "".
    """

    rises_ns: Any
    noon_ns: Any
    sets_ns: Any
    stays: Any


@dataclass(frozen=True, slots=True)
class Site:
    """A place on Mars.

    Attributes:
        lat_deg: Areographic latitude (of the ellipsoid's normal), north positive, -90 to 90; a
            number or an array.
        lon_e_deg: East longitude, -180 to 360; a number or an array.
        frame: Rotation model, see `solbook.clock.planet`.

    Arrays go with the times they are used with: a rover's place at each of them.
    """

    lat_deg: Any
    lon_e_deg: Any
    frame: PoleModel = "iau2009"
    _ground: tuple[Any, Any, Any, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        require_frame(self.frame)
        _require_within("latitude", self.lat_deg, -90.0, 90.0)
        _require_within("east longitude", self.lon_e_deg, -180.0, 360.0)
        object.__setattr__(self, "_ground", _ground(self.lat_deg))

    @classmethod
    def from_areocentric(cls, lat_deg: Any, lon_e_deg: Any, frame: PoleModel = "iau2009") -> Site:
        """A place whose latitude is areocentric (planetocentric), as most maps give it."""
        _require_within("latitude", lat_deg, -90.0, 90.0)
        ratio = (EQUATORIAL_RADIUS_KM / POLAR_RADIUS_KM) ** 2
        lat_rad = np.radians(lat_deg)
        graphic = np.degrees(np.arctan2(ratio * np.sin(lat_rad), np.cos(lat_rad)))
        return cls(float(graphic) if np.ndim(graphic) == 0 else graphic, lon_e_deg, frame)

    def lmst_s(self, when: TimeLike | TimesLike) -> Any:
        """Local mean solar time at the site; a mission's clock is kept for another longitude.

        Args:
            when: One time or many, any year utc_ns can hold.

        Returns:
            Local seconds of the sol, 0 <= LMST < 86,400.
        """
        return evaluate("lmst_s", utc_ns(when), self.lon_e_deg)

    def ltst_s(self, when: TimeLike | TimesLike) -> Any:
        """Local true solar time: 12:00 is when the Sun is in the meridian.

        Args:
            when: One time or many.

        Returns:
            Local seconds, 0 <= LTST < 86,400, within 1 ms of SPICE's ET2LST; by the closed form,
            within 2.7 s.
        """
        sun_lon = frame_table("sun_lon_deg", self.frame)
        return by_span(
            utc_ns(when),
            lambda utc: evaluate("ltst_s", utc, self.lon_e_deg, sun_lon),
            self._ltst_by_closed_form,
        )

    def sun(self, when: TimeLike | TimesLike) -> Direction:
        """Where the Sun's centre stands.

        Args:
            when: One time or many.

        Returns:
            Degrees, within 2e-6 (azimuth times the cosine of the elevation); by the closed form,
            within 0.02.
        """
        utc = utc_ns(when)
        return Direction(*self._look(_DIRECTION, "sun", utc))

    def sun_elevation_deg(self, when: TimeLike | TimesLike) -> Any:
        """How high the Sun's centre stands; as `sun`, in half the time."""
        return self._look(("elevation_deg",), "sun", utc_ns(when))[0]

    def sun_is_up(self, when: TimeLike | TimesLike) -> Any:
        """Whether the Sun's centre is above the horizon; false where there is no time."""
        up = self.sun_elevation_deg(when) > HORIZON_DEG
        return bool(up) if np.ndim(up) == 0 else up

    def earth(self, when: TimeLike | TimesLike) -> Direction:
        """Where the Earth stands.

        Args:
            when: One time or many, years 1960 to 2052.

        Returns:
            Degrees, within 0.0001.
        """
        utc = utc_ns(when)
        return Direction(*self._look(_DIRECTION, "earth", utc))

    def sun_times(
        self, around: TimeLike | TimesLike, elevation_deg: float = HORIZON_DEG
    ) -> SunTimes:
        """Sunrise, noon and sunset of the local day whose noon is nearest to a time.

        Args:
            around: One time or many.
            elevation_deg: What the Sun's centre crosses, -90 to 90: 0 for sunrise and sunset, -6,
                -12 and -18 for the twilights.

        Returns:
            Within a second, where the Sun crosses at a slant and does not graze.
        """
        _require_within("elevation", elevation_deg, -90.0, 90.0)
        times, is_one = self._over_places(utc_ns(around))
        known = times != NAT_NS
        noon_ns = self._noon(np.where(known, times, 0))
        rises_ns, sets_ns = np.where(known, self._crossings(noon_ns, elevation_deg), NAT_NS)
        noon_is_over = self.sun_elevation_deg(noon_ns) > elevation_deg
        stays = np.where(noon_is_over, "up", "down")
        stays = np.where(known & (rises_ns == NAT_NS) & (sets_ns == NAT_NS), stays, "")
        found = SunTimes(rises_ns, np.where(known, noon_ns, NAT_NS), sets_ns, stays)
        if is_one:
            return SunTimes(*(column.tolist()[0] for column in found))
        return found

    def _look(self, kernels: Sequence[str], body: str, utc: int | Int64s) -> tuple[Any, ...]:
        lon, dec, distance, per_km = _body_tables(body, self.frame)
        over_mars = (lon, dec, distance, self.lon_e_deg, per_km)
        if are_in_tables(utc):
            return look(kernels, utc, over_mars, self._ground)

        def by_closed_form(kernel: str, days: Any) -> Any:
            sun = sun_over_mars(days)
            east_rad = np.radians((43_200.0 - self._ltst_by_closed_form(days)) / _LOCAL_S_PER_DEG)
            stands = (east_rad, np.radians(sun.dec_deg), 1 / (sun.sun_au * AU_KM))
            return look_from(kernel, stands, self._ground)

        def by_tables(kernel: str, times: Any) -> Any:
            return look((kernel,), times, over_mars, self._ground)[0]

        return tuple(
            by_span(
                utc,
                partial(by_tables, kernel),
                partial(by_closed_form, kernel) if body == "sun" else None,
            )
            for kernel in kernels
        )

    def _ltst_by_closed_form(self, tt_days: Any) -> Any:
        true_s = sun_over_mars(tt_days).equation_of_time_deg * _LOCAL_S_PER_DEG
        ahead_s = self.lon_e_deg * _LOCAL_S_PER_DEG + true_s
        return (mean_sols(tt_days) % 1.0 * _LOCAL_S_PER_SOL + ahead_s) % _LOCAL_S_PER_SOL

    def utc_from_ltst(self, around: TimeLike | TimesLike, ltst_s: Any) -> Any:
        """When the local true solar time is some value: the instant nearest to a time.

        Args:
            around: One time or many.
            ltst_s: Local seconds, 0 <= LTST < 86,400; broadcast with the times.

        Returns:
            `utc_ns`, the broadcast shape: UTC, ns since 1970-01-01 (POSIX), within 10 ms.
        """
        _require_within("local true solar time", ltst_s, 0.0, _LOCAL_S_PER_SOL, "local seconds")
        times, is_one = self._over_places(utc_ns(around), np.shape(ltst_s))
        wanted_s = np.broadcast_to(ltst_s, times.shape)
        known = times != NAT_NS
        found = np.where(known, self._when_ltst(np.where(known, times, 0), wanted_s), NAT_NS)
        return int(found[0]) if is_one else found

    def _over_places(self, utc: int | Int64s, *shapes: tuple[int, ...]) -> tuple[Int64s, bool]:
        """Times in the shape they and the places have together, and whether that is one time."""
        places = np.shape(self.lat_deg), np.shape(self.lon_e_deg)
        shape = np.broadcast_shapes(np.shape(utc), *places, *shapes)
        return np.broadcast_to(np.asarray(utc), shape or (1,)), shape == ()

    def _noon(self, times: Int64s) -> Int64s:
        return self._when_ltst(times, _LOCAL_S_PER_SOL / 2)

    def _when_ltst(self, times: Int64s, wanted_s: Any) -> Int64s:
        half_s = _LOCAL_S_PER_SOL / 2
        for _ in range(_STEPS):
            late_s = (self.ltst_s(times) - wanted_s + half_s) % _LOCAL_S_PER_SOL - half_s
            times = times - _si_ns(late_s)
        return times

    def _crossings(self, noon_ns: Int64s, elevation_deg: float) -> Int64s:
        """When the Sun crosses an elevation before and after a noon; NaT where it does not."""
        half_ns = _si_ns(_LOCAL_S_PER_SOL / 2)
        inside = np.stack([noon_ns, noon_ns])
        outside = np.stack([noon_ns - half_ns, noon_ns + half_ns])
        above = self.sun_elevation_deg(inside) > elevation_deg
        crosses = above & (self.sun_elevation_deg(outside) < elevation_deg)
        # From noon to midnight the Sun only sinks, so halving finds the one crossing.
        for _ in range(_HALVINGS):
            middle = inside + (outside - inside) // 2
            over = self.sun_elevation_deg(middle) > elevation_deg
            inside, outside = np.where(over, middle, inside), np.where(over, outside, middle)
        return np.where(crosses, inside, NAT_NS)


@cache
def _body_tables(body: str, frame: PoleModel) -> tuple[Table, Table, Table, float]:
    """Longitude, declination and distance of a body, and one over the km of the distance's unit."""
    lon, dec = (frame_table(f"{body}_{of}_deg", frame) for of in ("lon", "dec"))
    if body == "sun":
        return lon, dec, table("sun_au"), 1.0 / AU_KM
    return lon, dec, table("earth_to_mars_s"), 1.0 / SPEED_OF_LIGHT_KM_S


def _ground(lat_deg: Any) -> tuple[Any, Any, Any, Any]:
    """What `kernels.from_site` takes as `site`, on the ellipsoid."""
    lat = np.radians(lat_deg)
    sin_lat, cos_lat = np.sin(lat), np.cos(lat)
    flat = (POLAR_RADIUS_KM / EQUATORIAL_RADIUS_KM) ** 2
    normal_km = EQUATORIAL_RADIUS_KM / np.sqrt(cos_lat**2 + flat * sin_lat**2)
    ground = (sin_lat, cos_lat, normal_km * cos_lat, flat * normal_km * sin_lat)
    if np.ndim(lat) == 0:
        return tuple(float(part) for part in ground)  # type: ignore[return-value]
    return ground


_HELP = {
    "latitude": "North latitudes are positive, south ones negative.",
    "east longitude": "East longitudes are positive; west ones negative, or 360 less them.",
}

# Half a sol is 4.4e13 ns; 2^-17 of that is a third of a second, 2^-24 some milliseconds.
_HALVINGS = 24


def _si_ns(local_s: Any) -> Any:
    """Local seconds as SI nanoseconds."""
    return np.rint(local_s * (MEAN_SOL_S / _LOCAL_S_PER_SOL * 1e9)).astype(np.int64)


def _require_within(name: str, value: Any, low: float, high: float, unit: str = "degrees") -> None:
    values = np.asarray(value)
    if values.dtype.kind not in "iuf":
        beyond = np.array([True])
        values = np.array([value], dtype=object)
    else:
        beyond = ~((values >= low) & (values <= high))
    if np.any(beyond):
        raise SolbookError(
            f"The {name} is out of range.",
            code="bad_argument",
            found=f"{np.atleast_1d(values)[np.atleast_1d(beyond)][0]}"[:80],
            expected=f"{low:g} to {high:g} {unit}",
            help=_HELP.get(name, ""),
        )


__all__ = ["Direction", "Site", "SunTimes"]
