"""The whole rehearsal: the feed's pages and the files they name, in a folder."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import msgspec
import numpy as np

from solbook.errors import SolbookError
from solbook.rehearsal.annals import write_annals
from solbook.rehearsal.artwork import Studio
from solbook.rehearsal.bulk import MOST_SOLS, write_records_only
from solbook.rehearsal.cameramen import Stage, Standpoint, develop, machines_at
from solbook.rehearsal.cameras import camera_named
from solbook.rehearsal.compiling import begin_compiling
from solbook.rehearsal.exposures import Exposure, Picture, Pose, SolPlan
from solbook.rehearsal.folder import (
    FEED,
    IMAGES,
    Made,
    Note,
    begin,
    pictures_there,
    version_of_maker,
    write_note,
    write_whole,
)
from solbook.rehearsal.ground import Ground
from solbook.rehearsal.maps import write_maps
from solbook.rehearsal.plan import PER_SOL, plan_sols
from solbook.rehearsal.records import PAGE_SIZE, feed_pages
from solbook.rehearsal.releases import write_releases
from solbook.rehearsal.render import Scene
from solbook.rehearsal.timing import MissionTimes
from solbook.rehearsal.truth import TruthWriter

DEFAULT_SEED = 7
MOST_PER_SOL = 200
MOST_RECORDS = 100_000_000
# So many sols ahead the way is known, and free of rocks.
_SOLS_AHEAD = 3

OnFile = Callable[[int, int], None]
"""Called with what is there so far, and how much there will be: files, or records."""


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal in a folder.

    Attributes:
        note: What makes it.
        made: What is there.
        already: How many of its pictures were there before.
    """

    note: Note
    made: Made
    already: int


@dataclass(frozen=True)
class _File:
    """A picture's file."""

    product_id: str
    name: str
    body: bytes


def rehearse(
    folder: Path,
    sols: int,
    *,
    seed: int = DEFAULT_SEED,
    per_sol: float = PER_SOL,
    threads: int = 2,
    on_file: OnFile | None = None,
) -> Rehearsed:
    """Make the first sols of a rehearsal, or go on where a run was cut off.

    Args:
        folder: Where; `feed/` gets the pages of the feed, `images/` the pictures, `truth/` what
            they show and the maps, `facts/` events, flights and samples, `releases/` pictures with
            captions.
        sols: How many sols.
        seed: Whatever is left to chance comes from it.
        per_sol: Files a sol, see `plan.PER_SOL`.
        threads: How many pictures are made at once; it changes none of them.
        on_file: Told of every file.

    Returns:
        What was made; files of the same arguments are the same to the byte.

    Raises:
        SolbookError: The arguments cannot be used, another rehearsal is in the folder, or nothing
            can be written there.
    """
    _require_between("sols", sols, 1, MOST_SOLS)
    _require_between("files a sol", per_sol, 1, MOST_PER_SOL)
    _require_between("threads", threads, 1, 256)
    note = begin(folder, Note(version_of_maker(), seed, sols=sols, per_sol=per_sol))
    if note.made is not None:
        return Rehearsed(note, note.made, already=note.made.files)
    compiling = begin_compiling() if threads > 1 else None
    times = MissionTimes.of_rehearsal(seed)
    stage = Stage(Ground(seed), times.site)
    planned = plan_sols(times, stage.heights, stage.heights_around, per_sol)
    plans = list(islice(planned, sols + _SOLS_AHEAD))
    way_m = np.array([point for plan in plans for point in plan.path_m])
    plans = plans[:sols]
    pictures = [picture for plan in plans for picture in plan.pictures]
    pages, size = _write_feed(folder / FEED, pictures)
    truth = TruthWriter(folder, plans, times.site)
    known = {picture.product_id for picture in pictures if truth.knows(picture)}
    there = {name: size for name, size in pictures_there(folder).items() if name in known}
    if compiling is not None:
        compiling.wait()
    files, size = len(there), size + sum(there.values())
    for made in _developed(stage, plans, way_m, seed, threads, there.keys(), truth):
        for one in made:
            if one.product_id in there:
                continue
            write_whole(folder / IMAGES / one.name, one.body)
            files, size = files + 1, size + len(one.body)
            if on_file is not None:
                on_file(files, len(pictures))
    truth.close()
    write_maps(folder, plans, stage.heights, times.site)
    write_annals(folder, plans, times)
    write_releases(folder, plans, Studio(stage, way_m), times, threads)
    return _finished(folder, note, Made(len(pictures), pages, files, size), len(there))


