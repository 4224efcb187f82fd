"""Reading frames: one by its id, the frames of a sol or an instrument, and their neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.blocks import BlockPlace
from solbook.archive.pictures import ROLES
from solbook.missions import MISSIONS, real_missions
from solbook.records import frame_id, parse_product_id

_ITEMS = schema.ITEMS.c
_ASSETS = schema.ASSETS.c

FRAME = "frame"
"""The kind of item a frame is. Others have no sol and no time of reception."""

THUMBNAIL = "thumbnail"

_Place = tuple[int, int, str]
"""Which file of which frame: the frame's key, the version, the role."""


class FrameRow(msgspec.Struct, frozen=True):
    """A frame as the catalogue has it; the fields are those of `solbook.records.Frame`."""

    key: int
    id: str
    mission: str
    product_id: str
    version: int
    source: str
    sol: int
    instrument: str
    sample_type: str | None
    utc_ns: int | None
    utc_source: str | None
    lmst_s: float | None
    lmst_source: str | None
    ltst_s: float | None
    ls_deg: float | None
    sun_az_deg: float | None
    sun_el_deg: float | None
    sun_site: str | None
    upstream_utc_ns: int | None
    received_ns: int | None
    title: str | None
    caption: str | None
    credit: str | None
    width_px: int | None
    height_px: int | None
    site: int | None
    drive: int | None
    mast_az_deg: float | None
    mast_el_deg: float | None
    sclk_s: float | None
    filter_name: str | None
    scale_factor: float | None
    subframe: str | None
    exposure: str | None
    page_url: str | None
    flags: str | None
    first_seen_ns: int
    changed_ns: int

    @property
    def sun_is_up(self) -> bool | None:
        """Whether the Sun's centre was above the horizon; `None` where its place is not known."""
        return None if self.sun_el_deg is None else self.sun_el_deg > 0.0

    @property
    def flag_list(self) -> list[str]:
        """What a reader should know: unknown camera, unreadable value, new field."""
        return msgspec.json.decode(self.flags, type=list[str]) if self.flags else []


class AssetRow(msgspec.Struct, frozen=True):
    """A file of a frame: where the upstream has it, and what is stored here."""

    item: int
    version: int
    role: str
    url: str | None
    sha256: str | None
    stored_ns: int | None
    failed_ns: int | None
    failure: str | None
    extension: str | None
    media_type: str | None
    byte_count: int | None
    width_px: int | None
    height_px: int | None
    thumbhash: str | None
    damage: str | None


class UpstreamRow(msgspec.Struct, frozen=True):
    """One form of one upstream record."""

    source: str
    upstream_id: str
    seen_ns: int
    superseded_ns: int | None
    received: bytes

    def record(self) -> Any:
        """The record as received, decoded."""
        return msgspec.json.decode(self.received)


_FRAME_COLUMNS = tuple(_ITEMS[name] for name in FrameRow.__struct_fields__)
_STORED_FIELDS = AssetRow.__struct_fields__[AssetRow.__struct_fields__.index("sha256") :]
_STORED_COLUMNS = tuple(
    (_ASSETS if name in _ASSETS else schema.FILES.c)[name] for name in _STORED_FIELDS
)
_NOTHING_STORED: list[Any] = [None] * len(_STORED_FIELDS)
_URLS = msgspec.json.Decoder(dict[str, str])
_ROLE_ORDER = {role: place for place, role in enumerate(ROLES)}


def frame_by_id(connection: sa.Connection, identity: str) -> FrameRow | None:
    """The frame with this public id, `mission/product_id`."""
    row = connection.execute(
        sa.select(*_FRAME_COLUMNS).where(_ITEMS.id == identity, _ITEMS.kind == FRAME)
    ).first()
    return FrameRow(*row) if row else None


def frames_by_id(connection: sa.Connection, identities: Iterable[str]) -> dict[str, FrameRow]:
    """The frames with these public ids, by id; ids of nothing are passed over."""
    rows = connection.execute(
        sa.select(*_FRAME_COLUMNS).where(_ITEMS.id.in_(list(identities)), _ITEMS.kind == "frame")
    )
    return {frame.id: frame for frame in (FrameRow(*row) for row in rows)}


