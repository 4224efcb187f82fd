"""What links lead to: how it is called, and where its page is."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from solbook.archive.frames import find_frame
from solbook.archive.links import LinkRow
from solbook.archive.releases import releases_named
from solbook.missions import MISSIONS, camera, name_of
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

# What is known without its mission's name.
_NAMED_ALONE = frozenset({"mission", "place", "sample", "frame"})

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
    mission = MISSIONS.get(target.partition("/")[0])
    name = name_of(kind, target)
    if mission is None or kind in _NAMED_ALONE:
        return name
    if kind == "sol":
        return f"{mission.name}, sol {name}"
    if kind == "flight":
        return f"{next(iter(mission.parts), mission.name)}, flight {name}"
    return f"{mission.name}, {name}"


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
