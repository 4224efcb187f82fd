"""The style sheet: the files of `static/css`, joined once, at an address that has their digest."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

# Later layers win over earlier ones, in whatever order the files are joined.
_LAYERS = "@layer tokens, base, frame, components, paper;\n"


class StyleSheet(NamedTuple):
    """The whole style sheet.

    Attributes:
        text: The CSS.
        digest: A short digest of it, for its address and its ETag.
    """

    text: str
    digest: str

    @property
    def address(self) -> str:
        """Where it is served; changes when a byte of it does."""
        return f"/static/site.css?v={self.digest}"


def static_folder() -> Traversable:
    """The folder of what is served as it is."""
    return files("solbook.site") / "static"


@cache
def style_sheet() -> StyleSheet:
    """The CSS of every component, one file each, joined in the order of their names."""
    sheets = sorted((static_folder() / "css").iterdir(), key=lambda file: file.name)
    text = _LAYERS + "".join(
        file.read_text(encoding="utf-8") for file in sheets if file.name.endswith(".css")
    )
    return StyleSheet(text, hashlib.sha256(text.encode()).hexdigest()[:12])


@cache
def favicon() -> bytes:
    """The mark, as an SVG that follows the reader's colour scheme."""
    return (static_folder() / "favicon.svg").read_bytes()
