"""The whole rehearsal: the feed's pages and the files they name, in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from solbook.rehearsal.cameramen import Developed, Stage, develop, machines_at
from solbook.rehearsal.cameras import camera_named
from solbook.rehearsal.exposures import Exposure, Picture, Pose, SolPlan
from solbook.rehearsal.ground import Ground
from solbook.rehearsal.plan import PER_SOL, plan_sols
from solbook.rehearsal.records import feed_pages
from solbook.rehearsal.timing import MissionTimes

FEED = "feed"
IMAGES = "images"
DEFAULT_SEED = 7
# So many sols ahead the way is known, and free of rocks.
_SOLS_AHEAD = 3

OnFile = Callable[[int, int], None]
"""Called with the files written so far, and how many there will be."""


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal made.

    Attributes:
        sols: Sols.
        records: Records in its feed.
        files: Pictures written.
        bytes: Their size together.
    """

    sols: int
    records: int
    files: int
    bytes: int


def rehearse(
    folder: Path,
    sols: int,
    *,
    seed: int = DEFAULT_SEED,
    per_sol: float = PER_SOL,
    threads: int = 2,
    on_file: OnFile | None = None,
) -> Rehearsed:
    """Make the first sols of a rehearsal.

    Args:
        folder: Where; `feed/` gets the pages of the feed, `images/` the pictures.
        sols: How many sols.
        seed: Whatever is left to chance comes from it.
        per_sol: Files a sol, see `plan.PER_SOL`.
        threads: How many pictures are made at once; it changes none of them.
        on_file: Told of every file.

    Returns:
        What was made; files of the same arguments are the same to the byte.
    """
    images = folder / IMAGES
    images.mkdir(parents=True, exist_ok=True)
    times = MissionTimes.of_rehearsal(seed)
    stage = Stage(Ground(seed), times.site)
    planned = plan_sols(times, stage.heights, stage.heights_around, per_sol)
    plans = list(islice(planned, sols + _SOLS_AHEAD))
    way_m = np.array([point for plan in plans for point in plan.path_m])
    plans = plans[:sols]
    pictures = [picture for plan in plans for picture in plan.pictures]
    _write_feed(folder / FEED, pictures)
    files, size = 0, 0
    for made in _developed(stage, plans, way_m, seed, threads):
        for one in made:
            (images / one.name).write_bytes(one.body)
            files, size = files + 1, size + len(one.body)
            if on_file is not None:
                on_file(files, len(pictures))
    return Rehearsed(sols, len(pictures), files, size)


def _write_feed(folder: Path, pictures: list[Picture]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(feed_pages(pictures)):
        (folder / f"page-{number:04d}.json").write_bytes(page)


def _developed(
    stage: Stage, plans: list[SolPlan], way_m: np.ndarray, seed: int, threads: int
) -> Iterator[list[Developed]]:
    """The files of every exposure, in order; while some are made the next place is set up."""
    with ThreadPoolExecutor(threads, thread_name_prefix="solbook-rehearsal") as pool:
        waiting: list[Future[list[Developed]]] = []
        for plan in plans:
            of_exposure = _pictures_of(plan)
            for _, group in groupby(plan.exposures, key=_place):
                coming = [
                    pool.submit(
                        develop,
                        exposure,
                        of_exposure[exposure.key],
                        stage.scene(exposure, way_m).with_machines(
                            machines_at(plan, exposure, _rover_at(plan, exposure))
                        ),
                        stage.light_at(exposure.utc_ns),
                        seed,
                    )
                    for exposure in group
                ]
                for one in waiting:
                    yield one.result()
                waiting = coming
        for one in waiting:
            yield one.result()


def _place(exposure: Exposure) -> tuple[object, ...]:
    return exposure.pose.position_m, exposure.pose.driven


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
