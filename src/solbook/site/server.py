"""Running the site."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from solbook.archive import Archive
from solbook.errors import SolbookError
from solbook.settings import load_settings
from solbook.site.app import create_app

_ARCHIVE = "SOLBOOK_ARCHIVE"
_NETWORK = "SOLBOOK_NETWORK"


def app_from_environment() -> FastAPI:
    """The site of the archive that `SOLBOOK_ARCHIVE` names; what every worker process runs."""
    return create_app(Archive(Path(os.environ[_ARCHIVE])))


def serve_archive(path: Path, host: str, port: int, workers: int, *, network: bool = True) -> None:
    """Serve an archive until it is told to stop.

    Args:
        path: The archive.
        host: Address to listen on.
        port: Port to listen on.
        workers: Processes that answer.
        network: Whether pictures may be fetched from upstreams.

    """
    os.environ[_ARCHIVE] = str(path)
    if not network:
        os.environ[_NETWORK] = "false"
    uvicorn.run(
        "solbook.site.server:app_from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=list(load_settings(path).trusted_proxies),
    )


def require_free(host: str, port: int) -> None:
    """Make sure a port of this machine can be listened on.

    Raises:
        SolbookError: It cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SolbookError(
                f"Nothing can be served at {host}:{port}.",
                code="port_taken",
                found=error.strerror or str(error),
                expected="an address and a free port of this machine",
                help=f"Choose another port, such as --port {port + 1}, or mend --host.",
            ) from error
