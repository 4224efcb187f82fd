"""The demonstration's rehearsal: made once, made again by another Solbook, taken in."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from solbook.archive import Archive
from solbook.errors import SolbookError
from solbook.jobs import rehearsal as job
from solbook.rehearsal.folder import (
    FEED,
    IMAGES,
    NOTE,
    Made,
    Note,
    begin,
    version_of_maker,
    write_note,
    write_whole,
)
from solbook.rehearsal.rehearse import Rehearsed, rehearse_records


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Puts one that writes a picture of five bytes in the place of the renderer; notes its runs."""
    made: list[str] = []

    def rehearse(folder: Path, sols: int, *, per_sol: float, **_: object) -> Rehearsed:
        note = begin(folder, Note(version_of_maker(), 7, sols=sols, per_sol=per_sol))
        if note.made is None:
            made.append("made")
            write_whole(folder / IMAGES / "a.png", b"pixel")
            note = msgspec.structs.replace(note, made=Made(1, 0, 1, 5))
            write_note(folder, note)
        assert note.made is not None
        return Rehearsed(note, note.made, 0)

    monkeypatch.setattr(job, "rehearse", rehearse)
    return made


def test_it_is_made_once(runs: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "cache/rehearsal"
    first = job.kept_rehearsal(folder, 1, per_sol=1)
    assert job.kept_rehearsal(folder, 1, per_sol=1) == first
    assert runs == ["made"]


def test_one_of_another_solbook_is_made_again(runs: list[str], tmp_path: Path) -> None:
    job.kept_rehearsal(tmp_path, 1, per_sol=1)
    note = msgspec.json.decode((tmp_path / NOTE).read_bytes(), type=Note)
    write_note(tmp_path, msgspec.structs.replace(note, version="0.0.1+00000000"))
    (tmp_path / IMAGES / "old.png").write_bytes(b"of the other")
    assert job.kept_rehearsal(tmp_path, 1, per_sol=1).note == note
    assert runs == ["made", "made"]
    assert [path.name for path in (tmp_path / IMAGES).iterdir()] == ["a.png"]


def test_what_is_no_rehearsal_is_left_alone(runs: list[str], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(SolbookError) as raised:
        job.kept_rehearsal(tmp_path, 1)
    assert raised.value.code == "not_empty"
    assert (tmp_path / "letter.txt").read_text() == "mine"
    assert runs == []


def test_a_run_killed_at_its_first_step_is_no_hindrance(runs: list[str], tmp_path: Path) -> None:
    (tmp_path / f"{NOTE}.part").write_bytes(b"{")
    job.kept_rehearsal(tmp_path, 1)
    assert runs == ["made"]


def test_every_record_lands(archive: Archive, tmp_path: Path) -> None:
    rehearse_records(tmp_path / "made", 130)
    (report,), attached = job.take_in(archive, tmp_path / "made")
    assert report.origin == str(tmp_path / "made" / FEED)
    assert (report.tally.new, report.tally.quarantined) == (130, 0)
    assert report.stated_total == 130
    assert attached.attached == 0


def test_pictures_are_made_by_every_core_up_to_four(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, threads in ((None, 1), (1, 1), (2, 2), (64, 4)):
        monkeypatch.setattr(job.os, "cpu_count", lambda cores=cores: cores)
        assert job.default_threads() == threads
