"""Time on Mars: UTC, TDB, sols and local time. Numpy only; useful alone.

    >>> from solbook import clock
    >>> perseverance = clock.mission_clock("m2020")
    >>> sol, lmst_s = perseverance.from_utc(clock.parse_utc("2021-11-10T00:12:00Z"))
    >>> sol, clock.format_lmst(lmst_s)
    (257, '17:44:30')

Three numbers carry every time: `utc_ns` (UTC, int64 ns since 1970-01-01, POSIX), `tdb_s` (TDB,
float64 seconds past J2000, SPICE's "ET") and the pair `(sol, lmst_s)`, where `lmst_s` counts the
local seconds of the sol, 86,400 to a sol. All functions on numbers take arrays as well and give
back the shape they got.
"""

from solbook.clock.leap_seconds import LeapSeconds, leap_seconds
from solbook.clock.scales import tdb_from_utc, utc_from_tdb
from solbook.clock.sols import LMST_S_PER_SOL, MISSION_CLOCKS, SolClock, mission_clock
from solbook.clock.text import format_lmst, format_utc, parse_lmst, parse_utc

__all__ = [
    "LMST_S_PER_SOL",
    "MISSION_CLOCKS",
    "LeapSeconds",
    "SolClock",
    "format_lmst",
    "format_utc",
    "leap_seconds",
    "mission_clock",
    "parse_lmst",
    "parse_utc",
    "tdb_from_utc",
    "utc_from_tdb",
]
