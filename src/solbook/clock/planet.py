"""Mars as a whole: its date and season, its distances, light time, conjunctions.

Times are taken in any form `times.TimeLike` and `times.TimesLike` name; one time gives a float,
many an array of the same shape, NaT gives NaN. Unless a function says otherwise its range is the
years 1960 to 2052, from tables made of JPL's DE421 (`solbook.clock.ephemeris`), and beyond that
1874 to 2127 with the closed form of Allison & McEwen 2000. The accuracy stated is against SPICE
with the same ephemeris and rotation model.

`frame` is the rotation model of Mars: `iau2009` (Archinal et al. 2011, NAIF pck00010) or `iau2015`
(Archinal et al. 2018, pck00011).
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.clock.closed_form import sun_over_mars
from solbook.clock.engine import evaluate
from solbook.clock.ephemeris import POLE_MODELS, PoleModel, Table, table
from solbook.clock.kernels import DAYS_PER_MEAN_SOL
from solbook.clock.limits import GREATEST_UTC_NS, LEAST_UTC_NS, NAT_NS, out_of_range
from solbook.clock.spans import TABLES_FROM_NS, TABLES_UNTIL_NS, by_span
from solbook.clock.times import TimeLike, TimesLike, shown, utc_ns
from solbook.errors import SolbookError

Floats = NDArray[np.float64]
Numbers = float | Floats
_NS_PER_DAY = 86_400_000_000_000
_MEAN_SOL_NS = DAYS_PER_MEAN_SOL * _NS_PER_DAY

Season = Literal["northern spring", "northern summer", "northern autumn", "northern winter"]
SEASONS: tuple[Season, ...] = (
    "northern spring",
    "northern summer",
    "northern autumn",
    "northern winter",
)

Leg = Literal["leaving", "arriving", "seen"]
_LEG_TABLES: dict[Leg, str] = {
    "leaving": "mars_to_earth_s",
    "arriving": "earth_to_mars_s",
    "seen": "mars_seen_s",
}


def require_frame(frame: str) -> None:
    """Make sure of the name of a rotation model.

    Raises:
        SolbookError: `bad_argument` if there is no such model.
    """
    if frame not in POLE_MODELS:
        raise SolbookError(
            "No such rotation model of Mars.",
            code="bad_argument",
            found=repr(frame)[:80],
            expected=", ".join(POLE_MODELS),
        )


def frame_table(name: str, frame: PoleModel) -> Table:
    """A table of a rotation model."""
    require_frame(frame)
    return table(f"{name}_{frame}")


def tt_from_utc(when: TimeLike | TimesLike) -> Any:
    """TT, Terrestrial Time.

    Args:
        when: One time or many, any year utc_ns can hold.

    Returns:
        Seconds past J2000 (2000-01-01T12:00:00 TT), as exact as a float64: 0.12 us in the years of
        the surface missions.
    """
    return evaluate("tt_s", utc_ns(when))


def tdb_from_utc(when: TimeLike | TimesLike) -> Any:
    """TDB, Barycentric Dynamical Time: SPICE's "ET".

    Args:
        when: One time or many, any year utc_ns can hold.

    Returns:
        Seconds past J2000 (2000-01-01T12:00:00 TDB), within 1 us of SPICE's STR2ET.
    """
    return evaluate("tdb_s", utc_ns(when))


def ls_deg(when: TimeLike | TimesLike, frame: PoleModel = "iau2009") -> Any:
    """Ls, the areocentric longitude of the Sun: the season, from the northern spring equinox.

    Args:
        when: One time or many.
        frame: Rotation model.

    Returns:
        Degrees, 0 <= Ls < 360; the Sun's apparent place (light time, aberration), as SPICE's LSPCN
        with "LT+S". Within 2e-6 degrees; by the closed form, within 0.0095.
    """
    ls = frame_table("ls_deg", frame)
    return by_span(
        utc_ns(when),
        lambda utc: evaluate("ls_deg", utc, ls),
        lambda days: sun_over_mars(days).ls_deg,
    )


def mars_sol_date(when: TimeLike | TimesLike) -> Any:
    """MSD, the count of mean sols at the prime meridian since 1873-12-29.

    Args:
        when: One time or many, any year utc_ns can hold.

    Returns:
        Mean sols (Allison & McEwen 2000 with the constants of Mars24); resolved to 1 us.
    """
    return evaluate("mars_sol_date", utc_ns(when))


def utc_from_mars_sol_date(msd: Any) -> Any:
    """The inverse of `mars_sol_date`.

    Args:
        msd: A number or any shape: mean sols.

    Returns:
        `utc_ns`, same shape: UTC, ns since 1970-01-01 (POSIX), within 1 us; NaT for NaN.
    """
    sols = np.atleast_1d(np.asarray(msd, dtype=np.float64))
    known = ~np.isnan(sols)
    least, greatest = (mars_sol_date(utc) for utc in (LEAST_UTC_NS, GREATEST_UTC_NS))
    beyond = known & ~((sols >= least) & (sols <= greatest))
    if beyond.any():
        raise out_of_range(f"MSD {sols[beyond][0]}")
    # UTC differs from TT by at most some 70 s; then two steps bring it to the rounding.
    guess = np.where(known, sols, 0.0)
    utc = np.rint((guess - evaluate("mars_sol_date", np.zeros(1, np.int64))) * _MEAN_SOL_NS)
    utc = utc.astype(np.int64)
    for _ in range(3):
        utc += np.rint((guess - evaluate("mars_sol_date", utc)) * _MEAN_SOL_NS).astype(np.int64)
    found = np.where(known, utc, NAT_NS)
    return int(found[0]) if np.ndim(msd) == 0 else found.reshape(np.shape(msd))


def mtc_s(when: TimeLike | TimesLike) -> Any:
    """MTC, Coordinated Mars Time: mean solar time at the prime meridian.

    Args:
        when: One time or many, any year utc_ns can hold.

    Returns:
        Local seconds of the mean sol, 0 <= MTC < 86,400.
    """
    return evaluate("mtc_s", utc_ns(when))


def equation_of_time_s(when: TimeLike | TimesLike, frame: PoleModel = "iau2009") -> Any:
    """The equation of time: true solar time less mean solar time, the same at every longitude.

    Args:
        when: One time or many.
        frame: Rotation model.

    Returns:
        Local seconds, from about -3,070 to 2,400.
    """
    lon = frame_table("sun_lon_deg", frame)
    return by_span(
        utc_ns(when),
        lambda utc: evaluate("equation_of_time_s", utc, lon),
        lambda days: sun_over_mars(days).equation_of_time_deg * 240.0,
    )


class MarsDate(NamedTuple):
    """A date of the Martian calendar.

    Attributes:
        year: Mars Year; Mars Year 1 began on 1955-04-11 (Clancy et al. 2000). The least int64
            where there is no time.
        sol_of_year: Mean sols since the year's northern spring equinox (Ls 0), 0 to 668.6.
    """

    year: Any
    sol_of_year: Any


def mars_date(when: TimeLike | TimesLike) -> MarsDate:
    """Mars Year, and sols since it began.

    Args:
        when: One time or many, years 1961 to 2052.

    Returns:
        Whole years and mean sols (88,775.244 s), within a second. In Solbook, as in Piqueux et al.
        2015, a year begins the instant Ls is 0; calendars that begin it at a midnight differ by up
        to a sol.

    Raises:
        SolbookError: `out_of_range` beyond those years.
    """
    utc = utc_ns(when)
    starts_ns = _year_starts_ns()
    times = np.atleast_1d(np.asarray(utc))
    known = times != NAT_NS
    beyond = known & ((times < starts_ns[0]) | (times >= TABLES_UNTIL_NS))
    if beyond.any():
        raise SolbookError(
            "The time is out of the years for which Mars Years are known.",
            code="out_of_range",
            found=shown(times[beyond][0]),
            expected=f"a time from {shown(starts_ns[0])} until {shown(TABLES_UNTIL_NS)}",
            help="Choose a time of these years; mars_sol_date counts sols for any.",
        )
    place = np.searchsorted(starts_ns, np.where(known, times, starts_ns[0]), side="right") - 1
    years = np.where(known, place + _FIRST_YEAR, NAT_NS)
    elapsed_s = (times - starts_ns[place]) / 1e9
    sols = np.where(known, elapsed_s / MEAN_SOL_S, np.nan)
    if isinstance(utc, int):
        return MarsDate(int(years[0]), float(sols[0]))
    return MarsDate(years.reshape(utc.shape), sols.reshape(utc.shape))


def utc_from_ls(year: Any, ls: Any) -> Any:
    """When the season reaches an Ls: the inverse of `mars_date` and `ls_deg` together.

    Args:
        year: Mars Year, 4 to 52, a whole number, or any shape of them; NaN gives NaT.
        ls: Ls, degrees, 0 <= Ls < 360; broadcast with the years.

    Returns:
        `utc_ns`, the broadcast shape: UTC, ns since 1970-01-01 (POSIX), within a second.

    Raises:
        SolbookError: `out_of_range` where that is not within the years 1960 to 2052.
    """
    counted_deg = 360.0 * (np.asarray(year, dtype=np.float64) - 1) + np.asarray(
        ls, dtype=np.float64
    )
    utc = _when_counted(np.atleast_1d(counted_deg))
    return int(utc[0]) if np.ndim(counted_deg) == 0 else utc


def _when_counted(counted_deg: Floats) -> NDArray[np.int64]:
    """When Ls, counted on from Mars Year 1, reaches some values."""
    ls, days_ns, of_days_deg = _counted_days()
    known = ~np.isnan(counted_deg)
    counted_deg = np.where(known, counted_deg, of_days_deg[0])
    beyond = ~((counted_deg >= of_days_deg[0]) & (counted_deg <= of_days_deg[-1]))
    if beyond.any():
        first = float(counted_deg[beyond][0])
        raise SolbookError(
            "The season is out of the years for which Mars Years are known.",
            code="out_of_range",
            found=f"Mars Year {first // 360 + 1:.0f}, Ls {first % 360:.2f}",
            expected=f"a time from {shown(days_ns[0])} until {shown(days_ns[-1])}",
            help="Choose a Mars Year and Ls of these years.",
        )
    utc = np.interp(counted_deg, of_days_deg, days_ns).astype(np.int64)
    for _ in range(3):
        before_deg = evaluate("quantity", utc - _NS_PER_DAY // 2, ls)
        rate_deg = evaluate("quantity", utc + _NS_PER_DAY // 2, ls) - before_deg
        short_deg = counted_deg - evaluate("quantity", utc, ls)
        utc = utc + (short_deg / rate_deg * _NS_PER_DAY).astype(np.int64)
    return np.where(known, utc, NAT_NS)


@cache
def _counted_days() -> tuple[Table, NDArray[np.int64], Floats]:
    """Ls on every day of the tables, counted on from Mars Year 1."""
    ls = frame_table("ls_deg", "iau2009")
    days_ns = np.arange(TABLES_FROM_NS, TABLES_UNTIL_NS, _NS_PER_DAY)
    return ls, days_ns, evaluate("quantity", days_ns, ls)


MEAN_SOL_S = 88_775.244
"""SI seconds in a mean sol, as the missions' clocks count them (NAIF LMST kernels)."""
_FIRST_YEAR = 4


