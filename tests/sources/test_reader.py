"""Reading to the end, from wherever it is: a feed over HTTP, a saved page, a folder of both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from solbook.archive import Archive
from solbook.archive.overview import frames_by_sol, quarantined, recent_runs
from solbook.errors import SolbookError
from solbook.jobs import ingest
from solbook.records import SourcePage
from solbook.settings import Settings
from solbook.sources import SOURCES, read, source_named
from tests.catalogue import contents
from tests.upstream import Answer, Asked, Script, json_answer, upstream

Record = dict[str, Any]
HTML = b"<!DOCTYPE html><html><body>504 Gateway Time-out</body></html>"


@pytest.fixture(autouse=True)
def _without_waits() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def online(tmp_path: Path) -> Iterator[Archive]:
    """An archive that may fetch."""
    made = Archive.create(tmp_path / "archive", Settings(timeout_s=5))
    yield made
    made.close()


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[Record]:
    text = (shared_data / "data/01_m2020_feed/rss_feed_sol2_sol4_1196.json").read_text()
    loaded: list[Record] = json.loads(text)
    return loaded


@pytest.fixture(scope="module")
def msl_record(shared_data: Path) -> Record:
    path = shared_data / "data/02_other_feeds/msl_raw_image_item_sol1.json"
    loaded: Record = json.loads(path.read_text())
    return loaded


@pytest.fixture(scope="module")
def photos(shared_data: Path) -> list[Record]:
    path = shared_data / "data/02_mars_photos_api/elbi3/sol1000Data.json"
    loaded: list[Record] = json.loads(path.read_text())["photos"]
    return loaded


def pages_of(source: str, where: str, **settings: Any) -> list[SourcePage]:
    return list(read(source_named(source), where, Settings(timeout_s=5, **settings)))


def m2020_feed(records: list[Record], *, total: int | None = None) -> Script:
    """The M2020 feed's manners: `num` capped at 100, a complaint with status 200 past the end."""

    def script(asked: Asked) -> Answer:
        number, size = int(asked.query["page"]), min(int(asked.query.get("num", 100)), 100)
        images = records[number * size : (number + 1) * size]
        if not images:
            return json_answer({"error_message": "No more images."})
        return json_answer(
            {
                "images": images,
                "per_page": str(size),
                "total_results": len(records) if total is None else total,
                "total_images": len(records) + 1000,
                "page": number,
            }
        )

    return script


def items_feed(records: list[Record]) -> Script:
    """The manners of `raw_image_items`: pages from 0, and `more`."""

    def script(asked: Asked) -> Answer:
        number, size = int(asked.query["page"]), int(asked.query["per_page"])
        items = records[number * size : (number + 1) * size]
        more = (number + 1) * size < len(records)
        return json_answer({"items": items, "more": more, "total": len(records), "page": number})

    return script


def numbered(record: Record, count: int) -> list[Record]:
    """Records that differ in their ids."""
    return [record | {"imageid": f"{record['imageid'][:-4]}{i:04d}"} for i in range(count)]


# --- from an address ---------------------------------------------------------------------------


def test_the_m2020_feed_is_read_to_its_end(records: list[Record]) -> None:
    with upstream(m2020_feed(records)) as feed:
        pages = pages_of("m2020", f"{feed.url}/rss/api/?feed=raw_images&num=100&page=0")
        assert [page for asked in feed.asked for page in asked.query["page"].split()] == [
            str(number) for number in range(12)
        ]
        assert {asked.query["feed"] for asked in feed.asked} == {"raw_images"}
    found = [frame.upstream_id for page in pages for frame in page.frames]
    assert found == [record["imageid"] for record in records]
    assert not any(page.rejected for page in pages)


def test_reading_may_begin_in_the_middle(records: list[Record]) -> None:
    with upstream(m2020_feed(records)) as feed:
        pages = pages_of("m2020", f"{feed.url}/?num=100&page=10")
    assert sum(len(page.frames) for page in pages) == 196


def test_a_greater_num_than_the_feed_gives_loses_nothing(records: list[Record]) -> None:
    with upstream(m2020_feed(records)) as feed:
        pages = pages_of("m2020", f"{feed.url}/?num=500&page=0")
    assert sum(len(page.frames) for page in pages) == 1196


