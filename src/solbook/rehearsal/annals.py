"""What happened, as tables: events, flights and samples, in the columns of the real mission's.

All of it follows from the plan and from what the close-ups see. Nothing is real: samples are named
after the parts of a theatre, where rehearsals are at home.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from solbook.clock import format_utc
from solbook.rehearsal.cameras import camera_named
from solbook.rehearsal.exposures import ArmPlacing, Exposure, Flight, Picture, SolPlan, Vector
from solbook.rehearsal.folder import write_whole
from solbook.rehearsal.mars_place import MarsPlace, areocentric_deg, mars_place
from solbook.rehearsal.records import DAY_NS, day_text
from solbook.rehearsal.timing import MissionTimes
from solbook.rehearsal.truth import COLUMNS, FRAMES, ROWS, TRUTH

FACTS = "facts"
EVENTS = "key_events.csv"
FLIGHTS = "helicopter_flights.csv"
SAMPLES = "samples.csv"

EVENT_COLUMNS = ("utc", "event", "sol", "sol_matches_utc_by_naif_clock", "source", "confidence")
FLIGHT_COLUMNS = (
    "flight,sol,earth_date,duration_s,distance_m,max_altitude_m,max_speed_m_s,sclk_start,sclk_end,"
    "from_airfield,to_airfield,lat_deg,lon_e_deg,elev_geoid_m,source,confidence"
).split(",")
SAMPLE_COLUMNS = (
    "nasa_list_number,name,type,seal_sol,date,location,lithology,designation,lat_deg,lon_e_deg,"
    "depot_drop_sol,depot_drop_lmst,sol_matches_date_by_naif_clock,source,confidence"
).split(",")

_CONFIDENCE = "verified"
# What the MMGIS layer has for the end of a stay that goes on.
_NO_END = "-1.0"
_NAMES = (
    "Footlight,Understudy,Prompt Book,Curtain Call,Greasepaint,Matinee,Backdrop,Cue Light,"
    "Fly Loft,Trapdoor,Intermission,Playbill"
).split(",")
_LITHOLOGY = {"Rock core": "simulated rock", "Regolith": "simulated grains"}
_FIRST_OF = {
    "first panorama from the mast": "First panorama from the mast",
    "close-ups of one spot": "First close-ups by the arm",
}
# A close-up is of a rock if at least so much of its middle is.
_ROCK_SHARE = 0.5

Row = dict[str, str]
Seen = Callable[[str], Sequence[str]]
"""What a frame sees, of its product id: the `grid_seen` of `frames.parquet`."""


@dataclass(frozen=True)
class Sample:
    """A stop at which close-ups were made of one spot: there the rehearsal takes a sample.

    Attributes:
        number: Counted from 1.
        name: Made up.
        kind: `Rock core` or `Regolith`, by what the last close-up sees.
        exposure: The nearest close-up.
        product_id: Of its frame.
        spot_m: The spot, in the ground frame.
    """

    number: int
    name: str
    kind: str
    exposure: Exposure
    product_id: str
    spot_m: Vector

    @property
    def designation(self) -> str:
        """Its tube; real ones are `M2020-` with sol and tube."""
        return f"REHEARSAL-{self.exposure.sol}-{self.number}"

    @property
    def location(self) -> str:
        """Where it was taken, by the counters of the stop."""
        pose = self.exposure.pose
        return f"Simulated stop {pose.site}_{pose.drive}"


def write_annals(folder: Path, plans: Sequence[SolPlan], times: MissionTimes) -> None:
    """Write the tables of a rehearsal into `facts/`; its `truth/` has to be there.

    Args:
        folder: The rehearsal's.
        plans: Its sols.
        times: Its clocks and seed.
    """
    samples = samples_of(plans, _seen_by_close_ups(folder / TRUTH / FRAMES).__getitem__)
    tables = {
        EVENTS: (EVENT_COLUMNS, event_rows(plans, times, samples)),
        FLIGHTS: (FLIGHT_COLUMNS, flight_rows(plans, times)),
        SAMPLES: (SAMPLE_COLUMNS, sample_rows(samples, times)),
    }
    for name, (columns, rows) in tables.items():
        write_whole(folder / FACTS / name, _table(columns, rows))


def source_of(times: MissionTimes) -> str:
    """What the tables give as their source."""
    return f"rehearsal plan, seed {times.seed} (simulated)"


def event_rows(
    plans: Sequence[SolPlan], times: MissionTimes, samples: Sequence[Sample]
) -> list[Row]:
    """The key events in the order of time; of a sample only the day is known."""
    return [
        {
            "utc": _date(event.utc_ns) if event.is_day else format_utc(event.utc_ns, 0),
            "event": event.words,
            "sol": str(event.sol),
            "sol_matches_utc_by_naif_clock": _matches(times, event.sol, event.utc_ns),
            "source": source_of(times),
            "confidence": _CONFIDENCE,
        }
        for event in sorted(_events(plans, samples))
    ]


def flight_rows(plans: Sequence[SolPlan], times: MissionTimes) -> list[Row]:
    """The helicopter's flights; the first row, flight 0, is where it was set down.

    As in the real layer, `sclk_start` and `sclk_end` are of its stay on the ground after the
    flight.
    """
    stays = list(_stays(plans))
    ends = [f"{float(times.sclk_s(stay.takeoff_ns))}" for stay in stays[1:]] + [_NO_END]
    rows = []
    for stay, end in zip(stays, ends, strict=False):
        place = _place(stay.place_m, times)
        rows.append(
            {
                "flight": str(stay.number),
                "sol": str(stay.sol),
                "earth_date": day_text(stay.landing_ns // DAY_NS),
                "duration_s": f"{round((stay.landing_ns - stay.takeoff_ns) / 1e9, 3)}",
                "distance_m": f"{round(stay.distance_m, 3)}",
                "max_altitude_m": f"{round(stay.height_m, 3)}",
                "max_speed_m_s": f"{round(stay.speed_m_s, 3)}",
                "sclk_start": f"{float(times.sclk_s(stay.landing_ns))}",
                "sclk_end": end,
                "from_airfield": _airfield(max(stay.number - 1, 0)),
                "to_airfield": _airfield(stay.number),
                "lat_deg": f"{place.lat_deg:.8f}",
                "lon_e_deg": f"{place.lon_e_deg:.8f}",
                "elev_geoid_m": f"{round(place.elevation_m, 2)}",
                "source": source_of(times),
                "confidence": _CONFIDENCE,
            }
        )
    return rows


def samples_of(plans: Sequence[SolPlan], seen: Seen) -> list[Sample]:
    """The samples: one of each sol on which there are close-ups.

    Args:
        plans: The sols.
        seen: What frames see.
    """
    found: list[Sample] = []
    for plan in plans:
        close_ups = [one for one in plan.pictures if _is_close_up(one)]
        if not close_ups:
            continue
        # The nearest, and of those the last.
        nearest = min(reversed(close_ups), key=lambda one: _distance_m(one.exposure))
        number = len(found) + 1
        found.append(
            Sample(
                number=number,
                name=_name(number),
                kind=_kind(seen(nearest.product_id)),
                exposure=nearest.exposure,
                product_id=nearest.product_id,
                spot_m=_spot_m(nearest.exposure),
            )
        )
    return found


def sample_rows(samples: Sequence[Sample], times: MissionTimes) -> list[Row]:
    """The samples; none is dropped at a depot."""
    rows = []
    for sample in samples:
        place, exposure = _place(sample.spot_m, times), sample.exposure
        rows.append(
            {
                "nasa_list_number": str(sample.number),
                "name": sample.name,
                "type": sample.kind,
                "seal_sol": str(exposure.sol),
                "date": _date(exposure.utc_ns),
                "location": sample.location,
                "lithology": _LITHOLOGY[sample.kind],
                "designation": sample.designation,
                "lat_deg": f"{place.lat_deg:.8f}",
                "lon_e_deg": f"{place.lon_e_deg:.8f}",
                "depot_drop_sol": "",
                "depot_drop_lmst": "",
                "sol_matches_date_by_naif_clock": _matches(times, exposure.sol, exposure.utc_ns),
                "source": source_of(times),
                "confidence": _CONFIDENCE,
            }
        )
    return rows


def driven_m(plans: Sequence[SolPlan]) -> dict[int, float]:
    """How far the rover drove on each sol on which it did, in metres."""
    found, before_m = {}, 0.0
    for plan in plans:
        if plan.waypoints and plan.waypoints[-1].driven_m > before_m:
            found[plan.sol] = plan.waypoints[-1].driven_m - before_m
            before_m = plan.waypoints[-1].driven_m
    return found


def flown_m(flight: Flight) -> float:
    """A flight's way over the ground, in metres."""
    corners = [np.array(place[:2]) for _, place in flight.path]
    return float(sum(np.linalg.norm(after - before) for before, after in pairwise(corners)))


