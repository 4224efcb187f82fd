"""What the things are called that links lead to."""

from __future__ import annotations

from collections.abc import Callable

from solbook.errors import SolbookError
from solbook.missions.events import event
from solbook.missions.facts import MISSIONS, camera
from solbook.missions.places import place
from solbook.missions.samples import sample


def name_of(kind: str, target: str) -> str:
    """A thing's name without its mission's: `Wright Brothers Field`, `257`, `Navcam left`.

    Args:
        kind: What it is: `place`, `sol`, `flight`, `instrument`, …
        target: Which, as links name it: `m2020/wright-brothers-field`.

    Returns:
        Its name in the tables; of what is in none, its part of the target as words.
    """
    mission, _, rest = target.partition("/")
    named = _NAMES.get(kind)
    if named is None:
        return rest or target
    try:
        return named(mission, rest)
    except SolbookError:
        # A link made by hand, or by another Solbook, to something that is not in the tables.
        return " ".join(part[:1].upper() + part[1:] for part in (rest or target).split("-"))


def _mission(mission: str, _rest: str) -> str:
    return MISSIONS[mission].name if mission in MISSIONS else mission


def _camera(mission: str, code: str) -> str:
    facts = camera(mission, code)
    return facts.name if facts else code


_NAMES: dict[str, Callable[[str, str], str]] = {
    "mission": _mission,
    "instrument": _camera,
    "place": lambda mission, name: place(mission, name).name,
    "sample": lambda mission, name: sample(mission, name).name,
    "event": lambda mission, name: event(mission, name).name,
}
