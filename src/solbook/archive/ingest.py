"""Writing pages of records: one transaction, which changes nothing when fed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import photos, schema
from solbook.archive.blocks import BlockPlace, BlockWriter, record_digest, says_the_same
from solbook.archive.bulk import BulkSelect, BulkStatement
from solbook.archive.catalogue import Archive, now_ns
from solbook.archive.frames import source_rank
from solbook.archive.quarantine import quarantine
from solbook.archive.release_ingest import ReleaseWriter
from solbook.archive.tally import Tally
from solbook.missions import camera
from solbook.records import Frame, SourcePage

Row = tuple[Any, ...]

# What a frame and the catalogue's row of it share, in the order of both.
_TYPED = tuple(c.name for c in schema.ITEMS.columns if c.name in Frame.__struct_fields__)[:-1]
if Frame.__struct_fields__[: len(_TYPED)] != _TYPED:
    raise AssertionError("Frame's fields and the catalogue's columns are in different orders")


class _Known(msgspec.Struct):
    """A frame the catalogue has, or is about to have."""

    key: int
    rank: tuple[int, int]
    counted: tuple[str, int, str, str]
    place: int | None = None
    """Its place among the rows to write, while they are not inserted yet."""


class _Kept(msgspec.Struct):
    """The newest form of an upstream record that the catalogue has."""

    key: int
    digest: bytes
    place: BlockPlace


def write_page(archive: Archive, page: SourcePage, at_ns: int | None = None) -> Tally:
    """Write one page of a source in one transaction; see `write_pages`."""
    return write_pages(archive, [page], at_ns)[0]


def write_pages(
    archive: Archive, pages: Sequence[SourcePage], at_ns: int | None = None
) -> list[Tally]:
    """Write some pages of one source in one transaction.

    Feeding a page again changes nothing. Whatever the order in which pages come, the frames end
    the same: the mission's own feed outranks the Photos API, a newer version of a product an
    older one.

    Args:
        archive: Where to.
        pages: The records and the rejected ones; at least one page.
        at_ns: When they were seen, UTC; now if left out.

    Returns:
        What became of the records of each page.
    """
    with archive.writing() as connection:
        writer = _PageWriter(connection, pages, now_ns() if at_ns is None else at_ns)
        return writer.write()


class _PageWriter:
    """The rows that some pages add; lists are filled first and written together."""

    def __init__(self, connection: sa.Connection, pages: Sequence[SourcePage], at_ns: int) -> None:
        self.connection = connection
        self.pages = pages
        self.source = pages[0].source
        self.at_ns = at_ns
        self.tally = Tally()
        self.items: list[Row] = []
        self.item_updates: list[dict[str, Any]] = []
        self.upstream: list[Row] = []
        # Where in the list the newest form of a record is that came in this very transaction.
        self.came: dict[tuple[int, str], int] = {}
        self.superseded: list[int] = []
        self.changes: list[Row] = []
        self.instruments: set[tuple[str, str]] = set()
        self.counts: Counter[tuple[str, int, str, str]] = Counter()
        self.sourced: set[int] = set()
        self.new_records = 0
        self.new_sourced = 0
        self.photos = photos.PhotoWriter(connection)

    def write(self) -> list[Tally]:
        frames = [frame for page in self.pages for frame in page.frames]
        if frames:
            self.known = _load_known(self.connection, frames)
            self.kept = _load_kept(self.connection, self.source, self.known)
            self.sourced = {item for item, _ in self.kept}
            self.next_key, block = _next_keys(self.connection)
            self.block = BlockWriter(self.connection, block)
        tallies = [self._take_page(page) for page in self.pages]
        if frames:
            self._flush()
        for page, tally in zip(self.pages, tallies, strict=True):
            self.photos.write_rovers(page.rovers)
            if page.releases or page.release_files:
                tally.add(ReleaseWriter(self.connection, page, self.at_ns).write())
        return tallies

    def _take_page(self, page: SourcePage) -> Tally:
        self.tally = Tally(
            read=len(page.frames) + len(page.rejected), quarantined=len(page.rejected)
        )
        for frame in page.frames:
            self._take(frame)
        for rejected in page.rejected:
            quarantine(self.connection, page, rejected, self.at_ns)
        return self.tally

    def _take(self, frame: Frame) -> None:
        identity = frame.id
        known = self.known.get(identity)
        if known is None:
            self._take_new(identity, frame)
            return
        if self._is_kept(known.key, frame):
            self.tally.unchanged += 1
            return
        self.tally.revised += 1
        self._revise(known, frame)
        self._keep_upstream(known.key, frame)
        self._change(known.key, frame, "revised")
        self.photos.take_revised(known.key, frame)

    def _take_new(self, identity: str, frame: Frame) -> None:
        self.tally.new += 1
        known = self._add(identity, frame)
        self._keep_upstream(known.key, frame)
        self._change(known.key, frame, "new")
        self.photos.take_new(known.key, frame)

    def _change(self, item: int, frame: Frame, change: str) -> None:
        self.changes.append((item, change, self.at_ns))
        self.instruments.add((frame.mission, frame.instrument))

    def _add(self, identity: str, frame: Frame) -> _Known:
        known = _Known(
            self.next_key,
            _rank(frame.source, frame.version),
            _counted(frame),
            place=len(self.items),
        )
        self.next_key += 1
        self.known[identity] = known
        self.items.append(self._item_row(known.key, identity, frame))
        self.counts[known.counted] += 1
        return known

    def _revise(self, known: _Known, frame: Frame) -> None:
        rank = _rank(frame.source, frame.version)
        if rank < known.rank:
            return
        if known.place is not None:
            self.items[known.place] = self._item_row(known.key, frame.id, frame)
        else:
            self.item_updates.append(self._item_update(known.key, frame))
        self.counts[known.counted] -= 1
        known.rank = rank
        known.counted = _counted(frame)
        self.counts[known.counted] += 1

    def _item_row(self, key: int, identity: str, frame: Frame) -> Row:
        typed = msgspec.structs.astuple(frame)[: len(_TYPED)]
        return (key, identity, "frame", *typed, _flags(frame), self.at_ns, self.at_ns)

    def _item_update(self, key: int, frame: Frame) -> dict[str, Any]:
        return {
            "b_key": key,
            "flags": _flags(frame),
            "changed_ns": self.at_ns,
            **{name: getattr(frame, name) for name in _TYPED},
        }

    def _is_kept(self, item: int, frame: Frame) -> bool:
        """Whether a record is there already; an older form of it is marked as superseded."""
        identity = item, frame.upstream_id
        at = self.came.get(identity)
        if at is not None:
            row = self.upstream[at]
            if row[_DIGEST_PLACE] == record_digest(frame.upstream):
                return True
            self.upstream[at] = (*row[:-1], self.at_ns)
            return False
        kept = self.kept.get(identity)
        if kept is None:
            return False
        if says_the_same(self.connection, kept.digest, kept.place, frame.upstream):
            return True
        self.superseded.append(kept.key)
        return False

    def _keep_upstream(self, item: int, frame: Frame) -> None:
        identity = item, frame.upstream_id
        self.new_records += identity not in self.kept and identity not in self.came
        self.new_sourced += item not in self.sourced
        self.sourced.add(item)
        self.came[identity] = len(self.upstream)
        self.upstream.append(
            (
                item,
                frame.source,
                frame.upstream_id,
                frame.version,
                _urls(frame),
                record_digest(frame.upstream),
                *self.block.add(frame.upstream),
                self.at_ns,
                None,
            )
        )

    def _flush(self) -> None:
        execute = self.connection.execute
        _INSERT_ITEMS.execute(self.connection, self.items)
        if self.item_updates:
            execute(_UPDATE_ITEM, self.item_updates)
        if self.superseded:
            execute(_SUPERSEDE, [{"b_key": k, "at_ns": self.at_ns} for k in self.superseded])
        self.block.flush()
        _INSERT_UPSTREAM.execute(self.connection, self.upstream)
        _INSERT_CHANGES.execute(self.connection, self.changes)
        _INSERT_INSTRUMENTS.execute(
            self.connection,
            [
                (mission, code, camera(mission, code) is not None, self.at_ns)
                for mission, code in sorted(self.instruments)
            ],
        )
        _ADD_COUNTS.execute(
            self.connection, [(*key, change) for key, change in self.counts.items() if change]
        )
        if self.new_records:
            _ADD_SOURCED.execute(
                self.connection, [(self.source, self.new_records, self.new_sourced)]
            )
        self.photos.flush()


def _rank(source: str, version: int) -> tuple[int, int]:
    return source_rank(source), version


def _urls(frame: Frame) -> str:
    return msgspec.json.encode({asset.role: asset.url for asset in frame.assets}).decode()


def _flags(frame: Frame) -> str | None:
    return msgspec.json.encode(frame.flags).decode() if frame.flags else None


def _counted(frame: Frame) -> tuple[str, int, str, str]:
    return frame.mission, frame.sol, frame.instrument, frame.sample_type or ""


def _load_known(connection: sa.Connection, frames: Sequence[Frame]) -> dict[str, _Known]:
    known = {}
    ids = sorted({frame.id for frame in frames})
    for row in _SELECT_KNOWN.rows(connection, ids):
        identity, key, source, version, mission, sol, instrument, sample_type = row
        known[identity] = _Known(
            key, _rank(source, version), (mission, sol, instrument, sample_type or "")
        )
    return known


def _load_kept(
    connection: sa.Connection, source: str, known: dict[str, _Known]
) -> dict[tuple[int, str], _Kept]:
    kept = {}
    for row in _SELECT_KEPT.rows(connection, [frame.key for frame in known.values()]):
        item, of_source, upstream_id, key, digest, *place = row
        if of_source == source:
            kept[item, upstream_id] = _Kept(key, digest, BlockPlace(*place))
    return kept


def _next_keys(connection: sa.Connection) -> tuple[int, int]:
    """The keys the next frame and the next block will have."""
    # The write lock is held, so nobody else takes the same ones.
    item, block = connection.execute(_GREATEST_KEYS).one()
    return (item or 0) + 1, (block or 0) + 1


_UPDATE_ITEM = (
    sa.update(schema.ITEMS)
    .where(schema.ITEMS.c.key == sa.bindparam("b_key"))
    .values({name: sa.bindparam(name) for name in (*_TYPED, "flags", "changed_ns")})
)
_SUPERSEDE = (
    sa.update(schema.UPSTREAM_RECORDS)
    .where(schema.UPSTREAM_RECORDS.c.key == sa.bindparam("b_key"))
    .values(superseded_ns=sa.bindparam("at_ns"))
)
_INSERT_ITEMS = BulkStatement(sa.insert(schema.ITEMS), schema.ITEMS.columns.keys())
_UPSTREAM_COLUMNS = schema.UPSTREAM_RECORDS.columns.keys()[1:]
_DIGEST_PLACE = _UPSTREAM_COLUMNS.index("digest")
_INSERT_UPSTREAM = BulkStatement(sa.insert(schema.UPSTREAM_RECORDS), _UPSTREAM_COLUMNS)
_INSERT_CHANGES = BulkStatement(sa.insert(schema.CHANGE_LOG), schema.CHANGE_LOG.columns.keys()[1:])

_INSERT_INSTRUMENTS = BulkStatement(
    upsert(schema.INSTRUMENTS).on_conflict_do_nothing(), schema.INSTRUMENTS.columns.keys()
)

_count_insert = upsert(schema.SOL_COUNTS)
_ADD_COUNTS = BulkStatement(
    _count_insert.on_conflict_do_update(
        index_elements=list(schema.SOL_COUNTS.primary_key),
        set_={"frames": schema.SOL_COUNTS.c.frames + _count_insert.excluded.frames},
    ),
    schema.SOL_COUNTS.columns.keys(),
)

_sourced_insert = upsert(schema.SOURCE_COUNTS)
_ADD_SOURCED = BulkStatement(
    _sourced_insert.on_conflict_do_update(
        index_elements=["source"],
        set_={
            name: schema.SOURCE_COUNTS.c[name] + _sourced_insert.excluded[name]
            for name in ("records", "frames")
        },
    ),
    schema.SOURCE_COUNTS.columns.keys(),
)

_GREATEST_KEYS = sa.select(
    sa.select(sa.func.max(schema.ITEMS.c.key)).scalar_subquery(),
    sa.select(sa.func.max(schema.UPSTREAM_BLOCKS.c.key)).scalar_subquery(),
)

_items, _upstream = schema.ITEMS.c, schema.UPSTREAM_RECORDS.c
_SELECT_KNOWN = BulkSelect(
    sa.select(
        _items.id,
        _items.key,
        _items.source,
        _items.version,
        _items.mission,
        _items.sol,
        _items.instrument,
        _items.sample_type,
    ),
    _items.id,
)
_SELECT_KEPT = BulkSelect(
    sa.select(
        _upstream.item,
        _upstream.source,
        _upstream.upstream_id,
        _upstream.key,
        _upstream.digest,
        _upstream.block,
        _upstream.start,
        _upstream.length,
    ).where(_upstream.superseded_ns.is_(None)),
    _upstream.item,
)
