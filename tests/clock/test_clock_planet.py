"""The calendar, the closed form, the tables and their making, the Sun's day."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solbook import clock
from solbook.clock import ephemeris, spans
from solbook.clock.closed_form import sun_over_mars
from solbook.errors import SolbookError

REPOSITORY = Path(__file__).parents[2]
NAT = int(np.iinfo(np.int64).min)


@cache
def tool() -> Any:
    """The script that makes the tables."""
    path = REPOSITORY / "tools" / "make_clock_tables.py"
    spec = importlib.util.spec_from_file_location("make_clock_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def jpl() -> Iterator[Any]:
    """JPL's DE421."""
    with tool().open_ephemeris() as spk:
        yield spk


@pytest.fixture(scope="module")
def anew(jpl: Any) -> dict[str, Any]:
    """The tables at 4,000 instants between their nodes, from the ephemeris itself."""
    rng = np.random.default_rng(11)
    tt_s = np.sort(rng.uniform(ephemeris.FIRST_TT_S, ephemeris.LAST_TT_S, 4_000))
    return {"tt_s": tt_s, **tool().tables(jpl, tt_s)}


def test_the_packaged_tables_are_those_of_the_script(jpl: Any) -> None:
    nodes = tool().nodes_tt_s()
    made = tool().tables(jpl, nodes)
    with np.load(tool().TARGET) as packaged:
        assert set(packaged) == set(made)
        for name in made:
            assert packaged[name] == pytest.approx(made[name], abs=1e-9), name


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("ls_deg", 2e-7),
        ("sun_lon_deg", 1e-6),
        ("sun_dec_deg", 1e-6),
        ("earth_lon_deg", 6e-5),
        ("earth_dec_deg", 3e-5),
    ],
)
@pytest.mark.parametrize("frame", ephemeris.POLE_MODELS)
def test_cubics_between_nodes_are_as_exact_as_stated(
    anew: dict[str, Any], name: str, frame: str, apart: float
) -> None:
    compare(anew, f"{name}_{frame}", apart)


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("sun_au", 2e-9),
        ("earth_au", 1e-6),
        ("earth_to_mars_s", 0.0002),
        ("mars_to_earth_s", 0.0002),
        ("mars_seen_s", 0.0002),
        ("elongation_lon_deg", 0.0002),
        ("elongation_lat_deg", 0.0001),
    ],
)
def test_cubics_of_what_has_no_frame(anew: dict[str, Any], name: str, apart: float) -> None:
    compare(anew, name, apart)


def compare(anew: dict[str, Any], name: str, apart: float) -> None:
    coefficients = ephemeris.table(name).array
    steps = (anew["tt_s"] - ephemeris.FIRST_TT_S) / ephemeris.STEP_S
    place = steps.astype(int)
    u = steps - place
    found = sum(coefficients[power][place] * u**power for power in range(4))
    differences = found - anew[name]
    if "lon" in name or name.startswith("ls"):
        differences = (differences + 180) % 360 - 180
    assert np.abs(differences).max() < apart


def test_the_rotation_models_differ_as_they_should() -> None:
    """IAU 2015 puts the prime meridian 0.0021 to 0.0030 degrees further on, 2000 to 2019."""
    for when, seconds in (("2000-01-01T12:00:00Z", 0.00206), ("2019-03-03", 0.00295)):
        old, new = (clock.Site(0.0, 0.0, frame) for frame in ephemeris.POLE_MODELS)
        apart = (new.ltst_s(when) - old.ltst_s(when)) / 240
        assert apart == pytest.approx(seconds, abs=0.0007)
    with pytest.raises(SolbookError) as raised:
        clock.ls_deg("2020-01-01", "iau2020")  # type: ignore[arg-type]
    assert "iau2015" in raised.value.expected


def test_the_closed_form_is_as_exact_as_stated() -> None:
    utc_ns = np.arange(spans.TABLES_FROM_NS, spans.TABLES_UNTIL_NS, 5 * 86_400 * 10**9)
    sun = sun_over_mars(spans.tt_days(utc_ns))

    def apart(a: Any, b: Any) -> float:
        return float(np.abs((a - b + 180) % 360 - 180).max())

    assert apart(sun.ls_deg, clock.ls_deg(utc_ns)) < 0.0095
    equation_deg = clock.equation_of_time_s(utc_ns) / 240
    assert apart(sun.equation_of_time_deg, equation_deg) * 240 < 2.7
    assert apart(sun.dec_deg, clock.Site(90.0, 0.0).sun_elevation_deg(utc_ns)) < 0.0085
    assert np.abs(sun.sun_au - clock.sun_distance_au(utc_ns)).max() < 0.0004


