"""An upstream on this machine: real HTTP over a real socket, and every way to misbehave."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is sent back.

    Attributes:
        body: The body; parts of it are sent one by one.
        status: HTTP status.
        headers: Further headers.
        stated_length: `Content-Length`, if not that of the body; without bytes given whole there
            is none and the end of the connection is the end of the body.
        pause_s: Wait before each part.
        reset: Whether the connection is torn down in place of an answer.
    """

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stated_length: int | None = None
    pause_s: float = 0.0
    reset: bool = False


def json_answer(value: object, **rest: Any) -> Answer:
    return Answer(json.dumps(value).encode(), **rest)


Script = Callable[[Asked], Answer]


@dataclass(frozen=True)
class Upstream:
    """A running server: its address, and what it was asked for."""

    url: str
    asked: list[Asked]

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


@contextmanager
def upstream(script: Script) -> Iterator[Upstream]:
    """A server on 127.0.0.1 that answers as a script says."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            request = Asked(
                parts.path,
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                {name.lower(): value for name, value in self.headers.items()},
            )
            asked.append(request)
            # The other side may hang up at any point; that is what some tests are about.
            with suppress(OSError):
                _send(self, script(request))

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Upstream(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        pass


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    handler.close_connection = True
    if answer.reset:
        # Lingering for no time makes the close a reset.
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()
        return
    parts = [answer.body] if isinstance(answer.body, bytes) else answer.body
    length = answer.stated_length
    if length is None and isinstance(answer.body, bytes):
        length = len(answer.body)
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.send_header("Connection", "close")
    handler.end_headers()
    for part in parts:
        time.sleep(answer.pause_s)
        handler.wfile.write(part)
