"""IIIF manifests and collections: valid, true, complete, and every address in them answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from iiif_prezi3 import Collection, Manifest

from solbook.archive import Archive, write_page
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import SOURCES
from tests.simulated import simulated_record

Json = dict[str, Any]

BASE = "http://testserver"
STORED = "m2020/NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
BOTH_EYES = "exposures/m2020/1110/N:1110_0765465872_675:0512578NCAM13109"
UNPLACED = "exposures/m2020/394/N:0394_0701920575_800:0170000NCAM03394"
OF_SOLS = [
    "sols/m2020/1110/NAVCAM_LEFT",
    "sols/m2020/2/EDL_RDCAM",
    "sols/msl/1000/MAST_LEFT",
]
MEDIA_TYPE = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'


@pytest.fixture(scope="module")
def client(demo_archive: Path) -> Iterator[TestClient]:
    archive = Archive(demo_archive, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="module")
def simulated(rehearsal_archive: Path) -> Iterator[TestClient]:
    archive = Archive(rehearsal_archive, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def valid(client: TestClient, path: str) -> Json:
    """What an address answers; the API's own models read it without loss."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["access-control-allow-origin"] == "*"
    made: Json = answer.json()
    assert made["@context"] == "http://iiif.io/api/presentation/3/context.json"
    assert made["id"] == BASE + path
    model = Manifest if made["type"] == "Manifest" else Collection
    read = json.loads(model.model_validate_json(answer.text).json())
    # The models pass over what they do not know, and mend what is nearly right.
    assert read == made
    return made


def manifest(client: TestClient, path: str) -> Json:
    made = valid(client, f"/iiif/manifests/{path}")
    assert made["type"] == "Manifest"
    assert made["items"]
    assert made["requiredStatement"]["label"] == {"en": ["Credit"]}
    assert made["requiredStatement"]["value"]["en"][0]
    assert len({canvas["id"] for canvas in made["items"]}) == len(made["items"])
    for canvas in made["items"]:
        assert "#" not in canvas["id"]
        assert min(canvas["width"], canvas["height"]) > 0
        assert canvas["items"][0]["items"]
        for painting in canvas["items"][0]["items"]:
            assert painting["motivation"] == "painting"
            assert painting["target"].partition("#")[0] == canvas["id"]
    return made


def bodies(made: Json) -> list[Json]:
    return [
        painting["body"] for canvas in made["items"] for painting in canvas["items"][0]["items"]
    ]


def said(made: Json) -> dict[str, str]:
    return {m["label"]["en"][0]: m["value"]["en"][0] for m in made["metadata"]}


def linked(made: Json, name: str) -> set[str]:
    """The addresses of a property, in the manifest and on its canvases."""
    parts = [made, *made["items"]]
    return {thing["id"] for part in parts for thing in part.get(name, ())}


def every_manifest(client: TestClient) -> list[str]:
    """The addresses of all manifests that the collections list, and of all collections."""
    missions = valid(client, "/iiif/collections")
    found = []
    for mission in missions["items"]:
        sols = valid(client, mission["id"].removeprefix(BASE))["items"]
        for sol in sols:
            cameras = valid(client, sol["id"].removeprefix(BASE))
            assert cameras["partOf"][0]["id"] == mission["id"]
            found += [
                item["id"].removeprefix(f"{BASE}/iiif/manifests/") for item in cameras["items"]
            ]
    return found


# --- A frame -----------------------------------------------------------------------------------


def test_a_frame_is_one_canvas_of_its_true_size(client: TestClient) -> None:
    made = manifest(client, f"frames/{STORED}")
    [canvas] = made["items"]
    assert (canvas["width"], canvas["height"]) == (1288, 968)
    [body] = bodies(made)
    name = STORED.replace("/", ":")
    assert body["id"] == f"{BASE}/iiif/3/{name}/full/max/0/default.jpg"
    assert body["service"] == [
        {"id": f"{BASE}/iiif/3/{name}", "type": "ImageService3", "profile": "level2"}
    ]
    [thumbnail] = made["thumbnail"]
    assert (thumbnail["width"], thumbnail["height"]) == (320, 240)
    assert thumbnail["service"] == body["service"]
    assert client.get(thumbnail["id"]).status_code == 200
    assert made["navDate"] == "2024-04-04T01:39:03Z"
    assert linked(made, "homepage") == {f"{BASE}/frames/{STORED}"}
    assert linked(made, "seeAlso") == {f"{BASE}/api/frames/{STORED}"}


