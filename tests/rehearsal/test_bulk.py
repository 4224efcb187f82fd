"""Records without pictures, by the thousand."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from solbook.records import Frame
from solbook.rehearsal.bulk import records_only, write_records_only
from solbook.sources import M2020Feed
from tests.rehearsal.form import differences

COUNT = 12_345


@pytest.fixture(scope="module")
def pages() -> list[bytes]:
    return list(records_only(COUNT, 5))


@pytest.fixture(scope="module")
def read(pages: list[bytes]) -> list[Frame]:
    source, found = M2020Feed("rehearsal"), []
    for body in pages:
        page = source.read_page(body, "a test")
        assert page.rejected == []
        assert page.total == COUNT
        found += page.frames
    return found


def test_there_are_as_many_as_asked_for(pages: list[bytes]) -> None:
    sizes = [len(json.loads(body)["images"]) for body in pages]
    assert sizes == [100] * 123 + [45]
    assert [json.loads(body)["page"] for body in pages] == list(range(124))


def test_the_feed_s_reader_takes_them(read: list[Frame]) -> None:
    assert len({frame.product_id for frame in read}) == COUNT
    assert {frame.flags for frame in read} == {()}
    for frame in read:
        assert frame.utc_ns is not None
        assert frame.upstream_utc_ns is not None
        assert frame.received_ns is not None
        assert 0.2e9 < frame.upstream_utc_ns - frame.utc_ns < 5.2e9
        assert frame.received_ns > frame.upstream_utc_ns


def test_they_have_the_form_of_the_feed(pages: list[bytes]) -> None:
    for body in pages:
        for record in json.loads(body)["images"]:
            assert differences(record) == []
            assert f"(Sol {record['sol']})" in record["caption"]
            assert record["date_taken_mars"][10:18] in record["caption"]
            assert f"Sol {record['sol']}:" in record["title"]
            assert f"/sol/{record['sol']:05d}/" in record["image_files"]["small"]


def test_they_spread_over_sols_and_cameras_as_real_ones(read: list[Frame]) -> None:
    cameras = Counter(frame.instrument for frame in read)
    assert len(cameras) == 11
    assert cameras["NAVCAM_LEFT"] > cameras["HELI_RTE"]
    sols = Counter(frame.sol for frame in read)
    assert 12 <= len(sols) <= 30
    assert sorted(sols) == list(range(1, len(sols) + 1))
    assert max(sols.values()) > 1.5 * sorted(sols.values())[1]
    kinds = Counter(frame.sample_type for frame in read)
    assert 0.3 < kinds["thumbnail"] / COUNT < 0.6


def test_counters_stay_in_their_digits() -> None:
    places = set()
    for body in islice(records_only(100_000, 2), 0, None, 20):
        record = json.loads(body)["images"][0]
        places.add((record["site"], int(record["drive"])))
        assert record["imageid"][28:35] == f"{record['site']:03d}{int(record['drive']):04d}"
    assert len({site for site, _ in places}) > 3


def test_the_same_seed_gives_the_same_bytes(pages: list[bytes]) -> None:
    assert list(islice(records_only(COUNT, 5), 20)) == pages[:20]
    assert list(islice(records_only(COUNT, 6), 1)) != pages[:1]


def test_pages_are_written_as_files(tmp_path: Path) -> None:
    write_records_only(tmp_path / "pages", 250, 7)
    paths = sorted((tmp_path / "pages").iterdir())
    assert [path.name for path in paths] == [f"page-{number:06d}.json" for number in range(3)]
    assert [path.read_bytes() for path in paths] == list(records_only(250, 7))


def test_none_are_no_pages() -> None:
    assert list(records_only(0, 1)) == []
