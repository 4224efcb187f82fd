"""Views of pictures: always in range, moved as the reader sees, the same after a round trip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook.site.pages.view import AskedView, View, most_zoom

SIZE = (1280, 960)
NUMBERS = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
SIZES = st.tuples(st.integers(1, 40_000), st.integers(1, 40_000))
ASKED = st.builds(AskedView, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@given(SIZES, ASKED)
def test_whatever_is_asked_for_is_brought_into_range(
    size_px: tuple[int, int], asked: AskedView
) -> None:
    view = View.of(size_px, asked)
    box = view.box
    assert box.x >= 0
    assert box.y >= 0
    assert box.width >= 1
    assert box.height >= 1
    assert box.x + box.width <= size_px[0]
    assert box.y + box.height <= size_px[1]
    assert 1 <= view.zoom <= most_zoom(size_px)
    assert 0 <= view.rotation < 360
    assert 20 <= view.brightness <= 300
    for near in (view.zoomed(2), view.zoomed(0.5), view.moved(1, 0), view.moved(0, -1)):
        assert near.box.x + near.box.width <= size_px[0]
        assert near.brightness == view.brightness


@given(SIZES, ASKED)
def test_an_address_leads_to_the_view_that_wrote_it(
    size_px: tuple[int, int], asked: AskedView
) -> None:
    view = View.of(size_px, asked)
    again = read_again(size_px, view)
    # Once written, it stays as it is written.
    assert read_again(size_px, again).query() == again.query()
    assert again.zoom == pytest.approx(view.zoom, abs=0.00501)
    assert abs((again.rotation - view.rotation + 180) % 360 - 180) <= 0.0501


def read_again(size_px: tuple[int, int], view: View) -> View:
    """The view that the address of a view leads to."""
    written = {name: float(text) for name, text in view.query().items() if text is not None}
    return View.of(size_px, AskedView(**written))


def test_the_whole_picture_needs_no_words() -> None:
    view = View.of(SIZE, AskedView())
    assert view.is_whole
    assert not any(view.query().values())
    assert view.box == (0, 0, 1280, 960)
    assert View.of(SIZE, AskedView(5, 5, 3, 90)).whole() == view


@pytest.mark.parametrize(
    ("rotation", "middle"),
    [(0, (740, 480)), (90, (640, 405)), (180, (540, 480)), (270, (640, 555))],
)
def test_right_is_where_the_reader_sees_it(rotation: float, middle: tuple[float, float]) -> None:
    view = View.of(SIZE, AskedView(640, 480, 6.4, rotation)).moved(1, 0)
    assert (view.x, view.y) == pytest.approx(middle)


def test_a_turned_part_has_room_for_its_corners() -> None:
    part = AskedView(640, 480, 2, 90)
    assert View.of(SIZE, part).turned_size_px == (480, 640)
    assert View.of(SIZE, part._replace(rotation=45)).turned_size_px == (792, 792)


def test_the_same_share_of_another_picture_is_shown() -> None:
    view = View.of(SIZE, AskedView(320, 240, 4, 30, 120)).onto((640, 640))
    assert (view.x, view.y, view.zoom, view.rotation) == (160, 160, 4, 30)
    assert view.brightness == 120