def test_a_frames_facts_are_those_of_its_page(client: TestClient) -> None:
    facts = said(manifest(client, f"frames/{STORED}"))
    assert facts["Mission"] == "Perseverance"
    assert facts["Sol"] == "1110"
    assert facts["Local time"] == "08:38:31 LMST"
    assert facts["Taken"] == "2024-04-04 01:39:03.048 UTC"
    assert facts["Product"].startswith(STORED.partition("/")[2])
    page = client.get(f"/frames/{STORED}").text
    for name in ("Camera", "Size", "Sun", "Solar time", "Season", "Place"):
        assert f"<dt>{name}</dt>" in page
        assert facts[name] in page


def test_rights_are_stated_only_where_the_credit_tells_them(
    client: TestClient, simulated: TestClient
) -> None:
    nasas = manifest(client, f"frames/{STORED}")
    assert nasas["requiredStatement"]["value"] == {"en": ["NASA/JPL-Caltech"]}
    assert nasas["rights"] == "http://rightsstatements.org/vocab/NoC-US/1.0/"
    # Others have a part in it: whose it is, nobody said.
    [shared] = [
        made
        for path in ("sols/m2020/1000/MCZ_LEFT", *every_manifest(client))
        if path.startswith("sols/m2020/") and "MCZ" in path
        for made in [client.get(f"/iiif/manifests/{path}").json()]
        if "ASU" in str(made.get("requiredStatement"))
    ][:1]
    assert "rights" not in shared
    ours = manifest(simulated, every_manifest(simulated)[0])
    assert ours["rights"] == "http://creativecommons.org/publicdomain/zero/1.0/"


def test_what_is_simulated_says_so(simulated: TestClient) -> None:
    assert "simulated" in str(valid(simulated, "/iiif/collections")["items"][0]["label"])
    for path in every_manifest(simulated)[:3]:
        made = manifest(simulated, path)
        assert "simulated" in made["label"]["en"][0].lower()
        assert "no camera took it" in made["summary"]["en"][0]
        assert "simulated" in made["requiredStatement"]["value"]["en"][0].lower()


def test_a_frame_without_a_picture_shows_why(client: TestClient) -> None:
    frame = "m2020/EAF_0002_0667110211_374ECV_N0010052EDLC00002_0010LUJ"
    made = manifest(client, f"frames/{frame}")
    [body] = bodies(made)
    assert body["format"] == "image/svg+xml"
    assert "service" not in body
    answer = client.get(body["id"])
    assert answer.headers["content-type"].startswith(body["format"])


@pytest.mark.parametrize("asked", [STORED.lower(), f"M2020/{STORED.partition('/')[2]}"])
def test_a_frame_in_another_case_leads_to_its_manifest(client: TestClient, asked: str) -> None:
    answer = client.get(f"/iiif/manifests/frames/{asked}")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/iiif/manifests/frames/{STORED}"


# --- An exposure -------------------------------------------------------------------------------


def test_tiles_stand_at_their_places_each_eye_on_its_canvas(client: TestClient) -> None:
    made = manifest(client, BOTH_EYES)
    assert [canvas["label"]["en"][0] for canvas in made["items"]] == [
        "Navcam left, 08:38:31 LMST, 2 tiles",
        "Navcam right, 08:38:31 LMST, 2 tiles",
    ]
    for canvas in made["items"]:
        # Reduced by two: the second begins at detector pixel 2545, (2545 - 1) / 2.
        assert (canvas["width"], canvas["height"]) == (1272 + 1288, 968)
        targets = [p["target"].partition("#")[2] for p in canvas["items"][0]["items"]]
        assert targets == ["xywh=0,0,1288,968", "xywh=1272,0,1288,968"]
        assert len(canvas["homepage"]) == 2
        assert "Subframe" not in said(canvas)
    assert "both" not in made["label"]["en"][0]
    assert "Navcam left and Navcam right" in made["label"]["en"][0]


