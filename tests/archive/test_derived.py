"""Derived files: kept once, within their budget, and never half."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from solbook.archive.derived import DerivedFiles

DAY_S = 86_400.0


def sha(number: int) -> str:
    return f"{number:064x}"[::-1]


def aged(path: Path, days: float) -> None:
    at = time.time() - days * DAY_S
    os.utime(path, (at, at))


def test_what_is_kept_is_found(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path / "pictures", 1000)
    assert files.find(sha(1), "320.webp") is None
    made = files.keep(sha(1), "320.webp", b"picture")
    assert files.find(sha(1), "320.webp") == made
    assert made.read_bytes() == b"picture"
    assert files.find(sha(1), "640.webp") is None
    assert files.find(sha(2), "320.webp") is None


def test_a_name_without_bytes_is_not_a_file(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path, 1000)
    files.keep(sha(1), "320.webp", b"picture").write_bytes(b"")
    assert files.find(sha(1), "320.webp") is None


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path, 1000)
    for number in range(9):
        aged(files.keep(sha(number), "a", bytes(100)), days=9 - number)
    # The oldest is used again.
    assert files.find(sha(0), "a")
    files.keep(sha(10), "a", bytes(200))
    kept = {number for number in range(11) if files.path(sha(number), "a").exists()}
    assert kept == {0, 3, 4, 5, 6, 7, 8, 10}


def test_the_budget_is_nearly_kept_however_much_is_made(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path, 10_000)
    for number in range(400):
        files.keep(sha(number), "a", bytes(130))
        total = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
        assert total <= 10_000 * 1.07
    assert total > 8_000


def test_another_process_counts_what_this_one_left(tmp_path: Path) -> None:
    first = DerivedFiles(tmp_path, 10**6)
    for number in range(50):
        aged(first.keep(sha(number), "a", bytes(100)), days=1)
    DerivedFiles(tmp_path, 1000).keep(sha(99), "a", bytes(100))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 1000


def test_a_large_file_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path, 1000)
    with files.making(sha(1), "pyramid.tif") as partial:
        partial.write_bytes(b"half")
        assert files.find(sha(1), "pyramid.tif") is None
        partial.write_bytes(b"whole")
    found = files.find(sha(1), "pyramid.tif")
    assert found is not None
    assert found.read_bytes() == b"whole"
    assert len(list(found.parent.iterdir())) == 1


def test_what_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path, 1000)

    def fail() -> None:
        with files.making(sha(1), "pyramid.tif") as partial:
            partial.write_bytes(b"half")
            raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        fail()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_is_being_written_is_left_alone_and_what_was_abandoned_is_not(tmp_path: Path) -> None:
    files = DerivedFiles(tmp_path, 100)
    with files.making(sha(1), "pyramid.tif") as partial:
        partial.write_bytes(bytes(90))
        abandoned = partial.with_name(".part-1-2-pyramid.tif")
        abandoned.write_bytes(bytes(90))
        aged(abandoned, days=1)
        files.keep(sha(2), "a", bytes(80))
        assert partial.exists()
        assert not abandoned.exists()
