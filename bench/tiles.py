"""Tiles of large pictures over the IIIF Image API, cold and warm, 8 clients; and their pyramids.

Peers of the same run: IIPImage behind lighttpd, from the same pyramids, with the same quality of
JPEG and as many processes; and for making a pyramid the command line of libvips. IIPImage reads no
JPEG, so of that picture, too, it gets the pyramid that Solbook makes. Beside memcached there is no
bar; the figures are shown because warm tiles are what that is for.

Cold: the server was just started and no tile was asked for before; the pyramids are there, and may
be in the system's memory. Warm: the same tiles in the same order again.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from bench.tile_clients import CLIENTS, Load, ask_for
from bench.tile_servers import IIPSRV, WORKERS, Server, iipimage, solbook
from bench.tile_sources import FRAME, PANORAMA, Picture, make_archive
from solbook.archive import Archive
from solbook.archive.frames import best_stored
from solbook.imaging import TILE_PX
from solbook.jobs.enlarge import Original, PictureMaker
from solbook.site.originals import frame_and_assets, original_of

NEEDED = {
    "lighttpd": "lighttpd",
    "memcached": "memcached",
    "vips": "libvips-tools",
    str(IIPSRV): "iipimage-server",
}
WITH_CACHE = "with memcached"
MOST_TILES = 800
# Layers of 512 pixels or less are one tile.
MOST_FACTOR = 128
ROUNDS = 3
BAR_COLD, BAR_WARM = 0.5, 1.0
BAR_MEMORY_MB = 200
BAR_PYRAMID = 1.2

Start = Callable[[], AbstractContextManager[Server]]


def main() -> bool:
    """Run it; returns whether the bars are met."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        archive = make_archive(folder)
        (folder / "images").mkdir()
        stored = {}
        for picture in (PANORAMA, FRAME):
            original = _original(archive, picture)
            stored[picture] = archive.files.path(original.sha256, original.extension)
            pyramid = PictureMaker(archive).opened(original).pyramid
            assert pyramid is not None
            (folder / "images" / f"{picture.product_id}.tif").symlink_to(pyramid.path)
        archive.close()
        met = _compare_servers(folder)
        return _compare_pyramids(stored[PANORAMA], folder) and met


def _original(archive: Archive, picture: Picture) -> Original:
    found = original_of(best_stored(frame_and_assets(archive, f"m2020/{picture.product_id}")[1]))
    assert found is not None
    return found


class Tile(NamedTuple):
    """A tile as viewers ask for it."""

    region: str
    width_px: int
    height_px: int


