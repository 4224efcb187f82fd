"""The place of the Sun in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook.site.sun_words import compass, part_of_sol, stands, sun_words


@pytest.mark.parametrize(
    ("el_deg", "az_deg", "ltst_h", "said"),
    [
        (12, 268, 16.9, "late afternoon, Sun 12° above the west"),
        (0.08, 291.6, 18.5, "sunset, Sun on the horizon in the west"),
        (-0.4, 80, 5.6, "sunrise, Sun on the horizon in the east"),
        (5, 80, 6.4, "early morning, Sun 5° above the east"),
        (30, 75, 8.5, "morning, Sun 30° above the east"),
        (60, 120, 10.9, "late morning, Sun 60° above the southeast"),
        (50, 0, 12.2, "noon, Sun 50° above the north"),
        (85, 180, 12.0, "noon, Sun nearly overhead"),
        (61, 250, 13.2, "early afternoon, Sun 61° above the west"),
        (40, 262, 15.0, "afternoon, Sun 40° above the west"),
        (9, 310, 19.5, "evening, Sun 9° above the northwest"),
        (-3, 290, 18.3, "dusk, Sun 3° below the horizon in the west"),
        (-10, 290, 18.7, "evening twilight, Sun 10° below the horizon in the west"),
        (-15, 80, 4.9, "morning twilight, Sun 15° below the horizon in the east"),
        (-4, 80, 5.4, "dawn, Sun 4° below the horizon in the east"),
        (-40, 300, 23.0, "night, Sun 40° below the horizon"),
        # High in the north and south.
        (3, 0, 0.2, "around midnight, Sun 3° above the north"),
        (0.6, 180, 12.1, "noon, Sun 1° above the south"),
        (-3, 180, 12.0, "twilight at noon, Sun 3° below the horizon in the south"),
        (-5, 0, 23.9, "twilight at midnight, Sun 5° below the horizon in the north"),
        (-30, 180, 12.0, "night, Sun 30° below the horizon"),
    ],
)
def test_the_sun_in_words(el_deg: float, az_deg: float, ltst_h: float, said: str) -> None:
    assert sun_words(el_deg, az_deg, ltst_h * 3600) == said


def test_whether_it_is_up_may_be_known_better() -> None:
    assert stands("Sun", 2.0, 270.0, is_up=False) == "Sun 2° below the horizon in the west"
    assert part_of_sol(-1.5, 17 * 3600.0, is_up=True) == "late afternoon"


@pytest.mark.parametrize(
    ("az_deg", "eight", "sixteen"),
    [
        (0, "north", "north"),
        (359, "north", "north"),
        (-20, "north", "north-northwest"),
        (22.6, "northeast", "north-northeast"),
        (67, "northeast", "east-northeast"),
        (180, "south", "south"),
        (291.6, "west", "west-northwest"),
        (720 + 225, "southwest", "southwest"),
    ],
)
def test_points_of_the_compass(az_deg: float, eight: str, sixteen: str) -> None:
    assert compass(az_deg) == eight
    assert compass(az_deg, 16) == sixteen


@given(st.floats(-90, 90), st.floats(0, 360), st.floats(0, 86_399.999))
def test_there_are_words_for_every_place(el_deg: float, az_deg: float, ltst_s: float) -> None:
    said = sun_words(el_deg, az_deg, ltst_s)
    assert ", Sun " in said
    assert ("above" in said or "overhead" in said) <= (el_deg > 0)
    assert ("below" in said) <= (el_deg < 0)
    assert said.startswith("night") == (el_deg < -18)
