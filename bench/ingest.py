"""Ingest of 200,000 feed records: records a second and memory.

Peer of the same run: the least that any program must do, to decode the same pages and put
every record, as it is, into a SQLite table under its id, a transaction a page.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.generate import write_pages

RECORDS = 200_000
BAR_RECORDS_PER_S = 10_000
BAR_MEMORY_MIB = 400


def main() -> bool:
    """Run it; returns whether the bars are met."""
    with tempfile.TemporaryDirectory() as scratch:
        pages = Path(scratch) / "pages"
        write_pages(pages, RECORDS)
        figures = {}
        for name in ("peer", "solbook"):
            target = Path(scratch) / name
            # What was written before must not be on its way to the disk while a time is taken.
            os.sync()
            done = subprocess.run(
                [sys.executable, "-m", "bench.ingest", name, str(pages), str(target)],
                check=True,
                capture_output=True,
                text=True,
            )
            figures[name] = json.loads(done.stdout)
    for name, figure in figures.items():
        print(
            f"{name:8} {RECORDS / figure['wall_s']:>9,.0f} records/s"
            f"   {figure['cpu_s'] / RECORDS * 1e6:6.1f} µs CPU a record"
            f"   {figure['memory_mib']:5.0f} MiB at most"
        )
    ratio = figures["solbook"]["cpu_s"] / figures["peer"]["cpu_s"]
    print(f"solbook takes {ratio:.1f} times the CPU of the peer")
    solbook = figures["solbook"]
    met = (
        RECORDS / solbook["wall_s"] >= BAR_RECORDS_PER_S and solbook["memory_mib"] < BAR_MEMORY_MIB
    )
    print(
        f"bar: at least {BAR_RECORDS_PER_S:,} records/s and under {BAR_MEMORY_MIB} MiB:"
        f" {'met' if met else 'NOT MET'}"
    )
    return met


def _peer(pages: Path, target: Path) -> None:
    target.mkdir()
    database = sqlite3.connect(target / "peer.sqlite")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute("CREATE TABLE records (id TEXT PRIMARY KEY, record TEXT)")
    for path in sorted(pages.iterdir()):
        rows = [(r["imageid"], json.dumps(r)) for r in json.loads(path.read_bytes())["images"]]
        with database:
            database.executemany("INSERT INTO records VALUES (?, ?)", rows)
    database.close()


def _solbook(pages: Path, target: Path) -> None:
    from solbook.archive import Archive
    from solbook.jobs import ingest
    from solbook.settings import Settings
    from solbook.sources import source_named

    archive = Archive.create(target, Settings(network=False))
    report = ingest(archive, source_named("m2020"), str(pages))
    archive.close()
    if report.tally.new != RECORDS:
        raise SystemExit(f"stored {report.tally.new:,} of {RECORDS:,}")


def _measured(name: str, pages: Path, target: Path) -> None:
    began = time.perf_counter()
    {"peer": _peer, "solbook": _solbook}[name](pages, target)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "wall_s": time.perf_counter() - began,
                "cpu_s": usage.ru_utime + usage.ru_stime,
                "memory_mib": usage.ru_maxrss / 1024,
            }
        )
    )


if __name__ == "__main__":
    if len(sys.argv) == 4:
        _measured(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        raise SystemExit(0 if main() else 1)