def rehearse_records(
    folder: Path, count: int, *, seed: int = DEFAULT_SEED, on_record: OnFile | None = None
) -> Rehearsed:
    """Make a feed of so many records without pictures.

    Args:
        folder: Where; `feed/` gets the pages of the feed.
        count: How many records.
        seed: Whatever is left to chance comes from it.
        on_record: Told of every page, in records.

    Returns:
        What was made; files of the same arguments are the same to the byte.

    Raises:
        SolbookError: As `rehearse`.
    """
    _require_between("records", count, 1, MOST_RECORDS)
    note = begin(folder, Note(version_of_maker(), seed, records_only=count))
    if note.made is not None:
        return Rehearsed(note, note.made, already=0)

    def on_page(pages: int) -> None:
        if on_record is not None:
            on_record(min(pages * PAGE_SIZE, count), count)

    size = write_records_only(folder / FEED, count, seed, on_page)
    return _finished(folder, note, Made(count, -(-count // PAGE_SIZE), 0, size), 0)


def _finished(folder: Path, note: Note, made: Made, already: int) -> Rehearsed:
    write_note(folder, msgspec.structs.replace(note, made=made))
    return Rehearsed(note, made, already)


def _require_between(what: str, value: float, least: int, most: int) -> None:
    if math.isfinite(value) and least <= value <= most:
        return
    raise SolbookError(
        f"There can be no rehearsal with so many {what}.",
        code="bad_argument",
        found=f"{value:,}",
        expected=f"{least:,} to {most:,} {what}",
        help="Ask for another number.",
    )


def _write_feed(folder: Path, pictures: list[Picture]) -> tuple[int, int]:
    """Write the pages of the feed; gives how many, and their size."""
    pages = list(feed_pages(pictures))
    for number, page in enumerate(pages):
        write_whole(folder / f"page-{number:04d}.json", page)
    return len(pages), sum(map(len, pages))


def _developed(
    stage: Stage,
    plans: list[SolPlan],
    way_m: np.ndarray,
    seed: int,
    threads: int,
    there: Collection[str],
    truth: TruthWriter,
) -> Iterator[list[_File]]:
    """The files of every exposure of which one is not there, in order."""
    missing = list(_missing(plans, there))
    places = [list(group) for _, group in groupby(missing, key=_standpoint)]
    with ThreadPoolExecutor(threads, thread_name_prefix="solbook-rehearsal") as pool:

        def set_up(number: int) -> Future[Scene]:
            return pool.submit(stage.scene, places[number][0].exposure, way_m)

        try:
            # Scenes are large. While the pictures of one place are made the next is ready, and the
            # one after it is set up: with three no thread is idle.
            scenes = deque(set_up(number) for number in range(min(2, len(places))))
            waiting: list[Future[list[_File]]] = []
            for number, jobs in enumerate(places):
                scene = scenes.popleft().result()
                coming = [pool.submit(_develop, stage, job, scene, seed, truth) for job in jobs]
                for one in waiting:
                    yield one.result()
                waiting = coming
                if number + 2 < len(places):
                    scenes.append(set_up(number + 2))
            for one in waiting:
                yield one.result()
        finally:
            # Whoever ends this early, by Ctrl-C or a full disk, does not wait for the rest.
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Job:
    """An exposure that is to be made.

    Attributes:
        plan: Of its sol.
        exposure: Which.
        pictures: What is delivered of it.
    """

    plan: SolPlan
    exposure: Exposure
    pictures: list[Picture]


def _missing(plans: list[SolPlan], there: Collection[str]) -> Iterator[_Job]:
    """The exposures of which a picture is not there."""
    for plan in plans:
        of_exposure = _pictures_of(plan)
        for exposure in plan.exposures:
            pictures = of_exposure[exposure.key]
            if any(one.product_id not in there for one in pictures):
                yield _Job(plan, exposure, pictures)


def _standpoint(job: _Job) -> Standpoint:
    return Standpoint.of(job.exposure)


def _develop(stage: Stage, job: _Job, place: Scene, seed: int, truth: TruthWriter) -> list[_File]:
    """The files of an exposure; what they show, which is large, goes into the truth at once."""
    exposure = job.exposure
    rover = _rover_at(job.plan, exposure)
    scene = place.with_machines(machines_at(job.plan, exposure, rover))
    files = []
    for made in develop(exposure, job.pictures, scene, stage.light_at(exposure.utc_ns), seed):
        truth.add(made)
        files.append(_File(made.picture.product_id, made.name, made.body))
    return files


def _pictures_of(plan: SolPlan) -> dict[str, list[Picture]]:
    found: dict[str, list[Picture]] = {exposure.key: [] for exposure in plan.exposures}
    for picture in plan.pictures:
        found[picture.exposure.key].append(picture)
    return found


def _rover_at(plan: SolPlan, exposure: Exposure) -> Pose:
    """How the rover stands while something is exposed, be it by the helicopter."""
    if camera_named(exposure.camera).mount != "helicopter":
        return exposure.pose
    stands = [
        other.pose
        for other in plan.exposures
        if camera_named(other.camera).mount != "helicopter"
        and other.pose.driven == exposure.pose.driven
    ]
    return stands[-1]