def find_frame(
    connection: sa.Connection, product_id: str, mission: str | None = None
) -> FrameRow | None:
    """The frame of a product id, given with or without its version.

    Args:
        connection: A connection of the archive.
        product_id: For example the stem of a file name.
        mission: Where to look; every mission if left out, and then a name that frames of several
            have is nobody's.
    """
    missions = [mission] if mission else list(MISSIONS)
    name = parse_product_id(product_id)
    names = {product_id, name.base} if name else {product_id}
    rows = connection.execute(
        sa.select(*_FRAME_COLUMNS).where(
            _ITEMS.id.in_([frame_id(m, n) for m in missions for n in sorted(names)]),
            _ITEMS.kind == FRAME,
        )
    )
    found = [FrameRow(*row) for row in rows]
    return found[0] if len({frame.mission for frame in found}) == 1 else None


def assets_of(connection: sa.Connection, item: int) -> list[AssetRow]:
    """The files of a frame, newest version first, best file first."""
    return assets_of_all(connection, [item]).get(item, [])


def assets_of_all(connection: sa.Connection, items: Iterable[int]) -> dict[int, list[AssetRow]]:
    """The files of many frames, by the frame's key; each newest version first, best first."""
    keys = list(items)
    urls = _stated_urls(connection, keys)
    rows = connection.execute(
        sa.select(_ASSETS.item, _ASSETS.version, _ASSETS.role, *_STORED_COLUMNS)
        .select_from(schema.ASSETS.outerjoin(schema.FILES))
        .where(_ASSETS.item.in_(keys))
    )
    stored: dict[_Place, list[Any]] = {
        (item, version, role): rest for item, version, role, *rest in rows
    }
    found: dict[int, list[AssetRow]] = {}
    for place in urls.keys() | stored.keys():
        rest = stored.get(place, _NOTHING_STORED)
        found.setdefault(place[0], []).append(AssetRow(*place, urls.get(place), *rest))
    for assets in found.values():
        assets.sort(key=lambda a: (-a.version, _ROLE_ORDER.get(a.role, len(_ROLE_ORDER))))
    return found


def source_rank(source: str) -> int:
    """How much a source's word counts: a mission's own feed knows more than the Photos API did."""
    return 0 if source == "photos-v1" else 1


def _stated_urls(connection: sa.Connection, items: Sequence[int]) -> dict[_Place, str]:
    """Where the upstreams have files, by frame, version and role; the newest statement counts."""
    table = schema.UPSTREAM_RECORDS.c
    rows = connection.execute(
        sa.select(
            table.source, table.upstream_id, table.key, table.item, table.version, table.urls
        ).where(table.item.in_(items))
    )
    urls: dict[_Place, str] = {}
    for *_, item, version, stated in sorted((source_rank(source), *rest) for source, *rest in rows):
        for role, url in _URLS.decode(stated).items():
            urls[item, version, role] = url
    return urls


def upstream_of(connection: sa.Connection, item: int) -> list[UpstreamRow]:
    """Every form of every upstream record of a frame, oldest first."""
    table = schema.UPSTREAM_RECORDS.c
    rows = connection.execute(
        sa.select(
            table.source,
            table.upstream_id,
            table.seen_ns,
            table.superseded_ns,
            table.block,
            table.start,
            table.length,
        )
        .where(table.item == item)
        .order_by(table.key)
    )
    return [
        UpstreamRow(*row[:4], received=BlockPlace(*row[4:]).read(connection)) for row in rows.all()
    ]


def exposure_of(connection: sa.Connection, frame: FrameRow) -> list[FrameRow]:
    """The other frames of the same exposure: tiles, the other eye, thumbnails."""
    if frame.exposure is None:
        return []
    shared = frames_of_exposure(connection, frame.mission, frame.sol, frame.exposure)
    return [other for other in shared if other.key != frame.key]


def frames_of_exposure(
    connection: sa.Connection, mission: str, sol: int, exposure: str
) -> list[FrameRow]:
    """Every frame of an exposure, by camera and product id.

    Args:
        connection: A connection of the archive.
        mission: Mission id.
        sol: Its sol.
        exposure: Its key, see `solbook.records.exposure_key`.
    """
    rows = connection.execute(
        sa.select(*_FRAME_COLUMNS)
        .where(_ITEMS.mission == mission, _ITEMS.sol == sol, _ITEMS.exposure == exposure)
        .order_by(_ITEMS.instrument, _ITEMS.product_id)
    )
    return [FrameRow(*row) for row in rows]


