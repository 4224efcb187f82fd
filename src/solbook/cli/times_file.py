"""`solbook time --file`: files of times, of any length, to CSV."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook import clock
from solbook.cli.console import counted
from solbook.clock.spans import CLOSED_FORM_FROM_NS, CLOSED_FORM_UNTIL_NS
from solbook.clock.typed import read_typed_utc
from solbook.errors import SolbookError

NEW_COLUMNS = ("utc", "sol", "lmst", "ltst", "ls_deg", "sun_az_deg", "sun_el_deg")
BLOCK = 50_000
"""Lines that are held and converted at a time."""

_SHOWN = 5
_NS_PER_S = 1_000_000_000
_MS_PER_SOL = 86_400_000
_NAT_NS = int(np.iinfo(np.int64).min)
_UNIX_S = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]*))?")
# What most files have, of years that need no further look.
_PLAIN_ISO = re.compile(
    r"(?:1[89]|2[01])[0-9]{2}-(?:[0-9]{2}-[0-9]{2}|[0-9]{3})"
    r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z?"
)
_QUOTED = re.compile(r'[",\r\n]')
_UNIX_EXPONENT_S = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,2}")


class _Row(NamedTuple):
    """A row of the file: the number of its first line, its fields, its time.

    `time` is `None` if the row has no such field, or more fields than the header: then it is not
    known which is which.
    """

    line: int
    fields: Sequence[str]
    time: str | None


@dataclass(slots=True)
class _Unread:
    """Counts the rows whose time cannot be read, and remembers the first few."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, row: _Row) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            shown = f"{len(row.fields)} fields" if row.time is None else repr(row.time[:40])
            self.first.append(f"line {row.line}: {shown}")

    def explained(self, *, in_csv: bool) -> SolbookError:
        more = self.count - len(self.first)
        return SolbookError(
            f"{counted(self.count, 'line')} without a time that can be read.",
            code="bad_time",
            found="; ".join(self.first) + (f"; and {more:,} more" if more else ""),
            expected="UTC, or Unix seconds, of the years 1730 to 2261",
            help="Their new fields are empty; all other lines are converted."
            + ("" if in_csv else " If the file is CSV, name its column with --column."),
        )


def convert_file(file: str, mission: str, column: str | None) -> SolbookError | None:
    """Write a file of times to standard output as CSV, with what they are on Mars.

    Args:
        file: Its path; `-` is standard input.
        mission: Id of the mission whose clock and landing site count.
        column: Name of the column the times are in, if it is CSV; else each line is one time.

    Returns:
        What is to be said of the lines whose time cannot be read; `None` if there are none.

    Raises:
        SolbookError: `unreadable`, `unknown_column`.
    """
    unread = _Unread()
    try:
        if file == "-":
            _convert(sys.stdin.buffer, mission, column, unread)
        else:
            with Path(file).open("rb") as opened:
                _convert(opened, mission, column, unread)
    except BrokenPipeError:
        # Whoever read the output has had enough.
        raise
    except (OSError, csv.Error) as error:
        raise SolbookError(
            f"{file} cannot be read.",
            code="unreadable",
            found=(error.strerror if isinstance(error, OSError) else None) or str(error),
            expected="a text file of times, one a line, or CSV with --column NAME",
            help="Check the path; what was read before is written.",
        ) from error
    return unread.explained(in_csv=column is not None) if unread.count else None


def _convert(source: BinaryIO, mission: str, column: str | None, unread: _Unread) -> None:
    # Bytes that are no UTF-8 come through as they are.
    text = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        header, rows = _lines(text) if column is None else _csv_rows(text, column)
        _write([",".join(map(_quoted, [*header, *_free_names(header)]))])
        while block := list(islice(rows, BLOCK)):
            _write(_converted(block, mission, len(header), unread))
    finally:
        text.detach()


def _lines(text: Iterable[str]) -> tuple[list[str], Iterator[_Row]]:
    def rows() -> Iterator[_Row]:
        for number, line in enumerate(text, start=1):
            given = line.rstrip("\r\n")
            yield _Row(number, (given,), given)

    return ["time"], rows()


def _csv_rows(text: Iterable[str], column: str) -> tuple[list[str], Iterator[_Row]]:
    reader = csv.reader(text)
    header = next(reader, [])
    if header.count(column) != 1:
        raise SolbookError(
            "There is no such column." if column not in header else "More than one such column.",
            code="unknown_column",
            found=column[:80],
            expected=", ".join(header)[:400] or "a first line with the names of the columns",
            help="The first line of the file names its columns, with commas between them.",
        )
    at = header.index(column)

    def rows() -> Iterator[_Row]:
        before = reader.line_num
        for fields in reader:
            time = fields[at] if at < len(fields) <= len(header) else None
            yield _Row(before + 1, fields, time)
            before = reader.line_num

    return header, rows()


