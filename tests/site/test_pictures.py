"""Pictures over HTTP: thumbnails, files as they were published, fetched once, or said why not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import pyvips
from fastapi.testclient import TestClient

from solbook.archive import Archive, write_page
from solbook.archive.frames import assets_of, frame_by_id
from solbook.imaging import PICTURE_WIDTHS_PX
from solbook.jobs import attach_files
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import SOURCES
from tests.upstream import Answer, Asked, Upstream, upstream

Record = dict[str, Any]
Client = Callable[..., TestClient]

NAME = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
PAGE = f"/frames/m2020/{NAME}"
FILE = f"{PAGE}/files/1/full"
FULL_PX = 2400
SIZES = {"": FULL_PX, "_1200": 1200, "_800": 800, "_320": 320}


@pytest.fixture(scope="module")
def record(shared_data: Path) -> Record:
    path = shared_data / f"data/01_m2020_feed/navcam_sidecars/{NAME}.json"
    loaded: Record = json.loads(path.read_text())
    return loaded


@pytest.fixture(scope="module")
def pixels(shared_data: Path) -> Path:
    return shared_data / f"data/03_pixels/m2020_navcam/{NAME}.png"


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Client]:
    """A client of the site of an archive of some records."""
    opened: list[TestClient] = []

    def make(*records: Record, files: Path | None = None, **settings: Any) -> TestClient:
        given = Settings.model_validate({"network": False, **settings})
        archive = Archive.create(tmp_path / f"archive{len(opened)}", given)
        write_page(archive, SOURCES["m2020"].read_page(json.dumps(records).encode(), "a test"))
        if files is not None:
            (tmp_path / "pixels").mkdir()
            (tmp_path / "pixels" / files.name).write_bytes(files.read_bytes())
            attach_files(archive, tmp_path / "pixels")
        client = TestClient(create_app(archive), follow_redirects=False)
        opened.append(client.__enter__())
        return client

    yield make
    for client in opened:
        client.__exit__(None, None, None)


def archive_of(client: TestClient) -> Archive:
    archive: Archive = client.app.state.archive  # type: ignore[attr-defined]
    return archive


def served_from(record: Record, base_url: str) -> Record:
    """The record as if its upstream were elsewhere."""
    moved: Record = json.loads(json.dumps(record))
    for role, url in moved["image_files"].items():
        moved["image_files"][role] = f"{base_url}/{url.rpartition('/')[2]}"
    return moved


def online(**more: Any) -> dict[str, Any]:
    return {
        "network": True,
        "file_hosts": ("127.0.0.1",),
        "private_file_hosts": True,
        "timeout_s": 3.0,
        **more,
    }


def picture(width: int, suffix: str = ".png") -> bytes:
    body: bytes = (pyvips.Image.black(width, width * 3 // 4, bands=3) + 90).write_to_buffer(suffix)
    return body


def publisher(asked: Asked) -> Answer:
    """An upstream that has every size of every picture."""
    stem, _, suffix = asked.path.rpartition(".")
    size = next(px for ending, px in SIZES.items() if ending and stem.endswith(ending))
    return Answer(picture(size, f".{suffix}"))


def full_too(asked: Asked) -> Answer:
    if asked.path.endswith(".png"):
        return Answer(picture(FULL_PX))
    return publisher(asked)


def paths(server: Upstream) -> list[str]:
    return [asked.path for asked in server.asked]


def placeholder_text(answer: Any) -> str:
    """The words of a placeholder, which must be a whole one."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    svg = ElementTree.fromstring(answer.text)
    assert {element.tag.rpartition("}")[2] for element in svg.iter()} <= {
        "svg",
        "rect",
        "g",
        "text",
    }
    return " ".join(text.strip() for text in svg.itertext() if text.strip())


# --- stored ------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", PICTURE_WIDTHS_PX)
def test_a_thumbnail_is_made_of_the_stored_file(
    client_of: Client, record: Record, pixels: Path, width: int
) -> None:
    client = client_of(record, files=pixels)
    answer = client.get(f"{PAGE}/picture/{width}.webp")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    stored_width = pyvips.Image.new_from_file(str(pixels)).width
    assert pyvips.Image.new_from_buffer(answer.content, "").width == min(width, stored_width)
    kept = archive_of(client).derived_path.rglob(f"*-{width}.webp")
    assert [path.read_bytes() for path in kept] == [answer.content]