def neighbours(
    connection: sa.Connection, frame: FrameRow
) -> tuple[FrameRow | None, FrameRow | None]:
    """The frames of the mission taken just before and just after this one.

    Thumbnails are passed over, unless the frame is one itself. Frames whose source gives no time
    have neighbours of their own kind on the same sol, in the order of their product ids.
    """
    conditions: list[sa.ColumnElement[bool]] = [_ITEMS.mission == frame.mission]
    if frame.sample_type == THUMBNAIL:
        conditions.append(_ITEMS.sample_type == THUMBNAIL)
    else:
        conditions.append(_ITEMS.sample_type.is_distinct_from(THUMBNAIL))
    place: sa.ColumnElement[Any]
    here: sa.ColumnElement[Any]
    order: tuple[sa.ColumnElement[Any], ...]
    if frame.utc_ns is None:
        conditions += [_ITEMS.sol == frame.sol, _ITEMS.utc_ns.is_(None)]
        order = (_ITEMS.instrument, _ITEMS.product_id)
        place, here = sa.tuple_(*order), sa.tuple_(frame.instrument, frame.product_id)
    else:
        order = (_ITEMS.utc_ns, _ITEMS.key)
        place, here = sa.tuple_(*order), sa.tuple_(frame.utc_ns, frame.key)
    found = []
    for condition, ordering in (
        (place < here, [column.desc() for column in order]),
        (place > here, [column.asc() for column in order]),
    ):
        row = connection.execute(
            sa.select(*_FRAME_COLUMNS).where(*conditions, condition).order_by(*ordering).limit(1)
        ).first()
        found.append(FrameRow(*row) if row else None)
    return found[0], found[1]


def frames_of_sol(
    connection: sa.Connection,
    mission: str,
    sol: int,
    instrument: str | None,
    *,
    thumbnails: bool,
    limit: int,
    offset: int = 0,
) -> list[FrameRow]:
    """The frames of a sol, by camera and then in order of time.

    Args:
        connection: A connection of the archive.
        mission: Mission id.
        sol: Sol.
        instrument: Camera code; every camera if `None`.
        thumbnails: Whether thumbnails are among them.
        limit: At most so many.
        offset: After so many.
    """
    conditions: list[sa.ColumnElement[bool]] = [_ITEMS.mission == mission, _ITEMS.sol == sol]
    if instrument is not None:
        conditions.append(_ITEMS.instrument == instrument)
    if not thumbnails:
        conditions.append(_ITEMS.sample_type.is_distinct_from(THUMBNAIL))
    rows = connection.execute(
        sa.select(*_FRAME_COLUMNS)
        .where(*conditions)
        .order_by(_ITEMS.instrument, _ITEMS.utc_ns.is_(None), _ITEMS.utc_ns, _ITEMS.product_id)
        .limit(limit)
        .offset(offset)
    )
    return [FrameRow(*row) for row in rows]


def latest_frames(connection: sa.Connection, limit: int) -> list[FrameRow]:
    """The frames that reached the ground last, thumbnails left out, newest first.

    Simulated frames are among them only where no others are held.
    """
    conditions = [
        _ITEMS.received_ns.is_not(None),
        _ITEMS.sample_type.is_distinct_from(THUMBNAIL),
    ]
    if _holds_real_frames(connection):
        simulated = [known.id for known in MISSIONS.values() if known.simulated]
        conditions.append(_ITEMS.mission.not_in(simulated))
    rows = connection.execute(
        sa.select(*_FRAME_COLUMNS)
        .where(*conditions)
        .order_by(_ITEMS.received_ns.desc(), _ITEMS.key.desc())
        .limit(limit)
    )
    return [FrameRow(*row) for row in rows]


def _holds_real_frames(connection: sa.Connection) -> bool:
    counts = schema.SOL_COUNTS.c
    row = connection.execute(
        sa.select(counts.mission)
        .where(counts.mission.in_([known.id for known in real_missions()]), counts.frames > 0)
        .limit(1)
    ).first()
    return row is not None


def best_stored(assets: Sequence[AssetRow]) -> AssetRow | None:
    """The best picture that is stored here."""
    return next((asset for asset in pictures_among(assets) if asset.sha256 is not None), None)


def pictures_among(assets: Iterable[AssetRow]) -> list[AssetRow]:
    """Those files that are pictures, not films or sounds; best first, as they were."""
    return [asset for asset in assets if asset.role in _ROLE_ORDER]