@cache
def _year_starts_ns() -> NDArray[np.int64]:
    """When Mars Years began, from 4 on, UTC: the instants at which Ls runs through 0."""
    last = int(_counted_days()[2][-1] // 360) + 1
    return _when_counted(360.0 * np.arange(_FIRST_YEAR - 1, last, dtype=np.float64))


def season(when: TimeLike | TimesLike) -> Any:
    """The season of the northern hemisphere; the southern one has the opposite.

    Args:
        when: One time or many.

    Returns:
        One of `SEASONS`, or an array of them; "" where there is no time.
    """
    ls = ls_deg(when)
    if isinstance(ls, float):
        return "" if np.isnan(ls) else SEASONS[int(ls // 90)]
    names = np.array([*SEASONS, ""])
    return names[np.where(np.isnan(ls), 4, ls // 90).astype(int)]


def sun_distance_au(when: TimeLike | TimesLike) -> Any:
    """Distance from Mars to the Sun, centre to centre, at that instant.

    Args:
        when: One time or many.

    Returns:
        Astronomical units (149,597,870.7 km), within 2e-8; by the closed form, within 0.0004.
    """
    return by_span(
        utc_ns(when),
        lambda utc: evaluate("quantity", utc, table("sun_au")),
        lambda days: sun_over_mars(days).sun_au,
    )


def earth_distance_au(when: TimeLike | TimesLike) -> Any:
    """Distance from Mars to the Earth, centre to centre, at that instant.

    Args:
        when: One time or many, years 1960 to 2052.

    Returns:
        Astronomical units, within 1e-6.
    """
    return by_span(utc_ns(when), lambda utc: evaluate("quantity", utc, table("earth_au")))


def light_time_s(when: TimeLike | TimesLike, leg: Leg = "leaving") -> Any:
    """One-way light time between Mars and the Earth, centre to centre.

    Args:
        when: One time or many, years 1960 to 2052.
        leg: `leaving`: a signal leaves Mars now, and reaches the Earth so much later. `arriving`: a
            signal from the Earth arrives at Mars now, and was sent so much earlier. `seen`: the
            Earth sees Mars now, as it was so much earlier.

    Returns:
        Seconds, within 0.3 ms.
    """
    if leg not in _LEG_TABLES:
        raise SolbookError(
            "No such leg of the way.",
            code="bad_argument",
            found=repr(leg)[:80],
            expected=", ".join(_LEG_TABLES),
        )
    return by_span(utc_ns(when), lambda utc: evaluate("quantity", utc, table(_LEG_TABLES[leg])))


def sun_earth_mars_deg(when: TimeLike | TimesLike) -> Any:
    """The angle between the Sun and Mars in the Earth's sky, apparent places.

    Args:
        when: One time or many, years 1960 to 2052.

    Returns:
        Degrees, 0 to 180, within 0.0002. Near 0 at a solar conjunction, when commands to Mars
        pause.
    """
    lon, lat = table("elongation_lon_deg"), table("elongation_lat_deg")
    return by_span(utc_ns(when), lambda utc: evaluate("separation_deg", utc, lon, lat))


class Conjunction(NamedTuple):
    """A solar conjunction of Mars: a time during which it is close to the Sun in the Earth's sky.

    Attributes:
        begin_ns: UTC at which the angle falls below the limit, ns since 1970-01-01.
        end_ns: UTC at which it has risen above it again.
        nearest_ns: UTC of the least angle.
        nearest_deg: That angle.
    """

    begin_ns: int
    end_ns: int
    nearest_ns: int
    nearest_deg: float


def conjunctions(
    first: TimeLike = TABLES_FROM_NS, until: TimeLike = TABLES_UNTIL_NS, within_deg: float = 2.0
) -> list[Conjunction]:
    """The solar conjunctions of Mars whose nearest instant lies in a stretch of time.

    Args:
        first: From when; those before 1960 are not known.
        until: Until when, itself left out; those after 2052 are not known.
        within_deg: The limit, 0 < limit <= 20. NASA stops commanding within 2 degrees.

    Returns:
        In order of time, each to a second. Conjunctions that stay outside the limit are left out.
    """
    if not 0.0 < within_deg <= _GREATEST_LIMIT_DEG:
        raise SolbookError(
            "The limit of a conjunction is out of range.",
            code="bad_argument",
            found=f"{within_deg} degrees",
            expected=f"more than 0 and at most {_GREATEST_LIMIT_DEG:g} degrees",
        )
    first_ns, until_ns = _one(first), _one(until)
    # A day on either side, so that one whose nearest instant is at an edge is seen as one.
    days_ns = np.arange(
        max(first_ns - 2 * _NS_PER_DAY, TABLES_FROM_NS),
        min(until_ns + 2 * _NS_PER_DAY, TABLES_UNTIL_NS),
        _NS_PER_DAY,
    )
    if days_ns.size < 3:
        return []
    angles = sun_earth_mars_deg(days_ns)
    middle = angles[1:-1]
    least = (middle < angles[:-2]) & (middle <= angles[2:]) & (middle < _GREATEST_LIMIT_DEG + 1)
    found = []
    for day_ns in days_ns[1:-1][least].tolist():
        nearest_ns = _least(day_ns - _NS_PER_DAY, day_ns + _NS_PER_DAY)
        nearest_deg = sun_earth_mars_deg(nearest_ns)
        if nearest_deg < within_deg and first_ns <= nearest_ns < until_ns:
            begin_ns = _crossing(nearest_ns, -_NS_PER_DAY, within_deg)
            end_ns = _crossing(nearest_ns, _NS_PER_DAY, within_deg)
            found.append(Conjunction(begin_ns, end_ns, nearest_ns, nearest_deg))
    return found


_GREATEST_LIMIT_DEG = 20.0
_GOLDEN = 0.6180339887498949


def _one(when: TimeLike) -> int:
    utc = utc_ns(when)
    assert isinstance(utc, int)  # noqa: S101  (one time gives one number)
    return utc


def _least(low_ns: int, high_ns: int) -> int:
    """When the angle is least, by golden sections, to a second."""
    while high_ns - low_ns > 1_000_000_000:
        step_ns = int((high_ns - low_ns) * _GOLDEN)
        if sun_earth_mars_deg(high_ns - step_ns) < sun_earth_mars_deg(low_ns + step_ns):
            high_ns = low_ns + step_ns
        else:
            low_ns = high_ns - step_ns
    return (low_ns + high_ns) // 2


def _crossing(inside_ns: int, step_ns: int, limit_deg: float) -> int:
    """When the angle crosses a limit, going from inside by steps and then by halves."""
    while sun_earth_mars_deg(inside_ns + step_ns) < limit_deg:
        inside_ns += step_ns
    outside_ns = inside_ns + step_ns
    while abs(outside_ns - inside_ns) > 500_000_000:
        middle_ns = (inside_ns + outside_ns) // 2
        if sun_earth_mars_deg(middle_ns) < limit_deg:
            inside_ns = middle_ns
        else:
            outside_ns = middle_ns
    return (inside_ns + outside_ns) // 2
