"""What tells simulated records from those of cameras on Mars: their files' host and their credit.

Both are in every record of a simulated mission and in none of a real one, so that neither can pass
for the other.
"""

from __future__ import annotations

import re

SIMULATED_HOST = "rehearsal.invalid"
"""Where simulated records say their files are; no network resolves a name in `.invalid`."""

SIMULATED_WORD = "simulated"
"""What the credit of every simulated record says."""

_ADDRESS = re.compile(rf"https?://{re.escape(SIMULATED_HOST)}(?![\w.-])", re.IGNORECASE)
_WORD = re.compile(rf"\b{SIMULATED_WORD}\b", re.IGNORECASE)


def is_simulated_address(address: str) -> bool:
    """Whether an address is one of a simulated record, which leads nowhere."""
    return _ADDRESS.match(address) is not None


def credits_simulation(credit: str) -> bool:
    """Whether a credit line says that the picture is simulated."""
    return SIMULATED_WORD in credit.lower() and _WORD.search(credit) is not None
