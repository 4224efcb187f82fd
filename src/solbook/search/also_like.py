"""You Might Also Like: stories, then releases, that go on from an item.

What shares an entity with it comes first (the rarer the kind of entity, the more it counts), then
what is about the same words; what is as near is ordered by how near in time it was published. Where
that does not fill the places, the newest stories of the mission do, then the newest of all: it is
never empty while anything else was published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sa

from solbook.archive import Archive, schema
from solbook.archive.links import REMOVED, links_of
from solbook.search import by_catalogue, by_index
from solbook.search.evidence import DAY_NS, WEIGHTS, Gathered, time_part
from solbook.search.facts import Facts, facts_by_id, facts_of
from solbook.search.generations import READ_ERRORS
from solbook.search.reasons import week_words
from solbook.search.related import RelatedItem
from solbook.search.state import index_of

ARTICLE = "article"

LEAST_ABOUT = 0.10
"""What is less about the same than this is taken for new, not for related."""

FRESHNESS_DAYS = 60
"""In so many days the worth of having been published at the same time falls to a third."""

_MOST_LOOKED_AT = 120
_ITEMS, _RELEASES, _LINKS = schema.ITEMS.c, schema.RELEASES.c, schema.LINKS.c


class _Candidate(msgspec.Struct, frozen=True):
    facts: Facts
    score: float
    reason: str


def you_might_also_like(
    archive: Archive, item_id: str, exclude: Collection[str], limit: int = 6
) -> list[RelatedItem]:
    """Stories and releases that go on from an item, stories first.

    Args:
        archive: The archive.
        item_id: Public id of the item; there are none for one that is not there.
        exclude: Public ids of items that are shown already, as in Related.
        limit: At most so many.
    """
    with archive.reading() as connection:
        item = next(iter(facts_by_id(connection, [item_id])), None)
        if item is None:
            return []
        left_out = {item_id, *exclude}
        chosen = [
            one
            for one in _about_the_same(archive, connection, item)
            if one.facts.id not in left_out and one.score >= LEAST_ABOUT
        ]
        chosen = sorted(chosen, key=_order)[:limit]
        if len(chosen) < limit:
            left_out |= {one.facts.id for one in chosen}
            chosen += _newest(connection, item, left_out, limit - len(chosen))
    return [
        RelatedItem(one.facts.id, one.facts.kind, round(one.score, 4), one.reason) for one in chosen
    ]


def _order(one: _Candidate) -> tuple[bool, float, str]:
    return one.facts.kind != ARTICLE, -one.score, one.facts.id


def _about_the_same(archive: Archive, connection: sa.Connection, item: Facts) -> list[_Candidate]:
    """What shares an entity or words with an item."""
    gathered = Gathered()
    by_catalogue.by_links(connection, item, gathered)
    if not item.is_frame:
        _by_words(archive, connection, item, gathered)
    found = facts_of(connection, gathered.best(_MOST_LOOKED_AT))
    return [
        _Candidate(
            facts, gathered.score(key) * _freshness(item, facts), gathered.reason(key).reason
        )
        for key, facts in found.items()
        if not facts.is_frame
    ]


def _by_words(archive: Archive, connection: sa.Connection, item: Facts, gathered: Gathered) -> None:
    store = index_of(archive)
    generation = store.generation()
    if generation is None:
        return
    try:
        by_index.by_words(generation, connection, item, gathered)
    except READ_ERRORS as error:
        store.note_damage(error)


def _freshness(item: Facts, other: Facts) -> float:
    apart_ns = None
    if item.at_ns is not None and other.at_ns is not None:
        apart_ns = item.at_ns - other.at_ns
    return time_part(apart_ns, FRESHNESS_DAYS * DAY_NS)


def _newest(
    connection: sa.Connection, item: Facts, left_out: Collection[str], limit: int
) -> list[_Candidate]:
    """The newest stories of the item's missions, then of all; then the same of releases."""
    missions = [item.mission] if item.mission else _missions(connection, item)
    ways = [(is_article, mission) for is_article in (True, False) for mission in (*missions, None)]
    chosen: list[_Candidate] = []
    taken = set(left_out)
    for is_article, mission in ways:
        wanted = limit - len(chosen)
        if not wanted:
            break
        # So many more as may have to be left out.
        keys = _newest_keys(connection, mission, wanted + len(taken), is_article=is_article)
        found = facts_of(connection, keys)
        fresh = [found[key] for key in keys if key in found and found[key].id not in taken]
        taken |= {facts.id for facts in fresh[:wanted]}
        chosen += [
            _Candidate(facts, _fallback_weight(mission), _newest_words(item, facts, mission))
            for facts in fresh[:wanted]
        ]
    return chosen


def _fallback_weight(mission: str | None) -> float:
    return WEIGHTS["the same mission"] if mission else 0.0


def _newest_words(item: Facts, facts: Facts, mission: str | None) -> str:
    what = "story" if facts.kind == ARTICLE else "release"
    nearby = week_words(item, facts)
    if nearby:
        return f"{nearby}, of the same mission" if mission else nearby
    return f"a recent {what} of the same mission" if mission else f"a recent {what}"


def _missions(connection: sa.Connection, item: Facts) -> list[str]:
    """The missions a release is about."""
    return [link.target for link in links_of(connection, item.key) if link.kind == "mission"]


def _newest_keys(
    connection: sa.Connection, mission: str | None, limit: int, *, is_article: bool
) -> Iterable[int]:
    """Keys of the newest releases or stories, of a mission if one is named; the undated last."""
    kind = _RELEASES.media_type == ARTICLE if is_article else _RELEASES.media_type != ARTICLE
    statement = sa.select(_RELEASES.item).where(kind)
    if mission is not None:
        statement = statement.where(
            _RELEASES.item.in_(
                sa.select(_LINKS.item).where(
                    _LINKS.kind == "mission",
                    _LINKS.target == mission,
                    _LINKS.ruling.is_distinct_from(REMOVED),
                )
            )
        )
    newest = statement.order_by(_RELEASES.dated_ns.desc().nulls_last(), _RELEASES.item.desc())
    return list(connection.execute(newest.limit(limit)).scalars())
