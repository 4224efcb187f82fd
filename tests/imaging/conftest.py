"""The recorded records that have a camera model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FEED = "data/01_m2020_feed"


@pytest.fixture(scope="session")
def sidecars(shared_data: Path) -> list[dict[str, Any]]:
    """The records of single Navcam pictures, sols 60 to 1790."""
    paths = sorted((shared_data / FEED / "navcam_sidecars").glob("*.json"))
    return [json.loads(path.read_bytes()) for path in paths]


@pytest.fixture(scope="session")
def early_records(shared_data: Path) -> list[dict[str, Any]]:
    """The records of sols 2, 4, 23 and 24 that have a model: Navcam, Hazcam, Mastcam-Z, WATSON."""
    names = ("rss_feed_sol2_sol4_1196.json", "sample_rss_response_sol23_24_100.json")
    records: list[dict[str, Any]] = []
    for name in names:
        page = json.loads((shared_data / FEED / name).read_bytes())
        records += page["images"] if isinstance(page, dict) else page
    return [record for record in records if record["camera"]["camera_model_type"][:4] == "CAHV"]
