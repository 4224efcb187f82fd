"""`solbook rehearse`, and what the demonstration and the site make of it.

A sol of few pictures is made here, whole by two threads, and once more by one that is killed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.archive.overview import quarantined
from solbook.errors import SolbookError
from solbook.jobs import AttachReport, IngestReport
from solbook.rehearsal.folder import NOTE, Note, version_of_maker, write_note
from solbook.rehearsal.plan import PER_SOL
from solbook.rehearsal.rehearse import rehearse, rehearse_records
from solbook.settings import Settings
from solbook.site.app import create_app
from tests.cli.test_commands import explained, succeeded
from tests.conftest import run_solbook

SMALL = ("--sols", "1", "--per-sol", "1")
MADE_WITHIN_S = 120


def solbook(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "solbook", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "SOLBOOK_NETWORK": "false"},
        timeout=300,
        check=False,
    )


def checksums(folder: Path) -> dict[str, str]:
    """The sha256 of every file below a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def note_of(folder: Path) -> Note:
    return msgspec.json.decode((folder / NOTE).read_bytes(), type=Note)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearse")


@pytest.fixture(scope="module")
def said(workplace: Path) -> str:
    """What is printed when a rehearsal is made, by two threads, in the folder `mission`."""
    return succeeded(solbook("rehearse", "mission", *SMALL, "--threads", "2", folder=workplace))


@pytest.fixture(scope="module")
def mission(workplace: Path, said: str) -> Path:
    return workplace / "mission"


# --- what is made --------------------------------------------------------------------------------


def test_it_says_what_it_made_and_what_to_do_next(said: str, mission: Path) -> None:
    first, second, third = said.splitlines()
    assert first == "mission has 1 sol of the rehearsal with seed 7."
    assert second.startswith("  8 records · 8 pictures · ")
    assert third == (
        "next: solbook -a ARCHIVE ingest rehearsal mission/feed --files mission/images"
    )
    assert {path.suffix for path in mission.rglob("*") if path.is_file()} <= {
        ".csv",
        ".jpg",
        ".json",
        ".png",
        ".parquet",
        ".tif",
    }


def test_a_note_says_what_made_it(mission: Path) -> None:
    note = note_of(mission)
    assert (note.version, note.seed, note.sols, note.per_sol) == (version_of_maker(), 7, 1, 1)
    assert note.made is not None
    assert (note.made.records, note.made.pages, note.made.files) == (8, 1, 8)
    sizes = [
        path.stat().st_size for name in ("feed", "images") for path in (mission / name).iterdir()
    ]
    assert note.made.bytes == sum(sizes)


def test_a_second_run_finds_it_done(mission: Path) -> None:
    before = checksums(mission)
    done = solbook("rehearse", "mission", *SMALL, "--json", folder=mission.parent)
    told = json.loads(succeeded(done))
    assert (told["records"], told["files"], told["already"]) == (8, 8, 8)
    assert (told["feed"], told["images"]) == ("mission/feed", "mission/images")
    assert (told["sols"], told["seed"], told["per_sol"]) == (1, 7, 1)
    assert checksums(mission) == before


def test_killed_and_gone_on_with_by_one_thread_it_is_the_same_to_the_byte(
    mission: Path, workplace: Path
) -> None:
    words = ("rehearse", "killed", *SMALL, "--threads", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "solbook", *words], cwd=workplace, stdout=subprocess.DEVNULL
    )
    folder = workplace / "killed"
    waiting_since = time.monotonic()
    while not list(folder.glob("images/*.png")):
        assert process.poll() is None
        assert time.monotonic() - waiting_since < MADE_WITHIN_S
        time.sleep(0.002)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    # Whatever was under way when the next moment of a run that goes on finds it.
    there = sorted(folder.glob("images/*.png"))
    for path in there[1:]:
        path.unlink()
    kept = there[0].stat()
    done = succeeded(solbook(*words, folder=workplace))
    assert "8 pictures (1 were there)" in done
    assert there[0].stat().st_mtime_ns == kept.st_mtime_ns
    assert checksums(folder) == checksums(mission)