def _free_names(header: Sequence[str]) -> list[str]:
    """The names of the new columns, with a number where the file has the name already."""
    taken = set(header)
    names = []
    for name in NEW_COLUMNS:
        free, number = name, 2
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        taken.add(free)
        names.append(free)
    return names


def _converted(block: Sequence[_Row], mission: str, width: int, unread: _Unread) -> Iterator[str]:
    """Lines of CSV."""
    times = np.empty(len(block), dtype=np.int64)
    for at, row in enumerate(block):
        found = None if row.time is None else _utc_ns(row.time)
        if found is None:
            unread.add(row)
            found = _NAT_NS
        times[at] = found
    # csv.writer would look at the new fields as well, which need no quotes; this is faster.
    new_fields = map(",".join, zip(*_columns(times, mission), strict=True))
    for row, new in zip(block, new_fields, strict=True):
        given = ",".join(map(_quoted, row.fields))
        yield f"{given},{',' * (width - len(row.fields))}{new}"


def _quoted(text: str) -> str:
    """A field of CSV."""
    if _QUOTED.search(text) is None:
        return text
    return '"' + text.replace('"', '""') + '"'


def _utc_ns(text: str) -> int | None:
    """A time of a file; `None` if it is none."""
    text = text.strip()
    try:
        if _PLAIN_ISO.fullmatch(text):
            return clock.parse_utc(text)
        if match := _UNIX_S.fullmatch(text):
            sign, whole, fraction = match.groups()
            # By whole numbers: a float64 would round the fraction to 0.2 us.
            unix_ns = int(whole) * _NS_PER_S
            if fraction:
                unix_ns += int(fraction[:9].ljust(9, "0"))
            return _one(-unix_ns if sign == "-" else unix_ns)
        if _UNIX_EXPONENT_S.fullmatch(text):
            return _one(float(text))
        return read_typed_utc(text)
    except (SolbookError, ValueError, OverflowError):
        return None


def _one(when: float) -> int | None:
    found = clock.utc_ns(when)
    return found if isinstance(found, int) else None


def _columns(utc_ns: NDArray[np.int64], mission: str) -> tuple[list[str], ...]:
    """The new columns for some times; NaT gives empty fields."""
    own_clock, site = clock.mission_clock(mission), clock.landing_site(mission)
    sol, lmst_s = own_clock.from_utc(utc_ns)
    # NaT is the least number, so it counts as not landed.
    landed = utc_ns >= own_clock.sol_start_utc(own_clock.first_sol)
    sun_known = (utc_ns >= CLOSED_FORM_FROM_NS) & (utc_ns < CLOSED_FORM_UNTIL_NS)
    sun_ns = np.where(sun_known, utc_ns, _NAT_NS)
    sun = site.sun(sun_ns)
    return (
        _utc_texts(utc_ns),
        [str(number) if there else "" for number, there in _pairs(sol, landed)],
        _local_texts(np.where(landed, lmst_s, np.nan)),
        _local_texts(site.ltst_s(sun_ns)),
        _degree_texts(clock.ls_deg(sun_ns), sun_known),
        _degree_texts(sun.az_deg, sun_known),
        _degree_texts(sun.el_deg, sun_known),
    )


def _pairs(values: NDArray[Any], there: NDArray[Any]) -> Iterable[tuple[Any, bool]]:
    return zip(values.tolist(), there.tolist(), strict=True)


def _utc_texts(utc_ns: NDArray[np.int64]) -> list[str]:
    # As clock.format_utc: rounded to the microsecond, then cut.
    us = utc_ns // 1000 + (utc_ns % 1000 >= 500)
    texts = np.datetime_as_string((us // 1000).astype("datetime64[ms]"))
    return [f"{text}Z" if there else "" for text, there in _pairs(texts, utc_ns != _NAT_NS)]


def _local_texts(local_s: NDArray[np.float64]) -> list[str]:
    # As clock.format_lmst, by way of a date, which numpy writes many at a time.
    there = ~np.isnan(local_s)
    us = np.rint(np.where(there, local_s, 0.0) * 1e6).astype(np.int64)
    ms = np.minimum(us // 1000, _MS_PER_SOL - 1)
    texts = np.datetime_as_string(ms.astype("datetime64[ms]"))
    return [text[11:] if known else "" for text, known in _pairs(texts, there)]


def _degree_texts(degrees: NDArray[np.float64], there: NDArray[np.bool_]) -> list[str]:
    return [f"{value:.5f}" if known else "" for value, known in _pairs(degrees, there)]


def _write(lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
