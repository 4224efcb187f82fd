"""Ask a server what a user of wsnasa would ask, and print the answers as JSON.

wsnasa takes the address in its settings: `Config(base_uri="http://HOST:PORT/api/v1/", ...)`. The
closing slash is needed for manifests; photos are then asked for as `/api/v1//rovers/...`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from wsnasa.config import Config
from wsnasa.entity.abclass.abcrover import ABCRover
from wsnasa.entity.manifest import DayOfMars
from wsnasa.entity.storagememory import StorageMemory
from wsnasa.services.rovers import Curiosity, Spirit


def photos(rover: ABCRover, day: DayOfMars) -> list[dict[str, Any]]:
    """Return the photos of a day, of which wsnasa asks page after page until its total."""
    # `repo` is the class that downloads a photo, put in by wsnasa itself.
    return [
        {key: value for key, value in vars(photo).items() if key != "repo"}
        for photo in rover.photos(day)
    ]


def ask() -> dict[str, Any]:
    """Ask for manifests and for the photos of the days in them."""
    curiosity = Curiosity()
    days = {day.sol: day for day in curiosity.manifest().photos}
    # wsnasa has no class for the newest rover; its base class serves any name.
    perseverance = ABCRover("Perseverance")
    return {
        "manifest": asdict(curiosity.manifest()),
        "sol_1": photos(curiosity, days[1]),
        "sol_1000": photos(curiosity, days[1000]),
        "perseverance": {
            day.sol: photos(perseverance, day) for day in perseverance.manifest().photos
        },
        "rover_without_photos": asdict(Spirit().manifest()),
    }


def main(base_url: str) -> None:
    """Print the answers of the server at `base_url`."""
    Config(token="any", storage=StorageMemory, base_uri=f"{base_url}/api/v1/")
    sys.stdout.write(json.dumps(ask()))


main(sys.argv[1])
