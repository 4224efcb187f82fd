"""How well links are found: precision and recall on captions labelled by hand."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from solbook.records import find_mentions

LABELLED = Path(__file__).with_name("mentions_labelled.toml")
CAPTIONS: list[dict[str, Any]] = tomllib.loads(LABELLED.read_text(encoding="utf-8"))["caption"]
PRECISION, RECALL = 0.95, 0.85


def links_found(caption: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The links of a caption, with the words that make each first."""
    found: dict[tuple[str, str], str] = {}
    for mention in find_mentions(caption["text"], missions=caption.get("missions", ())):
        found.setdefault((mention.kind, mention.target), mention.words)
    return found


def links_labelled(caption: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(kind, target): words for kind, target, words in caption["links"]}


def counts() -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """Right, wrong and missed links by kind, and what went amiss in words."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    amiss = []
    for caption in CAPTIONS:
        found, labelled = links_found(caption), links_labelled(caption)
        right.update(kind for kind, _ in found.keys() & labelled.keys())
        for name, count, links in (
            ("wrong ", wrong, found.keys() - labelled.keys()),
            ("missed", missed, labelled.keys() - found.keys()),
        ):
            count.update(kind for kind, _ in links)
            amiss += [f"{name} {kind} {target}: {caption['text'][:60]}" for kind, target in links]
    return right, wrong, missed, amiss


def share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else 1.0


def test_links_are_right_and_few_are_missed(capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong, missed, amiss = counts()
    lines = [f"\n{len(CAPTIONS)} captions, {sum(right.values()) + sum(missed.values())} links"]
    for kind in [*sorted(right), "all"]:
        good, bad, lost = (
            count[kind] if kind != "all" else sum(count.values())
            for count in (right, wrong, missed)
        )
        lines.append(
            f"{kind:>10}: precision {share(good, bad):.3f}, recall {share(good, lost):.3f}"
        )
    with capsys.disabled():
        sys.stdout.write("\n".join([*lines, *sorted(amiss), ""]))
    assert share(sum(right.values()), sum(wrong.values())) >= PRECISION
    assert share(sum(right.values()), sum(missed.values())) >= RECALL
    for kind in right:
        assert share(right[kind], missed[kind]) >= 0.8, kind


def test_the_words_are_those_that_a_reader_would_mark() -> None:
    alike = [
        labelled[link] in words or words in labelled[link]
        for caption in CAPTIONS
        for labelled, found in [(links_labelled(caption), links_found(caption))]
        for link, words in found.items()
        if link in labelled
    ]
    assert sum(alike) >= PRECISION * len(alike)


def test_the_labels_are_of_their_texts_and_there_are_enough_of_them() -> None:
    assert len(CAPTIONS) >= 60
    assert sum(caption.get("hard", False) for caption in CAPTIONS) >= 15
    for caption in CAPTIONS:
        links = [(kind, target) for kind, target, _ in caption["links"]]
        assert len(set(links)) == len(links)
        assert all(words in caption["text"] for _, _, words in caption["links"])
