"""`solbook time`: a time on the Earth and on Mars, and the sky over the missions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
import orjson
import typer
from rich.markup import escape

from solbook import clock
from solbook.cli.console import EXIT_NOT_ALL, err, errors_explained, out
from solbook.clock.kernels import J2000_NS, TT_MINUS_TAI_NS
from solbook.clock.scales import tdb_ns_from_utc_ns
from solbook.clock.typed import TypedTime, read_typed_times
from solbook.errors import SolbookError

DEFAULT_MISSION = "m2020"

_NS_PER_S = 1_000_000_000
_DAY_NS = 86_400 * _NS_PER_S
CONJUNCTION_DEG = 2.0
"""Within this angle of the Sun NASA stops commanding."""

_T = TypeVar("_T")


class SunEvent(msgspec.Struct, frozen=True):
    """The Sun at a line: UTC, and the same on the mission's clock."""

    utc: str
    sol: int
    lmst: str
    lmst_s: float


class WholeSol(msgspec.Struct, frozen=True):
    """A sol from midnight to midnight on the mission's clock, and the Sun of that day.

    `sun_stays` and `civil_twilight_stays` are `up` or `down` where the Sun's centre stays over or
    under the line, 0 and -6 degrees, all day; else empty. `None` is not known.
    """

    mission: str
    sol: int
    begins_utc: str
    ends_utc: str
    civil_dawn: SunEvent | None
    sunrise: SunEvent | None
    noon: SunEvent | None
    sunset: SunEvent | None
    civil_dusk: SunEvent | None
    sun_stays: str | None
    civil_twilight_stays: str | None


class Place(msgspec.Struct, frozen=True):
    """The time and the sky at a landing site, or at a site given by latitude and longitude.

    `sol` and `lmst` are `None` before the landing. `lmst` is the time on the mission's clock;
    `clock_kind` says what it is. A simulated mission never was on Mars.
    """

    mission: str | None
    name: str
    simulated: bool
    lat_deg: float
    lon_e_deg: float
    clock_kind: str
    clock_source: str
    clock_origin: str
    landed: bool | None
    sol: int | None
    lmst: str | None
    lmst_s: float | None
    ltst: str | None
    ltst_s: float | None
    sun_az_deg: float | None
    sun_el_deg: float | None
    sun_up: bool | None
    earth_az_deg: float | None
    earth_el_deg: float | None


class SolarConjunction(msgspec.Struct, frozen=True):
    """How long Mars stays within 2 degrees of the Sun; `None` where the tables end before."""

    begins_utc: str | None
    ends_utc: str | None
    nearest_utc: str | None
    nearest_deg: float | None


class TimeFacts(msgspec.Struct, frozen=True):
    """What is known of a time. `not_known` says for which times a missing quantity is known."""

    asked: str
    utc: str
    tt: str
    tt_minus_utc_s: float
    tdb_minus_utc_s: float
    tdb_s: float
    mars_year: int | None
    sol_of_year: float | None
    ls_deg: float | None
    season: str | None
    msd: float
    mtc: str
    mtc_s: float
    sun_distance_au: float | None
    earth_distance_au: float | None
    light_time_leaving_s: float | None
    light_time_arriving_s: float | None
    sun_earth_mars_deg: float | None
    solar_conjunction: SolarConjunction | None
    whole_sol: WholeSol | None
    places: list[Place]
    not_known: dict[str, str]


@dataclass(frozen=True, slots=True)
class _NotKnown:
    """Collects for which times the quantities that are missing are known."""

    reasons: dict[str, str]

    def ask(self, name: str, quantity: Callable[[], _T]) -> _T | None:
        """A quantity, or `None` if the time is out of its range."""
        try:
            return quantity()
        except SolbookError as error:
            if error.code != "out_of_range":
                raise
            self.reasons[name] = error.expected
            return None


