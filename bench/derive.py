"""`solbook derive`: megapixels of originals a second for thumbnails and sizes on all cores.

The peer is `vipsthumbnail`, libvips' own command: it makes the same widths in the same formats of
the same files, all cores at it. It has to decode a file once for each width and format. What
libvips alone takes to decode the files is said as well: nothing that makes pictures is faster.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyvips

from solbook.archive import Archive
from solbook.archive.pictures import ShownFile, shown_files
from solbook.imaging import widths_of
from solbook.jobs import attach_files, ingest
from solbook.jobs.derive import FORMATS, derive
from solbook.rehearsal.plan import PER_SOL_RICH
from solbook.rehearsal.rehearse import rehearse
from solbook.settings import Settings
from solbook.sources import source_named

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SOLS = 30
FRAMES_OF_PEER = 120
BAR_MEGAPIXELS_S = 100.0
PEER = "vipsthumbnail"


def stock(folder: Path) -> Archive:
    """An archive of a rehearsal's frames and of the recorded pixels."""
    rehearsal = folder / "rehearsal"
    rehearse(rehearsal, SOLS, per_sol=PER_SOL_RICH)
    archive = Archive.create(folder / "archive", Settings(network=False))
    ingest(archive, source_named("rehearsal"), str(rehearsal))
    attach_files(archive, rehearsal)
    if SHARED.is_dir():
        ingest(archive, source_named("m2020"), str(SHARED / "01_m2020_feed"))
        ingest(archive, source_named("msl"), str(SHARED / "02_other_feeds"))
        attach_files(archive, SHARED / "03_pixels")
    return archive


def megapixels(files: list[ShownFile]) -> float:
    """How many megapixels they have together."""
    return sum(file.width_px * file.height_px for file in files) / 1e6


def cpu_s() -> float:
    """CPU time of this process and of those it waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def timed(name: str, files: list[ShownFile], run: object) -> tuple[float, float]:
    """Megapixels a second of wall and of CPU time."""
    began_s, began_cpu_s = time.perf_counter(), cpu_s()
    run()  # type: ignore[operator]
    size = megapixels(files)
    wall, cpu = size / (time.perf_counter() - began_s), size / (cpu_s() - began_cpu_s)
    print(f"{name:44} {wall:6.1f} MP/s, {cpu:6.1f} MP for a second of CPU")
    return wall, cpu


def by_peer(archive: Archive, files: list[ShownFile], folder: Path) -> None:
    """The same widths and formats by the command."""

    def make(file: ShownFile) -> None:
        path = archive.files.path(file.sha256, file.extension)
        for width_px in widths_of(file.width_px):
            for form in FORMATS:
                options = "[Q=75,effort=0,strip]" if form == "webp" else "[Q=82,strip]"
                target = folder / f"{file.sha256}-{width_px}.{form}{options}"
                words = [PEER, str(path), "--size", f"{width_px}x>", "-o", str(target)]
                subprocess.run(words, check=True, env={**os.environ, "VIPS_CONCURRENCY": "1"})

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make, files))


def decoded(archive: Archive, files: list[ShownFile]) -> None:
    """Decode the files, and do nothing with them."""
    pyvips.concurrency_set(1)

    def read(file: ShownFile) -> None:
        path = archive.files.path(file.sha256, file.extension)
        pyvips.Image.new_from_file(str(path), access="sequential").copy_memory()

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(read, files))


def main() -> bool:
    """Run it; returns whether the bar is met."""
    if shutil.which(PEER) is None:
        print(f"{PEER} is missing: apt-get install libvips-tools", file=sys.stderr)
        return False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = stock(folder)
        with archive.reading() as connection:
            files = list(shown_files(connection))
        print(f"{len(files):,} files, {megapixels(files):,.0f} megapixels")
        some = files[:: max(len(files) // FRAMES_OF_PEER, 1)]
        (folder / "peer").mkdir()
        _, theirs = timed(PEER, some, lambda: by_peer(archive, some, folder / "peer"))
        timed("libvips, decoding only", some, lambda: decoded(archive, some))
        timed("derive, WebP", files, lambda: derive(archive, formats=("webp",)))
        timed("derive, nothing missing", files, lambda: derive(archive, formats=("webp",)))
        shutil.rmtree(archive.derived_path)
        wall, ours = timed("derive, WebP and JPEG", files, lambda: derive(archive))
        print(f"{ours / theirs:.1f} times {PEER} for a second of CPU")
        archive.close()
    print(f"{wall:.0f} megapixels a second; bar {BAR_MEGAPIXELS_S:g}")
    return wall >= BAR_MEGAPIXELS_S


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
