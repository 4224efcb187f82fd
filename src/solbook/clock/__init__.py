"""Time on Mars: sols and local time, the Sun, the season, the Earth. Useful alone.

    >>> from solbook import clock
    >>> sol, lmst_s = clock.mission_clock("Perseverance").from_utc("2021-11-10T00:31:18Z")
    >>> sol, clock.format_lmst(lmst_s)
    (257, '18:03:17')
    >>> round(clock.ls_deg("2021-11-10T00:31:18Z"), 2)
    125.05

Times go in as ISO 8601 text, `datetime`, `datetime64`, float Unix seconds or whole nanoseconds, one
or an array of any shape; what comes out has that shape. Three numbers carry every time within:
`utc_ns` (UTC, int64 ns since 1970-01-01, POSIX), `tdb_s` (TDB, float64 seconds past J2000, SPICE's
"ET") and the pair `(sol, lmst_s)`, where `lmst_s` counts the local seconds of the sol, 86,400 to a
sol. Large arrays are worked on by compiled code on every core (`solbook.clock.engine`).
"""

from solbook.clock.leap_seconds import LeapSeconds, leap_seconds
from solbook.clock.planet import (
    SEASONS,
    Conjunction,
    MarsDate,
    conjunctions,
    earth_distance_au,
    equation_of_time_s,
    light_time_s,
    ls_deg,
    mars_date,
    mars_sol_date,
    mtc_s,
    season,
    sun_distance_au,
    sun_earth_mars_deg,
    tdb_from_utc,
    tt_from_utc,
    utc_from_ls,
    utc_from_mars_sol_date,
)
from solbook.clock.scales import utc_from_tdb
from solbook.clock.sclk import SpacecraftClock
from solbook.clock.site import Direction, Site, SunTimes
from solbook.clock.sols import (
    LMST_S_PER_SOL,
    MISSION_CLOCKS,
    SIMULATED_CLOCKS,
    SolClock,
    landing_site,
    mission_clock,
)
from solbook.clock.text import format_lmst, format_utc, parse_lmst, parse_utc
from solbook.clock.times import TimeLike, TimesLike, utc_ns
from solbook.clock.typed import (
    TypedTime,
    read_typed,
    read_typed_times,
    read_typed_utc,
    sol_text,
)

__all__ = [
    "LMST_S_PER_SOL",
    "MISSION_CLOCKS",
    "SEASONS",
    "SIMULATED_CLOCKS",
    "Conjunction",
    "Direction",
    "LeapSeconds",
    "MarsDate",
    "Site",
    "SolClock",
    "SpacecraftClock",
    "SunTimes",
    "TimeLike",
    "TimesLike",
    "TypedTime",
    "conjunctions",
    "earth_distance_au",
    "equation_of_time_s",
    "format_lmst",
    "format_utc",
    "landing_site",
    "leap_seconds",
    "light_time_s",
    "ls_deg",
    "mars_date",
    "mars_sol_date",
    "mission_clock",
    "mtc_s",
    "parse_lmst",
    "parse_utc",
    "read_typed",
    "read_typed_times",
    "read_typed_utc",
    "season",
    "sol_text",
    "sun_distance_au",
    "sun_earth_mars_deg",
    "tdb_from_utc",
    "tt_from_utc",
    "utc_from_ls",
    "utc_from_mars_sol_date",
    "utc_from_tdb",
    "utc_ns",
]
