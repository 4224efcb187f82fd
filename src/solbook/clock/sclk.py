"""Spacecraft clocks: from a clock reading to UTC and back, by NAIF's SCLK kernels.

A text kernel (`.tsc`) of type 1 says how a clock ran: records of a clock reading, the time at that
reading and the clock's rate from there on. Read here are the kernels of clocks that count seconds
and a fraction, as those of Mars 2020 (-168), MSL (-76) and InSight (-189) do. The rules are those
of NAIF's SCLK Required Reading and of SPICE's routines SCTE01, SCEC01 and SCENCD.

The same reading is written in two ways, and the text alone does not always tell which:

* as decimal seconds, in product ids, feeds and labels: `..._0722782785_631ECM` and
  `1/0722782785.631` are 722782785.631 s;
* as seconds and ticks, by SPICE and in labels of InSight: `1/0722782785-41353` is 41353 ticks of
  1/65536 s past 722782785 s, the same moment.

`to_utc` takes decimal seconds; `parse` reads seconds and ticks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from solbook.clock.kernels import J2000_NS
from solbook.clock.leap_seconds import NS_PER_S
from solbook.clock.limits import NAT_NS
from solbook.clock.scales import tdb_minus_tt_ns, tdb_ns_from_utc_ns, utc_ns_from_tdb_ns
from solbook.clock.text import format_utc
from solbook.clock.times import TimeLike, TimesLike
from solbook.clock.times import utc_ns as as_utc_ns
from solbook.errors import SolbookError

# Times are kept within 145 years of J2000, so that no sum of two leaves int64.
_FARTHEST_NS = 4_600_000_000 * NS_PER_S
# At the ends of a kernel a time may be rounded past them by this much.
_SLACK_NS = 1000
# Whole numbers up to here are exact in a float64.
_MOST_TICKS = 2**53
# Seconds for a count. Jumps of a clock are written as a short record of an odd rate.
_RATES = (1e-6, 1e6)
# The kernels of long missions have some hundred kilobytes.
_MOST_BYTES = 16 * 2**20

_DATA_TYPE = re.compile(r"SCLK_DATA_TYPE_(-?[0-9]{1,9})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[EeDd][+-]?[0-9]+)?")
_TOKEN = re.compile(r"'(?:[^'\n]|'')*'|\+=|[=()']|(?:(?!\+=)[^\s=(),'])+")
_SIGNS = frozenset(("=", "+=", "(", ")", "'"))
# "1/0722782785-41353"; SPICE takes any of these between seconds and ticks.
_READING = re.compile(
    r"\s*(?:([0-9]{1,4})\s*/\s*)?([0-9]{1,15})(?:(\s*[.:,-]\s*|\s+)([0-9]{1,15}))?\s*"
)


@dataclass(frozen=True, eq=False)
class SpacecraftClock:
    """A spacecraft clock as one SCLK kernel describes it.

    Readings are decimal clock seconds, `sclk_s`; a float64 resolves 0.12 us of them in the years
    of the surface missions. Conversions agree with SPICE to 1 us. How well the kernel itself knows
    the clock is another matter:

    * after its last record the last rate is taken to hold. By the kernel of Mars 2020 whose last
      record is of 2021-10-31, frames of 2022 to 2026 are up to 4.9 s off from NASA's own times;
    * where two records do not meet, times leap at the seam as they do in SPICE: 0.47 ms at one
      seam of `m2020_168_sclkscet_refit_v03.tsc`, less than 4 us at all others of the kernels
      tested.

    Attributes:
        spacecraft_id: NAIF's id: -168 Mars 2020, -76 MSL, -189 InSight.
        time_system: Scale of the records' times, "TDB" or "TT".
        moduli: Seconds before the clock overflows, and ticks in a second.
        offsets: The lowest value of each of the two fields, mostly 0.
        partition_starts: Shape (m,), float64. Where each partition starts, in ticks of the count;
            a new one begins when the clock is set back.
        partition_ends: Shape (m,), float64. Where each ends, in the same ticks.
        record_ticks: Shape (n,), float64, increasing. Where each record starts, in ticks since
            the start of the clock, all partitions laid end to end (SPICE's "encoded SCLK").
        record_ns: Shape (n,), int64, increasing. The time then, ns past J2000 in `time_system`.
        ns_per_tick: Shape (n,), float64. Rate of each record up to the next, ns in a tick.
    """

    spacecraft_id: int
    time_system: Literal["TDB", "TT"]
    moduli: tuple[int, int]
    offsets: tuple[int, int]
    partition_starts: NDArray[np.float64]
    partition_ends: NDArray[np.float64]
    record_ticks: NDArray[np.float64]
    record_ns: NDArray[np.int64]
    ns_per_tick: NDArray[np.float64]

    @classmethod
    def read(cls, path: Path | str) -> SpacecraftClock:
        """Read a kernel.

        Args:
            path: A text SCLK kernel of type 1, for example `m2020_168_sclkscet_refit_v03.tsc`.

        Returns:
            Its clock.

        Raises:
            SolbookError: `unreadable` if the file cannot be read; `bad_kernel` if it is not such
                a kernel or not one of a clock that counts seconds. NAIF's LMST kernels, which
                count sols, are refused: `mission_clock` has their numbers.
        """
        try:
            with Path(path).open("rb") as file:
                body = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise SolbookError(
                f"{path} cannot be read.",
                code="unreadable",
                found=error.strerror or str(error),
                expected="a text SCLK kernel (.tsc)",
                help="Check the path.",
            ) from error
        if len(body) > _MOST_BYTES:
            raise _bad_kernel(str(path), f"more than {_MOST_BYTES:,} bytes")
        # Comments may hold any byte; what counts is ASCII.
        return cls.from_text(body.decode("latin-1"), str(path))

    @classmethod
    def from_text(cls, text: str, name: str = "The text") -> SpacecraftClock:
        """Read a kernel's text.

        Args:
            text: All of the file, comments too.
            name: What to call it in an error.

        Returns:
            Its clock.

        Raises:
            SolbookError: `bad_kernel`, as `read` does.
        """
        kernel = _Kernel(text, name)
        clock_type = kernel.whole("SCLK_DATA_TYPE")
        if clock_type != [1]:
            raise _bad_kernel(name, f"a clock of type {clock_type}", "a clock of type 1")
        system = kernel.whole("SCLK01_TIME_SYSTEM", missing=[1])
        if system not in ([1], [2]):
            raise _bad_kernel(name, f"time system {system}", "time system 1 (TDB) or 2 (TT)")
        moduli, offsets = kernel.fields()
        starts, ends = kernel.partitions()
        ticks, times_s, rates = kernel.records()
        return cls(
            spacecraft_id=kernel.spacecraft_id,
            time_system="TDB" if system == [1] else "TT",
            moduli=moduli,
            offsets=offsets,
            partition_starts=starts,
            partition_ends=ends,
            record_ticks=ticks,
            record_ns=_ns(times_s),
            ns_per_tick=rates * (NS_PER_S / moduli[1]),
        )

    @property
    def last_record_utc_ns(self) -> int:
        """UTC of the last record, ns since 1970-01-01; later times are extrapolated from it."""
        return int(self._utc_ns(self.record_ticks[-1:])[0])

    def parse(self, text: str) -> tuple[float, int | None]:
        """Read seconds and ticks as SPICE writes them.

        Args:
            text: For example "1/0722782785-41353", "722782785.41353" or "722782785". Between
                seconds and ticks may stand `.`, `:`, `-`, `,` or a space, before them the number
                of the partition. After a point the ticks must have all their digits (five, for
                1/65536 s); "722782785.631" is refused, being in all likelihood decimal seconds.

        Returns:
            `(sclk_s, partition)`: decimal clock seconds, exact to 1 ns or to what a float64
            resolves, and the partition or `None`; what `to_utc` takes.

        Raises:
            SolbookError: `bad_sclk` if it is not written so.
        """
        match = _READING.fullmatch(text)
        if match is None:
            raise self._bad_reading(text, "seconds and ticks, for example 1/0722782785-41353")
        partition, seconds, between, ticks = match.groups()
        first_tick, last_tick = self.offsets[1], self.offsets[1] + self.moduli[1] - 1
        fraction = first_tick if ticks is None else int(ticks)
        digits = len(str(last_tick))
        if ticks and between.strip() == "." and len(ticks) != digits:
            raise self._bad_reading(text, f"ticks of {digits} digits after the point")
        if not first_tick <= fraction <= last_tick:
            raise self._bad_reading(text, f"ticks from {first_tick} to {last_tick}")
        sclk_s = int(seconds) + (fraction - first_tick) / self.moduli[1]
        return sclk_s, None if partition is None else int(partition)

    @overload
    def to_utc(self, sclk_s: float, partition: int | None = None) -> int: ...
    @overload
    def to_utc(
        self, sclk_s: NDArray[np.float64] | Sequence[float], partition: int | None = None
    ) -> NDArray[np.int64]: ...
    def to_utc(
        self,
        sclk_s: float | NDArray[np.float64] | Sequence[float],
        partition: int | None = None,
    ) -> int | NDArray[np.int64]:
        """Clock reading to UTC.

        Args:
            sclk_s: A number or any shape. Decimal clock seconds, as in product ids; many at once
                are far quicker than one by one.
            partition: The partition of the readings, from 1 on. `None`: the first that has the
                reading, each for itself, as SPICE takes it.

        Returns:
            `utc_ns`, same shape, int64: UTC, ns since 1970-01-01 (POSIX), within 1 us of SPICE's
            `sct2e` and `et2utc`. Inside an inserted leap second: the start of the day that
            follows it. In arrays `NAT_NS` where there is no reading (NaN) or the kernel does not
            cover it.

        Raises:
            SolbookError: `outside_kernel` if one number lies before the kernel's first record,
                outside the partitions, or after 2145; `bad_argument` if there is no such
                partition.
        """
        if partition is not None and not 1 <= partition <= len(self.partition_starts):
            raise SolbookError(
                "The clock has no such partition.",
                code="bad_argument",
                found=f"partition {partition}",
                expected=f"1 to {len(self.partition_starts)}",
            )
        if not isinstance(sclk_s, int | float):
            return self._utc_ns(self._encoded(np.asarray(sclk_s, dtype=np.float64), partition))
        # A whole number may be larger than any float64.
        reading = np.array([sclk_s if abs(sclk_s) < _MOST_TICKS else math.nan], dtype=np.float64)
        utc_ns = int(self._utc_ns(self._encoded(reading, partition))[0])
        if utc_ns == NAT_NS:
            raise self._outside("clock reading", str(sclk_s), self._readings(partition))
        return utc_ns

    @overload
    def from_utc(self, when: TimeLike) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def from_utc(self, when: TimesLike) -> NDArray[np.float64]: ...
    def from_utc(self, when: TimeLike | TimesLike) -> float | NDArray[np.float64]:
        """UTC to clock reading; the inverse of `to_utc`, to 1 us, except at seams of the kernel.

        Args:
            when: One time or many, in any form `times.TimeLike` names.

        Returns:
            `sclk_s`, same shape, float64: decimal clock seconds in the partition of that time,
            within 1 us of SPICE's `sce2c`. NaN where there is no time; in arrays also where the
            kernel does not cover it.

        Raises:
            SolbookError: `outside_kernel` if one number lies before the kernel's first record or
                after its last partition.
        """
        utc_ns = as_utc_ns(when)
        if not isinstance(utc_ns, int):
            return self._sclk_s(utc_ns)
        if utc_ns == NAT_NS:
            return math.nan
        known = abs(utc_ns - J2000_NS) < _FARTHEST_NS
        sclk_s = float(self._sclk_s(np.array([utc_ns if known else NAT_NS], dtype=np.int64))[0])
        if math.isnan(sclk_s):
            first = format_utc(int(self._utc_ns(self.record_ticks[:1])[0]))
            found = format_utc(utc_ns) if known else f"{utc_ns} ns since 1970"
            raise self._outside("time", found, f"from {first} to the end of its last partition")
        return sclk_s

    @property
    def _partition_bases(self) -> NDArray[np.float64]:
        """Ticks from the start of the clock to each partition, and to the end of the last."""
        lengths = np.rint(self.partition_ends - self.partition_starts)
        return np.concatenate([[0.0], np.cumsum(lengths)])

    def _encoded(self, sclk_s: NDArray[np.float64], partition: int | None) -> NDArray[np.float64]:
        """Readings as ticks since the start of the clock; NaN outside the partitions."""
        with np.errstate(over="ignore"):  # the largest float64 need not have a count
            counts = (sclk_s - self.offsets[0]) * self.moduli[1]
        numbers = range(len(self.partition_starts)) if partition is None else [partition - 1]
        bases = self._partition_bases
        encoded = np.full_like(counts, np.nan)
        # Partitions overlap and there are few, so none is searched for. The first that has the
        # reading is written last.
        for number in reversed(numbers):
            start, end = self.partition_starts[number], self.partition_ends[number]
            inside = (counts >= start) & (counts <= end)
            encoded = np.where(inside, counts - start + bases[number], encoded)
        return encoded

    def _utc_ns(self, encoded: NDArray[np.float64]) -> NDArray[np.int64]:
        known = encoded >= self.record_ticks[0]
        ticks = np.where(known, encoded, self.record_ticks[0])
        record = np.searchsorted(self.record_ticks, ticks, side="right") - 1
        past_ns = (ticks - self.record_ticks[record]) * self.ns_per_tick[record]
        known &= np.abs(self.record_ns[record] + past_ns) < _FARTHEST_NS
        past = np.rint(np.where(known, past_ns, 0.0)).astype(np.int64)
        tdb_ns = self.record_ns[record] + past
        if self.time_system == "TT":
            tdb_ns += tdb_minus_tt_ns(tdb_ns)
        return np.where(known, utc_ns_from_tdb_ns(tdb_ns), NAT_NS)

    def _sclk_s(self, utc_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        known = (utc_ns > J2000_NS - _FARTHEST_NS) & (utc_ns < J2000_NS + _FARTHEST_NS)
        time_ns = tdb_ns_from_utc_ns(np.where(known, utc_ns, J2000_NS))
        if self.time_system == "TT":
            time_ns -= tdb_minus_tt_ns(time_ns)
        record = np.maximum(np.searchsorted(self.record_ns, time_ns, side="right") - 1, 0)
        per_tick = self.ns_per_tick[record]
        ticks = self.record_ticks[record] + (time_ns - self.record_ns[record]) / per_tick
        bases = self._partition_bases
        slack = _SLACK_NS / per_tick
        known &= (ticks >= self.record_ticks[0] - slack) & (ticks <= bases[-1] + slack)
        ticks = np.clip(ticks, self.record_ticks[0], bases[-1])
        partition = np.searchsorted(bases[:-1], ticks, side="right") - 1
        counts = ticks - bases[partition] + self.partition_starts[partition]
        return np.where(known, self.offsets[0] + counts / self.moduli[1], np.nan)

    def _readings(self, partition: int | None) -> str:
        """The readings of the partitions, in words."""
        first = 0 if partition is None else partition - 1
        numbers = range(len(self.partition_starts)) if partition is None else [first]
        spans = [
            f"{self.offsets[0] + self.partition_starts[number] / self.moduli[1]:.3f} to "
            f"{self.offsets[0] + self.partition_ends[number] / self.moduli[1]:.3f}"
            for number in numbers[:4]
        ]
        return f"{', '.join(spans)} s, not before the first record"

    def _outside(self, what: str, found: str, expected: str) -> SolbookError:
        return SolbookError(
            f"The kernel of spacecraft {self.spacecraft_id} does not cover this {what}.",
            code="outside_kernel",
            found=found[:80],
            expected=expected,
            help="Check that the kernel belongs to the spacecraft.",
        )

    def _bad_reading(self, text: str, expected: str) -> SolbookError:
        return SolbookError(
            "Not a clock reading of seconds and ticks.",
            code="bad_sclk",
            found=repr(text)[:80],
            expected=expected,
            help="Decimal seconds, as in product ids, are numbers: to_utc(722782785.631).",
        )


class _Kernel:
    """The variables of a text kernel that describe its clock, as numbers."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.variables = _variables(text, name)
        ids = [match[1] for match in map(_DATA_TYPE.fullmatch, self.variables) if match]
        if len(ids) != 1:
            words = text.split(maxsplit=1)[:1] or ["an empty file"]
            found = f"clocks {', '.join(ids)}" if ids else f"no clock, in {words[0][:40]!r}"
            raise _bad_kernel(name, found, "one variable SCLK_DATA_TYPE_…, as in SCLK kernels")
        self.suffix = ids[0]
        self.spacecraft_id = -int(ids[0])

    def numbers(self, variable: str, missing: list[float] | None = None) -> list[float]:
        """The values of a variable of the clock; they are finite."""
        full_name = f"{variable}_{self.suffix}"
        words = self.variables.get(full_name)
        if words is None:
            if missing is None:
                raise _bad_kernel(self.name, f"no {full_name}", "all variables of a type 1 clock")
            return missing
        values = []
        for word in words:
            value = float(word.upper().replace("D", "E")) if _NUMBER.fullmatch(word) else math.nan
            if not math.isfinite(value):
                raise _bad_kernel(self.name, f"{word[:40]} in {full_name}", "numbers alone")
            values.append(value)
        return values

    def whole(self, variable: str, missing: list[float] | None = None) -> list[int]:
        """The same for whole numbers."""
        values = self.numbers(variable, missing)
        if any(value % 1 or abs(value) > _MOST_TICKS for value in values):
            raise _bad_kernel(self.name, f"{variable} {values[:8]}", "whole numbers")
        return [int(value) for value in values]

    def fields(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Moduli and offsets of seconds and ticks."""
        count = self.whole("SCLK01_N_FIELDS")
        moduli = self.whole("SCLK01_MODULI")
        offsets = self.whole("SCLK01_OFFSETS")
        if count != [2]:
            # A clock of sols, hours, minutes, ... would take and give sols for seconds.
            raise _bad_kernel(
                self.name,
                f"{count} fields, of {moduli[:8]}",
                "a clock of two fields, seconds and ticks",
                "LMST kernels are not read; solbook.clock.mission_clock has their numbers.",
            )
        if len(moduli) != 2 or len(offsets) != 2 or min(moduli) < 1 or min(offsets) < 0:
            found = f"moduli {moduli[:8]}, offsets {offsets[:8]}"
            raise _bad_kernel(self.name, found, "two of each, the moduli greater than 0")
        return (moduli[0], moduli[1]), (offsets[0], offsets[1])

    def partitions(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Starts and ends, in ticks of the count."""
        starts = np.array(self.numbers("SCLK_PARTITION_START"))
        ends = np.array(self.numbers("SCLK_PARTITION_END"))
        if not (
            0 < len(starts) == len(ends)
            and np.all((starts >= 0) & (starts < ends))
            and np.sum(ends) <= _MOST_TICKS
        ):
            found = f"starts {starts[:4].tolist()}, ends {ends[:4].tolist()}"
            raise _bad_kernel(self.name, found, "a start and a later end for each partition")
        return starts, ends

    def records(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Ticks, times and rates: clock ticks, s past J2000, seconds in a count."""
        values = self.numbers("SCLK01_COEFFICIENTS")
        if not values or len(values) % 3:
            found = f"{len(values)} values of SCLK01_COEFFICIENTS"
            raise _bad_kernel(self.name, found, "ticks, time and rate for each record")
        ticks, times_s, rates = np.array(values).reshape(-1, 3).T.copy()
        if ticks[0] < 0 or np.any(np.diff(ticks) <= 0) or np.any(np.diff(times_s) <= 0):
            raise _bad_kernel(self.name, "records out of order", "records in order of time")
        if ticks[-1] > _MOST_TICKS or np.max(np.abs(times_s)) >= _FARTHEST_NS / NS_PER_S:
            raise _bad_kernel(self.name, "records of other centuries", "years 1855 to 2145")
        if np.min(rates) < _RATES[0] or np.max(rates) > _RATES[1]:
            found = f"rates from {np.min(rates)} to {np.max(rates)}"
            raise _bad_kernel(self.name, found, "rates of about 1 s in a count")
        return ticks, times_s, rates


def _variables(text: str, name: str) -> dict[str, list[str]]:
    r"""The assignments between `\begindata` and `\begintext`, their values as words."""
    data: list[str] = []
    in_data = False
    for line in text.splitlines():
        mark = line.strip()
        if mark in ("\\begindata", "\\begintext"):
            in_data = mark == "\\begindata"
        elif in_data:
            data.append(line)
    tokens = _TOKEN.findall("\n".join(data))
    variables: dict[str, list[str]] = {}
    at = 0
    while at < len(tokens):
        variable, sign, after = tokens[at], "".join(tokens[at + 1 : at + 2]), at + 3
        values = tokens[at + 2 : after]
        if values == ["("]:
            after = _closing(tokens, at + 3)
            values = tokens[at + 3 : after - 1]
        if sign not in ("=", "+=") or not values or not _SIGNS.isdisjoint([variable, *values]):
            found = " ".join(tokens[at : at + 6])
            raise _bad_kernel(name, found[:80], "assignments: NAME = ( value … )")
        if sign == "=":
            variables[variable] = []
        variables.setdefault(variable, []).extend(values)
        at = after
    return variables


def _closing(tokens: list[str], at: int) -> int:
    """The place after the next closing bracket; `at` itself if there is none."""
    try:
        return tokens.index(")", at) + 1
    except ValueError:
        return at


def _ns(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    # Whole seconds apart from the fraction: the product of the whole with 1e9 would be rounded.
    wholes_s = np.floor(seconds)
    fractions_ns = np.rint((seconds - wholes_s) * NS_PER_S).astype(np.int64)
    return wholes_s.astype(np.int64) * NS_PER_S + fractions_ns


def _bad_kernel(
    name: str,
    found: str,
    expected: str = "a text SCLK kernel (.tsc)",
    help: str = "Take a clock kernel of the mission from NAIF's archive.",  # noqa: A002
) -> SolbookError:
    return SolbookError(
        f"{name} is not a spacecraft clock kernel that can be read.",
        code="bad_kernel",
        found=found,
        expected=expected,
        help=help,
    )
