"""The words of releases and stories, by BM25 (Tantivy).

Frames are not in it: their captions are all but the same sentence a million times, and what they
say (camera, sol, time) is in columns. `key` is the item's; texts themselves stay in the catalogue.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

import tantivy

_ANALYSER = "solbook_en"
_HEAP_BYTES = 32 << 20
_FIELDS = {"title": 3.0, "keywords": 2.0, "text": 1.0}
"""The fields, and by how much a word in each counts."""

# What a text is about: its rarest words among the most frequent. More make the answer slower and
# not better.
_MOST_WORDS = 24
# So many words of a text are looked at: its beginning says what it is about.
_LOOKED_AT = 600
_WORD = re.compile(r"[^\W\d_][\w'\N{RIGHT SINGLE QUOTATION MARK}-]{2,}")
_TAG = re.compile(r"<[^>]*>")


class Words(NamedTuple):
    """The words of an item."""

    key: int
    title: str
    keywords: str
    text: str


class Topic(NamedTuple):
    """A word of a text: as it is looked for, as it is shown, and by how much it counts."""

    term: str
    shown: str
    weight: float


class Match(NamedTuple):
    """An item whose words are like those of another, and its BM25."""

    key: int
    score: float


def plain_text(html: str) -> str:
    """A story's text without its marks."""
    return unescape(_TAG.sub(" ", html))


class TextIndex:
    """The index, open for reading.

    Args:
        folder: Its folder.

    Raises:
        OSError, ValueError: It is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._index.register_tokenizer(_ANALYSER, _analyser())
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def topics(self, words: Words) -> list[Topic]:
        """What a text is about: the words that tell it from others, the most telling first."""
        counts: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for name, factor in _FIELDS.items():
            for word in _WORD.findall(getattr(words, name))[:_LOOKED_AT]:
                for term in terms_of(word)[:1]:
                    counts[term] += int(factor)
                    shown.setdefault(term, word)
        total = len(self)
        found = []
        for term, count in counts.items():
            has_it = max(self._searcher.doc_freq(name, term) for name in _FIELDS)
            # A word that stands in this text alone finds nothing, one that stands in every other
            # text says nothing.
            if has_it > 1 and has_it <= max(total // 3, 3):
                rarity = math.log(1 + (total - has_it + 0.5) / (has_it + 0.5))
                found.append(Topic(term, shown[term], rarity * math.sqrt(count)))
        found.sort(key=lambda topic: (-topic.weight, topic.term))
        return found[:_MOST_WORDS]

    def like(self, topics: Sequence[Topic], limit: int) -> list[Match]:
        """The items with most of some words, the best first; ties by key."""
        if not topics:
            return []
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, name, topic.term), factor * topic.weight
                ),
            )
            for topic in topics
            for name, factor in _FIELDS.items()
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(parts), limit).hits
        found = [Match(int(self._searcher.doc(at)["key"][0]), float(score)) for score, at in hits]
        return sorted(found, key=lambda match: (-match.score, match.key))


def write_texts(folder: Path, texts: Iterable[Words], replaced: Sequence[int] = ()) -> int:
    """Add texts to the index of a folder, which is made if there is none.

    Args:
        folder: The folder.
        texts: What is added.
        replaced: Keys of items that are taken out first.

    Returns:
        How many texts the index has then.
    """
    if tantivy.Index.exists(str(folder)) if folder.is_dir() else False:
        index = tantivy.Index.open(str(folder))
    else:
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer(_ANALYSER, _analyser())
    # One thread: the same texts make the same index.
    writer = index.writer(_HEAP_BYTES, 1)
    for key in replaced:
        writer.delete_documents_by_term("key", key)
    for words in texts:
        writer.add_document(tantivy.Document(**words._asdict()))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return int(index.searcher().num_docs)


# What the list of English stop words leaves, and what every caption of this field has.
_SAY_NOTHING = (
    "about above after all also around before behind below beside both can could do does "
    "during each every first from get has have he her here his how i its just last like made "
    "make many may more most my near new next now off one only other our out over own said "
    "same see seen she show shown shows since so some still such than them this those three "
    "through time two under until up us use used very we were what when where which while who "
    "whole why would yet you your acquired caltech camera captured caption center credit "
    "image images jpl mars martian mission nasa photo photos picture pictures pm rover sol "
    "sols taken took view views "
).split()


@lru_cache(maxsize=20_000)
def terms_of(word: str) -> tuple[str, ...]:
    """What is looked for, of a word: without its ending, and nothing of a common one."""
    return tuple(_analyser().analyze(word))


@lru_cache(maxsize=1)
def _analyser() -> tantivy.TextAnalyzer:
    filters = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(40))
        .filter(filters.lowercase())
        .filter(filters.ascii_fold())
        .filter(filters.stopword("english"))
        .filter(filters.custom_stopword(_SAY_NOTHING))
        .filter(filters.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("key", stored=True, indexed=True, fast=True)
    for name in _FIELDS:
        builder.add_text_field(name, stored=False, tokenizer_name=_ANALYSER)
    return builder.build()
