"""Maps of a rehearsal: the ground as an elevation model, the drive and the flights as waypoints.

The elevation model is a GeoTIFF in the orthographic projection about the landing point, whose
coordinates are just the ground frame's east and north. Waypoints have the form that MMGIS, the
mission's own map, reads: longitude, latitude, and the same fields as Perseverance's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from solbook.clock import Site, format_utc
from solbook.rehearsal.exposures import Flight, Floats, Heights, Pose, SolPlan, Vector, Waypoint
from solbook.rehearsal.folder import write_whole
from solbook.rehearsal.mars_place import SPHERE_M, MarsPlace, areocentric_deg, mars_place
from solbook.rehearsal.truth import TRUTH

ELEVATION = "elevation.tif"
WAYPOINTS = "rover_waypoints.json"
PATH = "rover_path.json"
FLIGHTS = "helicopter_waypoints.json"
FLIGHT_PATH = "helicopter_path.json"
ABOUT = "Solbook rehearsal: simulated, nothing of it is real"
CELL_M = 1.0
"""Side of a cell of the elevation model."""
MARGIN_M = 100.0
"""How far the elevation model goes beyond the drive and the flights."""

# How GeoKeys name the parts of a system that has no code.
_SYSTEM_NAMES = (
    "GCS Name = Mars (2015) - Sphere / Ocentric|Datum = Mars (2015) - Sphere|"
    "Ellipsoid = Mars (2015) - Sphere|Primem = Reference Meridian|"
)
_TILE = 256
_METRES_A_MILE = 1_609.344

Feature = dict[str, Any]
PlaceOf = Callable[[Vector], MarsPlace]


def write_maps(folder: Path, plans: Sequence[SolPlan], heights: Heights, site: Site) -> None:
    """Write the maps of a rehearsal into `truth/`.

    Args:
        folder: The rehearsal's.
        plans: Its sols.
        heights: Of the ground without ripples, rocks and tracks.
        site: Where it landed.
    """
    lon_e_deg, lat_deg = float(site.lon_e_deg), areocentric_deg(site)

    def place_of(position_m: Vector) -> MarsPlace:
        return mars_place(position_m, lon_e_deg, lat_deg)

    truth = folder / TRUTH
    write_whole(truth / ELEVATION, elevation_model(plans, heights, lon_e_deg, lat_deg))
    features = {
        WAYPOINTS: list(rover_waypoints(plans, place_of, lat_deg)),
        PATH: list(_rover_path(plans, place_of, heights)),
        FLIGHTS: list(_landings(plans, place_of, lat_deg)),
        FLIGHT_PATH: list(_flight_paths(plans, place_of)),
    }
    for name, found in features.items():
        collection = {
            "type": "FeatureCollection",
            "name": f"rehearsal_{name.partition('.')[0]}",
            "about": ABOUT,
            "features": found,
        }
        write_whole(truth / name, msgspec.json.encode(collection) + b"\n")


def elevation_model(
    plans: Sequence[SolPlan], heights: Heights, lon_e_deg: float, lat_deg: float
) -> bytes:
    """The ground around everywhere the rover and the helicopter went, as a GeoTIFF.

    Args:
        plans: The sols.
        heights: Of the ground.
        lon_e_deg: East longitude of the landing point.
        lat_deg: Its areocentric latitude.
    """
    import tifffile  # noqa: PLC0415 - needed here only

    north_m, east_m = _extent(plans)
    # Northernmost row first, as maps are; each cell has the height of its middle.
    norths, easts = np.meshgrid(north_m[::-1], east_m, indexing="ij")
    height_m = heights(norths, easts).astype(np.float32)
    corner = (east_m[0] - CELL_M / 2, north_m[-1] + CELL_M / 2)
    body = BytesIO()
    tifffile.imwrite(
        body,
        height_m,
        tile=(_TILE, _TILE),
        compression="zlib",
        photometric="minisblack",
        description=f"{ABOUT}. Metres over the plane that touches the sphere at the landing point.",
        metadata=None,
        software=False,
        extratags=_geo_tags(corner, lon_e_deg, lat_deg),
    )
    return body.getvalue()


def _extent(plans: Sequence[SolPlan]) -> tuple[Floats, Floats]:
    """North and east of the middles of all cells, on whole metres, least first."""
    driven = [point for plan in plans for point in plan.path_m]
    flown = [at[:2] for plan in plans if plan.flight for _, at in plan.flight.path]
    places = np.array([*driven, *flown])
    least = np.floor((places.min(axis=0) - MARGIN_M) / CELL_M) * CELL_M
    most = np.ceil((places.max(axis=0) + MARGIN_M) / CELL_M) * CELL_M
    north_m, east_m = (
        np.arange(begin, end + CELL_M / 2, CELL_M) for begin, end in zip(least, most, strict=True)
    )
    return north_m, east_m


def _geo_tags(
    corner_m: tuple[float, float], lon_e_deg: float, lat_deg: float
) -> list[tuple[int, int, int, Any, bool]]:
    """The tags that place a TIFF on Mars: cells, corner, and the keys of the projection.

    Args:
        corner_m: East and north of the outer corner of the first cell.
        lon_e_deg: East longitude of the landing point.
        lat_deg: Its areocentric latitude.
    """
    doubles = [SPHERE_M, 0.0, lon_e_deg, lat_deg, 0.0, 0.0]
    texts = (
        "Mars (2015) - Sphere / Ocentric / Orthographic about the landing point of the rehearsal|",
        _SYSTEM_NAMES,
    )
    user = 32767
    # Key, where its value is (0: here; 34736: doubles; 34737: text), how many, value or place.
    keys = [
        (1024, 0, 1, 1),  # a projected system
        (1025, 0, 1, 1),  # a cell is an area
        (1026, 34737, len(texts[0]), 0),
        (2048, 0, 1, user),  # the geographic system: our own
        (2049, 34737, len(texts[1]), len(texts[0])),
        (2050, 0, 1, user),  # the datum
        (2051, 0, 1, user),  # the prime meridian
        (2054, 0, 1, 9102),  # degrees
        (2056, 0, 1, user),  # the ellipsoid
        (2057, 34736, 1, 0),
        (2058, 34736, 1, 0),
        (2061, 34736, 1, 1),
        (3072, 0, 1, user),  # the projected system: our own
        (3074, 0, 1, user),
        (3075, 0, 1, 21),  # orthographic
        (3076, 0, 1, 9001),  # metres
        (3082, 34736, 1, 4),
        (3083, 34736, 1, 5),
        (3088, 34736, 1, 2),
        (3089, 34736, 1, 3),
    ]
    directory = [1, 1, 0, len(keys), *(number for key in keys for number in key)]
    text = "".join(texts)
    return [
        (33550, 12, 3, (CELL_M, CELL_M, 0.0), True),
        (33922, 12, 6, (0.0, 0.0, 0.0, *corner_m, 0.0), True),
        (34735, 3, len(directory), tuple(directory), True),
        (34736, 12, len(doubles), tuple(doubles), True),
        (34737, 2, len(text) + 1, text, True),
    ]


def rover_waypoints(
    plans: Sequence[SolPlan], place_of: PlaceOf, true_lat_deg: float
) -> Iterator[Feature]:
    """The rover's stops, field by field as in `M20_waypoints.json`."""
    waypoints = [waypoint for plan in plans for waypoint in plan.waypoints]
    last_of_sol = {waypoint.sol: waypoint for waypoint in waypoints}
    before_m = 0.0
    for waypoint in waypoints:
        is_last = waypoint is last_of_sol[waypoint.sol]
        yield _waypoint(
            waypoint, waypoint.driven_m - before_m, place_of, true_lat_deg, is_last=is_last
        )
        before_m = waypoint.driven_m


