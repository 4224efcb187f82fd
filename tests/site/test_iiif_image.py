"""The IIIF Image API: what is asked is what comes, or an error that says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import pyvips
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook.errors import SolbookError
from solbook.imaging import MAX_SIDE_PX, Region
from solbook.site.api.iiif_request import Asked, Limits, Version, asked_for
from solbook.site.app import create_app
from tests.pictured import OFFICIAL, official_picture, pictured_archive

WIDTH_PX, HEIGHT_PX = 2600, 1700
LIMITS = Limits(25_000_000)


def ask(
    region: str = "full",
    size: str = "max",
    rotation: str = "0",
    quality_format: str = "default.jpg",
    version: Version = 3,
    limits: Limits = LIMITS,
) -> Asked:
    return asked_for(version, (WIDTH_PX, HEIGHT_PX), limits, region, size, rotation, quality_format)


def size_of(asked: Asked) -> tuple[int, int]:
    return asked.cut.width_px, asked.cut.height_px


# --- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("full", (0, 0, 2600, 1700)),
        ("square", (450, 0, 1700, 1700)),
        ("0,0,1,1", (0, 0, 1, 1)),
        ("100,200,300,400", (100, 200, 300, 400)),
        ("2500,1600,512,512", (2500, 1600, 100, 100)),
        ("pct:50,50,25,25", (1300, 850, 650, 425)),
        ("pct:0,0,100,100", (0, 0, 2600, 1700)),
        ("pct:99.99,0,0.001,10", (2600 - 1, 0, 1, 170)),
        ("pct:.5,.5,1.5,1.5", (13, 8, 39, 26)),
    ],
)
def test_regions(text: str, region: tuple[int, ...]) -> None:
    if text == "pct:99.99,0,0.001,10":
        # Rounded it would lie beyond the edge.
        with pytest.raises(SolbookError):
            ask(text)
        return
    assert ask(text).cut.region == Region(*region)


@pytest.mark.parametrize(
    ("region", "text", "size"),
    [
        ("full", "max", (2600, 1700)),
        ("full", "1300,", (1300, 850)),
        ("full", ",850", (1300, 850)),
        ("full", "pct:50", (1300, 850)),
        ("full", "pct:0.001", (1, 1)),
        ("full", "100,900", (100, 900)),
        ("full", "!1300,1300", (1300, 850)),
        ("full", "!9999,850", (1300, 850)),
        ("full", "^max", (6183, 4043)),
        ("full", "^5200,", (5200, 3400)),
        ("full", "^!3000,9000", (3000, 1962)),
        ("full", "^pct:150", (3900, 2550)),
        ("0,0,3,1", "1,", (1, 1)),
        ("0,0,512,512", "512,512", (512, 512)),
    ],
)
def test_sizes(region: str, text: str, size: tuple[int, int]) -> None:
    assert size_of(ask(region, text)) == size


@pytest.mark.parametrize(
    "size", ["2601,", ",1701", "pct:100.1", "2601,10", "!2601,1701", "^100000,", "^20000,10"]
)
def test_what_is_larger_than_may_be_is_refused(size: str) -> None:
    with pytest.raises(SolbookError, match="size") as raised:
        ask(size=size)
    assert raised.value.code == "bad_request"


def test_in_version_2_sizes_may_enlarge() -> None:
    assert size_of(ask(size="5200,", version=2)) == (5200, 3400)
    assert size_of(ask(size="full", version=2)) == (2600, 1700)
    with pytest.raises(SolbookError):
        ask(size="full", version=3)
    with pytest.raises(SolbookError):
        ask(size="^5200,", version=2)


def test_max_stays_within_the_limits_and_the_shape() -> None:
    narrow = Limits(1_000_000)
    width, height = size_of(ask(limits=narrow))
    assert width * height <= 1_000_000
    assert width / height == pytest.approx(WIDTH_PX / HEIGHT_PX, rel=0.002)
    with pytest.raises(SolbookError, match="size"):
        ask(size="full", version=2, limits=narrow)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("region", text)
        for text in [
            "", "all", "1,2,3", "1,2,3,4,5", "-1,0,10,10", "0,0,0,10", "0,0,10,0", "2600,0,1,1",
            "0,1700,1,1", "1.5,0,10,10", "pct:0,0,0,10", "pct:100,0,10,10", "pct:a,0,1,1",
            "pct:-1,0,10,10", "9" * 400 + ",0,1,1", "full ", "FULL", "\u0661,\u0662,\u0663,\u0664",
        ]
    ]
    + [
        ("size", text)
        for text in [
            "", "full", "0,", ",0", "0,0", "pct:0", "pct:", ",", "!100,", "!,100", "^", "^^max",
            "-1,", "1.5,", "pct:-1", "pct:1e3", "max,", "!max", "1,2,3", "9" * 30 + ",",
        ]
    ]
    + [
        ("rotation", text)
        for text in ["", "a", "-1", "361", "360.1", "!!0", "1e2", "nan", "inf", "0!", "9" * 400]
    ]
    + [
        ("quality_format", text)
        for text in ["", "default", "default.", ".jpg", "grey.jpg", "native.jpg", "default.jpeg",
                     "default.JPG", "default.bmp", "a.b.jpg"]
    ],
)  # fmt: skip
def test_what_is_not_of_the_standard_is_refused_in_words(where: str, text: str) -> None:
    with pytest.raises(SolbookError) as raised:
        ask(**{where: text})
    assert raised.value.code == "bad_request"
    assert raised.value.expected
    assert raised.value.help


@pytest.mark.parametrize("picture_format", ["tif", "gif", "jp2", "pdf"])
def test_formats_of_the_standard_that_are_not_made_are_called_that(picture_format: str) -> None:
    with pytest.raises(SolbookError) as raised:
        ask(quality_format=f"default.{picture_format}")
    assert raised.value.code == "not_implemented"


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        (ask("full", "max"), "full/max/0/default.jpg"),
        (ask("0,0,2600,1700", "2600,1700"), "full/max/0/default.jpg"),
        (ask("pct:0,0,100,100", "1300,", "!0", "color.png"), "full/1300,850/!0/default.png"),
        (ask("square", "^3400,", "22.50", "gray.webp"),
         "450,0,1700,1700/^3400,3400/22.5/gray.webp"),
        (ask("full", "^max", "360"), "full/^max/0/default.jpg"),
        (ask("full", "full", version=2), "full/full/0/default.jpg"),
        (ask("full", "1300,850", version=2), "full/1300,/0/default.jpg"),
        (ask("full", "100,850", version=2), "full/100,850/0/default.jpg"),
    ],
)  # fmt: skip
def test_the_canonical_spelling(asked: Asked, canonical: str) -> None:
    assert asked.canonical == canonical


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, str, str, Version]:
    """Requests as the standard spells them, in reason and out of it."""
    number = st.integers(0, 4000)
    percent = st.floats(0, 130).map(lambda value: f"{value:.6f}")
    region = draw(
        st.one_of(
            st.sampled_from(["full", "square"]),
            st.tuples(number, number, number, number).map(lambda n: ",".join(map(str, n))),
            st.tuples(percent, percent, percent, percent).map(lambda n: f"pct:{','.join(n)}"),
        )
    )
    size = draw(
        st.one_of(
            st.just("max"),
            number.map("{},".format),
            number.map(",{}".format),
            percent.map("pct:{}".format),
            st.tuples(number, number).map(lambda n: f"{n[0]},{n[1]}"),
            st.tuples(number, number).map(lambda n: f"!{n[0]},{n[1]}"),
        )
    )
    version: Version = draw(st.sampled_from([2, 3]))
    if version == 3 and draw(st.booleans()):
        size = f"^{size}"
    rotation = draw(st.floats(0, 365).map(lambda value: f"{value:.3f}"))
    mirror = draw(st.sampled_from(["", "!"]))
    quality = draw(st.sampled_from(["default", "color", "gray", "bitonal"]))
    picture_format = draw(st.sampled_from(["jpg", "png", "webp"]))
    return region, size, mirror + rotation, f"{quality}.{picture_format}", version


@settings(max_examples=500, deadline=None)
@given(requests())
def test_every_request_is_read_or_refused_and_its_canonical_one_is_the_same(
    asked: tuple[str, str, str, str, Version],
) -> None:
    try:
        read = ask(*asked)
    except SolbookError:
        return
    cut = read.cut
    assert cut.region.x + cut.region.width <= WIDTH_PX
    assert cut.region.y + cut.region.height <= HEIGHT_PX
    assert min(cut.region.width, cut.region.height, cut.width_px, cut.height_px) >= 1
    assert LIMITS.allow(cut.width_px, cut.height_px)
    if asked[4] == 3 and not asked[1].startswith("^"):
        assert cut.width_px <= cut.region.width
        assert cut.height_px <= cut.region.height
    region, size, rotation, quality_format = read.canonical.split("/")
    again = ask(region, size, rotation, quality_format, asked[4])
    assert again.cut == cut
    assert again.canonical == read.canonical


# --- answering ---------------------------------------------------------------------------------

LARGE = "NLF_1000_0000000001_001ECM_N0490000NCAM00001_01_295J"
OFFICIAL_ID, LARGE_ID = f"m2020:{OFFICIAL}", f"m2020:{LARGE}"


def drawn() -> bytes:
    """A picture that is over the size of pyramids."""
    xy = pyvips.Image.xyz(WIDTH_PX, HEIGHT_PX)
    image = (xy[0] * (255 / WIDTH_PX)).bandjoin([xy[1] * (255 / HEIGHT_PX), 60]).cast("uchar")
    body: bytes = image.copy(interpretation="srgb").jpegsave_buffer(Q=95)
    return body


@pytest.fixture(scope="module")
def client(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    pictures = {f"{OFFICIAL}.png": official_picture(shared_data), f"{LARGE}.jpg": drawn()}
    archive = pictured_archive(tmp_path_factory.mktemp("iiif"), pictures, shared_data)
    with TestClient(create_app(archive), follow_redirects=False) as opened:
        yield opened


def opened(answer: Any) -> pyvips.Image:
    assert answer.status_code == 200, answer.text
    return pyvips.Image.new_from_buffer(answer.content, "")


@pytest.mark.parametrize("version", [2, 3])
def test_a_service_leads_to_its_information(client: TestClient, version: int) -> None:
    answer = client.get(f"/iiif/{version}/{LARGE_ID}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"http://testserver/iiif/{version}/{LARGE_ID}/info.json"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_information_says_what_is_there(client: TestClient) -> None:
    answer = client.get(f"/iiif/3/{LARGE_ID}/info.json")
    info = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["link"] == '<http://iiif.io/api/image/3/level2.json>;rel="profile"'
    assert (info["width"], info["height"]) == (WIDTH_PX, HEIGHT_PX)
    assert info["id"] == f"http://testserver/iiif/3/{LARGE_ID}"
    assert info["tiles"][0]["scaleFactors"] == [1, 2, 4, 8, 16]
    for size in info["sizes"]:
        path = f"/iiif/3/{LARGE_ID}/full/{size['width']},{size['height']}/0/default.jpg"
        image = opened(client.get(path))
        assert (image.width, image.height) == (size["width"], size["height"])


def test_the_information_says_whose_it_is(client: TestClient) -> None:
    newer = client.get(f"/iiif/3/{LARGE_ID}/info.json").json()
    older = client.get(f"/iiif/2/{LARGE_ID}/info.json").json()
    assert newer["rights"] == older["license"]
    assert older["attribution"] == "NASA/JPL-Caltech"
    manifest = client.get(newer["partOf"][0]["id"]).json()
    assert manifest["requiredStatement"]["value"]["en"] == ["NASA/JPL-Caltech"]


def test_linked_data_is_given_to_who_asks_for_it(client: TestClient) -> None:
    for version in (2, 3):
        answer = client.get(
            f"/iiif/{version}/{LARGE_ID}/info.json", headers={"Accept": "application/ld+json"}
        )
        profile = f'profile="http://iiif.io/api/image/{version}/context.json"'
        assert answer.headers["content-type"] == f"application/ld+json;{profile}"
        assert "Accept" in answer.headers["vary"]


def test_every_tile_a_viewer_may_ask_for_is_there_and_fits(client: TestClient) -> None:
    info = client.get(f"/iiif/3/{LARGE_ID}/info.json").json()
    side = info["tiles"][0]["width"]
    for factor in info["tiles"][0]["scaleFactors"]:
        step = side * factor
        for y in range(0, HEIGHT_PX, step):
            for x in range(0, WIDTH_PX, step):
                across, along = min(step, WIDTH_PX - x), min(step, HEIGHT_PX - y)
                size = -(-across // factor), -(-along // factor)
                path = f"{x},{y},{across},{along}/{size[0]},{size[1]}/0/default.jpg"
                image = opened(client.get(f"/iiif/3/{LARGE_ID}/{path}"))
                assert (image.width, image.height) == size
                middle = image(size[0] // 2, size[1] // 2)
                assert middle[0] == pytest.approx((x + across / 2) * 255 / WIDTH_PX, abs=6)
                assert middle[1] == pytest.approx((y + along / 2) * 255 / HEIGHT_PX, abs=6)


@settings(max_examples=60, deadline=None)
@given(asked=requests())
def test_nothing_that_is_asked_breaks_it(
    client: TestClient, asked: tuple[str, str, str, str, Version]
) -> None:
    *parts, version = asked
    # A megapixel is enough to see it by.
    small = Limits(1_000_000)
    answer = client.get(f"/iiif/{version}/{LARGE_ID}/{'/'.join(parts)}")
    try:
        read = ask(*asked)
    except SolbookError:
        assert answer.status_code == 400
        return
    if not small.allow(read.cut.width_px, read.cut.height_px):
        return
    image = opened(answer)
    if read.cut.rotation_deg == 0:
        assert (image.width, image.height) == size_of(read)
    service = f"http://testserver/iiif/{version}/{LARGE_ID}"
    assert f'<{service}/{read.canonical}>;rel="canonical"' in answer.headers["link"]


def test_an_answer_may_be_kept_and_asked_after(client: TestClient) -> None:
    path = f"/iiif/3/{OFFICIAL_ID}/full/200,/0/default.jpg"
    first = client.get(path)
    assert "max-age" in first.headers["cache-control"]
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # Another spelling of the same is the same.
    same = client.get(f"/iiif/3/{OFFICIAL_ID}/0,0,1000,1000/!200,200/360/color.jpg")
    assert same.headers["etag"] == first.headers["etag"]
    assert same.content == first.content


def test_a_download_has_a_name(client: TestClient) -> None:
    path = f"/iiif/3/{LARGE_ID}/full/200,/0/default.png"
    assert "inline" in client.get(path).headers["content-disposition"]
    kept = client.get(f"{path}?download=1").headers["content-disposition"]
    assert kept == f'attachment; filename="{LARGE}.png"'


@pytest.mark.parametrize(
    "identifier", ["m2020:NONE", "m2020", "a%2Fb", ":", "m2020:..", "m2020:%00", "%F0%9F%9A%80"]
)
def test_an_unknown_picture_is_not_found(client: TestClient, identifier: str) -> None:
    for rest in ("info.json", "full/max/0/default.jpg"):
        answer = client.get(f"/iiif/3/{identifier}/{rest}")
        assert answer.status_code == 404
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("version", ["1", "4", "3.0"])
def test_other_versions_are_not_there(client: TestClient, version: str) -> None:
    answer = client.get(f"/iiif/{version}/{LARGE_ID}/info.json")
    assert answer.status_code in (400, 404)


def test_a_frame_without_a_file_says_why(
    tmp_path: Path, shared_data: Path, client: TestClient
) -> None:
    archive = pictured_archive(tmp_path, {f"{OFFICIAL}.png": drawn()}, shared_data)
    stored = next((tmp_path / "archive/files").rglob("*.jpg"))
    stored.unlink()
    with TestClient(create_app(archive)) as other:
        answer = other.get(f"/iiif/3/{OFFICIAL_ID}/full/max/0/default.jpg")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "file_damaged"
    assert str(tmp_path) not in answer.text


def test_many_who_ask_at_once_wait_for_one_pyramid(tmp_path: Path, shared_data: Path) -> None:
    archive = pictured_archive(tmp_path, {f"{LARGE}.jpg": drawn()}, shared_data)
    paths = [f"{x},0,512,512/512,512/0/default.jpg" for x in range(0, 2048, 256)]
    with TestClient(create_app(archive)) as other:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda p: other.get(f"/iiif/3/{LARGE_ID}/{p}"), paths))
        assert {answer.status_code for answer in answers} == {200}
        made = [path.name for path in (archive.derived_path / "pictures").rglob("*.*")]
    assert len(made) == 1
    assert re.fullmatch(r"[0-9a-f]{64}-pyramid\.tif", made[0])


def test_the_longest_side_is_what_formats_have_room_for() -> None:
    long = asked_for(3, (40_000, 100), LIMITS, "full", "max", "0", "default.webp")
    assert long.cut.width_px == MAX_SIDE_PX
