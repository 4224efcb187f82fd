"""`solbook link` and `solbook ingest folder`, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import run_solbook

ROW = {"title": "Sunset", "body": "On sol 257.", "missions": "Perseverance", "id": "sunset"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "museum"
    folder.mkdir()
    (folder / "captions.json").write_text(json.dumps([ROW, {"file": "none.png", "title": "T"}]))
    archive = tmp_path / "archive"
    done = run_solbook("ingest", "folder", str(folder), archive=archive)
    # The bad row is said, the rest is kept.
    assert done.returncode == 3
    assert "new 1 · revised 0 · unchanged 0 · quarantined 1" in done.stdout
    said = run_solbook("status", archive=archive).stdout
    assert "1 record of 1 release, 1 in quarantine" in said
    assert "captions.json, row 2: The file is not there." in said
    return archive


def test_links_are_shown_added_and_removed(path: Path) -> None:
    item = "folder/museum.sunset"
    done = run_solbook("link", item, "--add", "flight:m2020/13", archive=path)
    assert done.returncode == 0, done.stderr
    assert "sol:m2020/257 “sol 257” in body" in done.stdout
    assert "flight:m2020/13 · added by hand" in done.stdout
    run_solbook("link", item, "--remove", "sol:m2020/257", archive=path)
    assert run_solbook("link", "--again", archive=path).stdout == "1 release looked at again.\n"
    rows = json.loads(run_solbook("link", item, "--json", archive=path).stdout)
    assert {(row["target"], row["ruling"]) for row in rows} == {
        ("m2020", None),
        ("m2020/257", "removed"),
        ("m2020/13", "added"),
    }


@pytest.mark.parametrize(
    "words",
    [
        ["library/none"],
        ["folder/museum.sunset", "--add", "hologram:m2020/1"],
        ["folder/museum.sunset", "--remove", "sol"],
        [],
    ],
)
def test_what_is_no_link_is_explained(path: Path, words: list[str]) -> None:
    done = run_solbook("link", *words, archive=path)
    assert done.returncode == 1
    assert done.stderr.startswith("error ")
    assert "expected:" in done.stderr
