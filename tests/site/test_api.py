"""Solbook's own JSON: its shapes, its links, its errors, and what OpenAPI promises of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import sqlalchemy as sa
from fastapi.testclient import TestClient
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from solbook.archive import Archive, write_page
from solbook.clock import mission_clock, parse_utc
from solbook.jobs import ingest
from solbook.missions import real_missions
from solbook.settings import Settings
from solbook.site.app import create_app
from solbook.sources import SOURCES

Json = dict[str, Any]

NAME = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
ERROR_KEYS = {"code", "message", "found", "expected", "help"}
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def archive_path(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the feeds' records, with something in quarantine and without pictures."""
    made = Archive.create(tmp_path_factory.mktemp("api") / "archive", Settings(network=False))
    data = shared_data / "data"
    ingest(made, SOURCES["m2020"], str(data / "01_m2020_feed"))
    for source in ("msl", "insight"):
        ingest(made, SOURCES[source], str(data / "02_other_feeds"))
    ingest(made, SOURCES["photos-v1"], str(data / "02_mars_photos_api/ios_validSol1JSON.json"))
    bad = [{"imageid": None, "sol": 1}, {"imageid": "NLF_1", "sol": "x"}, 7]
    write_page(made, SOURCES["m2020"].read_page(json.dumps(bad).encode(), "a damaged page"))
    made.close()
    return made.path


@pytest.fixture(scope="module")
def client(archive_path: Path) -> Iterator[TestClient]:
    archive = Archive(archive_path, Settings(network=False))
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def get(client: TestClient, path: str, status: int = 200) -> Json:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body: Json = answer.json()
    return body


def refused(client: TestClient, path: str, status: int) -> Json:
    error: Json = get(client, path, status)
    assert set(error) == {"error"}
    assert set(error["error"]) == ERROR_KEYS
    assert all(isinstance(text, str) for text in error["error"].values())
    assert error["error"]["message"]
    return dict(error["error"])


# --- each route --------------------------------------------------------------------------------


def test_the_index_leads_everywhere(client: TestClient) -> None:
    links = get(client, "/api")["links"]
    assert {"latest", "missions", "status", "quarantine", "openapi.json"} <= set(links)
    for link in links.values():
        assert client.get(link).status_code == 200


def test_latest_are_the_frames_received_last(client: TestClient) -> None:
    frames = get(client, "/api/latest?limit=20")["frames"]
    received = [frame["received"] for frame in frames]
    assert len(frames) == 20
    assert received == sorted(received, reverse=True)
    assert all(frame["sample_type"] != "thumbnail" for frame in frames)
    assert get(client, "/api/latest?limit=5")["frames"] == frames[:5]


def test_missions_count_what_is_held(client: TestClient) -> None:
    missions = {m["id"]: m for m in get(client, "/api/missions")["missions"]}
    assert list(missions) == [known.id for known in real_missions()]
    assert missions["spirit"]["frames"] == 0
    assert missions["spirit"]["first_sol"] is None
    for mission_id, listed in missions.items():
        one = get(client, f"/api/missions/{mission_id}")
        assert {key: one[key] for key in listed} == listed
        assert sum(day["frames"] for day in one["frames_by_sol"]) == listed["frames"]
        assert sum(camera["frames"] for camera in one["instruments"]) == listed["frames"]
        sols = [day["sol"] for day in one["frames_by_sol"]]
        assert sols == sorted(set(sols))
        assert len(sols) == listed["sols"]
        if sols:
            assert (sols[0], sols[-1]) == (listed["first_sol"], listed["last_sol"])


def test_a_sol_states_its_span_by_the_mission_s_clock(client: TestClient) -> None:
    sol = get(client, "/api/missions/m2020/sols/4?thumbnails=true&limit=1000")
    clock = mission_clock("m2020")
    for key, number in (("starts", 4), ("ends", 5)):
        assert UTC.fullmatch(sol[key])
        assert abs(parse_utc(sol[key]) - int(clock.sol_start_utc(number))) < 1_000_000
    for frame in sol["frames"]:
        assert sol["starts"] <= frame["utc"] < sol["ends"]
        assert frame["sol"] == 4


def test_sols_lead_to_one_another(client: TestClient) -> None:
    days = get(client, "/api/missions/m2020")["frames_by_sol"]
    sols = [day["sol"] for day in days]
    seen, sol = [], sols[0]
    while sol is not None:
        seen.append(sol)
        answer = get(client, f"/api/missions/m2020/sols/{sol}?limit=1")
        assert answer["previous_sol"] == (seen[-2] if len(seen) > 1 else None)
        sol = answer["next_sol"]
    assert seen == sols


def pages_of_sol(client: TestClient, path: str) -> list[Json]:
    pages, following = [], path
    while following:
        pages.append(get(client, following))
        following = pages[-1]["next"]
        assert len(pages) < 200
    return pages


