"""Links of releases: found, ruled on by hand, found again; what they lead back to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solbook.archive import Archive
from solbook.archive.links import ADDED, REMOVED, items_linked_to, links_of, rule
from solbook.archive.releases import (
    ReleaseFilter,
    ReleaseRow,
    count_releases,
    find_links_again,
    release_by_id,
    releases_named,
)
from solbook.jobs import ingest
from solbook.sources import source_named

SUNSET = {
    "title": "Sunset",
    "body": "<p>On <b>sol 257</b> dusk came to S&eacute;&iacute;tah.</p><p>Flight 13.</p>",
    "missions": "Perseverance",
    "keywords": "Navcam",
    "id": "sunset",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "museum"
    made.mkdir()
    return made


def read_in(archive: Archive, folder: Path, *rows: dict[str, str]) -> None:
    (folder / "captions.json").write_text(json.dumps(rows))
    ingest(archive, source_named("folder"), str(folder))


def sunset(archive: Archive) -> ReleaseRow:
    with archive.reading() as connection:
        found = release_by_id(connection, "folder", "museum.sunset")
    assert found is not None
    return found


def pairs(archive: Archive) -> set[str]:
    with archive.reading() as connection:
        return {f"{x.kind}:{x.target}" for x in links_of(connection, sunset(archive).key)}


def test_words_of_title_text_and_keywords_make_links(archive: Archive, folder: Path) -> None:
    read_in(archive, folder, SUNSET)
    with archive.reading() as connection:
        found = {
            (x.kind, x.target): (x.words, x.field)
            for x in links_of(connection, sunset(archive).key)
        }
    assert found["mission", "m2020"] == ("m2020", "missions")
    assert found["sol", "m2020/257"] == ("sol 257", "body")
    assert found["flight", "m2020/13"] == ("Flight 13", "body")
    assert found["place", "m2020/seitah"] == ("Séítah", "body")
    assert found["instrument", "m2020/Navcam"] == ("Navcam", "keywords")


def test_amended_words_take_their_links_along(archive: Archive, folder: Path) -> None:
    read_in(archive, folder, SUNSET)
    read_in(archive, folder, {**SUNSET, "body": "<p>It was sol 258.</p>"})
    assert pairs(archive) == {"mission:m2020", "sol:m2020/258", "instrument:m2020/Navcam"}


def test_a_ruling_outlives_whatever_is_found_later(archive: Archive, folder: Path) -> None:
    read_in(archive, folder, SUNSET)
    key = sunset(archive).key
    assert rule(archive, key, "sol", "m2020/257", REMOVED)
    assert not rule(archive, key, "sol", "m2020/257", REMOVED)
    assert rule(archive, key, "sample", "m2020/roubion", ADDED)
    for _ in range(2):
        read_in(archive, folder, {**SUNSET, "caption": "Sol 257 once more."})
        assert find_links_again(archive) == 1
        assert "sol:m2020/257" not in pairs(archive)
        assert "sample:m2020/roubion" in pairs(archive)
    rule(archive, key, "sol", "m2020/257", ADDED)
    assert "sol:m2020/257" in pairs(archive)


def test_finding_again_finds_the_same(archive: Archive, folder: Path) -> None:
    read_in(archive, folder, SUNSET)
    before = pairs(archive)
    with archive.writing() as connection:
        connection.exec_driver_sql("DELETE FROM links")
    find_links_again(archive)
    assert pairs(archive) == before


def test_what_leads_to_a_thing_is_found_from_it(archive: Archive, folder: Path) -> None:
    read_in(archive, folder, SUNSET, {**SUNSET, "id": "other", "body": "<p>Sol 3.</p>"})
    with archive.reading() as connection:
        assert items_linked_to(connection, "sol", "m2020/257", limit=9) == [sunset(archive).key]
        assert len(items_linked_to(connection, "mission", "m2020", limit=9)) == 2
        about = ReleaseFilter(about=("sol", "m2020/3"))
        assert count_releases(connection, about) == 1
    rule(archive, sunset(archive).key, "sol", "m2020/257", REMOVED)
    with archive.reading() as connection:
        assert items_linked_to(connection, "sol", "m2020/257", limit=9) == []


def test_a_release_is_found_by_its_name_alone(archive: Archive, folder: Path) -> None:
    read_in(archive, folder, SUNSET)
    with archive.reading() as connection:
        assert [x.id for x in releases_named(connection, "museum.sunset")] == [
            "folder/museum.sunset"
        ]
        assert releases_named(connection, "PIA99999") == []
