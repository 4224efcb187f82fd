"""Writing a page of records: one transaction, which changes nothing when fed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import photos, schema
from solbook.archive.catalogue import Archive, now_ns
from solbook.archive.upstream import compress, digest_of, same_content
from solbook.missions import camera
from solbook.records import Frame, Rejected, SourcePage

# A mission's own feed knows more of a frame than an answer of the Photos API did.
_SOURCE_RANK = {"photos-v1": 0}
_FEED_RANK = 1
# SQLite allows 32,766 variables in a statement; chunks keep a query's text small.
_CHUNK = 500

_T = TypeVar("_T")

_TYPED_COLUMNS = tuple(
    column.name
    for column in schema.ITEMS.columns
    if column.name not in {"key", "id", "kind", "first_seen_ns", "changed_ns", "flags"}
)


class Tally(msgspec.Struct):
    """What became of the records of one page, or of many."""

    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class _Known(msgspec.Struct):
    """A frame the catalogue has, or is about to have."""

    key: int
    rank: tuple[int, int]
    counted: tuple[str, int, str, str]
    row: dict[str, Any] | None = None
    """The row, while this page's transaction has not inserted it yet."""


class _Kept(msgspec.Struct):
    """The newest form of an upstream record."""

    key: int | None
    digest: bytes
    record_zst: bytes


def write_page(archive: Archive, page: SourcePage, at_ns: int | None = None) -> Tally:
    """Write one page of a source in one transaction.

    Feeding a page again changes nothing. Whatever the order in which pages come, the frames end
    the same: the mission's own feed outranks the Photos API, a newer version of a product an
    older one.

    Args:
        archive: Where to.
        page: The records and the rejected ones.
        at_ns: When they were seen, UTC; now if left out.
    """
    with archive.writing() as connection:
        writer = _PageWriter(connection, page, now_ns() if at_ns is None else at_ns)
        return writer.write()


class _PageWriter:
    """The rows that one page adds; lists are filled first and written together."""

    def __init__(self, connection: sa.Connection, page: SourcePage, at_ns: int) -> None:
        self.connection = connection
        self.page = page
        self.at_ns = at_ns
        self.tally = Tally(read=len(page.frames) + len(page.rejected))
        self.items: list[dict[str, Any]] = []
        self.item_updates: list[dict[str, Any]] = []
        self.assets: list[dict[str, Any]] = []
        self.upstream: list[dict[str, Any]] = []
        self.superseded: list[int] = []
        self.changes: list[dict[str, Any]] = []
        self.instruments: set[tuple[str, str]] = set()
        self.counts: Counter[tuple[str, int, str, str]] = Counter()
        self.photos = photos.PhotoWriter(connection)

    def write(self) -> Tally:
        if self.page.frames:
            self.known = _load_known(self.connection, self.page.frames)
            self.kept = _load_kept(self.connection, self.page.source, self.known)
            self.next_key = _next_key(self.connection)
            for frame in self.page.frames:
                self._take(frame)
            self._flush()
        for rejected in self.page.rejected:
            self.tally.quarantined += 1
            _quarantine(self.connection, self.page, rejected, self.at_ns)
        self.photos.write_rovers(self.page.rovers)
        return self.tally

    def _take(self, frame: Frame) -> None:
        known = self.known.get(frame.id)
        digest = digest_of(frame.upstream)
        if known is None:
            known = self._add(frame)
            change = "new"
        else:
            kept = self.kept.get((known.key, frame.upstream_id))
            if kept is not None:
                if kept.digest == digest or same_content(kept.record_zst, frame.upstream):
                    self.tally.unchanged += 1
                    return
                self._supersede(kept)
            self._revise(known, frame)
            change = "revised"
        self._keep_upstream(known.key, frame, digest)
        for asset in frame.assets:
            self.assets.append(
                {
                    "item": known.key,
                    "version": frame.version,
                    "role": asset.role,
                    "url": asset.url,
                }
            )
        self.changes.append({"item": known.key, "change": change, "at_ns": self.at_ns})
        self.instruments.add((frame.mission, frame.instrument))
        self.photos.take(known.key, frame, is_new=change == "new")
        setattr(self.tally, change, getattr(self.tally, change) + 1)

    def _add(self, frame: Frame) -> _Known:
        row = _item_row(frame, self.at_ns)
        row |= {
            "key": self.next_key,
            "id": frame.id,
            "kind": "frame",
            "first_seen_ns": self.at_ns,
        }
        known = _Known(self.next_key, _rank(frame.source, frame.version), _counted(row), row)
        self.next_key += 1
        self.known[frame.id] = known
        self.items.append(row)
        self.counts[known.counted] += 1
        return known

    def _revise(self, known: _Known, frame: Frame) -> None:
        rank = _rank(frame.source, frame.version)
        if rank < known.rank:
            return
        row = _item_row(frame, self.at_ns)
        if known.row is not None:
            known.row.update(row)
        else:
            self.item_updates.append(row | {"b_key": known.key})
        self.counts[known.counted] -= 1
        known.rank = rank
        known.counted = _counted(row)
        self.counts[known.counted] += 1

    def _supersede(self, kept: _Kept) -> None:
        if kept.key is not None:
            self.superseded.append(kept.key)
            return
        # Two forms of one record in one page: the earlier one is not written yet.
        for row in self.upstream:
            if row["digest"] == kept.digest:
                row["superseded_ns"] = self.at_ns

    def _keep_upstream(self, item: int, frame: Frame, digest: bytes) -> None:
        record_zst = compress(frame.upstream)
        self.kept[item, frame.upstream_id] = _Kept(None, digest, record_zst)
        self.upstream.append(
            {
                "item": item,
                "source": frame.source,
                "upstream_id": frame.upstream_id,
                "digest": digest,
                "record_zst": record_zst,
                "seen_ns": self.at_ns,
                "superseded_ns": None,
            }
        )

    def _flush(self) -> None:
        execute = self.connection.execute
        if self.items:
            execute(sa.insert(schema.ITEMS), self.items)
        if self.item_updates:
            execute(_UPDATE_ITEM, self.item_updates)
        if self.superseded:
            execute(
                sa.update(schema.UPSTREAM_RECORDS)
                .where(schema.UPSTREAM_RECORDS.c.key.in_(self.superseded))
                .values(superseded_ns=self.at_ns)
            )
        if self.upstream:
            execute(sa.insert(schema.UPSTREAM_RECORDS), self.upstream)
        if self.assets:
            execute(_UPSERT_ASSET, self.assets)
        if self.changes:
            execute(sa.insert(schema.CHANGE_LOG), self.changes)
        if self.instruments:
            execute(_INSERT_INSTRUMENT, [self._instrument_row(*i) for i in self.instruments])
        counts = [
            dict(zip(_COUNT_KEYS, key, strict=True), frames=change)
            for key, change in self.counts.items()
            if change
        ]
        if counts:
            execute(_ADD_COUNT, counts)
        self.photos.flush()

    def _instrument_row(self, mission: str, code: str) -> dict[str, Any]:
        return {
            "mission": mission,
            "code": code,
            "known": camera(mission, code) is not None,
            "first_seen_ns": self.at_ns,
        }


