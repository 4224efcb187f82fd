"""Clients that ask for tiles, each over one connection that stays open.

All of them run in one thread on raw sockets, so that they take little of the processors that the
servers need; what they take is measured with the rest.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

CLIENTS = 8
TIMEOUT_S = 60.0
_BUFFER = bytearray(1 << 20)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Load:
    """What came of asking for some tiles.

    Attributes:
        tiles: How many were asked for.
        wall_s: How long it took.
        client_cpu_s: What the clients took of the processors.
        byte_count: Of the tiles, without headers.
        statuses: How often each status was answered.
        waits_s: How long each tile took.
    """

    tiles: int
    wall_s: float = 0.0
    client_cpu_s: float = 0.0
    byte_count: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    waits_s: list[float] = field(default_factory=list)


class _Client:
    """One connection, and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked_s = 0.0
        self.status = 0
        self.body_bytes = 0
        self._head = b""
        self._left = -1

    def ask(self, path: str) -> None:
        self._head, self._left = b"", -1
        self.asked_s = time.perf_counter()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def read(self) -> bool:
        """Take what is there; whether that was the end of the answer."""
        got = self.socket.recv_into(_BUFFER)
        if not got:
            raise SystemExit("a server closed a connection in the middle")
        if self._left >= 0:
            self._left -= got
            return self._left <= 0
        self._head += bytes(memoryview(_BUFFER)[:got])
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return False
        found = _LENGTH.search(self._head[: end + 2])
        if found is None:
            raise SystemExit(f"an answer without a length: {self._head[:500]!r}")
        self.status = int(self._head[9:12])
        self.body_bytes = int(found[1])
        self._left = self.body_bytes - (len(self._head) - end - 4)
        return self._left <= 0


def ask_for(port: int, paths: Sequence[str]) -> Load:
    """Ask for every path once; the next client that is free takes the next."""
    load = Load(len(paths))
    left: Iterator[str] = iter(paths)
    with selectors.DefaultSelector() as selector:
        for _ in range(CLIENTS):
            client = _Client(port)
            selector.register(client.socket, selectors.EVENT_READ, client)
        began_s, cpu_s = time.perf_counter(), time.process_time()
        for key in selector.get_map().values():
            key.data.ask(next(left))
        while load.statuses.total() < len(paths):
            ready = selector.select(TIMEOUT_S)
            if not ready:
                raise SystemExit(f"no answer within {TIMEOUT_S:g} s")
            for key, _ in ready:
                client = key.data
                if client.read():
                    load.waits_s.append(time.perf_counter() - client.asked_s)
                    load.statuses[client.status] += 1
                    load.byte_count += client.body_bytes
                    path = next(left, None)
                    if path is not None:
                        client.ask(path)
        load.wall_s = time.perf_counter() - began_s
        load.client_cpu_s = time.process_time() - cpu_s
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return load
