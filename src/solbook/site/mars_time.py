"""What is known of an instant on Mars: the planet, every mission's clock, a sol's Sun times.

The page and the JSON of `/time` are made of these. A value the clock library does not know for the
year is `None`, and `Planet.unknown` says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from solbook import clock
from solbook.clock import Conjunction, Direction, Site, SolClock
from solbook.clock.planet import MEAN_SOL_S
from solbook.errors import SolbookError
from solbook.missions import MISSIONS
from solbook.site.sun_words import sun_words

NS_PER_S = 1_000_000_000

CONJUNCTION_DEG = 2.0
"""Within this angle of the Sun NASA stops commanding its missions at Mars."""
_CONJUNCTION_SEARCH_NS = 60 * 86_400 * NS_PER_S

EARTH_IS_UNKNOWN = "The Earth's place is known for the years 1960 to 2052."
YEAR_IS_UNKNOWN = "Mars Years are counted here from December 1960 to 2052."
SUN_IS_UNKNOWN = "The Sun's place and the season are known for the years 1874 to 2127."

# Where the missions landed of which the archive keeps nothing.
_OTHER_PLACES = MappingProxyType(
    {
        "phoenix": "Vastitas Borealis",
        "pathfinder": "Ares Vallis",
        "viking1": "Chryse Planitia",
        "viking2": "Utopia Planitia",
        "zhurong": "Utopia Planitia",
    }
)


@dataclass(frozen=True, slots=True)
class Planet:
    """Mars as a whole at an instant; `None` where the year is beyond what is known.

    Attributes:
        mars_year: Mars Year.
        sol_of_year: Mean sols since the year began.
        ls_deg: Areocentric longitude of the Sun.
        season: Season of the northern hemisphere.
        mars_sol_date: MSD, mean sols.
        mtc_s: Coordinated Mars Time, local seconds.
        sun_au: Distance from the Sun.
        earth_au: Distance from the Earth.
        leaving_s: One-way light time of a signal that leaves Mars now.
        arriving_s: That of a signal from the Earth that arrives at Mars now.
        sun_earth_mars_deg: Angle between Sun and Mars in the Earth's sky.
        conjunction: The solar conjunction it is in.
        unknown: Why values are missing, a sentence each.
    """

    mars_year: int | None
    sol_of_year: float | None
    ls_deg: float | None
    season: str | None
    mars_sol_date: float
    mtc_s: float
    sun_au: float | None
    earth_au: float | None
    leaving_s: float | None
    arriving_s: float | None
    sun_earth_mars_deg: float | None
    conjunction: Conjunction | None
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sky:
    """Sun and Earth over a place; `None` where the year is beyond what is known.

    Attributes:
        ltst_s: Local true solar time, local seconds.
        sun: Where the Sun's centre stands.
        earth: Where the Earth stands.
        words: Part of the sol and place of the Sun.
    """

    ltst_s: float | None
    sun: Direction | None
    earth: Direction | None
    words: str | None


@dataclass(frozen=True, slots=True)
class MissionTime:
    """An instant by a mission's clock.

    Attributes:
        mission: Mission id.
        name: Its name.
        place: Where it landed.
        clock: Its clock.
        sol: The sol; counts down before the first one.
        lmst_s: Local time of the clock, local seconds.
        begun: Whether the sol of landing has begun.
        landed: Whether it has landed; where the time of landing is not known, the same as `begun`.
        sky: Sun and Earth over its landing site.
    """

    mission: str
    name: str
    place: str
    clock: SolClock
    sol: int
    lmst_s: float
    begun: bool
    landed: bool
    sky: Sky

    @property
    def is_own_clock(self) -> bool:
        """Whether the clock is the mission's own, and not local time at the landing site."""
        return self.clock.clock_source == "mission"


class SunDay(NamedTuple):
    """The Sun over a place in one sol; `None` for what does not happen, or is not known.

    Attributes:
        begins_ns: UTC at which the sol begins, ns since 1970-01-01.
        ends_ns: UTC at which it ends.
        noon_ns: The Sun in the meridian.
        rises_ns: The Sun's centre on the horizon before noon.
        sets_ns: The Sun's centre on the horizon after noon.
        stays: `up` or `down` where it does neither.
        twilights: Name, begin before sunrise, end after sunset: civil, nautical, astronomical.
    """

    begins_ns: int
    ends_ns: int
    noon_ns: int | None
    rises_ns: int | None
    sets_ns: int | None
    stays: str
    twilights: tuple[tuple[str, int | None, int | None], ...]


def mission_names() -> dict[str, str]:
    """The names of the missions that landed on Mars, by id."""
    return {mission: own.name for mission, own in clock.MISSION_CLOCKS.items()}


