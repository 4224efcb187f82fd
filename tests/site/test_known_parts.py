"""What is answered without the framework is what it would answer, and not for too long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pyvips
import sqlalchemy as sa
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.site.app import create_app
from solbook.site.remembered import Remembered
from tests.pictured import pictured_archive

WIDTH_PX, HEIGHT_PX = 2600, 1700
PRODUCT = "NLF_1000_0000000001_001ECM_N0490000NCAM00001_01_295J"
TILES = {
    "ready": "512,512,512,512/512,512/0/default.jpg",
    "ready in version 2": "512,512,512,512/512,/0/color.jpg",
    "ready and halved": "0,0,1024,1024/512,512/0/default.jpg",
    "at the edge": "2560,1536,40,164/40,164/0/default.jpg",
    "cut": "5,5,600,600/300,300/0/default.jpg",
    "turned": "512,512,512,512/512,512/90/default.jpg",
    "of another format": "512,512,512,512/512,512/0/gray.png",
}


@pytest.fixture
def archive(shared_data: Path, tmp_path: Path) -> Archive:
    image = pyvips.Image.gaussnoise(WIDTH_PX, HEIGHT_PX, mean=128).cast("uchar")
    body = image.bandjoin([image, image]).copy(interpretation="srgb").jpegsave_buffer()
    return pictured_archive(tmp_path, {f"{PRODUCT}.jpg": body}, shared_data)


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive)) as opened:
        # From here on the pyramid is there.
        opened.get(address(TILES["cut"]))
        yield opened


def address(part: str) -> str:
    return f"/iiif/3/m2020:{PRODUCT}/{part}"


def shape_of(answer: Any) -> tuple[int, dict[str, str], bytes]:
    # The server writes the date.
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status_code, headers, answer.content


@pytest.mark.parametrize("kind", TILES)
def test_an_answer_is_the_same_whoever_gives_it(client: TestClient, kind: str) -> None:
    path = address(TILES[kind])
    # The first is of the framework: with a query nothing is ready.
    asked = {"Accept-Encoding": "identity"}
    of_framework = client.get(f"{path}?download=0", headers=asked)
    first, second = (client.get(path, headers=asked) for _ in range(2))
    assert shape_of(first) == shape_of(second) == shape_of(of_framework)
    assert first.status_code == 200
    tags = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    not_sent = client.get(f"{path}?download=1", headers=tags)
    assert not_sent.status_code == 304
    assert shape_of(client.get(path, headers=tags)) == shape_of(not_sent)
    head = client.head(path)
    assert head.headers == first.headers
    assert head.content == b""


def test_an_answer_names_the_host_that_was_asked(client: TestClient) -> None:
    for host in ("one.example", "two.example", "one.example"):
        answer = client.get(address(TILES["ready"]), headers={"Host": host})
        assert f"<http://{host}/iiif/3/" in answer.headers["link"]


def test_a_part_of_an_answer_is_left_to_the_framework(client: TestClient) -> None:
    path = address(TILES["cut"])
    whole = client.get(path).content
    answer = client.get(path, headers={"Range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, whole[2:6])


def test_other_methods_are_refused_as_ever(client: TestClient) -> None:
    client.get(address(TILES["ready"]))
    assert client.post(address(TILES["ready"])).status_code == 405
    preflight = {"Access-Control-Request-Method": "GET", "Origin": "http://a.example"}
    assert client.options(address(TILES["ready"]), headers=preflight).status_code == 204


def test_what_is_written_to_the_catalogue_is_noticed(client: TestClient, archive: Archive) -> None:
    path = address(TILES["ready"])
    assert [client.get(path).status_code for _ in range(2)] == [200, 200]
    with archive.writing() as connection:
        connection.execute(sa.text("UPDATE items SET id = 'm2020/other'"))
    assert client.get(path).status_code == 404
    renamed = path.replace(PRODUCT, "other")
    assert [client.get(renamed).status_code for _ in range(2)] == [200, 200]


def test_an_error_is_not_kept(client: TestClient, archive: Archive) -> None:
    client.get(address(TILES["ready"]))
    pyramid = next(archive.derived_path.rglob("*-pyramid.tif"))
    whole = pyramid.read_bytes()
    pyramid.write_bytes(whole[:1000])
    other = address("0,512,512,512/512,512/0/default.jpg")
    assert client.get(other).status_code == 500
    pyramid.write_bytes(whole)
    assert client.get(other).status_code == 200


def test_without_memory_everything_is_answered(shared_data: Path, tmp_path: Path) -> None:
    body = pyvips.Image.black(60, 40).jpegsave_buffer()
    pictures = {f"{PRODUCT}.jpg": body}
    archive = pictured_archive(tmp_path, pictures, shared_data, iiif_memory_bytes=0)
    with TestClient(create_app(archive)) as client:
        for _ in range(2):
            assert client.get(address("full/max/0/default.jpg")).status_code == 200


# --- what is remembered ------------------------------------------------------------------------


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    known: Remembered[str] = Remembered(10)
    known.keep("a", 1, "A", 4)
    known.keep("b", 1, "B", 4)
    assert known.find("a", 1) == "A"
    known.keep("c", 1, "C", 4)
    assert [known.find(key, 1) for key in "abc"] == ["A", None, "C"]
    known.keep("a", 1, "long", 8)
    assert [known.find(key, 1) for key in "abc"] == ["long", None, None]
    known.keep("d", 1, "too much", 11)
    assert [known.find(key, 1) for key in "ad"] == ["long", None]
    known.keep("e", 1, "E", 10)
    assert known.find("e", 1) == "E"


def test_another_state_knows_nothing() -> None:
    known: Remembered[str] = Remembered(10)
    known.keep("a", 1, "A")
    assert known.find("a", 2) is None
    assert known.find("a", 1) is None
    # A reader that was slow does not bring the old state back for others.
    known.keep("b", 2, "B")
    known.keep("c", 1, "C")
    assert known.find("c", 2) is None
