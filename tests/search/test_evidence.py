"""The table of weights, and how evidence adds up."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from solbook.search.evidence import (
    MOST_UNEXPOSED,
    OF_EXPOSURE,
    WEIGHTS,
    Gathered,
    likeness_part,
    overlap_part,
    time_part,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"

PARTS = st.floats(0, 1)
KINDS = st.sampled_from(sorted(WEIGHTS))


def test_the_documented_weights_are_those_of_the_code() -> None:
    text = (DOCS / "related.md").read_text("utf-8")
    table = text.partition("## How Related is ranked")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([a-z ]+) \| ([0-9.]+) \|", table, re.MULTILINE)
    assert {kind: float(weight) for kind, weight in rows} == WEIGHTS


@given(st.lists(st.tuples(KINDS, PARTS), min_size=1))
def test_evidence_adds_up(given: list[tuple[str, float]]) -> None:
    gathered = Gathered()
    scores = []
    for kind, part in given:
        gathered.add(1, kind, part, kind)
        scores.append(gathered.score(1))
    assert 0 <= scores[-1] <= 1
    best = max(WEIGHTS[kind] * part for kind, part in given)
    assert gathered.reason(1).weight == best
    of_exposure = [WEIGHTS[kind] * part for kind, part in given if kind in OF_EXPOSURE]
    if not of_exposure:
        # More evidence never makes less related.
        assert scores == sorted(scores)
        assert scores[-1] <= MOST_UNEXPOSED


def test_the_same_exposure_stands_above_everything() -> None:
    gathered = Gathered()
    for kind in WEIGHTS.keys() - OF_EXPOSURE:
        gathered.add(1, kind)
    for number, kind in enumerate(sorted(OF_EXPOSURE)):
        gathered.add(2 + number, kind, 0.99)
    ranked = gathered.best(1 + len(OF_EXPOSURE))
    assert ranked[-1] == 1
    assert gathered.best(2) == ranked[:2]


def test_parts_grow_with_what_they_measure() -> None:
    for part in (overlap_part, likeness_part):
        values = [part(each / 50) for each in range(51)]
        assert values == sorted(values)
        assert values[-1] == 1
    assert likeness_part(0.9) == 0
    assert overlap_part(0) > 0
    hour_ns = 3600 * 10**9
    assert time_part(0, hour_ns) == 1
    assert time_part(hour_ns, hour_ns) == time_part(-hour_ns, hour_ns)
    assert 0.5 <= time_part(10**18, hour_ns) < time_part(hour_ns, hour_ns)
    assert time_part(None, hour_ns) == 0.5
