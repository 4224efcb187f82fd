"""The Mars clock: conversions a second, one call, import; beside the packages that do the same.

Needs the extra `bench`. Each peer is given what it likes best (arrays where it takes them, its own
kind of time made before the clock starts), 20 million epochs or as many as it does in a second or
two. `differs` is the greatest difference from Solbook's value, which tests hold to SPICE.
"""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook import clock
from solbook.clock import spans

EPOCHS = 20_000_000
ROUNDS = 5
LON_E_DEG, LAT_DEG = 77.45, 18.65
PERSEVERANCE = clock.mission_clock("m2020")
JEZERO = clock.Site(LAT_DEG, LON_E_DEG)
BAR_SCALAR_US = 20.0
BAR_IMPORT_S = 0.3

Times = NDArray[np.int64]


class Quantity(NamedTuple):
    """One quantity: Solbook's call, the bar in millions a second, and who else offers it."""

    name: str
    solbook: Callable[[Any], Any]
    bar_m_per_s: float
    peers: dict[str, tuple[int, Callable[[Times], Callable[[], Any]]]]
    turn: float = 0.0
    """What the value is counted round, for differences."""


def epochs(count: int) -> Times:
    """Times from 1973 to 2049, in no order."""
    first, until = clock.parse_utc("1973-01-01"), clock.parse_utc("2050-01-01")
    return np.random.default_rng(1).integers(first, until, count)


def j2000_days(utc_ns: Times) -> Any:
    """TT, days past J2000: what `marstime` and `mars-clock` work with."""
    return spans.tt_days(utc_ns)


def by_marstime(function: str, *site: float) -> Callable[[Times], Callable[[], Any]]:
    """What a function of `marstime` does with arrays."""
    import marstime

    def prepare(utc_ns: Times) -> Callable[[], Any]:
        days = j2000_days(utc_ns)
        return lambda: getattr(marstime, function)(*site, days)

    return prepare


def ls_by_mars_clock(utc_ns: Times) -> Callable[[], Any]:
    """The package takes arrays of days past J2000."""
    from mars_clock.Ls_utils import calc_Ls

    days = j2000_days(utc_ns)
    return lambda: calc_Ls(days)


def ls_by_mars_datetime(utc_ns: Times) -> Callable[[], Any]:
    """The package takes one `datetime` at a time."""
    from mars_time import datetime_to_marstime

    moments = [datetime.fromtimestamp(utc / 1e9, UTC).replace(tzinfo=None) for utc in utc_ns]
    return lambda: np.array([datetime_to_marstime(moment).solar_longitude for moment in moments])


def spice() -> Any:
    """SPICE with the same ephemeris and rotation model, and the package's own leap seconds."""
    import spiceypy

    if spiceypy.ktotal("ALL") == 0:
        spiceypy.furnsh(str(files("skyfield_data") / "data" / "de421.bsp"))
        spiceypy.pdpool("BODY499_POLE_RA", [317.68143, -0.1061, 0.0])
        spiceypy.pdpool("BODY499_POLE_DEC", [52.88650, -0.0609, 0.0])
        spiceypy.pdpool("BODY499_PM", [176.630, 350.89198226, 0.0])
        spiceypy.pdpool("BODY499_RADII", [3396.19, 3396.19, 3376.20])
    return spiceypy


def ls_by_spice(utc_ns: Times) -> Callable[[], Any]:
    """SPICE takes one time at a time."""
    kernel = spice()
    ets = clock.tdb_from_utc(utc_ns).tolist()
    return lambda: np.degrees([kernel.lspcn("MARS", et, "LT+S") for et in ets])


def ltst_by_spice(utc_ns: Times) -> Callable[[], Any]:
    """To the second, which is what ET2LST gives."""
    kernel = spice()
    ets, lon = clock.tdb_from_utc(utc_ns).tolist(), np.radians(LON_E_DEG)

    def run() -> Any:
        found = [kernel.et2lst(et, 499, lon, "PLANETOCENTRIC")[:3] for et in ets]
        return np.array([h * 3600 + m * 60 + s for h, m, s in found])

    return run


def light_time_by_spice(utc_ns: Times) -> Callable[[], Any]:
    """SPICE takes one time at a time."""
    kernel = spice()
    ets = clock.tdb_from_utc(utc_ns).tolist()
    return lambda: np.array([kernel.ltime(et, 499, "->", 399)[1] for et in ets])


def light_time_by_skyfield(utc_ns: Times) -> Callable[[], Any]:
    """Skyfield takes arrays."""
    from skyfield.api import load, load_file

    planets = load_file(str(files("skyfield_data") / "data" / "de421.bsp"))
    when = load.timescale(builtin=True).tt_jd(2_451_545.0 + j2000_days(utc_ns))
    # How Mars is seen from the Earth: not the same leg, but the same work.
    return lambda: planets["earth"].at(when).observe(planets["mars"]).light_time * 86_400