def time_facts(
    when: TypedTime, missions: Sequence[str], site: clock.Site | None = None
) -> TimeFacts:
    """What is known of a time.

    Args:
        when: The time.
        missions: Ids of the missions to tell the time and the sky of.
        site: A place to tell them of as well.
    """
    utc = when.utc_ns
    unknown = _NotKnown({})
    date = unknown.ask("mars_year", lambda: clock.mars_date(utc))
    seconds = clock.leap_seconds()
    tai_ns = seconds.offset_ns[bisect_right(seconds.utc_ns, utc)]
    tt_minus_utc_ns = tai_ns + TT_MINUS_TAI_NS
    tdb_ns = tdb_ns_from_utc_ns(utc)
    mtc_s = clock.mtc_s(utc)
    angle_deg = unknown.ask("sun_earth_mars_deg", lambda: clock.sun_earth_mars_deg(utc))
    places = [_place_of_mission(utc, mission, unknown) for mission in missions]
    if site is not None:
        places.append(_place_of_site(utc, site, unknown))
    return TimeFacts(
        asked=when.asked,
        utc=clock.format_utc(utc),
        # TT is no UTC, so it has no Z.
        tt=clock.format_utc(utc + tt_minus_utc_ns).removesuffix("Z"),
        tt_minus_utc_s=tt_minus_utc_ns / _NS_PER_S,
        tdb_minus_utc_s=(tdb_ns + J2000_NS - utc) / _NS_PER_S,
        tdb_s=tdb_ns / _NS_PER_S,
        mars_year=date.year if date else None,
        sol_of_year=date.sol_of_year if date else None,
        ls_deg=unknown.ask("ls_deg", lambda: clock.ls_deg(utc)),
        season=unknown.ask("season", lambda: clock.season(utc)),
        msd=clock.mars_sol_date(utc),
        mtc=local_time(mtc_s),
        mtc_s=mtc_s,
        sun_distance_au=unknown.ask("sun_distance_au", lambda: clock.sun_distance_au(utc)),
        earth_distance_au=unknown.ask("earth_distance_au", lambda: clock.earth_distance_au(utc)),
        light_time_leaving_s=unknown.ask(
            "light_time_leaving_s", lambda: clock.light_time_s(utc, "leaving")
        ),
        light_time_arriving_s=unknown.ask(
            "light_time_arriving_s", lambda: clock.light_time_s(utc, "arriving")
        ),
        sun_earth_mars_deg=angle_deg,
        solar_conjunction=(
            _conjunction(utc) if angle_deg is not None and angle_deg < CONJUNCTION_DEG else None
        ),
        whole_sol=_whole_sol(when, unknown),
        places=places,
        not_known=unknown.reasons,
    )


def local_time(local_s: float) -> str:
    """Local seconds as a clock shows them; a rounding up to 24:00 is midnight."""
    return clock.format_lmst(local_s % clock.LMST_S_PER_SOL)


def _conjunction(utc: int) -> SolarConjunction:
    try:
        found = clock.conjunctions(utc - 30 * _DAY_NS, utc + 30 * _DAY_NS, CONJUNCTION_DEG)
    except SolbookError:
        # Its other end is beyond the tables.
        found = []
    for one in found:
        if one.begin_ns <= utc <= one.end_ns:
            begin, end, nearest = map(clock.format_utc, (one.begin_ns, one.end_ns, one.nearest_ns))
            return SolarConjunction(begin, end, nearest, one.nearest_deg)
    return SolarConjunction(None, None, None, None)


def _place_of_mission(utc: int, mission: str, unknown: _NotKnown) -> Place:
    own_clock = clock.mission_clock(mission)
    sol, lmst_s = own_clock.from_utc(utc)
    landed = sol >= own_clock.first_sol
    return _place(
        utc,
        clock.landing_site(mission),
        unknown,
        mission=mission,
        name=own_clock.name,
        simulated=own_clock.simulated,
        clock_kind=own_clock.kind,
        clock_source=own_clock.clock_source,
        clock_origin=own_clock.source,
        landed=landed,
        sol=sol if landed else None,
        lmst_s=lmst_s if landed else None,
    )


