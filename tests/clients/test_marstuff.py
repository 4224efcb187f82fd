"""marstuff 0.2.0: `Client(base_url=...)`, upper-case rover names, pages and whole sols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Client

pytestmark = pytest.mark.clients

Photos = list[dict[str, Any]]


@pytest.fixture(scope="module")
def answers(marstuff: Client, photos_server: Any) -> dict[str, Any]:
    return marstuff.drive(photos_server.base_url)


def seen_by_marstuff(photos: Photos) -> Photos:
    """Return photos without the camera's full name, which the driver leaves out."""
    keys = ("id", "name", "rover_id")
    return [photo | {"camera": {key: photo["camera"][key] for key in keys}} for photo in photos]


def ids(photos: Photos, camera: str | None = None) -> list[int]:
    return [p["id"] for p in photos if camera in {None, p["camera"]["name"]}]


def test_without_a_page_a_sol_comes_whole(
    answers: dict[str, Any], curiosity_sol_1000: Photos, perseverance_sol_0: Photos
) -> None:
    assert answers["all_by_sol"] == seen_by_marstuff(curiosity_sol_1000)
    assert answers["all_by_date"] == ids(curiosity_sol_1000)
    assert answers["perseverance"] == seen_by_marstuff(perseverance_sol_0)


def test_a_camera_narrows_a_sol(
    answers: dict[str, Any], curiosity_sol_1000: Photos, curiosity_sol_1: Photos
) -> None:
    assert answers["by_camera"] == ids(curiosity_sol_1000, "FHAZ")
    assert answers["by_rover_camera"] == ids(curiosity_sol_1, "MAHLI")


def test_a_page_holds_25(answers: dict[str, Any], curiosity_sol_1000: Photos) -> None:
    assert answers["first_page"] == ids(curiosity_sol_1000)[:25]
    assert answers["last_page"] == ids(curiosity_sol_1000)[850:]
    assert answers["past_the_end"] == []


def test_a_rover_without_photos_gives_none(answers: dict[str, Any]) -> None:
    assert answers["rover_without_photos"] == []


def test_the_latest_photo_is_of_the_last_sol(
    answers: dict[str, Any], perseverance_sol_394: Photos
) -> None:
    assert answers["latest"] == seen_by_marstuff(perseverance_sol_394)[0]
    # marstuff takes the first of the list unasked: an empty one would have ended the driver.
    assert answers["latest_curiosity"] == "Curiosity"


def test_a_manifest_lists_its_sols(
    answers: dict[str, Any], curiosity_manifest: dict[str, Any]
) -> None:
    manifest = answers["manifest"]
    days = {str(day["sol"]): day for day in curiosity_manifest["photos"]}
    assert manifest["days"] == len(days)
    for key in ("name", "landing_date", "launch_date", "max_sol", "max_date", "total_photos"):
        assert manifest[key] == curiosity_manifest[key]
    for sol in ("0", "1", "1000"):
        assert manifest["held"][sol] | {"sol": int(sol)} == days[sol]


def test_a_manifest_counts_the_photos_held(
    answers: dict[str, Any], perseverance_sol_0: Photos, perseverance_sol_394: Photos
) -> None:
    manifest = answers["manifest_perseverance"]
    assert (manifest["max_sol"], manifest["max_date"]) == (394, "2022-03-29")
    for sol, photos in (("0", perseverance_sol_0), ("394", perseverance_sol_394)):
        day = manifest["held"][sol]
        assert day["total_photos"] == len(photos)
        assert day["earth_date"] == photos[0]["earth_date"]
        assert day["cameras"] == sorted({photo["camera"]["name"] for photo in photos})


def test_the_asynchronous_client_and_the_gateway_prefix(
    answers: dict[str, Any], perseverance_sol_394: Photos
) -> None:
    assert answers["later"] == {
        "first_page": ids(perseverance_sol_394, "NAVCAM_LEFT"),
        "second_page": [],
        "latest": perseverance_sol_394[0]["id"],
    }


def test_no_key_and_no_camera_is_strange_to_it(answers: dict[str, Any]) -> None:
    assert answers["printed"] == ""
