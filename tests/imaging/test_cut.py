"""Parts of pictures, and whole ones made smaller: in every format, size and turn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solbook.imaging import (
    MAX_SIDE_PX,
    PICTURE_WIDTHS_PX,
    Cut,
    NotAPicture,
    PictureFile,
    Region,
    cut,
    identify,
    make_pyramid,
    open_pyramid,
    ready_tile,
    whole,
    widths_of,
)
from solbook.imaging.cut import Format, Quality
from tests.imaging.drawn import KINDS, opened, ramp, written

MAX_PIXELS = 500_000_000
NAVCAM = "data/03_pixels/m2020_navcam/NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J.png"
LOADERS = {"webp": "webpload_buffer", "jpg": "jpegload_buffer", "png": "pngload_buffer"}


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[bytes], PictureFile]:
    """Puts a picture's bytes on disk."""

    def put(body: bytes) -> PictureFile:
        found = identify(body, MAX_PIXELS)
        path = tmp_path / f"picture.{found.extension}"
        path.write_bytes(body)
        return PictureFile(path, found.media_type, found.width_px, found.height_px)

    return put


Keep = Callable[[bytes], PictureFile]


def smaller(picture: PictureFile, width_px: int, picture_format: Format = "webp") -> bytes:
    return cut(picture, whole(picture, width_px, picture_format))


# --- whole pictures ----------------------------------------------------------------------------


