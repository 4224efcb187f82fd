"""Writing pages: twice, in any order, revised, cut off."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from solbook.archive import Archive, frames, schema, write_page
from solbook.archive.overview import frames_by_sol, instrument_counts, quarantined
from solbook.records import SourcePage
from solbook.settings import Settings
from solbook.sources import SOURCES, json_paths, read_files, recognise, saved_files
from tests.catalogue import contents

Record = dict[str, Any]


@pytest.fixture(scope="module")
def pages(shared_data: Path) -> list[SourcePage]:
    """Every recorded page of every source."""
    found = []
    for path, body in saved_files(json_paths(shared_data / "data"), Settings(network=False)):
        assert isinstance(body, bytes)
        source = recognise(body)
        if source is not None:
            found.extend(read_files(source, [(path, body)]))
    return found


@pytest.fixture
def record(shared_data: Path) -> Record:
    folder = shared_data / "data/01_m2020_feed/navcam_sidecars"
    loaded: Record = json.loads(
        (folder / "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J.json").read_text()
    )
    return loaded


def page_of(*records: Record) -> SourcePage:
    return SOURCES["m2020"].read_page(json.dumps(records).encode(), "a test")


def test_feeding_the_same_pages_twice_changes_nothing(
    archive: Archive, pages: list[SourcePage]
) -> None:
    for page in pages:
        write_page(archive, page)
    before = contents(archive)
    for page in pages:
        tally = write_page(archive, page)
        assert (tally.new, tally.revised) == (0, 0)
    assert contents(archive) == before
    with archive.reading() as connection:
        assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_pages_does_not_matter(
    tmp_path: Path, offline: Settings, pages: list[SourcePage], seed: int
) -> None:
    """Frames, files, photos and counts are the same whichever source is read first."""
    shuffled = list(pages)
    random.Random(seed).shuffle(shuffled)
    known = []
    for name, order in (("straight", pages), ("shuffled", shuffled)):
        archive = Archive.create(tmp_path / name, offline)
        for page in order:
            write_page(archive, page)
        known.append(_known(archive))
        archive.close()
    assert known[0] == known[1]


def _known(archive: Archive) -> dict[str, set[tuple[Any, ...]]]:
    """What an archive knows, by public ids: keys follow the order of arrival, knowledge must not.

    Photo ids of our own are made of keys, so they are left out.
    """
    items, photos = schema.ITEMS.c, schema.PHOTOS.c
    own = sa.case((photos.photo_id >= 100_000_000, 0), else_=photos.photo_id)
    typed = [c for c in items if c.name not in {"key", "first_seen_ns", "changed_ns"}]
    statements = {
        "items": sa.select(*typed),
        "photos": sa.select(items.id, photos.sol, photos.camera_id, own, photos.img_src).where(
            photos.item == items.key
        ),
        "counts": sa.select(*schema.SOL_COUNTS.c).where(schema.SOL_COUNTS.c.frames > 0),
        "photo_counts": sa.select(*schema.PHOTO_COUNTS.c),
    }
    with archive.reading() as connection:
        ids = {row.key: row.id for row in connection.execute(sa.select(items.key, items.id))}
        urls = {
            (ids[item], asset.version, asset.role, asset.url)
            for item, assets in frames.assets_of_all(connection, ids).items()
            for asset in assets
        }
        return {"urls": urls} | {
            name: {tuple(row) for row in connection.execute(statement)}
            for name, statement in statements.items()
        }


def test_counts_are_those_of_the_frames(archive: Archive, pages: list[SourcePage]) -> None:
    for page in pages:
        write_page(archive, page)
    items = schema.ITEMS.c
    with archive.reading() as connection:
        counted = {
            tuple(row)
            for row in connection.execute(
                sa.select(items.mission, items.sol, sa.func.count()).group_by(
                    items.mission, items.sol
                )
            )
        }
        for mission in ("m2020", "msl", "insight"):
            kept = {(mission, sol, count) for sol, count in frames_by_sol(connection, mission)}
            assert kept == {row for row in counted if row[0] == mission}


def test_every_recorded_frame_is_there(archive: Archive, pages: list[SourcePage]) -> None:
    for page in pages:
        write_page(archive, page)
    with archive.reading() as connection:
        for page in pages:
            for frame in page.frames:
                row = frames.frame_by_id(connection, frame.id)
                assert row is not None
                held = frames.upstream_of(connection, row.key)
                assert json.loads(frame.upstream) in [upstream.record() for upstream in held]


def test_a_record_amended_upstream_revises_its_frame(archive: Archive, record: Record) -> None:
    write_page(archive, page_of(record))
    amended = record | {"caption": "Amended.", "sol": record["sol"] + 1, "date_taken_mars": "UNK"}
    tally = write_page(archive, page_of(amended))
    assert (tally.new, tally.revised) == (0, 1)
    with archive.reading() as connection:
        row = frames.find_frame(connection, record["imageid"])
        assert row is not None
        assert (row.caption, row.sol) == ("Amended.", record["sol"] + 1)
        held = frames.upstream_of(connection, row.key)
        assert [u.superseded_ns is None for u in held] == [False, True]
        assert frames_by_sol(connection, "m2020") == [(record["sol"] + 1, 1)]


def test_the_same_record_otherwise_spaced_is_the_same(archive: Archive, record: Record) -> None:
    write_page(archive, page_of(record))
    before = contents(archive)
    turned = dict(reversed(record.items()))
    body = json.dumps([turned], indent=4).encode()
    tally = write_page(archive, SOURCES["m2020"].read_page(body, "elsewhere"))
    assert tally.unchanged == 1
    assert contents(archive) == before


def test_a_replaced_file_is_a_new_version_and_the_old_one_stays(
    archive: Archive, record: Record
) -> None:
    write_page(archive, page_of(record))
    replaced = json.loads(json.dumps(record).replace("295J01", "295J02"))
    assert replaced["imageid"] == record["imageid"]
    write_page(archive, page_of(replaced))
    write_page(archive, page_of(record, replaced))
    with archive.reading() as connection:
        row = frames.find_frame(connection, record["imageid"] + "01")
        assert row is not None
        assert row.version == 2
        assert {a.version for a in frames.assets_of(connection, row.key)} == {1, 2}
        photos = connection.execute(sa.select(schema.PHOTOS.c.img_src)).scalars().all()
        assert [src.endswith("295J02_1200.jpg") for src in photos] == [True]


def test_an_unknown_camera_is_kept_and_marked(archive: Archive, record: Record) -> None:
    record["camera"]["instrument"] = "newcam_9"
    write_page(archive, page_of(record))
    with archive.reading() as connection:
        assert [c.instrument for c in instrument_counts(connection, "m2020")] == ["NEWCAM_9"]
        known = connection.execute(sa.select(schema.INSTRUMENTS.c.known)).scalar()
        assert known is False


def test_what_cannot_be_read_is_in_quarantine_once(archive: Archive, record: Record) -> None:
    bad = record | {"imageid": None}
    for _ in range(2):
        tally = write_page(archive, page_of(record, bad))
        assert tally.quarantined == 1
    with archive.reading() as connection:
        rows = quarantined(connection, 10)
        assert [(r.source, r.origin, r.position) for r in rows] == [("m2020", "a test", 1)]
        assert "no usable id" in rows[0].reason
        assert frames.find_frame(connection, record["imageid"]) is not None


def test_a_page_that_fails_leaves_nothing(archive: Archive, record: Record) -> None:
    page = page_of(record)
    page.frames[0].sol = "not a number"  # type: ignore[assignment]
    page.frames[0].utc_ns = object()  # type: ignore[assignment]
    before = contents(archive)
    with pytest.raises(sqlite3.Error):
        write_page(archive, page)
    assert contents(archive) == before
