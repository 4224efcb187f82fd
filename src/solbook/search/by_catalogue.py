"""What the catalogue alone says is related to an item: no index is needed for it."""

from __future__ import annotations

from math import acos, cos, degrees, radians, sin
from typing import Any

import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.frames import THUMBNAIL
from solbook.archive.links import REMOVED, LinkRow, links_of
from solbook.archive.releases import ids_of_names
from solbook.search.evidence import HOUR_NS, Gathered, time_part
from solbook.search.facts import Facts, facts_by_id, facts_of
from solbook.search.reasons import link_words

_ITEMS, _LINKS = schema.ITEMS.c, schema.LINKS.c

# Of those that share a link so many are looked at, the newest in the archive first.
_MOST_LINKED = 40
_BESIDE = 8
# Mast directions this near to each other are one direction.
_SAME_DIRECTION_DEG = 5.0

# An item that leads to the target of a link, and the link's kind: how much that counts.
_SHARED = {
    "frame": "the same frame",
    "release": "the same release",
    "flight": "the same flight",
    "sample": "the same sample",
    "event": "the same event",
    "place": "the same place",
    "sol": "the same sol",
    "date": "the same date",
    "instrument": "the same instrument",
    "mission": "the same mission",
}


def by_exposure(connection: sa.Connection, item: Facts, gathered: Gathered) -> list[Facts]:
    """The frames of the same exposure: the other eye, other tiles; returns all of them."""
    if item.exposure is None:
        return []
    given = {"mission": item.mission, "sol": item.sol, "exposure": item.exposure, "key": item.key}
    found = list(facts_of(connection, connection.execute(_OF_EXPOSURE, given).scalars()).values())
    for other in found:
        if not other.is_thumbnail:
            kind, part, words = _within_exposure(item, other)
            gathered.add(other.key, kind, part, words)
    return found


_OF_EXPOSURE = sa.select(_ITEMS.key).where(
    _ITEMS.mission == sa.bindparam("mission"),
    _ITEMS.sol == sa.bindparam("sol"),
    _ITEMS.exposure == sa.bindparam("exposure"),
    _ITEMS.key != sa.bindparam("key"),
)


def _within_exposure(item: Facts, other: Facts) -> tuple[str, float, str]:
    """What a frame of the same exposure is: kind, part of its weight, words."""
    same_eye = item.instrument == other.instrument
    tile, other_tile = _tile(item), _tile(other)
    if item.is_thumbnail and same_eye:
        return "the frame of a thumbnail", 1.0, "the frame of this thumbnail"
    if tile == other_tile or item.is_thumbnail:
        if same_eye:
            return "another form of the picture", 1.0, "another form of the same picture"
        return "the other eye", 1.0, "the other eye"
    # Tiles are numbered row by row, so the next number is mostly the next tile.
    part = 1.0 - 0.0001 * min(abs(tile - other_tile), 20) - 0.0005 * (not same_eye)
    words = "another tile of the same exposure"
    return "another tile", part, words if same_eye else f"{words}, the other eye"


def _tile(facts: Facts) -> int:
    """Which part of the detector a picture shows, as its name says it; 0 where it does not."""
    product = facts.product
    field = product.camera_field if product is not None else None
    # A tile's number has two digits and a filler; a zoom camera has its focal length there.
    number = (field or "").rstrip("_")
    return int(number) if number.isdigit() else 0