QUANTITIES = [
    Quantity("UTC to sol and LMST", PERSEVERANCE.from_utc, 100, {}),
    Quantity(
        "Ls",
        clock.ls_deg,
        100,
        {
            "marstime": (1_000_000, by_marstime("Mars_Ls")),
            "mars-clock": (1_000_000, ls_by_mars_clock),
            "mars-datetime": (2_000, ls_by_mars_datetime),
            "spiceypy": (20_000, ls_by_spice),
        },
        360.0,
    ),
    Quantity(
        "LTST",
        JEZERO.ltst_s,
        100,
        {
            # In hours, for a west longitude.
            "marstime": (500_000, by_marstime("Local_True_Solar_Time", 360.0 - LON_E_DEG)),
            "spiceypy": (20_000, ltst_by_spice),
        },
        86_400.0,
    ),
    Quantity(
        "Sun elevation",
        JEZERO.sun_elevation_deg,
        30,
        {"marstime": (200_000, by_marstime("solar_elevation", 360.0 - LON_E_DEG, LAT_DEG))},
    ),
    Quantity(
        "light time",
        lambda when: clock.light_time_s(when, "leaving"),
        0,
        {"spiceypy": (20_000, light_time_by_spice), "skyfield": (20_000, light_time_by_skyfield)},
    ),
]


def rate(run: Callable[[], Any], count: int, rounds: int) -> tuple[float, Any]:
    """The best of some rounds, in calls a second, and what was found."""
    best_s, found = np.inf, None
    for _ in range(rounds):
        began = time.perf_counter()
        found = run()
        best_s = min(best_s, time.perf_counter() - began)
    return count / best_s, found


def main() -> bool:
    """Run it; returns whether the bars are met."""
    met = _bulk()
    met &= _one_call()
    return _import() and met


def _bulk() -> bool:
    met = True
    utc_ns = epochs(EPOCHS)
    for quantity in QUANTITIES:
        quantity.solbook(utc_ns[:100_000])
        quantity.solbook(utc_ns)  # compiled, and the memory touched
        per_s, _ = rate(lambda q=quantity: q.solbook(utc_ns), EPOCHS, ROUNDS)  # type: ignore[misc]
        verdict = "" if per_s >= quantity.bar_m_per_s * 1e6 else "   NOT MET"
        bar = f"   bar {quantity.bar_m_per_s:g} M/s{verdict}" if quantity.bar_m_per_s else ""
        print(f"{quantity.name:20} {'solbook':14} {per_s / 1e6:10.3f} M/s{bar}")
        met &= not verdict
        for peer, (count, prepare) in quantity.peers.items():
            _peer(quantity, peer, utc_ns[:count], prepare, per_s)
    return met


def _peer(
    quantity: Quantity,
    peer: str,
    utc_ns: Times,
    prepare: Callable[[Times], Callable[[], Any]],
    solbook_per_s: float,
) -> None:
    per_s, found = rate(prepare(utc_ns), utc_ns.size, 2)
    apart = np.asarray(found) * (3600 if _is_hours(quantity, peer) else 1)
    apart = apart - quantity.solbook(utc_ns)
    if quantity.turn:
        apart = (apart + quantity.turn / 2) % quantity.turn - quantity.turn / 2
    print(
        f"{'':20} {peer:14} {per_s / 1e6:10.3f} M/s   solbook {solbook_per_s / per_s:,.0f} times"
        f"   differs by up to {np.abs(apart).max():.3g}"
    )


def _is_hours(quantity: Quantity, peer: str) -> bool:
    return quantity.name == "LTST" and peer == "marstime"


def _one_call() -> bool:
    met = True
    utc_ns = clock.parse_utc("2021-11-10T00:31:18Z")
    for quantity in QUANTITIES:
        quantity.solbook(utc_ns)
        per_s, _ = rate(
            lambda q=quantity: [q.solbook(utc_ns) for _ in range(2_000)],  # type: ignore[misc]
            2_000,
            ROUNDS,
        )
        met &= 1e6 / per_s <= BAR_SCALAR_US
        print(f"one call of {quantity.name:20} {1e6 / per_s:6.1f} µs   bar {BAR_SCALAR_US:g} µs")
    return met


def _import() -> bool:
    code = "import time; t = time.perf_counter(); from solbook import clock;"
    code += "print(time.perf_counter() - t)"
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    print(f"import: {min(runs):.2f} s at best of {ROUNDS}   bar {BAR_IMPORT_S:g} s")
    return min(runs) <= BAR_IMPORT_S


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    raise SystemExit(0 if main() else 1)