def test_without_a_total_the_feed_is_read_until_it_complains(records: list[Record]) -> None:
    def script(asked: Asked) -> Answer:
        answer = m2020_feed(records[:200])(asked)
        body = json.loads(bytes(answer.body))  # type: ignore[arg-type]
        body.pop("total_results", None)
        return json_answer(body)

    with upstream(script) as feed:
        pages = pages_of("m2020", f"{feed.url}/?page=0")
        assert len(feed.asked) == 3
    # Past its end the feed complains; that is its end and no loss.
    assert [len(page.frames) for page in pages] == [100, 100]
    assert not any(page.rejected for page in pages)


@pytest.mark.parametrize("mission", ["msl", "insight"])
def test_raw_image_items_are_read_while_there_are_more(msl_record: Record, mission: str) -> None:
    made = numbered(msl_record | {"mission": mission}, 250)
    with upstream(items_feed(made)) as feed:
        pages = pages_of(mission, f"{feed.url}/api/v1/raw_image_items/?per_page=100&page=0")
        assert [asked.query["page"] for asked in feed.asked] == ["0", "1", "2"]
    assert [len(page.frames) for page in pages] == [100, 100, 50]


def test_photos_are_read_page_by_page_where_the_address_asks_for_pages(
    photos: list[Record],
) -> None:
    def script(asked: Asked) -> Answer:
        first = (int(asked.query["page"]) - 1) * 25
        return json_answer({"photos": photos[first : first + 25]})

    with upstream(script) as feed:
        pages = pages_of("photos-v1", f"{feed.url}/api/v1/rovers/curiosity/photos?sol=1000&page=1")
        assert len(feed.asked) == 36
    ids = [frame.upstream_id for page in pages for frame in page.frames]
    assert ids == [str(photo["id"]) for photo in photos]


def test_photos_come_in_one_where_the_address_asks_for_no_page(photos: list[Record]) -> None:
    with upstream(lambda _: json_answer({"photos": photos})) as feed:
        pages = pages_of("photos-v1", f"{feed.url}/api/v1/rovers/curiosity/photos?sol=1000")
        assert len(feed.asked) == 1
    assert [len(page.frames) for page in pages] == [len(photos)]


@pytest.mark.parametrize(
    ("source", "query"),
    [("m2020", "page=0"), ("msl", "page=0&per_page=100"), ("photos-v1", "page=1")],
)
def test_a_server_that_gives_the_same_page_again_and_again_is_left(
    records: list[Record],
    msl_record: Record,
    photos: list[Record],
    source: str,
    query: str,
) -> None:
    """For example a saved answer behind a plain file server."""
    body = {
        "m2020": {"images": records[:100]},
        "msl": {"items": numbered(msl_record, 100)},
        "photos-v1": {"photos": photos[:25]},
    }[source]
    with upstream(lambda _: json_answer(body)) as feed:
        assert len(pages_of(source, f"{feed.url}/?{query}")) == 1
        assert len(feed.asked) == 2


def test_a_server_that_only_ever_answers_html_is_left() -> None:
    count = iter(range(10**6))
    with upstream(lambda _: Answer(HTML + str(next(count)).encode())) as feed:
        pages = pages_of("m2020", f"{feed.url}/?page=0")
        assert len(feed.asked) <= 2
    assert all("HTML" in page.rejected[0].reason for page in pages)


def test_a_page_lost_on_the_way_is_kept_as_such_and_those_after_it_are_read(
    online: Archive, records: list[Record]
) -> None:
    feed_script = m2020_feed(records[:500])

    def script(asked: Asked) -> Answer:
        return Answer(HTML) if asked.query["page"] == "2" else feed_script(asked)

    with upstream(script) as feed:
        report = ingest(online, SOURCES["m2020"], f"{feed.url}/?page=0&num=100")
        assert (report.tally.new, report.tally.quarantined) == (400, 1)
        assert report.state == "short"
        assert "400 records stored, 1 in quarantine; the feed states 500" in report.message
        with online.reading() as connection:
            row = quarantined(connection, 10)[0]
        assert row.origin.endswith("page=2&num=100")
        # The next run makes it good.
        with upstream(feed_script) as mended:
            again = ingest(online, SOURCES["m2020"], f"{mended.url}/?page=0&num=100")
    assert (again.state, again.tally.new) == ("complete", 100)


def test_a_page_cut_off_upstream_does_not_end_the_reading(records: list[Record]) -> None:
    """The cut takes the total with it."""
    feed_script = m2020_feed(records[:400])

    def script(asked: Asked) -> Answer:
        answer = feed_script(asked)
        assert isinstance(answer.body, bytes)
        return Answer(answer.body[:-50_000]) if asked.query["page"] == "1" else answer

    with upstream(script) as feed:
        pages = pages_of("m2020", f"{feed.url}/?page=0&num=100")
    assert [len(page.frames) for page in pages][2:] == [100, 100]
    assert "breaks off" in pages[1].rejected[0].reason


