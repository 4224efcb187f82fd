"""Ask a server what a user of marstuff would ask, and print the answers as JSON.

marstuff takes the address as an argument: `Client(base_url="http://HOST:PORT/api/v1/")`. It joins
by concatenation, so the closing slash is needed.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import io
import json
import sys
from typing import Any

from marstuff import AsyncClient, Client
from marstuff.objects.camera import CAMERAS
from marstuff.objects.manifest import Manifest
from marstuff.objects.photo import Photo
from marstuff.objects.rover import ROVERS


def plain(photo: Photo) -> dict[str, Any]:
    """Return a photo as the mapping it was made of; marstuff's own `to_json` quotes twice."""
    rover = {key: getattr(photo.rover, key) for key in ("id", "name", "landing_date")}
    return {
        "id": photo.id,
        "sol": photo.sol,
        "camera": {key: getattr(photo.camera, key) for key in ("id", "name", "rover_id")},
        "img_src": photo.img_src,
        "earth_date": photo.earth_date,
        "rover": rover | {"launch_date": photo.rover.launch_date, "status": photo.rover.status},
    }


def summary(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest without its days, their number, and the days that hold photos here."""
    keys = ("name", "landing_date", "launch_date", "status", "max_sol", "max_date", "total_photos")
    days = {
        day.sol: {
            "earth_date": day.earth_date,
            "total_photos": day.total_photos,
            # Known names have become camera objects, the others are left as strings.
            "cameras": [getattr(camera, "name", camera) for camera in day.cameras],
        }
        for day in manifest.photos
    }
    held = {sol: day for sol, day in days.items() if sol in {0, 1, 394, 1000}}
    return {key: getattr(manifest, key) for key in keys} | {"days": len(days), "held": held}


def ask(client: Client) -> dict[str, Any]:
    """Ask through the synchronous client."""
    day = datetime.date(2015, 5, 30)
    return {
        "all_by_sol": [plain(p) for p in client.get_all_photos_by_sol("curiosity", 1000)],
        "all_by_date": [p.id for p in client.get_all_photos_by_earth_date("curiosity", day)],
        "by_camera": [p.id for p in client.curiosity.get_all_photos_by_sol(1000, CAMERAS.FHAZ)],
        "by_rover_camera": [p.id for p in client.curiosity.mahli.get_all_photos_by_sol(1)],
        "first_page": [p.id for p in client.get_photos_by_sol("CURIOSITY", 1000)],
        "last_page": [p.id for p in client.get_photos_by_sol("CURIOSITY", 1000, 35)],
        "past_the_end": [p.id for p in client.get_photos_by_sol("CURIOSITY", 1000, 36)],
        "perseverance": [plain(p) for p in client.perseverance.get_all_photos_by_sol(0)],
        "rover_without_photos": client.opportunity.get_photos_by_sol(1),
        "latest": plain(client.get_latest_photo(client.perseverance)),
        "latest_curiosity": client.curiosity.get_latest_photo().rover.name,
        "manifest": summary(client.get_latest_manifest("curiosity")),
        "manifest_perseverance": summary(client.get_latest_manifest(client.perseverance)),
    }


async def ask_later(client: AsyncClient) -> dict[str, Any]:
    """Ask through the asynchronous client (whose `get_latest_manifest` lacks an await)."""
    first = await client.get_photos_by_sol("perseverance", 394, camera="navcam_left")
    second = await client.get_photos_by_sol(ROVERS.PERSEVERANCE, 394, 2, CAMERAS.NAVCAM_LEFT)
    latest = await client.get_latest_photo("perseverance")
    return {"first_page": [p.id for p in first], "second_page": second, "latest": latest.id}


def main(base_url: str) -> None:
    """Print the answers of the server at `base_url`, under both prefixes."""
    # marstuff prints a line for each key or camera that it does not know.
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        answers = ask(Client(base_url=f"{base_url}/api/v1/"))
        later = asyncio.run(ask_later(AsyncClient(base_url=f"{base_url}/mars-photos/api/v1/")))
    complete = answers | {"later": later, "printed": printed.getvalue()}
    sys.stdout.write(json.dumps(complete))


main(sys.argv[1])
