"""What the retired Mars Rover Photos API knew of its rovers and cameras.

The tables are `data/photos_v1_rovers.csv` and `data/photos_v1_cameras.csv`: ids, names and order
as that API's answers had them. Facts read from its public source (corincerami/mars-photo-api) and
from answers that others recorded; each row says which.

Two of its habits show here. It called the Microscopic Imager of Spirit and Opportunity `MINITES`.
And it had no camera for the second pair of Perseverance's front Hazcams
(`FRONT_HAZCAM_LEFT_B`, `FRONT_HAZCAM_RIGHT_B`), nor for PIXL, CacheCam, SHERLOC's context imager
and Ingenuity, so their frames were not photos.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from solbook.missions.tables import read_table

# The API's sol, 88775.244 s, and the day, 86,400 s, in milliseconds (its source, photo.rb).
_SOL_MS = 88_775_244
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class RoverCamera:
    """A camera as that API named it; several feed codes may fold into one.

    Attributes:
        id: Its id there; `None` where nobody recorded it.
        name: Its short name, for example `NAVCAM`.
        full_name: Its full name.
        feed_codes: The codes of the missions' feeds that count as it.
        source: Where the row comes from.
        confidence: How sure it is.
    """

    id: int | None
    name: str
    full_name: str
    feed_codes: tuple[str, ...]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Rover:
    """A rover as that API described it.

    Attributes:
        id: Its id there.
        name: Its name, for example "Curiosity".
        mission: Our mission id.
        landing_date: Landing date; the API counted its earth dates from it.
        launch_date: Launch date as the API gave it (Opportunity's is the local date).
        status: "active" or "complete".
        cameras: Its cameras in the order the API listed them.
        source: Where the row comes from.
        confidence: How sure it is.
    """

    id: int
    name: str
    mission: str
    landing_date: date
    launch_date: date
    status: str
    cameras: tuple[RoverCamera, ...]
    source: str
    confidence: str

    def camera_for(self, feed_code: str) -> RoverCamera | None:
        """The camera a feed's code counted as.

        Args:
            feed_code: For example `NAV_LEFT_B`, or the API's own name; upper or lower case.

        Returns:
            The camera, or `None` if its frames were not photos of that API.
        """
        code = feed_code.upper()
        for camera in self.cameras:
            if code == camera.name or code in camera.feed_codes:
                return camera
        return None


def _read_rovers() -> Mapping[str, Rover]:
    cameras: dict[str, list[RoverCamera]] = {}
    for row in read_table("photos_v1_cameras.csv"):
        cameras.setdefault(row["rover"], []).append(
            RoverCamera(
                id=int(row["id"]) if row["id"] else None,
                name=row["name"],
                full_name=row["full_name"],
                feed_codes=tuple(row["feed_codes"].split("|")),
                source=row["source"],
                confidence=row["confidence"],
            )
        )
    rovers = {
        row["name"].lower(): Rover(
            id=int(row["id"]),
            name=row["name"],
            mission=row["mission"],
            landing_date=date.fromisoformat(row["landing_date"]),
            launch_date=date.fromisoformat(row["launch_date"]),
            status=row["status"],
            cameras=tuple(cameras[row["name"]]),
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in read_table("photos_v1_rovers.csv")
    }
    return MappingProxyType(rovers)


ROVERS: Mapping[str, Rover] = _read_rovers()
"""Every rover of that API, by lower-case name."""

_BY_MISSION = {rover.mission: rover for rover in ROVERS.values()}


def rover(name: str) -> Rover | None:
    """The rover of a name, upper or lower case, or `None`."""
    return ROVERS.get(name.lower())


def rover_of(mission: str) -> Rover | None:
    """The rover of a mission id, or `None` if that API did not serve the mission."""
    return _BY_MISSION.get(mission)


def earth_date(rover: Rover, sol: int) -> date:
    """That API's date of a sol: landing date + floor(sol x 88775.244 / 86400) days.

    It is a convention, not the date of the images: it is often a day off.

    Args:
        rover: The rover.
        sol: Sol number as the API counts it.

    Returns:
        The date.
    """
    return rover.landing_date + timedelta(days=sol * _SOL_MS // _DAY_MS)


def sols_of(rover: Rover, day: date) -> range:
    """The sols that have a given `earth_date`.

    Args:
        rover: The rover.
        day: The date.

    Returns:
        One sol, or none: a sol is longer than a day, so about every 37th date has no sol, and
        dates before landing have none.
    """
    days = (day - rover.landing_date).days
    # The smallest sol whose date is not before `day`, and that of the day after; -(-a // b) is
    # the quotient rounded up.
    first = -(-days * _DAY_MS // _SOL_MS)
    end = -(-(days + 1) * _DAY_MS // _SOL_MS)
    return range(max(first, 0), max(end, 0))
