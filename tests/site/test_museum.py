"""A folder of 32 things: the page of any of them leads on to twelve others and six stories."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.jobs import ingest
from solbook.jobs.index import index
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import source_named
from tests.museum import museum_folder
from tests.site.test_pages import page


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    base = tmp_path_factory.mktemp("museum")
    archive = Archive.create(base / "archive", Settings(network=False))
    report = ingest(archive, source_named("folder"), str(museum_folder(base / "museum")))
    assert (report.tally.new, report.tally.quarantined) == (32, 0)
    index(archive)
    with TestClient(create_app(archive)) as made:
        yield made


def pages_of(client: TestClient, kind: str) -> list[str]:
    return [each["page"] for each in client.get(f"/api/{kind}?limit=100").json()["releases"]]


def strip(text: str, anchor: str) -> str:
    found = re.search(rf'<section class="strip" id="{anchor}">.*?</section>', text, re.DOTALL)
    return found[0] if found else ""


@pytest.mark.parametrize("kind", ["images", "news"])
def test_any_of_them_leads_on_to_twelve_others_and_six_more_to_read(
    museum: TestClient, kind: str
) -> None:
    for path in pages_of(museum, kind):
        text = museum.get(path).text
        related, also = strip(text, "related"), strip(text, "also")
        cards = re.findall(r'<a class="card" href="([^"]+)"', related)
        stories = re.findall(r'<a class="story[^"]*" href="([^"]+)"', also)
        assert len(cards) >= 12, path
        assert len(stories) == 6, path
        assert path not in (*cards, *stories)
        assert len({*cards, *stories}) == len(cards) + len(stories)
        assert len(re.findall(r'class="why">[^<]+<', related)) == len(cards)
        assert len(re.findall(r'class="why">[^<]+<', also)) == len(stories)
        if kind == "images":
            assert all(story.startswith("/news/") for story in stories)


def test_reasons_that_name_something_are_true_of_both(museum: TestClient) -> None:
    seen = 0
    for path in pages_of(museum, "images"):
        item = path.removeprefix("/images/")
        own = museum.get(f"/api{path}").json()
        for other in museum.get(f"/api/related?item={item}").json()["related"]:
            named = re.fullmatch(r"also (?:about|shows|by) ([^:]+)", other["reason"])
            if named is None:
                continue
            seen += 1
            there = museum.get(f"/api{other['page']}").json()
            labels = [
                {link["label"].rpartition(", ")[2] for link in each["links"]}
                | {link["label"] for link in each["links"]}
                for each in (own, there)
            ]
            assert any(
                named[1].lower().endswith(label.lower()) for label in labels[0] & labels[1]
            ), (path, other)
    assert seen


def test_every_page_has_its_credit_without_scripts(museum: TestClient) -> None:
    for path in [*pages_of(museum, "images"), *pages_of(museum, "news")]:
        assert re.search(r"Credit: \w", page(museum, path).text)
