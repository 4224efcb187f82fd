"""What the captions of a rehearsal speak of is found, and nothing of it is of a real mission."""

from __future__ import annotations

import re
from typing import Any

import pytest

from solbook.records import find_mentions
from solbook.rehearsal import releases
from solbook.rehearsal.captions import Release, releases_of
from solbook.rehearsal.timing import MissionTimes
from tests.rehearsal.planned import SEED, planned


@pytest.fixture(scope="module")
def made() -> list[tuple[Release, dict[str, Any]]]:
    """The releases of a rehearsal, each with what its record says."""
    found = releases_of(planned(), MissionTimes.of_rehearsal(SEED))
    items = [releases.item_of(f"REHEARSAL-R{n:04d}", one) for n, one in enumerate(found, 1)]
    return [(one, item["data"][0]) for one, item in zip(found, items, strict=True)]


def test_captions_link_their_frames_sols_flights_and_cameras(
    made: list[tuple[Release, dict[str, Any]]],
) -> None:
    for release, data in made:
        text = f"{data['title']}\n\n{data['description']}"
        links = {(one.kind, one.target) for one in find_mentions(text, missions=["rehearsal"])}
        frames = {target for kind, target in links if kind == "frame"}
        # A tile and the whole differ in no more than the version, which a link leaves out.
        assert frames == {f"rehearsal/{one.product_id[:52]}" for one in release.frames}
        for sol in re.findall(r"\bsol (\d+)", text):
            assert ("sol", f"rehearsal/{sol}") in links
        for number in re.findall(r"\b[Ff]light (\d+)", text):
            assert ("flight", f"rehearsal/{number}") in links
        for day in re.findall(r"\((\d{4}-\d\d-\d\d)T", text):
            assert ("date", day) in links
        if release.kind == "photo":
            camera = release.frames[0].exposure.camera
            assert ("instrument", f"rehearsal/{camera}") in links


def test_the_credit_alone_keeps_a_caption_from_the_real_missions(
    made: list[tuple[Release, dict[str, Any]]],
) -> None:
    for _, data in made:
        text = f"{data['title']}\n\n{data['description']}"
        found = find_mentions(text)
        assert found == find_mentions(text, missions=["rehearsal"])
        assert {one.target.partition("/")[0] for one in found if one.kind != "date"} == {
            "rehearsal"
        }
