"""Where a page stands among others of one list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a page stands among others.

    Attributes:
        label: `Frames 201 to 400 of 642`.
        before: Address of the page before; empty on the first.
        after: Address of the page after; empty on the last.
    """

    label: str
    before: str
    after: str
