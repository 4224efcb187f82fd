"""Attaching pictures on disk to the frames whose names they carry."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import pyvips

from solbook.archive import Archive, write_page
from solbook.archive.frames import AssetRow, assets_of, find_frame
from solbook.archive.pictures import file_named, path_of
from solbook.jobs import attach_files
from solbook.settings import Settings
from solbook.sources import SOURCES
from tests.catalogue import contents

Record = dict[str, Any]

NAME = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
MSL_NAME = "NLB_663825389EDR_F0850000NCAM00312M_"
# Of the first sols the feed's ids carry a version; this one came in three.
VERSIONED = "NLR_0002_0667129713_685ECM_N0010052AUT_04096_00_2I3J"


@pytest.fixture(scope="module")
def png() -> bytes:
    return picture(640)


@pytest.fixture
def stocked(archive: Archive, shared_data: Path) -> Archive:
    """An archive with a frame of Perseverance and one of Curiosity."""
    data = shared_data / "data"
    for source, path in (
        ("m2020", data / f"01_m2020_feed/navcam_sidecars/{NAME}.json"),
        ("m2020", data / "01_m2020_feed/rss_feed_sol2_sol4_1196.json"),
        ("msl", data / "02_other_feeds/msl_raw_image_item_sol3000_navcam.json"),
    ):
        write_page(archive, SOURCES[source].read_page(path.read_bytes(), str(path)))
    return archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pixels"
    made.mkdir()
    return made


def picture(width: int, suffix: str = ".png") -> bytes:
    body: bytes = (pyvips.Image.black(width, 480, bands=3) + 90).write_to_buffer(suffix)
    return body


def stored(archive: Archive, product_id: str) -> dict[tuple[int, str], AssetRow]:
    """The stored files of a frame, by version and role."""
    with archive.reading() as connection:
        frame = find_frame(connection, product_id)
        assert frame is not None
        assets = assets_of(connection, frame.key)
    return {(asset.version, asset.role): asset for asset in assets if asset.sha256 is not None}


@pytest.mark.parametrize(
    ("file_name", "place"),
    [
        (f"{NAME}.png", (1, "full")),
        (f"{NAME}01.png", (1, "full")),
        (f"{NAME}02.png", (2, "full")),
        (f"{NAME}01.PNG", (1, "full")),
        (f"Mars_Perseverance_{NAME}01.png", (1, "full")),
        (f"Mars_Perseverance_{NAME}.png", (1, "full")),
        (f"{NAME}01_1200.jpg", (1, "large")),
        (f"{NAME}01_800.jpg", (1, "medium")),
        (f"{NAME}01_320.jpg", (1, "small")),
        (f"{NAME}_800.jpg", (1, "medium")),
        (f"{NAME}01-thm.jpg", (1, "small")),
    ],
)
def test_a_file_finds_its_frame_by_its_name(
    stocked: Archive, folder: Path, file_name: str, place: tuple[int, str]
) -> None:
    body = picture(200, Path(file_name).suffix.lower())
    (folder / "deep/er").mkdir(parents=True)
    (folder / "deep/er" / file_name).write_bytes(body)
    report = attach_files(stocked, folder)
    assert (report.attached, report.unmatched, report.unusable) == (1, [], [])
    asset = stored(stocked, NAME)[place]
    assert asset.sha256 == hashlib.sha256(body).hexdigest()
    assert (asset.width_px, asset.height_px) == (200, 480)
    with stocked.reading() as connection:
        file = file_named(connection, asset.sha256)
    assert file is not None
    assert path_of(stocked, file).read_bytes() == body


@pytest.mark.parametrize(
    ("file_name", "role"),
    [(f"{MSL_NAME}.JPG", "full"), (f"{MSL_NAME}-thm.jpg", "small"), (f"{MSL_NAME}-br.jpg", "full")],
)
def test_files_of_curiosity_are_attached_too(
    stocked: Archive, folder: Path, file_name: str, role: str
) -> None:
    (folder / file_name).write_bytes(picture(200, ".jpg"))
    assert attach_files(stocked, folder).attached == 1
    assert list(stored(stocked, MSL_NAME)) == [(0, role)]


def test_a_name_without_a_version_is_of_the_newest(stocked: Archive, folder: Path) -> None:
    (folder / f"{VERSIONED}.png").write_bytes(picture(200))
    assert attach_files(stocked, folder).attached == 1
    assert list(stored(stocked, VERSIONED)) == [(3, "full")]


def test_versions_stand_beside_one_another(stocked: Archive, folder: Path) -> None:
    for version in (1, 2, 3):
        (folder / f"{VERSIONED}{version:02d}.png").write_bytes(picture(200 + version))
    assert attach_files(stocked, folder).attached == 3
    assert {place[0]: asset.width_px for place, asset in stored(stocked, VERSIONED).items()} == {
        1: 201,
        2: 202,
        3: 203,
    }


def test_recorded_pictures_find_their_frames_and_stay_as_they_are(
    stocked: Archive, shared_data: Path, folder: Path
) -> None:
    original = shared_data / f"data/03_pixels/m2020_navcam/{NAME}.png"
    (folder / original.name).write_bytes(original.read_bytes())
    assert attach_files(stocked, folder).attached == 1
    kept = list((stocked.path / "files").rglob("*.png"))
    assert [path.read_bytes() for path in kept] == [original.read_bytes()]
    assert kept[0].stem == hashlib.sha256(original.read_bytes()).hexdigest()


def test_attaching_twice_changes_nothing(stocked: Archive, folder: Path, png: bytes) -> None:
    (folder / f"{NAME}01.png").write_bytes(png)
    (folder / f"{NAME}01_800.jpg").write_bytes(picture(300, ".jpg"))
    assert attach_files(stocked, folder).attached == 2
    before = contents(stocked)
    again = attach_files(stocked, folder)
    assert (again.attached, again.unchanged) == (0, 2)
    assert contents(stocked) == before


def test_two_files_of_one_place_give_the_larger_every_time(
    stocked: Archive, folder: Path, png: bytes
) -> None:
    """A download in two formats: whichever is read last must not win, run after run."""
    small, large = picture(100, ".jpg"), picture(2000)
    (folder / f"{NAME}01.jpg").write_bytes(small)
    (folder / f"{NAME}.png").write_bytes(large)
    first = attach_files(stocked, folder)
    assert (first.attached, first.spare) == (1, [folder / f"{NAME}01.jpg"])
    before = contents(stocked)
    again = attach_files(stocked, folder)
    assert (again.attached, again.unchanged) == (0, 1)
    assert contents(stocked) == before
    assert stored(stocked, NAME)[1, "full"].width_px == 2000


def test_a_damaged_file_gives_way_to_a_whole_one(
    stocked: Archive, folder: Path, png: bytes
) -> None:
    (folder / f"{NAME}01.png").write_bytes(b"<html>" + b" " * 100_000)
    (folder / f"{NAME}01.jpg").write_bytes(picture(100, ".jpg"))
    report = attach_files(stocked, folder)
    assert (report.attached, [path.suffix for path, _ in report.unusable]) == (1, [".png"])


def test_the_same_bytes_of_two_frames_are_stored_once(
    stocked: Archive, folder: Path, png: bytes
) -> None:
    (folder / f"{NAME}01.png").write_bytes(png)
    (folder / f"{VERSIONED}03.png").write_bytes(png)
    assert attach_files(stocked, folder).attached == 2
    assert len(list((stocked.path / "files").rglob("*.png"))) == 1


def test_a_new_file_in_the_place_of_an_old_one_is_taken(
    stocked: Archive, folder: Path, png: bytes
) -> None:
    path = folder / f"{NAME}01.png"
    path.write_bytes(png)
    attach_files(stocked, folder)
    path.write_bytes(picture(641))
    assert attach_files(stocked, folder).attached == 1
    assert stored(stocked, NAME)[1, "full"].width_px == 641


def test_files_of_no_known_frame_are_named(stocked: Archive, folder: Path, png: bytes) -> None:
    names = ["holiday.png", NAME.replace("0075", "0076") + ".png", "x" * 200 + ".png", ".png"]
    for name in names:
        (folder / name).write_bytes(png)
    report = attach_files(stocked, folder)
    assert report.attached == 0
    # A file called `.png` has no ending: it is a hidden file and no picture.
    assert sorted(path.name for path in report.unmatched) == sorted(names[:3])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no PNG"),
        (b"<html>404</html>", "no PNG"),
        (b"\x89PNG\r\n\x1a\nbroken", ""),
        (b"%PDF-1.7", "no PNG"),
    ],
)
def test_files_that_are_no_pictures_are_named_with_the_reason(
    stocked: Archive, folder: Path, body: bytes, reason: str
) -> None:
    path = folder / f"{NAME}01.png"
    path.write_bytes(body)
    report = attach_files(stocked, folder)
    assert [unusable[0] for unusable in report.unusable] == [path]
    assert reason in report.unusable[0][1]
    assert stored(stocked, NAME) == {}
    assert not list((stocked.path / "files").rglob("*.*"))


def test_a_file_beyond_the_limits_is_named(
    stocked: Archive, folder: Path, png: bytes, tmp_path: Path
) -> None:
    (folder / f"{NAME}01.png").write_bytes(png)
    for settings, reason in (
        (Settings(max_file_bytes=100), "max_file_bytes"),
        (Settings(max_picture_pixels=100), "pixels"),
    ):
        limited = Archive(stocked.path, settings)
        assert reason in attach_files(limited, folder).unusable[0][1]
        limited.close()


def test_files_of_other_kinds_and_folders_are_passed_over(
    stocked: Archive, folder: Path, png: bytes
) -> None:
    (folder / f"{NAME}01.json").write_text(json.dumps({}))
    (folder / f"{NAME}01.svg").write_text("<svg/>")
    (folder / f"{NAME}01.png").mkdir()
    seen: list[Path] = []
    report = attach_files(stocked, folder, seen.append)
    assert (report.attached, report.unmatched, report.unusable, seen) == (0, [], [], [])


def test_every_file_of_a_frame_is_reported_as_it_is_read(
    stocked: Archive, folder: Path, png: bytes
) -> None:
    (folder / f"{NAME}01.png").write_bytes(png)
    (folder / f"{NAME}01.jpg").write_bytes(picture(10, ".jpg"))
    seen: list[Path] = []
    attach_files(stocked, folder, seen.append)
    assert len(seen) == 2


def test_maps_and_releases_of_a_rehearsal_are_no_unknown_frames(
    archive: Archive, png: bytes, folder: Path
) -> None:
    for name in ("images/of_no_frame.png", "releases/REHEARSAL-R0001~orig.png", "truth/a.tif"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(png)
    (folder / "rehearsal.json").write_text("{}")
    report = attach_files(archive, folder)
    assert report.unmatched == [folder / "images/of_no_frame.png"]
