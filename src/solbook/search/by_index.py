"""What the index says is related to an item: views, pictures, words."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from solbook.archive.releases import releases_by_key
from solbook.imaging.perceptual_hash import DUPLICATE_BITS, DUPLICATE_LIKENESS
from solbook.search.catalogue_rows import words_of
from solbook.search.evidence import LEAST_LIKENESS, Gathered, likeness_part, overlap_part
from solbook.search.facts import Facts
from solbook.search.generations import Generation
from solbook.search.reasons import overlap_words
from solbook.search.text import Topic, Words, terms_of
from solbook.search.views import View

_MOST_SEEN = 60
_MOST_ALIKE = 32
_MOST_LIKE_TEXT = 40
_WORDS_NAMED = 3


class _Picture(NamedTuple):
    """The descriptor of an item, and its perceptual hash (0 for none)."""

    vector: NDArray[np.float32]
    hash: int


def by_view(generation: Generation, item: Facts, gathered: Gathered) -> None:
    """The frames nearby that see what a frame sees."""
    view = _view(generation, item.key)
    if view is None:
        return
    found = [seen for each in generation.views for seen in each.seeing(view, _MOST_SEEN)]
    for seen in found:
        if seen.key != item.key:
            part = overlap_part(seen.nearness)
            gathered.add(seen.key, "overlapping view", part, overlap_words(seen.away_m))


def by_looks(generation: Generation, item: Facts, gathered: Gathered) -> None:
    """The items whose picture looks like that of an item, and those that have nearly the same."""
    picture = _picture(generation, item.key)
    if picture is None:
        return
    for segment in generation.vectors:
        for alike in segment.nearest(picture.vector, _MOST_ALIKE):
            if alike.key != item.key and alike.likeness > LEAST_LIKENESS:
                gathered.add(alike.key, "looks alike", likeness_part(alike.likeness), "looks alike")
        if not picture.hash:
            continue
        for key in segment.hashes_near(picture.hash, DUPLICATE_BITS):
            other = _picture(generation, key)
            if key == item.key or other is None:
                continue
            if float(picture.vector @ other.vector) >= DUPLICATE_LIKENESS:
                gathered.add(key, "nearly the same picture", 1.0, "nearly the same picture")


class TextMatch(NamedTuple):
    """An item whose words are like those of another: how much, of the best 1, and which words."""

    key: int
    part: float
    words: tuple[str, ...]


def by_words(
    generation: Generation, connection: sa.Connection, item: Facts, gathered: Gathered
) -> None:
    """The releases and stories whose words are those of a release or story."""
    for match in like_text(generation, connection, item.key):
        reason = f"also about: {', '.join(match.words)}"
        gathered.add(match.key, "the same words", match.part, reason)


def like_text(generation: Generation, connection: sa.Connection, key: int) -> list[TextMatch]:
    """The releases and stories whose words are like those of one, and the words they share."""
    own = _words(connection, [key]).get(key)
    if own is None:
        return []
    topics = generation.text.topics(own)
    matches = [m for m in generation.text.like(topics, _MOST_LIKE_TEXT + 1) if m.key != key]
    if not matches:
        return []
    others = _words(connection, [match.key for match in matches])
    best = matches[0].score
    found = []
    for match in matches:
        # The index may be behind: what it finds may have lost its words, or be gone.
        other = others.get(match.key)
        shared = _shared(topics, other) if other is not None else ()
        if shared:
            # BM25 falls steeply; and one word in common may be chance.
            part = sqrt(match.score / best) * len(shared) / _WORDS_NAMED
            found.append(TextMatch(match.key, part, shared))
    return found


def _shared(topics: list[Topic], other: Words) -> tuple[str, ...]:
    """The most telling of some words that stand in a text."""
    text = f"{other.title} {other.keywords} {other.text}"
    terms = {term for word in text.split() for term in terms_of(word)}
    return tuple(topic.shown for topic in topics if topic.term in terms)[:_WORDS_NAMED]


def _words(connection: sa.Connection, keys: list[int]) -> dict[int, Words]:
    return {
        key: words_of(key, row.title, row.keyword_list, row.caption, row.body)
        for key, row in releases_by_key(connection, keys).items()
    }


def _view(generation: Generation, key: int) -> View | None:
    for segment in generation.views:
        row = segment.row_of(key)
        if row is not None:
            return segment.view_at(row)
    return None


def _picture(generation: Generation, key: int) -> _Picture | None:
    for segment in generation.vectors:
        row = segment.row_of(key)
        if row is not None:
            vector = segment.columns["values"][row].astype(np.float32)
            return _Picture(vector, int(segment.columns["hashes"][row]))
    return None