@dataclass(frozen=True)
class _Stay:
    """A stay of the helicopter on the ground, and the flight that led there."""

    number: int
    sol: int
    takeoff_ns: int
    landing_ns: int
    place_m: Vector
    distance_m: float = 0.0
    height_m: float = 0.0
    speed_m_s: float = 0.0


def _stays(plans: Sequence[SolPlan]) -> Iterator[_Stay]:
    set_down = next((plan for plan in plans if plan.helicopter), None)
    if set_down is None:
        return
    since_ns, pose = set_down.helicopter[0]
    yield _Stay(0, set_down.sol, since_ns, since_ns, pose.position_m)
    for plan in plans:
        if plan.flight is not None:
            flight = plan.flight
            yield _Stay(
                flight.number,
                flight.sol,
                flight.takeoff_ns,
                flight.landing_ns,
                flight.path[-1][1],
                flown_m(flight),
                flight.greatest_height_m,
                _greatest_speed_m_s(flight),
            )


def _greatest_speed_m_s(flight: Flight) -> float:
    """Over the ground; it is even between two corners."""
    return max(
        float(np.hypot(to[0] - at[0], to[1] - at[1])) / ((then_ns - now_ns) / 1e9)
        for (now_ns, at), (then_ns, to) in pairwise(flight.path)
    )