def test_a_thumbnail_that_is_gone_is_made_again(
    client_of: Client, record: Record, pixels: Path
) -> None:
    client = client_of(record, files=pixels)
    first = client.get(f"{PAGE}/picture/320.webp").content
    for path in archive_of(client).derived_path.rglob("*.webp"):
        path.unlink()
    assert client.get(f"{PAGE}/picture/320.webp").content == first


def test_a_width_that_is_not_offered_names_those_that_are(
    client_of: Client, record: Record
) -> None:
    client = client_of(record)
    for width in ("321", "0", "-1", "100000"):
        answer = client.get(f"{PAGE}/picture/{width}.webp", headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert answer.json()["error"]["expected"] == "320, 640, 960, 1280, 1920, 2560"
    assert client.get(f"{PAGE}/picture/abc.webp").status_code == 400


def test_a_file_is_given_as_it_was_published(
    client_of: Client, record: Record, pixels: Path
) -> None:
    client = client_of(record, files=pixels)
    answer = client.get(FILE)
    assert answer.status_code == 200
    assert answer.content == pixels.read_bytes()
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    sha256 = hashlib.sha256(pixels.read_bytes()).hexdigest()
    assert answer.headers["etag"] == f'"{sha256}"'
    assets = client.get(f"/api{PAGE}").json()["assets"]
    stored = [asset for asset in assets if asset["stored"]]
    assert [(a["sha256"], a["href"], a["byte_count"]) for a in stored] == [
        (sha256, FILE, len(answer.content))
    ]


def test_a_download_has_the_product_s_name(client_of: Client, record: Record, pixels: Path) -> None:
    client = client_of(record, files=pixels)
    shown = client.get(FILE).headers["content-disposition"]
    kept = client.get(f"{FILE}?download=1").headers["content-disposition"]
    assert shown == f'inline; filename="{NAME}01.png"'
    assert kept == f'attachment; filename="{NAME}01.png"'


def test_a_part_of_a_file_may_be_asked_for(client_of: Client, record: Record, pixels: Path) -> None:
    client = client_of(record, files=pixels)
    answer = client.get(FILE, headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.content == pixels.read_bytes()[100:200]


@pytest.mark.parametrize("path", [FILE, f"{PAGE}/picture/320.webp"])
def test_what_a_client_has_is_not_sent_again(
    client_of: Client, record: Record, pixels: Path, path: str
) -> None:
    client = client_of(record, files=pixels)
    tag = client.get(path).headers["etag"]
    for stated in (tag, f"W/{tag}", f'"another", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": stated})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert "max-age" in answer.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("path", [FILE, f"{PAGE}/picture/320.webp"])
def test_the_head_of_a_picture_is_that_of_its_get(
    client_of: Client, record: Record, pixels: Path, path: str
) -> None:
    client = client_of(record, files=pixels)
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "cache-control"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("damage", ["gone", "cut", "empty", "other bytes"])
def test_a_damaged_file_is_never_passed_off_as_the_original(
    client_of: Client, record: Record, pixels: Path, damage: str
) -> None:
    client = client_of(record, files=pixels)
    stored = next((archive_of(client).path / "files").rglob("*.png"))
    body = stored.read_bytes()
    match damage:
        case "gone":
            stored.unlink()
        case "cut":
            stored.write_bytes(body[: len(body) // 2])
        case "empty":
            stored.write_bytes(b"")
        case _:
            stored.write_bytes(b"<script>alert(1)</script>")
    said = placeholder_text(client.get(f"{PAGE}/picture/640.webp"))
    assert "stored file" in said
    assert str(archive_of(client).path) not in said
    answer = client.get(FILE, headers={"Accept": "application/json"})
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert error["code"] == "file_damaged"
    assert error["expected"] == f"{len(body):,} bytes"
    assert client.get(PAGE).status_code == 200


# --- fetched -----------------------------------------------------------------------------------


def test_a_picture_is_fetched_once_and_kept(client_of: Client, record: Record) -> None:
    with upstream(publisher) as server:
        client = client_of(served_from(record, server.url), **online())
        first = client.get(f"{PAGE}/picture/320.webp")
        assert first.headers["content-type"] == "image/webp"
        assert client.get(f"{PAGE}/picture/320.webp").content == first.content
        assert client.get(f"{PAGE}/picture/640.webp").status_code == 200
        # The smallest file that is enough.
        assert paths(server) == [f"/{NAME}01_800.jpg"]
    assets = {a["role"]: a for a in client.get(f"/api{PAGE}").json()["assets"]}
    assert [role for role, asset in assets.items() if asset["stored"]] == ["medium"]
    body = picture(800, ".jpg")
    assert assets["medium"]["sha256"] == hashlib.sha256(body).hexdigest()
    assert (assets["medium"]["width_px"], assets["medium"]["height_px"]) == (800, 600)
    # The upstream may go now.
    assert client.get(f"{PAGE}/files/1/medium").content == body
    assert client.get(f"{PAGE}/picture/320.webp").content == first.content


def test_a_larger_thumbnail_fetches_a_larger_file_and_smaller_ones_use_it(
    client_of: Client, record: Record
) -> None:
    with upstream(publisher) as server:
        client = client_of(served_from(record, server.url), **online())
        client.get(f"{PAGE}/picture/320.webp")
        large = client.get(f"{PAGE}/picture/1280.webp")
        assert pyvips.Image.new_from_buffer(large.content, "").width == 1200
        client.get(f"{PAGE}/picture/640.webp")
        assert paths(server) == [f"/{NAME}01_800.jpg", f"/{NAME}01_1200.jpg"]


def test_a_larger_file_that_cannot_be_had_leaves_the_smaller_one(
    client_of: Client, record: Record
) -> None:
    def script(asked: Asked) -> Answer:
        return Answer(status=404) if "_1200" in asked.path else publisher(asked)

    with upstream(script) as server:
        client = client_of(served_from(record, server.url), **online())
        client.get(f"{PAGE}/picture/320.webp")
        for _ in range(3):
            answer = client.get(f"{PAGE}/picture/1280.webp")
            assert pyvips.Image.new_from_buffer(answer.content, "").width == 800
        assert len(server.asked) == 2


def test_a_file_is_fetched_when_it_is_first_asked_for(client_of: Client, record: Record) -> None:
    with upstream(full_too) as server:
        client = client_of(served_from(record, server.url), **online())
        body = picture(FULL_PX)
        assert client.get(FILE).content == body
        assert client.get(FILE).content == body
        assert len(server.asked) == 1


def test_many_readers_at_once_fetch_once(client_of: Client, record: Record) -> None:
    def slow(asked: Asked) -> Answer:
        body = publisher(asked).body
        assert isinstance(body, bytes)
        return Answer([body], pause_s=0.2)

    with upstream(slow) as server:
        client = client_of(served_from(record, server.url), **online())
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: client.get(f"{PAGE}/picture/320.webp"), range(8)))
        assert {answer.headers["content-type"] for answer in answers} == {"image/webp"}
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=404), "answered 404"),
        (Answer(b"<html>moved & gone</html>"), "no picture"),
        (Answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "no picture"),
        (Answer(b""), "no picture"),
        (Answer(b"\xff\xd8\xff<script>"), "no picture"),
        (Answer(picture(800) + b"x" * 200_000), "larger than max_file_bytes"),
    ],
    ids=["404", "html", "svg", "empty", "damaged", "large"],
)
def test_a_picture_that_cannot_be_had_says_why_and_is_left_alone(
    client_of: Client, record: Record, answer: Answer, said: str
) -> None:
    with upstream(lambda _: answer) as server:
        client = client_of(served_from(record, server.url), **online(max_file_bytes=200_000))
        for _ in range(3):
            text = placeholder_text(client.get(f"{PAGE}/picture/320.webp"))
            assert said in text
        assert len(server.asked) == 1
    failures = [asset["failure"] for asset in client.get(f"/api{PAGE}").json()["assets"]]
    assert [said in failure for failure in failures if failure] == [True]
    assert said in client.get(PAGE).text


