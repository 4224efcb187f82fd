"""Describing items in processes: all of them, once, whatever dies on the way."""

from __future__ import annotations

from collections import Counter

import pytest

from solbook.jobs import index
from solbook.search.work import Work
from tests.jobs.poison import POISON, describe_some


def works(count: int, poisoned: tuple[int, ...] = ()) -> list[Work]:
    return [
        Work(n, f"m2020/{POISON if n in poisoned else 'FRAME'}_{n}", "m2020", n, 1, 64, 64)
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 50, 51, 230])
def test_each_is_described_once(count: int) -> None:
    pieces = [works(count)[start : start + 70] for start in range(0, count, 70)]
    done = [one for some in index.in_processes(pieces, 2) for one in some]
    assert sorted(one.key for one in done) == list(range(count))


def test_one_that_kills_its_process_is_named_and_the_rest_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index, "_describe_some", describe_some)
    monkeypatch.setattr(index, "_TOGETHER", 3)
    done = [one for some in index.in_processes([works(60, (7, 40))], 2) for one in some]
    assert Counter(one.key for one in done) == Counter(range(60))
    assert {one.key for one in done if one.damage} == {7, 40}
