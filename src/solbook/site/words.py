"""Numbers, times and names as people say them; every page takes its words from here."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime

from solbook.clock import format_lmst, format_utc

NS_PER_S = 1_000_000_000

# Characters that look like others are named once.
TIMES = "\N{MULTIPLICATION SIGN}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"

_EPOCH_YEAR_RANGE_NS = (-62_135_596_800 * NS_PER_S, 253_402_300_799 * NS_PER_S)
_BYTE_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_DURATION_UNITS = (("day", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_AGO_UNITS = (("year", 31_557_600), ("day", 86_400), ("hour", 3_600), ("minute", 60))
_BY = re.compile(r"(?<=[0-9])x(?=[0-9])")
# Categories of Unicode: control characters, halves of pairs, non-characters, ends of lines.
_NOT_IN_A_LINE = ("Cc", "Cs", "Cn", "Zl", "Zp")
_PARAGRAPH = re.compile(r"(?:\s*\n\s*\n\s*)+")


def number(value: int) -> str:
    """A count with its thousands apart: `1,204,551`."""
    return f"{value:,}"


def counted(value: int, noun: str, plural: str = "") -> str:
    """A count with its noun: `1 frame`, `1,036 frames`."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def day(when: date) -> str:
    """A date: `10 Nov 2021`."""
    return f"{when.day} {when:%b} {when.year}"


def sol_name(sol: int) -> str:
    """`sol 755`, which no line end may part."""
    return f"sol\N{NO-BREAK SPACE}{sol}"


def utc_day(utc_ns: int) -> str:
    """The date of a time: `10 Nov 2021`."""
    return day(_moment(utc_ns))


def utc_date(utc_ns: int) -> date:
    """The date of a time."""
    return _moment(utc_ns).date()


def utc_clock(utc_ns: int) -> str:
    """The time of day, to the second: `00:12:07`."""
    return f"{_moment(utc_ns):%H:%M:%S}"


def utc_minute(utc_ns: int) -> str:
    """A time as people say it: `10 Nov 2021 00:12 UTC`."""
    moment = _moment(utc_ns)
    return f"{day(moment)} {moment:%H:%M} UTC"


def utc_exact(utc_ns: int) -> str:
    """A time to the millisecond: `2021-11-10 00:12:07.123 UTC`."""
    return format_utc(utc_ns, 3).replace("T", " ").replace("Z", " UTC")


def utc_machine(utc_ns: int) -> str:
    """A time for the `datetime` of a `time` element."""
    return format_utc(utc_ns, 3)


def local_minute(lmst_s: float) -> str:
    """A local time, hours and minutes: `15:53`."""
    return format_lmst(lmst_s)[:5]


def local_second(lmst_s: float) -> str:
    """A local time to the second: `15:53:52`."""
    return format_lmst(lmst_s)


def local_exact(lmst_s: float) -> str:
    """A local time to the millisecond: `15:53:52.123`."""
    return format_lmst(lmst_s, 3)


def duration(seconds: float) -> str:
    """A stretch of time in its two largest units: `2 h 35 min`, `58 s`, `3 days 7 h`."""
    rest = round(abs(seconds))
    parts: list[str] = []
    for name, length in _DURATION_UNITS:
        value, rest = divmod(rest, length)
        if value and len(parts) < 2:
            parts.append(f"{value} {name}{'s' if name == 'day' and value > 1 else ''}")
        elif parts:
            break
    return " ".join(parts) or "0 s"


def ago(then_ns: int, now_ns: int) -> str:
    """How long ago something was: `18 minutes ago`, `just now`."""
    seconds = (now_ns - then_ns) // NS_PER_S
    for name, length in _AGO_UNITS:
        if seconds >= length:
            return f"{counted(seconds // length, name)} ago"
    return "just now"


def byte_size(count: int) -> str:
    """A size in decimal units: `1.2 MB`."""
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_BYTE_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {_BYTE_UNITS[unit]}" if unit else f"{count} bytes"


def pixel_size(width_px: int | None, height_px: int | None) -> str | None:
    """A picture's size, width by height in pixels."""
    if width_px is None or height_px is None:
        return None
    return f"{width_px} {TIMES} {height_px} px"


def degrees(value: float, decimals: int = 1) -> str:
    """An angle, with the minus of typography."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", MINUS) + "°"


def tilt(elevation_deg: float) -> str:
    """An elevation in words: `8° below level`, `level`."""
    whole = round(abs(elevation_deg))
    if whole == 0:
        return "level"
    return f"{whole}° {'below' if elevation_deg < 0 else 'above'} level"


def quantity(text: str) -> str:
    """A size or angle of a table, set properly: `96x73 deg` with its own signs."""
    return _BY.sub(f" {TIMES} ", text).replace(" deg", "°")


def latitude(lat_deg: float) -> str:
    """`18.44° N`."""
    return f"{abs(lat_deg):.2f}° {'N' if lat_deg >= 0 else 'S'}"


def longitude(lon_e_deg: float) -> str:
    """`77.45° E`."""
    return f"{lon_e_deg:.2f}° E"


def paragraphs(text: str | None) -> list[str]:
    """The paragraphs of a caption; single line ends within one are spaces."""
    if not text:
        return []
    return [" ".join(part.split()) for part in _PARAGRAPH.split(text.strip()) if part.strip()]


def one_line(text: str) -> str:
    """Text without line ends and control characters, which some kinds of file cannot hold."""
    spaced = "".join(" " if unicodedata.category(c) in _NOT_IN_A_LINE else c for c in text)
    return " ".join(spaced.split())


def place_of(landing_site: str) -> str:
    """The crater or plain of a landing site: `Jezero` of `…, Jezero crater`."""
    return landing_site.rpartition(", ")[2].removesuffix(" crater")


def beginning(text: str, most: int) -> str:
    """The beginning of a text, cut at the end of a word where it is longer than `most` letters."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def listed(words: list[str]) -> str:
    """Words as a sentence lists them: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _moment(utc_ns: int) -> datetime:
    least, most = _EPOCH_YEAR_RANGE_NS
    return datetime.fromtimestamp(min(max(utc_ns, least), most) // NS_PER_S, tz=UTC)
