"""Parsing saved pages in a process of its own, while this one writes those before."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import connection
from pathlib import Path

import msgspec

from solbook.errors import SolbookError
from solbook.records import SourcePage
from solbook.sources import SOURCES, SavedFile, Source, page_of_file, parse_in_turn

# A process takes half a second to start; fewer files are parsed sooner without one.
_WORTH_A_PROCESS = 100
_AHEAD = 6


def parse_ahead(source: Source, files: Iterable[SavedFile]) -> Iterator[SourcePage]:
    """The pages of saved files in their order; many files are parsed in a second process.

    Parsing and writing take about as long as each other and both hold Python's lock, so that two
    cores are used only by two processes (bench/ingest.py).
    """
    rest = iter(files)
    first = list(islice(rest, _WORTH_A_PROCESS))
    if len(first) < _WORTH_A_PROCESS:
        yield from parse_in_turn(source, first)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, initializer=_end_with_parent) as pool:
        waiting: deque[Future[bytes]] = deque()
        for path, body in chain(first, rest):
            waiting.append(pool.submit(_parse, source.name, path, body))
            if len(waiting) > _AHEAD:
                yield _page(waiting.popleft())
        while waiting:
            yield _page(waiting.popleft())


def _page(parsed: Future[bytes]) -> SourcePage:
    return msgspec.msgpack.decode(parsed.result(), type=SourcePage)


def _parse(source: str, path: Path, body: bytes | SolbookError) -> bytes:
    # Packed by msgspec a page travels three times as fast as pickled.
    return msgspec.msgpack.encode(page_of_file(SOURCES[source], path, body))


def _end_with_parent() -> None:
    """End this process when its parent is killed, which tells it nothing."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101  (this runs in a child only)

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