def by_links(connection: sa.Connection, item: Facts, gathered: Gathered) -> None:
    """What shares a link with an item: what it shows, what shows it, what is about the same."""
    own = links_of(connection, item.key)
    for link in own:
        _by_target(connection, item, link, gathered)
        if link.kind == "sol":
            _by_sol(connection, link, gathered)
    shown = [link.target for link in own if link.kind == "frame"]
    for other in facts_by_id(connection, shown):
        gathered.add(other.key, "shows or shown", 1.0, "shown here")
    for key in _named(connection, [link.target for link in own if link.kind == "release"]):
        gathered.add(key, "shows or shown", 1.0, "named here")
    for key in _leading_to(connection, "frame", item.id):
        gathered.add(key, "shows or shown", 1.0, "shows this frame")
    if not item.is_frame:
        for key in _leading_to(connection, "release", item.product_id):
            gathered.add(key, "shows or shown", 1.0, "speaks of this")
    elif item.sol is not None:
        for key in _leading_to(connection, "sol", f"{item.mission}/{item.sol}"):
            gathered.add(key, "the same sol", 1.0, f"about sol {item.sol}")


def _by_sol(connection: sa.Connection, link: LinkRow, gathered: Gathered) -> None:
    """Of a sol that is spoken of, the first frame of each camera."""
    mission, _, sol = link.target.rpartition("/")
    if sol.isdigit():
        for key in connection.execute(_OF_SOL, {"mission": mission, "sol": int(sol)}).scalars():
            gathered.add(key, "the same sol", _OF_ITS_CAMERAS, f"taken on sol {sol}")


# Any of hundreds of frames may be meant; what names the sol as well comes before them.
_OF_ITS_CAMERAS = 0.8
_OF_SOL = (
    sa.select(sa.func.min(_ITEMS.key).label("key"), _ITEMS.instrument)
    .where(
        _ITEMS.mission == sa.bindparam("mission"),
        _ITEMS.sol == sa.bindparam("sol"),
        _ITEMS.sample_type.is_distinct_from(THUMBNAIL),
    )
    .group_by(_ITEMS.instrument)
)


def _by_target(connection: sa.Connection, item: Facts, link: LinkRow, gathered: Gathered) -> None:
    kind = _SHARED.get(link.kind)
    if kind is None:
        return
    words = link_words(link)
    if link.kind == "frame":
        words = "shows the same frame"
    elif link.kind == "release":
        words = f"also speaks of {link.target}"
    for key in _leading_to(connection, link.kind, link.target):
        if key != item.key:
            gathered.add(key, kind, 1.0, words)


def _leading_to(connection: sa.Connection, kind: str, target: str) -> list[int]:
    found = connection.execute(_LEADING_TO, {"kind": kind, "target": target})
    return list(found.scalars())


# Statements are made once: to put one together takes as long as SQLite needs to answer it.
_LEADING_TO = (
    sa.select(_LINKS.item)
    .where(
        _LINKS.kind == sa.bindparam("kind"),
        _LINKS.target == sa.bindparam("target"),
        _LINKS.ruling.is_distinct_from(REMOVED),
    )
    .order_by(_LINKS.item.desc())
    .limit(_MOST_LINKED)
)


def _named(connection: sa.Connection, names: list[str]) -> list[int]:
    """Keys of the releases of some names; their ids begin with one of few sources."""
    if not names:
        return []
    return [facts.key for facts in facts_by_id(connection, ids_of_names(connection, names))]


def by_camera(connection: sa.Connection, item: Facts, gathered: Gathered) -> None:
    """The frames that the same camera took just before and after, on the same sol."""
    timed = item.at_ns is not None
    both, here = (_OF_CAMERA, item.at_ns) if timed else (_OF_CAMERA_BY_NAME, item.product_id)
    for key, at_ns in _beside(connection, item, both, here):
        part = time_part(_apart_ns(item, at_ns), HOUR_NS)
        gathered.add(key, "the same camera", part, "the same camera")


def by_other_cameras(connection: sa.Connection, item: Facts, gathered: Gathered) -> None:
    """Of the same sol, the first frame of each other camera: else a burst may be all there is."""
    if item.is_frame and item.sol is not None:
        for row in connection.execute(_OF_SOL, {"mission": item.mission, "sol": item.sol}):
            if row.instrument != item.instrument:
                gathered.add(row.key, "taken about then", _OF_OTHERS, "another camera")


_OF_OTHERS = 0.5