def test_a_failure_is_forgotten_after_a_while(client_of: Client, record: Record) -> None:
    answers = iter([Answer(status=404), Answer(picture(800, ".jpg"))])
    with upstream(lambda _: next(answers)) as server:
        client = client_of(served_from(record, server.url), **online(retry_file_after_s=0))
        placeholder_text(client.get(f"{PAGE}/picture/320.webp"))
        assert client.get(f"{PAGE}/picture/320.webp").headers["content-type"] == "image/webp"
    assert not any(asset["failure"] for asset in client.get(f"/api{PAGE}").json()["assets"])


def test_a_fault_that_passes_is_not_remembered(client_of: Client, record: Record) -> None:
    answers = iter([Answer(status=500), Answer(picture(800, ".jpg"))])
    with upstream(lambda _: next(answers)) as server:
        client = client_of(served_from(record, server.url), **online())
        assert "answered 500" in placeholder_text(client.get(f"{PAGE}/picture/320.webp"))
        assert client.get(f"{PAGE}/picture/320.webp").headers["content-type"] == "image/webp"


def test_a_slow_upstream_is_given_up(client_of: Client, record: Record) -> None:
    with upstream(lambda _: Answer([b"x"] * 100, pause_s=0.1)) as server:
        client = client_of(served_from(record, server.url), **online(timeout_s=0.3))
        assert "too slow" in placeholder_text(client.get(f"{PAGE}/picture/320.webp"))


