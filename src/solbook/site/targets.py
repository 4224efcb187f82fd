"""What links lead to: how it is called, and where its page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from solbook.archive.frames import find_frame
from solbook.archive.links import LinkRow
from solbook.archive.releases import releases_named
from solbook.errors import SolbookError
from solbook.missions import MISSIONS, camera, event, place, sample
from solbook.site import words
from solbook.site.pages import links

KIND_NAMES = {
    "mission": "Mission",
    "sol": "Sol",
    "date": "Date",
    "place": "Place",
    "flight": "Flight",
    "sample": "Sample",
    "event": "Event",
    "instrument": "Camera",
    "frame": "Frame",
    "release": "Release",
}
"""What links lead to, in the order in which pages say it."""

_FIELD_NAMES = {
    "title": "in the title",
    "caption": "in the caption",
    "body": "in the text",
    "keywords": "in the keywords",
    "location": "in the place that is stated",
    "id": "in its id",
    "missions": "stated by the source",
    "ruling": "added by the keeper of this archive",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to.

    Attributes:
        kind: `Sol`, `Place`, …
        label: What it is called.
        href: Its page; empty where it has none.
        others_href: The list of everything that leads there.
        reason: The words that made the link, and where they stand.
    """

    kind: str
    label: str
    href: str
    others_href: str
    reason: str


def target_of(connection: sa.Connection, link: LinkRow) -> Target:
    """What a link leads to.

    Args:
        connection: A connection of the archive.
        link: The link.
    """
    where = _FIELD_NAMES.get(link.field, link.field)
    return Target(
        kind=KIND_NAMES.get(link.kind, link.kind),
        label=target_label(link.kind, link.target),
        href=_page(connection, link.kind, link.target),
        others_href=links.with_query("/images", about=f"{link.kind}:{link.target}"),
        reason=f"“{link.words}” {where}" if link.words and link.field != "missions" else where,
    )


def targets_of(connection: sa.Connection, found: list[LinkRow]) -> list[Target]:
    """What some links lead to, by kind."""
    order = {kind: place for place, kind in enumerate(KIND_NAMES)}
    ordered = sorted(found, key=lambda link: (order.get(link.kind, len(order)), link.target))
    return [target_of(connection, link) for link in ordered]


def target_label(kind: str, target: str) -> str:
    """What a link leads to, in words: `Perseverance, sol 257`."""
    mission, _, rest = target.partition("/")
    name = MISSIONS[mission].name if mission in MISSIONS else mission
    label = _LABELS.get(kind)
    try:
        return label(name, mission, rest) if label else words.from_slug(rest or target)
    except SolbookError:
        # A link made by hand, or by a newer Solbook, to something that is not in the tables.
        return words.from_slug(rest or target)


def _camera(name: str, mission: str, code: str) -> str:
    facts = camera(mission, code)
    return f"{name}, {facts.name if facts else code}"


def _flight(name: str, mission: str, number: str) -> str:
    craft = next(iter(MISSIONS[mission].parts), name) if mission in MISSIONS else name
    return f"{craft}, flight {number}"


_LABELS: dict[str, Callable[[str, str, str], str]] = {
    "mission": lambda name, _mission, _rest: name,
    "sol": lambda name, _mission, sol: f"{name}, sol {sol}",
    "flight": _flight,
    "place": lambda _name, mission, place_id: place(mission, place_id).name,
    "sample": lambda _name, mission, sample_id: sample(mission, sample_id).name,
    "event": lambda name, mission, event_id: f"{name}: {event(mission, event_id).name}",
    "instrument": _camera,
    "frame": lambda _name, _mission, product_id: product_id,
    # These have no mission before them.
    "date": lambda date, _mission, _rest: date,
    "release": lambda release, _mission, _rest: release,
}


def _page(connection: sa.Connection, kind: str, target: str) -> str:
    mission, _, rest = target.partition("/")
    if kind == "mission" and target in MISSIONS:
        return links.mission_path(target)
    if kind == "sol" and mission in MISSIONS and rest.isdecimal():
        return links.sol_path(mission, int(rest))
    if kind == "instrument" and camera(mission, rest) is not None:
        return links.instrument_path(mission, rest)
    if kind == "frame":
        frame = find_frame(connection, rest, mission)
        return links.frame_path(frame.id) if frame is not None else ""
    if kind == "release":
        named = releases_named(connection, target)
        return links.release_path(named[0].id, named[0].kind) if named else ""
    return ""
