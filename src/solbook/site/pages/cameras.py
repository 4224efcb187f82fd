"""Cameras as pages name, group and colour them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from solbook.archive.overview import InstrumentCount
from solbook.missions import camera, cameras
from solbook.site import words
from solbook.site.pages import links

# The group's colour: a class of `static/css/cards.css`.
_HUES = {
    "Navcam": "navcam",
    "Hazcam": "hazcam",
    "ICC": "hazcam",
    "Mastcam-Z": "mast",
    "Mastcam": "mast",
    "Pancam": "mast",
    "SuperCam": "remote",
    "ChemCam": "remote",
    "SHERLOC": "arm",
    "PIXL": "arm",
    "MAHLI": "arm",
    "Microscopic Imager": "arm",
    "IDC": "arm",
    "EDL": "descent",
    "MARDI": "descent",
    "Ingenuity": "flight",
    "Helicopter": "flight",
}
UNKNOWN_GROUP = "Not known to Solbook"


@dataclass(frozen=True, slots=True)
class CameraName:
    """A camera on a page.

    Attributes:
        code: The feed's code.
        name: Its short name; the code where it is not known.
        group: What it is grouped under.
        hue: The class of its group's colour.
        href: Its page.
        order: Its place among the mission's cameras.
    """

    code: str
    name: str
    group: str
    hue: str
    href: str
    order: int


@dataclass(frozen=True, slots=True)
class CameraCount:
    """A camera and what is held of it.

    Attributes:
        camera: The camera.
        held: In words, for example `642 frames`.
        linked: Whether its page has anything to show.
    """

    camera: CameraName
    held: str
    linked: bool


@dataclass(frozen=True, slots=True)
class CameraGroup:
    """Cameras under one heading."""

    name: str
    hue: str
    cameras: list[CameraCount]


def camera_name(mission: str, code: str) -> CameraName:
    """A camera as pages name it."""
    facts = camera(mission, code)
    href = links.instrument_path(mission, code)
    if facts is None:
        return CameraName(code, code, UNKNOWN_GROUP, "other", href, 1 << 16)
    order = next(place for place, c in enumerate(cameras(mission)) if c.code == facts.code)
    return CameraName(code, facts.name, facts.group, _HUES.get(facts.group, "other"), href, order)


def in_order(
    mission: str, counts: Iterable[InstrumentCount]
) -> list[tuple[CameraName, InstrumentCount]]:
    """Counted cameras in the order of the mission's table, unknown ones last."""
    named = [(camera_name(mission, count.instrument), count) for count in counts]
    return sorted(named, key=lambda pair: (pair[0].order, pair[0].code))


def camera_groups(mission: str, counts: Iterable[InstrumentCount]) -> list[CameraGroup]:
    """All cameras of a mission by group: those with frames and those without."""
    held = {count.instrument: count for count in counts}
    listed = {name.code: name for code in held for name in [camera_name(mission, code)]}
    reached = {name.order for name in listed.values()}
    for facts in cameras(mission):
        name = camera_name(mission, facts.code)
        if name.order not in reached:
            listed[facts.code] = name
    groups: dict[str, CameraGroup] = {}
    for name in sorted(listed.values(), key=lambda n: (n.order, n.code)):
        count = held.get(name.code)
        group = groups.setdefault(name.group, CameraGroup(name.group, name.hue, []))
        words_held = words.counted(count.frames, "frame") if count else "none here"
        group.cameras.append(CameraCount(name, words_held, linked=count is not None))
    return list(groups.values())


def group_totals(mission: str, counts: Iterable[InstrumentCount]) -> str:
    """What a sol holds in one line: `Navcam 48 · Mastcam-Z 112`; thumbnails are not counted."""
    totals: dict[str, int] = {}
    for name, count in in_order(mission, counts):
        totals[name.group] = totals.get(name.group, 0) + count.frames - count.thumbnails
    return " · ".join(f"{group} {words.number(total)}" for group, total in totals.items() if total)
