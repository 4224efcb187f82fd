"""node-bowshock 3.2.0: dates as typed, no pages, absolute URLs sent to a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Client

pytestmark = pytest.mark.clients

Photos = list[dict[str, Any]]


@pytest.fixture(scope="module")
def answers(node_bowshock: Client, photos_server: Any) -> dict[str, Any]:
    return node_bowshock.drive(photos_server.base_url)


def test_a_date_is_taken_as_typed(answers: dict[str, Any], curiosity_sol_1000: Photos) -> None:
    assert answers["by_date"] == {"photos": curiosity_sol_1000}
    assert answers["by_short_date"] == {"photos": curiosity_sol_1000}


def test_rovers_without_photos_give_none(answers: dict[str, Any]) -> None:
    assert answers["opportunity"] == {"photos": []}
    assert answers["spirit"] == {"photos": []}


def test_a_manifest_is_what_was_recorded(
    answers: dict[str, Any], curiosity_manifest: dict[str, Any]
) -> None:
    manifest = answers["manifest"]["photo_manifest"]
    assert list(manifest) == list(curiosity_manifest)
    # Operations may have ended since: the status is the one value that is not history.
    assert manifest | {"status": ""} == curiosity_manifest | {"status": ""}


def test_photos_by_sol_and_camera(
    answers: dict[str, Any], curiosity_sol_1000: Photos, perseverance_sol_394: Photos
) -> None:
    fhaz = [photo for photo in curiosity_sol_1000 if photo["camera"]["name"] == "FHAZ"]
    assert answers["by_sol"] == {"photos": perseverance_sol_394}
    assert answers["by_camera"] == {"photos": fhaz}


def test_a_camera_without_sol_or_date_gives_none(answers: dict[str, Any]) -> None:
    assert answers["camera_alone"] == {"photos": []}


def test_an_unknown_rover_is_refused(answers: dict[str, Any]) -> None:
    assert answers["refused"] == {"status": 400, "body": {"errors": "Invalid Rover Name"}}
