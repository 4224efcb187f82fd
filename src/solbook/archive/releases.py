"""Reading releases and stories: one by its id, lists of them newest first, and their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.catalogue import Archive
from solbook.archive.links import REMOVED, write_links
from solbook.missions import MISSIONS
from solbook.records import MediaType, Release, links_of_release, release_id

_ITEMS, _RELEASES, _LINKS = schema.ITEMS.c, schema.RELEASES.c, schema.LINKS.c

_Texts = tuple[str, ...]


class ReleaseRow(msgspec.Struct, frozen=True):
    """A release or a story as the catalogue has it; the fields are those of `records.Release`."""

    key: int
    id: str
    kind: str
    source: str
    title: str
    caption: str | None
    credit: str | None
    page_url: str | None
    flags: str | None
    first_seen_ns: int
    changed_ns: int
    media_type: str
    dated: str | None
    dated_ns: int | None
    credit_source: str | None
    body: str | None
    keywords: str
    missions: str
    location: str | None
    alt: str | None

    @property
    def keyword_list(self) -> _Texts:
        """The keywords the source gives."""
        return msgspec.json.decode(self.keywords, type=_Texts)

    @property
    def mission_list(self) -> _Texts:
        """The missions the source names, by id."""
        return msgspec.json.decode(self.missions, type=_Texts)

    @property
    def flag_list(self) -> _Texts:
        """What a reader should know."""
        return msgspec.json.decode(self.flags, type=_Texts) if self.flags else ()


class ReleaseFilter(msgspec.Struct, frozen=True):
    """Which releases are wanted; `None` and empty mean all.

    Attributes:
        media_types: Of these types.
        mission: That show or speak of this mission.
        year: Published in this year, UTC.
        about: Kind and target of a link they have, such as `("place", "m2020/rochette")`.
    """

    media_types: tuple[str, ...] = ()
    mission: str | None = None
    year: int | None = None
    about: tuple[str, str] | None = None


class ReleaseCount(msgspec.Struct, frozen=True):
    """How many releases have one value of what they may be sorted by."""

    value: str
    releases: int


_IN_ITEMS = frozenset(_ITEMS.keys())
_COLUMNS = tuple(
    _ITEMS[name] if name in _IN_ITEMS else _RELEASES[name] for name in ReleaseRow.__struct_fields__
)
_JOINED = schema.RELEASES.join(schema.ITEMS, _ITEMS.key == _RELEASES.item)
# What has no date stands after everything that has one.
_DATE = sa.func.coalesce(_RELEASES.dated_ns, -(1 << 62))
_YEAR = sa.func.substr(_RELEASES.dated, 1, 4)


def record_of(row: ReleaseRow, upstream_id: str) -> Release:
    """A release as its source described it, but for its files and its record."""
    return Release(
        source=row.source,
        upstream_id=upstream_id,
        name=row.id.partition("/")[2],
        media_type=cast("MediaType", row.media_type),
        title=row.title,
        caption=row.caption,
        body=row.body,
        keywords=row.keyword_list,
        missions=row.mission_list,
        location=row.location,
        upstream=b"",
    )


def find_links_again(archive: Archive, on_release: Callable[[int], None] | None = None) -> int:
    """Find the links of all releases anew, as after Solbook has learnt to find better ones.

    What somebody has added or removed stays.

    Args:
        archive: The archive.
        on_release: Called after every release with how many are done.

    Returns:
        How many releases were looked at.
    """
    table = schema.UPSTREAM_RECORDS.c
    done = 0
    with archive.writing() as connection:
        rows = connection.execute(
            sa.select(*_COLUMNS, sa.func.min(table.upstream_id))
            .select_from(_JOINED.join(schema.UPSTREAM_RECORDS, table.item == _ITEMS.key))
            .group_by(_ITEMS.key)
        ).all()
        for *values, upstream_id in rows:
            row = ReleaseRow(*values)
            write_links(connection, row.key, links_of_release(record_of(row, upstream_id)))
            done += 1
            if on_release is not None:
                on_release(done)
    return done


def release_by_id(connection: sa.Connection, source: str, name: str) -> ReleaseRow | None:
    """The release with this public id, `source/name`."""
    row = connection.execute(
        sa.select(*_COLUMNS).select_from(_JOINED).where(_ITEMS.id == f"{source}/{name}")
    ).first()
    return ReleaseRow(*row) if row else None


def release_of_upstream(
    connection: sa.Connection, source: str, upstream_id: str
) -> ReleaseRow | None:
    """The release that a source calls so."""
    return release_by_id(connection, *release_id(source, upstream_id).split("/", 1))


def releases_by_key(connection: sa.Connection, keys: Iterable[int]) -> dict[int, ReleaseRow]:
    """Some releases, by their keys."""
    rows = connection.execute(
        sa.select(*_COLUMNS).select_from(_JOINED).where(_ITEMS.key.in_(list(keys)))
    )
    found = (ReleaseRow(*row) for row in rows)
    return {release.key: release for release in found}


def releases_by_id(connection: sa.Connection, ids: Iterable[str]) -> dict[str, ReleaseRow]:
    """The releases with these public ids, by id; ids of nothing are passed over."""
    rows = connection.execute(
        sa.select(*_COLUMNS).select_from(_JOINED).where(_ITEMS.id.in_(list(ids)))
    )
    return {release.id: release for release in (ReleaseRow(*row) for row in rows)}


def releases_named(connection: sa.Connection, name: str) -> list[ReleaseRow]:
    """The releases of this name, whatever their source: `PIA24546`."""
    return list(releases_by_id(connection, ids_of_names(connection, [name])).values())


def ids_of_names(connection: sa.Connection, names: Iterable[str]) -> list[str]:
    """The ids that releases of some names may have: ids begin with a source, and there are few.

    No source of releases is called like a mission.
    """
    sources = connection.execute(sa.select(schema.SOURCE_COUNTS.c.source)).scalars().all()
    return [f"{source}/{name}" for source in sources if source not in MISSIONS for name in names]


def releases(
    connection: sa.Connection, wanted: ReleaseFilter, *, limit: int, offset: int = 0
) -> list[ReleaseRow]:
    """Releases, newest first; what has no date comes last.

    Args:
        connection: A connection of the archive.
        wanted: Which.
        limit: At most so many.
        offset: After so many.
    """
    rows = connection.execute(
        sa.select(*_COLUMNS)
        .select_from(_JOINED)
        .where(*_conditions(wanted))
        .order_by(_DATE.desc(), _RELEASES.item.desc())
        .limit(limit)
        .offset(offset)
    )
    return [ReleaseRow(*row) for row in rows]


def count_releases(connection: sa.Connection, wanted: ReleaseFilter) -> int:
    """How many there are."""
    counted = sa.select(sa.func.count()).select_from(schema.RELEASES)
    return connection.execute(counted.where(*_conditions(wanted))).scalar_one()


def counts_by_type(connection: sa.Connection, wanted: ReleaseFilter) -> list[ReleaseCount]:
    """Counts by media type, whatever type is wanted."""
    other = msgspec.structs.replace(wanted, media_types=())
    return _counts(connection, _RELEASES.media_type, _conditions(other))


def counts_by_year(connection: sa.Connection, wanted: ReleaseFilter) -> list[ReleaseCount]:
    """Counts by year, newest first, whatever year is wanted."""
    other = msgspec.structs.replace(wanted, year=None)
    return _counts(connection, _YEAR, [*_conditions(other), _RELEASES.dated.is_not(None)])[::-1]


def counts_by_mission(connection: sa.Connection, wanted: ReleaseFilter) -> list[ReleaseCount]:
    """Counts by mission, whatever mission is wanted."""
    other = msgspec.structs.replace(wanted, mission=None)
    rows = connection.execute(
        sa.select(_LINKS.target, sa.func.count())
        .select_from(schema.LINKS.join(schema.RELEASES, _RELEASES.item == _LINKS.item))
        .where(
            *_conditions(other),
            _LINKS.kind == "mission",
            _LINKS.ruling.is_distinct_from(REMOVED),
        )
        .group_by(_LINKS.target)
        .order_by(_LINKS.target)
    )
    return [ReleaseCount(*row) for row in rows]


def beside(
    connection: sa.Connection, release: ReleaseRow, wanted: ReleaseFilter
) -> tuple[ReleaseRow | None, ReleaseRow | None]:
    """The releases published just before and just after one, among those that are wanted."""
    place = sa.tuple_(_DATE, _RELEASES.item)
    dated_ns = -(1 << 62) if release.dated_ns is None else release.dated_ns
    here = sa.tuple_(dated_ns, release.key)
    found = []
    for condition, down in ((place < here, True), (place > here, False)):
        order = [_DATE.desc(), _RELEASES.item.desc()] if down else [_DATE, _RELEASES.item]
        row = connection.execute(
            sa.select(*_COLUMNS)
            .select_from(_JOINED)
            .where(*_conditions(wanted), condition)
            .order_by(*order)
            .limit(1)
        ).first()
        found.append(ReleaseRow(*row) if row else None)
    return found[0], found[1]


def _counts(
    connection: sa.Connection,
    value: sa.ColumnElement[Any],
    conditions: Sequence[sa.ColumnElement[bool]],
) -> list[ReleaseCount]:
    rows = connection.execute(
        sa.select(value, sa.func.count())
        .select_from(schema.RELEASES)
        .where(*conditions)
        .group_by(value)
        .order_by(value)
    )
    return [ReleaseCount(*row) for row in rows]


def _conditions(wanted: ReleaseFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.media_types:
        conditions.append(_RELEASES.media_type.in_(wanted.media_types))
    if wanted.year is not None:
        conditions.append(_YEAR.in_([f"{wanted.year:04d}"]))
    named = ("mission", wanted.mission) if wanted.mission is not None else None
    for link in (named, wanted.about):
        if link is not None:
            linked = sa.select(_LINKS.item).where(
                _LINKS.kind == link[0],
                _LINKS.target == link[1],
                _LINKS.ruling.is_distinct_from(REMOVED),
            )
            conditions.append(_RELEASES.item.in_(linked))
    return conditions
