"""Bringing the index up to date, on all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

import pyvips

from solbook.archive import Archive
from solbook.search.indexing import IndexReport, build
from solbook.search.work import Described, Work, describe

_KILLED = "the process that decoded it was ended by the system"
# What takes so little is done here: to start processes takes longer.
_FEW = 50
_TOGETHER = 50


def index(
    archive: Archive,
    *,
    rebuild: bool = False,
    workers: int | None = None,
    on_items: Callable[[int, int], None] | None = None,
) -> IndexReport:
    """Bring an archive's index up to date with its catalogue.

    Killed anywhere, it leaves the generation that was there; run again, it begins the new one anew.

    Args:
        archive: The archive.
        rebuild: Whether everything is made again.
        workers: Processes; one for each core if left out.
        on_items: Told how many items are done, of how many.

    Raises:
        SolbookError: Another process is at it (`index_busy`).
    """
    processes = workers or os.cpu_count() or 1
    return build(
        archive, lambda pieces: in_processes(pieces, processes), rebuild=rebuild, on_items=on_items
    )


def in_processes(pieces: Iterable[list[Work]], workers: int) -> Iterator[list[Described]]:
    """Pieces of work, done in processes where there is much of it."""
    rest = iter(pieces)
    first = next(rest, None)
    if first is None:
        return
    if len(first) <= _FEW:
        yield [describe(work) for work in first]
        first = []
    lost: list[Work] = []
    waiting = _parts(_chained(first, rest))
    while True:
        broken = yield from _until_broken(waiting, workers)
        if not broken:
            break
        lost += broken
    # One of those the processes had when one died has killed it; one by one they show which.
    for work in lost:
        if (yield from _until_broken(iter([[work]]), 1)):
            yield [Described(work.key, work.item_id, damage=_KILLED)]


def _chained(first: list[Work], rest: Iterator[list[Work]]) -> Iterator[list[Work]]:
    yield first
    yield from rest


def _parts(pieces: Iterable[list[Work]]) -> Iterator[list[Work]]:
    """Pieces small enough that no process waits long for the last."""
    for piece in pieces:
        for start in range(0, len(piece), _TOGETHER):
            yield piece[start : start + _TOGETHER]


def _until_broken(
    pieces: Iterator[list[Work]], workers: int
) -> Generator[list[Described], None, list[Work]]:
    """Do pieces of work; gives back those that were under way when a process died."""
    ahead = 2 * workers if workers > 1 else 1
    under_way: dict[Future[list[Described]], list[Work]] = {}
    # A copy of a process that has threads, as libvips' are, may never wake.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin) as pool:
        try:
            while True:
                for piece in islice(pieces, ahead - len(under_way)):
                    under_way[pool.submit(_describe_some, piece)] = piece
                if not under_way:
                    return []
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    yield done.result()
                    del under_way[done]
        except BrokenProcessPool:
            return [work for piece in under_way.values() for work in piece]


def _begin() -> None:
    # There is a process for each core, and nothing is read twice.
    pyvips.concurrency_set(1)
    pyvips.cache_set_max(0)


def _describe_some(works: list[Work]) -> list[Described]:
    return [describe(work) for work in works]
