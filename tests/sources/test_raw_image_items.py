"""The `raw_image_items` feeds of Curiosity and InSight: recorded records, and damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook.clock import format_lmst, format_utc, mission_clock, parse_utc
from solbook.records import Frame, SourcePage
from solbook.sources import RawImageItems, recognise
from solbook.sources.raw_image_items import plain_text
from tests.fuzz import JSON_VALUES

Record = dict[str, Any]

FOLDER = "data/02_other_feeds"
RECORDED = {
    "insight_raw_image_items_1.json": "insight",
    "msl_raw_image_item_sol1.json": "msl",
    "msl_raw_image_item_sol3000_navcam.json": "msl",
}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / FOLDER


@pytest.fixture(scope="module")
def mastcam(folder: Path) -> Record:
    loaded: Record = json.loads((folder / "msl_raw_image_item_sol1.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def navcam(folder: Path) -> Record:
    loaded: Record = json.loads((folder / "msl_raw_image_item_sol3000_navcam.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def icc(folder: Path) -> Record:
    loaded: Record = json.loads((folder / "insight_raw_image_items_1.json").read_text())["items"][0]
    return loaded


def read(body: object, mission: str = "msl") -> SourcePage:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RawImageItems(mission).read_page(raw, "a test")


def frame_of(record: Record, mission: str = "msl") -> Frame:
    page = read(record, mission)
    assert page.rejected == []
    return page.frames[0]


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_record_is_recognised_and_becomes_a_frame(folder: Path, name: str) -> None:
    body = (folder / name).read_bytes()
    source = recognise(body)
    assert source is not None
    assert source.name == RECORDED[name]
    page = source.read_page(body, name)
    assert page.rejected == []
    assert len(page.frames) == 1
    frame = page.frames[0]
    upstream = json.loads(body)
    upstream = upstream["items"][0] if "items" in upstream else upstream
    assert json.loads(frame.upstream) == upstream
    assert frame.flags == ()
    assert frame.mission == frame.source == RECORDED[name]
    assert (frame.sol, frame.product_id) == (upstream["sol"], upstream["imageid"])


def test_utc_is_the_feed_s_and_local_time_follows_from_it(icc: Record, mastcam: Record) -> None:
    for record, mission in ((icc, "insight"), (mastcam, "msl")):
        frame = frame_of(record, mission)
        assert frame.utc_source == "upstream"
        assert frame.lmst_source == "mission-clock"
        assert frame.utc_ns == frame.upstream_utc_ns == parse_utc(record["date_taken"])
        assert frame.lmst_s is not None
        back = mission_clock(mission).to_utc(frame.sol, frame.lmst_s)
        assert abs(int(back) - frame.utc_ns) < 1_000_000
    # InSight's feed has a local time without its sol; ours agrees with it.
    frame = frame_of(icc, "insight")
    assert frame.lmst_s is not None
    assert frame.lmst_s == pytest.approx(16 * 3600 + 22 * 60 + 28.916, abs=1)


def test_a_navcam_frame_has_its_pointing_and_place(navcam: Record) -> None:
    frame = frame_of(navcam)
    assert (frame.mast_az_deg, frame.mast_el_deg) == (119.969, -47.0461)
    assert (frame.site, frame.drive) == (85, 0)
    assert frame.sclk_s == 663825389
    assert (frame.instrument, frame.sample_type) == ("NAV_LEFT_B", "full")
    assert frame.exposure is not None
    assert frame.page_url == "https://mars.nasa.gov/raw_images/883244"
    assert [(asset.role, asset.url) for asset in frame.assets] == [("full", navcam["https_url"])]


def test_a_local_time_of_the_feed_is_kept(navcam: Record) -> None:
    record = navcam | {"extended": navcam["extended"] | {"lmst": "Sol-03000M10:11:12.500"}}
    frame = frame_of(record)
    assert frame.lmst_s is not None
    assert (format_lmst(frame.lmst_s, 1), frame.lmst_source) == ("10:11:12.5", "upstream")
    other = navcam | {"extended": navcam["extended"] | {"lmst": "Sol-02999M10:11:12.500"}}
    assert "lmst is of sol 2999" in frame_of(other).flags


def test_a_time_that_is_not_of_its_sol_is_flagged(mastcam: Record) -> None:
    frame = frame_of(mastcam | {"date_taken": "2013-08-07T04:52:33.000Z"})
    assert any(flag.startswith("date_taken is of sol ") for flag in frame.flags)
    # What the source states stays; a local time that would contradict the sol is not made up.
    assert frame.utc_ns is not None
    assert format_utc(frame.utc_ns, 0).startswith("2013-08-07")
    assert (frame.lmst_s, frame.lmst_source) == (None, None)


def test_a_caption_loses_its_markup_and_keeps_its_words(icc: Record) -> None:
    caption = frame_of(icc, "insight").caption
    assert caption is not None
    assert "<" not in caption
    first, second = caption.split("\n\n")
    assert first.endswith("Instrument Context Camera (ICC).")
    assert second.startswith("This image was acquired on June 10, 2019, Sol 190")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<br>b", "a\n\nb"),
        ("a <BR /> b", "a\n\nb"),
        ("<p>a &amp; b</p>", "a & b"),
        ('<a href="javascript:alert(1)" onclick="x">a</a>', "a"),
        ("<script>alert(1)</script>a", "alert(1)a"),
        ("&lt;script&gt;", "<script>"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("a<br /><br /> <br>b", "a\n\nb"),
        ("a <i\n>b</i>", "a b"),
        ("<" * 50_000, "<" * 50_000),
        ("a" + " " * 50_000 + "<br", "a" + " " * 50_000 + "<br"),
        ("  a  ", "a"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize("change", [{"instrument": "NEWCAM_9"}, {"instrument": "newcam_9"}])
def test_an_unknown_camera_is_kept(navcam: Record, change: Record) -> None:
    assert frame_of(navcam | change).instrument == "NEWCAM_9"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"imageid": None}, "no usable id"),
        ({"imageid": ""}, "no usable id"),
        ({"imageid": "a/b"}, "no usable id"),
        ({"sol": None}, "no usable sol"),
        ({"sol": "soon"}, "no usable sol"),
        ({"mission": "insight"}, "another mission"),
        ({"mission": 7}, "another mission"),
    ],
)
def test_a_record_that_cannot_be_kept_is_rejected_and_the_rest_kept(
    navcam: Record, change: Record, reason: str
) -> None:
    page = read({"items": [navcam, navcam | change, navcam], "more": False, "total": 3})
    assert len(page.frames) == 2
    assert [rejected.position for rejected in page.rejected] == [1]
    assert reason in page.rejected[0].reason
    assert json.loads(page.rejected[0].upstream) == navcam | change


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"date_taken": "yesterday"}, "unreadable date_taken"),
        ({"date_taken": 5}, "unreadable date_taken"),
        ({"date_received": "9999-12-31T23:59:59Z"}, "unreadable date_received"),
        ({"spacecraft_clock": "x"}, "unreadable spacecraft_clock"),
        ({"drive": "1.5"}, "unreadable drive"),
        ({"extended": {"mast_az": "12,3"}}, "unreadable mast_az"),
        ({"instrument": None}, "no instrument"),
        ({"new_field": 1}, "new field: new_field"),
    ],
)
def test_a_wrong_value_is_flagged_and_the_frame_kept(
    navcam: Record, change: Record, flag: str
) -> None:
    assert any(flag in text for text in frame_of(navcam | change).flags)


def test_a_thumbnail_is_known_by_the_feed_s_word_or_its_mark(navcam: Record) -> None:
    bare = {key: value for key, value in navcam.items() if key != "extended"}
    assert frame_of(bare | {"is_thumbnail": True}).sample_type == "thumbnail"
    assert frame_of(bare | {"is_thumbnail": False}).sample_type == "full"
    assert frame_of(bare | {"is_thumbnail": None}).sample_type is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html></html>", "HTML"),
        (b'{"more": false}', "no items"),
        (b'"text"', "shape"),
        (b"[1, 2]", "not an object"),
        (b'{"items": [{"imageid": "NLB_6638', "breaks off"),
    ],
)
def test_a_page_that_is_none_is_rejected_with_its_reason(body: bytes, reason: str) -> None:
    page = read(body)
    assert page.frames == []
    assert reason in page.rejected[0].reason


def test_a_page_states_its_total_and_whether_there_is_more(navcam: Record) -> None:
    page = read({"items": [navcam], "more": True, "total": 250, "page": 0, "per_page": 1})
    assert (page.total, page.more) == (250, True)
    source = RawImageItems("msl")
    following = source.next_address(source.address(1, 2), page)
    assert following is not None
    assert "page=1" in following
    assert "condition_1=msl%3Amission" in following
    last = read({"items": [navcam], "more": False, "total": 250})
    assert source.next_address(source.address(), last) is None


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_value_in_any_field_is_read_or_rejected(mastcam: Record, data: st.DataObject) -> None:
    changed: Record = json.loads(json.dumps(mastcam))
    inner = data.draw(st.sampled_from([changed, changed["extended"]]))
    key = data.draw(st.sampled_from(sorted(inner)))
    inner[key] = data.draw(JSON_VALUES)
    page = read([changed])
    assert len(page.frames) + len(page.rejected) == 1