def test_a_feed_that_states_more_than_it_gives_is_short(
    online: Archive, records: list[Record]
) -> None:
    with upstream(m2020_feed(records[:250], total=400)) as feed:
        report = ingest(online, SOURCES["m2020"], f"{feed.url}/?page=0")
    assert report.state == "short"
    assert report.stated_total == 400
    assert "250 records stored; the feed states 400" in report.message
    with online.reading() as connection:
        run = recent_runs(connection, 1)[0]
    assert (run.state, run.stated_total, run.new) == ("short", 400, 250)


def test_a_feed_that_gives_what_it_states_is_complete(
    online: Archive, records: list[Record]
) -> None:
    with upstream(m2020_feed(records[:250])) as feed:
        assert ingest(online, SOURCES["m2020"], f"{feed.url}/?page=0").state == "complete"


def test_a_feed_of_nothing_says_so(online: Archive) -> None:
    with upstream(m2020_feed([])) as feed:
        report = ingest(online, SOURCES["m2020"], f"{feed.url}/?page=0")
    assert (report.tally.new, report.tally.quarantined) == (0, 1)
    with online.reading() as connection:
        assert "No more images." in quarantined(connection, 1)[0].found


def test_pages_before_a_break_are_kept_and_the_run_is_noted_as_failed(
    online: Archive, records: list[Record]
) -> None:
    feed_script = m2020_feed(records)

    def script(asked: Asked) -> Answer:
        return Answer(status=500) if asked.query["page"] == "3" else feed_script(asked)

    with upstream(script) as feed, pytest.raises(SolbookError, match="could not be read"):
        ingest(online, SOURCES["m2020"], f"{feed.url}/?page=0&num=100")
    with online.reading() as connection:
        assert sum(count for _, count in frames_by_sol(connection, "m2020")) > 250
        run = recent_runs(connection, 1)[0]
    assert (run.state, run.read) == ("failed", 300)
    assert run.message is not None
    assert "page=3" in run.message


def test_a_huge_page_of_a_feed_ends_the_run_with_a_clear_message(
    online: Archive, records: list[Record]
) -> None:
    feed_script = m2020_feed(records)

    def script(asked: Asked) -> Answer:
        if asked.query["page"] == "1":
            return Answer((b" " * 2**20 for _ in range(200)), stated_length=200 * 2**20)
        return feed_script(asked)

    with upstream(script) as feed, pytest.raises(SolbookError) as raised:
        ingest(online, SOURCES["m2020"], f"{feed.url}/?page=0")
    assert raised.value.code == "page_too_large"
    with online.reading() as connection:
        assert sum(count for _, count in frames_by_sol(connection, "m2020")) > 80


@pytest.mark.parametrize("source", ["m2020", "msl", "photos-v1"])
def test_an_address_whose_page_is_no_number_is_explained(
    source: str, records: list[Record], msl_record: Record, photos: list[Record]
) -> None:
    body = {"images": records[:3], "items": [msl_record], "photos": photos[:3]}
    with upstream(lambda _: json_answer(body)) as feed, pytest.raises(SolbookError) as raised:
        pages_of(source, f"{feed.url}/?page=last")
    assert raised.value.code == "bad_address"
    assert "page=last" in raised.value.found


def test_with_the_network_switched_off_no_address_is_read() -> None:
    with pytest.raises(SolbookError) as raised:
        pages_of("m2020", "http://127.0.0.1:1/?page=0", network=False)
    assert raised.value.code == "no_network"


# --- from disk ---------------------------------------------------------------------------------


@pytest.fixture
def folder(shared_data: Path, tmp_path: Path, records: list[Record]) -> Path:
    """A folder of pages and sidecars as people keep them, at any depth."""
    made = tmp_path / "saved"
    (made / "pages/sol23").mkdir(parents=True)
    sidecars = sorted((shared_data / "data/01_m2020_feed/navcam_sidecars").glob("*.json"))
    for path in sidecars[:5]:
        (made / path.name).write_bytes(path.read_bytes())
    (made / "pages/a.json").write_text(json.dumps({"images": records[:100]}))
    (made / "pages/sol23/b.json").write_text(json.dumps(records[100:150]))
    (made / "pages/notes.txt").write_text("not a page")
    (made / "pages/other.json").write_text('{"type": "FeatureCollection", "features": []}')
    return made