def _waypoint(
    waypoint: Waypoint, since_m: float, place_of: PlaceOf, true_lat_deg: float, *, is_last: bool
) -> Feature:
    place, pose = place_of(waypoint.pose.position_m), waypoint.pose
    properties: dict[str, Any] = {
        "RMC": f"{pose.site}_{pose.drive}",
        "site": pose.site,
        "drive": pose.drive,
        "sol": waypoint.sol,
        **_where(place, true_lat_deg),
        **_how(pose),
        "dist_m": round(since_m, 3),
        "dist_total_m": round(waypoint.driven_m, 3),
        "dist_km": round(waypoint.driven_m / 1000, 3),
        "dist_mi": round(waypoint.driven_m / _METRES_A_MILE, 3),
        "final": "y" if is_last else "m",
        "Note": "Simulated: end of drive" if is_last else "Simulated: mid-drive",
        "images": [],
    }
    return _feature(properties, "Point", _coordinates(place))


def _where(place: MarsPlace, true_lat_deg: float) -> dict[str, float]:
    """The fields of a place; the rehearsal's Mars has no areoid but the sphere."""
    easting_m, northing_m = place.easting_northing_m(true_lat_deg)
    return {
        "easting": round(easting_m, 3),
        "northing": round(northing_m, 3),
        "elev_geoid": round(place.elevation_m, 3),
        "elev_radii": round(place.elevation_m, 3),
        "radius": round(place.radius_m, 3),
        "lon": round(place.lon_e_deg, 8),
        "lat": round(place.lat_deg, 8),
    }