def test_a_picture_that_is_gone_is_missed(mission: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(mission, tmp_path / "copy")
    next(folder.glob("images/*.png")).unlink()
    asked = msgspec.structs.replace(note_of(folder), made=None)
    from solbook.rehearsal.folder import begin

    assert begin(folder, asked).made is None
    assert begin(mission, asked).made is not None


def test_records_only(tmp_path: Path) -> None:
    words = ("rehearse", "many", "--records-only", "250", "--seed", "3")
    done = succeeded(solbook(*words, folder=tmp_path))
    assert "many has the rehearsal with seed 3.\n  250 records · 0 pictures" in done
    assert done.endswith("next: solbook -a ARCHIVE ingest rehearsal many/feed\n")
    folder = tmp_path / "many"
    assert sorted(checksums(folder)) == [
        *(f"feed/page-{number:06d}.json" for number in range(3)),
        NOTE,
    ]
    told: list[tuple[int, int]] = []
    again = rehearse_records(
        tmp_path / "again", 250, seed=3, on_record=lambda *so_far: told.append(so_far)
    )
    assert told == [(100, 250), (200, 250), (250, 250)]
    assert again.made.records == 250
    assert checksums(tmp_path / "again") == checksums(folder)


# --- what is refused -----------------------------------------------------------------------------


def test_another_rehearsal_in_the_folder_is_refused(mission: Path) -> None:
    before = checksums(mission)
    done = solbook("rehearse", "mission", "--sols", "2", folder=mission.parent)
    told = explained(done)
    assert "mission has something else in it." in told
    assert "found: sols 1, files a sol 1, seed 7, by Solbook" in told
    assert "sols 2, files a sol 25, seed 7, by Solbook" in told
    assert checksums(mission) == before


def refused(folder: Path, code: str, sols: int = 1, per_sol: float = 1, threads: int = 1) -> str:
    with pytest.raises(SolbookError) as raised:
        rehearse(folder, sols, per_sol=per_sol, threads=threads)
    error = raised.value
    assert error.code == code
    assert error.found
    assert error.expected
    assert error.help
    return str(error)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.png").write_bytes(b"x")
    assert NOTE in refused(tmp_path, "not_empty")
    (tmp_path / NOTE).write_text("not a note")
    refused(tmp_path, "not_empty")
    assert checksums(tmp_path).keys() == {"holiday.png", NOTE}


def test_where_nothing_can_be_written_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    refused(file, "unwritable")
    refused(file / "below", "unwritable")


@pytest.mark.parametrize(
    ("sols", "per_sol", "threads"),
    [(0, 1, 1), (-3, 1, 1), (9001, 1, 1), (1, 0.5, 1), (1, float("nan"), 1), (1, 1, 0)],
)
def test_numbers_that_make_no_rehearsal_are_refused(
    tmp_path: Path, sols: int, per_sol: float, threads: int
) -> None:
    folder = tmp_path / "mission"
    refused(folder, "bad_argument", sols, per_sol, threads)
    assert not folder.exists()


def test_so_is_a_feed_of_no_records(tmp_path: Path) -> None:
    told = explained(solbook("rehearse", "x", "--records-only", "0", folder=tmp_path))
    assert "expected: 1 to 100,000,000 records" in told
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--rich", "--per-sol", "30"),
        ("--records-only", "5", "--sols", "1"),
        ("--records-only", "5", "--rich", "--threads", "2"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    told = explained(solbook("rehearse", "x", *words, folder=tmp_path))
    assert "These options do not go together." in told
    assert not (tmp_path / "x").exists()


def test_other_commands_do_not_wait_for_the_renderer() -> None:
    code = (
        "import sys, solbook.cli;"
        "print([n for n in sys.modules if n.startswith(('numba', 'solbook.rehearsal'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- what becomes of it --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive_path(mission: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive into which the rehearsal was taken by the command that was printed."""
    folder = tmp_path_factory.mktemp("taken") / "archive"
    words = ("ingest", "rehearsal", str(mission / "feed"), "--files", str(mission / "images"))
    done = succeeded(run_solbook(*words, archive=folder))
    assert "8 records stored; the feed states 8." in done
    assert "new 8 · revised 0 · unchanged 0 · quarantined 0" in done
    assert "attached 8 · already there 0 · of no known frame 0 · unusable 0" in done
    return folder


@pytest.fixture(scope="module")
def site(archive_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Archive(archive_path, Settings(network=False)))) as made:
        yield made


def test_every_picture_is_on_its_frame_s_page_and_marked(site: TestClient, mission: Path) -> None:
    for path in (mission / "images").iterdir():
        frame = site.get(f"/api/frames/rehearsal/{path.stem}").json()
        shown = site.get(f"/frames/{frame['id']}")
        assert shown.status_code == 200
        assert '<span class="simulated">Simulated</span>' in shown.text
        assert "no camera took them" in shown.text
        [full] = [one for one in frame["assets"] if one["role"] == "full"]
        assert full["sha256"] == sha256(path.read_bytes()).hexdigest()


def test_nothing_is_in_quarantine(archive_path: Path) -> None:
    archive = Archive(archive_path, Settings(network=False))
    with archive.reading() as connection:
        assert quarantined(connection, 10) == []
    archive.close()


@pytest.fixture
def demo_place(mission: Path, tmp_path: Path) -> Path:
    """A folder whose cache has the small rehearsal in the place of twelve sols."""
    folder = shutil.copytree(mission, tmp_path / ".cache/rehearsal")
    write_note(folder, msgspec.structs.replace(note_of(folder), sols=12, per_sol=PER_SOL))
    return tmp_path


def test_a_demo_without_a_network_opens_on_the_rehearsal(demo_place: Path) -> None:
    words = ("demo", "--no-network", "--no-serve")
    done = succeeded(solbook(*words, folder=demo_place))
    assert done.startswith("Rehearsing 12 sols: a simulated rover on simulated ground")
    assert "8 records · 8 pictures (8 were there)" in done
    # Of the eight frames, and of the release in two sizes.
    assert "attached 10 · already there 0" in done
    assert "Simulated: no camera took the rehearsal's pictures." in done
    assert "solbook ingest m2020 FOLDER_OR_ADDRESS" in done
    assert "attached 0 · already there 10" in succeeded(solbook(*words, folder=demo_place))
    made = Archive(demo_place / "demo-archive", Settings(network=False))
    with TestClient(create_app(made)) as site:
        home = site.get("/").text
    assert '<p class="simulated-note">' in home
    assert 'href="/frames/rehearsal/' in home


def test_beside_saved_data_real_frames_come_first(demo_place: Path, shared_data: Path) -> None:
    words = ("demo", "--no-network", "--no-serve", "--rehearsal", "--from")
    saved = shared_data / "data/01_m2020_feed/navcam_sidecars"
    done = succeeded(solbook(*words, str(saved), folder=demo_place))
    assert done.index("m2020 ") < done.index("Rehearsing 12 sols")
    with TestClient(
        create_app(Archive(demo_place / "demo-archive", Settings(network=False)))
    ) as site:
        home = site.get("/").text
        missions = site.get("/api/missions").json()
    assert 'href="/frames/m2020/' in home
    assert 'href="/frames/rehearsal/' not in home
    assert "rehearsal" in json.dumps(missions)


@pytest.mark.parametrize(
    ("live", "saved", "words", "shown"),
    [
        (False, None, (), True),
        (False, "m2020", (), False),
        (False, "m2020", ("--rehearsal",), True),
        (False, "rehearsal", (), False),
        (True, None, (), False),
        (True, "m2020", (), False),
        (True, None, ("--rehearsal",), True),
        (False, None, ("--no-rehearsal",), False),
    ],
)
def test_a_demo_rehearses_where_there_is_nothing_else_to_show(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    live: bool,
    saved: str | None,
    words: tuple[str, ...],
    shown: bool,
) -> None:
    from typer.testing import CliRunner

    from solbook.cli import main

    def latest_live(*_: object) -> list[IngestReport]:
        return [IngestReport("m2020", "an address")] if live else []

    def ingest_saved(*_: object) -> tuple[list[IngestReport], AttachReport, list[Path]]:
        return [IngestReport(saved or "", "a folder")], AttachReport(), []

    asked: list[Archive] = []

    def show_in_demo(archive: Archive) -> tuple[list[IngestReport], AttachReport]:
        asked.append(archive)
        return [IngestReport("rehearsal", "a folder")], AttachReport()

    monkeypatch.setattr(main, "latest_live", latest_live)
    monkeypatch.setattr(main, "ingest_saved", ingest_saved)
    monkeypatch.setattr(main, "show_in_demo", show_in_demo)
    of_folder = ("--from", str(tmp_path)) if saved else ()
    line = ["-a", str(tmp_path / "archive"), "demo", "--no-serve", *of_folder, *words]
    done = CliRunner().invoke(main.app, line)
    assert done.exit_code == 0, done.output
    assert bool(asked) == shown