def _rank(source: str, version: int) -> tuple[int, int]:
    return _SOURCE_RANK.get(source, _FEED_RANK), version


def _item_row(frame: Frame, at_ns: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(frame, name) for name in _TYPED_COLUMNS}
    row["flags"] = msgspec.json.encode(frame.flags).decode() if frame.flags else None
    row["changed_ns"] = at_ns
    return row


def _counted(row: dict[str, Any]) -> tuple[str, int, str, str]:
    return row["mission"], row["sol"], row["instrument"], row["sample_type"] or ""


def _load_known(connection: sa.Connection, frames: Sequence[Frame]) -> dict[str, _Known]:
    items = schema.ITEMS.c
    known = {}
    for ids in _chunks(sorted({frame.id for frame in frames})):
        rows = connection.execute(
            sa.select(
                items.id,
                items.key,
                items.source,
                items.version,
                items.mission,
                items.sol,
                items.instrument,
                items.sample_type,
            ).where(items.id.in_(ids))
        )
        for identity, key, source, version, mission, sol, instrument, sample_type in rows:
            known[identity] = _Known(
                key, _rank(source, version), (mission, sol, instrument, sample_type or "")
            )
    return known


def _load_kept(
    connection: sa.Connection, source: str, known: dict[str, _Known]
) -> dict[tuple[int, str], _Kept]:
    table = schema.UPSTREAM_RECORDS.c
    kept = {}
    for keys in _chunks([frame.key for frame in known.values()]):
        rows = connection.execute(
            sa.select(
                table.item, table.upstream_id, table.key, table.digest, table.record_zst
            ).where(
                table.item.in_(keys),
                table.source == source,
                table.superseded_ns.is_(None),
            )
        )
        for item, upstream_id, key, digest, record_zst in rows:
            kept[item, upstream_id] = _Kept(key, digest, record_zst)
    return kept


def _next_key(connection: sa.Connection) -> int:
    # The write lock is held, so nobody else takes the same key.
    greatest = connection.execute(sa.select(sa.func.max(schema.ITEMS.c.key))).scalar()
    return (greatest or 0) + 1


def _chunks(values: Sequence[_T]) -> list[Sequence[_T]]:
    return [values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK)]


def _quarantine(
    connection: sa.Connection, page: SourcePage, rejected: Rejected, at_ns: int
) -> None:
    connection.execute(
        _INSERT_QUARANTINE,
        {
            "source": page.source,
            "origin": page.origin,
            "position": rejected.position,
            "reason": rejected.reason,
            "found": rejected.found,
            "expected": rejected.expected,
            "digest": digest_of(rejected.upstream),
            "record_zst": compress(rejected.upstream),
            "seen_ns": at_ns,
        },
    )


_COUNT_KEYS = ("mission", "sol", "instrument", "sample_type")

_UPDATE_ITEM = (
    sa.update(schema.ITEMS)
    .where(schema.ITEMS.c.key == sa.bindparam("b_key"))
    .values({name: sa.bindparam(name) for name in (*_TYPED_COLUMNS, "flags", "changed_ns")})
)

_asset_insert = upsert(schema.ASSETS)
_UPSERT_ASSET = _asset_insert.on_conflict_do_update(
    index_elements=["item", "version", "role"],
    set_={"url": _asset_insert.excluded.url},
)

_INSERT_INSTRUMENT = upsert(schema.INSTRUMENTS).on_conflict_do_nothing()
_INSERT_QUARANTINE = upsert(schema.QUARANTINE).on_conflict_do_nothing()

_count_insert = upsert(schema.SOL_COUNTS)
_ADD_COUNT = _count_insert.on_conflict_do_update(
    index_elements=list(_COUNT_KEYS),
    set_={"frames": schema.SOL_COUNTS.c.frames + _count_insert.excluded.frames},
)