@pytest.mark.parametrize("limit", [37, 1000])
@pytest.mark.parametrize("thumbnails", ["true", "false"])
def test_pages_of_a_sol_hold_every_frame_exactly_once(
    client: TestClient, limit: int, thumbnails: str
) -> None:
    path = f"/api/missions/m2020/sols/2?limit={limit}&thumbnails={thumbnails}"
    pages = pages_of_sol(client, path)
    assert all(len(page["frames"]) == limit for page in pages[:-1])
    ids = [frame["id"] for page in pages for frame in page["frames"]]
    assert len(ids) == len(set(ids))
    cameras = pages[0]["instruments"]
    held = sum(camera["frames"] for camera in cameras)
    if thumbnails == "false":
        held -= sum(camera["thumbnails"] for camera in cameras)
    assert len(ids) == held


def test_the_cameras_of_a_sol_together_are_the_sol(client: TestClient) -> None:
    whole = get(client, "/api/missions/m2020/sols/2?limit=1000&thumbnails=true")
    found = []
    for camera in whole["instruments"]:
        path = f"/api/missions/m2020/sols/2?instrument={camera['code'].lower()}&limit=50"
        pages = pages_of_sol(client, f"{path}&thumbnails=true")
        frames = [frame for page in pages for frame in page["frames"]]
        assert len(frames) == camera["frames"]
        assert {frame["instrument"] for frame in frames} == {camera["code"]}
        found += frames
    assert [frame["id"] for frame in found] == [
        frame["id"] for page in pages_of_sol(client, _all_of_sol_2()) for frame in page["frames"]
    ]


def _all_of_sol_2() -> str:
    return "/api/missions/m2020/sols/2?limit=1000&thumbnails=true"


def test_a_page_s_address_carries_any_camera_s_name_whole(archive_path: Path) -> None:
    """The name of a camera nobody knows yet is an upstream's text."""
    path = archive_path.parent / "odd"
    archive = Archive.create(path, Settings(network=False))
    record = {"imageid": "ODD_1", "sol": 3, "camera": {"instrument": "NEW&CAM #9?é"}}
    records = [record | {"imageid": f"ODD_{number}"} for number in range(3)]
    write_page(archive, SOURCES["m2020"].read_page(json.dumps(records).encode(), "a test"))
    with TestClient(create_app(archive)) as client:
        path_of_sol = "/api/missions/m2020/sols/3?limit=2&instrument=new%26cam%20%239%3F%C3%A9"
        pages = pages_of_sol(client, path_of_sol)
        assert [len(page["frames"]) for page in pages] == [2, 1]
        code = get(client, "/api/missions/m2020")["instruments"][0]["code"]
        assert code == "NEW&CAM #9?É"


def test_every_instrument_has_its_answer(client: TestClient) -> None:
    for mission_id in ("m2020", "msl", "insight"):
        for listed in get(client, f"/api/missions/{mission_id}")["instruments"]:
            one = get(client, f"/api/missions/{mission_id}/instruments/{listed['code'].lower()}")
            assert {key: one[key] for key in listed} == listed
            assert sum(day["frames"] for day in one["frames_by_sol"]) == listed["frames"]
            assert listed["known"] is True


def test_a_frame_says_all_that_is_known(client: TestClient, shared_data: Path) -> None:
    frame = get(client, f"/api/frames/m2020/{NAME}")
    path = shared_data / f"data/01_m2020_feed/navcam_sidecars/{NAME}.json"
    upstream = json.loads(path.read_text())
    assert frame["upstream_records"][0]["record"] == upstream
    assert frame["lmst"] == upstream["date_taken_mars"].partition("M")[2]
    assert frame["utc_source"] == "mission-clock"
    assert frame["credit"] == upstream["credit"]
    assert frame["caption"] == upstream["caption"]
    assert (frame["site"], frame["drive"]) == (upstream["site"], int(upstream["drive"]))
    assert frame["mast_az_deg"] == float(upstream["extended"]["mastAz"])
    assert [asset["role"] for asset in frame["assets"]] == ["full", "large", "medium", "small"]
    assert [asset["upstream_url"] for asset in frame["assets"]] == [
        upstream["image_files"][key] for key in ("full_res", "large", "medium", "small")
    ]
    for key in ("utc", "upstream_utc", "received", "first_seen", "changed"):
        assert UTC.fullmatch(frame[key]), key


@pytest.mark.parametrize("version", ["", "01", "02", "99"])
def test_an_id_leads_to_its_frame_with_and_without_version(
    client: TestClient, version: str
) -> None:
    assert get(client, f"/api/frames/m2020/{NAME}{version}")["id"] == f"m2020/{NAME}"


