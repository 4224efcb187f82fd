"""Running the kernels: on one number, on arrays with numpy, on large arrays compiled by numba.

numba takes half a second to import and, once on a machine, some seconds to compile; numpy takes
nothing and does some ten million times a second. So one number runs as plain Python, an array with
numpy, and a large array compiled, a piece on each core.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from types import FunctionType
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from solbook.clock import kernels
from solbook.clock.ephemeris import Table
from solbook.clock.leap_seconds import leap_seconds
from solbook.clock.limits import NAT_NS
from solbook.clock.pieces import by_pieces

Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

# Times from which compiled code is worth its import, and from which it is when it is there.
COMPILED_FROM = 4_000_000
COMPILED_FROM_WHEN_LOADED = 50_000
# Pieces of this many times stay in the processor's cache.
_NUMPY_PIECE = 16_384

FROM_SITE = ("elevation_deg", "azimuth_deg")
"""Kernels that take what `kernels.over_mars` gives."""

_NUMPY_PRIMITIVES: dict[str, Any] = {
    "asin": np.arcsin,
    "atan2": np.arctan2,
    "cos": np.cos,
    "floor": np.floor,
    "greatest": np.maximum,
    "least": np.minimum,
    "nearest": lambda x: np.rint(x).astype(np.int64),
    "real": lambda x: np.asarray(x, dtype=np.float64),
    "sin": np.sin,
    "sqrt": np.sqrt,
    "whole": lambda x: np.floor(x).astype(np.int64),
}


def rebound(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    """The same function, with other functions behind the names it uses."""
    copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
    copy.__qualname__ = function.__qualname__
    copy.__module__ = function.__module__
    return copy


def kernel_functions() -> dict[str, FunctionType]:
    """The kernels by name, in the order in which they need each other."""
    return {
        name: function
        for name, function in vars(kernels).items()
        if isinstance(function, FunctionType) and name not in kernels.PRIMITIVES
    }


@cache
def in_numpy() -> dict[str, Any]:
    """The kernels by name, for arrays."""
    names: dict[str, Any] = {**vars(kernels), **_NUMPY_PRIMITIVES}
    for name, function in kernel_functions().items():
        names[name] = rebound(function, names)
    return names


@cache
def leap_table() -> tuple[int, Int64s, Int64s]:
    """Leap seconds as `kernels.tt_ns` reads them.

    Returns:
        `(first_ns, steps_ns, offsets_ns)`: the UTC at which the stretches of 2^53 ns begin; the UTC
        of the first step that has not come when a stretch begins, and a time that never comes; for
        each stretch what makes TT past J2000 of UTC before that step and after it.
    """
    seconds = leap_seconds()
    stretch_ns = 1 << kernels.LEAP_SHIFT
    first_ns = int(seconds.utc_ns_array[0]) - stretch_ns
    count = (int(seconds.utc_ns_array[-1]) - first_ns) // stretch_ns + 2
    begins = first_ns + stretch_ns * np.arange(count)
    before = np.searchsorted(seconds.utc_ns_array, begins, side="right")
    steps_ns = np.append(seconds.utc_ns_array, np.iinfo(np.int64).max)
    offsets_ns = seconds.offset_ns_array + (kernels.TT_MINUS_TAI_NS - kernels.J2000_NS)
    after = np.minimum(before + 1, len(offsets_ns) - 1)
    return first_ns, steps_ns[before], offsets_ns[np.stack([before, after], axis=-1)].reshape(-1)


@cache
def leap_lists() -> tuple[int, list[int], list[int]]:
    """`leap_table` for plain Python, which reads lists ten times as fast."""
    first_ns, steps_ns, offsets_ns = leap_table()
    return first_ns, steps_ns.tolist(), offsets_ns.tolist()


@overload
def evaluate(kernel: str, utc_ns: int, *arguments: Any) -> float: ...
@overload
def evaluate(kernel: str, utc_ns: Int64s, *arguments: Any) -> Floats: ...
def evaluate(kernel: str, utc_ns: int | Int64s, *arguments: Any) -> float | Floats:
    """A kernel at one time or at many.

    Args:
        kernel: Its name; it takes the time, the leap seconds and the arguments.
        utc_ns: A number or any shape, int64. UTC, ns since 1970-01-01 (POSIX), within the tables.
        arguments: Tables, and numbers or arrays that go with the times.

    Returns:
        A float or float64 of the same shape; NaN where there is no time.
    """
    if isinstance(utc_ns, int) and _are_numbers(arguments):
        if utc_ns == NAT_NS:
            return np.nan
        return float(getattr(kernels, kernel)(utc_ns, leap_lists(), *map(_rows, arguments)))
    return _on_arrays([kernel], np.asarray(utc_ns), arguments, ())[0]


def look(
    kernels_: Sequence[str], utc_ns: int | Int64s, over_mars: Sequence[Any], site: Sequence[Any]
) -> tuple[Any, ...]:
    """Kernels that look at a body from a site.

    Args:
        kernels_: Some of `FROM_SITE`.
        utc_ns: As for `evaluate`.
        over_mars: What `kernels.over_mars` takes after the leap seconds.
        site: What `kernels.from_site` takes as `site`.

    Returns:
        As `evaluate`, for each kernel.
    """
    if isinstance(utc_ns, int) and _are_numbers((*over_mars, *site)):
        if utc_ns == NAT_NS:
            return (np.nan,) * len(kernels_)
        stands = kernels.over_mars(utc_ns, leap_lists(), *map(_rows, over_mars))
        return tuple(float(getattr(kernels, kernel)(*stands, tuple(site))) for kernel in kernels_)
    return _on_arrays(kernels_, np.asarray(utc_ns), tuple(over_mars), tuple(site))


@overload
def sols_of(utc_ns: int, *clock: Any) -> tuple[int, float]: ...
@overload
def sols_of(utc_ns: Int64s, *clock: Any) -> tuple[Int64s, Floats]: ...
def sols_of(utc_ns: int | Int64s, *clock: Any) -> tuple[int, float] | tuple[Int64s, Floats]:
    """Sols and local times.

    Args:
        utc_ns: A number or any shape, int64; any year.
        clock: What `kernels.sol_and_rest` takes after the time.

    Returns:
        Sols and local seconds, of the same shape; `NAT_NS` and NaN where there is no time.
    """
    if isinstance(utc_ns, int):
        if utc_ns == NAT_NS:
            return NAT_NS, np.nan
        tt = kernels.tt_ns(utc_ns, leap_lists())
        sol, local_s = kernels.sol_and_rest(tt, kernels.tdb_term_ns(tt), *clock)
        return sol, local_s
    times = np.ascontiguousarray(utc_ns).reshape(-1)
    sols, rests = np.empty(times.shape, dtype=np.int64), np.empty(times.shape)
    if times.size >= _compiled_from():
        _run_compiled("sol_and_rest", times, (sols, rests), clock, ())
    else:
        functions = in_numpy()
        missing = times == NAT_NS
        tt = functions["tt_ns"](np.where(missing, 0, times), leap_table())
        found = functions["sol_and_rest"](tt, functions["tdb_term_ns"](tt), *clock)
        sols[:] = np.where(missing, NAT_NS, found[0])
        rests[:] = np.where(missing, np.nan, found[1])
    return sols.reshape(utc_ns.shape), rests.reshape(utc_ns.shape)


def look_from(kernel: str, stands: Sequence[Any], site: Sequence[Any]) -> Any:
    """As `look`, for bodies whose place over Mars is known: arrays of what `over_mars` gives."""
    return in_numpy()[kernel](*stands, tuple(site))


def _are_numbers(arguments: Sequence[Any]) -> bool:
    """Whether no argument is an array of its own."""
    return not any(isinstance(argument, np.ndarray | list | tuple) for argument in arguments)


def _rows(argument: Any) -> Any:
    return argument.rows if isinstance(argument, Table) else argument


def _array(argument: Any) -> Any:
    return argument.array if isinstance(argument, Table) else argument


def _on_arrays(
    names: Sequence[str], utc_ns: Int64s, arguments: tuple[Any, ...], site: tuple[Any, ...]
) -> tuple[Floats, ...]:
    given = [np.shape(_plain(argument)) for argument in (*arguments, *site)]
    shape = np.broadcast_shapes(utc_ns.shape, *given)
    times = np.ascontiguousarray(np.broadcast_to(utc_ns, shape)).reshape(-1)
    found = tuple(np.empty(times.shape) for _ in names)
    if not any(given) and times.size >= _compiled_from():
        for name, out in zip(names, found, strict=True):
            _run_compiled(name, times, out, arguments, site)
    else:
        flat = [_flat(argument, shape) for argument in arguments]
        _run_numpy(names, times, found, flat, [_flat(argument, shape) for argument in site])
    return tuple(out.reshape(shape) for out in found)


def _plain(argument: Any) -> Any:
    """An argument as far as its shape matters: a table goes with any."""
    return 0.0 if isinstance(argument, Table) else argument


def _flat(argument: Any, shape: tuple[int, ...]) -> Any:
    if isinstance(argument, Table) or np.ndim(argument) == 0:
        return argument
    return np.broadcast_to(argument, shape).reshape(-1)


def _piece(argument: Any, piece: slice) -> Any:
    if isinstance(argument, Table):
        return argument.array
    return argument[piece] if np.ndim(argument) else argument


def _run_numpy(
    names: Sequence[str],
    times: Int64s,
    found: Sequence[Floats],
    arguments: Sequence[Any],
    site: Sequence[Any],
) -> None:
    functions = in_numpy()
    leap = leap_table()
    for start in range(0, times.size, _NUMPY_PIECE):
        piece = slice(start, start + _NUMPY_PIECE)
        missing = times[piece] == NAT_NS
        utc_ns = np.where(missing, 0, times[piece])
        given = [_piece(a, piece) for a in arguments]
        if site:
            ground = tuple(_piece(part, piece) for part in site)
            stands = functions["over_mars"](utc_ns, leap, *given)
            values = [functions[name](*stands, ground) for name in names]
        else:
            values = [functions[name](utc_ns, leap, *given) for name in names]
        for out, value in zip(found, values, strict=True):
            out[piece] = np.where(missing, np.nan, value)


def _compiled_from() -> int:
    loaded = "solbook.clock.compiled" in sys.modules
    return COMPILED_FROM_WHEN_LOADED if loaded else COMPILED_FROM


def _run_compiled(
    kernel: str,
    times: Int64s,
    found: Any,
    arguments: Sequence[Any],
    site: tuple[Any, ...],
) -> None:
    from solbook.clock.compiled import loop  # noqa: PLC0415  (half a second)

    given = [_array(a) for a in arguments]
    run = loop(kernel)
    rest = (leap_table(), *given, *((site,) if site else ()))

    def run_piece(piece: slice) -> None:
        out = tuple(part[piece] for part in found) if isinstance(found, tuple) else found[piece]
        run(times[piece], out, *rest)

    # What is compiled is compiled here, and not by every thread.
    run_piece(slice(0, 1))
    by_pieces(run_piece, times.size)
