"""Records without pictures, by the million, for load tests.

They have the form, the ids and the spread over sols and cameras of a mission of years, but no
ground: the rover wanders on a plane, and its mast turns to a few dozen directions. For each camera,
direction and form of delivery one whole record is made by `records.record_of`; what changes from
record to record is then filled in where it stands.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from pathlib import Path

import msgspec
import numpy as np

from solbook.clock import format_lmst, format_utc
from solbook.imaging import Attitude
from solbook.rehearsal import observations as obs
from solbook.rehearsal.cameras import camera_model
from solbook.rehearsal.drive import vector_text
from solbook.rehearsal.exposures import ArmPlacing, Delivery, Exposure, MastPointing, Pose
from solbook.rehearsal.folder import write_whole
from solbook.rehearsal.records import (
    DAY_NS,
    PAGE_SIZE,
    Record,
    day_text,
    envelope,
    pictures_of,
    record_of,
)
from solbook.rehearsal.timing import MissionTimes

# About what Perseverance's feed has, thumbnails included.
_MEAN_PER_SOL = 650
# Product ids have four digits for the sol.
MOST_SOLS = 9_000
_SOLS_A_SITE = 12.5
_FIRST_LMST_S, _LAST_LMST_S = 8.0 * 3600, 17.5 * 3600
_PAGES_UNDER_WAY = 64
_AZIMUTHS_DEG = tuple(range(0, 360, 30))

# What is filled in, in the order in which a record has it; each is looked for in the encoded
# record in place of the value that the pattern record has there.
_SLOTS = (
    "sclk xyz sol attitude"
    + " sol_5 when where" * 4
    + " when where day sol hms sol_5 lmst utc when where when where drive sol site received"
).split()


_NORTHWARDS = Attitude(1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Observation:
    """A kind of observation: its share of all, its cameras, and where they look one by one."""

    share: float
    cameras: tuple[str, ...]
    sequence: str
    deliveries: tuple[Delivery, ...]
    aims: tuple[MastPointing | ArmPlacing | None, ...]
    exposures: int
    focal_mm: int | None = None


def _around(elevation_deg: float) -> tuple[MastPointing, ...]:
    return tuple(MastPointing(float(azimuth), elevation_deg) for azimuth in _AZIMUTHS_DEG)


_CLOSE_UPS = tuple(
    ArmPlacing((1.9, 0.1, -distance), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0), distance)
    for distance in (0.4, 0.25, 0.12, 0.07)
)
_KINDS = (
    _Observation(0.14, obs.NAVCAM, "NCAM00501", obs.QUARTER, _around(-20.0), 6),
    _Observation(0.16, obs.NAVCAM, "NCAM00709", obs.HALF_TILES, _around(-30.0), 3),
    _Observation(0.02, obs.NAVCAM[:1], "NCAM00433", obs.FULL_TILES, _around(-14.0), 1),
    _Observation(0.06, obs.NAVCAM[:1], "NCAM00515", obs.STRIP, _around(0.0), 12),
    _Observation(0.12, obs.FRONT, "FHAZ00206", obs.QUARTER, (None,), 2),
    _Observation(0.07, obs.REAR, "RHAZ02420", obs.QUARTER, (None,), 1),
    _Observation(0.12, obs.ZOOM, "ZCAM08034", obs.ZOOM_HALF, _around(-12.0), 10, 34),
    _Observation(0.08, obs.ZOOM, "ZCAM08063", obs.ZOOM_HALF, _around(-24.0), 8, 63),
    _Observation(0.10, obs.ZOOM, "ZCAM08110", obs.ZOOM_RAW, _around(-5.0), 6, 110),
    _Observation(0.09, ("SHERLOC_WATSON",), "SRLC08054", obs.ZOOM_HALF, _CLOSE_UPS, 4),
    _Observation(0.03, ("HELI_NAV",), "HELI00017", obs.HELI_NAV_WHOLE, (None,), 14),
    _Observation(0.01, ("HELI_RTE",), "HELI00017", obs.HELI_RTE_QUARTER, (None,), 5),
)


def records_only(count: int, seed: int) -> Iterator[bytes]:
    """Pages of the feed, a hundred records each, as JSON.

    Args:
        count: Records in all; from some 6 million on, sols have more of them.
        seed: The same seed and count give the same bytes.
    """
    times = MissionTimes.of_rehearsal(seed)
    before, after = msgspec.json.encode(envelope(-1, count)).split(b'"images":[]')
    marked = b'"page":-1'
    records = _records(times, max(_MEAN_PER_SOL, count / MOST_SOLS))
    for page, first in enumerate(range(0, count, PAGE_SIZE)):
        images = b",".join(islice(records, min(PAGE_SIZE, count - first)))
        numbered = after.replace(marked, b'"page":%d' % page)
        yield b"".join([before, b'"images":[', images, b"]", numbered])


def write_records_only(
    folder: Path, count: int, seed: int, on_page: Callable[[int], None] | None = None
) -> int:
    """Write the pages of `records_only` as files `page-000000.json` and so on.

    Args:
        folder: Where to.
        count: As of `records_only`.
        seed: As of `records_only`.
        on_page: Told how many pages there are, for progress.

    Returns:
        The size of all pages.
    """
    under_way: deque[Future[None]] = deque()
    size = 0
    # The disk takes about as long as the records, so a second thread waits for it.
    with ThreadPoolExecutor(1) as writer:
        for number, page in enumerate(records_only(count, seed)):
            path = folder / f"page-{number:06d}.json"
            under_way.append(writer.submit(write_whole, path, page))
            size += len(page)
            if len(under_way) > _PAGES_UNDER_WAY:
                under_way.popleft().result()
            if on_page is not None:
                on_page(number + 1)
        for written in under_way:
            written.result()
    return size


def _records(times: MissionTimes, per_sol: float) -> Iterator[bytes]:
    """Records without end, sol after sol."""
    rover = _Wanderer()
    sol = times.clock.first_sol + 1
    while True:
        yield from chain.from_iterable(_sol(times, sol, per_sol, rover))
        sol += 1


@dataclass(slots=True)
class _Wanderer:
    """Where the rover is on its plane."""

    site: int = 1
    drive: int = 0
    north_m: float = 0.0
    east_m: float = 0.0
    heading_deg: float = 0.0

    def go(self, chance: np.random.Generator) -> None:
        """Drive to the next stop; now and then declare a site."""
        self.heading_deg += float(chance.normal(0, 40))
        metres = float(chance.uniform(5, 60))
        self.north_m += metres * float(np.cos(np.radians(self.heading_deg)))
        self.east_m += metres * float(np.sin(np.radians(self.heading_deg)))
        self.drive += 2 * int(metres / 0.42)
        if chance.random() < 1 / (2 * _SOLS_A_SITE) or self.drive > 9_000:
            self.site, self.drive = self.site % 999 + 1, 0
            self.north_m = self.east_m = 0.0

    def texts(self, chance: np.random.Generator) -> dict[str, bytes]:
        """The slots that tell of the stop."""
        pitch_deg, roll_deg = chance.normal(0, 3, size=2).tolist()
        attitude = Attitude.from_heading_pitch_roll(self.heading_deg, pitch_deg, roll_deg)
        return {
            "xyz": vector_text((self.north_m, self.east_m, pitch_deg / 10)).encode(),
            "attitude": attitude.text().encode(),
            "where": b"%03d%04d" % (self.site, self.drive),
            "drive": b"%d" % self.drive,
            "site": b"%d" % self.site,
        }


def _sol(times: MissionTimes, sol: int, per_sol: float, rover: _Wanderer) -> Iterator[list[bytes]]:
    """The records of a sol, exposure by exposure."""
    chance = times.chance(sol, 6)
    exposures = list(_exposures(chance, int(per_sol * chance.gamma(6.0, 1 / 6))))
    count = len(exposures)
    # In order, and half a mean step apart at least, so that no two share a clock reading.
    steps = (np.arange(count) + chance.uniform(0, 0.5, size=count)) / max(count, 1)
    lmst_ms = np.rint((_FIRST_LMST_S + steps * (_LAST_LMST_S - _FIRST_LMST_S)) * 1000)
    utc_ns = np.asarray(times.clock.to_utc(np.full(count, sol), lmst_ms / 1000))
    sclk_ms = np.rint(times.sclk_s(utc_ns) * 1000).astype(np.int64)
    later_ms = chance.integers(250, 1600, size=count)
    stated = np.datetime_as_string((utc_ns + later_ms * 1_000_000).view("M8[ns]"), "ms")
    moments = zip(
        lmst_ms.astype(np.int64).tolist(),
        sclk_ms.tolist(),
        (sclk_ms + later_ms).tolist(),
        stated.tolist(),
        (utc_ns // DAY_NS).tolist(),
        strict=True,
    )
    passes = times.passes(sol + 1)
    thumbnails_received, received = (
        format_utc(one.ends_ns, 0).encode() for one in (passes[0], passes[-1])
    )
    common = {"sol": b"%d" % sol, "sol_5": b"%05d" % sol, "received": received}
    stop = rover.texts(chance)
    moves = set(chance.integers(0, count, size=2).tolist()) if sol % 5 else set()
    for number, (local_ms, clock_ms, later_clock_ms, utc, days) in enumerate(moments):
        if number in moves:
            rover.go(chance)
            stop = rover.texts(chance)
        minutes, seconds_ms = divmod(local_ms, 60_000)
        hms = b"%02d:%02d:%02d" % (minutes // 60, minutes % 60, seconds_ms // 1000)
        values = {
            **common,
            **stop,
            "when": b"%04d_%010d_%03d" % (sol, clock_ms // 1000, clock_ms % 1000),
            "sclk": b"%d.%03d" % (later_clock_ms // 1000, later_clock_ms % 1000),
            "hms": hms,
            "lmst": b"%s.%03d" % (hms, local_ms % 1000),
            "utc": utc.encode(),
            "day": _day(days),
        }
        frame = tuple([values[name] for name in _SLOTS])
        thumbnail = (*frame[:-1], thumbnails_received)
        yield [
            template % (thumbnail if is_thumbnail else frame)
            for is_thumbnail, template in _templates(*exposures[number])
        ]


def _exposures(chance: np.random.Generator, goal: int) -> Iterator[tuple[int, int]]:
    """Kinds of observation, and which way each of their exposures looks, for so many files."""
    shares = np.array([kind.share for kind in _KINDS])
    drawn = chance.choice(len(_KINDS), p=shares / shares.sum(), size=goal // 4 + 1).tolist()
    starts = chance.integers(0, len(_AZIMUTHS_DEG), size=len(drawn)).tolist()
    files = 0
    for number, start in zip(drawn, starts, strict=True):
        kind = _KINDS[number]
        for exposure in range(kind.exposures):
            yield number, (start + exposure) % len(kind.aims)
        files += kind.exposures * len(kind.cameras) * (1 + len(kind.deliveries))
        if files >= goal:
            return


@cache
def _day(days: int) -> bytes:
    return day_text(days).encode()


@cache
def _templates(kind: int, aim: int) -> tuple[tuple[bool, bytes], ...]:
    """For every file of an exposure: whether it is a thumbnail, and its record to be filled in."""
    observation = _KINDS[kind]
    found = []
    for camera in observation.cameras:
        pattern = Exposure(
            key="",
            sol=4_321,
            lmst_s=45_296.789,
            utc_ns=1_750_000_000_000_000_000,
            sclk_s=1_234_567_890.123,
            exposure_s=1.0,
            camera=camera,
            pose=Pose(765, 8_642, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), _NORTHWARDS, 0),
            aim=observation.aims[aim],
            sequence=observation.sequence,
            focal_mm=observation.focal_mm,
            model=camera_model(camera, observation.aims[aim], observation.focal_mm),
            deliveries=(obs.thumbnail_of(camera), *observation.deliveries),
            stereo=None,
            panorama=None,
            purpose="a record without a picture",
        )
        for picture in pictures_of(pattern, lambda _: 0):
            is_thumbnail = picture.delivery.sample_type == "Thumbnail"
            found.append((is_thumbnail, _template(record_of(picture), pattern)))
    return tuple(found)


def _template(record: Record, pattern: Exposure) -> bytes:
    """A record as JSON, with `%s` for everything that changes, in the order of `_SLOTS`."""
    changing = {
        **record,
        "sol": "@sol@",
        "site": "@site@",
        "drive": "@drive@",
        "attitude": "@attitude@",
        "extended": {**record["extended"], "sclk": "@sclk@", "xyz": "@xyz@"},
        "caption": record["caption"]
        .replace(day_text(pattern.utc_ns // DAY_NS), "@day@")
        .replace(f"(Sol {pattern.sol})", "(Sol @sol@)")
        .replace(format_lmst(pattern.lmst_s), "@hms@"),
        "title": record["title"].replace(f"Sol {pattern.sol}", "Sol @sol@"),
        "date_taken_mars": "Sol-@sol_5@M@lmst@",
        "date_taken_utc": "@utc@",
        "date_received": "@received@",
    }
    text = msgspec.json.encode(changing).decode().replace("%", "%%")
    text = text.replace('"@sol@"', "@sol@").replace('"@site@"', "@site@")
    text = text.replace(f"/sol/{pattern.sol:05d}/", "/sol/@sol_5@/")
    name = record["imageid"]
    text = text.replace(name, f"{name[:4]}@when@{name[23:28]}@where@{name[35:]}")
    if re.findall("@([a-z_0-9]+)@", text) != _SLOTS:
        raise AssertionError(f"the slots of a record have changed: {text}")
    return re.sub("@[a-z_0-9]+@", "%s", text).encode()
