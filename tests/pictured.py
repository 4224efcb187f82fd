"""Archives of chosen pictures: each belongs to a frame of Perseverance whose record is recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solbook.archive import Archive, write_page
from solbook.jobs import attach_files
from solbook.settings import Settings
from solbook.sources import SOURCES

_RECORD = "data/01_m2020_feed/navcam_sidecars/NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
OFFICIAL = "67352ccc-d1b0-11e1-89ae-279075081939"
"""Id of the test picture of IIIF's validator."""


def official_picture(shared_data: Path) -> bytes:
    """The test picture of IIIF's validator: 10 by 10 squares of 100 pixels, each of one colour."""
    return (shared_data / f"data/10_iiif/{OFFICIAL}.png").read_bytes()


def pictured_archive(
    folder: Path, pictures: Mapping[str, bytes], shared_data: Path, **settings: Any
) -> Archive:
    """An archive of frames with these pictures.

    Args:
        folder: Where to.
        pictures: By file name; the stem becomes the product id.
        shared_data: The recorded data.
        settings: The archive's.
    """
    record = json.loads((shared_data / f"{_RECORD}.json").read_text())
    archive = Archive.create(
        folder / "archive", Settings.model_validate({"network": False, **settings})
    )
    (folder / "pixels").mkdir()
    for name, body in pictures.items():
        (folder / "pixels" / name).write_bytes(body)
        given = record | {"imageid": Path(name).stem}
        write_page(archive, SOURCES["m2020"].read_page(json.dumps([given]).encode(), "a test"))
    report = attach_files(archive, folder / "pixels")
    assert report.attached == len(pictures), report
    return archive
