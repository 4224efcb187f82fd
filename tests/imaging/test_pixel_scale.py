"""What a pixel covers, by the models of recorded records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solbook.imaging import CameraModel, degrees_per_pixel, model_of_record
from tests.imaging.recorded import FORWARD

NAVCAM_DEG = 96 / 5120


def records_of(shared_data: Path, name: str) -> list[dict[str, Any]]:
    found = []
    for path in sorted((shared_data / "data").glob(name)):
        said = json.loads(path.read_text("utf-8"))
        found += [said] if isinstance(said, dict) and "imageid" in said else []
    assert found
    return found


def test_navcams_see_what_they_were_made_to(shared_data: Path) -> None:
    for record in records_of(shared_data, "01_m2020_feed/navcam_sidecars/*.json"):
        model = model_of_record(record)
        assert model is not None
        width, height = map(int, record["extended"]["dimension"].strip("()").split(","))
        reduced = int(float(record["extended"]["scaleFactor"]))
        degrees = degrees_per_pixel(model, width, height)
        # Its lens gives the edges a little more than the middle.
        assert degrees == pytest.approx(NAVCAM_DEG * reduced, rel=0.12), record["imageid"]


def test_a_pinhole_is_its_focal_length() -> None:
    model = CameraModel.made("CAHV", **FORWARD, focal_px=1000, centre_px=(319.5, 239.5))
    assert degrees_per_pixel(model, 640, 480) == pytest.approx(np.degrees(1 / 1000), rel=1e-6)


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        "text",
        {},
        {"camera": {"camera_model_component_list": "UNK", "camera_model_type": "UNK"}},
        {"camera": {"camera_model_component_list": None, "camera_model_type": "CAHV"}},
        {"camera": "NAVCAM", "camera_model_component_list": "(1,2)", "camera_model_type": "CAHV"},
    ],
)
def test_a_record_without_a_model_has_none(record: object) -> None:
    assert model_of_record(record) is None


def test_a_record_of_curiosity_has_it_at_the_top() -> None:
    model = CameraModel.made("CAHV", **FORWARD, focal_px=1000, centre_px=(512, 512))
    record = {"camera_model_component_list": model.text(), "camera_model_type": "CAHV"}
    found = model_of_record(record)
    assert found is not None
    assert found.focal_px == pytest.approx((1000, 1000))


def test_what_sees_nothing_there_has_no_scale() -> None:
    # The polynomial of the lens has turned back long before the middle of so large a picture.
    model = CameraModel.made(
        "CAHVOR", **FORWARD, focal_px=100, centre_px=(10, 10), r=(0.0, -5.0, 0.0)
    )
    assert degrees_per_pixel(model, 100_000, 100_000) is None
