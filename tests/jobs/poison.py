"""What a process of `derive` or `index` runs in place of the real work, to die of it."""

from __future__ import annotations

import os
import signal
from typing import Any

from solbook.jobs import derive, index

POISON = "POISON"
real = derive._derive_some


def derive_some(files: list[Any]) -> list[Any]:
    """Do the work, but for one picture that kills whoever decodes it."""
    if any(POISON in file.frame_id for file in files):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(files)


real_describe = index._describe_some


def describe_some(works: list[Any]) -> list[Any]:
    """Describe items, but for one that kills whoever does."""
    if any(POISON in work.item_id for work in works):
        os.kill(os.getpid(), signal.SIGKILL)
    return real_describe(works)
