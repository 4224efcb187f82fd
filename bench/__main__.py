"""`make bench`: every benchmark, one after the other."""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = (
    "clock",
    "ingest",
    "photos",
    "rehearsal_records",
    "rehearsal_frames",
    "tiles",
    "derive",
    "related",
)


def main() -> int:
    """Run them all; 1 if a bar is not met."""
    failed = 0
    for name in BENCHMARKS:
        print(f"== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    return int(failed != 0)


if __name__ == "__main__":
    raise SystemExit(main())
