"""`solbook index`, and what `solbook status` says of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import explained, succeeded
from tests.conftest import run_solbook

SIDECARS = "data/01_m2020_feed/navcam_sidecars"


@pytest.fixture
def stocked(shared_data: Path, tmp_path: Path) -> Path:
    """The recorded Navcam frames, without pictures."""
    folder = tmp_path / "archive"
    succeeded(run_solbook("ingest", "m2020", str(shared_data / SIDECARS), archive=folder))
    return folder


def index_line(archive: Path) -> str:
    said = succeeded(run_solbook("status", archive=archive))
    return next(line for line in said.splitlines() if line.startswith("index "))


def test_it_is_made_and_told(stocked: Path) -> None:
    assert index_line(stocked) == "index        none; make it: solbook index"
    said = succeeded(run_solbook("index", archive=stocked))
    assert said.startswith("indexed 45 items in ")
    assert "0 pictures · 45 views · 0 texts" in said
    assert index_line(stocked) == "index        0 pictures, 45 views, 0 texts"
    assert "index is up to date" in succeeded(run_solbook("index", archive=stocked))
    made = json.loads(
        succeeded(run_solbook("index", "--rebuild", "--workers", "1", "--json", archive=stocked))
    )
    assert (made["made"], made["rebuilt"], made["views"]) == (True, True, 45)
    told = json.loads(succeeded(run_solbook("status", "--json", archive=stocked)))["index"]
    assert (told["state"], told["behind"]) == ("ready", 0)
    assert told["generation"] == made["generation"]


def test_how_far_it_is_behind_is_told(stocked: Path, shared_data: Path) -> None:
    succeeded(run_solbook("index", archive=stocked))
    page = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    succeeded(run_solbook("ingest", "m2020", str(page), archive=stocked))
    assert index_line(stocked).endswith("100 changes behind")


def test_damage_is_told(stocked: Path) -> None:
    succeeded(run_solbook("index", archive=stocked))
    path = next((stocked / "index").rglob("values.npy"))
    os.truncate(path, 10)
    assert index_line(stocked).startswith("index        damaged, and not used (ValueError: views/")
    said = succeeded(run_solbook("index", archive=stocked))
    assert said.startswith("indexed 45 items")
    assert index_line(stocked) == "index        0 pictures, 45 views, 0 texts"


def test_no_archive_is_explained(tmp_path: Path) -> None:
    assert "init" in explained(run_solbook("index", archive=tmp_path / "none"))


@pytest.mark.parametrize("words", [["status"], ["index", "--help"], ["init"]])
def test_commands_that_need_no_index_do_without_its_engines(
    tmp_path: Path, words: list[str]
) -> None:
    succeeded(run_solbook("init", archive=tmp_path / "archive"))
    program = (
        "import sys\n"
        "from solbook.cli import app\n"
        f"app({['-a', str(tmp_path / 'archive'), *words]!r}, standalone_mode=False)\n"
        "assert not {'faiss', 'tantivy'} & sys.modules.keys()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
