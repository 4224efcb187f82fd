"""The pages of enlarged and of compared pictures, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from solbook.archive import Archive, frames
from solbook.archive.schema import ITEMS
from solbook.settings import Settings
from solbook.site.app import create_app
from tests.site.test_pages import Page

LEFT = "m2020/NLF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
RIGHT = "m2020/NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
NOT_STORED = "m2020/EAF_0002_0667110211_374ECV_N0010052EDLC00002_0010LUJ"
ZOOM = f"/frames/{LEFT}/zoom"
COMPARE = f"/compare?left={LEFT}&right={RIGHT}"


@pytest.fixture(scope="module")
def client(demo_archive: Path) -> Iterator[TestClient]:
    archive = Archive(demo_archive, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def page(client: TestClient, path: str, status: int = 200) -> Page:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text[:500]
    return Page(response.text)


@pytest.mark.parametrize("path", [ZOOM, f"{ZOOM}?x=9&y=9&zoom=7&rotation=33", COMPARE])
def test_every_address_on_it_answers(client: TestClient, path: str) -> None:
    shown = page(client, path)
    assert len(shown.all("h1")) == 1
    addresses = {a["href"] for a in shown.all("a")} | {img["src"] for img in shown.all("img")}
    addresses |= {
        step.split()[0]
        for img in shown.all("img")
        for step in img.get("srcset", "").split(", ")
        if step
    }
    for address in sorted(addresses):
        if address.startswith("/"):
            assert client.get(address).status_code == 200, address


def test_what_is_out_of_range_is_brought_into_it(client: TestClient) -> None:
    shown = page(client, f"{ZOOM}?x=-50&y=99999&zoom=1e9&rotation=-90&brightness=9999")
    [canonical] = shown.all("link", rel="canonical")
    assert "zoom=40.25&rotation=270&brightness=300" in canonical["href"]
    [image] = [img for img in shown.all("img") if "/iiif/" in img["src"]]
    assert "/0,944,32,24/max/270/default.jpg" in image["src"]
    assert image["class"] == "pixelated"


@pytest.mark.parametrize("garbage", ["x=left", "zoom=nan", "rotation=inf", "contrast="])
def test_garbage_is_refused(client: TestClient, garbage: str) -> None:
    for path in (f"{ZOOM}?{garbage}", f"{COMPARE}&{garbage}"):
        answer = client.get(path, headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert set(answer.json()["error"]) == {"code", "message", "found", "expected", "help"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/frames/m2020/NONE/zoom", 404),
        ("/frames/nowhere/NONE/zoom", 404),
        (f"/frames/{NOT_STORED}/zoom", 404),
        ("/compare", 400),
        (f"/compare?left={LEFT}", 400),
        (f"/compare?left={LEFT}&right=NONE", 400),
        (f"/compare?left={LEFT}&right=m2020/NONE", 404),
        (f"{COMPARE}&as=pile", 400),
    ],
)
def test_what_cannot_be_shown_is_explained(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.json()["error"]["expected"]


def test_another_spelling_leads_to_the_frame_s_own_address(client: TestClient) -> None:
    answer = client.get(f"/frames/M2020/{LEFT[6:].lower()}/zoom?zoom=2&rotation=90")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{ZOOM}?zoom=2&rotation=90"
    answer = client.get(f"/compare?left={LEFT.upper()}&right={RIGHT}&as=slider&zoom=2")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{COMPARE}&as=slider&zoom=2"


def test_it_says_whose_picture_it_is(client: TestClient) -> None:
    for path in (ZOOM, COMPARE):
        assert "NASA/JPL-Caltech" in page(client, path).text


def test_a_frame_leads_to_its_enlarged_picture(client: TestClient) -> None:
    shown = page(client, f"/frames/{LEFT}")
    links = [a for a in shown.all("a") if "data-enlarge" in a]
    assert [link["href"] for link in links] == [ZOOM, ZOOM]
    assert links[0]["data-service"] == f"/iiif/3/{LEFT.replace('/', ':')}"
    assert float(links[0]["data-degrees"]) == pytest.approx(0.0369, abs=0.0005)
    assert COMPARE in {a["href"] for a in shown.all("a")}
    # Where there is no picture there is nothing to enlarge or to compare.
    blank = page(client, f"/frames/{NOT_STORED}")
    assert not [a for a in blank.all("a") if "data-enlarge" in a or "/compare" in a["href"]]


def test_the_simulated_is_marked(rehearsal_archive: Path) -> None:
    archive = Archive(rehearsal_archive, Settings(network=False))
    with TestClient(create_app(archive)) as client:
        with archive.reading() as connection:
            files = frames.assets_of_all(connection, range(1, 500))
            key = next(key for key, assets in files.items() if frames.best_stored(assets))
            held = connection.execute(sa.select(ITEMS.c.id).where(ITEMS.c.key == key))
            frame = held.scalar_one()
        for path in (f"/frames/{frame}/zoom", f"/compare?left={frame}&right={frame}"):
            shown = client.get(path)
            assert shown.status_code == 200
            assert 'class="simulated"' in shown.text
            assert "data-simulated" in shown.text
