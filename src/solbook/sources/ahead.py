"""Reading ahead: a second process reads and parses saved pages while this one writes them.

Parsing and writing take about as long as each other and both hold Python's lock, so that two cores
are used only by two processes (bench/ingest.py).
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from solbook.errors import SolbookError
from solbook.records import SourcePage
from solbook.settings import Settings
from solbook.sources.base import Source
from solbook.sources.reader import SOURCES, page_paths, read, read_folder

# A process takes most of a second to start, in which this one reads and writes some pages itself;
# fewer files are read sooner without one.
_READ_MEANWHILE = 60
_WORTH_A_PROCESS = 120
# Pages the other process may be ahead: enough for the writer never to wait.
_AHEAD = 8
_PIPE_BYTES = 1 << 20


class _End(msgspec.Struct, tag=True):
    """The last message: what was passed over, and why reading broke off, if it did."""

    passed_over: list[str]
    error: dict[str, str] | None = None


class _Page(msgspec.Struct, tag=True):
    page: SourcePage


_MESSAGE = msgspec.msgpack.Decoder(_Page | _End)


def read_ahead(
    source: Source, where: str, settings: Settings, passed_over: list[Path]
) -> Iterator[SourcePage]:
    """The same pages as `solbook.sources.read`; a folder of many files is read in a process.

    Args:
        source: Which upstream.
        where: An address, a saved page or a folder.
        settings: Limits and the network switch.
        passed_over: Gets the files of a folder that are not of this source.

    Raises:
        SolbookError: Nothing can be read there, or the other process was ended.
    """
    paths = page_paths(source, Path(where)) if Path(where).is_dir() else []
    if len(paths) < _WORTH_A_PROCESS:
        yield from read(source, where, settings, passed_over)
        return
    meanwhile = paths[:_READ_MEANWHILE]
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    _widen(sender)
    process = spawn.Process(
        target=_read_and_send,
        args=(sender, source.name, where, meanwhile[-1], settings.model_dump()),
        name="solbook-read-ahead",
        daemon=True,
    )
    process.start()
    # Only the other process may hold the sending end, so that its end is seen here.
    sender.close()
    try:
        yield from read_folder(source, meanwhile, settings, passed_over)
        end = yield from _received(receiver, where)
    finally:
        # A reader that is not done finds nobody to write to.
        receiver.close()
        process.terminate()
        process.join()
    passed_over.extend(Path(path) for path in end.passed_over)
    if end.error is not None:
        raise SolbookError(end.error.pop("message"), **end.error)


def _widen(pipe: Connection) -> None:
    """Make room for a whole page in a pipe; in 64 KiB pieces both processes would wait in turn."""
    # Only Linux has this, and it may give a user less: then pages just take longer.
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415  (not on every system)

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _received(receiver: Connection, where: str) -> Generator[SourcePage, None, _End]:
    while True:
        try:
            message = _MESSAGE.decode(receiver.recv_bytes())
        except EOFError:
            raise SolbookError(
                f"Reading {where} broke off.",
                code="reader_ended",
                found="the process that reads ahead was ended",
                expected="all its pages",
                help="Run the command again; what was stored is kept.",
            ) from None
        if isinstance(message, _End):
            return message
        yield message.page


def _read_and_send(
    sender: Connection, source: str, where: str, after: Path, settings: dict[str, Any]
) -> None:
    """What the other process does: read the files after one, parse them, send their pages.

    A thread of its own does the sending.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    # Records hold no cycles; looking for some takes a fifth of the time.
    gc.disable()
    # A page goes through the pipe in several pieces, and the sending thread must not wait the
    # usual 5 ms for its turn before each.
    sys.setswitchinterval(0.0002)
    messages: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
    sending = threading.Thread(target=_send, args=(sender, messages), daemon=True)
    sending.start()
    passed_over: list[Path] = []
    error = None
    try:
        paths = [path for path in page_paths(SOURCES[source], Path(where)) if path > after]
        for page in read_folder(SOURCES[source], paths, Settings(**settings), passed_over):
            messages.put(msgspec.msgpack.encode(_Page(page)))
    except SolbookError as raised:
        error = raised.as_dict()
    messages.put(msgspec.msgpack.encode(_End([str(path) for path in passed_over], error)))
    messages.put(None)
    sending.join()


def _send(sender: Connection, messages: queue.Queue[bytes | None]) -> None:
    while (message := messages.get()) is not None:
        try:
            sender.send_bytes(message)
        except OSError:
            # Nobody reads any more: the parent is gone or has given up.
            os._exit(1)
    sender.close()