def _place_of_site(utc: int, site: clock.Site, unknown: _NotKnown) -> Place:
    return _place(
        utc,
        site,
        unknown,
        mission=None,
        name=_site_name(site),
        simulated=False,
        clock_kind="LMST",
        clock_source="site",
        clock_origin="local mean solar time of the site",
        landed=None,
        sol=None,
        lmst_s=site.lmst_s(utc),
    )


def _site_name(site: clock.Site) -> str:
    north = "N" if site.lat_deg >= 0 else "S"
    east = "E" if site.lon_e_deg >= 0 else "W"
    return f"{abs(site.lat_deg):g} {north}, {abs(site.lon_e_deg):g} {east}"


def _place(
    utc: int,
    site: clock.Site,
    unknown: _NotKnown,
    *,
    mission: str | None,
    name: str,
    simulated: bool,
    clock_kind: str,
    clock_source: str,
    clock_origin: str,
    landed: bool | None,
    sol: int | None,
    lmst_s: float | None,
) -> Place:
    ltst_s = unknown.ask("ltst_s", lambda: site.ltst_s(utc))
    sun = unknown.ask("sun_el_deg", lambda: site.sun(utc))
    earth = unknown.ask("earth_el_deg", lambda: site.earth(utc))
    return Place(
        mission=mission,
        name=name,
        simulated=simulated,
        lat_deg=site.lat_deg,
        lon_e_deg=site.lon_e_deg,
        clock_kind=clock_kind,
        clock_source=clock_source,
        clock_origin=clock_origin,
        landed=landed,
        sol=sol,
        lmst=None if lmst_s is None else local_time(lmst_s),
        lmst_s=lmst_s,
        ltst=None if ltst_s is None else local_time(ltst_s),
        ltst_s=ltst_s,
        sun_az_deg=sun.az_deg if sun else None,
        sun_el_deg=sun.el_deg if sun else None,
        sun_up=sun.el_deg > 0 if sun else None,
        earth_az_deg=earth.az_deg if earth else None,
        earth_el_deg=earth.el_deg if earth else None,
    )


def _whole_sol(when: TypedTime, unknown: _NotKnown) -> WholeSol | None:
    if not when.whole_sol or when.sol is None:
        return None
    own_clock, site = clock.mission_clock(when.mission), clock.landing_site(when.mission)

    def event(utc: int | None) -> SunEvent | None:
        # The least int64 is numpy's NaT: the Sun does not cross the line.
        if utc is None or utc == _NAT_NS:
            return None
        sol, lmst_s = own_clock.from_utc(utc)
        return SunEvent(clock.format_utc(utc), sol, local_time(lmst_s), lmst_s)

    day = unknown.ask("sunrise", lambda: site.sun_times(when.utc_ns))
    light = unknown.ask("civil_dawn", lambda: site.sun_times(when.utc_ns, _CIVIL_TWILIGHT_DEG))
    return WholeSol(
        mission=when.mission,
        sol=when.sol,
        begins_utc=clock.format_utc(own_clock.sol_start_utc(when.sol)),
        ends_utc=clock.format_utc(own_clock.sol_start_utc(when.sol + 1)),
        civil_dawn=event(light.rises_ns if light else None),
        sunrise=event(day.rises_ns if day else None),
        noon=event(day.noon_ns if day else None),
        sunset=event(day.sets_ns if day else None),
        civil_dusk=event(light.sets_ns if light else None),
        sun_stays=day.stays if day else None,
        civil_twilight_stays=light.stays if light else None,
    )