def planet(at_ns: int) -> Planet:
    """Mars as a whole at an instant."""
    date = _known(clock.mars_date, at_ns)
    ls_deg = _known(clock.ls_deg, at_ns)
    earth_au = _known(clock.earth_distance_au, at_ns)
    angle_deg = _known(clock.sun_earth_mars_deg, at_ns)
    missing = (
        (ls_deg is None, SUN_IS_UNKNOWN),
        (earth_au is None, EARTH_IS_UNKNOWN),
        (date is None, YEAR_IS_UNKNOWN),
    )
    return Planet(
        mars_year=date.year if date else None,
        sol_of_year=date.sol_of_year if date else None,
        ls_deg=ls_deg,
        season=_known(clock.season, at_ns),
        mars_sol_date=clock.mars_sol_date(at_ns),
        mtc_s=clock.mtc_s(at_ns),
        sun_au=_known(clock.sun_distance_au, at_ns),
        earth_au=earth_au,
        leaving_s=_known(lambda at: clock.light_time_s(at, "leaving"), at_ns),
        arriving_s=_known(lambda at: clock.light_time_s(at, "arriving"), at_ns),
        sun_earth_mars_deg=angle_deg,
        conjunction=_conjunction(at_ns, angle_deg),
        unknown=tuple(reason for is_missing, reason in missing if is_missing),
    )


def sky(site: Site, at_ns: int) -> Sky:
    """Sun and Earth over a place."""
    ltst_s = _known(site.ltst_s, at_ns)
    sun = _known(site.sun, at_ns)
    known = sun is not None and ltst_s is not None
    return Sky(
        ltst_s=ltst_s,
        sun=sun,
        earth=_known(site.earth, at_ns),
        words=sun_words(sun.el_deg, sun.az_deg, ltst_s) if known else None,
    )


def mission_time(mission: str, at_ns: int) -> MissionTime:
    """An instant by a mission's clock, and Sun and Earth over its landing site.

    Args:
        mission: Mission id.
        at_ns: UTC, ns since 1970-01-01.
    """
    own = clock.mission_clock(mission)
    facts = MISSIONS.get(mission)
    sol, lmst_s = own.from_utc(at_ns)
    begun = sol >= own.first_sol
    landing_ns = facts.landing_utc_ns if facts else None
    return MissionTime(
        mission=mission,
        name=own.name,
        place=facts.landing_site if facts else _OTHER_PLACES.get(mission, ""),
        clock=own,
        sol=sol,
        lmst_s=lmst_s,
        begun=begun,
        landed=begun and (landing_ns is None or at_ns >= landing_ns),
        sky=sky(clock.landing_site(mission), at_ns),
    )


@lru_cache(maxsize=512)
def sun_day_of_mission(mission: str, sol: int) -> SunDay:
    """The Sun over a mission's landing site in one of its sols."""
    own = clock.mission_clock(mission)
    begins_ns, ends_ns = int(own.sol_start_utc(sol)), int(own.sol_start_utc(sol + 1))
    return _sun_day(clock.landing_site(mission), begins_ns, ends_ns)


def sun_day_of_site(site: Site, at_ns: int) -> SunDay:
    """The Sun over a place in the sol of its local mean solar time that an instant is in."""
    past_s = site.lmst_s(at_ns) / clock.LMST_S_PER_SOL * MEAN_SOL_S
    begins_ns = at_ns - round(past_s * NS_PER_S)
    return _sun_day(site, begins_ns, begins_ns + round(MEAN_SOL_S * NS_PER_S))


def _sun_day(site: Site, begins_ns: int, ends_ns: int) -> SunDay:
    midday_ns = (begins_ns + ends_ns) // 2
    horizon = _known(site.sun_times, midday_ns)
    if horizon is None:
        return SunDay(begins_ns, ends_ns, None, None, None, "", ())
    twilights = []
    for name, el_deg in (("civil", -6.0), ("nautical", -12.0), ("astronomical", -18.0)):
        crossing = site.sun_times(midday_ns, el_deg)
        twilights.append((name, _happens(crossing.rises_ns), _happens(crossing.sets_ns)))
    return SunDay(
        begins_ns,
        ends_ns,
        horizon.noon_ns,
        _happens(horizon.rises_ns),
        _happens(horizon.sets_ns),
        horizon.stays,
        tuple(twilights),
    )


_NAT_NS = -(2**63)


def _happens(at_ns: int) -> int | None:
    return None if at_ns == _NAT_NS else at_ns


def _known(quantity: Callable[[int], Any], at_ns: int) -> Any:
    """A quantity, or `None` beyond the years for which it is known."""
    try:
        return quantity(at_ns)
    except SolbookError as error:
        if error.code != "out_of_range":
            raise
        return None


def _conjunction(at_ns: int, angle_deg: float | None) -> Conjunction | None:
    if angle_deg is None or angle_deg >= CONJUNCTION_DEG:
        return None

    def around(at: int) -> list[Conjunction]:
        first, until = at - _CONJUNCTION_SEARCH_NS, at + _CONJUNCTION_SEARCH_NS
        return clock.conjunctions(first, until, CONJUNCTION_DEG)

    found = _known(around, at_ns) or []
    return next((one for one in found if one.begin_ns <= at_ns <= one.end_ns), None)
