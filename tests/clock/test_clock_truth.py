"""The Mars clock against SPICE.

Names say the bar the project set itself; the assertions hold what was reached, which is tighter.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solbook import clock


class Truth:
    """A table of SPICE's values."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as lines:
            self.rows = list(csv.DictReader(lines))
        self.utc_ns = np.array([clock.parse_utc(row["utc"]) for row in self.rows])

    def __getitem__(self, column: str) -> Any:
        return np.array([float(row[column]) for row in self.rows])


@pytest.fixture(scope="module")
def planet(shared_data: Path) -> Truth:
    return Truth(shared_data / "truth" / "spice_planet_2000.csv")


@pytest.fixture(scope="module")
def sites(shared_data: Path) -> Truth:
    return Truth(shared_data / "truth" / "spice_sites_6000.csv")


def site_of(sites: Truth) -> clock.Site:
    return clock.Site.from_areocentric(sites["lat_centric"], sites["lon_e"])


def greatest(differences: Any) -> float:
    return float(np.abs(differences).max())


def angle(differences: Any) -> Any:
    """Differences of angles, without whole turns."""
    return (differences + 180) % 360 - 180


def test_ls_within_0_0002_degrees(planet: Truth) -> None:
    assert greatest(angle(clock.ls_deg(planet.utc_ns) - planet["ls_deg"])) < 1e-6


@pytest.mark.parametrize(
    ("leg", "column"),
    [
        ("arriving", "owlt_earth_to_mars_arrive_s"),
        ("leaving", "owlt_mars_to_earth_depart_s"),
        ("seen", "owlt_mars_seen_from_earth_s"),
    ],
)
def test_light_time_within_1_ms(planet: Truth, leg: Any, column: str) -> None:
    assert greatest(clock.light_time_s(planet.utc_ns, leg) - planet[column]) < 0.0003


def test_distance_to_the_sun(planet: Truth) -> None:
    assert greatest(clock.sun_distance_au(planet.utc_ns) - planet["sun_mars_au"]) < 2e-8


def test_the_angle_at_the_earth(planet: Truth) -> None:
    found = clock.sun_earth_mars_deg(planet.utc_ns)
    assert greatest(found - planet["sun_earth_mars_angle_deg"]) < 0.0002


def test_ltst_within_0_01_s(sites: Truth) -> None:
    differences_s = site_of(sites).ltst_s(sites.utc_ns) - sites["ltst_h"] * 3600
    assert greatest((differences_s + 43_200) % 86_400 - 43_200) < 0.001


def test_the_sun_within_0_002_degrees(sites: Truth) -> None:
    sun = site_of(sites).sun(sites.utc_ns)
    assert greatest(sun.el_deg - sites["sun_el_deg"]) < 2e-6
    across = np.cos(np.radians(sun.el_deg))
    assert greatest(angle(sun.az_deg - sites["sun_az_deg"]) * across) < 2e-6
    assert (site_of(sites).sun_is_up(sites.utc_ns) == (sites["sun_el_deg"] > 0)).all()


def test_the_earth(sites: Truth) -> None:
    earth = site_of(sites).earth(sites.utc_ns)
    assert greatest(earth.el_deg - sites["earth_el_deg"]) < 0.0001
    across = np.cos(np.radians(earth.el_deg))
    assert greatest(angle(earth.az_deg - sites["earth_az_deg"]) * across) < 0.0001


def test_conjunctions_begin_and_end_when_spice_says(shared_data: Path) -> None:
    """SPICE was asked every six hours: its spans begin and end within them on the days it names."""
    with (shared_data / "truth" / "spice_solar_conjunctions.csv").open(encoding="utf-8") as lines:
        truth = list(csv.DictReader(lines))
    hours_ns = 3600 * 10**9
    for limit in (2, 3, 5):
        found = clock.conjunctions("1998-01-01", "2041-01-01", within_deg=limit)
        assert len(found) == len(truth)
        for conjunction, row in zip(found, truth, strict=True):
            begin_day = clock.parse_utc(row[f"lt{limit}_start"])
            end_day = clock.parse_utc(row[f"lt{limit}_end"])
            assert begin_day - 6 * hours_ns <= conjunction.begin_ns < begin_day + 24 * hours_ns
            # The last row of the table stops with its year.
            if row[f"lt{limit}_end"] != "2040-12-31":
                assert end_day <= conjunction.end_ns < end_day + 30 * hours_ns
            nearest = clock.parse_utc(row["min_utc"] + ":00")
            assert abs(conjunction.nearest_ns - nearest) <= 4 * hours_ns
            assert conjunction.nearest_deg <= float(row["min_sep_deg"]) + 0.0005


def test_the_sol_of_the_sunset() -> None:
    """Perseverance's sunset of sol 257, of which NASA released a picture."""
    sols, site = clock.mission_clock("m2020"), clock.landing_site("m2020")
    for sol, begins in ((257, "2021-11-09T05:58:14Z"), (258, "2021-11-10T06:37:49Z")):
        assert abs(sols.sol_start_utc(sol) - clock.parse_utc(begins)) < 10**9
    sunset_ns = site.sun_times(sols.to_utc(257, 43_200.0)).sets_ns
    assert clock.format_utc(sunset_ns, 0)[:16] == "2021-11-10T00:31"
    sol, lmst_s = sols.from_utc(sunset_ns)
    assert (sol, clock.format_lmst(lmst_s)[:5]) == (257, "18:03")
    assert round(clock.ls_deg(sunset_ns), 2) == 125.05
    assert site.sun_elevation_deg(sunset_ns) == pytest.approx(0.0, abs=1e-4)
