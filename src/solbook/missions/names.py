"""What the tables of named things share: names that mean only one thing, and names that do not."""

from __future__ import annotations

from typing import Literal

Ambiguity = Literal["none", "shared", "common"]
"""What else a name may mean.

* `none`: it names this and nothing else
* `shared`: other things bear it too, such as a park on Earth; it needs the mission beside it
* `common`: it is also a word or a first name; it needs a word of the field beside it as well
"""


def ambiguity(cell: str) -> Ambiguity:
    """Read a cell of the column `ambiguity`; a blank is a name of one thing only."""
    match cell:
        case "shared":
            return "shared"
        case "common":
            return "common"
    return "none"


def several(cell: str) -> tuple[str, ...]:
    """Read a cell that holds any number of words or phrases, with `|` between them."""
    return tuple(cell.split("|")) if cell else ()


def number(cell: str) -> float | None:
    """Read a cell with a number; a blank is an unknown one."""
    return float(cell) if cell else None


def whole(cell: str) -> int | None:
    """Read a cell with a whole number; a blank is an unknown one."""
    return int(cell) if cell else None
