"""Sols planned on the real simulated ground, and what their cameras see of it."""

from __future__ import annotations

from functools import cache
from itertools import islice

import numpy as np

from solbook.rehearsal.cameramen import Stage, machines_at
from solbook.rehearsal.cameras import camera_named
from solbook.rehearsal.exposures import Exposure, Floats, Picture, Pose, SolPlan
from solbook.rehearsal.ground import Ground, Kernel, height_at
from solbook.rehearsal.plan import PER_SOL, plan_sols
from solbook.rehearsal.render import Rendered, Scene, render
from solbook.rehearsal.timing import MissionTimes

SEED = 7
SOLS = 8


@cache
def stage() -> Stage:
    return Stage(Ground(SEED), MissionTimes.of_rehearsal(SEED).site)


def heights_at(kernel: Kernel, norths: Floats, easts: Floats) -> Floats:
    """Heights of the ground at places of shape (n,), from the finest grid that has each."""
    return np.array([height_at(kernel, x, y) for x, y in zip(norths, easts, strict=True)])


@cache
def plans() -> tuple[SolPlan, ...]:
    """Sols 0 to 7: they have every camera, tiles, close-ups, a flight, a sunset and a night."""
    times = MissionTimes.of_rehearsal(SEED)
    planned = plan_sols(times, stage().heights, stage().heights_around, PER_SOL)
    return tuple(islice(planned, SOLS))


@cache
def way_m() -> Floats:
    return np.array([point for plan in plans() for point in plan.path_m])


def rover_at(plan: SolPlan, exposure: Exposure) -> Pose:
    if camera_named(exposure.camera).mount != "helicopter":
        return exposure.pose
    stops = [one.pose for one in plan.exposures if one.camera.startswith("NAVCAM")]
    return stops[-1]


def scene_of(picture: Picture) -> Scene:
    exposure = picture.exposure
    plan = plans()[exposure.sol]
    machines = machines_at(plan, exposure, rover_at(plan, exposure))
    return stage().scene(exposure, way_m()).with_machines(machines)


def rendered(picture: Picture, scene: Scene) -> Rendered:
    pose = picture.exposure.pose
    model = picture.model.moved(pose.attitude.matrix(), pose.position_m)
    sun = stage().light_at(picture.exposure.utc_ns)
    return render(scene, model, picture.width_px, picture.height_px, sun)
