"""Facts as a list of names and values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a list of facts.

    Attributes:
        name: What it is.
        value: It, as people say it.
        exact: The exact value, a hover away.
        note: A remark under it.
        href: Where it leads.
        is_id: Whether it is an id or a digest: set in one width and selected in one go.
        outside: Whether it leads away from this site.
    """

    name: str
    value: str
    exact: str = ""
    note: str = ""
    href: str = ""
    is_id: bool = False
    outside: bool = False
