"""What some bytes are, and bytes that are out to do harm."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook.imaging import NotAPicture, identify
from tests.imaging.drawn import KINDS, opened, ramp, written

MAX_PIXELS = 500_000_000

NAVCAM = "data/03_pixels/m2020_navcam/NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J.png"
STEREO = "data/03_pixels/msl_navcam_stereo/NLB_524534514EDR_F0562034NCAM00280M_.jpeg"


def png(width: int, height: int, depth: int = 8, colour: int = 0, data: bytes = b"") -> bytes:
    """A PNG whose header says what it is told to say."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checked

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("suffix", KINDS)
def test_a_picture_is_known_by_its_bytes(suffix: str) -> None:
    found = identify(written(ramp(70, 50), suffix), MAX_PIXELS)
    assert found == (*KINDS[suffix], 70, 50)


@pytest.mark.parametrize(
    ("path", "expected"),
    [(NAVCAM, ("image/png", "png", 1288, 968)), (STEREO, ("image/jpeg", "jpg", 1024, 1024))],
)
def test_frames_of_the_missions_are_known(
    shared_data: Path, path: str, expected: tuple[str, str, int, int]
) -> None:
    body = (shared_data / path).read_bytes()
    assert identify(body, MAX_PIXELS)[:2] == expected[:2]
    image = opened(body)
    assert identify(body, MAX_PIXELS)[2:] == (image.width, image.height)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><rect/></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n1 0 obj <<>> endobj",
        b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
        b'{"error_message": "No such image."}',
        b"\x89PNG\r\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"II*\x00",
        b"GIF89a",
        b"GIF8<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"BM" + b"\x00" * 64,
        b"#?RADIANCE\n" + b"\x00" * 64,
        b"P6\n2 2\n255\n" + b"\x00" * 12,
    ],
)
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(NotAPicture) as raised:
        identify(body, MAX_PIXELS)
    assert str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 1), (25_000, 20_001)])
def test_a_small_file_that_claims_to_be_a_huge_picture_is_refused_at_once(
    size: tuple[int, int],
) -> None:
    body = png(*size)
    assert len(body) < 1000
    began = time.monotonic()
    with pytest.raises(NotAPicture):
        identify(body, MAX_PIXELS)
    assert time.monotonic() - began < 1


def test_the_greatest_number_of_pixels_is_a_setting() -> None:
    body = written(ramp(100, 100), ".png")
    assert identify(body, 10_000)
    with pytest.raises(NotAPicture, match="100 x 100 is more than 9,999 pixels"):
        identify(body, 9_999)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBP", b"II*\x00", b"MM\x00*", b"GIF89a"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes_are_a_picture_or_refused(magic: bytes, rest: bytes) -> None:
    try:
        found = identify(magic + rest, 10**6)
    except NotAPicture:
        return
    assert found.width_px * found.height_px <= 10**6
