"""Reading single fields of upstream records: what is missing, what cannot be read."""

from __future__ import annotations

import math
import re
from typing import Any

from solbook.clock import parse_lmst, parse_utc
from solbook.clock.limits import GREATEST_UTC_NS, LEAST_UTC_NS, NAT_NS
from solbook.errors import SolbookError

# The M2020 feed writes the word UNK where it has no value.
_MISSING = frozenset({"", "UNK"})
_NUMERIC = (int, float, str)
_MAX_SHOWN = 80
_SIZE = re.compile(r"\(?\s*([0-9]{1,7})\s*,\s*([0-9]{1,7})\s*\)?")


class RecordError(Exception):
    """A record that cannot be kept as a frame: what was found, what was expected."""

    def __init__(self, reason: str, *, found: object, expected: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.found = shorten(found)
        self.expected = expected


class FieldReader:
    """Reads the fields of one record and notes the ones it cannot read.

    Attributes:
        flags: What was unreadable or unknown, one short phrase each.
    """

    def __init__(self) -> None:
        self.flags: list[str] = []

    def text(self, value: Any, name: str) -> str | None:
        """Text, or `None` where it is missing."""
        if isinstance(value, str):
            return None if value in _MISSING else value
        if value is not None:
            self._unreadable(name, value)
        return None

    def number(self, value: Any, name: str) -> float | None:
        """A finite number, given as a number or as text."""
        if value is None or (isinstance(value, str) and value in _MISSING):
            return None
        if isinstance(value, _NUMERIC) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                number = math.nan
            if math.isfinite(number):
                return number
        self._unreadable(name, value)
        return None

    def integer(self, value: Any, name: str) -> int | None:
        """A whole number that fits 63 bits, given as a number or as text."""
        if type(value) is int and abs(value) < 1 << 62:
            return value
        number = self.number(value, name)
        if number is None:
            return None
        if number.is_integer() and abs(number) < 1 << 62:
            return int(number)
        self._unreadable(name, value)
        return None

    def utc_ns(self, value: Any, name: str) -> int | None:
        """A time in ISO 8601, taken as UTC."""
        text = self.text(value, name)
        if text is None:
            return None
        try:
            utc_ns = parse_utc(text)
        except SolbookError:
            utc_ns = NAT_NS
        if LEAST_UTC_NS <= utc_ns <= GREATEST_UTC_NS:
            return utc_ns
        self._unreadable(name, value)
        return None

    def lmst(self, value: Any, name: str) -> tuple[int, float] | None:
        """A local time such as `Sol-00257M15:53:52.123`: sol and seconds of the sol."""
        text = self.text(value, name)
        if text is None:
            return None
        try:
            return parse_lmst(text)
        except SolbookError:
            self._unreadable(name, value)
        return None

    def size(self, value: Any, name: str) -> tuple[int, int] | tuple[None, None]:
        """A picture's size such as `(1280,1024)`: width and height in pixels."""
        text = self.text(value, name)
        if text is None:
            return None, None
        size = _SIZE.fullmatch(text)
        if size is not None:
            return int(size[1]), int(size[2])
        self._unreadable(name, value)
        return None, None

    def _unreadable(self, name: str, value: object) -> None:
        self.flags.append(f"unreadable {name}: {shorten(value)}")


def object_of(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key; an empty one where the record has none."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def required_sol(value: Any) -> int:
    """The sol of a record.

    Raises:
        RecordError: It is missing or not a whole number in the range of a mission.
    """
    fields = FieldReader()
    sol = fields.integer(value, "sol")
    if sol is None or not -10_000 < sol < 100_000:
        raise RecordError(
            "The record has no usable sol.", found=value, expected="a whole number, such as 257"
        )
    return sol


def required_text(value: Any, name: str) -> str:
    """Words that a record must have.

    Raises:
        RecordError: They are missing, or no text.
    """
    if isinstance(value, str) and value.strip():
        return value
    raise RecordError(f"The record has no {name}.", found=value, expected="some words")


_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{3,119}")


def required_id(value: Any) -> str:
    """The upstream's id of a record, fit to stand in an address.

    Raises:
        RecordError: It is missing or has characters no product id has.
    """
    if not isinstance(value, str) or not _SAFE_ID.fullmatch(value):
        raise RecordError(
            "The record has no usable id.",
            found=value,
            expected="a product id, such as NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J",
        )
    return value


def shorten(value: object) -> str:
    """A value as a message shows it: on one line, at most 80 characters."""
    text = "nothing" if value is None else " ".join(str(value)[: 4 * _MAX_SHOWN].split())
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"
