"""The truth file: what it says of each picture is so."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from solbook.clock import landing_site
from solbook.errors import SolbookError
from solbook.imaging import Attitude, CameraModel
from solbook.rehearsal.cameramen import Developed
from solbook.rehearsal.exposures import Picture, SolPlan
from solbook.rehearsal.records import record_of
from solbook.rehearsal.truth import COLUMNS, FRAMES, ROWS, TRUTH, TruthWriter, column_names
from tests.rehearsal.staged import plans, rendered, scene_of, stage

Row = dict[str, Any]


@cache
def sol_1() -> SolPlan:
    """Of the sol after the landing: three stereo pairs, the deck, all thumbnails."""
    plan = plans()[1]
    full = [one for one in plan.pictures if one.delivery.sample_type == "Full"]
    pairs = [one for one in full if one.exposure.stereo][:6]
    decks = [one for one in full if one.exposure.purpose == "the rover's deck"][:1]
    kept = [one for one in plan.pictures if one in pairs or one in decks or one not in full]
    return replace(plan, pictures=tuple(kept))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal")
    writer = TruthWriter(folder, [sol_1()], stage().site)
    for picture in sol_1().pictures:
        writer.add(Developed(picture, "", b"", rendered(picture, scene_of(picture))))
    writer.close()
    return folder


@pytest.fixture(scope="module")
def rows(written: Path) -> dict[str, Row]:
    table = pq.read_table(written / TRUTH / FRAMES)
    assert tuple(table.column_names) == column_names()
    return {row["product_id"]: row for row in table.to_pylist()}


def pictures() -> dict[str, Picture]:
    return {picture.product_id: picture for picture in sol_1().pictures}


def test_every_picture_has_a_row(rows: dict[str, Row]) -> None:
    assert list(rows) == list(pictures())
    for product_id, row in rows.items():
        record = record_of(pictures()[product_id])
        assert row["camera"] == record["camera"]["instrument"]
        assert row["model"] == record["camera"]["camera_model_component_list"]
        assert row["sol"] == record["sol"]
        assert (row["site"], str(row["drive"])) == (record["site"], record["drive"])


def test_the_sun_is_the_clocks(rows: dict[str, Row]) -> None:
    site = landing_site("rehearsal")
    for row in rows.values():
        sun = site.sun(row["utc_ns"])
        assert (row["sun_azimuth_deg"], row["sun_elevation_deg"]) == (sun.az_deg, sun.el_deg)
        turn = Attitude(*row["attitude"]).matrix()
        np.testing.assert_allclose(turn @ row["sun_vehicle"], row["sun_site"], atol=1e-12)
        lit_from = stage().light_at(row["utc_ns"]).sun
        np.testing.assert_allclose(np.array(row["sun_site"]) * [1, 1, -1], lit_from, atol=1e-15)


def test_the_rows_own_model_puts_its_points_where_it_says(rows: dict[str, Row]) -> None:
    shown = 0
    for row in rows.values():
        points_m = points(row)
        seen = ~np.isnan(points_m[:, 0])
        assert len(points_m) == COLUMNS * ROWS
        assert [word == "sky" for word in row["grid_seen"]] == (~seen).tolist()
        model = CameraModel.parse(row["model"], row["model_kind"])
        turn = Attitude(*row["attitude"]).matrix()
        in_vehicle_m = (points_m[seen] - row["position_m"]) @ turn
        expected = np.column_stack([row["grid_sample_px"], row["grid_line_px"]])[seen]
        assert np.abs(model.project(in_vehicle_m) - expected).max(initial=0) < 0.02
        away_m = np.linalg.norm(in_vehicle_m - model.c_m, axis=1)
        ranges = np.array(row["grid_range_m"], float)[seen]
        np.testing.assert_allclose(away_m, ranges, rtol=1e-9, atol=1e-9)
        shown += seen.sum()
    assert shown > 2_000


def points(row: Row) -> np.ndarray:
    columns = ("grid_north_m", "grid_east_m", "grid_down_m")
    return np.array([row[name] for name in columns], float).T


def test_what_is_seen_has_its_name(rows: dict[str, Row]) -> None:
    words = {word for row in rows.values() for word in row["grid_seen"]}
    assert words == {"sky", "ground", "rock", "machine"}
    deck = next(row for row in rows.values() if row["purpose"] == "the rover's deck")
    assert deck["grid_seen"].count("machine") > COLUMNS * ROWS / 8
    for row in rows.values():
        away_m = np.linalg.norm(points(row) - row["position_m"], axis=1)
        is_machine = np.array(row["grid_seen"]) == "machine"
        assert (away_m[is_machine] < 4).all()


def test_stereo_partners_are_the_two_eyes_of_a_moment(rows: dict[str, Row]) -> None:
    pairs = [row for row in rows.values() if row["stereo_partner"]]
    assert len(pairs) >= 4
    for row in pairs:
        other = rows[row["stereo_partner"]]
        assert other["stereo_partner"] == row["product_id"]
        assert other["utc_ns"] == row["utc_ns"]
        assert other["camera"] != row["camera"]
        assert (other["first_sample"], other["width_px"]) == (row["first_sample"], row["width_px"])


def test_overlaps_are_frames_that_see_the_same_ground(rows: dict[str, Row]) -> None:
    full = [row for row in rows.values() if row["sample_type"] == "Full"]
    shares = {
        (row["product_id"], one["product_id"]): one["share"]
        for row in rows.values()
        for one in row["overlaps"]
    }
    assert all(0.05 <= share <= 1 for share in shares.values())
    for row in rows.values():
        if row["sample_type"] == "Thumbnail":
            assert row["overlaps"] == []
        elif row["stereo_partner"] and "ground" in row["grid_seen"]:
            assert shares[row["product_id"], row["stereo_partner"]] > 0.5
    # Front and rear Hazcams, and frames that look opposite ways, have no ground in common.
    for row in full:
        for other in full:
            if np.dot(looks(row), looks(other)) < -0.95:
                assert shares.get((row["product_id"], other["product_id"]), 0) < 0.1


def looks(row: Row) -> np.ndarray:
    model = CameraModel.parse(row["model"], row["model_kind"])
    centre = [(row["width_px"] - 1) / 2, (row["height_px"] - 1) / 2]
    return Attitude(*row["attitude"]).matrix() @ model.rays(centre)[1]


def test_the_same_pictures_give_the_same_bytes_also_in_two_runs(
    written: Path, tmp_path: Path
) -> None:
    first = TruthWriter(tmp_path, [sol_1()], stage().site)
    half = len(sol_1().pictures) // 2
    for picture in reversed(sol_1().pictures[half:]):
        first.add(Developed(picture, "", b"", rendered(picture, scene_of(picture))))
    second = TruthWriter(tmp_path, [sol_1()], stage().site)
    with pytest.raises(SolbookError, match="not known any more"):
        second.close()
    for picture in sol_1().pictures[:half]:
        second.add(Developed(picture, "", b"", rendered(picture, scene_of(picture))))
    second.close()
    second.close()
    assert digest(tmp_path) == digest(written)
    assert [path.name for path in (tmp_path / TRUTH).iterdir()] == [FRAMES]


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / TRUTH / FRAMES).read_bytes()).hexdigest()


def test_every_column_says_what_it_is_and_is_documented(written: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "rehearsal-truth.md").read_text(encoding="utf-8")
    schema = pq.read_schema(written / TRUTH / FRAMES)
    for name in column_names():
        assert schema.field(name).metadata[b"meaning"]
        assert f"| `{name}` |" in page
    assert b"simulated" in schema.metadata[b"about"]
