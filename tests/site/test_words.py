"""Numbers, times and names as people say them."""

from __future__ import annotations

import pytest

from solbook.clock import parse_utc
from solbook.site import words

UTC_NS = parse_utc("2021-11-10T00:12:07.123Z")


def test_times() -> None:
    assert words.utc_day(UTC_NS) == "10 Nov 2021"
    assert words.utc_minute(UTC_NS) == "10 Nov 2021 00:12 UTC"
    assert words.utc_clock(UTC_NS) == "00:12:07"
    assert words.utc_exact(UTC_NS) == "2021-11-10 00:12:07.123 UTC"
    assert words.local_minute(57_232.9) == "15:53"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (58, "58 s"), (-9300, "2 h 35 min"), (283_000, "3 days 6 h"), (86_400, "1 day")],
)
def test_durations(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "just now"), (65, "1 minute ago"), (7200, "2 hours ago"), (-10, "just now")],
)
def test_ago(seconds: int, said: str) -> None:
    assert words.ago(0, seconds * words.NS_PER_S) == said


def test_counts_and_sizes() -> None:
    assert words.counted(1, "frame") == "1 frame"
    assert words.counted(1036, "frame") == "1,036 frames"
    assert words.byte_size(999) == "999 bytes"
    assert words.byte_size(1_700_000) == "1.7 MB"
    assert words.byte_size(10**16) == "10000.0 TB"
    assert words.pixel_size(1288, None) is None


def test_angles() -> None:
    assert words.degrees(-8.14) == "\N{MINUS SIGN}8.1°"
    assert words.degrees(-0.01) == "0.0°"
    assert words.tilt(-8.2) == "8° below level"
    assert words.tilt(0.2) == "level"
    assert words.quantity("96x73 deg") == "96 \N{MULTIPLICATION SIGN} 73°"
    assert words.latitude(-4.5895) == "4.59° S"


def test_captions_keep_their_paragraphs() -> None:
    assert words.paragraphs("One\nline. \n\n Two. ") == ["One line.", "Two."]
    assert words.paragraphs(None) == []


def test_places_and_lists() -> None:
    assert words.place_of("Octavia E. Butler Landing, Jezero crater") == "Jezero"
    assert words.place_of("Elysium Planitia") == "Elysium Planitia"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a"]) == "a"
