"""Dates as upstreams state them: a year, a month, a day or a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from solbook.clock import format_utc, parse_utc
from solbook.errors import SolbookError
from solbook.sources.fields import FieldReader

_PARTIAL = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
# The form of EXIF: `2021:02:18 20:55:00`.
_EXIF = re.compile(r"([12]\d{3}):(\d\d):(\d\d)(?:[ T](\d\d:\d\d:\d\d))?(?:[ ]?([+-]\d\d:\d\d|Z))?")
_MIDNIGHT = "T00:00:00"

StatedDate = tuple[str | None, int | None]
"""A date in ISO 8601 as precise as it was stated, and its beginning, UTC, ns since 1970-01-01."""


def stated_date(value: Any, name: str, reader: FieldReader) -> StatedDate:
    """A date or time.

    Args:
        value: ISO 8601, a year or month of it, EXIF's form, or that of mails (RFC 5322). What
            states no zone is taken as UTC, and a midnight as a day.
        name: Of the field, for the complaint.
        reader: Gets the complaint.
    """
    text = reader.text(value, name)
    if text is None or not text.strip():
        return None, None
    found = _stated(text.strip())
    if found is None:
        reader.flags.append(f"unreadable {name}: {text[:80]}")
        return None, None
    return found


def _stated(text: str) -> tuple[str, int] | None:
    exif = _EXIF.fullmatch(text)
    if exif:
        day = "-".join(exif.group(1, 2, 3))
        text = f"{day}T{exif[4]}{exif[5] or 'Z'}" if exif[4] else day
    partial = _PARTIAL.fullmatch(text)
    try:
        if partial:
            month, day = partial["month"] or "01", partial["day"] or "01"
            return text, parse_utc(f"{partial['year']}-{month}-{day}{_MIDNIGHT}Z")
        utc_ns = _time_ns(text)
    except (SolbookError, ValueError, TypeError, OverflowError):
        return None
    # What is called UTC without fractions at midnight is a day that a program has written out.
    written = format_utc(utc_ns, 0)
    if f"{_MIDNIGHT}Z" in written:
        return written.partition("T")[0], utc_ns
    return written, utc_ns


def _time_ns(text: str) -> int:
    if not text[:4].isdecimal():
        moment = parsedate_to_datetime(text)
    else:
        moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return parse_utc(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
