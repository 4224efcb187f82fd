"""Pages and styles are sent gzipped to those who take it, and the same to those who do not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.site.app import create_app


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive)) as made:
        yield made


@pytest.mark.parametrize("path", ["/about", "/static/site.css", "/nowhere"])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("gzip;q=0, identity", None),
        ("gzip; q=0.000", None),
    ],
)
def test_text_is_packed_for_those_who_take_it(
    client: TestClient, path: str, accepted: str, encoding: str | None
) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert answer.status_code == plain.status_code
    assert answer.headers.get("content-encoding") == encoding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.text == plain.text
    if encoding:
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