def test_frames_whose_places_are_not_known_have_a_canvas_each(client: TestClient) -> None:
    made = manifest(client, UNPLACED)
    assert len(made["items"]) == 8
    assert all(len(canvas["items"][0]["items"]) == 1 for canvas in made["items"])
    assert all("#" not in p["target"] for c in made["items"] for p in c["items"][0]["items"])


# --- A sol -------------------------------------------------------------------------------------


def test_a_sols_frames_are_in_order_of_time_without_thumbnails(client: TestClient) -> None:
    made = manifest(client, "sols/m2020/1110/NAVCAM_LEFT")
    times = [canvas["navDate"] for canvas in made["items"]]
    assert times == sorted(times)
    assert "thumbnail" not in {said(canvas).get("Kind") for canvas in made["items"]}
    page = client.get("/api/missions/m2020/sols/1110?instrument=NAVCAM_LEFT&limit=1000").json()
    assert len(made["items"]) == len(page["frames"])


def test_many_frames_have_a_manifest_for_each_page(demo_archive: Path) -> None:
    archive = Archive(demo_archive, Settings(network=False, frames_per_page=100))
    with TestClient(create_app(archive)) as client:
        path = "sols/m2020/2/EDL_RDCAM"
        listed = valid(client, "/iiif/collections/m2020/sols/2")["items"]
        pages = [i["id"] for i in listed if "EDL_RDCAM" in i["id"]]
        assert len(pages) > 1
        seen = [
            body["id"]
            for page in pages
            for body in bodies(manifest(client, page.removeprefix(f"{BASE}/iiif/manifests/")))
        ]
        assert len(seen) == len(set(seen))
        after = client.get(f"/iiif/manifests/{path}?page={len(pages) + 1}")
        assert after.status_code == 404


def test_frames_without_size_and_picture_are_left_out_and_counted(
    tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "data/01_m2020_feed/navcam_sidecars"
    name = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
    stored = json.loads((folder / f"{name}.json").read_text())
    other = json.loads(json.dumps(stored).replace("0673599062_946", "0673599999_946"))
    other["extended"]["dimension"] = "UNK"
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    write_page(archive, SOURCES["m2020"].read_page(json.dumps([stored, other]).encode(), "a test"))
    with TestClient(create_app(archive)) as client:
        made = manifest(client, "sols/m2020/75/NAVCAM_LEFT")
        assert len(made["items"]) == 1
        assert "1 more frame of which neither size nor picture" in made["summary"]["en"][0]


# --- All of it ---------------------------------------------------------------------------------


def test_every_address_in_every_manifest_answers(client: TestClient) -> None:
    """Every tenth: there are hundreds."""
    paths = [f"frames/{STORED}", BOTH_EYES, UNPLACED, *every_manifest(client)[::10]]
    for path in paths:
        made = manifest(client, path)
        for address in linked(made, "homepage") | linked(made, "seeAlso"):
            assert client.get(address).status_code == 200, address
        assert client.get(made["provider"][0]["id"]).status_code == 200
        assert client.get(made["partOf"][0]["id"]).status_code == 200
        for body in bodies(made):
            for service in body.get("service", ()):
                told = client.get(f"{service['id']}/info.json").json()
                assert told["id"] == service["id"]
                assert (told["width"], told["height"]) == (body["width"], body["height"])
                assert client.get(body["id"]).headers["content-type"] == body["format"]
            if "service" not in body:
                assert client.get(body["id"]).status_code == 200


def test_every_collection_is_complete(client: TestClient) -> None:
    held = {m["id"]: m for m in client.get("/api/missions").json()["missions"] if m["frames"]}
    listed = valid(client, "/iiif/collections")["items"]
    assert {item["id"].rpartition("/")[2] for item in listed} == set(held)
    for mission, counts in held.items():
        sols = valid(client, f"/iiif/collections/{mission}")["items"]
        assert len(sols) == counts["sols"]


def test_a_mission_without_frames_is_an_empty_collection(client: TestClient) -> None:
    assert valid(client, "/iiif/collections/spirit")["items"] == []


def test_it_is_asked_again_and_not_sent_again(client: TestClient) -> None:
    first = client.get(f"/iiif/manifests/frames/{STORED}")
    assert "max-age" in first.headers["cache-control"]
    again = client.get(
        f"/iiif/manifests/frames/{STORED}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


# --- What is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "manifests/frames/m2020/NOTHING",
        "manifests/frames/m2020/%3Cscript%3E",
        "manifests/frames/venus/NOTHING",
        "manifests/exposures/m2020/394/N:nothing",
        "manifests/exposures/m2020/394/%22%3E%3C",
        "manifests/sols/m2020/394/NOPE",
        "manifests/sols/m2020/9/NAVCAM_LEFT",
        "collections/venus",
        "collections/m2020/sols/9",
    ],
)
def test_what_is_not_there_is_an_error_with_help(client: TestClient, path: str) -> None:
    answer = client.get(f"/iiif/{path}")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["found"]
    assert error["expected"]