def _how(pose: Pose) -> dict[str, float]:
    """The fields of an attitude, degrees; yaw is -180 to 180."""
    heading_deg, pitch_deg, roll_deg = pose.attitude.heading_pitch_roll_deg()
    yaw_deg = (heading_deg + 180) % 360 - 180
    upright = np.clip(pose.attitude.matrix()[2, 2], -1, 1)
    return {
        "roll": round(roll_deg, 6),
        "pitch": round(pitch_deg, 6),
        "yaw": round(yaw_deg, 6),
        "yaw_rad": round(float(np.radians(yaw_deg)), 8),
        "tilt": round(float(np.degrees(np.arccos(upright))), 6),
    }


def _rover_path(plans: Sequence[SolPlan], place_of: PlaceOf, heights: Heights) -> Iterator[Feature]:
    """The way of each sol, every half metre, on the ground."""
    last = plans[0].path_m[-1]
    for plan in plans:
        if plan.sol == plans[0].sol or not plan.path_m:
            continue
        points = np.array([last, *plan.path_m])
        ups_m = heights(points[:, 0], points[:, 1])
        positions = np.column_stack([points, -ups_m]).tolist()
        length_m = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
        properties = {"sol": plan.sol, "length": round(length_m, 3), "Note": "Simulated"}
        line = [_coordinates(place_of((x, y, z))) for x, y, z in positions]
        yield _feature(properties, "LineString", line)
        last = plan.path_m[-1]


def _landings(
    plans: Sequence[SolPlan], place_of: PlaceOf, true_lat_deg: float
) -> Iterator[Feature]:
    """Where the helicopter came down after each flight."""
    total_m = 0.0
    for plan, flight in _flights(plans):
        place, flown_m = place_of(flight.path[-1][1]), _flown_m(flight)
        total_m += flown_m
        properties = {
            "flight": flight.number,
            "sol": plan.sol,
            **_where(place, true_lat_deg),
            "yaw": round((flight.heading_deg + 180) % 360 - 180, 6),
            "dist_m": round(flown_m, 3),
            "dist_total_m": round(total_m, 3),
            "max_alt_m": round(flight.greatest_height_m, 3),
            "duration_s": round((flight.landing_ns - flight.takeoff_ns) / 1e9, 3),
            "takeoff_utc": format_utc(flight.takeoff_ns, 3),
            "landing_utc": format_utc(flight.landing_ns, 3),
            "Note": "Simulated",
        }
        yield _feature(properties, "Point", _coordinates(place))


def _flight_paths(plans: Sequence[SolPlan], place_of: PlaceOf) -> Iterator[Feature]:
    """The way of each flight through the air."""
    for plan, flight in _flights(plans):
        properties = {
            "flight": flight.number,
            "sol": plan.sol,
            "length": round(_flown_m(flight), 3),
            "Note": "Simulated",
        }
        line = [_coordinates(place_of(position_m)) for _, position_m in flight.path]
        yield _feature(properties, "LineString", line)


def _flights(plans: Sequence[SolPlan]) -> Iterator[tuple[SolPlan, Flight]]:
    return ((plan, plan.flight) for plan in plans if plan.flight)


def _flown_m(flight: Flight) -> float:
    """Its way over the ground."""
    corners = [np.array(position_m[:2]) for _, position_m in flight.path]
    return float(sum(np.linalg.norm(after - before) for before, after in pairwise(corners)))


def _coordinates(place: MarsPlace) -> list[float]:
    return [round(place.lon_e_deg, 8), round(place.lat_deg, 8), round(place.elevation_m, 3)]


def _feature(properties: dict[str, Any], kind: str, coordinates: list[Any]) -> Feature:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }
