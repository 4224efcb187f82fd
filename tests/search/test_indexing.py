"""The index: what is in it, what is new in it, and what damage does to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from solbook.archive import Archive, write_page
from solbook.archive.overview import latest_change
from solbook.errors import SolbookError
from solbook.jobs import attach_files
from solbook.jobs.index import index
from solbook.search import indexing
from solbook.search.generations import IndexState, IndexStore
from solbook.search.related import related
from solbook.search.state import index_of
from solbook.settings import Settings
from solbook.sources import SOURCES
from tests.conftest import SHARED
from tests.imaging.drawn import ramp, written
from tests.search.stocked import flight, link, publish, release

_RECORD = "data/01_m2020_feed/navcam_sidecars/NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"


def add_frames(archive: Archive, count: int, first: int = 0) -> list[str]:
    """Frames of one recorded record, ten seconds apart, turned a degree each; their ids."""
    path = SHARED / f"{_RECORD}.json"
    if not path.exists():
        pytest.skip("the recorded data is not beside this clone (../shared)")
    record = json.loads(path.read_text())
    records = []
    for number in range(first, first + count):
        name = f"NLF_0075_{673599062 + 10 * number:010}_946ECM_N0032430NCAM00500_01_295J"
        minute, second = divmod(10 * number, 60)
        taken = f"Sol-00075M15:{minute:02}:{second:02}.000"
        records.append(record | {"imageid": name, "date_taken_mars": taken})
    page = SOURCES["m2020"].read_page(json.dumps({"images": records}).encode(), "a test")
    assert len(page.frames) == count, page.rejected
    write_page(archive, page)
    return [frame.id for frame in page.frames]


def state(archive: Archive) -> IndexState:
    """How the index is doing, as a process that begins now sees it."""
    with archive.reading() as connection:
        return IndexStore(archive.index_path).state(latest_change(connection))


def contents(archive: Archive) -> dict[str, object]:
    """What an index knows, whatever its segments."""
    generation = index_of(archive).generation()
    assert generation is not None
    found: dict[str, object] = {}
    for part in ("vectors", "views"):
        rows: dict[int, list[float]] = {}
        for segment in getattr(generation, part):
            for row in np.flatnonzero(segment.good()):
                key = int(segment.columns["keys"][row])
                assert key not in rows
                rows[key] = segment.columns["values"][row].tolist()
        found[part] = rows
    found["texts"] = len(generation.text)
    found["counts"] = [generation.manifest.pictures, generation.manifest.viewed]
    return found


@pytest.fixture
def stocked(archive: Archive, tmp_path: Path) -> Archive:
    """Some frames, two with pictures, and two releases."""
    frames = add_frames(archive, 12)
    folder = tmp_path / "pictures"
    folder.mkdir()
    for identity in frames[:2]:
        (folder / f"{identity[6:]}01.png").write_bytes(written(ramp(320, 240), ".png"))
    assert attach_files(archive, folder).attached == 2
    publish(archive, release("PIA1", "A helicopter"), release("PIA2", "The helicopter again"))
    return archive


def test_everything_is_in_it(stocked: Archive) -> None:
    assert state(stocked) == IndexState("none")
    report = index(stocked)
    assert report.made
    assert report.rebuilt
    assert (report.pictures, report.views, report.texts) == (2, 12, 2)
    assert report.damaged == []
    now = state(stocked)
    assert (now.state, now.behind, now.generation) == ("ready", 0, report.generation)


def test_it_is_made_once(stocked: Archive) -> None:
    first = index(stocked)
    stamp = (stocked.index_path / "current").stat()
    again = index(stocked)
    assert (again.made, again.generation) == (False, first.generation)
    assert (stocked.index_path / "current").stat().st_mtime_ns == stamp.st_mtime_ns


def test_what_is_new_is_added_and_is_as_if_all_was_made_again(
    stocked: Archive, tmp_path: Path
) -> None:
    index(stocked)
    for turn in range(9):
        add_frames(stocked, 3, first=20 + 5 * turn)
        publish(stocked, release(f"PIA1{turn}", f"The helicopter, turn {turn}"))
        # The same release with other words, and a frame whose picture has come.
        publish(stocked, release("PIA1", f"A helicopter, once more: {turn}"))
        folder = tmp_path / f"turn-{turn}"
        folder.mkdir()
        name = f"NLF_0075_{673599062 + 10 * (turn + 2):010}_946ECM_N0032430NCAM00500_01_295J01"
        body = written(ramp(320 + turn, 240), ".png")
        (folder / f"{name}.png").write_bytes(body)
        assert attach_files(stocked, folder).attached == 1
        behind = state(stocked)
        assert behind.state == "behind"
        assert behind.behind > 0
        report = index(stocked)
        assert not report.rebuilt
        assert report.items == 6
        assert state(stocked).state == "ready"
    added = contents(stocked)
    assert index(stocked, rebuild=True).rebuilt
    assert contents(stocked) == added
    assert len([path for path in stocked.index_path.iterdir() if path.is_dir()]) == 1


def test_links_and_words_that_change_need_no_rebuild(stocked: Archive) -> None:
    index(stocked)
    link(stocked, "library/PIA1", flight(13))
    link(stocked, "library/PIA2", flight(13))
    assert related(stocked, "library/PIA1")[0].reason == "also about flight 13"


def killed_while(archive: Archive, step: str) -> None:
    """Run the command in a process that dies when it comes to a step of making an index."""
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from solbook.archive import Archive\n"
        "from solbook.search import generations, indexing\n"
        "from solbook.jobs.index import index\n"
        "def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)\n"
        f"{step} = die\n"
        "index(Archive(Path(sys.argv[1])), workers=1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(archive.path)],
        env={**os.environ, "SOLBOOK_NETWORK": "false"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize(
    "step",
    [
        "indexing._Making._take",
        "indexing._Making._write_views",
        "indexing.write_texts",
        "generations.IndexStore.make_current",
        "generations.write_whole",
    ],
)
def test_killed_anywhere_the_old_one_goes_on(stocked: Archive, step: str) -> None:
    index(stocked)
    before = contents(stocked)
    frames = add_frames(stocked, 9, first=40)
    killed_while(stocked, step)
    assert state(stocked).state == "behind"
    assert contents(stocked) == before
    assert related(stocked, frames[0])
    report = index(stocked)
    assert (report.rebuilt, report.views) == (False, 21)
    assert state(stocked).state == "ready"
    assert not (stocked.index_path / ".making").exists()


def _broken_off(generation: Path) -> None:
    path = next(generation.rglob("values.npy"))
    os.truncate(path, path.stat().st_size // 2)


def _overwritten(generation: Path) -> None:
    path = generation / "manifest.json"
    path.write_bytes(b"x" * path.stat().st_size)


def _gone(generation: Path) -> None:
    next(generation.rglob("*.faiss")).unlink()


def _no_text(generation: Path) -> None:
    (generation / "text" / "meta.json").write_text("{}")


def _garbled(generation: Path) -> None:
    path = next(generation.rglob("*.faiss"))
    path.write_bytes(bytes(path.stat().st_size))


def _misnamed(generation: Path) -> None:
    (generation.parent / "current").write_text("../../etc")


@pytest.mark.parametrize("harm", [_broken_off, _overwritten, _gone, _no_text, _garbled, _misnamed])
def test_damage_is_told_and_passed_over(stocked: Archive, harm: Callable[[Path], None]) -> None:
    frames = add_frames(stocked, 2, first=60)
    index(stocked)
    assert related(stocked, frames[0])[0].reason.startswith("overlapping view")
    generation = stocked.index_path / state(stocked).generation  # type: ignore[operator]
    harm(generation)
    found = state(stocked)
    assert found.state == "damaged"
    assert found.damage
    assert str(stocked.path) not in found.damage
    again = Archive(stocked.path, Settings(network=False))
    assert related(again, frames[0])[0].reason.startswith("the same place and direction")
    # Making it again mends it, also for those who have found it damaged.
    assert index(stocked).rebuilt
    assert state(stocked).state == "ready"
    assert related(again, frames[0])[0].reason.startswith("overlapping view")
    again.close()


def test_a_deleted_index_is_only_missed(stocked: Archive) -> None:
    import shutil

    frames = add_frames(stocked, 2, first=60)
    index(stocked)
    shutil.rmtree(stocked.index_path)
    assert related(stocked, frames[0])
    assert state(stocked) == IndexState("none")
    assert index(stocked).rebuilt


def test_one_at_a_time(stocked: Archive) -> None:
    with IndexStore(stocked.index_path).making(), pytest.raises(SolbookError) as raised:
        index(stocked)
    assert raised.value.code == "index_busy"
    assert raised.value.help


def test_a_picture_that_is_damaged_or_gone_is_named(stocked: Archive, tmp_path: Path) -> None:
    with stocked.reading() as connection:
        text = "SELECT sha256, extension FROM files ORDER BY sha256"
        files = connection.execute(sa.text(text)).all()
    path = stocked.files.path(*files[0])
    path.chmod(0o644)
    path.unlink()
    report = index(stocked)
    assert [reason for _, reason in report.damaged] == ["its file is not on disk"] * 2
    assert report.pictures == 0
    assert report.views == 12


def test_other_numbers_of_a_descriptor_make_it_again(
    stocked: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(stocked)
    add_frames(stocked, 1, first=30)
    monkeypatch.setattr(indexing.DEFAULT_DESCRIPTOR, "name", "other", raising=False)
    assert index(stocked).rebuilt
