"""Large arrays in pieces, one on each core."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

from numpy.typing import NDArray

Found = TypeVar("Found")

# Long enough to outweigh handing it to a thread; 8 MB, which the last cache holds.
_PIECE = 1_000_000


def by_pieces(run: Callable[[slice], Found], size: int) -> list[Found]:
    """Run something on the pieces of an array.

    Args:
        run: Takes a piece; it should give up Python's lock, as numpy and the compiled loops do.
        size: Length of the array.

    Returns:
        What it gave for each piece, in order.
    """
    pieces = [slice(start, start + _PIECE) for start in range(0, size, _PIECE)]
    if len(pieces) < 2:
        return [run(piece) for piece in pieces]
    return list(_threads().map(run, pieces))


def ends(array: NDArray[Any]) -> tuple[Any, Any]:
    """The least and the greatest of an array of any shape that is not empty."""
    flat = array.reshape(-1)
    found = by_pieces(lambda piece: (flat[piece].min(), flat[piece].max()), flat.size)
    return min(least for least, _ in found), max(greatest for _, greatest in found)


@cache
def _threads() -> ThreadPoolExecutor:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ThreadPoolExecutor(cores, thread_name_prefix="solbook-clock")
