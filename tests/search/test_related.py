"""Related: what comes first, why, and what never comes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from solbook.archive import Archive, schema
from solbook.archive.links import rule
from solbook.jobs.index import index
from solbook.records import Link, parse_product_id
from solbook.search.facts import Facts, facts_by_id
from solbook.search.related import MOST_OF_BURST, RelatedItem, _Ranked, _varied, related
from solbook.settings import Settings
from tests.search.stocked import flight, link, place, publish, release, story
from tests.search.test_indexing import add_frames

TEN_MINUTES_NS = 600 * 10**9


@pytest.fixture
def library(archive: Archive) -> Archive:
    """Releases and stories that share flights, places and words."""
    publish(
        archive,
        release("PIA1", "The helicopter over the dunes", 0, caption="Ripples of sand, wind."),
        release("PIA2", "The thirteenth flight", 2, caption="Ridges and wind from above."),
        release("PIA3", "A rock called Rochette", 5, caption="The drill has made two holes."),
        release("PIA4", "Holes in Rochette", 6, caption="The drill and its two holes, closer."),
        story("n1", "Thirteen flights", 3, body="<p>The helicopter flew over <b>ridges</b>.</p>"),
        story("n2", "Wheels", 9, body="<p>Nothing to do with the others: aluminium.</p>"),
    )
    link(archive, "library/PIA1", flight(13))
    link(archive, "library/PIA2", flight(13))
    link(archive, "library/n1", flight(13))
    link(archive, "library/PIA3", place("Rochette"))
    link(archive, "library/PIA4", place("Rochette"))
    return archive


def full_frames(archive: Archive, condition: str = "1") -> list[str]:
    """Ids of the frames that are no thumbnails."""
    text = f"SELECT id FROM items WHERE kind='frame' AND sample_type <> 'thumbnail' AND {condition}"
    with archive.reading() as connection:
        return list(connection.execute(sa.text(text + " ORDER BY id")).scalars())


def facts(archive: Archive, *ids: str) -> dict[str, Facts]:
    with archive.reading() as connection:
        return {one.id: one for one in facts_by_id(connection, ids)}


def siblings(archive: Archive) -> Iterator[tuple[str, set[str]]]:
    """The recorded pictures that have others of their exposure, and those."""
    frames = facts(archive, *full_frames(archive, "exposure IS NOT NULL"))
    by_exposure: dict[str, set[str]] = {}
    for one in frames.values():
        by_exposure.setdefault(one.exposure or "", set()).add(one.id)
    for identity, one in frames.items():
        others = by_exposure[one.exposure or ""] - {identity}
        if others:
            yield identity, others


def reasons(found: list[RelatedItem]) -> dict[str, str]:
    return {one.item_id: one.reason for one in found}


def test_the_other_eye_and_other_tiles_come_first_for_every_recorded_frame(
    navcam: Archive,
) -> None:
    looked_at = Counter[bool]()
    for identity, others in siblings(navcam):
        found = related(navcam, identity)
        first = [one.item_id for one in found[: min(len(others), 4)]]
        assert set(first) <= others, identity
        own, one = parse_product_id(identity[6:]), parse_product_id(first[0][6:])
        assert own is not None
        assert one is not None
        eyes = {other for other in others if other[8:] == identity[8:]}
        if eyes:
            # The same tile of the other eye before any other tile.
            assert first[0] in eyes
            assert found[0].reason == "the other eye"
        looked_at[bool(eyes)] += 1
    assert looked_at[True] >= 22
    assert sum(looked_at.values()) >= 28


def test_what_is_never_there(navcam: Archive) -> None:
    for identity in full_frames(navcam)[::5]:
        found = related(navcam, identity)
        ids = [one.item_id for one in found]
        assert identity not in ids
        assert len(ids) == len(set(ids)) <= 12
        assert found == sorted(found, key=lambda one: (-one.score, one.item_id))
        shown = facts(navcam, *ids)
        assert not any(one.is_thumbnail for one in shown.values())
        assert all(one.reason and 0 < one.score <= 1 for one in found)


def test_it_is_the_same_every_time_and_after_a_rebuild(navcam: Archive) -> None:
    some = full_frames(navcam)[::9]
    before = {identity: related(navcam, identity) for identity in some}
    assert before == {identity: related(navcam, identity) for identity in some}
    index(navcam, rebuild=True)
    assert before == {identity: related(navcam, identity) for identity in some}


def test_fewer_are_the_first_of_more(navcam: Archive) -> None:
    for identity in full_frames(navcam)[::40]:
        assert len(related(navcam, identity, limit=3)) <= 3
        ids = [one.item_id for one in related(navcam, identity)]
        assert len(ids) >= len(related(navcam, identity, limit=3))


def test_no_burst_fills_it(navcam: Archive) -> None:
    # Sols 2 and 4 have the descent cameras, hundreds of frames of one minute and little else.
    for identity in full_frames(navcam, "sol < 5")[::7]:
        found = related(navcam, identity)
        shown = facts(navcam, *(one.item_id for one in found))
        bursts = Counter(
            (one.sol, one.family, one.product and one.product.sequence, one.mast_az_deg)
            for one in shown.values()
        )
        assert max(bursts.values()) <= 2 * MOST_OF_BURST, identity


def test_what_is_too_much_comes_last() -> None:
    def ranked(name: str, sol: int, score: float) -> _Ranked:
        frame = Facts(
            key=hash(name),
            id=f"m2020/{name}",
            kind="frame",
            mission="m2020",
            product_id=name,
            sol=sol,
            instrument="NAVCAM_LEFT",
            sample_type="full",
            at_ns=0,
            site=1,
            drive=0,
            mast_az_deg=10.0,
            mast_el_deg=0.0,
            exposure=None,
            title=None,
            media_type=None,
        )
        return _Ranked(frame, score, "overlapping view", "overlapping view")

    burst = [ranked(f"burst-{n:02}", 9, 0.9) for n in range(30)]
    others = [ranked(f"other-{n}", 20 + n, 0.1) for n in range(5)]
    kept = [one.facts.id for one in _varied([*burst, *others], 12)]
    assert kept[:4] == [f"m2020/burst-{n:02}" for n in range(4)]
    assert kept[4:9] == [f"m2020/other-{n}" for n in range(5)]
    assert kept[9:] == ["m2020/burst-04", "m2020/burst-05", "m2020/burst-06"]
    assert len(_varied(burst, 12)) == 2 * MOST_OF_BURST


_TIME = re.compile(r"(\d+) (second|minute|hour|day|sol)s? (later|earlier)$")
_UNIT_NS = {"second": 10**9, "minute": 60 * 10**9, "hour": 3600 * 10**9, "day": 86400 * 10**9}


def test_every_time_that_a_reason_states_is_so(navcam: Archive) -> None:
    stated = 0
    for identity in full_frames(navcam)[::4]:
        found = related(navcam, identity)
        known = facts(navcam, identity, *(one.item_id for one in found))
        item = known[identity]
        for one in found:
            match = _TIME.search(one.reason)
            if match is None:
                continue
            stated += 1
            number, unit, way = int(match[1]), match[2], match[3]
            other = known[one.item_id]
            if unit == "sol":
                assert item.sol is not None
                assert other.sol == item.sol + (number if way == "later" else -number)
                continue
            assert item.at_ns is not None
            assert other.at_ns is not None
            apart_ns = other.at_ns - item.at_ns
            assert (apart_ns > 0) == (way == "later")
            assert abs(abs(apart_ns) - number * _UNIT_NS[unit]) <= _UNIT_NS[unit] / 2 + 1
    assert stated > 100


def test_the_other_reasons_are_so(navcam: Archive) -> None:
    seen = Counter[str]()
    for identity in full_frames(navcam)[::4]:
        found = related(navcam, identity)
        known = facts(navcam, identity, *(one.item_id for one in found))
        item = known[identity]
        for one in found:
            other, words = known[one.item_id], one.reason.partition(",")[0]
            seen[words.partition(" from ")[0]] += 1
            if words == "the other eye":
                assert other.exposure == item.exposure
                assert other.instrument != item.instrument
            elif words.startswith(("another tile", "another form")):
                assert other.exposure == item.exposure
            elif words == "the same camera":
                assert (other.sol, other.instrument) == (item.sol, item.instrument)
            elif words.startswith("overlapping view"):
                assert (other.mission, other.site) == (item.mission, item.site)
    assert {"the other eye", "overlapping view", "the same camera"} <= seen.keys()


def test_a_thumbnail_has_its_frame_first(navcam: Archive) -> None:
    with navcam.reading() as connection:
        text = "SELECT id FROM items WHERE sample_type='thumbnail' AND exposure NOT NULL"
        thumbnails = list(connection.execute(sa.text(text)).scalars())
    frames = facts(navcam, *full_frames(navcam, "exposure IS NOT NULL"))
    of = {(one.exposure, one.instrument): one.id for one in frames.values()}
    checked = 0
    for identity, thumbnail in facts(navcam, *thumbnails).items():
        frame = of.get((thumbnail.exposure, thumbnail.instrument))
        if frame is not None and checked < 20:
            checked += 1
            first = related(navcam, identity)[0]
            assert first.reason == "the frame of this thumbnail"
            assert frames[first.item_id].exposure == thumbnail.exposure
    assert checked


def test_without_an_index_the_catalogue_answers(library: Archive) -> None:
    assert not library.index_path.exists()
    found = reasons(related(library, "library/PIA2"))
    assert found["library/PIA1"] == "also about flight 13"
    assert found["library/n1"] == "also about flight 13"
    assert "library/PIA3" not in found or "flight" not in found["library/PIA3"]


def test_with_an_index_words_count_as_well(library: Archive) -> None:
    index(library)
    found = related(library, "library/PIA3")
    assert found[0].item_id == "library/PIA4"
    assert found[0].reason == "also shows Rochette"
    link(library, "library/PIA4")
    link(library, "library/PIA3")
    words = reasons(related(library, "library/PIA3"))["library/PIA4"]
    assert words.startswith("also about: ")
    for word in words.removeprefix("also about: ").split(", "):
        assert word.lower() in "a rock called rochette the drill has made two holes"


def test_a_frame_and_the_release_that_shows_it(library: Archive) -> None:
    frames = add_frames(library, 3)
    link(library, "library/PIA1", Link("frame", frames[0], frames[0], "caption"))
    for with_index in (False, True):
        if with_index:
            index(library)
        assert reasons(related(library, frames[0]))["library/PIA1"] == "shows this frame"
        assert reasons(related(library, "library/PIA1"))[frames[0]] == "shown here"


def test_a_release_of_a_sol_and_the_frames_of_that_sol(library: Archive) -> None:
    frames = add_frames(library, 3)
    link(library, "library/PIA3", Link("sol", "m2020/75", "sol 75", "caption"))
    found = reasons(related(library, "library/PIA3"))
    assert found[frames[0]] == "taken on sol 75"
    assert reasons(related(library, frames[2]))["library/PIA3"] == "about sol 75"


def test_a_link_that_somebody_removed_makes_nothing_related(library: Archive) -> None:
    with library.reading() as connection:
        key = connection.execute(
            sa.select(schema.ITEMS.c.key).where(schema.ITEMS.c.id == "library/PIA1")
        ).scalar_one()
    rule(library, key, "flight", "m2020/13", "removed")
    found = reasons(related(library, "library/PIA2"))
    assert "flight" not in found.get("library/PIA1", "")
    assert found["library/n1"] == "also about flight 13"
    assert "flight" not in " ".join(reasons(related(library, "library/PIA1")).values())


def test_frames_without_a_time_have_their_neighbours(photos_archive: Path) -> None:
    opened = Archive(photos_archive, Settings(network=False))
    without = full_frames_of_photos(opened)
    some = without[:: len(without) // 12]
    assert sum(bool(related(opened, identity)) for identity in some) > 6
    for identity in some:
        found = related(opened, identity)
        known = facts(opened, identity, *(one.item_id for one in found))
        item = known[identity]
        assert all(known[one.item_id].sol == item.sol for one in found)
        assert {one.reason for one in found} <= {
            "the same camera, on the same sol",
            "another camera, on the same sol",
        }
    opened.close()


def full_frames_of_photos(archive: Archive) -> list[str]:
    """Frames of the Photos API, which says nothing of times and of thumbnails."""
    with archive.reading() as connection:
        text = "SELECT id FROM items WHERE utc_ns IS NULL AND exposure IS NULL ORDER BY id"
        return list(connection.execute(sa.text(text)).scalars())


def test_nothing_is_related_to_what_is_not_there(library: Archive) -> None:
    assert related(library, "library/PIA9") == []
