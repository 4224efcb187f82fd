"""Links in a recorded page of the agency's library."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from solbook.records import Mention, find_mentions, missions_in_keywords


@pytest.fixture(scope="module")
def found(shared_data: Path) -> dict[str, list[Mention]]:
    """The mentions of each item of the page by its id."""
    page = shared_data / "data/04_media_news/images_api_search_q_mars_page1_100.json"
    items = [one["data"][0] for one in json.loads(page.read_bytes())["collection"]["items"]]
    return {
        item["nasa_id"]: find_mentions(
            f"{item['title']}\n\n{item.get('description', '')}",
            missions=missions_in_keywords(item.get("keywords", ())),
        )
        for item in items
    }


def links(mentions: list[Mention]) -> set[str]:
    return {f"{one.kind} {one.target}" for one in mentions}


def test_a_party_in_a_town_called_mars_is_a_day_and_no_more(
    found: dict[str, list[Mention]],
) -> None:
    parties = {key: found[key] for key in found if key.startswith("NHQ2019")}
    assert len(parties) > 40
    kinds = Counter(one.kind for mentions in parties.values() for one in mentions)
    assert set(kinds) == {"date", "mission"}
    assert kinds["mission"] <= 3  # the lander InSight is talked of


def test_captions_of_the_page(found: dict[str, list[Mention]]) -> None:
    view = next(found[key] for key in found if "First 360 View" in key)
    assert links(view) == {
        "mission m2020",
        "instrument m2020/Navcam",
        "event m2020/landing",
        "place m2020/jezero-crater",
        "date 2021-02-18",
        "date 2021-02-20",
    }
    cubesat = next(found[key] for key in found if key.startswith("PIA22832"))
    assert links(cubesat) == {
        "release PIA22832",
        "release PIA22833",
        "release PIA22834",
        "mission insight",
        "event insight/landing",
        "date 2018-11-26",
    }
    assert links(found["PIA05248"]) == {"mission spirit"}
    for other in ("PIA01120", "PIA02311", "PIA07944", "PIA10683"):
        assert links(found[other]) == set()
