"""nasa-mcp-server 0.1.20: an MCP server over stdio; follows no redirect."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Client

pytestmark = pytest.mark.clients

Photos = list[dict[str, Any]]


@pytest.fixture(scope="module", params=["constant", "gateway"])
def answers(
    request: pytest.FixtureRequest, nasa_mcp_server: Client, photos_server: Any
) -> dict[str, Any]:
    """Return the tool's answers, the server being reached in either of the driver's ways."""
    return nasa_mcp_server.drive(photos_server.base_url, request.param)


def told(photo: dict[str, Any], count: int) -> dict[str, Any]:
    """Return what the tool says of a page of `count` photos that begins with `photo`."""
    camera, day, sol = photo["camera"], photo["earth_date"], photo["sol"]
    lines = [
        "Mars Rover Image Found!",
        f"Camera: {camera['full_name']} ({camera['name']})",
        f"Earth Date: {day}",
        f"Sol: {sol}",
        f"Total photos available: {count}",
    ]
    return {
        "description": "\n".join(lines),
        "resource": {
            "type": "image",
            "uri": photo["img_src"],
            "mimeType": "image/jpeg",
            "name": f"Mars_Rover_{camera['name']}_{day}_Sol{sol}",
        },
    }


def of_camera(photos: Photos, camera: str) -> Photos:
    return [photo for photo in photos if photo["camera"]["name"] == camera]


def test_the_tool_is_offered(answers: dict[str, Any]) -> None:
    assert "get_mars_image" in answers["tools"]


def test_a_question_without_arguments_means_sol_1000(
    answers: dict[str, Any], curiosity_sol_1000: Photos
) -> None:
    assert ast.literal_eval(answers["default"]) == told(curiosity_sol_1000[0], 25)


def test_photos_by_sol_date_and_camera(
    answers: dict[str, Any], curiosity_sol_1: Photos, curiosity_sol_1000: Photos
) -> None:
    navcam = of_camera(curiosity_sol_1000, "NAVCAM")
    rhaz = of_camera(curiosity_sol_1000, "RHAZ")
    by_sol = told(curiosity_sol_1[0], len(curiosity_sol_1))
    assert ast.literal_eval(answers["by_sol"]) == by_sol
    assert ast.literal_eval(answers["by_camera"]) == told(navcam[0], len(navcam))
    assert ast.literal_eval(answers["by_date"]) == told(rhaz[0], len(rhaz))


def test_no_photos_is_no_error(answers: dict[str, Any]) -> None:
    assert answers["no_photos"] == "No images are found for the specified parameters"
