"""What `bench.tiles` shows: two pictures of ground, and an archive that has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pyvips

from bench.generate import record
from solbook.archive import Archive, write_page
from solbook.jobs import attach_files
from solbook.settings import Settings
from solbook.sources import source_named

OCTAVES = 7
# With it a pixel takes about as many bytes of JPEG as in the rovers' own colour frames.
GRAIN = 5.0


class Picture(NamedTuple):
    """A picture of the benchmark.

    Attributes:
        name: For people.
        product_id: Of its frame.
        width_px: Width.
        height_px: Height.
    """

    name: str
    product_id: str
    width_px: int
    height_px: int


PANORAMA = Picture("40,000 x 10,000 panorama", str(record(0)["imageid"]), 40_000, 10_000)
FRAME = Picture("5,120 x 3,840 JPEG", str(record(1)["imageid"]), 5_120, 3_840)


def make_archive(folder: Path) -> Archive:
    """An archive of both pictures."""
    pixels = folder / "pixels"
    pixels.mkdir()
    ground = _ground(FRAME.width_px, FRAME.height_px)
    ground.jpegsave(str(pixels / f"{FRAME.product_id}.jpg"), Q=90)
    # Mirrored copies meet without seams.
    pair = ground.join(ground.fliphor(), "horizontal")
    block = pair.join(pair.flipver(), "vertical")
    wide = block.replicate(4, 2).crop(0, 0, PANORAMA.width_px, PANORAMA.height_px)
    wide.jpegsave(str(pixels / f"{PANORAMA.product_id}.jpg"), Q=85)
    archive = Archive.create(folder / "archive", Settings(network=False))
    page = {"images": [record(0), record(1)], "per_page": "100", "total_results": 2}
    write_page(archive, source_named("m2020").read_page(json.dumps(page).encode(), "bench"))
    report = attach_files(archive, pixels)
    if report.attached != 2:
        raise SystemExit(f"the pictures could not be attached: {report}")
    return archive


def _ground(width: int, height: int) -> pyvips.Image:
    """Rubble at every scale under one light, in the colours of Mars, with a camera's grain."""
    relief = pyvips.Image.sum(
        [
            pyvips.Image.perlin(width, height, cell_size=512 >> k, seed=k) * 0.57**k
            for k in range(OCTAVES)
        ]
    )
    grain = pyvips.Image.gaussnoise(width, height, sigma=GRAIN, mean=0, seed=OCTAVES)
    light = relief * 60 + 128 + grain
    colour = light.linear([0.95, 0.75, 0.55], [30, 20, 10])
    return colour.cast("uchar").copy(interpretation="srgb").copy_memory()
