"""The kernels that make pictures, compiled by a process of their own.

To compile all of them takes a minute, once for every installation, and one process compiles one
after another. So while a rehearsal is planned, for which others are compiled, a second process
makes a small picture of a plain; what it compiles is kept beside the sources, where all find it.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from solbook.imaging import CameraModel, Window
from solbook.rehearsal import machines, products
from solbook.rehearsal.exposures import Floats
from solbook.rehearsal.ground import Grids
from solbook.rehearsal.light import light
from solbook.rehearsal.render import Scene, render
from solbook.rehearsal.rocks import rocks_around
from solbook.rehearsal.solids import Solids

_PX = 64
_HIGH_M = 2.0


def begin_compiling() -> subprocess.Popen[bytes]:
    """Begin it; whoever needs the kernels waits for the process. Nothing depends on how it ends."""
    return subprocess.Popen(  # noqa: S603 - this module, by this Python
        [sys.executable, "-m", __name__],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def make_a_picture() -> bytes:
    """A picture of rocks and a rover on a plain; it needs every kernel that pictures do."""
    grids = Grids.room_for(2)
    for number, cell_m in enumerate((64.0, 0.03125)):
        grids.place(number, cell_m, 0.0, 0.0)
    grids.height_m[:], grids.greatest_m[:], grids.lie[:], grids.stuff[:] = 0.0, 0.0, 0.0, 0.5
    way_m: Floats = np.zeros((1, 2))
    rocks = rocks_around(1, grids.kernel, (0.0, 0.0), way_m, None)
    scene = Scene(grids.kernel, Solids.together([machines.rover(None), rocks]), 1)
    middle = (_PX - 1) / 2
    model = CameraModel.made("CAHV", (0, 0, -_HIGH_M), (1, 0, 0), (0, 1, 0), _PX, (middle, middle))
    seen = render(scene, model, _PX, _PX, light(120.0, 40.0))
    whole = Window(1, 1, _PX, _PX)
    return products.packed(products.exposed(seen.radiance, 1.0, whole, whole, 1), extension="png")


if __name__ == "__main__":
    make_a_picture()
