"""Related: what is worth seeing after an item, with the reason in words.

Each way of being related notes its evidence; the best are looked at closely, and of what resembles
each other only some are shown. docs/related.md says how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

import msgspec
import sqlalchemy as sa

from solbook.archive import Archive
from solbook.search import by_catalogue, by_index
from solbook.search.evidence import OF_EXPOSURE, Gathered
from solbook.search.facts import Facts, facts_by_id, facts_of
from solbook.search.generations import READ_ERRORS, Generation
from solbook.search.reasons import with_time
from solbook.search.state import index_of

# So many of the most related are looked at closely.
_LOOKED_AT = 120

MOST_OF_EXPOSURE = 4
"""Of one exposure at most so many: one may have 16 tiles in each eye."""

MOST_OF_BURST = 4
"""Of one burst, that is of one camera, command and direction on one sol, at most so many."""

LEAST_OTHERS = 2
"""So many places are kept for items of other kinds, where any are related enough."""


class RelatedItem(msgspec.Struct, frozen=True):
    """An item that is related to another.

    Attributes:
        item_id: Its public id.
        kind: `frame`, `release` or `article`.
        score: How related it is, 0 to 1.
        reason: Why, in words.
    """

    item_id: str
    kind: str
    score: float
    reason: str


def related(archive: Archive, item_id: str, limit: int = 12) -> list[RelatedItem]:
    """The items that are most related to one, the best first.

    The index is used where there is one; without it the catalogue alone is asked. The answer is
    the same until the catalogue or the index changes.

    Args:
        archive: The archive.
        item_id: Public id of the item; nothing is related to one that is not there.
        limit: At most so many.
    """
    with archive.reading() as connection:
        item = next(iter(facts_by_id(connection, [item_id])), None)
        if item is None:
            return []
        gathered = Gathered()
        exposure = by_catalogue.by_exposure(connection, item, gathered)
        by_catalogue.by_links(connection, item, gathered)
        by_catalogue.by_camera(connection, item, gathered)
        by_catalogue.by_time(connection, item, gathered)
        by_catalogue.by_other_cameras(connection, item, gathered)
        stand_in = _stand_in(item, exposure)
        if not _by_index(archive, connection, stand_in, gathered):
            by_catalogue.by_direction(connection, item, gathered)
        gathered.drop([item.key, *(each.key for each in exposure if each.is_thumbnail)])
        facts = facts_of(connection, gathered.best(_LOOKED_AT))
    ranked = [
        _Ranked(facts[key], round(gathered.score(key), 4), *gathered.reason(key)[::2])
        for key in gathered.best(_LOOKED_AT)
        if key in facts and not facts[key].is_thumbnail
    ]
    chosen = _chosen(item, ranked, limit)
    return [
        RelatedItem(one.facts.id, one.facts.kind, one.score, _reason(item, one)) for one in chosen
    ]


class _Ranked(msgspec.Struct, frozen=True):
    facts: Facts
    score: float
    why: str
    words: str


def _stand_in(item: Facts, exposure: Iterable[Facts]) -> Facts:
    """The item, or of a thumbnail the frame it is of: thumbnails are not in the index."""
    if not item.is_thumbnail:
        return item
    own = (f for f in exposure if not f.is_thumbnail and f.instrument == item.instrument)
    return min(own, key=lambda facts: facts.id, default=item)


def _by_index(archive: Archive, connection: sa.Connection, item: Facts, gathered: Gathered) -> bool:
    """Ask the index; `False` where there is none that can be read."""
    store = index_of(archive)
    generation = store.generation()
    if generation is None:
        return False
    try:
        _ask(generation, connection, item, gathered)
    except READ_ERRORS as error:
        store.note_damage(error)
        return False
    return True


def _ask(
    generation: Generation, connection: sa.Connection, item: Facts, gathered: Gathered
) -> None:
    by_index.by_looks(generation, item, gathered)
    if item.is_frame:
        by_index.by_view(generation, item, gathered)
    else:
        by_index.by_words(generation, connection, item, gathered)


def _chosen(item: Facts, ranked: list[_Ranked], limit: int) -> list[_Ranked]:
    """The best, but not too many of one exposure or burst, and some of other kinds."""
    ordered = sorted(ranked, key=lambda one: (-one.score, one.facts.id))
    others = [one for one in ordered if one.facts.kind != item.kind][:LEAST_OTHERS]
    kept = _varied(ordered, limit)
    missing = [one for one in others if one not in kept]
    room = limit - len(missing)
    if missing and len(kept) > room:
        kept = kept[:room]
    return sorted([*kept, *missing], key=lambda one: (-one.score, one.facts.id))


def _varied(ordered: list[_Ranked], limit: int) -> list[_Ranked]:
    """The best; what is too much of one kind comes last, and no more than as much again of it."""
    taken: Counter[Hashable] = Counter()
    kept: list[_Ranked] = []
    waiting: list[_Ranked] = []
    for one in ordered:
        group, most = _group(one)
        taken[group] += 1
        if taken[group] <= most:
            kept.append(one)
        elif taken[group] <= 2 * most:
            waiting.append(one)
    return [*kept, *waiting][:limit]


def _group(one: _Ranked) -> tuple[Hashable, int]:
    """What an item is too much of, and how many of that are enough."""
    facts = one.facts
    if one.why in OF_EXPOSURE:
        return "exposure", MOST_OF_EXPOSURE
    if not facts.is_frame:
        return facts.id, 1
    product = facts.product
    sequence = product.sequence if product is not None else None
    direction = (_coarse(facts.mast_az_deg), _coarse(facts.mast_el_deg))
    return (facts.mission, facts.sol, facts.family, sequence, direction), MOST_OF_BURST


def _coarse(angle_deg: float | None) -> int | None:
    return None if angle_deg is None else round(angle_deg / 2)


_TIMED = frozenset(
    {"overlapping view", "the same camera", "taken about then", "the same direction", "looks alike"}
)


def _reason(item: Facts, one: _Ranked) -> str:
    if one.why in _TIMED and one.facts.is_frame and item.is_frame:
        return with_time(one.words, item, one.facts)
    return one.words