def test_a_host_no_address_can_have_is_passed_over(client: TestClient) -> None:
    answer = client.get("/iiif/collections", headers={"Host": '"><script>'})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_words_of_a_source_are_never_markup(tmp_path: Path, shared_data: Path) -> None:
    name = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
    path = shared_data / f"data/01_m2020_feed/navcam_sidecars/{name}.json"
    record = json.loads(path.read_text())
    record |= {"caption": "<script>alert(1)</script>", "credit": '<b>"A" & B</b>', "title": "<i>"}
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    write_page(archive, SOURCES["m2020"].read_page(json.dumps([record]).encode(), "a test"))
    with TestClient(create_app(archive)) as client:
        made = manifest(client, f"frames/m2020/{name}")
        for words in (made["summary"], made["requiredStatement"]["value"]):
            # What begins with < and ends with > would be HTML (Presentation 3.0, section 4.5).
            assert words["en"][0].startswith("<")
            assert not words["en"][0].endswith(">")


def test_a_camera_of_any_name_has_its_manifest(tmp_path: Path, shared_data: Path) -> None:
    """Sources may name cameras nobody has heard of; they are kept as they are named."""
    name = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
    path = shared_data / f"data/01_m2020_feed/navcam_sidecars/{name}.json"
    record = json.loads(path.read_text())
    record["camera"]["instrument"] = 'ODD/CAM #1? "<b>'
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    write_page(archive, SOURCES["m2020"].read_page(json.dumps([record]).encode(), "a test"))
    with TestClient(create_app(archive)) as client:
        [address] = every_manifest(client)
        made = manifest(client, address)
        assert len(made["items"]) == 1
        for page in linked(made, "homepage"):
            assert client.get(page).status_code == 200


def test_a_rehearsals_tiles_stand_together(tmp_path: Path, shared_data: Path) -> None:
    """Tiles of a whole picture, as the rehearsal's feed has them."""
    name = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
    path = shared_data / f"data/01_m2020_feed/navcam_sidecars/{name}.json"
    record = simulated_record(json.loads(path.read_text()), 5)
    text = json.dumps(record)
    records = []
    for number, (x, y) in enumerate(((1, 1), (1273, 1), (1, 953), (1273, 953)), start=1):
        tile = json.loads(text.replace("NCAM00500_01_", f"NCAM00500_{number:02d}_"))
        tile["extended"] |= {
            "subframeRect": f"({x},{y},1288,968)",
            "scaleFactor": "1",
            "dimension": "(1288,968)",
        }
        records.append(tile)
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    write_page(archive, SOURCES["rehearsal"].read_page(json.dumps(records).encode(), "a test"))
    with TestClient(create_app(archive)) as client:
        frames = client.get("/api/missions/rehearsal/sols/5").json()["frames"]
        assert len(frames) == 4
        page = client.get(frames[0]["page"]).text
        assert "/iiif/manifests/exposures/rehearsal/5/" in page
        address = page.partition('href="/iiif/manifests/exposures/')[2].partition('"')[0]
        made = manifest(client, f"exposures/{address}")
        [canvas] = made["items"]
        assert (canvas["width"], canvas["height"]) == (1272 + 1288, 952 + 968)
        assert len(canvas["items"][0]["items"]) == 4