@pytest.mark.parametrize("picture_format", LOADERS)
@pytest.mark.parametrize("width_px", PICTURE_WIDTHS_PX)
def test_a_smaller_picture_has_its_width_and_the_shape(
    keep: Keep, width_px: int, picture_format: Format
) -> None:
    made = opened(smaller(keep(written(ramp(4000, 3000), ".jpg")), width_px, picture_format))
    assert made.get("vips-loader") == LOADERS[picture_format]
    assert (made.width, made.height) == (width_px, width_px * 3 // 4)


@pytest.mark.parametrize("width_px", PICTURE_WIDTHS_PX)
@pytest.mark.parametrize("size", [(64, 64), (1, 1), (319, 5)])
def test_a_picture_is_never_enlarged(keep: Keep, width_px: int, size: tuple[int, int]) -> None:
    made = opened(smaller(keep(written(ramp(*size), ".png")), width_px))
    assert (made.width, made.height) == size


@pytest.mark.parametrize(
    ("own_px", "widths_px"),
    [
        (64, (320,)),
        (320, (320,)),
        (1024, (320, 640, 1280)),
        (1280, (320, 640, 960, 1280)),
        (1288, (320, 640, 960, 1920)),
        (1648, (320, 640, 960, 1280, 1920)),
        (5120, PICTURE_WIDTHS_PX),
    ],
)
def test_no_width_is_nearly_that_of_the_picture(own_px: int, widths_px: tuple[int, ...]) -> None:
    assert widths_of(own_px) == widths_px


def test_a_tall_picture_is_no_larger_than_its_format_allows(keep: Keep) -> None:
    made = opened(smaller(keep(written(ramp(300, 40_000), ".png")), 320))
    assert made.height == MAX_SIDE_PX
    assert made.width == pytest.approx(300 * MAX_SIDE_PX / 40_000, abs=1)


Make = Callable[[], bytes]


def sixteen(image: pyvips.Image) -> pyvips.Image:
    return (image.cast("ushort") * 257).cast("ushort")


# Pictures whose left is dark and whose right is bright, in every form upstreams use.
FORMS: dict[str, Make] = {
    "8-bit grey": lambda: written(ramp(400, 100, 1), ".png"),
    "16-bit grey": lambda: written(sixteen(ramp(400, 100, 1)), ".png"),
    "16-bit colour": lambda: written(sixteen(ramp(400, 100)).copy(interpretation="rgb16"), ".png"),
    "palette": lambda: written(ramp(400, 100), ".png", palette=True),
    "alpha": lambda: written(ramp(400, 100).bandjoin(255), ".png"),
    "grey and alpha": lambda: written(ramp(400, 100, 1).bandjoin(255), ".png"),
    "grey jpeg": lambda: written(ramp(400, 100, 1), ".jpg"),
    "progressive jpeg": lambda: written(ramp(400, 100), ".jpg", interlace=True),
    "interlaced": lambda: written(ramp(400, 100), ".png", interlace=True),
    "gif": lambda: written(ramp(400, 100), ".gif"),
    "tiff": lambda: written(ramp(400, 100), ".tif", compression="deflate"),
    "16-bit tiff": lambda: written(sixteen(ramp(400, 100, 1)), ".tif"),
    "float tiff": lambda: written(ramp(400, 100, 1).cast("float") * 0.004, ".tif"),
    "signed tiff": lambda: written(ramp(400, 100, 1).cast("short") * 100 - 9000, ".tif"),
    "cmyk": lambda: written(ramp(400, 100).colourspace("cmyk"), ".jpg"),
    "srgb profile": lambda: written(ramp(400, 100), ".png", profile="srgb"),
    "p3 profile": lambda: written(ramp(400, 100).icc_transform("p3", input_profile="srgb"), ".png"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_picture_keeps_its_brightness(keep: Keep, form: str) -> None:
    body = FORMS[form]()
    picture = keep(body)
    assert picture.width_px == 400
    made = opened(smaller(picture, 320))
    assert made.format == "uchar"
    assert made.width == 320
    left, middle, right = (made.crop(x, 10, 20, 50).extract_band(0).avg() for x in (0, 150, 300))
    # The black of inks is not as dark as that of light.
    assert left < (45 if form == "cmyk" else 25)
    assert 105 < middle < 150
    assert right > 230


def test_colours_are_those_the_profile_means(keep: Keep) -> None:
    green = pyvips.Image.black(40, 40, bands=3).linear(1, [0, 255, 0]).cast("uchar")
    wide = green.copy(interpretation="srgb").icc_transform("p3", input_profile="srgb")
    assert wide(10, 10)[0] > 90, "in the wide space plain green has some red"
    made = opened(smaller(keep(written(wide, ".png")), 320, "png"))
    assert made(10, 10) == pytest.approx([0, 255, 0], abs=3)
    assert not made.get_typeof("icc-profile-data")


def test_a_profile_that_is_none_does_no_harm(keep: Keep) -> None:
    image = ramp(400, 100).copy()
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", b"no profile at all" * 20)
    made = opened(smaller(keep(written(image, ".jpg", keep="icc")), 320))
    assert made.crop(150, 10, 20, 50).avg() == pytest.approx(128, abs=20)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_shown_upright(keep: Keep, orientation: int) -> None:
    # Its upper left quarter is white when it is held as its camera held it.
    upright = pyvips.Image.black(300, 200).draw_rect(255, 0, 0, 150, 100, fill=True)
    lying = {
        1: upright,
        2: upright.fliphor(),
        3: upright.rot180(),
        4: upright.flipver(),
        5: upright.rot270().flipver(),
        6: upright.rot270(),
        7: upright.rot90().flipver(),
        8: upright.rot90(),
    }[orientation].copy()
    lying.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    picture = keep(written(lying, ".jpg"))
    assert (picture.width_px, picture.height_px) == (300, 200)
    made = opened(smaller(picture, 320))
    assert (made.width, made.height) == (300, 200)
    white = [made.crop(x, y, 20, 20).avg() > 128 for x in (30, 200) for y in (30, 150)]
    assert white == [True, False, False, False]


def test_transparency_stays_where_there_is_room_for_it(keep: Keep) -> None:
    picture = keep(written(ramp(400, 100).bandjoin(0), ".png"))
    for picture_format in ("webp", "png"):
        made = opened(smaller(picture, 320, picture_format))
        assert made.bands == 4
        assert made.extract_band(3).avg() == 0
    assert opened(smaller(picture, 320, "jpg")).avg() < 2


@pytest.mark.parametrize("suffix", KINDS)
def test_a_truncated_picture_is_refused(keep: Keep, suffix: str) -> None:
    body = written(pyvips.Image.gaussnoise(300, 300).cast("uchar"), suffix)
    picture = keep(body)
    picture.path.write_bytes(body[: len(body) // 2])
    with pytest.raises(NotAPicture) as raised:
        smaller(picture, 320)
    assert str(raised.value)


def test_a_file_that_is_gone_is_said_to_be(keep: Keep) -> None:
    picture = keep(written(ramp(40, 30), ".png"))
    picture.path.unlink()
    with pytest.raises(FileNotFoundError):
        smaller(picture, 320)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(suffix=st.sampled_from(sorted(KINDS)), data=st.data())
def test_a_damaged_picture_is_shown_or_refused(
    keep: Keep, suffix: str, data: st.DataObject
) -> None:
    body = bytearray(written(ramp(60, 40), suffix))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        # Damage may make it claim to be large.
        identify(bytes(body), 10**6)
        made = smaller(keep(bytes(body)), 320)
    except NotAPicture:
        return
    assert opened(made).width <= 320


def test_a_frame_of_a_mission_becomes_small(keep: Keep, shared_data: Path) -> None:
    body = (shared_data / NAVCAM).read_bytes()
    made = smaller(keep(body), 320)
    assert opened(made).width == 320
    assert len(made) < len(body) / 10


# --- parts -------------------------------------------------------------------------------------

WIDTH_PX, HEIGHT_PX = 1500, 1100


def numbered() -> pyvips.Image:
    """A picture whose red and green say where in it a pixel is, smoothly."""
    xy = pyvips.Image.xyz(WIDTH_PX, HEIGHT_PX)
    red, green = xy[0] * (255 / WIDTH_PX), xy[1] * (255 / HEIGHT_PX)
    image = red.bandjoin([green, 60]).cast("uchar")
    return image.copy(interpretation="srgb")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PictureFile]:
    """The same picture as a PNG, as a JPEG and as a pyramid."""
    folder, image = tmp_path_factory.mktemp("sources"), numbered()
    image.pngsave(str(folder / "picture.png"))
    image.jpegsave(str(folder / "picture.jpg"), Q=95)
    make_pyramid(folder / "picture.png", folder / "pyramid.tif")
    size = WIDTH_PX, HEIGHT_PX
    return {
        "png": PictureFile(folder / "picture.png", "image/png", *size),
        "jpeg": PictureFile(folder / "picture.jpg", "image/jpeg", *size),
        "pyramid": PictureFile(
            folder / "picture.png", "image/png", *size, open_pyramid(folder / "pyramid.tif")
        ),
    }


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    """Any part in any size, smaller, larger or out of shape, turned or not."""
    x, y = draw(st.integers(0, WIDTH_PX - 1)), draw(st.integers(0, HEIGHT_PX - 1))
    region = Region(x, y, draw(st.integers(1, WIDTH_PX - x)), draw(st.integers(1, HEIGHT_PX - y)))
    quality: Quality = draw(st.sampled_from(["color", "gray", "bitonal"]))
    picture_format: Format = draw(st.sampled_from(["jpg", "png", "webp"]))
    rotation_deg = draw(st.one_of(st.sampled_from([0.0, 90.0, 180.0, 270.0]), st.floats(0, 359.9)))
    return Cut(
        region,
        draw(st.integers(1, 700)),
        draw(st.integers(1, 700)),
        draw(st.booleans()),
        rotation_deg,
        quality,
        picture_format,
    )


@pytest.mark.parametrize("source", ["png", "jpeg", "pyramid"])
@settings(max_examples=60, deadline=None)
@given(wanted=cuts())
def test_every_cut_is_made_in_its_size(
    sources: dict[str, PictureFile], source: str, wanted: Cut
) -> None:
    made = opened(cut(sources[source], wanted))
    assert made.get("vips-loader") == LOADERS[wanted.format]
    size = (wanted.width_px, wanted.height_px)
    if wanted.rotation_deg in (0, 180):
        assert (made.width, made.height) == size
    elif wanted.rotation_deg in (90, 270):
        assert (made.height, made.width) == size
    else:
        # It holds the turned picture, and is no larger than its diagonal.
        diagonal_px = (size[0] ** 2 + size[1] ** 2) ** 0.5
        assert max(made.width, made.height) <= diagonal_px + 2
        assert max(made.width, made.height) >= min(size) - 2


@pytest.mark.parametrize("source", ["png", "jpeg", "pyramid"])
@settings(max_examples=40, deadline=None)
@given(wanted=cuts())
def test_a_part_shows_what_is_there(
    sources: dict[str, PictureFile], source: str, wanted: Cut
) -> None:
    region = wanted.region
    plain = Cut(region, wanted.width_px, wanted.height_px, format="png")
    image = opened(cut(sources[source], plain))
    for u, v in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.2)):
        x, y = int(u * image.width), int(v * image.height)
        red, green, _ = image(x, y)
        there_x = region.x + (x + 0.5) / image.width * region.width
        there_y = region.y + (y + 0.5) / image.height * region.height
        # Within the width of a layer's pixel and what JPEG loses.
        allowed_x = 4 + 2 * 255 / WIDTH_PX * max(region.width / image.width, 1)
        allowed_y = 4 + 2 * 255 / HEIGHT_PX * max(region.height / image.height, 1)
        assert abs(red - there_x * 255 / WIDTH_PX) < allowed_x
        assert abs(green - there_y * 255 / HEIGHT_PX) < allowed_y


def test_turning_is_clockwise_and_after_mirroring(sources: dict[str, PictureFile]) -> None:
    full = Region(0, 0, WIDTH_PX, HEIGHT_PX)
    upright = opened(cut(sources["png"], Cut(full, 300, 220, format="png")))
    turned = opened(cut(sources["png"], Cut(full, 300, 220, rotation_deg=90, format="png")))
    both = Cut(full, 300, 220, mirror=True, rotation_deg=90, format="png")
    # The upper left comes to the upper right.
    assert turned(turned.width - 1, 0) == upright(0, 0)
    assert opened(cut(sources["png"], both))(219, 299) == upright(0, 0)


def test_what_turning_lays_bare_is_clear_or_black(sources: dict[str, PictureFile]) -> None:
    region = Region(0, 0, WIDTH_PX, HEIGHT_PX)
    for picture_format in ("png", "webp", "jpg"):
        turned = Cut(region, 300, 220, rotation_deg=30, format=picture_format)
        made = opened(cut(sources["png"], turned))
        corner = made(0, 0)
        assert corner[3] == 0 if picture_format != "jpg" else max(corner) < 8


def test_black_and_white_has_nothing_between(sources: dict[str, PictureFile]) -> None:
    region = Region(0, 0, WIDTH_PX, HEIGHT_PX)
    made = opened(cut(sources["png"], Cut(region, 300, 220, quality="bitonal", format="png")))
    assert made.bands == 1
    assert set(made.hist_find().numpy().nonzero()[1].tolist()) == {0, 255}


# --- pyramids ----------------------------------------------------------------------------------


def test_a_pyramid_has_layers_down_to_a_tile(sources: dict[str, PictureFile]) -> None:
    pyramid = sources["pyramid"].pyramid
    assert pyramid is not None
    assert len(pyramid.layers) == 3
    for depth, layer in enumerate(pyramid.layers):
        # Every pixel of the picture is in it, and one more, for JPEG to mix the last one with.
        assert WIDTH_PX >> depth < layer.width_px <= (WIDTH_PX >> depth) + 4
        assert HEIGHT_PX >> depth < layer.height_px <= (HEIGHT_PX >> depth) + 4


@pytest.mark.filterwarnings("ignore:Dataset has no geotransform")
@pytest.mark.parametrize("bands", [1, 3])
def test_a_tile_of_a_pyramid_is_ready(tmp_path: Path, bands: int) -> None:
    grain = pyvips.Image.gaussnoise(1500, 1100, sigma=9, mean=0, seed=3)
    (ramp(1500, 1100, bands) + grain).cast("uchar").pngsave(str(tmp_path / "picture.png"))
    make_pyramid(tmp_path / "picture.png", tmp_path / "made.tif")
    pyramid = open_pyramid(tmp_path / "made.tif")
    for depth, x, y in ((0, 512, 512), (0, 0, 0), (1, 0, 0)):
        side = 512 << depth
        tile = ready_tile(pyramid, Cut(Region(x, y, side, side), 512, 512))
        assert tile is not None
        layer = pyvips.Image.new_from_file(str(tmp_path / "made.tif"), page=depth)
        expected = layer.crop(x >> depth, y >> depth, 512, 512).numpy()
        assert (opened(tile).numpy() == expected).all()
        # GDAL, too, reads the colours as they are meant.
        with rasterio.MemoryFile(tile) as file, file.open() as read:
            bands_first = read.read()
        assert (bands_first.transpose(1, 2, 0).squeeze() == expected.squeeze()).all()


def test_only_a_whole_tile_as_it_stands_is_ready(sources: dict[str, PictureFile]) -> None:
    pyramid = sources["pyramid"].pyramid
    assert pyramid is not None

    def is_ready(*region: int, size: int = 512, **rest: Any) -> bool:
        return ready_tile(pyramid, Cut(Region(*region), size, size, **rest)) is not None

    assert is_ready(0, 0, 512, 512)
    assert is_ready(512, 0, 512, 512)
    assert not is_ready(1, 0, 512, 512)
    assert not is_ready(0, 256, 512, 512)
    assert not is_ready(0, 0, 512, 512, size=511)
    assert not is_ready(0, 0, 768, 768)
    assert not is_ready(0, 0, 256, 256, size=512)
    assert not is_ready(0, 0, 511, 512)
    assert not is_ready(0, 0, 512, 512, format="png")
    assert not is_ready(0, 0, 512, 512, quality="gray")
    assert not is_ready(0, 0, 512, 512, mirror=True)
    assert not is_ready(0, 0, 512, 512, rotation_deg=90.0)
    assert not is_ready(WIDTH_PX - 512, HEIGHT_PX - 512, 512, 512)


def test_a_pyramid_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    ramp(1500, 1100).jpegsave(str(tmp_path / "picture.jpg"))
    path = tmp_path / "made.tif"
    make_pyramid(tmp_path / "picture.jpg", path)
    pyramid = open_pyramid(path)
    picture = PictureFile(path, "image/jpeg", 1500, 1100, pyramid)
    path.write_bytes(path.read_bytes()[:2000])
    for x in (0, 7):
        wanted = Cut(Region(x, 512, 512, 512), 512, 512)
        with pytest.raises(NotAPicture):
            ready_tile(pyramid, wanted) or cut(picture, wanted)
    path.write_bytes(b"II+\0 no pyramid at all")
    with pytest.raises(NotAPicture):
        open_pyramid(path)


def test_a_pyramid_keeps_transparency(tmp_path: Path) -> None:
    clear = ramp(1200, 700).bandjoin(pyvips.Image.black(1200, 700))
    clear.pngsave(str(tmp_path / "clear.png"))
    make_pyramid(tmp_path / "clear.png", tmp_path / "clear.tif")
    made = pyvips.Image.new_from_file(str(tmp_path / "clear.tif"))
    assert made.bands == 4
    assert made.extract_band(3).max() == 0


def test_a_pyramid_of_a_lying_picture_is_upright(tmp_path: Path) -> None:
    lying = ramp(1200, 700).rot90().copy()
    lying.set_type(pyvips.GValue.gint_type, "orientation", 8)
    lying.jpegsave(str(tmp_path / "lying.jpg"))
    make_pyramid(tmp_path / "lying.jpg", tmp_path / "upright.tif")
    made = pyvips.Image.new_from_file(str(tmp_path / "upright.tif"))
    # As far as it was filled up.
    assert (made.width, made.height) == (1204, 704)
    assert made(30, 300)[0] < 20
    assert made(1170, 300)[0] > 235


def test_a_damaged_picture_makes_no_pyramid(tmp_path: Path) -> None:
    body = written(pyvips.Image.gaussnoise(900, 900).cast("uchar"), ".jpg")
    (tmp_path / "cut.jpg").write_bytes(body[: len(body) // 2])
    with pytest.raises(NotAPicture):
        make_pyramid(tmp_path / "cut.jpg", tmp_path / "made.tif")
