"""What `solbook time` prints: lines for a terminal, in columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape

from solbook import clock
from solbook.cli.times import CONJUNCTION_DEG, Place, SunEvent, TimeFacts, WholeSol

DASH = "\N{EN DASH}"

_LABEL = 16
_HEADINGS = ("", "sol", "local time", "LTST", "Sun az", "el", "", "Earth az", "el")
_ALIGN = ("<", ">", "<", "<", ">", ">", "<", ">", ">")
_SITE_FOOTNOTE = (
    "* The mission's own clock is not published: this is local mean solar time at the landing site."
)
_COUNT_FOOTNOTE = "+ The mission's count of sols is not known: the sol of landing is taken as 0."


def time_text(facts: TimeFacts) -> str:
    """What is known of a time, in lines for a terminal, with Rich's markup."""
    lines = [f"[bold]{escape(_title(facts))}[/]", ""]
    if facts.whole_sol:
        lines += [*_whole_sol(facts.whole_sol, facts.not_known), ""]
    lines += ["[bold]Earth[/]", *_earth(facts), "", "[bold]Mars[/]", *_mars(facts), ""]
    lines += _places(facts)
    return "\n".join(line.rstrip() for line in lines)


def _title(facts: TimeFacts) -> str:
    if facts.whole_sol:
        return f"Sol {facts.whole_sol.sol} of {clock.mission_clock(facts.whole_sol.mission).name}"
    return facts.asked if facts.asked[:1].isdigit() else f"{facts.asked}: {_short(facts.utc)}"


def _short(utc: str) -> str:
    """A time without its milliseconds: cut, as a clock shows it."""
    return f"{utc[:19]}Z"


def _rounded(utc: str) -> str:
    """An instant to the nearest second. A sol that begins at 05:58:13.98 has not begun at :13."""
    return clock.format_utc(clock.parse_utc(utc) + 500_000_000, 0)


def _row(label: str, words: str) -> str:
    return f"  {label:{_LABEL}}{words}"


def _missing(facts_not_known: dict[str, str], name: str) -> str:
    span = facts_not_known.get(name)
    return f"{DASH}  known only for {span}" if span else DASH


def _whole_sol(sol: WholeSol, not_known: dict[str, str]) -> list[str]:
    kind = clock.mission_clock(sol.mission).kind
    sun = _missing(not_known, "sunrise") if sol.sun_stays is None else DASH
    if sol.sun_stays:
        sun = f"{DASH}  the Sun stays {sol.sun_stays}"
    twilight = _missing(not_known, "civil_dawn")
    if sol.civil_twilight_stays == "up":
        twilight = f"{DASH}  it does not get darker than civil twilight"
    elif sol.civil_twilight_stays == "down":
        twilight = f"{DASH}  it does not get as light as civil twilight"
    return [
        _row("", f"{'UTC':22}{kind}"),
        _row("begins", f"{_rounded(sol.begins_utc):22}00:00:00"),
        _row("civil dawn", _event(sol.civil_dawn, sol.sol, twilight)),
        _row("sunrise", _event(sol.sunrise, sol.sol, sun)),
        _row("noon", _event(sol.noon, sol.sol, _missing(not_known, "sunrise"))),
        _row("sunset", _event(sol.sunset, sol.sol, sun)),
        _row("civil dusk", _event(sol.civil_dusk, sol.sol, twilight)),
        _row("ends", f"{_rounded(sol.ends_utc):22}24:00:00"),
        "",
        f"What follows is of its middle, 12:00:00 {kind}.",
    ]


def _event(event: SunEvent | None, sol: int, missing: str) -> str:
    if event is None:
        return missing
    # By the Sun the day may begin or end in a neighbouring sol of the clock.
    other = "" if event.sol == sol else f"  of sol {event.sol}"
    local_s = min(round(event.lmst_s), clock.LMST_S_PER_SOL - 1)
    return f"{_rounded(event.utc):22}{clock.format_lmst(local_s)}{other}"


def _earth(facts: TimeFacts) -> list[str]:
    return [
        _row("UTC", _short(facts.utc)),
        _row("TT", f"{facts.tt}  UTC + {facts.tt_minus_utc_s:.3f} s"),
        _row("TDB", f"{facts.tdb_s:,.3f} s past J2000  UTC + {facts.tdb_minus_utc_s:.6f} s"),
    ]


