"""A million records of the rehearsal without pictures: records a second, written to a stream.

Peer of the same run: the ordinary way, a dictionary for each record, made by `record_of`, and a
page of them written by `json.dumps`.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from solbook.rehearsal.bulk import records_only, write_records_only
from solbook.rehearsal.plan import plan_mission
from solbook.rehearsal.records import PAGE_SIZE, envelope, record_of

RECORDS = 1_000_000
PEER_SOLS = 12
ON_DISK = 200_000
BAR_RECORDS_PER_S = 50_000


def main() -> bool:
    """Run it; returns whether the bar is met."""
    pictures = [
        picture
        for sol in plan_mission(PEER_SOLS, 1, lambda north, east: np.zeros_like(north + east))
        for picture in sol.pictures
    ]

    def ordinary() -> Iterator[bytes]:
        for first in range(0, len(pictures), PAGE_SIZE):
            images = [record_of(picture) for picture in pictures[first : first + PAGE_SIZE]]
            page = {**envelope(first // PAGE_SIZE, len(pictures)), "images": images}
            yield json.dumps(page).encode()

    peer = _rate(len(pictures), ordinary())
    solbook = _rate(RECORDS, records_only(RECORDS, 1))
    print(f"peer     {peer:>9,.0f} records/s, of {len(pictures)}")
    print(f"solbook  {solbook:>9,.0f} records/s, of {RECORDS:,}")
    print(f"solbook is {solbook / peer:.0f} times as fast as the peer")
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        write_records_only(Path(scratch), ON_DISK, 1)
        on_disk = ON_DISK / (time.perf_counter() - began)
    print(f"solbook  {on_disk:>9,.0f} records/s as {ON_DISK // PAGE_SIZE:,} files on disk")
    met = solbook >= BAR_RECORDS_PER_S
    print(f"bar: at least {BAR_RECORDS_PER_S:,} records/s: {'met' if met else 'NOT MET'}")
    return met


def _rate(count: int, pages: Iterator[bytes]) -> float:
    """Records a second, written to a stream that leads nowhere."""
    began = time.perf_counter()
    with Path("/dev/null").open("wb") as stream:
        for page in pages:
            stream.write(page)
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
