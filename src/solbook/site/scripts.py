"""The scripts: small ES modules of `static/js`, at addresses that have their digests.

No page needs one; they only keep what a page says up to date while it is open.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import NamedTuple

from solbook.site.styles import static_folder


class Script(NamedTuple):
    """A script.

    Attributes:
        name: Its file name.
        text: The JavaScript.
        digest: A short digest of it, for its address and its ETag.
    """

    name: str
    text: str
    digest: str

    @property
    def address(self) -> str:
        """Where it is served; changes when a byte of it does."""
        return f"/static/{self.name}?v={self.digest}"


@cache
def clocks() -> Script:
    """What makes the clocks of `/time` tick."""
    name = "clocks.js"
    text = (static_folder() / "js" / name).read_text(encoding="utf-8")
    return Script(name, text, hashlib.sha256(text.encode()).hexdigest()[:12])
