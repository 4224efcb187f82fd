"""The M2020 feed: recorded records, and every kind of damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook.clock import format_lmst, mission_clock, parse_lmst
from solbook.records import SourcePage
from solbook.sources import M2020Feed
from tests.fuzz import JSON_VALUES

Record = dict[str, Any]


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[Record]:
    """The 1,196 recorded records of sols 2 and 4."""
    text = (shared_data / "data/01_m2020_feed/rss_feed_sol2_sol4_1196.json").read_text()
    loaded: list[Record] = json.loads(text)
    return loaded


@pytest.fixture(scope="module")
def record(records: list[Record]) -> Record:
    return records[0]


def read(body: object) -> SourcePage:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return M2020Feed().read_page(raw, "a test")


def test_every_recorded_record_becomes_a_frame(records: list[Record]) -> None:
    page = read(records)
    assert page.rejected == []
    assert [frame.upstream_id for frame in page.frames] == [r["imageid"] for r in records]
    for frame, upstream in zip(page.frames, records, strict=True):
        assert json.loads(frame.upstream) == upstream
        assert frame.flags == ()


def test_acquisition_time_comes_from_local_time(records: list[Record]) -> None:
    clock = mission_clock("m2020")
    late = 0
    for frame, upstream in zip(read(records).frames, records, strict=True):
        assert frame.utc_source == "mission-clock"
        assert frame.utc_ns is not None
        assert frame.upstream_utc_ns is not None
        sol, lmst_s = parse_lmst(upstream["date_taken_mars"])
        again_sol, again_s = clock.from_utc(frame.utc_ns)
        assert (sol, format_lmst(lmst_s, 3)) == (again_sol, format_lmst(float(again_s), 3))
        late += frame.upstream_utc_ns - frame.utc_ns > 3600 * 10**9
    # The records of March 2021 state UTC hours too late; some sources would have shown it.
    assert late > 1000


def test_unk_is_missing_not_text(records: list[Record]) -> None:
    frame = read(records).frames[0]
    assert frame.mast_az_deg is None
    assert frame.subframe is None
    assert frame.filter_name is None


def test_ids_lose_their_version_and_files_keep_it(shared_data: Path) -> None:
    folder = shared_data / "data/01_m2020_feed/navcam_sidecars"
    frame = read(
        (folder / "NRF_1700_0817856923_631ECM_N0820000NCAM03700_01_195J.json").read_bytes()
    ).frames[0]
    assert frame.product_id == "NRF_1700_0817856923_631ECM_N0820000NCAM03700_01_195J"
    assert frame.version == 2
    assert [asset.role for asset in frame.assets] == ["full", "large", "medium", "small"]


def test_versions_of_a_product_are_one_frame(records: list[Record]) -> None:
    frames = [f for f in read(records).frames if "0667129713_685ECM" in f.product_id]
    left = [f for f in frames if f.product_id.endswith("2I3J") and f.product_id.startswith("NLR")]
    assert len({f.id for f in left}) == 1
    assert sorted(f.version for f in left) == [1, 2, 3]


def test_a_page_states_its_total(shared_data: Path) -> None:
    path = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    page = read(path.read_bytes())
    assert (len(page.frames), page.total) == (100, 10508)
    address = M2020Feed().address(23, 24)
    following = M2020Feed().next_address(address, page)
    assert following is not None
    assert "page=1" in following
    assert "condition_2=23%3Asol%3Agte" in following


def test_the_last_page_is_the_last(shared_data: Path) -> None:
    path = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    page = read(path.read_bytes())
    last = M2020Feed().address().replace("page=0", "page=105")
    assert M2020Feed().next_address(last, page) is None


@pytest.mark.parametrize("wrapped", [True, False])
def test_look_up_by_id_answers_with_image(record: Record, wrapped: bool) -> None:
    assert len(read({"image": [record] if wrapped else record}).frames) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html><body>504 Gateway Time-out</body></html>", "HTML"),
        (b'{"error_message": "No more images."}', "error message"),
        (b'{"nav": []}', "no images"),
        (b'"text"', "shape"),
        (b"[1, 2]", "not an object"),
        (b"\xff\xfe\x00", "damaged"),
    ],
)
def test_a_page_that_is_none_is_rejected_with_its_reason(body: bytes, reason: str) -> None:
    page = read(body)
    assert page.frames == []
    assert page.rejected
    assert reason in page.rejected[0].reason
    assert page.rejected[0].found
    assert page.rejected[0].expected


def test_a_truncated_page_keeps_its_whole_records(shared_data: Path) -> None:
    path = shared_data / "data/01_m2020_feed/sample_rss_response_sol23_24_100.json"
    body = path.read_bytes()
    page = read(body[: len(body) // 2])
    assert 30 < len(page.frames) < 70
    assert len(page.rejected) == 1
    rejected = page.rejected[0]
    assert f"after {len(page.frames)} whole records" in rejected.reason
    # What was cut off is kept, from the first byte that belongs to no whole record.
    assert body[: len(body) // 2].endswith(rejected.upstream)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"imageid": None}, "no usable id"),
        ({"imageid": "../../etc/passwd"}, "no usable id"),
        ({"sol": "abc"}, "no usable sol"),
        ({"sol": None}, "no usable sol"),
        ({"sol": 10**30}, "no usable sol"),
    ],
)
def test_a_record_without_id_or_sol_is_rejected_and_the_rest_kept(
    records: list[Record], change: Record, reason: str
) -> None:
    page = read([records[0], records[1] | change, records[2]])
    assert len(page.frames) == 2
    assert [r.position for r in page.rejected] == [1]
    assert reason in page.rejected[0].reason
    assert json.loads(page.rejected[0].upstream) == records[1] | change


@pytest.mark.parametrize(
    ("path", "value", "flag"),
    [
        (("extended", "mastAz"), "12,3", "unreadable mastAz"),
        (("extended", "dimension"), "(a,b)", "unreadable dimension"),
        (("extended", "scaleFactor"), "NaN", "unreadable scaleFactor"),
        (("drive",), "1e999", "unreadable drive"),
        (("site",), 2.5, "unreadable site"),
        (("date_received",), "yesterday", "unreadable date_received"),
        (("date_taken_utc",), "9999-12-31T23:59:59", "unreadable date_taken_utc"),
        (("date_taken_mars",), "Sol-00003M10:00:00.000", "of sol 3"),
        (("camera", "instrument"), None, "no instrument"),
        (("camera",), "UNK", "no camera"),
        (("new_field",), 1, "new field: new_field"),
    ],
)
def test_a_wrong_value_is_flagged_and_the_frame_kept(
    record: Record, path: tuple[str, ...], value: object, flag: str
) -> None:
    changed: Record = json.loads(json.dumps(record))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    page = read([changed])
    assert page.rejected == []
    assert any(flag in text for text in page.frames[0].flags), page.frames[0].flags


def test_an_unknown_camera_is_kept(record: Record) -> None:
    changed = record | {"camera": record["camera"] | {"instrument": "NEWCAM_9"}}
    assert read([changed]).frames[0].instrument == "NEWCAM_9"


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_value_in_any_field_is_read_or_rejected(record: Record, data: st.DataObject) -> None:
    changed: Record = json.loads(json.dumps(record))
    inner = data.draw(st.sampled_from([changed, changed["extended"], changed["camera"]]))
    key = data.draw(st.sampled_from(sorted(inner)))
    inner[key] = data.draw(JSON_VALUES)
    page = read([changed])
    assert len(page.frames) + len(page.rejected) == 1


def test_json_nested_without_end_is_rejected() -> None:
    page = read(b"[" * 200_000)
    assert page.frames == []
    assert "nested too deeply" in page.rejected[0].reason
