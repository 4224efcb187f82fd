"""Times as the feeds and labels write them, to numbers and back."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import UTC, date, datetime, timedelta

from solbook.clock.leap_seconds import NS_PER_S
from solbook.clock.limits import NAT_NS
from solbook.errors import SolbookError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_NAIVE = datetime(1970, 1, 1)  # noqa: DTZ001  (compared with feeds' times that carry no zone)
_MICROSECOND = timedelta(microseconds=1)
_NS_PER_US = 1000
_US_PER_SOL = 86_400_000_000

# datetime keeps six digits of a second; the three after them are read apart.
_DIGITS_7_TO_9 = re.compile(r"[.,][0-9]{6}([0-9]{1,3})")
_LEAP_SECOND = re.compile(r"[0-9]{2}:?[0-9]{2}:?60")
# "2021-314T00:31:18Z", the 314th day of 2021: so NASA's labels and kernels write many dates.
_DAY_OF_YEAR = re.compile(r"([0-9]{4})-([0-9]{3})([T ].*)?")
# "Sol-00257M15:53:52.123"; labels of MSL write the milliseconds after a colon.
_LMST = re.compile(
    r"Sol-(-?[0-9]{1,6})M([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,9}|:[0-9]{3})?)"
)


def parse_utc(text: str) -> int:
    """Read an ISO 8601 time; one without a zone is UTC.

    Args:
        text: For example "2021-02-22T10:21:48Z", "2025-12-01T10:50:11.497" or, by the day of the
            year, "2021-053T10:21:48Z"; a date alone is its midnight.

    Returns:
        `utc_ns`: UTC, ns since 1970-01-01 (POSIX). Exact to 1 ns; digits after the ninth of the
        second are dropped.

    Raises:
        SolbookError: `bad_time` if it is not such a time; `leap_second` for 23:59:60, which
            `utc_ns` has no number for.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        # Few are written so; asked here, they cost the others nothing.
        return _parse_day_of_year(text)
    # Python takes any letter between date and time, so the zone of a date for a time.
    if text[10:11] in "+-" and text[10:11] and text[4:5] == "-":
        raise _not_a_utc(text)
    since = moment - (_EPOCH if moment.tzinfo else _EPOCH_NAIVE)
    utc_ns = (since // _MICROSECOND) * _NS_PER_US
    if len(text) > 26 and (rest := _DIGITS_7_TO_9.search(text)):
        utc_ns += int(rest[1].ljust(3, "0"))
    return utc_ns


def _parse_day_of_year(text: str) -> int:
    match = _DAY_OF_YEAR.fullmatch(text)
    if match is None:
        raise _not_a_utc(text) from None
    year, day = int(match[1]), int(match[2])
    days = 366 if isleap(year) else 365
    if year == 0 or not 1 <= day <= days:
        raise SolbookError(
            "There is no such day of the year.",
            code="bad_time",
            found=repr(text)[:80],
            expected=f"a day from 001 to {days}, of a year from 0001",
            help="Day 001 is 1 January; only leap years have a day 366.",
        ) from None
    try:
        return parse_utc(f"{date(year, 1, 1) + timedelta(day - 1)}{match[3] or ''}")
    except SolbookError:
        # The error shall show the text as it was given.
        raise _not_a_utc(text) from None


def _not_a_utc(text: str) -> SolbookError:
    if _LEAP_SECOND.search(text):
        return SolbookError(
            "A leap second has no number in utc_ns.",
            code="leap_second",
            found=text[:80],
            expected="a second from 00 to 59",
            help="Use the second before it; utc_ns counts POSIX seconds.",
        )
    return SolbookError(
        "Not a UTC time.",
        code="bad_time",
        found=repr(text)[:80],
        expected="ISO 8601, for example 2021-02-22T10:21:48Z or 2021-053T10:21:48Z",
        help="Write the date, then T and the time; without a zone it is UTC.",
    )


def format_utc(utc_ns: int, decimals: int = 3) -> str:
    """Write a time as ISO 8601 with a Z.

    Args:
        utc_ns: UTC, ns since 1970-01-01 (POSIX), years 1 to 9999; NaT gives "NaT".
        decimals: Digits after the second, 0 to 9.

    Returns:
        For example "2021-02-22T10:21:48.000Z". With up to six decimals the time is rounded to
        the microsecond, so that 1 ns of arithmetic does not show, and then cut, as a clock shows
        it; with more it is cut.

    Raises:
        SolbookError: `bad_argument` if `decimals` is not from 0 to 9.
    """
    _check_decimals(decimals, most=9)
    utc_ns = int(utc_ns)
    if utc_ns == NAT_NS:
        return "NaT"
    if decimals <= 6:
        utc_ns = (utc_ns + _NS_PER_US // 2) // _NS_PER_US * _NS_PER_US
    whole_s, fraction_ns = divmod(utc_ns, NS_PER_S)
    moment = _EPOCH_NAIVE + timedelta(seconds=whole_s)
    fraction = f".{fraction_ns:09d}"[: decimals + 1] if decimals else ""
    return f"{moment.isoformat()}{fraction}Z"


def parse_lmst(text: str) -> tuple[int, float]:
    """Read the local time of a frame as feeds and labels write it.

    Args:
        text: For example "Sol-00257M15:53:52.123", without a fraction, or with the milliseconds
            after a colon: "Sol-00024M11:59:31:073".

    Returns:
        `(sol, lmst_s)`: the sol number and the local seconds of that sol, 0 <= lmst_s < 86400,
        of which there are 86,400 to a sol.

    Raises:
        SolbookError: `bad_lmst` if it is not written so.
    """
    match = _LMST.fullmatch(text)
    if match is None:
        raise SolbookError(
            "Not a local mean solar time.",
            code="bad_lmst",
            found=repr(text)[:80],
            expected="for example Sol-00257M15:53:52.123",
            help="The sol with up to six digits, then hours 00-23, minutes and seconds 00-59.",
        )
    sol, hours, minutes, seconds = match.groups()
    lmst_s = int(hours) * 3600 + int(minutes) * 60 + float(seconds.replace(":", "."))
    return int(sol), lmst_s


def format_lmst(lmst_s: float, decimals: int = 0) -> str:
    """Write a local time of the sol as a clock shows it.

    Args:
        lmst_s: Local seconds of the sol, 0 <= lmst_s < 86400, of which there are 86,400 to a sol.
        decimals: Digits after the second, 0 to 6.

    Returns:
        For example "15:53:52". The time is rounded to the microsecond and then cut, never
        rounded up: the last instant of a sol is "23:59:59".

    Raises:
        SolbookError: `bad_argument` if `lmst_s` or `decimals` is out of range.
    """
    _check_decimals(decimals, most=6)
    if not 0.0 <= lmst_s < 86_400.0:
        raise SolbookError(
            "Not a time of the sol.",
            code="bad_argument",
            found=str(lmst_s),
            expected="0 <= lmst_s < 86400",
            help="Local seconds count from the midnight that begins the sol.",
        )
    # The last half microsecond of a sol would round to 24:00:00.
    whole_us = min(round(lmst_s * 1e6), _US_PER_SOL - 1)
    whole_s, fraction_us = divmod(whole_us, 1_000_000)
    fraction = f".{fraction_us:06d}"[: decimals + 1] if decimals else ""
    return f"{whole_s // 3600:02d}:{whole_s // 60 % 60:02d}:{whole_s % 60:02d}{fraction}"


def _check_decimals(decimals: int, *, most: int) -> None:
    if not 0 <= decimals <= most:
        raise SolbookError(
            "The number of decimals is out of range.",
            code="bad_argument",
            found=str(decimals),
            expected=f"0 to {most}",
            help="Choose how many digits follow the second.",
        )