def test_the_years_around_the_tables_go_on_without_a_jump() -> None:
    site = clock.landing_site("m2020")
    for edge_ns in (spans.TABLES_FROM_NS, spans.TABLES_UNTIL_NS):
        beside = np.array([edge_ns - 10**9, edge_ns + 10**9])
        assert abs(np.diff(clock.ls_deg(beside))[0]) < 0.02
        assert abs(np.diff(site.ltst_s(beside))[0]) < 6
        assert abs(np.diff(site.sun(beside).el_deg)[0]) < 0.03
        assert clock.ls_deg(int(beside[0])) == clock.ls_deg(beside)[0]


def test_mars24s_worked_examples() -> None:
    """NASA GISS, Mars24 algorithm and worked examples: 2000-01-06 00:00 UTC."""
    when = "2000-01-06T00:00:00Z"
    assert clock.ls_deg(when) == pytest.approx(277.18758, abs=0.01)
    assert clock.equation_of_time_s(when) / 240 == pytest.approx(-5.18774, abs=0.01)
    assert clock.format_lmst(clock.mtc_s(when)) == "23:59:39"
    assert clock.mars_sol_date(when) == pytest.approx(44_795.99976, abs=0.00001)


def test_mars_years_begin_with_northern_spring(shared_data: Path) -> None:
    """Against a calendar of 1955 to 2028 that begins each year with a whole sol."""
    path = shared_data / "data" / "07_weather_quakes" / "MarsCalendar.csv"
    with path.open(encoding="utf-8") as lines:
        begins: dict[int, str] = {}
        for row in csv.DictReader(lines):
            begins.setdefault(int(float(row["Myear"])), row["Edate"])
    for year, day in begins.items():
        if 5 <= year <= 40:
            assert clock.mars_date(clock.parse_utc(day) - 3 * 86_400 * 10**9).year == year - 1
            assert clock.mars_date(clock.parse_utc(day) + 3 * 86_400 * 10**9).year == year


def test_a_mars_date() -> None:
    landing = clock.mars_date("2021-02-18T20:43:48Z")
    assert landing.year == 36
    assert landing.sol_of_year == pytest.approx(11.1, abs=0.1)
    many = clock.mars_date(np.array(["2021-02-18", "NaT", "1998-07-20"], "datetime64[s]"))
    assert many.year.tolist() == [36, NAT, 24]
    assert np.isnan(many.sol_of_year[1])
    assert clock.season("2021-02-18") == "northern spring"
    assert clock.season(["2021-02-18", "2022-08-01"]).tolist() == [
        "northern spring",
        "northern winter",
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-89, 89),
    st.floats(-180, 360),
    st.integers(clock.parse_utc("1976-01-01"), clock.parse_utc("2050-01-01")),
    st.sampled_from([0.0, -6.0, -12.0, -18.0]),
)
def test_the_suns_day(lat: float, lon: float, around_ns: int, elevation: float) -> None:
    site = clock.Site(lat, lon)
    day = site.sun_times(around_ns, elevation)
    assert abs(day.noon_ns - around_ns) < 44_500 * 10**9
    assert site.ltst_s(day.noon_ns) == pytest.approx(43_200, abs=0.01)
    if day.rises_ns != NAT:
        assert day.rises_ns < day.noon_ns
        assert site.sun_elevation_deg(day.rises_ns) == pytest.approx(elevation, abs=1e-4)
    if day.sets_ns != NAT:
        assert day.sets_ns > day.noon_ns
        assert site.sun_elevation_deg(day.sets_ns) == pytest.approx(elevation, abs=1e-4)
    if day.stays:
        assert (site.sun_elevation_deg(day.noon_ns) > elevation) == (day.stays == "up")


