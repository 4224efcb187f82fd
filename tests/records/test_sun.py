"""The Sun over recorded frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from solbook import clock
from solbook.missions.waypoints import waypoint
from solbook.records import Frame, add_sun
from solbook.sources import SOURCES


def frame(**fields: object) -> Frame:
    known: dict[str, object] = {
        "mission": "m2020",
        "product_id": "x",
        "upstream_id": "x",
        "source": "m2020",
        "sol": 257,
        "instrument": "NAVCAM_LEFT",
        "upstream": b"{}",
        "utc_ns": clock.parse_utc("2021-11-10T00:31:18Z"),
    }
    return Frame(**(known | fields))  # type: ignore[arg-type]


def test_every_recorded_frame_with_a_time_carries_the_sun(shared_data: Path) -> None:
    folder = shared_data / "data" / "01_m2020_feed"
    for name in ("rss_feed_sol2_sol4_1196.json", "sample_rss_response_sol23_24_100.json"):
        page = SOURCES["m2020"].read_page((folder / name).read_bytes(), name)
        for found in page.frames:
            assert found.utc_ns is not None
            site = clock.landing_site("m2020")
            # The rover had driven 100 m at most, a few millionths of a turn.
            assert found.sun_el_deg == pytest.approx(site.sun(found.utc_ns).el_deg, abs=0.005)
            assert found.ltst_s == pytest.approx(site.ltst_s(found.utc_ns), abs=1.0)
            assert found.ls_deg == pytest.approx(clock.ls_deg(found.utc_ns), abs=1e-6)
            assert found.sun_site in ("waypoint", "landing site")


def test_a_frame_is_seen_from_its_own_place_where_that_is_known() -> None:
    here, elsewhere, unknown = (
        frame(site=9, drive=0),
        frame(site=3, drive=0),
        frame(site=80, drive=0),
    )
    add_sun([here, elsewhere, unknown])
    assert (here.sun_site, elsewhere.sun_site, unknown.sun_site) == (
        "waypoint",
        "waypoint",
        "landing site",
    )
    place = waypoint("m2020", 9, 0)
    assert place is not None
    site = clock.Site.from_areocentric(place.lat_areocentric_deg, place.lon_e_deg)
    assert here.sun_el_deg == pytest.approx(site.sun(here.utc_ns).el_deg, abs=1e-6)
    assert here.sun_el_deg != elsewhere.sun_el_deg


def test_during_a_drive_it_is_where_the_drive_began() -> None:
    assert waypoint("m2020", 3, 10) == waypoint("m2020", 3, 0)
    assert waypoint("m2020", 0, 0) is None
    assert waypoint("m2020", 24, 1) is None
    assert waypoint("msl", 3, 0) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"utc_ns": None},
        {"mission": "beagle2"},
        {"utc_ns": clock.parse_utc("1959-12-31T23:59:59Z")},
        {"utc_ns": clock.parse_utc("2060-01-01")},
        {"utc_ns": -(2**63) + 1},
    ],
)
def test_where_the_sun_is_not_known_nothing_is_said(fields: dict[str, object]) -> None:
    one = frame(**fields)
    add_sun([one])
    assert (one.ltst_s, one.ls_deg, one.sun_az_deg, one.sun_el_deg, one.sun_site) == (None,) * 5