def tiles_of(picture: Picture) -> list[Tile]:
    """Tiles of every layer, in no order."""
    found = []
    factor = 1
    while factor <= MOST_FACTOR and max(picture.width_px, picture.height_px) >= factor * 160:
        side = TILE_PX * factor
        for y in range(0, picture.height_px, side):
            for x in range(0, picture.width_px, side):
                width, height = min(side, picture.width_px - x), min(side, picture.height_px - y)
                found.append(
                    Tile(f"{x},{y},{width},{height}", -(-width // factor), -(-height // factor))
                )
        factor *= 2
    order = random.Random(5)
    return order.sample(found, min(len(found), MOST_TILES))


def _compare_servers(folder: Path) -> bool:
    contenders: dict[str, Start] = {
        "solbook": lambda: solbook(folder / "archive"),
        "iipimage": lambda: iipimage(folder, memcached=False),
        WITH_CACHE: lambda: iipimage(folder, memcached=True),
    }
    met = True
    peak_mb = 0.0
    print(f"{CLIENTS} clients, {WORKERS} processes a server, {ROUNDS} rounds in turn")
    for picture in (PANORAMA, FRAME):
        tiles = tiles_of(picture)
        rates: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for name, start in contenders.items():
                shutil.rmtree(folder / "archive/derived/tiles", ignore_errors=True)
                with start() as server:
                    paths = [server.path(picture.product_id, *tile) for tile in tiles]
                    for state in ("cold", "warm"):
                        load, cpu_s = _measured(server, paths)
                        rates.setdefault((name, state), []).append(load.tiles / load.wall_s)
                        _print(picture, name, state, load, cpu_s)
                    if name == "solbook":
                        peak_mb = max(peak_mb, server.peak_memory_mb())
        for state, bar in (("cold", BAR_COLD), ("warm", BAR_WARM)):
            ours, theirs, cached = (statistics.median(rates[name, state]) for name in contenders)
            good = ours / theirs >= bar
            met &= good
            print(
                f"{picture.name}, {state}: solbook {ours:,.0f} tiles/s, iipimage {theirs:,.0f}:"
                f" {ours / theirs:.2f} times; bar {bar:g}: {_verdict(good)}"
            )
            print(f"  {WITH_CACHE} {cached:,.0f}: {ours / cached:.2f} times")
    good = peak_mb <= BAR_MEMORY_MB
    print(f"most memory of a worker {peak_mb:.0f} MB; bar {BAR_MEMORY_MB} MB: {_verdict(good)}")
    return met and good


def _measured(server: Server, paths: list[str]) -> tuple[Load, float]:
    """Ask for every path once; what came of it, and what it took of the server's processors."""
    before_s = server.cpu_s()
    load = ask_for(server.port, paths)
    if set(load.statuses) != {200}:
        raise SystemExit(f"not every tile was answered: {load.statuses}")
    return load, server.cpu_s() - before_s


def _print(picture: Picture, name: str, state: str, load: Load, cpu_s: float) -> None:
    waits_ms = [wait * 1000 for wait in load.waits_s]
    print(
        f"  {picture.name:24} {name:14} {state}: {load.tiles / load.wall_s:6,.0f} tiles/s,"
        f" {cpu_s / load.tiles * 1000:5.2f} ms CPU a tile,"
        f" p50 {statistics.median(waits_ms):5.1f} ms,"
        f" p95 {statistics.quantiles(waits_ms, n=20)[18]:5.1f} ms,"
        f" {load.byte_count / load.tiles / 1000:3.0f} kB a tile;"
        f" clients {load.client_cpu_s / load.wall_s:3.0%} of a core",
        flush=True,
    )


def _compare_pyramids(source: Path, folder: Path) -> bool:
    target = folder / "pyramid.tif"
    ours = [sys.executable, "-m", "solbook.jobs.make_pyramid", str(source), str(target)]
    theirs = ["vips", "tiffsave", str(source), str(target), "--tile", "--pyramid"]
    theirs += [
        f"--tile-width={TILE_PX}",
        f"--tile-height={TILE_PX}",
        "--compression=jpeg",
        "--Q=90",
    ]
    took: dict[str, list[tuple[float, float]]] = {"solbook": [], "vips": []}
    for _ in range(ROUNDS):
        for name, command in (("solbook", ours), ("vips", theirs)):
            # What was written before must not be on its way to the disk while a time is taken.
            os.sync()
            took[name].append(_timed(command))
    walls = {name: min(wall for wall, _ in each) for name, each in took.items()}
    cpus = {name: min(cpu for _, cpu in each) for name, each in took.items()}
    for name in took:
        print(f"pyramid of 400 megapixels, {name:8} {walls[name]:5.1f} s, CPU {cpus[name]:5.1f} s")
    ratio = walls["solbook"] / walls["vips"]
    good = ratio <= BAR_PYRAMID
    print(
        f"solbook takes {ratio:.2f} times as long, {cpus['solbook'] / cpus['vips']:.2f} times the"
        f" CPU; bar {BAR_PYRAMID:g}: {_verdict(good)}"
    )
    return good


def _timed(command: list[str]) -> tuple[float, float]:
    """Wall and CPU time of a command, seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began_s = time.perf_counter()
    subprocess.run(command, check=True)
    wall_s = time.perf_counter() - began_s
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _verdict(good: object) -> str:
    return "met" if good else "NOT MET"


if __name__ == "__main__":
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"this benchmark needs: apt-get install {' '.join(missing)}")
    raise SystemExit(0 if main() else 1)
