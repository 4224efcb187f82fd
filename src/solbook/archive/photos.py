"""Rows of the Mars Rover Photos API: which frames are photos, under which id and camera."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import schema
from solbook.archive.bulk import BulkSelect, BulkStatement
from solbook.missions import photos_v1
from solbook.records import Frame, RoverStatement

# Ids the retired API gave end near 1.3 million; ours stay clear of them and within 31 bits, which
# some clients assume: room for 20 million frames.
OWN_PHOTO_ID_BASE = 100_000_000
_IDS_PER_FRAME = 100

# Cameras whose id in the retired API nobody recorded get one of ours, clear of its two digits.
_OWN_CAMERA_ID_BASE = 1000

_COUNTED_SAMPLE_TYPES = {
    "m2020": frozenset({"full"}),
    "msl": frozenset({"full", "subframe"}),
}
"""Which frames that API counted as photos (PHOTOS_V1.md)."""

_IMG_SRC_ROLE = {"m2020": "large"}


class Photo(msgspec.Struct, frozen=True):
    """One row of the Photos API."""

    rover_id: int
    sol: int
    camera_id: int
    photo_id: int
    item: int
    version: int
    img_src: str

    @property
    def own(self) -> bool:
        """Whether the id is ours and not one of the retired API."""
        return self.photo_id >= OWN_PHOTO_ID_BASE


class PhotoCamera(msgspec.Struct, frozen=True):
    """A camera of the Photos API."""

    camera_id: int
    rover_id: int
    name: str
    full_name: str


class PhotoWriter:
    """Collects the photos of a page of records and writes them at its end."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.taken: list[tuple[int, Frame]] = []
        self.revised_items: set[int] = set()

    def take_new(self, item: int, frame: Frame) -> None:
        """Note a frame the catalogue did not have."""
        self.taken.append((item, frame))

    def take_revised(self, item: int, frame: Frame) -> None:
        """Note a further record of a frame."""
        self.taken.append((item, frame))
        self.revised_items.add(item)

    def flush(self) -> None:
        """Write what the noted frames change."""
        before = self._load()
        after: dict[int, dict[int, Photo]] = {}
        removed: list[Photo] = []
        added: list[Photo] = []
        cameras: dict[int, PhotoCamera] = {}
        for item, frame in self.taken:
            camera = _camera_of(frame)
            photo = None if camera is None else _photo_of(item, frame, camera)
            if photo is not None and camera is not None:
                cameras[camera.camera_id] = camera
            if item in self.revised_items:
                photos = after.setdefault(item, dict(before.get(item, {})))
                _take_in(photos, frame, photo)
            elif photo is not None:
                added.append(photo)
        for item, photos in after.items():
            were = before.get(item, {})
            removed += [p for p in were.values() if photos.get(p.photo_id) != p]
            added += [p for p in photos.values() if were.get(p.photo_id) != p]
        self._write(removed, added, list(cameras.values()))

    def write_rovers(self, statements: Iterable[RoverStatement]) -> None:
        """Keep what answers state of rovers: the furthest sol, the totals, the manifests."""
        for statement in statements:
            if statement.max_sol is not None:
                self.connection.execute(_STATE_ROVER, _rover_row(statement))
            if statement.manifest:
                self.connection.execute(
                    _STATE_SOL,
                    [
                        {
                            "rover_id": statement.rover_id,
                            "sol": day.sol,
                            "total_photos": day.total_photos,
                            "cameras": "|".join(day.cameras),
                        }
                        for day in statement.manifest
                    ],
                )

    def _load(self) -> dict[int, dict[int, Photo]]:
        found: dict[int, dict[int, Photo]] = {}
        for row in _SELECT_PHOTOS.rows(self.connection, sorted(self.revised_items)):
            photo = Photo(*row)
            found.setdefault(photo.item, {})[photo.photo_id] = photo
        return found

    def _write(
        self, removed: Sequence[Photo], added: Sequence[Photo], cameras: list[PhotoCamera]
    ) -> None:
        # A stated id that had belonged to another frame moves with its newest statement.
        stale = {photo.photo_id for photo in removed}
        stale |= {photo.photo_id for photo in added if not photo.own}
        touched = {(photo.rover_id, photo.sol) for photo in (*removed, *added)}
        gone = [Photo(*row) for row in _SELECT_PHOTO_IDS.rows(self.connection, sorted(stale))]
        touched |= {(photo.rover_id, photo.sol) for photo in gone}
        _DELETE_PHOTOS.execute(self.connection, [(photo.photo_id,) for photo in gone])
        _INSERT_PHOTOS.execute(self.connection, [msgspec.structs.astuple(photo) for photo in added])
        if cameras:
            self.connection.execute(
                _STATE_CAMERA, [msgspec.structs.asdict(camera) for camera in cameras]
            )
        _FORGET_COUNTS.execute(self.connection, sorted(touched))
        _COUNT.execute(self.connection, sorted(touched))


