"""The missions and their cameras, from `data/missions.csv` and `data/cameras.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from solbook.clock import SolClock, mission_clock, parse_utc
from solbook.errors import SolbookError
from solbook.missions.tables import read_table

VERIFIED = "verified"
"""The `confidence` of a fact that was seen in its source."""


@dataclass(frozen=True, slots=True)
class Mission:
    """One surface mission.

    Attributes:
        id: Mission id: `m2020`, `msl`, `insight`, `spirit`, `opportunity` or `rehearsal`.
        name: The name people use, for example "Perseverance".
        full_name: The mission's formal name.
        kind: "rover" or "lander".
        agency: Who flew it.
        launch_date: UTC date of launch; `None` if nothing was launched.
        landing_utc: Landing as ISO 8601 UTC at the spacecraft; only the date where no source
            gives the time.
        landing_site: Name of the place.
        lat_deg: Planetocentric latitude of the place, degrees north.
        lon_e_deg: Longitude of the place, degrees east, 0 to 360.
        parts: Vehicles that came along and share the mission's clock, for example "Ingenuity".
        outcome: "active", how it ended, or "simulated".
        end_date: UTC date operations ended; `None` while active, or simulated.
        source: Where the facts come from.
        confidence: How sure the least sure of them is; the source says which.
        simulated: Whether all of it is simulated by Solbook, and nothing of it was ever on Mars.
    """

    id: str
    name: str
    full_name: str
    kind: str
    agency: str
    launch_date: date | None
    landing_utc: str
    landing_site: str
    lat_deg: float
    lon_e_deg: float
    parts: tuple[str, ...]
    outcome: str
    end_date: date | None
    source: str
    confidence: str
    simulated: bool

    @property
    def is_verified(self) -> bool:
        """Whether every fact of the row was seen in its source."""
        return self.confidence == VERIFIED

    @property
    def is_active(self) -> bool:
        """Whether it is on Mars and still runs."""
        return self.end_date is None and not self.simulated

    @property
    def landing_date(self) -> date:
        """UTC date of landing."""
        return date.fromisoformat(self.landing_utc[:10])

    @property
    def landing_utc_ns(self) -> int | None:
        """Landing in UTC, ns since 1970-01-01, or `None` where only the date is known."""
        return parse_utc(self.landing_utc) if "T" in self.landing_utc else None

    @property
    def clock(self) -> SolClock:
        """The mission's sol clock."""
        return mission_clock(self.id)


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera, as the feeds name it.

    The code, names and group may always be shown. `pixels`, `field_of_view`, `resolution` and
    `colour` are only as sure as `confidence`: show them if `is_verified`.

    Attributes:
        mission: Mission id; Ingenuity's cameras belong to `m2020`.
        code: The feed's code, upper case, for example `NAVCAM_LEFT`.
        name: A short name for pages, for example "Navcam left".
        full_name: The formal name.
        group: What pages group its frames under, for example "Hazcam".
        aliases: Other codes of the camera: its file letter (Spirit, Opportunity) and the name the
            Mars Rover Photos API gave it.
        pixels: Size of the detector or frame, in words; `None` where unknown.
        field_of_view: In words; `None` where unknown.
        resolution: With its unit, mrad or micrometres a pixel; `None` where unknown.
        colour: How it sees colour, in words; `None` where unknown.
        source: Where the facts come from.
        confidence: How sure the numbers are.
    """

    mission: str
    code: str
    name: str
    full_name: str
    group: str
    aliases: tuple[str, ...]
    pixels: str | None
    field_of_view: str | None
    resolution: str | None
    colour: str | None
    source: str
    confidence: str

    @property
    def is_verified(self) -> bool:
        """Whether its numbers were seen in their source."""
        return self.confidence == VERIFIED


def _mission(row: Mapping[str, str]) -> Mission:
    return Mission(
        id=row["id"],
        name=row["name"],
        full_name=row["full_name"],
        kind=row["kind"],
        agency=row["agency"],
        launch_date=_date_or_none(row["launch_utc_date"]),
        landing_utc=row["landing_utc"],
        landing_site=row["landing_site"],
        lat_deg=float(row["lat_deg"]),
        lon_e_deg=float(row["lon_e_deg"]),
        parts=_codes(row["parts"]),
        outcome=row["outcome"],
        end_date=_date_or_none(row["end_utc_date"]),
        source=row["source"],
        confidence=row["confidence"],
        simulated=row["simulated"] == "yes",
    )


def _camera(row: Mapping[str, str]) -> Camera:
    return Camera(
        mission=row["mission"],
        code=row["code"],
        name=row["name"],
        full_name=row["full_name"],
        group=row["group"],
        aliases=_codes(row["aliases"]),
        pixels=row["pixels"] or None,
        field_of_view=row["field_of_view"] or None,
        resolution=row["resolution"] or None,
        colour=row["colour"] or None,
        source=row["source"],
        confidence=row["confidence"],
    )


def _date_or_none(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _codes(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


MISSIONS: Mapping[str, Mission] = MappingProxyType(
    {row["id"]: _mission(row) for row in read_table("missions.csv")}
)
"""Every mission, by id, the simulated ones among them: see `real_missions`."""


def real_missions() -> tuple[Mission, ...]:
    """The missions that were on Mars, in the order of the table."""
    return tuple(known for known in MISSIONS.values() if not known.simulated)


def mission(mission_id: str) -> Mission:
    """The facts of a mission.

    Args:
        mission_id: For example `m2020`.

    Returns:
        Its facts.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    try:
        return MISSIONS[mission_id]
    except KeyError:
        raise SolbookError(
            "There is no such mission.",
            code="unknown_mission",
            found=str(mission_id)[:80],
            expected=", ".join(known.id for known in real_missions()),
        ) from None


@cache
def _cameras() -> tuple[Camera, ...]:
    return tuple(_camera(row) for row in read_table("cameras.csv"))


@cache
def _cameras_by_code() -> Mapping[tuple[str, str], Camera]:
    return {
        (camera.mission, code.upper()): camera
        for camera in _cameras()
        for code in (camera.code, *camera.aliases)
    }


def cameras(mission_id: str) -> tuple[Camera, ...]:
    """The cameras of a mission, in the order of the table.

    Args:
        mission_id: For example `m2020`.

    Returns:
        Its cameras.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    known = mission(mission_id)
    return tuple(camera for camera in _cameras() if camera.mission == known.id)


def camera(mission_id: str, code: str) -> Camera | None:
    """The camera a feed's code stands for.

    Args:
        mission_id: For example `m2020`.
        code: The feed's code or an alias, upper or lower case.

    Returns:
        The camera, or `None` if it is not known here: a new camera is no error, its frames are
        kept and flagged.
    """
    return _cameras_by_code().get((mission_id, code.upper()))
