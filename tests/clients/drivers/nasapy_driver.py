"""Ask a server what a user of nasapy would ask, and print the answers as JSON.

nasapy keeps the address in a public attribute: `nasa = Nasa(); nasa.host = "http://HOST:PORT"`.
"""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any

from nasapy import Nasa
from requests.exceptions import HTTPError


def ask(nasa: Nasa) -> dict[str, Any]:
    """Ask for photos in each way that `mars_rover` knows."""
    day = datetime.datetime(2015, 5, 30, tzinfo=datetime.UTC)
    return {
        "limit_before": nasa.limit_remaining,
        "first_page": nasa.mars_rover(sol=1000),
        "limit_after": nasa.limit_remaining,
        "last_page": nasa.mars_rover(sol=1000, page=35),
        "past_the_end": nasa.mars_rover(sol=1000, page=36),
        "by_camera": nasa.mars_rover(sol=1000, camera="CHEMCAM", rover="Curiosity"),
        "by_text_date": nasa.mars_rover(earth_date="2015-05-30"),
        "by_date": nasa.mars_rover(earth_date=day, camera="NAVCAM"),
        "rover_without_photos": nasa.mars_rover(sol=1, rover="spirit"),
        "impossible_date": refusal(nasa, earth_date="2015-13-45"),
    }


def refusal(nasa: Nasa, **query: str) -> list[str]:
    """Return the arguments of the error that a refused query ends in."""
    try:
        nasa.mars_rover(**query)
    except HTTPError as error:
        return [str(argument) for argument in error.args]
    return []


def main(base_url: str) -> None:
    """Print the answers of the server at `base_url`."""
    nasa = Nasa(key="any key will do")
    nasa.host = base_url
    sys.stdout.write(json.dumps(ask(nasa)))


main(sys.argv[1])
