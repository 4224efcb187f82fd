"""Small manners of the site that a person notices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.settings import Settings
from solbook.site.app import create_app


@pytest.fixture(scope="module")
def client(demo_archive: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Archive(demo_archive, Settings(network=False)))) as made:
        yield made


@pytest.mark.parametrize("path", ["/missions/", "/missions/m2020/", "/api/", "/api/missions/"])
def test_a_last_slash_is_forgiven(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == 200


def test_a_sol_is_dated_by_its_noon(client: TestClient) -> None:
    page = client.get("/").text
    # Its frames were taken on 1 December, though the sol began late on 30 November.
    assert "1 Dec 2025" in page
    assert "30 Nov 2025" not in page


@pytest.mark.parametrize("mission", ["spirit", "opportunity"])
def test_an_empty_mission_names_only_what_can_fill_it(client: TestClient, mission: str) -> None:
    page = client.get(f"/missions/{mission}").text
    assert "solbook ingest photos-v1" in page
    assert "solbook ingest m2020" not in page


def test_an_unknown_camera_is_an_error_in_both_forms(client: TestClient) -> None:
    path = "/missions/m2020/sols/2?instrument=NOPE"
    assert client.get(path).status_code == 404
    answer = client.get(f"/api{path}")
    assert answer.status_code == 404
    assert "NAVCAM_LEFT" in answer.json()["error"]["expected"]


def test_iiif_is_for_programs_of_any_origin(client: TestClient) -> None:
    answer = client.get("/iiif/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert client.options("/iiif/nothing", headers=asked).status_code == 204
