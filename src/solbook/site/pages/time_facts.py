"""What the page of the time says, in words: clocks, facts, the rows of its tables."""

from __future__ import annotations

from dataclasses import dataclass

from solbook.clock import SEASONS, Direction
from solbook.clock.planet import MEAN_SOL_S
from solbook.site import words
from solbook.site.mars_time import (
    NS_PER_S,
    MissionTime,
    Planet,
    SunDay,
    sun_day_of_mission,
)
from solbook.site.pages import links
from solbook.site.pages.facts import Fact
from solbook.site.pages.shell import Link
from solbook.site.sun_words import stands

_KM_PER_AU = 149_597_870.7
_MEAN_SOL_NS = round(MEAN_SOL_S * NS_PER_S)

SCALES = {
    "LMST": "local mean solar time",
    "HLST": "hybrid local solar time",
    "LLT": "lander local time",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that a script may let tick; see `static/js/clocks.js`.

    Attributes:
        day: Date or sol, in words; empty where the clock has none.
        time: Time to the second.
        scale: What it keeps: UTC, MTC, LMST …
        scale_name: The same written out.
        sol: The sol, for the script.
        starts_ms: UTC at which the sol began, ms since 1970-01-01.
        sol_ms: Length of a sol.
    """

    day: str
    time: str
    scale: str
    scale_name: str
    sol: int = 0
    starts_ms: str = ""
    sol_ms: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A mission in the table of all.

    Attributes:
        name: Its name.
        href: The page of this time with the mission's sol.
        place: Where it landed.
        clock: Its clock; `None` before its sol of landing.
        note: A remark on the clock.
        ltst: True solar time at the landing site, hours and minutes.
        sun: Part of the sol and place of the Sun.
        sun_exact: Elevation and azimuth.
        earth: Where the Earth stands.
        earth_exact: Elevation and azimuth.
        here: Whether it is the mission chosen.
        simulated: Whether it never was on Mars.
    """

    name: str
    href: str
    place: str
    clock: Clock | None
    note: str
    ltst: str
    sun: str
    sun_exact: str
    earth: str
    earth_exact: str
    here: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in a sol.

    Attributes:
        name: What.
        local: When, by the mission's clock.
        sol: The sol, if it is another one; else empty.
        day: Date, UTC.
        time: Time of day, UTC.
        machine: The same for machines.
        here: Whether it is the time shown.
    """

    name: str
    local: str
    sol: str
    day: str
    time: str
    machine: str
    here: bool


@dataclass(frozen=True, slots=True)
class SolView:
    """A sol of a mission.

    Attributes:
        title: Mission and sol.
        clock: The mission's clock.
        sky: Where Sun and Earth stand; empty where that is not known.
        scale: What the mission's clock keeps.
        events: What happens, in order.
        stays: That the Sun neither rises nor sets; empty where it does.
        before: The sol before, at the same local time; `None` before the sol of landing.
        after: The sol after.
        frames: What the archive has of it, in words; empty where it keeps nothing of the mission.
        frames_href: Where that is; empty where there is nothing.
        remarks: What to know of the clock.
    """

    title: str
    clock: Clock | None
    sky: str
    scale: str
    events: list[Event]
    stays: str
    before: Link | None
    after: Link
    frames: str
    frames_href: str
    remarks: list[str]


def utc_face(at_ns: int) -> Clock:
    """UTC as a clock."""
    return Clock(words.utc_day(at_ns), words.utc_clock(at_ns), "UTC", "coordinated universal time")


def mtc_face(planet: Planet, at_ns: int) -> Clock:
    """Coordinated Mars Time as a clock."""
    past_ns = round(planet.mtc_s / 86_400 * _MEAN_SOL_NS)
    return Clock(
        day="",
        time=words.local_second(planet.mtc_s),
        scale="MTC",
        scale_name="Coordinated Mars Time, mean solar time at the prime meridian",
        starts_ms=_ms(at_ns - past_ns),
        sol_ms=_ms(_MEAN_SOL_NS),
    )


def mission_clock_face(at: MissionTime) -> Clock | None:
    """A mission's clock; `None` before its sol of landing."""
    if not at.begun:
        return None
    return Clock(
        day=words.sol_name(at.sol),
        time=words.local_second(at.lmst_s),
        scale=at.clock.kind,
        scale_name=SCALES[at.clock.kind],
        sol=at.sol,
        starts_ms=_ms(int(at.clock.sol_start_utc(at.sol))),
        sol_ms=_ms(round(at.clock.sol_length_s * NS_PER_S)),
    )


def mission_row(at: MissionTime, clock: Clock | None, href: str, *, here: bool) -> Row:
    """A mission in the table of all."""
    note = "" if at.is_own_clock else "at the landing site"
    if at.begun and not at.landed:
        note = "it lands later this sol"
    sky = at.sky
    return Row(
        name=at.name,
        href=href,
        place=words.place_of(at.place),
        clock=clock,
        note=note,
        ltst=words.DASH if sky.ltst_s is None else words.local_minute(sky.ltst_s),
        sun=_capital(sky.words or words.DASH),
        sun_exact=_exact(sky.sun),
        earth=_capital(_earth(sky.earth)),
        earth_exact=_exact(sky.earth),
        here=here,
        simulated=at.clock.simulated,
    )


def mars_facts(planet: Planet) -> list[Fact]:
    """Year, season and count of sols."""
    year = words.DASH
    if planet.mars_year is not None and planet.sol_of_year is not None:
        year = f"{planet.mars_year}, sol {planet.sol_of_year:.1f}"
    ls, season, south = words.DASH, words.DASH, ""
    if planet.ls_deg is not None and planet.season is not None:
        ls, season = words.degrees(planet.ls_deg, 2), planet.season
        opposite = SEASONS[(int(planet.ls_deg // 90) + 2) % 4]
        south = opposite.replace("northern", "southern")
    return [
        Fact("Mars Year", year, note="mean sols since Ls was 0" if planet.mars_year else ""),
        Fact("Ls", ls),
        Fact("Season", season, note=south),
        Fact("Mars sol date", f"{planet.mars_sol_date:,.4f}".replace("-", words.MINUS)),
    ]


def sun_and_earth_facts(planet: Planet) -> list[Fact]:
    """Distances, light times, and the angle between Sun and Mars."""
    angle = planet.sun_earth_mars_deg
    return [
        _distance("Mars to Sun", planet.sun_au),
        _distance("Mars to Earth", planet.earth_au),
        _light("Light time, leaving", planet.leaving_s, "Mars to Earth, sent then"),
        _light("Light time, arriving", planet.arriving_s, "Earth to Mars, received then"),
        Fact(
            "Angle at the Earth",
            words.DASH if angle is None else words.degrees(angle),
            note="between Sun and Mars",
        ),
    ]


def conjunction_words(planet: Planet) -> str:
    """That it is a solar conjunction, and how long; empty where it is none."""
    met = planet.conjunction
    if met is None:
        return ""
    return (
        "Solar conjunction: seen from the Earth, Mars is within 2° of the Sun from"
        f" {words.utc_minute(met.begin_ns)} to {words.utc_minute(met.end_ns)}."
        " The missions are sent no commands then."
    )


def sol_view(at: MissionTime, at_ns: int, frames: int | None, *, now: bool) -> SolView:
    """The sol of a mission that an instant is in.

    Args:
        at: The instant by the mission's clock.
        at_ns: The instant, UTC, ns since 1970-01-01.
        frames: Frames the archive has of the sol; `None` where it keeps nothing of the mission.
        now: Whether it is now.
    """
    day = sun_day_of_mission(at.mission, at.sol)
    held, held_href = "", ""
    if frames is not None:
        held = f"No frames of {words.sol_name(at.sol)} are here"
    if frames:
        held = f"{words.counted(frames, 'frame')} of {words.sol_name(at.sol)}"
        held_href = links.sol_path(at.mission, at.sol)
    before = at.sol - 1
    return SolView(
        title=f"{at.name}, {words.sol_name(at.sol)}",
        clock=mission_clock_face(at),
        sky=_sky(at),
        scale=at.clock.kind,
        events=_events(at, at_ns, day, now=now),
        stays=f"The Sun stays {day.stays} all sol." if day.stays else "",
        before=_sol_link(at, before) if before >= at.clock.first_sol else None,
        after=_sol_link(at, at.sol + 1),
        frames=held,
        frames_href=held_href,
        remarks=_remarks(at),
    )


def _events(at: MissionTime, at_ns: int, day: SunDay, *, now: bool) -> list[Event]:
    found: list[tuple[int | None, str]] = [(day.begins_ns, "Sol begins")]
    found += [(begins, f"{name.capitalize()} twilight begins") for name, begins, _ in day.twilights]
    found += [(day.rises_ns, "Sunrise"), (day.noon_ns, "Noon"), (day.sets_ns, "Sunset")]
    found += [(ends, f"{name.capitalize()} twilight ends") for name, _, ends in day.twilights]
    found += [(day.ends_ns, "Sol ends"), (at_ns, "Now" if now else "The time shown")]
    # The time shown goes after what happens at the same instant.
    ordered = sorted(
        (when_ns, place == len(found) - 1, name)
        for place, (when_ns, name) in enumerate(found)
        if when_ns is not None
    )
    return [_event(at, when_ns, name, here=here) for when_ns, here, name in ordered]


def _event(at: MissionTime, when_ns: int, name: str, *, here: bool) -> Event:
    sol, lmst_s = at.clock.from_utc(when_ns)
    return Event(
        name=name,
        local=words.local_second(lmst_s),
        sol="" if sol == at.sol else words.sol_name(sol),
        day=words.utc_day(when_ns),
        time=words.utc_clock(when_ns),
        machine=words.utc_machine(when_ns),
        here=here,
    )


def _remarks(at: MissionTime) -> list[str]:
    remarks = []
    if not at.is_own_clock:
        remarks.append(
            "The mission's own clock is not published: this is local mean solar time at the"
            " landing site, which may be minutes from what the mission used."
        )
    if at.begun and not at.landed:
        remarks.append(f"{at.name} lands later this sol.")
    remarks.append(
        "Sunrise and sunset are those of the Sun's centre at the landing site, without hills;"
        " noon is when the Sun is in the meridian. The twilights begin and end with the Sun 6°,"
        " 12° and 18° below the horizon."
    )
    remarks.append(f"The clock: {at.clock.kind}, {SCALES[at.clock.kind]}; {at.clock.source}.")
    return remarks


def _sol_link(at: MissionTime, sol: int) -> Link:
    text = f"sol {sol} {words.local_second(at.lmst_s)}"
    return Link(words.sol_name(sol), links.time_path(text, at.mission))


def _distance(name: str, au: float | None) -> Fact:
    if au is None:
        return Fact(name, words.DASH)
    return Fact(name, f"{au:.4f} AU", note=f"{au * _KM_PER_AU / 1e6:.1f} million km")


def _light(name: str, seconds: float | None, note: str) -> Fact:
    if seconds is None:
        return Fact(name, words.DASH)
    return Fact(name, words.duration(seconds), exact=f"{seconds:.3f} s", note=note)


def _sky(at: MissionTime) -> str:
    """Where Sun and Earth stand, in a sentence."""
    if at.sky.words is None:
        return ""
    earth = f"; Earth {_earth(at.sky.earth)}" if at.sky.earth else ""
    return f"{_capital(at.sky.words)}{earth}."


def _earth(body: Direction | None) -> str:
    if body is None:
        return words.DASH
    if body.el_deg <= 0:
        return "below the horizon"
    return stands("", body.el_deg, body.az_deg).strip()


def _exact(body: Direction | None) -> str:
    if body is None:
        return ""
    return f"az {words.degrees(body.az_deg)}, el {words.degrees(body.el_deg)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ms(ns: int) -> str:
    """Nanoseconds as milliseconds, for the script."""
    return f"{ns / 1_000_000:.3f}"