def by_time(connection: sa.Connection, item: Facts, gathered: Gathered) -> None:
    """The frames that the mission took just before and after, whatever the camera."""
    for key, at_ns in _beside(connection, item, _OF_MISSION, item.at_ns):
        part = time_part(_apart_ns(item, at_ns), HOUR_NS)
        gathered.add(key, "taken about then", part, "the same mission")


_Both = tuple[sa.Select[Any], sa.Select[Any]]


def _before_and_after(order: sa.ColumnElement[Any], *same: sa.ColumnElement[bool]) -> _Both:
    """Keys and times of the frames just before and after one, thumbnails left out."""
    here: sa.BindParameter[Any] = sa.bindparam("here")
    whole = sa.select(_ITEMS.key, _ITEMS.utc_ns).where(
        _ITEMS.mission == sa.bindparam("mission"),
        *same,
        _ITEMS.sample_type.is_distinct_from(THUMBNAIL),
    )
    return (
        whole.where(order <= here).order_by(order.desc(), _ITEMS.key.desc()).limit(_BESIDE),
        whole.where(order > here).order_by(order, _ITEMS.key).limit(_BESIDE),
    )


_OF_MISSION = _before_and_after(_ITEMS.utc_ns)
_SAME_CAMERA = (
    _ITEMS.sol == sa.bindparam("sol"),
    _ITEMS.instrument == sa.bindparam("instrument"),
)
_OF_CAMERA = _before_and_after(_ITEMS.utc_ns, *_SAME_CAMERA)
# The Photos API gives no times; product ids mostly go with them.
_OF_CAMERA_BY_NAME = _before_and_after(_ITEMS.product_id, *_SAME_CAMERA)


def _beside(
    connection: sa.Connection, item: Facts, both: _Both, here: object
) -> list[tuple[int, int | None]]:
    if not item.is_frame or here is None:
        return []
    given = {
        "mission": item.mission,
        "sol": item.sol,
        "instrument": item.instrument,
        "here": here,
    }
    found: list[tuple[int, int | None]] = []
    for statement in both:
        rows = connection.execute(statement, given)
        found += [(row.key, row.utc_ns) for row in rows if row.key != item.key]
    return found


def _apart_ns(item: Facts, at_ns: int | None) -> int | None:
    return None if item.at_ns is None or at_ns is None else at_ns - item.at_ns


def by_direction(connection: sa.Connection, item: Facts, gathered: Gathered) -> None:
    """The frames of the same sol and place whose mast looks the same way.

    For archives without an index: what is in the catalogue is less than a camera model tells.
    """
    if item.mast_az_deg is None or item.mast_el_deg is None or item.site is None:
        return
    rows = connection.execute(
        sa.select(_ITEMS.key, _ITEMS.mast_az_deg, _ITEMS.mast_el_deg, _ITEMS.sample_type).where(
            _ITEMS.mission == item.mission,
            _ITEMS.sol == item.sol,
            _ITEMS.site == item.site,
            _ITEMS.drive == item.drive,
            _ITEMS.mast_az_deg.is_not(None),
            _ITEMS.mast_el_deg.is_not(None),
        )
    )
    for key, azimuth, elevation, sample_type in rows:
        if key == item.key or sample_type == THUMBNAIL:
            continue
        apart = _apart_deg(item.mast_az_deg, item.mast_el_deg, azimuth, elevation)
        if apart <= _SAME_DIRECTION_DEG:
            part = 1 - 0.2 * apart / _SAME_DIRECTION_DEG
            gathered.add(key, "the same direction", part, "the same place and direction")


def _apart_deg(azimuth: float, elevation: float, other_azimuth: float, other: float) -> float:
    """The angle between two directions of the mast."""
    one, two = radians(elevation), radians(other)
    around = cos(radians(azimuth - other_azimuth))
    cosine = sin(one) * sin(two) + cos(one) * cos(two) * around
    return degrees(acos(min(max(cosine, -1.0), 1.0)))
