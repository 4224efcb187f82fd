"""Makes one pyramid in a process of its own: `python -m solbook.jobs.make_pyramid SOURCE TARGET`.

What it takes of memory, some hundred megabytes for a panorama, is given back, and a picture that is
out to do harm harms nobody else.
"""

from __future__ import annotations

import sys
from pathlib import Path

from solbook.imaging import NotAPicture, make_pyramid


def main(source: str, target: str) -> int:
    """Make it; what is wrong with the source is said on standard error."""
    try:
        make_pyramid(Path(source), Path(target))
    except NotAPicture as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
