"""Plans that several tests look at, on ground that is a formula."""

from __future__ import annotations

from functools import cache

import numpy as np

from solbook.rehearsal.exposures import Exposure, Floats, Picture, SolPlan
from solbook.rehearsal.plan import PER_SOL, plan_mission

SEED = 11


def hills(north_m: Floats, east_m: Floats) -> Floats:
    """Gentle waves, some metres high."""
    waves: Floats = 2.5 * np.sin(north_m / 31) + 1.5 * np.cos(east_m / 23) + 0.01 * north_m
    return waves


@cache
def planned(sols: int = 12, seed: int = SEED, per_sol: float = PER_SOL) -> tuple[SolPlan, ...]:
    return tuple(plan_mission(sols, seed, hills, per_sol=per_sol))


def pictures(plans: tuple[SolPlan, ...]) -> list[Picture]:
    return [picture for plan in plans for picture in plan.pictures]


def exposures(plans: tuple[SolPlan, ...]) -> list[Exposure]:
    return [exposure for plan in plans for exposure in plan.exposures]


def frames(plans: tuple[SolPlan, ...]) -> list[Picture]:
    """All but the thumbnails."""
    return [one for one in pictures(plans) if one.delivery.sample_type == "Full"]
