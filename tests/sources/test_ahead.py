"""Reading a folder of many files in a second process."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from bench.generate import write_pages

from solbook.errors import SolbookError
from solbook.settings import Settings
from solbook.sources import SOURCES, read
from solbook.sources.ahead import read_ahead

SETTINGS = Settings(network=False)
M2020 = SOURCES["m2020"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough pages for the second process, one damaged, and files that are none of them."""
    folder = tmp_path_factory.mktemp("feed")
    write_pages(folder, 150 * 5, 5)
    (folder / "page-000002b.json").write_text('{"weather": "fine"}')
    (folder / "page-000140b.json").write_text('{"weather": "dusty"}')
    (folder / "page-000140c.json").write_text("<html>Not found</html>")
    return folder


def test_the_pages_are_those_of_reading_one_by_one(folder: Path) -> None:
    passed_over: list[Path] = []
    passed_over_ahead: list[Path] = []
    one_by_one = list(read(M2020, str(folder), SETTINGS, passed_over))
    ahead = list(read_ahead(M2020, str(folder), SETTINGS, passed_over_ahead))
    assert ahead == one_by_one
    assert sum(len(page.frames) for page in ahead) == 750
    assert sum(len(page.rejected) for page in ahead) == 1
    assert passed_over_ahead == passed_over
    assert [path.name for path in passed_over] == ["page-000002b.json", "page-000140b.json"]


def test_a_reader_that_is_killed_is_an_error_and_not_an_end(folder: Path) -> None:
    pages = read_ahead(M2020, str(folder), SETTINGS, [])
    next(pages)
    [process] = multiprocessing.active_children()
    process.kill()
    with pytest.raises(SolbookError) as raised:
        for _ in pages:
            pass
    assert raised.value.code == "reader_ended"


def test_giving_up_early_leaves_no_process(folder: Path) -> None:
    pages = read_ahead(M2020, str(folder), SETTINGS, [])
    next(pages)
    pages.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []
