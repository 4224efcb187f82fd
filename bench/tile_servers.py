"""The servers that `bench.tiles` compares, started on free ports of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

WORKERS = 2
IIPSRV = Path("/usr/lib/iipimage-server/iipsrv.fcgi")
# That of Solbook's pyramids, whose tiles it hands out; see imaging/pyramid.py.
JPEG_QUALITY = 89
# Room for every tile that is asked for.
PEER_CACHE_MIB = 200
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Server(NamedTuple):
    """A server that answers.

    Attributes:
        port: Of this machine.
        pids: Its first processes.
        picture: The path of a picture, but for its product id.
        size: How it wants the width and height of a part.
    """

    port: int
    pids: tuple[int, ...]
    picture: str
    size: str

    def path(self, product_id: str, region: str, width_px: int, height_px: int) -> str:
        """Of a part of a picture."""
        picture = self.picture.format(product_id)
        return f"{picture}/{region}/{self.size.format(width_px, height_px)}/0/default.jpg"

    def cpu_s(self) -> float:
        """What its processes have taken of the processors so far."""
        ticks = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS_PER_S

    def peak_memory_mb(self) -> float:
        """The most that one of its processes has had in memory."""
        return max(_peak_kib(pid) for pid in self._processes()) * 1024 / 1e6

    def _processes(self) -> list[int]:
        return [each for pid in self.pids for each in (pid, *_below(pid))]


@contextmanager
def solbook(archive: Path) -> Iterator[Server]:
    """Solbook, as `solbook serve` runs it."""
    port = _free_port()
    command = [sys.executable, "-m", "solbook", "-a", str(archive), "serve"]
    command += [f"--port={port}", f"--workers={WORKERS}"]
    environment = {**os.environ, "SOLBOOK_NETWORK": "false"}
    with _running(command, environment) as pid:
        _wait_for(port)
        server = Server(port, (pid,), "/iiif/3/m2020:{}", "{},{}")
        # The other worker may still be loading.
        while len([p for p in _below(pid) if _peak_kib(p) > 60_000]) < WORKERS:
            time.sleep(0.1)
        time.sleep(1.0)
        yield server


@contextmanager
def iipimage(folder: Path, *, memcached: bool) -> Iterator[Server]:
    """IIPImage behind lighttpd.

    Args:
        folder: Has the pyramids in `images`; gets the configuration.
        memcached: Whether it has memcached to keep answers in. Its own memory is no help: version
            1.1 never finds a tile of JPEG there.
    """
    port, cache_port = _free_port(), _free_port()
    (folder / "lighttpd.conf").write_text(
        f"""\
server.modules = ("mod_fastcgi")
server.document-root = "{folder / "images"}"
server.bind = "127.0.0.1"
server.port = {port}
server.max-keep-alive-requests = 1000000
fastcgi.server = ("/iiif" => ((
  "socket" => "{folder / "iipsrv.sock"}",
  "check-local" => "disable",
  "min-procs" => {WORKERS},
  "max-procs" => {WORKERS},
  "bin-path" => "{IIPSRV}",
  "bin-environment" => (
    "FILESYSTEM_PREFIX" => "{folder / "images"}/",
    "URI_MAP" => "iiif=>IIIF",
    "JPEG_QUALITY" => "{JPEG_QUALITY}",
    "MAX_IMAGE_CACHE_SIZE" => "{PEER_CACHE_MIB}",
    "MEMCACHED_SERVERS" => "127.0.0.1:{cache_port}",
    "OMP_NUM_THREADS" => "1",
    "CORS" => "*"
  )
)))
"""
    )
    with ExitStack() as running:
        pids = []
        if memcached:
            keeper = ["memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", str(cache_port)]
            keeper += ["-m", str(PEER_CACHE_MIB)]
            pids.append(running.enter_context(_running(keeper, dict(os.environ))))
            _wait_for(cache_port)
        front = ["lighttpd", "-D", "-f", str(folder / "lighttpd.conf")]
        pids.append(running.enter_context(_running(front, dict(os.environ))))
        _wait_for(port)
        # It answers version 2.1; asked for the width alone, as viewers do, it is faster.
        yield Server(port, tuple(pids), "/iiif/{}.tif", "{},")


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("a server did not start within a minute")


def _below(pid: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *_below(child))]


def _peak_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0
