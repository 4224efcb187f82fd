"""RSS and Atom: stories, their dates and addresses, harmful text, damaged feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from solbook.archive import Archive, Tally
from solbook.archive.overview import quarantined
from solbook.archive.releases import ReleaseFilter, ReleaseRow, releases
from solbook.jobs import ingest
from solbook.records import Release
from solbook.sources import source_named
from solbook.sources.news import NewsFeed

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Mars News</title>{items}</channel></rss>
"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>A Blog</title>
<entry><title>Sol 257: Sunset</title><id>tag:example.org,2021:257</id>
<link href="https://example.org/blog/sol-257/"/><updated>2021-11-10T01:02:03+01:00</updated>
<author><name>A Writer</name></author><summary>Short &amp; sweet.</summary></entry></feed>
"""


def entry(title: str = "A Story", link: str = "https://example.org/a-story/", **more: str) -> str:
    given = {"guid": link, "pubDate": "Tue, 09 Nov 2021 16:31:00 -0800", **more}
    inner = "".join(f"<{tag}>{text}</{tag}>" for tag, text in given.items())
    return f"<item><title>{title}</title><link>{link}</link>{inner}</item>"


def story(text: str) -> Release:
    page = NewsFeed().read_page(RSS.format(items=text).encode(), "feed.xml")
    (found,) = page.releases
    return found


def read_in(archive: Archive, path: Path, body: str) -> list[ReleaseRow]:
    path.write_text(body, "utf-8")
    ingest(archive, source_named("rss"), str(path))
    with archive.reading() as connection:
        return releases(connection, ReleaseFilter(), limit=100)


def test_a_story_has_title_date_credit_address_and_text(archive: Archive, tmp_path: Path) -> None:
    body = RSS.format(
        items=entry(description="&lt;p&gt;One &lt;b&gt;bold&lt;/b&gt; word.&lt;/p&gt;")
    )
    for _ in range(2):
        (found,) = read_in(archive, tmp_path / "feed.xml", body)
    assert (found.kind, found.media_type, found.title) == ("article", "article", "A Story")
    assert found.dated == "2021-11-10T00:31:00Z"
    assert found.credit == "Mars News"
    assert found.page_url == "https://example.org/a-story/"
    assert found.caption == "One bold word."
    assert found.body == "<p>One <b>bold</b> word.</p>"
    assert found.id.startswith("rss/a-story-")


def test_atom_is_read_as_well(archive: Archive, tmp_path: Path) -> None:
    (found,) = read_in(archive, tmp_path / "feed.atom", ATOM)
    assert (found.title, found.credit) == ("Sol 257: Sunset", "A Writer")
    assert found.dated == "2021-11-10T00:02:03Z"
    assert found.id.startswith("rss/sol-257-")


def test_a_new_title_does_not_make_a_new_story(archive: Archive, tmp_path: Path) -> None:
    read_in(archive, tmp_path / "feed.xml", RSS.format(items=entry("First")))
    (found,) = read_in(archive, tmp_path / "feed.xml", RSS.format(items=entry("Second")))
    assert found.title == "Second"


def test_stories_of_one_name_at_two_places_are_two(archive: Archive, tmp_path: Path) -> None:
    items = entry(link="https://a.example/news/") + entry(link="https://b.example/news/")
    assert len(read_in(archive, tmp_path / "feed.xml", RSS.format(items=items))) == 2


def test_what_runs_or_loads_is_taken_out_of_a_story() -> None:
    found = story(
        "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;T&#x202e;itle</title>"
        "<link>https://example.org/x</link><description><![CDATA["
        '<p onclick="x()">A <a href="javascript:alert(1)">b</a> <a href="https://c.example/">c</a>'
        '<img src="https://tracker.example/p.gif"><iframe src="https://d.example"></iframe>'
        "<style>p{color:red}</style><script>alert(2)</script></p>]]></description></item>"
    )
    assert found.title == "Title"
    assert found.body == (
        '<p>A <a rel="external noreferrer nofollow">b</a>'
        ' <a href="https://c.example/" rel="external noreferrer nofollow">c</a></p>'
    )
    # The first picture of the text is the story's.
    assert [asset.url for asset in found.assets] == ["https://tracker.example/p.gif"]


@pytest.mark.parametrize(
    "more",
    [
        '<media:content url="https://e.example/a.jpg" medium="image"/>',
        '<media:thumbnail url="https://e.example/a.jpg"/>',
        '<enclosure url="https://e.example/a.jpg" type="image/jpeg" length="1"/>',
    ],
)
def test_a_storys_picture_is_found(more: str) -> None:
    found = story(f"<item><title>T</title><link>https://example.org/x</link>{more}</item>")
    assert [(asset.role, asset.url) for asset in found.assets] == [
        ("full", "https://e.example/a.jpg")
    ]


def test_an_address_that_is_none_is_not_linked() -> None:
    found = story(entry(link="javascript:alert(1)"))
    assert found.page_url is None


def test_a_story_without_title_or_address_is_in_quarantine(
    archive: Archive, tmp_path: Path
) -> None:
    items = entry("") + "<item><title>No address</title></item>" + entry("Whole")
    (found,) = read_in(archive, tmp_path / "feed.xml", RSS.format(items=items))
    assert found.title == "Whole"
    with archive.reading() as connection:
        reasons = {row.reason for row in quarantined(connection, 10)}
    assert reasons == {
        "The record has no title.",
        "The story has neither an id nor an address.",
    }


@pytest.mark.parametrize("body", ["", "<html><body>Not found</body></html>", '{"a": 1}'])
def test_what_is_no_feed_is_in_quarantine(archive: Archive, tmp_path: Path, body: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(body)
    assert ingest(archive, source_named("rss"), str(path)).tally == Tally(read=1, quarantined=1)


def test_a_feed_that_breaks_off_keeps_its_whole_stories(archive: Archive, tmp_path: Path) -> None:
    body = RSS.format(items=entry("First") + entry("Second", link="https://example.org/2"))
    found = read_in(archive, tmp_path / "feed.xml", body[: body.index("<title>Second") + 10])
    assert "First" in {release.title for release in found}


def test_a_folder_of_feeds_is_read(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(RSS.format(items=entry()), "utf-8")
    (tmp_path / "b.atom").write_text(ATOM, "utf-8")
    (tmp_path / "c.json").write_text("{}")
    report = ingest(archive, source_named("rss"), str(tmp_path))
    assert report.tally == Tally(read=2, new=2)