def tell_time(
    when: Annotated[
        list[str] | None,
        typer.Argument(
            help='Times: 2021-11-10T00:31:18Z, "sol 257 18:03 of perseverance" [default: now].',
            show_default=False,
        ),
    ] = None,
    mission: Annotated[
        list[str] | None,
        typer.Option("-m", "--mission", help="Mission to show; may be repeated [default: all]."),
    ] = None,
    lat: Annotated[
        float | None, typer.Option(help="Areographic latitude of a place on Mars, degrees north.")
    ] = None,
    lon: Annotated[float | None, typer.Option(help="Its longitude, degrees east.")] = None,
    file: Annotated[
        str | None, typer.Option(help="Convert a file of times to CSV; - is standard input.")
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="With --file: it is CSV, and the times are in this column.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """What time it is on Mars: sol, local time, season, the Sun and the Earth in the sky.

    Exit code 3: the file is converted, but it has lines without a time that can be read.
    """
    with errors_explained():
        missions = list(dict.fromkeys(clock.mission_clock(name).mission for name in mission or ()))
        if file is not None:
            _require_alone(bool(when), as_json, lat, lon, missions)
            _convert(file, missions, column)
            return
        if column is not None:
            raise _not_together("--column", "--column with --file", "It names a column of a file.")
        site = _site(lat, lon)
        whens = _read_times(when or (), missions)
        if not missions and site is None:
            missions = _missions_to_show(whens)
        facts = [time_facts(one, missions, site) for one in whens]
    if as_json:
        plain = msgspec.to_builtins(facts if len(facts) > 1 else facts[0])
        typer.echo(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
    else:
        from solbook.cli.times_text import time_text  # noqa: PLC0415  (it needs these shapes)

        out.print("\n\n".join(map(time_text, facts)))


def _read_times(words: Sequence[str], missions: Sequence[str]) -> list[TypedTime]:
    # --mission says whose rows to show. Where it names another than the default, it is not clear
    # whose clock a sol is on that names none.
    default_is_clear = set(missions) <= {DEFAULT_MISSION}
    return read_typed_times(words, DEFAULT_MISSION if default_is_clear else "")


def _missions_to_show(whens: Sequence[TypedTime]) -> list[str]:
    """All that landed on Mars, and a simulated one for whoever asks of its sols."""
    simulated = [one.mission for one in whens if one.mission in clock.SIMULATED_CLOCKS]
    return list(dict.fromkeys([*clock.MISSION_CLOCKS, *simulated]))


def _convert(file: str, missions: Sequence[str], column: str | None) -> None:
    from solbook.cli.times_file import convert_file  # noqa: PLC0415  (only for --file)

    left_out = convert_file(file, missions[0] if missions else DEFAULT_MISSION, column)
    if left_out is not None:
        err.print(f"[bold red]error[/] {escape(str(left_out))}")
        raise typer.Exit(EXIT_NOT_ALL)


def _site(lat: float | None, lon: float | None) -> clock.Site | None:
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        given = "--lat" if lon is None else "--lon"
        raise _not_together(f"only {given}", "--lat and --lon", "A place needs both.")
    return clock.Site(lat, lon)


def _require_alone(
    when: bool,  # noqa: FBT001  (private)
    as_json: bool,  # noqa: FBT001
    lat: float | None,
    lon: float | None,
    missions: Sequence[str],
) -> None:
    """Refuse what does not go with --file."""
    beside = {
        "times on the command line": when,
        "--json": as_json,
        "--lat": lat is not None,
        "--lon": lon is not None,
        f"{len(missions)} missions": len(missions) > 1,
    }
    found = [what for what, given in beside.items() if given]
    if found:
        raise _not_together(
            f"--file with {', '.join(found)}",
            "--file, at most one --mission, and --column if it is CSV",
            "A file is converted for one mission, and comes out as CSV.",
        )


def _not_together(found: str, expected: str, help_text: str) -> SolbookError:
    return SolbookError(
        "These options do not go together.",
        code="bad_argument",
        found=found,
        expected=expected,
        help=help_text,
    )


_NAT_NS = -(2**63)
_CIVIL_TWILIGHT_DEG = -6.0
