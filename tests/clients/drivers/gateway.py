"""Stand in for the retired API's host, for clients in which that host is hard-wired.

Such a client is left as it is and given a proxy, by the environment variables that its HTTP
library honours; the proxy answers for `https://api.nasa.gov` with a certificate made on the spot
and passes every byte on to the server under test. A client may ask for a tunnel (CONNECT) or,
as axios 0.18 does, speak TLS to the proxy at once and send it absolute URLs.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import trustme

HOST = "api.nasa.gov"
TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True)
class Gateway:
    """A running gateway: its address, and the file of the authority to be trusted."""

    port: int
    authority: Path


@contextlib.contextmanager
def gateway(base_url: str, folder: Path) -> Iterator[Gateway]:
    """Run a gateway to the server at `base_url` until the context ends."""
    issuer = trustme.CA()
    authority = folder / "authority.pem"
    issuer.cert_pem.write_to_path(str(authority))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert(HOST).configure_cert(tls)
    target = urlsplit(base_url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = (str(target.hostname), int(target.port or 80))
        threading.Thread(target=accept, args=(listener, tls, server), daemon=True).start()
        yield Gateway(listener.getsockname()[1], authority)


def accept(listener: socket.socket, tls: ssl.SSLContext, server: tuple[str, int]) -> None:
    """Serve each connection in a thread until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, tls, server), daemon=True).start()


def serve(client: socket.socket, tls: ssl.SSLContext, server: tuple[str, int]) -> None:
    """Open the tunnel if one is asked for, end TLS, and carry the bytes both ways."""
    with client, contextlib.suppress(OSError):
        if client.recv(1, socket.MSG_PEEK) != TLS_HANDSHAKE:
            open_tunnel(client)
        with (
            tls.wrap_socket(client, server_side=True) as inside,
            socket.create_connection(server) as outside,
        ):
            threading.Thread(target=carry, args=(inside, outside), daemon=True).start()
            carry(outside, inside)


def open_tunnel(client: socket.socket) -> None:
    """Read a CONNECT request and agree to it; to any other host, break off."""
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        received = client.recv(1)
        if not received:
            raise ConnectionError("the client left before it had asked for a tunnel")
        request += received
    if not request.startswith(f"CONNECT {HOST}:443 ".encode()):
        client.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        raise ConnectionError("only the retired API's host is stood in for")
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")


def carry(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until either side ends."""
    with contextlib.suppress(OSError):
        while received := source.recv(65536):
            sink.sendall(received)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)
