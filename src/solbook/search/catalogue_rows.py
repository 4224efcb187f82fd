"""What the catalogue says of items that are indexed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from solbook.archive import Archive, schema
from solbook.archive.blocks import decompress
from solbook.archive.bulk import BulkSelect
from solbook.archive.frames import FRAME, THUMBNAIL
from solbook.archive.pictures import ROLES
from solbook.archive.releases import releases_by_key
from solbook.search.text import Words, plain_text
from solbook.search.work import Work

_ITEMS, _ASSETS, _FILES = schema.ITEMS.c, schema.ASSETS.c, schema.FILES.c
_UPSTREAM, _BLOCKS = schema.UPSTREAM_RECORDS.c, schema.UPSTREAM_BLOCKS.c

_SELECT_ITEMS = BulkSelect(
    sa.select(
        _ITEMS.key,
        _ITEMS.id,
        _ITEMS.kind,
        _ITEMS.mission,
        sa.func.coalesce(_ITEMS.utc_ns, schema.RELEASES.c.dated_ns),
        _ITEMS.site,
        _ITEMS.width_px,
        _ITEMS.height_px,
    )
    .select_from(schema.ITEMS.outerjoin(schema.RELEASES))
    .where(_ITEMS.sample_type.is_distinct_from(sa.literal_column(f"'{THUMBNAIL}'"))),
    _ITEMS.key,
)
_SELECT_FILES = BulkSelect(
    sa.select(_ASSETS.item, _ASSETS.version, _ASSETS.role, _FILES.sha256, _FILES.extension)
    .join_from(schema.ASSETS, schema.FILES, _ASSETS.sha256 == _FILES.sha256)
    .where(_FILES.damage.is_(None), _FILES.width_px.is_not(None)),
    _ASSETS.item,
)
_SELECT_RECORDS = BulkSelect(
    sa.select(_UPSTREAM.item, _UPSTREAM.key, _UPSTREAM.block, _UPSTREAM.start, _UPSTREAM.length)
    .where(_UPSTREAM.superseded_ns.is_(None))
    .where(_UPSTREAM.source != sa.literal_column("'photos-v1'")),
    _UPSTREAM.item,
)
_SELECT_BLOCKS = BulkSelect(sa.select(_BLOCKS.key, _BLOCKS.records_zst), _BLOCKS.key)

_ROLE_ORDER = {role: place for place, role in enumerate(ROLES)}
# Made for pages; large enough for a descriptor, and read three times as fast as the original.
_SMALL = ("320.webp", "320.jpg")


def every_key(connection: sa.Connection) -> NDArray[np.int64]:
    """Keys of all items, ascending."""
    found = connection.execute(sa.select(_ITEMS.key).order_by(_ITEMS.key)).scalars()
    return np.fromiter(found, dtype=np.int64)


def changed_keys(connection: sa.Connection, after: int) -> NDArray[np.int64]:
    """Keys of the items that have changed since a number of the change log, ascending."""
    log = schema.CHANGE_LOG.c
    found = connection.execute(sa.select(log.item).distinct().where(log.seq > after)).scalars()
    return np.sort(np.fromiter(found, dtype=np.int64))


def work_of(archive: Archive, connection: sa.Connection, keys: Sequence[int]) -> list[Work]:
    """What has to be worked out of some items; thumbnails show what their frames show."""
    rows = list(_SELECT_ITEMS.rows(connection, keys))
    pictures = _pictures(archive, connection, keys)
    frames = [row[0] for row in rows if row[2] == FRAME and row[5] is not None]
    records = _records(connection, frames)
    return [
        Work(
            key,
            identity,
            mission,
            utc_ns,
            site,
            width_px,
            height_px,
            pictures.get(key),
            records.get(key),
        )
        for key, identity, _, mission, utc_ns, site, width_px, height_px in rows
    ]


def texts_of(connection: sa.Connection, keys: Sequence[int]) -> Iterator[Words]:
    """The words of those of some items that are releases or stories."""
    for key, row in sorted(releases_by_key(connection, keys).items()):
        yield words_of(key, row.title, row.keyword_list, row.caption, row.body)


def words_of(
    key: int, title: str, keywords: Sequence[str], caption: str | None, body: str | None
) -> Words:
    """The words of a release or a story."""
    return Words(key, title, " ".join(keywords), f"{caption or ''} {plain_text(body or '')}")


def _pictures(archive: Archive, connection: sa.Connection, keys: Sequence[int]) -> dict[int, str]:
    """The smallest picture that is good enough, of each item that has a stored one."""
    best: dict[int, tuple[int, int, str, str]] = {}
    for item, version, role, sha256, extension in _SELECT_FILES.rows(connection, keys):
        found = (-version, _ROLE_ORDER.get(role, len(ROLES)), sha256, extension)
        best[item] = min(found, best.get(item, found))
    folder = archive.derived_path / "pictures"
    paths = {}
    for item, (*_, sha256, extension) in best.items():
        small = (folder / sha256[:2] / f"{sha256}-{name}" for name in _SMALL)
        made = next((path for path in small if path.is_file()), None)
        paths[item] = str(made or archive.files.path(sha256, extension))
    return paths


def _records(connection: sa.Connection, frames: Sequence[int]) -> dict[int, bytes]:
    """The newest record of each frame; a block that has several is unpacked once."""
    newest: dict[int, tuple[Any, ...]] = {}
    for item, *place in _SELECT_RECORDS.rows(connection, frames):
        newest[item] = max(tuple(place), newest.get(item, ()))
    wanted = sorted({block for _, block, _, _ in newest.values()})
    blocks = {key: decompress(kept) for key, kept in _SELECT_BLOCKS.rows(connection, wanted)}
    return {
        item: blocks[block][start : start + length]
        for item, (_, block, start, length) in newest.items()
    }