def _camera_of(frame: Frame) -> PhotoCamera | None:
    """The API's camera of a frame, if the frame counts as a photo there."""
    stated = frame.photo
    if stated is not None:
        return PhotoCamera(
            stated.camera_id, stated.rover_id, stated.camera_name, stated.camera_full_name
        )
    if frame.sample_type not in _COUNTED_SAMPLE_TYPES.get(frame.mission, ()):
        return None
    return _own_camera(frame.mission, frame.instrument)


@cache
def _own_camera(mission: str, instrument: str) -> PhotoCamera | None:
    """The API's camera for a feed's code."""
    rover = photos_v1.rover_of(mission)
    camera = rover.camera_for(instrument) if rover else None
    if rover is None or camera is None:
        return None
    camera_id = camera.id
    if camera_id is None:
        camera_id = _OWN_CAMERA_ID_BASE + 100 * rover.id + rover.cameras.index(camera)
    return PhotoCamera(camera_id, rover.id, camera.name, camera.full_name)


def _photo_of(item: int, frame: Frame, camera: PhotoCamera) -> Photo | None:
    """The photo of a frame: as an answer states it, or made from the mission's own feed."""
    if frame.photo is not None:
        photo_id, img_src = frame.photo.photo_id, frame.photo.img_src
    else:
        photo_id = OWN_PHOTO_ID_BASE + _IDS_PER_FRAME * item + frame.version
        role = _IMG_SRC_ROLE.get(frame.mission, "full")
        urls = [asset.url for asset in frame.assets if asset.role == role]
        if not urls:
            return None
        img_src = urls[0]
    return Photo(
        camera.rover_id, frame.sol, camera.camera_id, photo_id, item, frame.version, img_src
    )


def _take_in(photos: dict[int, Photo], frame: Frame, photo: Photo | None) -> None:
    """Take the photo of one more record of a frame in among those the frame has.

    A stated photo takes the place of our own of that version. Of our own there is one, for the
    newest version, and none where that version has a stated one.
    """
    own = [p for p in photos.values() if p.own]
    if frame.photo is not None:
        outdated = [p for p in own if p.version == frame.version]
    elif any(p.version > frame.version for p in own):
        return
    else:
        outdated = own
    for p in outdated:
        del photos[p.photo_id]
    if photo is None:
        return
    if photo.own and any(p.version == photo.version for p in photos.values()):
        return
    photos[photo.photo_id] = photo


def _rover_row(statement: RoverStatement) -> dict[str, Any]:
    return {
        "rover_id": statement.rover_id,
        "max_sol": statement.max_sol,
        "total_photos": statement.total_photos,
        "status": statement.status,
    }


_photo_columns = [schema.PHOTOS.c[name] for name in Photo.__struct_fields__]
_SELECT_PHOTOS = BulkSelect(sa.select(*_photo_columns), schema.PHOTOS.c.item)
_SELECT_PHOTO_IDS = BulkSelect(sa.select(*_photo_columns), schema.PHOTOS.c.photo_id)
_DELETE_PHOTOS = BulkStatement(
    sa.delete(schema.PHOTOS).where(schema.PHOTOS.c.photo_id == sa.bindparam("photo_id")),
    ["photo_id"],
)
_INSERT_PHOTOS = BulkStatement(sa.insert(schema.PHOTOS), Photo.__struct_fields__)

_rover_insert = upsert(schema.PHOTO_STATED_ROVERS)
# Of two statements the later one counts, and a rover's greatest sol only grows.
_STATE_ROVER = _rover_insert.on_conflict_do_update(
    index_elements=["rover_id"],
    set_={
        name: getattr(_rover_insert.excluded, name)
        for name in ("max_sol", "total_photos", "status")
    },
    where=_rover_insert.excluded.max_sol >= schema.PHOTO_STATED_ROVERS.c.max_sol,
)
_sol_insert = upsert(schema.PHOTO_STATED_SOLS)
_STATE_SOL = _sol_insert.on_conflict_do_update(
    index_elements=["rover_id", "sol"],
    set_={name: getattr(_sol_insert.excluded, name) for name in ("total_photos", "cameras")},
    where=_sol_insert.excluded.total_photos >= schema.PHOTO_STATED_SOLS.c.total_photos,
)
_camera_insert = upsert(schema.PHOTO_CAMERAS)
_STATE_CAMERA = _camera_insert.on_conflict_do_update(
    index_elements=["camera_id"],
    set_={name: getattr(_camera_insert.excluded, name) for name in ("name", "full_name")},
)
_counts, _of = schema.PHOTO_COUNTS.c, schema.PHOTOS.c
_FORGET_COUNTS = BulkStatement(
    sa.delete(schema.PHOTO_COUNTS).where(
        _counts.rover_id == sa.bindparam("rover"), _counts.sol == sa.bindparam("sol")
    ),
    ["rover", "sol"],
)
_COUNT = BulkStatement(
    sa.insert(schema.PHOTO_COUNTS).from_select(
        ["rover_id", "sol", "camera_id", "photos"],
        sa.select(_of.rover_id, _of.sol, _of.camera_id, sa.func.count())
        .where(_of.rover_id == sa.bindparam("rover"), _of.sol == sa.bindparam("sol"))
        .group_by(_of.rover_id, _of.sol, _of.camera_id),
    ),
    ["rover", "sol"],
)
