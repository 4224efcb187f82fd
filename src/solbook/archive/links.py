"""What items show and speak of: links to frames, sols, places, flights, with their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import schema
from solbook.archive.catalogue import Archive, now_ns
from solbook.records import Link

_LINKS = schema.LINKS.c

ADDED, REMOVED = "added", "removed"
"""What somebody may have said of a link; nothing that is found later overrules it."""


class LinkRow(msgspec.Struct, frozen=True):
    """A link of an item.

    Attributes:
        kind: What it leads to: `sol`, `place`, `flight`, …
        target: Which, for example `m2020/257`.
        words: The words that made it.
        field: Where they stand: `title`, `caption`, `body`, `keywords`, …; `ruling` where
            somebody added it.
        ruling: `added`, `removed`, or `None` where nobody has said anything of it.
    """

    kind: str
    target: str
    words: str
    field: str
    ruling: str | None = None


_ROW = tuple(_LINKS[name] for name in LinkRow.__struct_fields__)


def write_links(connection: sa.Connection, item: int, found: Iterable[Link]) -> None:
    """Put the links that were found in place of those found before; rulings stay.

    Args:
        connection: A transaction of the archive.
        item: Key of the item.
        found: What its words say; of several for one target the first counts.
    """
    connection.execute(sa.delete(schema.LINKS).where(_LINKS.item == item, _LINKS.ruling.is_(None)))
    rows = {
        (link.kind, link.target): {"item": item, **msgspec.structs.asdict(link)}
        for link in reversed(list(found))
    }
    if rows:
        statement = upsert(schema.LINKS).on_conflict_do_nothing()
        connection.execute(statement, list(rows.values()))


def links_of(connection: sa.Connection, item: int, *, removed: bool = False) -> list[LinkRow]:
    """The links of an item, by kind and target.

    Args:
        connection: A connection of the archive.
        item: Key of the item.
        removed: Whether those that somebody has removed are among them.
    """
    return links_of_all(connection, [item], removed=removed).get(item, [])


def links_of_all(
    connection: sa.Connection, items: Sequence[int], *, removed: bool = False
) -> dict[int, list[LinkRow]]:
    """The links of many items, by the item's key."""
    rows = connection.execute(
        sa.select(_LINKS.item, *_ROW)
        .where(_LINKS.item.in_(items))
        .order_by(_LINKS.item, _LINKS.kind, _LINKS.target)
    )
    found: dict[int, list[LinkRow]] = {}
    for item, *values in rows:
        link = LinkRow(*values)
        if removed or link.ruling != REMOVED:
            found.setdefault(item, []).append(link)
    return found


def items_linked_to(connection: sa.Connection, kind: str, target: str, *, limit: int) -> list[int]:
    """Keys of the items that lead to a target, the newest in the archive first."""
    rows = connection.execute(
        sa.select(_LINKS.item)
        .where(
            _LINKS.kind == kind,
            _LINKS.target == target,
            _LINKS.ruling.is_distinct_from(REMOVED),
        )
        .order_by(_LINKS.item.desc())
        .limit(limit)
    )
    return list(rows.scalars())


def rule(archive: Archive, item: int, kind: str, target: str, ruling: str) -> bool:
    """Add a link by hand, or remove one, for good.

    Args:
        archive: The archive.
        item: Key of the item.
        kind: What it leads to.
        target: Which.
        ruling: `added` or `removed`.

    Returns:
        Whether this changed anything.
    """
    with archive.writing() as connection:
        before = connection.execute(
            sa.select(_LINKS.ruling).where(
                _LINKS.item == item, _LINKS.kind == kind, _LINKS.target == target
            )
        ).first()
        if before is not None and before.ruling == ruling:
            return False
        row = {"item": item, "kind": kind, "target": target, "ruling": ruling}
        connection.execute(
            upsert(schema.LINKS)
            .values(**row, words="", field="ruling")
            .on_conflict_do_update(
                index_elements=["item", "kind", "target"], set_={"ruling": ruling}
            )
        )
        connection.execute(
            sa.insert(schema.CHANGE_LOG), {"item": item, "change": "link", "at_ns": now_ns()}
        )
    return True
