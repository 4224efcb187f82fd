"""You Might Also Like: stories first, never empty, nothing twice."""

from __future__ import annotations

import pytest

from solbook.archive import Archive
from solbook.jobs.index import index
from solbook.search.also_like import you_might_also_like
from solbook.search.related import RelatedItem, related
from tests.search.stocked import flight, link, place, publish, release, story
from tests.search.test_indexing import add_frames


@pytest.fixture
def newsroom(archive: Archive) -> Archive:
    """Stories and releases of some weeks."""
    publish(
        archive,
        story("n1", "The helicopter sets a record", 0, body="<p>Longest flight so far.</p>"),
        story("n2", "The delta from close by", 3, body="<p>Sandstone of an ancient lake.</p>"),
        story("n3", "A lake that was", 40, body="<p>Sandstone tells of an ancient lake.</p>"),
        story("n4", "A new arm", 300, missions=("msl",), body="<p>Nothing of the above.</p>"),
        release("PIA1", "From the air", 1, caption="The longest flight so far."),
        release("PIA2", "Layers", 4, caption="Layered sandstone, laid down in a lake."),
        release("PIA3", "A portrait", 200, caption="The rover looks at itself."),
    )
    link(archive, "library/n1", flight(13))
    link(archive, "library/PIA1", flight(13))
    link(archive, "library/n2", place("Jezero crater"))
    link(archive, "library/n3", place("Jezero crater"))
    return archive


def liked(archive: Archive, item_id: str, *exclude: str, limit: int = 6) -> list[RelatedItem]:
    return you_might_also_like(archive, item_id, exclude, limit)


def ids(found: list[RelatedItem]) -> list[str]:
    return [one.item_id for one in found]


EVERYTHING = {f"library/{name}" for name in ("n1", "n2", "n3", "n4", "PIA1", "PIA2", "PIA3")}


def test_what_is_about_the_same_comes_first(newsroom: Archive) -> None:
    found = liked(newsroom, "library/n2")
    assert found[0].item_id == "library/n3"
    assert found[0].reason == "also shows Jezero crater"
    found = liked(newsroom, "library/PIA1")
    assert (found[0].item_id, found[0].reason) == ("library/n1", "also about flight 13")


def test_words_count_where_there_is_an_index(newsroom: Archive) -> None:
    index(newsroom)
    reasons = {one.item_id: one.reason for one in liked(newsroom, "library/n2")}
    assert reasons["library/PIA2"].startswith("also about: ")
    assert "sandstone" in reasons["library/PIA2"].lower()


@pytest.mark.parametrize("with_index", [False, True])
def test_never_empty_never_itself_nothing_twice(newsroom: Archive, *, with_index: bool) -> None:
    if with_index:
        index(newsroom)
    for identity in sorted(EVERYTHING):
        found = ids(liked(newsroom, identity))
        assert len(found) == len(set(found)) == 6
        assert identity not in found
        assert found == ids(liked(newsroom, identity))
        for limit in (0, 1, 3):
            assert len(liked(newsroom, identity, limit=limit)) == limit
        # Whatever is left out: what is left is there.
        for kept in sorted(EVERYTHING - {identity}):
            assert ids(liked(newsroom, identity, *(EVERYTHING - {kept}))) == [kept]
        assert liked(newsroom, identity, *EVERYTHING) == []


def test_nothing_that_related_shows(newsroom: Archive) -> None:
    index(newsroom)
    for identity in sorted(EVERYTHING):
        shown = {one.item_id for one in related(newsroom, identity, limit=3)}
        assert shown.isdisjoint(ids(liked(newsroom, identity, *shown)))


def test_of_as_near_ones_the_one_of_about_then(newsroom: Archive) -> None:
    publish(newsroom, story("n5", "Another flight", 500), story("n6", "One more flight", 2))
    link(newsroom, "library/n5", flight(13))
    link(newsroom, "library/n6", flight(13))
    found = ids(liked(newsroom, "library/PIA1"))
    assert found.index("library/n6") < found.index("library/n5")


def test_a_frame_has_the_newest_stories_of_its_mission(newsroom: Archive) -> None:
    frame = add_frames(newsroom, 1)[0]
    found = liked(newsroom, frame)
    assert [one.item_id for one in found[:3]] == ["library/n3", "library/n2", "library/n1"]
    assert all("mission" in one.reason for one in found[:3])
    # Then those of others, then releases.
    assert found[3].item_id == "library/n4"
    assert {one.kind for one in found[4:]} == {"release"}


def test_the_same_week_is_said_where_it_is_so(newsroom: Archive) -> None:
    reasons = {one.item_id: one.reason for one in liked(newsroom, "library/PIA2")}
    assert reasons["library/n2"] == "from the same week, of the same mission"
    assert "week" not in reasons["library/n3"]


def test_what_is_not_there_has_none(newsroom: Archive, archive: Archive) -> None:
    assert liked(newsroom, "library/PIA9") == []
