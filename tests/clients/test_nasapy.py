"""nasapy 0.2.7: `nasa.host = ...`; fails without the X-RateLimit-Remaining header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Client

pytestmark = pytest.mark.clients

Photos = list[dict[str, Any]]


@pytest.fixture(scope="module")
def answers(nasapy: Client, photos_server: Any) -> dict[str, Any]:
    return nasapy.drive(photos_server.base_url)


def of_camera(photos: Photos, camera: str) -> Photos:
    return [photo for photo in photos if photo["camera"]["name"] == camera]


def test_photos_of_a_sol_come_in_pages(answers: dict[str, Any], curiosity_sol_1000: Photos) -> None:
    assert answers["first_page"] == curiosity_sol_1000[:25]
    assert answers["last_page"] == curiosity_sol_1000[850:]
    assert answers["past_the_end"] == []


def test_photos_keep_the_order_of_their_keys(
    answers: dict[str, Any], curiosity_sol_1000: Photos
) -> None:
    photo, expected = answers["first_page"][0], curiosity_sol_1000[0]
    assert list(photo) == list(expected)
    assert list(photo["camera"]) == list(expected["camera"])
    assert list(photo["rover"]) == list(expected["rover"])


def test_a_camera_narrows_a_sol(answers: dict[str, Any], curiosity_sol_1000: Photos) -> None:
    assert answers["by_camera"] == of_camera(curiosity_sol_1000, "CHEMCAM")


def test_a_date_may_be_text_or_a_datetime(
    answers: dict[str, Any], curiosity_sol_1000: Photos
) -> None:
    assert answers["by_text_date"] == curiosity_sol_1000[:25]
    assert answers["by_date"] == of_camera(curiosity_sol_1000, "NAVCAM")


def test_a_rover_without_photos_gives_none(answers: dict[str, Any]) -> None:
    assert answers["rover_without_photos"] == []


def test_the_remaining_limit_is_told(answers: dict[str, Any]) -> None:
    assert answers["limit_before"] is None
    assert int(answers["limit_after"]) > 0


def test_an_impossible_date_is_refused(answers: dict[str, Any]) -> None:
    reason, address = answers["impossible_date"]
    assert reason == "Bad Request"
    assert "earth_date=2015-13-45" in address
