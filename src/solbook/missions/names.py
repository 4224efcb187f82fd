"""What the tables of named things share: names that mean only one thing, and names that do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from solbook.errors import SolbookError
from solbook.missions.facts import mission

_Key = TypeVar("_Key", str, int)
_Row = TypeVar("_Row")

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


def of_mission(rows: Mapping[tuple[str, _Key], _Row], mission_id: str) -> tuple[_Row, ...]:
    """The rows of a mission, in the order of their table.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    known = mission(mission_id)
    return tuple(row for (its, _), row in rows.items() if its == known.id)


def required(
    rows: Mapping[tuple[str, _Key], _Row], mission_id: str, key: _Key, what: str, expected: str
) -> _Row:
    """The row of a mission with a key.

    Args:
        rows: The table.
        mission_id: For example `m2020`.
        key: Of the row.
        what: What a row is, for the error and its code.
        expected: What keys are like.

    Raises:
        SolbookError: `unknown_mission`, or `unknown_` and what a row is if there is none.
    """
    known = mission(mission_id)
    found = rows.get((known.id, key))
    if found is None:
        raise SolbookError(
            f"{known.name} has no such {what}.",
            code=f"unknown_{what}",
            found=str(key)[:80],
            expected=expected,
        )
    return found