def _airfield(number: int) -> str:
    return f"Simulated Airfield {number}"


class _Event(NamedTuple):
    """Something that happened; in the order of time."""

    utc_ns: int
    sol: int
    words: str
    is_day: bool = False


def _events(plans: Sequence[SolPlan], samples: Sequence[Sample]) -> Iterator[_Event]:
    landed = plans[0].waypoints[0]
    yield _Event(landed.utc_ns, landed.sol, "Simulated landing; site 1 declared")
    for purpose, words in _FIRST_OF.items():
        first = next(
            (one for plan in plans for one in plan.exposures if one.purpose == purpose), None
        )
        if first is not None:
            yield _Event(first.utc_ns, first.sol, words)
    yield from _drives(plans)
    yield from _of_helicopter(plans)
    for sample in samples[:1]:
        words = f"First sample, {sample.name} ({sample.kind.lower()})"
        yield _Event(sample.exposure.utc_ns, sample.exposure.sol, words, is_day=True)


def _drives(plans: Sequence[SolPlan]) -> Iterator[_Event]:
    """The first and the longest drive, when they ended, and where sites were declared."""
    ends_ns = {plan.sol: plan.waypoints[-1].utc_ns for plan in plans if plan.waypoints}
    metres = driven_m(plans)
    if metres:
        first, longest = min(metres), max(metres, key=metres.__getitem__)
        yield _Event(ends_ns[first], first, f"First drive, {metres[first]:.1f} m")
        if longest != first:
            words = f"Longest drive so far, {metres[longest]:.1f} m"
            yield _Event(ends_ns[longest], longest, words)
    for before, waypoint in pairwise(one for plan in plans for one in plan.waypoints):
        if waypoint.pose.site > before.pose.site:
            yield _Event(waypoint.utc_ns, waypoint.sol, f"Site {waypoint.pose.site} declared")


def _of_helicopter(plans: Sequence[SolPlan]) -> Iterator[_Event]:
    """When it was set down; its first and its longest flight."""
    stays = list(_stays(plans))
    if stays:
        yield _Event(stays[0].landing_ns, stays[0].sol, "Helicopter set down")
    if len(stays) > 1:
        first, longest = stays[1], max(stays[1:], key=lambda stay: stay.distance_m)
        words = f"Helicopter's first flight, {first.distance_m:.1f} m"
        yield _Event(first.takeoff_ns, first.sol, words)
        if longest is not first:
            words = f"Helicopter's longest flight so far, {longest.distance_m:.1f} m"
            yield _Event(longest.takeoff_ns, longest.sol, words)


def _date(utc_ns: int) -> str:
    return datetime.fromtimestamp(utc_ns // 10**9, UTC).date().isoformat()


def _matches(times: MissionTimes, sol: int, utc_ns: int) -> str:
    """Whether the rehearsal's own clock has the time on that sol."""
    return "yes" if int(times.clock.from_utc(utc_ns)[0]) == sol else "no"


def _is_close_up(picture: Picture) -> bool:
    """Whether it is a colour frame of a camera on the arm."""
    delivery = picture.delivery
    is_full = (delivery.sample_type, delivery.form) == ("Full", "colour")
    return is_full and isinstance(picture.exposure.aim, ArmPlacing)


def _distance_m(exposure: Exposure) -> float:
    return exposure.aim.distance_m if isinstance(exposure.aim, ArmPlacing) else np.inf


def _spot_m(exposure: Exposure) -> Vector:
    """What a camera of the arm looks at, in the ground frame."""
    aim = exposure.aim
    if not isinstance(aim, ArmPlacing):
        raise TypeError("only a camera of the arm is held to a spot")
    spot = np.array(aim.position_m) + aim.distance_m * np.array(aim.axis)
    north, east, down = exposure.pose.to_ground(spot).tolist()
    return north, east, down


def _kind(seen: Sequence[str]) -> str:
    """By what is in the middle of a frame, half as wide and half as high."""
    middle = np.array(seen).reshape(ROWS, COLUMNS)[
        ROWS // 4 : ROWS - ROWS // 4, COLUMNS // 4 : COLUMNS - COLUMNS // 4
    ]
    return "Rock core" if np.mean(middle == "rock") >= _ROCK_SHARE else "Regolith"


def _name(number: int) -> str:
    """Names in turn; when all are used, with a number."""
    again, place = divmod(number - 1, len(_NAMES))
    return _NAMES[place] + (f" {again + 1}" if again else "")


def _place(position_m: Vector, times: MissionTimes) -> MarsPlace:
    return mars_place(position_m, float(times.site.lon_e_deg), areocentric_deg(times.site))


def _seen_by_close_ups(table: Path) -> dict[str, list[str]]:
    """What frames see whose cameras the arm holds, by product id."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - large, and needed here only

    rows = pq.read_table(table, columns=["product_id", "camera", "grid_seen"]).to_pylist()
    return {
        row["product_id"]: row["grid_seen"]
        for row in rows
        if camera_named(row["camera"]).mount == "arm"
    }


def _table(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
