"""Where the Sun stands, in words: `late afternoon, Sun 12° above the west`.

Pure functions of angles and local true solar time, so that any page that knows those can say it.
"""

from __future__ import annotations

_POINTS_8 = (
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
)
_POINTS_16 = (
    "north",
    "north-northeast",
    "northeast",
    "east-northeast",
    "east",
    "east-southeast",
    "southeast",
    "south-southeast",
    "south",
    "south-southwest",
    "southwest",
    "west-southwest",
    "west",
    "west-northwest",
    "northwest",
    "north-northwest",
)

_HOUR_S = 3_600.0
_NOON_S = 43_200.0
_SOL_S = 86_400.0

_HORIZON_BAND_DEG = 1.0
"""Within so much of the horizon the Sun is rising or setting."""
_DAWN_DEG = -6.0
_NIGHT_DEG = -18.0
_OVERHEAD_DEG = 80.0
# Near noon and midnight a Sun on the horizon grazes it, as in a polar winter or summer.
_GRAZING_S = _HOUR_S

# Until which local true solar time, in hours, a word holds while the Sun is up.
_DAY = (
    (3.0, "around midnight"),
    (8.0, "early morning"),
    (10.0, "morning"),
    (11.5, "late morning"),
    (12.5, "noon"),
    (14.0, "early afternoon"),
    (16.0, "afternoon"),
    (18.5, "late afternoon"),
    (21.0, "evening"),
    (24.0, "around midnight"),
)


def compass(az_deg: float, points: int = 8) -> str:
    """The point of the compass nearest to an azimuth.

    Args:
        az_deg: Azimuth, from north over east, any number of turns.
        points: 8 or 16.
    """
    names = _POINTS_16 if points == 16 else _POINTS_8
    return names[round(az_deg % 360.0 / (360.0 / len(names))) % len(names)]


def part_of_sol(el_deg: float, ltst_s: float, *, is_up: bool | None = None) -> str:
    """The part of the sol: `night`, `dawn`, `sunrise`, `late afternoon`.

    Args:
        el_deg: Elevation of the Sun's centre, degrees over the horizon.
        ltst_s: Local true solar time, local seconds of the sol: the Sun is in the meridian at
            43,200.
        is_up: Whether the Sun is up; left out, whether its centre is over the horizon.
    """
    up = el_deg > 0.0 if is_up is None else is_up
    before_noon = ltst_s < _NOON_S
    from_noon_s = abs(ltst_s - _NOON_S)
    grazes = from_noon_s < _GRAZING_S or from_noon_s > _SOL_S / 2 - _GRAZING_S
    if abs(el_deg) <= _HORIZON_BAND_DEG and not grazes:
        return "sunrise" if before_noon else "sunset"
    if up:
        return next(word for until, word in _DAY if ltst_s < until * _HOUR_S or until == 24.0)
    if el_deg < _NIGHT_DEG:
        return "night"
    if grazes:
        return "twilight at noon" if from_noon_s < _GRAZING_S else "twilight at midnight"
    if el_deg > _DAWN_DEG:
        return "dawn" if before_noon else "dusk"
    return "morning twilight" if before_noon else "evening twilight"


def stands(body: str, el_deg: float, az_deg: float, *, is_up: bool | None = None) -> str:
    """Where a body stands: `Sun 12° above the west`, `Sun 8° below the horizon in the east`.

    Far below the horizon, where its light does not reach the sky, the direction is left out.

    Args:
        body: Its name.
        el_deg: Elevation, degrees over the horizon.
        az_deg: Azimuth, from north over east.
        is_up: Whether it is up; left out, whether it is over the horizon.
    """
    up = el_deg > 0.0 if is_up is None else is_up
    whole = round(abs(el_deg))
    where = compass(az_deg)
    if whole == 0:
        return f"{body} on the horizon in the {where}"
    if el_deg < _NIGHT_DEG:
        return f"{body} {whole}° below the horizon"
    if not up:
        return f"{body} {whole}° below the horizon in the {where}"
    if el_deg >= _OVERHEAD_DEG:
        return f"{body} nearly overhead"
    return f"{body} {whole}° above the {where}"


def sun_words(el_deg: float, az_deg: float, ltst_s: float, *, is_up: bool | None = None) -> str:
    """The part of the sol and where the Sun stands: `late afternoon, Sun 12° above the west`.

    Args:
        el_deg: Elevation of the Sun's centre, degrees over the horizon.
        az_deg: Its azimuth, from north over east.
        ltst_s: Local true solar time, local seconds of the sol.
        is_up: Whether the Sun is up; left out, whether its centre is over the horizon.
    """
    part = part_of_sol(el_deg, ltst_s, is_up=is_up)
    return f"{part}, {stands('Sun', el_deg, az_deg, is_up=is_up)}"