def test_the_sun_stays_up_and_down_at_the_poles() -> None:
    summer = "2021-11-09"  # Ls 125
    assert clock.Site(85.0, 0.0).sun_times(summer).stays == "up"
    assert clock.Site(-85.0, 0.0).sun_times(summer).stays == "down"
    days = clock.Site(85.0, 0.0).sun_times([summer, "2022-12-26"])
    assert days.stays.tolist() == ["up", ""]


def test_a_rovers_way_goes_with_its_times() -> None:
    when = ["2021-11-09T12:00:00Z", "2021-11-09T18:00:00Z"]
    way = clock.Site(np.array([18.0, 19.0]), np.array([77.0, 78.0]))
    found = way.sun(when)
    for i, place in enumerate((clock.Site(18.0, 77.0), clock.Site(19.0, 78.0))):
        alone = place.sun(when[i])
        assert (found.az_deg[i], found.el_deg[i]) == pytest.approx(alone)


@pytest.mark.parametrize("when", ["2021-11-09T12:00:00Z", "1900-01-01", "2060-06-01"])
def test_one_time_over_many_places(when: str) -> None:
    lats, lons = np.array([18.0, -45.0, 80.0]), np.array([77.0, 0.0, -120.0])
    many = clock.Site(lats, lons)
    for quantity in ("lmst_s", "ltst_s", "sun_elevation_deg"):
        alone = [
            getattr(clock.Site(*place), quantity)(when) for place in zip(lats, lons, strict=True)
        ]
        assert getattr(many, quantity)(when) == pytest.approx(np.array(alone))
    assert many.sun(when).az_deg.shape == (3,)
    noons = [clock.Site(*place).sun_times(when).noon_ns for place in zip(lats, lons, strict=True)]
    assert many.sun_times(when).noon_ns.tolist() == noons


def test_places_and_times_of_both_methods_go_together() -> None:
    when = np.array(["1900-01-01", "2021-11-09", "NaT"], "datetime64[s]")
    way = clock.Site(np.array([18.0, 19.0, 20.0]), np.array([77.0, 78.0, 79.0]))
    found = way.sun(when)
    for i in range(2):
        alone = clock.Site(18.0 + i, 77.0 + i).sun(when[i])
        assert (found.az_deg[i], found.el_deg[i]) == pytest.approx(tuple(alone))
    assert np.isnan(found.el_deg[2])


@pytest.mark.parametrize(
    ("first", "until", "count"),
    [
        ("2021-10-08", "2021-10-09", 1),
        ("2021-10-01", "2021-10-08T05:07", 1),
        ("2021-10-08T05:06", "2021-12-01", 1),
        ("2021-10-09", "2022-01-01", 0),
        ("2021-01-01", "2021-10-08T05:00", 0),
    ],
)
def test_a_conjunction_counts_where_it_is_nearest(first: str, until: str, count: int) -> None:
    """The nearest instant is 2021-10-08T05:06:14."""
    assert len(clock.conjunctions(first, until)) == count


def test_conjunctions_outside_the_limit_are_left_out() -> None:
    assert len(clock.conjunctions("2021-01-01", "2022-01-01", within_deg=0.5)) == 0
    [one] = clock.conjunctions("2021-01-01", "2022-01-01", within_deg=2)
    assert clock.sun_earth_mars_deg(one.begin_ns) == pytest.approx(2.0, abs=1e-5)
    assert clock.sun_earth_mars_deg(one.end_ns) == pytest.approx(2.0, abs=1e-5)
    with pytest.raises(SolbookError):
        clock.conjunctions(within_deg=0)


def test_conjunctions_are_those_of_the_ephemeris_within_an_hour(jpl: Any) -> None:
    hour_ns = 3600 * 10**9
    for one in clock.conjunctions(within_deg=2):
        edges = [one.begin_ns - hour_ns, one.begin_ns + hour_ns]
        edges += [one.end_ns - hour_ns, one.end_ns + hour_ns]
        tt_s = spans.tt_days(np.array(edges)) * 86_400
        sky = tool().Sky(jpl, tool().tdb_from_tt_s(tt_s))
        lon_deg, lat_deg, _ = sky.elongation()
        within = np.hypot(lon_deg * np.cos(np.radians(lat_deg)), lat_deg) < 2
        assert within.tolist() == [False, True, True, False]