def test_without_the_network_the_placeholder_says_so(client_of: Client, record: Record) -> None:
    client = client_of(record)
    assert "network is switched off" in placeholder_text(client.get(f"{PAGE}/picture/320.webp"))


def test_a_private_address_is_never_asked(client_of: Client, record: Record) -> None:
    with upstream(publisher) as server:
        moved = served_from(record, server.url)
        client = client_of(moved, **online(private_file_hosts=False))
        assert "private address" in placeholder_text(client.get(f"{PAGE}/picture/320.webp"))
        assert server.asked == []


def test_a_hostile_record_reaches_no_placeholder_unescaped(
    client_of: Client, record: Record
) -> None:
    """The host of an address is an upstream's text, too."""
    moved = served_from(record, "http://<script>alert(1)</script>&amp;\"'/")
    client = client_of(moved, **online())
    answer = client.get(f"{PAGE}/picture/320.webp")
    placeholder_text(answer)
    assert "<script" not in answer.text


# --- not there ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        f"{PAGE}/files/1/huge",
        f"{PAGE}/files/2/full",
        f"{PAGE}/files/1/full",
        "/frames/m2020/NLF_9999/files/1/full",
        "/frames/m2020/NLF_9999/picture/320.webp",
        "/frames/pluto/NLF_9999/picture/320.webp",
        f"{PAGE}/files/99999999999999999999999999/full",
    ],
)
def test_a_file_that_is_not_there_is_explained_to_people_and_to_programs(
    client_of: Client, record: Record, path: str
) -> None:
    client = client_of(record)
    page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert set(answer.json()["error"]) == {"code", "message", "found", "expected", "help"}
    assert answer.json()["error"]["message"] in page.text


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "a" * 5000]
)
def test_a_name_that_is_none_finds_nothing(client_of: Client, record: Record, name: str) -> None:
    client = client_of(record)
    for path in (f"/frames/m2020/{name}/picture/320.webp", f"{PAGE}/files/1/{name}"):
        assert client.get(path).status_code == 404


def test_a_kept_picture_stays_with_its_version(client_of: Client, record: Record) -> None:
    """A new version of a product has files of its own; the old ones stay where they were."""
    with upstream(full_too) as server:
        client = client_of(served_from(record, server.url), **online())
        body = client.get(FILE).content
        newer = json.loads(json.dumps(served_from(record, server.url)).replace("295J01", "295J02"))
        archive = archive_of(client)
        write_page(archive, SOURCES["m2020"].read_page(json.dumps([newer]).encode(), "a test"))
        assert client.get(FILE).content == body
        assert client.get(f"{PAGE}/files/2/full").status_code == 200
        assert len(server.asked) == 2
        with archive.reading() as connection:
            frame = frame_by_id(connection, f"m2020/{NAME}")
            assert frame is not None
            kept = [a.version for a in assets_of(connection, frame.key) if a.sha256]
    assert kept == [2, 1]
