"""The time on Mars for programs: the JSON of `/time`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from solbook.clock import (
    MISSION_CLOCKS,
    SIMULATED_CLOCKS,
    Direction,
    Site,
    format_lmst,
    mission_clock,
)
from solbook.clock.typed import MOST_LETTERS, TypedTime, read_typed
from solbook.errors import SolbookError
from solbook.site import mars_time
from solbook.site.api import time_models as models
from solbook.site.api.answers import utc_text
from solbook.site.api.own import ERRORS
from solbook.site.mars_time import MissionTime, Planet, Sky, SunDay
from solbook.site.pages import links

router = APIRouter(tags=["Solbook"], responses=ERRORS)

KEPT = "public, max-age=86400"
"""A fixed time answers the same until Solbook itself changes."""
NOT_KEPT = "no-store"

_MOST_MISSIONS = 20


@router.get("/time")
def time(
    response: Response,
    when: Annotated[
        str,
        Query(
            max_length=MOST_LETTERS,
            description="UTC (2021-11-10T00:31:18Z), a mission's time"
            " (sol 257 18:03 of perseverance) or now; now if left out.",
        ),
    ] = "",
    mission: Annotated[
        list[str] | None,
        Query(
            max_length=_MOST_MISSIONS,
            description="Id or name; may be repeated. All missions if left out.",
        ),
    ] = None,
    lat: Annotated[
        float | None,
        Query(ge=-90, le=90, description="Areographic latitude of a place, degrees north."),
    ] = None,
    lon: Annotated[
        float | None, Query(ge=-180, le=360, description="Its longitude, degrees east.")
    ] = None,
) -> models.TimeAnswer:
    """An instant on Mars: season, distances, light time, every mission's time, a place's sky."""
    asked = list(dict.fromkeys(mission_clock(name).mission for name in mission or []))
    typed = read_typed(when.strip() or "now", asked[0] if len(asked) == 1 else "")
    at_ns = typed.utc_ns
    response.headers["Cache-Control"] = NOT_KEPT if typed.is_now else KEPT
    planet = mars_time.planet(at_ns)
    return models.TimeAnswer(
        utc=utc_text(at_ns),
        page=links.time_path(utc_text(at_ns), asked[0] if len(asked) == 1 else None),
        mars=_mars(planet),
        missions=[
            _mission(mars_time.mission_time(name, at_ns), in_full=bool(asked))
            for name in asked or _missions_to_tell(typed)
        ],
        site=_site(_place(lat, lon), at_ns),
        unknown=list(planet.unknown),
    )


def _missions_to_tell(typed: TypedTime) -> list[str]:
    """All that landed on Mars, and a simulated one for whoever asks of its sols."""
    simulated = [typed.mission] if typed.mission in SIMULATED_CLOCKS else []
    return [*MISSION_CLOCKS, *simulated]


def _place(lat: float | None, lon: float | None) -> Site | None:
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise SolbookError(
            "A place needs a latitude and a longitude.",
            code="bad_request",
            found="lat alone" if lon is None else "lon alone",
            expected="both lat and lon, degrees north and degrees east",
            help="Give both, or neither.",
        )
    return Site(lat, lon)


def _mars(planet: Planet) -> models.MarsAnswer:
    met = planet.conjunction
    return models.MarsAnswer(
        mars_year=planet.mars_year,
        sol_of_year=_rounded(planet.sol_of_year, 5),
        ls_deg=_rounded(planet.ls_deg, 5),
        season=planet.season,
        mars_sol_date=round(planet.mars_sol_date, 6),
        mtc=format_lmst(planet.mtc_s, 3),
        mtc_s=_local_s(planet.mtc_s),
        sun_distance_au=_rounded(planet.sun_au, 8),
        earth_distance_au=_rounded(planet.earth_au, 7),
        light_time_leaving_s=_rounded(planet.leaving_s, 4),
        light_time_arriving_s=_rounded(planet.arriving_s, 4),
        sun_earth_mars_deg=_rounded(planet.sun_earth_mars_deg, 4),
        conjunction=None
        if met is None
        else models.ConjunctionAnswer(
            begins=utc_text(met.begin_ns),
            ends=utc_text(met.end_ns),
            nearest=utc_text(met.nearest_ns),
            nearest_deg=round(met.nearest_deg, 4),
        ),
    )


def _mission(at: MissionTime, *, in_full: bool) -> models.MissionTimeAnswer:
    return models.MissionTimeAnswer(
        **_sky(at.sky).model_dump(),
        mission=at.mission,
        name=at.name,
        simulated=at.clock.simulated,
        clock=at.clock.kind,
        clock_source=at.clock.clock_source,
        landed=at.landed,
        sol=at.sol if at.begun else None,
        lmst=format_lmst(at.lmst_s, 3) if at.begun else None,
        lmst_s=_local_s(at.lmst_s) if at.begun else None,
        sun_times=_sun_day(mars_time.sun_day_of_mission(at.mission, at.sol))
        if in_full and at.begun
        else None,
    )


def _site(site: Site | None, at_ns: int) -> models.SiteTimeAnswer | None:
    if site is None:
        return None
    lmst_s = site.lmst_s(at_ns)
    return models.SiteTimeAnswer(
        **_sky(mars_time.sky(site, at_ns)).model_dump(),
        lat_deg=site.lat_deg,
        lon_e_deg=site.lon_e_deg,
        lmst=format_lmst(lmst_s, 3),
        lmst_s=_local_s(lmst_s),
        sun_times=_sun_day(mars_time.sun_day_of_site(site, at_ns)),
    )


def _sky(sky: Sky) -> models.SkyAnswer:
    return models.SkyAnswer(
        ltst=None if sky.ltst_s is None else format_lmst(sky.ltst_s, 3),
        ltst_s=None if sky.ltst_s is None else _local_s(sky.ltst_s),
        sun=_body(sky.sun, 5),
        earth=_body(sky.earth, 4),
        words=sky.words,
    )


def _body(stands: Direction | None, decimals: int) -> models.BodyAnswer | None:
    if stands is None:
        return None
    return models.BodyAnswer(
        az_deg=round(stands.az_deg, decimals),
        el_deg=round(stands.el_deg, decimals),
        is_up=stands.el_deg > 0,
    )


def _sun_day(day: SunDay) -> models.SunDayAnswer:
    return models.SunDayAnswer(
        begins=utc_text(day.begins_ns),
        ends=utc_text(day.ends_ns),
        sunrise=_utc(day.rises_ns),
        noon=_utc(day.noon_ns),
        sunset=_utc(day.sets_ns),
        stays=day.stays or None,
        twilights=[
            models.TwilightAnswer(name=name, begins=_utc(begins_ns), ends=_utc(ends_ns))
            for name, begins_ns, ends_ns in day.twilights
        ],
    )


def _utc(at_ns: int | None) -> str | None:
    return None if at_ns is None else utc_text(at_ns)


def _local_s(local_s: float) -> float:
    """A local time, cut to the millisecond as `format_lmst` cuts it."""
    return round(local_s * 1e6) // 1000 / 1000


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
