"""Pictures: what some bytes are, thumbnails of them, and bytes that are out to do harm."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook.imaging import THUMBNAIL_WIDTHS_PX, NotAPicture, identify, thumbnail

MAX_PIXELS = 500_000_000

NAVCAM = "data/03_pixels/m2020_navcam/NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J.png"
STEREO = "data/03_pixels/msl_navcam_stereo/NLB_524534514EDR_F0562034NCAM00280M_.jpeg"

KINDS = {
    ".png": ("image/png", "png"),
    ".jpg": ("image/jpeg", "jpg"),
    ".webp": ("image/webp", "webp"),
    ".tif": ("image/tiff", "tif"),
    ".gif": ("image/gif", "gif"),
}


def ramp(width: int, height: int, bands: int = 3) -> pyvips.Image:
    """A picture that goes from dark on the left to bright on the right."""
    across = pyvips.Image.xyz(width, height)[0] * (255 / max(1, width - 1))
    grey = across.cast("uchar")
    return grey if bands == 1 else grey.bandjoin([grey] * (bands - 1)).copy(interpretation="srgb")


def written(image: pyvips.Image, suffix: str, **options: Any) -> bytes:
    body: bytes = image.write_to_buffer(suffix, **options)
    return body


def opened(body: bytes) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(body, "")


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


# --- what it is --------------------------------------------------------------------------------


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


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_damaged_picture_gives_a_thumbnail_or_is_refused(
    suffix: str, data: st.DataObject
) -> None:
    body = bytearray(written(ramp(60, 40), suffix))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        identify(bytes(body), 10**6)
        made = thumbnail(bytes(body), 320)
    except NotAPicture:
        return
    assert opened(made).width <= 320


# --- thumbnails --------------------------------------------------------------------------------


@pytest.mark.parametrize("width_px", THUMBNAIL_WIDTHS_PX)
def test_a_thumbnail_has_its_width_and_the_picture_s_shape(width_px: int) -> None:
    made = opened(thumbnail(written(ramp(2000, 1500), ".jpg"), width_px))
    assert made.get("vips-loader") == "webpload_buffer"
    assert (made.width, made.height) == (width_px, width_px * 3 // 4)


@pytest.mark.parametrize("width_px", THUMBNAIL_WIDTHS_PX)
@pytest.mark.parametrize("size", [(64, 64), (1, 1), (319, 5)])
def test_a_picture_is_never_enlarged(width_px: int, size: tuple[int, int]) -> None:
    made = opened(thumbnail(written(ramp(*size), ".png"), width_px))
    assert (made.width, made.height) == size


def test_a_tall_picture_is_no_larger_than_its_format_allows() -> None:
    made = opened(thumbnail(written(ramp(300, 40_000), ".png"), 320))
    assert made.height == 16383
    assert made.width == pytest.approx(300 * 16383 / 40_000, abs=1)


Make = Callable[[], bytes]

# Pictures whose left is dark and whose right is bright, in every form upstreams use.
FORMS: dict[str, Make] = {
    "8-bit grey": lambda: written(ramp(400, 100, 1), ".png"),
    "16-bit grey": lambda: written((ramp(400, 100, 1).cast("ushort") * 257).cast("ushort"), ".png"),
    "16-bit colour": lambda: written(
        (ramp(400, 100).cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16"), ".png"
    ),
    "palette": lambda: written(ramp(400, 100), ".png", palette=True),
    "alpha": lambda: written(ramp(400, 100).bandjoin(255), ".png"),
    "grey jpeg": lambda: written(ramp(400, 100, 1), ".jpg"),
    "interlaced": lambda: written(ramp(400, 100), ".png", interlace=True),
    "gif": lambda: written(ramp(400, 100), ".gif"),
    "tiff": lambda: written(ramp(400, 100), ".tif", compression="deflate"),
    "16-bit tiff": lambda: written((ramp(400, 100, 1).cast("ushort") * 257).cast("ushort"), ".tif"),
    "cmyk": lambda: written(ramp(400, 100).colourspace("cmyk"), ".jpg"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_picture_keeps_its_brightness(form: str) -> None:
    body = FORMS[form]()
    assert identify(body, MAX_PIXELS).width_px == 400
    made = opened(thumbnail(body, 320))
    assert made.format == "uchar"
    assert made.width == 320
    left, middle, right = (made.crop(x, 10, 20, 50).extract_band(0).avg() for x in (0, 150, 300))
    # The black of inks is not as dark as that of light.
    assert left < (45 if form == "cmyk" else 25)
    assert 105 < middle < 150
    assert right > 230


def test_transparency_stays() -> None:
    clear = ramp(400, 100).bandjoin(0)
    made = opened(thumbnail(written(clear, ".png"), 320))
    assert made.bands == 4
    assert made.extract_band(3).avg() == 0


@pytest.mark.parametrize("suffix", KINDS)
def test_a_truncated_picture_is_refused(suffix: str) -> None:
    body = written(pyvips.Image.gaussnoise(300, 300).cast("uchar"), suffix)
    with pytest.raises(NotAPicture) as raised:
        thumbnail(body[: len(body) // 2], 320)
    assert str(raised.value)


def test_a_frame_of_a_mission_makes_a_small_thumbnail(shared_data: Path) -> None:
    body = (shared_data / NAVCAM).read_bytes()
    made = thumbnail(body, 320)
    assert opened(made).width == 320
    assert len(made) < len(body) / 10
