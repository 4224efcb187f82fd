"""wsnasa 0.0.2b0: `Config(base_uri=...)`, a double slash, answers as keyword arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Client

pytestmark = pytest.mark.clients

Photos = list[dict[str, Any]]


@pytest.fixture(scope="module")
def answers(wsnasa: Client, photos_server: Any) -> dict[str, Any]:
    return wsnasa.drive(photos_server.base_url)


def test_a_manifest_is_what_was_recorded(
    answers: dict[str, Any], curiosity_manifest: dict[str, Any]
) -> None:
    # Operations may have ended since: the status is the one value that is not history.
    assert answers["manifest"] | {"status": ""} == curiosity_manifest | {"status": ""}


def test_its_pages_add_up_to_a_whole_sol(
    answers: dict[str, Any], curiosity_sol_1: Photos, curiosity_sol_1000: Photos
) -> None:
    assert answers["sol_1"] == curiosity_sol_1
    assert answers["sol_1000"] == curiosity_sol_1000


def test_every_sol_of_a_manifest_can_be_fetched(
    answers: dict[str, Any], perseverance_sol_0: Photos, perseverance_sol_394: Photos
) -> None:
    assert answers["perseverance"] == {"0": perseverance_sol_0, "394": perseverance_sol_394}


def test_a_rover_without_photos_has_an_empty_manifest(answers: dict[str, Any]) -> None:
    manifest = answers["rover_without_photos"]
    assert manifest["name"] == "Spirit"
    assert manifest["total_photos"] == 0
    assert manifest["photos"] == []
