"""The packaged tables of the sky of Mars, 1960 to 2052, and how they are read between their nodes.

`tools/make_clock_tables.py` makes them from JPL's DE421: a value every four days of TT. Between two
nodes runs the cubic that has their values and slopes; its greatest errors, against the ephemeris
itself at 20,000 random instants, are in `docs/time.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

S_PER_DAY = 86_400.0
STEP_S = 4 * S_PER_DAY
"""Seconds of TT between two nodes."""

# 1959-12-30T12:00 and 2053-01-02T12:00 TT, seconds past J2000: whole days from it, a whole number
# of steps from each other, and a day or more beyond the years 1960 to 2052.
FIRST_TT_S = -14_612 * S_PER_DAY
LAST_TT_S = FIRST_TT_S + 8_493 * STEP_S

MARGIN_NODES = 3
"""Nodes beyond the span at both ends, which the slopes at its ends need."""

MEAN_SPIN_DEG_PER_DAY = 350.89198226
"""Spin of Mars that the tables of longitudes leave out (IAU 2009), degrees a day of TT."""

# First derivative by central differences over seven nodes (Fornberg 1988, table 1).
_SLOPE = np.array([-1, 9, -45, 0, 45, -9, 1]) / 60.0

PoleModel = Literal["iau2009", "iau2015"]
POLE_MODELS: tuple[PoleModel, ...] = ("iau2009", "iau2015")


@dataclass(frozen=True, eq=False)
class Table:
    """One quantity: a cubic for each step.

    Attributes:
        array: Shape (4, steps), float64: the coefficients of 1, u, u², u³, where u runs from 0 to 1
            through a step.
    """

    array: NDArray[np.float64]

    @cached_property
    def rows(self) -> list[list[float]]:
        """The same as lists, which plain Python reads ten times as fast."""
        found: list[list[float]] = self.array.tolist()
        return found


def cubics(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cubics through values at the nodes, `MARGIN_NODES` more at either end.

    Args:
        values: Shape (n + 2 * MARGIN_NODES,).

    Returns:
        Shape (4, n - 1): coefficients, lowest first.
    """
    slopes = np.convolve(values, _SLOPE[::-1], mode="valid")
    inner = values[MARGIN_NODES:-MARGIN_NODES]
    first, last, rise_first, rise_last = inner[:-1], inner[1:], slopes[:-1], slopes[1:]
    step = last - first
    return np.stack(
        [
            first,
            rise_first,
            3 * step - 2 * rise_first - rise_last,
            rise_first + rise_last - 2 * step,
        ]
    )


@cache
def _stored() -> dict[str, NDArray[np.float64]]:
    packed = files("solbook.clock") / "data" / "ephemeris.npz"
    with packed.open("rb") as file, np.load(file) as tables:
        return dict(tables)


@cache
def table(name: str) -> Table:
    """A packaged table.

    Args:
        name: As `tools/make_clock_tables.py` calls it, for example `ls_deg_iau2009`.
    """
    return Table(cubics(_stored()[name]))