def test_pages_and_sidecars_of_a_folder_are_all_read(archive: Archive, folder: Path) -> None:
    report = ingest(archive, SOURCES["m2020"], str(folder))
    assert (report.tally.new + report.tally.unchanged, report.tally.quarantined) == (155, 0)
    assert report.passed_over == [folder / "pages/other.json"]
    assert report.state == "complete"


def test_a_folder_and_its_files_one_by_one_give_the_same(
    archive: Archive, folder: Path, tmp_path: Path
) -> None:
    ingest(archive, SOURCES["m2020"], str(folder))
    other = Archive.create(tmp_path / "other", Settings(network=False))
    for name in ("pages/sol23/b.json", "pages/a.json"):
        ingest(other, SOURCES["m2020"], str(folder / name))
    for path in folder.glob("*.json"):
        ingest(other, SOURCES["m2020"], str(path))

    def ids(of: Archive) -> set[object]:
        return {row[1:] for row in contents(of)["items"]}

    assert ids(other) == ids(archive)
    other.close()


DAMAGE = {
    "html": (HTML, "HTML"),
    "empty": (b"", "empty"),
    "blank": (b" \n ", "empty"),
    "truncated": (b'{"images": [{"imageid": "NLF_0', "breaks off"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "damaged"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_in_a_folder_is_kept_by_name_and_the_rest_lands(
    archive: Archive, folder: Path, kind: str
) -> None:
    body, reason = DAMAGE[kind]
    bad = folder / "bad.json"
    bad.write_bytes(body)
    report = ingest(archive, SOURCES["m2020"], str(folder))
    assert (report.tally.new + report.tally.unchanged, report.tally.quarantined) == (155, 1)
    with archive.reading() as connection:
        rows = quarantined(connection, 10)
    assert [row.origin for row in rows] == [str(bad)]
    assert reason in rows[0].reason


def test_every_damaged_file_of_a_folder_is_kept(archive: Archive, folder: Path) -> None:
    for kind, (body, _) in DAMAGE.items():
        (folder / f"{kind}.json").write_bytes(body)
    report = ingest(archive, SOURCES["m2020"], str(folder))
    assert (report.tally.new + report.tally.unchanged) == 155
    assert report.tally.quarantined == len(DAMAGE)
    before = contents(archive)
    ingest(archive, SOURCES["m2020"], str(folder))
    assert contents(archive) == before


def test_a_page_of_200_mb_in_a_folder_is_named_and_the_rest_lands(
    archive: Archive, folder: Path
) -> None:
    large = folder / "large.json"
    with large.open("wb") as file:
        file.write(b'{"images": [')
        file.truncate(200 * 2**20)
    report = ingest(archive, SOURCES["m2020"], str(folder))
    assert (report.tally.new + report.tally.unchanged, report.tally.quarantined) == (155, 1)
    with archive.reading() as connection:
        row = quarantined(connection, 1)[0]
    assert (row.origin, row.found) == (str(large), "209,715,200 bytes")
    assert "too large" in row.reason


def test_a_page_of_200_mb_given_by_name_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(200 * 2**20)
    with pytest.raises(SolbookError) as raised:
        pages_of("m2020", str(large))
    assert raised.value.code == "page_too_large"
    assert "max_page_bytes" in raised.value.help


def test_a_page_with_a_byte_order_mark_is_read(tmp_path: Path, records: list[Record]) -> None:
    path = tmp_path / "page.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(records[:2]).encode())
    for where in (path, tmp_path):
        assert [len(page.frames) for page in pages_of("m2020", str(where))] == [2]


def test_a_path_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SolbookError) as raised:
        pages_of("m2020", str(tmp_path / "nothing.json"))
    assert raised.value.code == "unreadable"
    assert "nothing.json" in raised.value.message


def test_an_unknown_source_is_explained() -> None:
    with pytest.raises(SolbookError) as raised:
        source_named("mars2020")
    assert "m2020" in raised.value.expected


@pytest.mark.parametrize(
    ("source", "count"), [("m2020", 1341), ("msl", 2), ("insight", 1), ("photos-v1", 0)]
)
def test_each_source_takes_its_own_from_a_folder_of_everything(
    shared_data: Path, source: str, count: int
) -> None:
    where = str(shared_data / "data")
    pages = [page for page in pages_of(source, where) if not page.rejected]
    found = sum(len(page.frames) for page in pages)
    assert found == count if count else found > 900
    assert {frame.source for page in pages for frame in page.frames} == {source}
