"""The maps: GDAL knows where the elevation model is, waypoints have MMGIS' form, all agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.warp import transform

from solbook.clock import landing_site
from solbook.rehearsal import maps
from solbook.rehearsal.mars_place import SPHERE_M, areocentric_deg, mars_place
from solbook.rehearsal.truth import TRUTH
from tests.rehearsal.staged import plans, stage

LON_E_DEG, LAT_DEG = 326.5, -23.9
SPHERE = CRS.from_wkt(
    'GEOGCRS["Mars (2015) - Sphere / Ocentric",DATUM["Mars (2015) - Sphere",'
    'ELLIPSOID["Mars (2015) - Sphere",3396190,0,LENGTHUNIT["metre",1]],'
    'ANCHOR["Viking 1 lander: 47.95137 W"]],'
    'PRIMEM["Reference Meridian",0,ANGLEUNIT["degree",0.0174532925199433]],'
    'CS[ellipsoidal,2],AXIS["geodetic latitude (Lat)",north],AXIS["geodetic longitude (Lon)",east],'
    'ANGLEUNIT["degree",0.0174532925199433],ID["IAU",49900,2015]]'
)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    maps.write_maps(folder, plans(), stage().heights, stage().site)
    return folder / TRUTH


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    return found


def test_the_landing_point_is_where_the_clock_has_it() -> None:
    site = landing_site("rehearsal")
    assert (site.lon_e_deg, areocentric_deg(site)) == (LON_E_DEG, LAT_DEG)
    here = mars_place((0.0, 0.0, 0.0), LON_E_DEG, LAT_DEG)
    assert here.lon_e_deg == pytest.approx(LON_E_DEG, abs=1e-12)
    assert here.lat_deg == pytest.approx(LAT_DEG, abs=1e-12)
    assert here.elevation_m == pytest.approx(0, abs=1e-6)
    north = mars_place((1000.0, 0.0, -5.0), LON_E_DEG, LAT_DEG)
    assert north.lat_deg - LAT_DEG == pytest.approx(np.degrees(1000 / SPHERE_M), rel=1e-5)
    assert north.elevation_m == pytest.approx(5 + 1000**2 / (2 * SPHERE_M), abs=1e-3)
    east = mars_place((0.0, 1000.0, 0.0), LON_E_DEG, LAT_DEG)
    turned = np.degrees(1000 / SPHERE_M / np.cos(np.radians(LAT_DEG)))
    assert east.lon_e_deg - LON_E_DEG == pytest.approx(turned, rel=1e-5)


def test_gdal_reads_the_elevation_model_and_its_place_on_mars(truth: Path) -> None:
    with rasterio.open(truth / maps.ELEVATION) as raster:
        found = raster.crs.to_dict()
        assert (found["proj"], found["lat_0"], found["R"]) == ("ortho", LAT_DEG, SPHERE_M)
        assert (found["lon_0"] - LON_E_DEG) % 360 == 0
        assert "Mars (2015) - Sphere / Ocentric" in raster.crs.to_wkt()
        assert raster.crs.is_projected
        assert (raster.res, raster.dtypes) == ((1.0, 1.0), ("float32",))
        assert raster.block_shapes == [(256, 256)]
        assert "simulated" in raster.tags()["TIFFTAG_IMAGEDESCRIPTION"]
        # Longitudes and latitudes by GDAL are ours, and so are the places of cells.
        for row, column in ((0, 0), (10, 50), (raster.height - 1, raster.width - 1)):
            east_m, north_m = raster.xy(row, column)
            (lon,), (lat,) = transform(raster.crs, SPHERE, [east_m], [north_m])
            # An orthographic place is on the sphere, below the plane.
            sunk_m = SPHERE_M - np.sqrt(SPHERE_M**2 - north_m**2 - east_m**2)
            place = mars_place((north_m, east_m, float(sunk_m)), LON_E_DEG, LAT_DEG)
            assert lon % 360 == pytest.approx(place.lon_e_deg, abs=1e-9)
            assert lat == pytest.approx(place.lat_deg, abs=1e-9)


def test_the_elevation_model_is_the_ground(truth: Path) -> None:
    chance = np.random.default_rng(5)
    with rasterio.open(truth / maps.ELEVATION) as raster:
        height_m = raster.read(1)
        rows = chance.integers(0, raster.height, 200)
        columns = chance.integers(0, raster.width, 200)
        easts, norths = map(np.array, raster.xy(rows, columns))
        np.testing.assert_allclose(
            height_m[rows, columns], stage().heights(norths, easts), atol=1e-4
        )
        for plan in plans():
            for waypoint in plan.waypoints:
                north_m, east_m, down_m = waypoint.pose.position_m
                row, column = raster.index(east_m, north_m)
                assert abs(height_m[row, column] + down_m) < 0.4


def test_waypoints_have_the_fields_of_the_missions_map(truth: Path, shared_data: Path) -> None:
    real = shared_data / "data/05_paths/stiles/M20_waypoints_2024-04-04.json"
    expected, ours = features(real)[5], features(truth / maps.WAYPOINTS)
    assert len(ours) == sum(len(plan.waypoints) for plan in plans())
    for feature in ours:
        assert list(feature) == list(expected)
        assert list(feature["properties"]) == list(expected["properties"])
        for key, value in expected["properties"].items():
            found = feature["properties"][key]
            assert isinstance(found, (int, float) if isinstance(value, float) else type(value)), key
        assert list(feature["geometry"]) == list(expected["geometry"])
        assert len(feature["geometry"]["coordinates"]) == 3


def test_waypoints_are_where_the_rover_stopped(truth: Path) -> None:
    waypoints = [waypoint for plan in plans() for waypoint in plan.waypoints]
    for waypoint, feature in zip(waypoints, features(truth / maps.WAYPOINTS), strict=True):
        fields = feature["properties"]
        place = mars_place(waypoint.pose.position_m, LON_E_DEG, LAT_DEG)
        assert fields["lon"] == pytest.approx(place.lon_e_deg, abs=1e-8)
        assert fields["lat"] == pytest.approx(place.lat_deg, abs=1e-8)
        assert fields["elev_radii"] == pytest.approx(fields["radius"] - SPHERE_M, abs=2e-3)
        assert fields["RMC"] == f"{waypoint.pose.site}_{waypoint.pose.drive}"
        heading_deg = waypoint.pose.attitude.heading_pitch_roll_deg()[0]
        assert (fields["yaw"] - heading_deg + 180) % 360 - 180 == pytest.approx(0, abs=1e-5)
        assert 0 <= fields["tilt"] < 25
    total_m = features(truth / maps.WAYPOINTS)[-1]["properties"]["dist_total_m"]
    lengths = [one["properties"]["length"] for one in features(truth / maps.PATH)]
    assert sum(lengths) == pytest.approx(total_m, rel=0.01)


def test_flights_begin_and_end_where_they_did(truth: Path) -> None:
    flights = [plan.flight for plan in plans() if plan.flight]
    assert flights
    ways, landings = features(truth / maps.FLIGHT_PATH), features(truth / maps.FLIGHTS)
    for flight, way, landing in zip(flights, ways, landings, strict=True):
        assert way["geometry"]["coordinates"][-1] == landing["geometry"]["coordinates"]
        assert len(way["geometry"]["coordinates"]) == len(flight.path)
        assert way["properties"]["flight"] == landing["properties"]["flight"] == flight.number
        assert landing["properties"]["dist_m"] == way["properties"]["length"] > 10


def test_every_map_says_simulated_and_is_the_same_again(truth: Path, tmp_path: Path) -> None:
    maps.write_maps(tmp_path, plans(), stage().heights, stage().site)
    names = {path.name for path in truth.iterdir()}
    assert len(names) == 5
    for name in names:
        body = (truth / name).read_bytes()
        assert body == (tmp_path / TRUTH / name).read_bytes()
        assert b"simulated" in body