def _mars(facts: TimeFacts) -> list[str]:
    def of(name: str, value: object, words: str) -> str:
        return _missing(facts.not_known, name) if value is None else words

    return [
        _row(
            "Mars Year",
            of(
                "mars_year", facts.mars_year, f"{facts.mars_year}, sol {facts.sol_of_year or 0:.2f}"
            ),
        ),
        _row("Ls", of("ls_deg", facts.ls_deg, f"{facts.ls_deg or 0:.2f}°, {facts.season}")),
        _row("MSD", f"{facts.msd:.5f}"),
        _row("MTC", facts.mtc),
        _row(
            "to the Sun",
            of("sun_distance_au", facts.sun_distance_au, f"{facts.sun_distance_au or 0:.5f} au"),
        ),
        _row(
            "to the Earth",
            of(
                "earth_distance_au",
                facts.earth_distance_au,
                f"{facts.earth_distance_au or 0:.5f} au",
            ),
        ),
        _row("light time", of("light_time_leaving_s", facts.light_time_leaving_s, _light(facts))),
        _row(
            "Sun-Earth-Mars",
            of("sun_earth_mars_deg", facts.sun_earth_mars_deg, _angle(facts)),
        ),
    ]


def _light(facts: TimeFacts) -> str:
    leaving, arriving = facts.light_time_leaving_s or 0.0, facts.light_time_arriving_s or 0.0
    return f"{_minutes(leaving)} leaving Mars now, {_minutes(arriving)} arriving there now"


def _minutes(seconds: float) -> str:
    tenths = round(seconds * 10)
    return f"{tenths // 600} min {tenths % 600 / 10:04.1f} s"


def _angle(facts: TimeFacts) -> str:
    angle = f"{facts.sun_earth_mars_deg or 0:.2f}°"
    span = facts.solar_conjunction
    if span is None:
        return angle
    told = f"{angle}, solar conjunction"
    if span.begins_utc is None or span.ends_utc is None:
        return told
    begins, ends = _rounded(span.begins_utc), _rounded(span.ends_utc)
    return f"{told}: within {CONJUNCTION_DEG:g}° from {begins} to {ends}"


def _places(facts: TimeFacts) -> list[str]:
    rows = [_HEADINGS, *map(_place_cells, facts.places)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADINGS))]
    lines = [
        "  ".join(f"{cell:{_ALIGN[at]}{widths[at]}}" for at, cell in enumerate(row)) for row in rows
    ]
    notes = []
    if any(_is_of_site(place) for place in facts.places):
        notes.append(_SITE_FOOTNOTE)
    if any(_count_is_not_known(place) for place in facts.places):
        notes.append(_COUNT_FOOTNOTE)
    notes += [
        f"{place.name} is simulated, and never was on Mars."
        for place in facts.places
        if place.simulated
    ]
    for name, what in (("sun_el_deg", "LTST and the Sun"), ("earth_el_deg", "The Earth")):
        if name in facts.not_known:
            notes.append(f"{DASH} {what}: known only for {facts.not_known[name]}.")
    return [f"[bold]{lines[0]}[/]", *map(escape, lines[1:]), *([""] if notes else []), *notes]


def _place_cells(place: Place) -> Sequence[str]:
    if place.landed is False:
        sol, local = DASH, "not landed"
    else:
        count_mark = "+" if _count_is_not_known(place) else ""
        sol = DASH if place.sol is None else f"{place.sol}{count_mark}"
        local = f"{place.lmst} {place.clock_kind}{'*' if _is_of_site(place) else ''}"
    up = {None: "", True: "up", False: "down"}[place.sun_up]
    return (
        place.name,
        sol,
        local,
        place.ltst or DASH,
        _degrees(place.sun_az_deg),
        _degrees(place.sun_el_deg, sign="+"),
        up,
        _degrees(place.earth_az_deg),
        _degrees(place.earth_el_deg, sign="+"),
    )


def _degrees(degrees: float | None, sign: str = "") -> str:
    return DASH if degrees is None else f"{degrees:{sign}.1f}°"


def _is_of_site(place: Place) -> bool:
    return place.landed is True and place.clock_source == "landing site"


def _count_is_not_known(place: Place) -> bool:
    if place.landed is not True or place.mission is None:
        return False
    return not clock.mission_clock(place.mission).first_sol_is_known