def test_frames_in_time_lead_to_one_another(client: TestClient) -> None:
    frames = get(client, "/api/missions/m2020/sols/4?limit=30")["frames"]
    for listed in frames:
        one = get(client, f"/api/frames/{listed['id']}")
        assert {key: one[key] for key in listed} == listed
        for here, there in (("next", "previous"), ("previous", "next")):
            if one[here] is not None:
                other = get(client, f"/api/frames/{one[here]}")
                assert other[there] == one["id"]
                assert (other["utc"] >= one["utc"]) == (here == "next") or (
                    other["utc"] == one["utc"]
                )


def test_frames_of_one_exposure_name_one_another(client: TestClient) -> None:
    path = "/api/missions/m2020/sols/2?instrument=FRONT_HAZCAM_LEFT_A&thumbnails=true"
    named = 0
    for listed in get(client, path)["frames"]:
        one = get(client, f"/api/frames/{listed['id']}")
        for other in one["exposure"]:
            assert one["id"] in get(client, f"/api/frames/{other}")["exposure"]
            named += 1
    assert named > 10


LINKS = {"page", "picture", "next", "href"}


def links_in(value: Any) -> set[str]:
    """Every address of this site in an answer; `next` of a frame is an id."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in LINKS and isinstance(inner, str) and inner.startswith("/"):
                found.add(inner)
            elif key != "record":
                found |= links_in(inner)
    elif isinstance(value, list):
        for inner in value:
            found |= links_in(inner)
    return found


def test_every_link_resolves(client: TestClient) -> None:
    seen: set[str] = set()
    waiting = ["/api/latest?limit=3", "/api/missions", "/api/missions/m2020/sols/4?limit=3"]
    waiting += ["/api/missions/msl/sols/1", "/api/quarantine?limit=1", f"/api/frames/m2020/{NAME}"]
    for path in waiting:
        for link in links_in(get(client, path)):
            # A file that is not stored answers 404 while the network is off.
            expected = {404} if "/files/" in link else {200}
            assert client.get(link).status_code in expected, link
            seen.add(link)
            twin = f"/api{link}"
            if re.fullmatch(r"/(missions|frames)/[^/]+(/sols/\d+|/[A-Z][^/]+)?", link):
                assert client.get(twin).status_code == 200, twin
    assert len(seen) > 20


def test_status_says_how_the_archive_came_by_what_it_holds(client: TestClient) -> None:
    status = get(client, "/api/status")
    assert {source["source"] for source in status["sources"]} == {
        "m2020",
        "msl",
        "insight",
        "photos-v1",
    }
    assert [run["source"] for run in status["runs"]] == ["photos-v1", "insight", "msl", "m2020"]
    assert all(run["state"] in ("complete", "partial") for run in status["runs"])
    assert status["missions"] == get(client, "/api/missions")["missions"]
    assert status["files"] == 0


def test_the_quarantine_is_read_page_by_page(client: TestClient) -> None:
    whole = get(client, "/api/quarantine?limit=1000")["quarantined"]
    found, following = [], "/api/quarantine?limit=1"
    while following:
        page = get(client, following)
        found += page["quarantined"]
        following = page["next"]
        assert len(found) < 100
    assert found == whole
    mine = [row for row in whole if row["origin"] == "a damaged page"]
    assert [row["position"] for row in mine] == [0, 1, 2]
    assert "no usable id" in mine[0]["reason"]


def test_the_archive_may_be_empty(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    with TestClient(create_app(archive)) as client:
        assert get(client, "/api/latest")["frames"] == []
        assert get(client, "/api/quarantine") == {"quarantined": [], "next": None}
        assert get(client, "/api/missions/m2020")["frames_by_sol"] == []
        assert get(client, "/api/status")["runs"] == []
        refused(client, "/api/missions/m2020/sols/1", 404)


# --- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/nothing", "not_found"),
        ("/api/missions/pluto", "unknown_mission"),
        ("/api/missions/pluto/sols/1", "unknown_mission"),
        ("/api/missions/pluto/instruments/X", "unknown_mission"),
        ("/api/missions/m2020/sols/99999", "not_found"),
        ("/api/missions/spirit/sols/1", "not_found"),
        ("/api/missions/m2020/instruments/KODAK", "not_found"),
        ("/api/frames/m2020/NLF_9999", "not_found"),
        ("/api/frames/pluto/NLF_9999", "not_found"),
        (f"/api/frames/msl/{NAME}", "not_found"),
        ("/api/frames/m2020/..%2f..%2fetc", "not_found"),
        ("/api/frames/m2020/%00", "not_found"),
        ("/api/frames/m2020/" + "A" * 3000, "not_found"),
    ],
)
def test_what_is_not_there_is_404_in_the_one_shape(
    client: TestClient, path: str, code: str
) -> None:
    assert refused(client, path, 404)["code"] == code


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/api/latest?limit=0", "limit"),
        ("/api/latest?limit=1001", "limit"),
        ("/api/latest?limit=ten", "limit"),
        ("/api/latest?limit=", "limit"),
        ("/api/missions/m2020/sols/x", "sol"),
        ("/api/missions/m2020/sols/99999999999999999999", "sol"),
        ("/api/missions/m2020/sols/2?offset=-1", "offset"),
        ("/api/missions/m2020/sols/2?offset=99999999999999999999", "offset"),
        ("/api/missions/m2020/sols/2?thumbnails=perhaps", "thumbnails"),
        ("/api/quarantine?after=-1", "after"),
        ("/api/quarantine?after=9999999999999999999999", "after"),
    ],
)
def test_a_bad_part_of_an_address_is_400_and_named(
    client: TestClient, path: str, where: str
) -> None:
    error = refused(client, path, 400)
    assert error["code"] == "bad_request"
    assert where in error["found"]
    assert error["expected"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_method_that_is_not_taken_is_405_and_names_those_that_are(
    client: TestClient, method: str
) -> None:
    answer = client.request(method, "/api/missions")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_head_is_get_without_its_body(client: TestClient) -> None:
    got, head = client.get("/api/missions"), client.head("/api/missions")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert client.head("/api/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/api/missions", "/api/v1/rovers", "/mars-photos/api/v1/rovers"])
def test_browsers_may_send_headers_of_their_own(client: TestClient, path: str) -> None:
    """Some clients send an `X-Api-Key`, for which a browser first asks leave."""
    answer = client.options(
        path,
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-api-key",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "*"


def test_pages_grant_no_other_site_anything(client: TestClient) -> None:
    answer = client.get("/", headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in answer.headers
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert client.options("/", headers=asked).status_code == 405


def test_what_breaks_inside_has_the_one_shape_and_tells_nothing(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    with TestClient(create_app(archive), raise_server_exceptions=False) as client:
        with archive.writing() as connection:
            connection.execute(sa.text("DROP TABLE runs"))
        error = refused(client, "/api/status", 500)
        assert error["code"] == "internal"
        assert "SELECT" not in json.dumps(error)


# --- OpenAPI -----------------------------------------------------------------------------------


def test_the_description_is_valid_and_complete(client: TestClient) -> None:
    described = get(client, "/api/openapi.json")
    validate(described)
    for path in (
        "/api",
        "/api/latest",
        "/api/missions/{mission_id}/sols/{sol}",
        "/api/frames/{mission_id}/{product_id}",
        "/api/v1/rovers/{name}/photos",
        "/frames/{mission}/{product_id}/files/{version}/{role}",
    ):
        assert path in described["paths"]
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation.get("summary"), path
            assert operation.get("description"), path
            # A part of an address that cannot be used is 400 here.
            assert "422" not in operation["responses"], path
    assert "HTTPValidationError" not in json.dumps(described)


KNOWN: dict[str, list[Any]] = {
    "mission_id": ["m2020", "msl"],
    "mission": ["m2020"],
    "sol": [2, 4, 1],
    "code": ["NAVCAM_LEFT", "EDL_RUCAM"],
    "product_id": [NAME],
    "width": [320],
    "version": [1],
    "role": ["full"],
    "identifier": [f"m2020:{NAME}"],
    "region": ["full", "square", "10,20,300,200"],
    "size": ["max", "300,", "^1000,"],
    "rotation": ["0", "!90", "12.5"],
    "quality_format": ["default.jpg", "gray.webp", "bitonal.png"],
}


def test_nothing_that_may_be_asked_breaks_the_description(archive_path: Path) -> None:
    """Schemathesis: whatever is asked, the answer is one the description promises."""
    app = create_app(Archive(archive_path, Settings(network=False)))
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 15
    for operation in operations:
        _ask(operation.as_strategy())
    app.state.pictures.close()
    app.state.archive.close()


def _ask(cases: st.SearchStrategy[schemathesis.Case]) -> None:
    @hypothesis.settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=cases, data=st.data())
    def ask(case: schemathesis.Case, data: st.DataObject) -> None:
        # Made-up names alone would only ever find that there is no such thing.
        for name in case.path_parameters or {}:
            # A version of a product, not of a standard.
            elsewhere = name == "version" and "/files/" not in case.path
            if name in KNOWN and not elsewhere and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(KNOWN[name]))
        # No schema can say what may be typed as a time or a part of a picture, or that lat needs
        # lon.
        free = case.path == "/api/time" or case.path.endswith("{quality_format}")
        unsaid: list[Any] = [positive_data_acceptance] if free else []
        # The standard answers 501 where a format is not made.
        unsaid += [not_a_server_error] if case.path == "/api/oembed" else []
        case.call_and_validate(excluded_checks=unsaid)

    call: Callable[[], None] = ask
    call()
