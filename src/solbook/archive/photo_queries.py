"""Reading what the Photos API answers with."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.photos import OWN_PHOTO_ID_BASE

_PHOTOS = schema.PHOTOS.c


class PhotoRow(NamedTuple):
    """A photo as the API gives it, but for the facts of its rover."""

    photo_id: int
    rover_id: int
    sol: int
    camera_id: int
    img_src: str
    camera_name: str
    camera_full_name: str
    status: str | None
    """The rover's status, where an imported answer states one."""


class ManifestDay(msgspec.Struct, frozen=True):
    """A sol of a rover's manifest: how many photos, from which cameras (by name, sorted)."""

    sol: int
    total_photos: int
    cameras: list[str]


class StatedRover(msgspec.Struct, frozen=True):
    """What imported answers state of a rover as a whole."""

    max_sol: int
    total_photos: int
    status: str | None


_CAMERAS = schema.PHOTO_CAMERAS.c
_STATED = schema.PHOTO_STATED_ROVERS.c
_ROW = sa.select(
    _PHOTOS.photo_id,
    _PHOTOS.rover_id,
    _PHOTOS.sol,
    _PHOTOS.camera_id,
    _PHOTOS.img_src,
    _CAMERAS.name,
    _CAMERAS.full_name,
    sa.select(_STATED.status).where(_STATED.rover_id == _PHOTOS.rover_id).scalar_subquery(),
).join_from(schema.PHOTOS, schema.PHOTO_CAMERAS, _PHOTOS.camera_id == _CAMERAS.camera_id)

_OF_SOL = (
    _ROW.where(_PHOTOS.rover_id == sa.bindparam("rover"), _PHOTOS.sol == sa.bindparam("sol"))
    .order_by(_PHOTOS.camera_id, _PHOTOS.photo_id)
    .limit(sa.bindparam("limit"))
    .offset(sa.bindparam("offset"))
)
_OF_SOL_AND_CAMERA = _OF_SOL.where(sa.func.lower(_CAMERAS.name) == sa.bindparam("camera"))


def photos_of_sol(
    connection: sa.Connection,
    rover_id: int,
    sol: int,
    *,
    camera: str | None = None,
    limit: int = -1,
    offset: int = 0,
) -> list[PhotoRow]:
    """The photos of a rover's sol, by camera id, then by photo id.

    Args:
        connection: A connection of the archive.
        rover_id: The rover.
        sol: The sol.
        camera: Only of the camera of this name, in any letter case.
        limit: At most so many; -1 for all.
        offset: After so many.
    """
    values = {"rover": rover_id, "sol": sol, "limit": limit, "offset": offset}
    if camera is None:
        rows = connection.execute(_OF_SOL, values)
    else:
        rows = connection.execute(_OF_SOL_AND_CAMERA, values | {"camera": camera.lower()})
    return [PhotoRow._make(row) for row in rows.all()]


def photo_by_id(connection: sa.Connection, photo_id: int) -> PhotoRow | None:
    """The photo with this id.

    An id of ours stays good when an imported answer has since given the photo its old one.
    """
    row = connection.execute(_ROW.where(_PHOTOS.photo_id == photo_id)).first()
    if row is None and photo_id >= OWN_PHOTO_ID_BASE:
        item, version = divmod(photo_id - OWN_PHOTO_ID_BASE, 100)
        row = connection.execute(
            _ROW.where(_PHOTOS.item == item)
            .order_by((_PHOTOS.version == version).desc(), _PHOTOS.version.desc())
            .limit(1)
        ).first()
    return PhotoRow._make(row) if row else None


def latest_photo_sol(connection: sa.Connection, rover_id: int) -> int | None:
    """The greatest sol of which photos of this rover are held."""
    counts = schema.PHOTO_COUNTS.c
    return connection.execute(
        sa.select(sa.func.max(counts.sol)).where(counts.rover_id == rover_id, counts.photos > 0)
    ).scalar()


def manifest(connection: sa.Connection, rover_id: int, *, stated: bool) -> list[ManifestDay]:
    """The sols of a rover that have photos, ascending.

    Args:
        connection: A connection of the archive.
        rover_id: The rover.
        stated: Whether the manifests of imported answers count too; then a sol has the greater of
            the two totals.
    """
    days: dict[int, tuple[int, set[str]]] = {}
    counts = schema.PHOTO_COUNTS.c
    held = (
        sa.select(counts.sol, counts.photos, _CAMERAS.name)
        .join_from(
            schema.PHOTO_COUNTS, schema.PHOTO_CAMERAS, counts.camera_id == _CAMERAS.camera_id
        )
        .where(counts.rover_id == rover_id)
    )
    for sol, photos, name in connection.execute(held):
        total, cameras = days.get(sol, (0, set()))
        days[sol] = total + photos, cameras | {name}
    if stated:
        table = schema.PHOTO_STATED_SOLS.c
        for sol, photos, names_of_sol in connection.execute(
            sa.select(table.sol, table.total_photos, table.cameras).where(
                table.rover_id == rover_id
            )
        ):
            total, cameras = days.get(sol, (0, set()))
            days[sol] = max(total, photos), cameras | set(filter(None, names_of_sol.split("|")))
    return [
        ManifestDay(sol, total, sorted(cameras)) for sol, (total, cameras) in sorted(days.items())
    ]


def stated_rover(connection: sa.Connection, rover_id: int) -> StatedRover | None:
    """What imported answers state of a rover as a whole."""
    table = schema.PHOTO_STATED_ROVERS.c
    row = connection.execute(
        sa.select(table.max_sol, table.total_photos, table.status).where(table.rover_id == rover_id)
    ).first()
    return StatedRover(row[0] or 0, row[1] or 0, row[2]) if row else None
