"""`derive`: everything that is missing is made, once, whatever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import pyvips
import sqlalchemy as sa

from solbook.archive import Archive, schema
from solbook.archive.pictures import shown_files
from solbook.imaging import widths_of
from solbook.jobs.derive import derive
from tests.imaging.drawn import ramp, written
from tests.jobs.poison import POISON, derive_some
from tests.pictured import pictured_archive


def product(number: int, word: str = "NLF") -> str:
    return f"{word}_{number:04d}_0689755431_123ECM_N0080000NCAM00500_01_295J"


@pytest.fixture
def stocked(tmp_path: Path, shared_data: Path) -> Iterator[Archive]:
    """Pictures small and large, with transparency and without, and one that breaks off."""
    noisy = written(pyvips.Image.gaussnoise(400, 300).cast("uchar"), ".jpg")
    pictures = {
        f"{product(1)}.png": written(ramp(1288, 968), ".png"),
        f"{product(2)}.jpg": written(ramp(2400, 1800), ".jpg"),
        f"{product(3)}.png": written(ramp(80, 60, 1), ".png"),
        f"{product(4)}.png": written(ramp(700, 500).bandjoin(90), ".png"),
        f"{product(5)}.jpg": noisy[: len(noisy) // 2],
    }
    archive = pictured_archive(tmp_path, pictures, shared_data)
    yield archive
    archive.close()


def made(archive: Archive) -> dict[str, set[str]]:
    """Names of what was made, by the sha256 of the file."""
    found: dict[str, set[str]] = {}
    for path in archive.derived_path.rglob("*"):
        if path.is_file():
            sha256, _, name = path.name.partition("-")
            found.setdefault(sha256, set()).add(name)
    return found


def stamps(archive: Archive) -> dict[Path, int]:
    return {path: path.stat().st_ino for path in archive.derived_path.rglob("*") if path.is_file()}


def damages(archive: Archive) -> dict[str, str]:
    with archive.reading() as connection:
        rows = connection.execute(
            sa.select(schema.ITEMS.c.product_id, schema.FILES.c.damage)
            .join_from(schema.ASSETS, schema.FILES)
            .join(schema.ITEMS, schema.ITEMS.c.key == schema.ASSETS.c.item)
            .where(schema.FILES.c.damage.is_not(None))
        )
        return {row.product_id: row.damage for row in rows}


def test_everything_that_is_missing_is_made(stocked: Archive) -> None:
    # As an archive of an older Solbook has them.
    with stocked.writing() as connection:
        connection.execute(sa.update(schema.FILES).values(thumbhash=None, damage=None))
    report = derive(stocked, workers=2)
    assert report.files == 5
    assert [frame for frame, _ in report.damaged] == [f"m2020/{product(5)}"]
    found = made(stocked)
    with stocked.reading() as connection:
        files = list(shown_files(connection))
    assert len(files) == 4
    for file in files:
        assert file.thumbhash
        wanted = {
            f"{width}.{form}" for width in widths_of(file.width_px) for form in ("webp", "jpg")
        }
        if file.width_px == 2400:
            wanted.add("pyramid.tif")
        assert found[file.sha256] == wanted
        for name in wanted - {"pyramid.tif"}:
            path = stocked.derived_path / "pictures" / file.sha256[:2] / f"{file.sha256}-{name}"
            image = pyvips.Image.new_from_file(str(path))
            assert image.width == min(int(name.split(".")[0]), file.width_px)
    assert report.made == sum(map(len, found.values()))


def test_what_was_made_is_not_made_again(stocked: Archive) -> None:
    derive(stocked, workers=2)
    before = stamps(stocked)
    report = derive(stocked, workers=2)
    assert (report.made, report.files) == (0, 4)
    assert stamps(stocked) == before


def test_only_what_was_deleted_is_made_again(stocked: Archive) -> None:
    derive(stocked, workers=1)
    gone = sorted(stamps(stocked))[::3]
    for path in gone:
        path.unlink()
    assert derive(stocked, workers=1).made == len(gone)
    assert all(path.exists() for path in gone)


def test_a_damaged_file_is_noted_and_left_alone_until_it_is_asked_for(stocked: Archive) -> None:
    # Noted when it came in.
    assert list(damages(stocked)) == [product(5)]
    assert derive(stocked, workers=1).damaged == []
    again = derive(stocked, workers=1, again=True)
    assert [frame for frame, _ in again.damaged] == [f"m2020/{product(5)}"]
    # Somebody puts back a copy that is whole.
    with stocked.reading() as connection:
        file = next(f for f in shown_files(connection, damaged=True) if f.damage)
    whole = written(ramp(400, 300), ".jpg")
    stocked.files.path(file.sha256, file.extension).write_bytes(whole)
    assert derive(stocked, workers=1, again=True).damaged == []
    assert damages(stocked) == {}


def test_a_file_that_is_not_on_disk_is_said_to_be_missing(stocked: Archive) -> None:
    with stocked.reading() as connection:
        file = next(iter(shown_files(connection)))
    stocked.files.path(file.sha256, file.extension).unlink()
    report = derive(stocked, workers=1)
    assert report.missing == [file.frame_id]
    assert report.made > 0
    assert product(1) not in damages(stocked)


def test_a_picture_that_kills_is_found_out_and_everything_else_is_made(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = {
        f"{product(number)}.png": written(ramp(60 + number, 40), ".png") for number in range(40)
    }
    pictures[f"{product(99, POISON)}.png"] = written(ramp(900, 40), ".png")
    archive = pictured_archive(tmp_path, pictures, shared_data)
    monkeypatch.setattr("solbook.jobs.derive._derive_some", derive_some)
    report = derive(archive, workers=2)
    assert [frame for frame, _ in report.damaged] == [f"m2020/{product(99, POISON)}"]
    assert "ended by the system" in report.damaged[0][1]
    assert report.files == 41
    assert len(made(archive)) == 40
    # It is not tried again.
    assert derive(archive, workers=2).damaged == []
    archive.close()


def test_killed_at_any_moment_it_goes_on_where_it_was(stocked: Archive) -> None:
    words = [sys.executable, "-m", "solbook", "-a", str(stocked.path), "derive", "--workers", "1"]
    before: dict[Path, int] = {}
    for wait_s in (0.8, 1.2, 1.6):
        process = subprocess.Popen(words, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(wait_s)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        after = {path: n for path, n in stamps(stocked).items() if ".part-" not in path.name}
        assert before.items() <= after.items()
        before = after
    derive(stocked, workers=1)
    whole = {path for path in stamps(stocked) if ".part-" not in path.name}
    widths = sum(len(widths_of(width_px)) for width_px in (1288, 2400, 80, 700))
    assert len(whole) == 2 * widths + 1
    for path in whole:
        assert pyvips.Image.new_from_file(str(path)).avg() >= 0


def test_damage_is_shown_to_keepers_and_readers(stocked: Archive) -> None:
    from fastapi.testclient import TestClient

    from solbook.cli.status import status_of, status_text
    from solbook.site.app import create_app

    assert ", 1 damaged" in status_text(status_of(stocked))
    with TestClient(create_app(stocked)) as client:
        assert client.get("/api/status").json()["damaged_files"] == 1
        assert "stored here, but damaged" in client.get(f"/frames/m2020/{product(5)}").text
