"""One formula, three ways to run it: a number, arrays, compiled."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from solbook import clock
from solbook.clock import engine

JEZERO = clock.landing_site("m2020")
M2020 = clock.mission_clock("m2020")
NAT = np.datetime64("NaT", "ns")

# The quantities of the tables, and how far the ways may differ.
QUANTITIES: dict[str, tuple[Callable[[Any], Any], float]] = {
    "ls_deg": (clock.ls_deg, 1e-9),
    "tt_s": (clock.tt_from_utc, 1e-6),
    "tdb_s": (clock.tdb_from_utc, 1e-6),
    "mars_sol_date": (clock.mars_sol_date, 1e-9),
    "mtc_s": (clock.mtc_s, 1e-5),
    "equation_of_time_s": (clock.equation_of_time_s, 1e-5),
    "sun_distance_au": (clock.sun_distance_au, 1e-12),
    "earth_distance_au": (clock.earth_distance_au, 1e-12),
    "light_time_s": (clock.light_time_s, 1e-9),
    "sun_earth_mars_deg": (clock.sun_earth_mars_deg, 1e-8),
    "lmst_s": (JEZERO.lmst_s, 1e-5),
    "ltst_s": (JEZERO.ltst_s, 1e-5),
    "sun_el_deg": (lambda when: JEZERO.sun(when).el_deg, 1e-8),
    "sun_az_deg": (lambda when: JEZERO.sun(when).az_deg, 1e-6),
    "earth_el_deg": (lambda when: JEZERO.earth(when).el_deg, 1e-8),
    "lmst of the mission": (lambda when: M2020.from_utc(when)[1], 1e-4),
    "sol": (lambda when: M2020.from_utc(when)[0], 0),
}
WRAPS = {"ls_deg": 360, "sun_az_deg": 360, "mtc_s": 86_400, "lmst_s": 86_400, "ltst_s": 86_400}


def times(count: int) -> NDArray[np.int64]:
    first, until = clock.parse_utc("1960-01-01"), clock.parse_utc("2053-01-01")
    return np.random.default_rng(4).integers(first, until, count)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrays of any size go through compiled code."""
    monkeypatch.setattr(engine, "_compiled_from", lambda: 1)


@pytest.fixture
def not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_compiled_from", lambda: sys.maxsize)


def differences(name: str, a: Any, b: Any) -> Any:
    apart = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    if name in WRAPS:
        apart = (apart + WRAPS[name] / 2) % WRAPS[name] - WRAPS[name] / 2
    return np.abs(apart)


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_number_gives_what_an_array_gives(name: str, not_compiled: None) -> None:
    quantity, apart = QUANTITIES[name]
    many = times(300)
    one_by_one = [quantity(int(utc)) for utc in many]
    assert differences(name, one_by_one, quantity(many)).max() <= apart


@pytest.mark.parametrize("name", QUANTITIES)
def test_compiled_code_gives_what_numpy_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quantity, apart = QUANTITIES[name]
    many = times(5_000)
    monkeypatch.setattr(engine, "_compiled_from", lambda: sys.maxsize)
    by_numpy = quantity(many)
    monkeypatch.setattr(engine, "_compiled_from", lambda: 1)
    assert differences(name, quantity(many), by_numpy).max() <= apart


@pytest.mark.parametrize("way", ["compiled", "not_compiled"])
@pytest.mark.parametrize("name", QUANTITIES)
def test_no_time_gives_none_and_shapes_stay(
    name: str, way: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(way)
    quantity, _ = QUANTITIES[name]
    when = np.array([["2021-11-10T00:31:18", "NaT"], ["NaT", "2001-01-01"]], "datetime64[ns]")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = quantity(when)
        alone = quantity(NAT)
        nothing = quantity(np.array([], "datetime64[ns]"))
    missing = found == engine.NAT_NS if name == "sol" else np.isnan(found)
    assert missing.tolist() == [[False, True], [True, False]]
    assert alone == engine.NAT_NS if name == "sol" else np.isnan(alone)
    assert nothing.shape == (0,)


def test_large_arrays_are_shared_among_cores(compiled: None) -> None:
    many = times(2_500_000)
    found = clock.ls_deg(many)
    assert np.array_equal(found[::100_000], clock.ls_deg(many[::100_000]))
    sols, _ = M2020.from_utc(many)
    assert np.array_equal(sols[::100_000], M2020.from_utc(many[::100_000])[0])


@given(st.integers(clock.parse_utc("1975-01-01"), clock.parse_utc("2050-01-01")))
def test_round_trips_to_a_microsecond(utc_ns: int) -> None:
    sol, lmst_s = M2020.from_utc(utc_ns)
    assert abs(M2020.to_utc(sol, lmst_s) - utc_ns) <= 1_000


@settings(deadline=None)
@given(st.integers(clock.parse_utc("1975-01-01"), clock.parse_utc("2050-01-01")))
def test_every_clock_has_its_inverse(utc_ns: int) -> None:
    msd = clock.mars_sol_date(utc_ns)
    assert abs(clock.utc_from_mars_sol_date(msd) - utc_ns) <= 1_000
    assert abs(JEZERO.utc_from_ltst(utc_ns, JEZERO.ltst_s(utc_ns)) - utc_ns) <= 10**7
    year = clock.mars_date(utc_ns).year
    assert abs(clock.utc_from_ls(year, clock.ls_deg(utc_ns)) - utc_ns) <= 10**9
    text = f"Sol-{257:05d}M{clock.format_lmst(M2020.from_utc(utc_ns)[1], 6)}"
    assert clock.parse_lmst(text)[1] == pytest.approx(M2020.from_utc(utc_ns)[1], abs=1e-6)


@given(
    st.sampled_from(clock.leap_seconds().utc_ns),
    st.lists(st.integers(-(10**13), 10**13), min_size=2, max_size=30, unique=True),
)
def test_nothing_runs_backward_across_leap_seconds(step_ns: int, offsets_ns: list[int]) -> None:
    times_ns = step_ns + np.sort(np.array(offsets_ns))
    assert (np.diff(clock.mars_sol_date(times_ns)) >= 0).all()
    sols, local_s = M2020.from_utc(times_ns)
    assert (np.diff(sols) * 86_400 + np.diff(local_s) > 0).all()


@pytest.mark.parametrize("name", QUANTITIES)
def test_it_goes_on_smoothly_from_sol_to_sol(name: str) -> None:
    quantity, _ = QUANTITIES[name]
    start_ns = M2020.sol_start_utc(300)
    around = start_ns + np.arange(-3, 4) * 1_000_000
    steps = differences(name, quantity(around)[1:], quantity(around)[:-1])
    assert np.nanmax(steps[steps < 80_000]) <= 1.0


@pytest.mark.parametrize("when", ["1730-01-01", "1800-06-01", "2261-12-31"])
def test_the_ends_of_time_do_not_wrap_round(when: str, not_compiled: None) -> None:
    for name in ("tt_s", "tdb_s", "mars_sol_date", "sol", "lmst of the mission", "lmst_s"):
        quantity, apart = QUANTITIES[name]
        assert differences(name, quantity(when), quantity([when])[0]).max() <= apart


def test_importing_the_clock_brings_no_compiler() -> None:
    code = "import sys; from solbook import clock; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
