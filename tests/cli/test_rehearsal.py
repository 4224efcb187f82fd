"""The rehearsal on the command line: taken in by its name, and never met unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import explained, succeeded
from tests.conftest import run_solbook
from tests.simulated import rehearsal_folder


@pytest.fixture(scope="module")
def saved(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal on disk: a page of its feed, and pictures."""
    return rehearsal_folder(shared_data / "data", tmp_path_factory.mktemp("cli") / "saved")


def test_it_is_ingested_with_its_pictures_and_counted_as_simulated(
    saved: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    words = ("ingest", "rehearsal", str(saved), "--files", str(saved))
    said = succeeded(run_solbook(*words, archive=archive))
    assert "145 records stored; the feed states 145." in said
    assert "pictures attached 32" in said
    assert "unchanged 145" in succeeded(run_solbook(*words, archive=archive))
    status = succeeded(run_solbook("status", archive=archive))
    assert "rehearsal    145 simulated frames on 12 sols (0 to 11)" in status
    told = json.loads(succeeded(run_solbook("status", "--json", archive=archive)))
    assert [m["mission"] for m in told["missions"]] == ["rehearsal"]


def test_taken_for_perseverance_s_feed_it_lands_in_quarantine(saved: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    done = run_solbook("ingest", "m2020", str(saved / "page.json"), archive=archive)
    assert "new 0 · revised 0 · unchanged 0 · quarantined 145" in succeeded(done, 3)
    status = succeeded(run_solbook("status", archive=archive))
    assert "The record is one of a simulated mission." in status
    assert "simulated frame" not in status


def test_a_demo_of_a_folder_knows_it_for_what_it_is(saved: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    words = ("demo", "--from", str(saved), "--no-network", "--no-serve")
    said = succeeded(run_solbook(*words, archive=archive))
    assert f"rehearsal {saved}" in said
    assert "m2020" not in said
    assert "pictures attached 32" in said


def test_sources_are_named_where_there_is_no_such_one(tmp_path: Path) -> None:
    told = explained(run_solbook("ingest", "rehearse", str(tmp_path), archive=tmp_path / "archive"))
    assert "rehearsal" in told


def test_its_time_is_told_to_who_asks_for_it(tmp_path: Path) -> None:
    def told(*words: str) -> str:
        return succeeded(run_solbook("time", *words, archive=tmp_path))

    assert "Rehearsal" not in told()
    assert "Rehearsal" not in told("2025-03-05")
    noted = "Rehearsal is simulated, and never was on Mars."
    assert noted in told("--mission", "rehearsal")
    for words in ("sol 3 9:00 of rehearsal", "Rehearsal sol 3 at 9:00", "sol 3 9:00 rehearsal"):
        said = told(words)
        assert noted in said
        # Beside the missions on Mars.
        assert "Perseverance" in said
        [row] = [r for r in said.splitlines() if r.startswith("Rehearsal ") and " LMST " in r]
        assert row.split()[1:4] == ["3", "09:00:00", "LMST"]
    places = json.loads(told("sol 3 of rehearsal", "-m", "rehearsal", "-m", "m2020", "--json"))
    assert {p["mission"]: p["simulated"] for p in places["places"]} == {
        "rehearsal": True,
        "m2020": False,
    }
