"""What a process of `derive` runs in place of the real work, to die as poison makes one die."""

from __future__ import annotations

import os
import signal
from typing import Any

from solbook.jobs import derive

POISON = "POISON"
real = derive._derive_some


def derive_some(files: list[Any]) -> list[Any]:
    """Do the work, but for one picture that kills whoever decodes it."""
    if any(POISON in file.frame_id for file in files):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(files)
