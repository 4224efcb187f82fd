"""Camera models: every recorded one, analytic cases, other frames, damaged texts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from solbook.errors import SolbookError
from solbook.imaging import Attitude, CameraModel, camera_vector
from solbook.imaging.attitude import read_numbers
from tests.imaging.recorded import FORWARD, Floats, Record, grid, model_of, size_of, window_of

NAVCAM = (
    "(0.596901,0.700136,-1.97209);(-0.908339,-0.416313,0.0402249);(-280.994,-942.426,24.5511);"
    "(-86.1978,-41.0474,743.932);(-0.907741,-0.417605,0.0403423);(2e-06,0.049535,-0.015973);"
    "(-0.003612,0.013016,-0.023961);2.0;0.0"
)
WATSON = (
    "(1.15673,0.0527041,-0.581139);(-0.0461856,-0.879661,-0.473353);(810.245,551.696,-2824.79);"
    "(2721.45,-1052.79,396.646);(-0.0249535,-0.882695,-0.469283);(0.000473,-0.032613,0.136778)"
)

angles = st.floats(-180, 180)
lengths = st.floats(-1000, 1000)


def navcam(lens: str = "2.0;0.0") -> CameraModel:
    return CameraModel.parse(NAVCAM.removesuffix("2.0;0.0") + lens, "CAHVORE")


def watson() -> CameraModel:
    return CameraModel.parse(WATSON, "CAHVOR")


def pinhole() -> CameraModel:
    return CameraModel.made("CAHV", **FORWARD, focal_px=700, centre_px=(640, 480))


def models() -> list[CameraModel]:
    general = (navcam(f"3.0;{linearity}") for linearity in (0.5, -0.3, -0.8))
    return [pinhole(), watson(), navcam(), navcam("1.0;0.0"), *general]


def round_trip_px(model: CameraModel, pixels: Floats, distance_m: float) -> float:
    origins, directions = model.rays(pixels)
    return float(np.abs(model.project(origins + distance_m * directions) - pixels).max())


# The recorded models


def test_recorded_models_lead_from_pixels_to_points_and_back(
    sidecars: list[Record], early_records: list[Record]
) -> None:
    assert len(sidecars) == 45
    assert len(early_records) > 250
    for record in sidecars + early_records:
        pixels = grid(*size_of(record))
        for distance_m in (0.5, 5, 50, 1000):
            assert round_trip_px(model_of(record), pixels, distance_m) < 1e-6


def test_a_record_model_is_in_the_pixels_of_its_picture(sidecars: list[Record]) -> None:
    centres: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for record in sidecars:
        model, window, instrument = (
            model_of(record),
            window_of(record),
            record["camera"]["instrument"],
        )
        assert window.picture_size == size_of(record)
        focal_px = {"NAVCAM_LEFT": 2958.5, "NAVCAM_RIGHT": 2951.3}[instrument]
        assert model.focal_px[0] * window.scale_factor == pytest.approx(focal_px, abs=0.6)
        on_detector = model.on_detector(window)
        assert on_detector.focal_px[0] == pytest.approx(focal_px, abs=0.6)
        centres[instrument, window.scale_factor].append(on_detector.centre_px)
    assert len(centres) == 6
    for (instrument, _), found in centres.items():
        # The line hardly changes, so it would tell a wrong pixel centre of half a pixel.
        x, y = {"NAVCAM_LEFT": (2594.8, 1942.65), "NAVCAM_RIGHT": (2578.75, 1948.55)}[instrument]
        for centre in found:
            assert centre == (pytest.approx(x, abs=1.1), pytest.approx(y, abs=0.12))


def test_the_feed_looks_along_the_straight_ray_of_half_the_size(
    sidecars: list[Record], early_records: list[Record]
) -> None:
    for record in sidecars + early_records:
        camera, model = record["camera"], model_of(record)
        stated = read_numbers(camera["camera_vector"], 3, "camera_vector")
        np.testing.assert_allclose(camera_vector(model, window_of(record)), stated, atol=1e-5)
        position_m = read_numbers(camera["camera_position"], 3, "camera_position")
        np.testing.assert_array_equal(model.c_m, position_m)


def test_the_two_eyes_of_an_exposure(sidecars: list[Record]) -> None:
    exposures: dict[tuple[str, str], dict[str, CameraModel]] = defaultdict(dict)
    for record in sidecars:
        image_id = record["imageid"]
        key = (image_id[4:23], record["extended"]["subframeRect"])
        exposures[key][image_id[1]] = model_of(record)
    pairs = [eyes for eyes in exposures.values() if len(eyes) == 2]
    assert len(pairs) == 12
    for eyes in pairs:
        left, right = eyes["L"], eyes["R"]
        assert np.linalg.norm(left.c_m - right.c_m) == pytest.approx(0.4244, abs=0.0001)
        assert left.o is not None
        assert right.o is not None
        assert np.degrees(np.arccos(left.o @ right.o)) < 0.2
        origins, directions = left.rays(grid(600, 400) + 300)
        far_m = origins + 1e6 * directions
        in_right = right.project(far_m)
        np.testing.assert_allclose(right.rays(in_right)[1], directions, atol=1e-6)


def test_the_former_order_is_recognised(early_records: list[Record]) -> None:
    former = [
        record
        for record in early_records
        if record["camera"]["camera_model_component_list"].startswith("2.0")
        or record["camera"]["instrument"].startswith("MCZ")
    ]
    assert len(former) > 250
    for record in former:
        model = model_of(record)
        assert model.o is not None
        assert model.a @ model.o > 0.999
        assert model.focal_px[0] == pytest.approx(model.focal_px[1], rel=0.01)
        # Lines go down, and samples to the right of that.
        down = model.v_px - model.centre_px[1] * model.a
        assert down[2] > 0
        assert np.cross(model.h_px, model.v_px) @ model.a > 0


def test_both_orders_are_the_same_camera() -> None:
    c, a, h, v, o, r, e, *lens = NAVCAM.split(";")
    former = ";".join([*lens, v, o, r, e, c, a, h])
    assert CameraModel.parse(former, "CAHVORE").text() == navcam().text()
    c, a, h, v, o, r = WATSON.split(";")
    former = ";".join([v, o, r, c, a, h])
    assert CameraModel.parse(former, "CAHVOR").text() == watson().text()


# What JPL's own routines give, by the package cycahvore 0.0.1a0 (of VICAR)


@pytest.mark.parametrize(
    ("model", "pixel", "origin_m", "direction"),
    [
        (
            navcam(),
            (0, 0),
            (0.597847639, 0.7005715, -1.972132071),
            (-0.903960158, 0.411173903, -0.117439577),
        ),
        (
            navcam(),
            (1279, 239),
            (0.597645353, 0.700478439, -1.972123081),
            (-0.293855418, -0.942740953, 0.157760859),
        ),
        (
            navcam("1.0;0.0"),
            (1279, 239),
            (0.597134278, 0.700243319, -1.972100367),
            (-0.42580715, -0.893299671, 0.143888738),
        ),
        (
            navcam("3.0;0.5"),
            (0, 0),
            (0.597536323, 0.700428279, -1.972118235),
            (-0.923917834, 0.36650006, -0.10978862),
        ),
        (
            navcam("3.0;-0.7"),
            (1279, 239),
            (0.598081004, 0.700678859, -1.972142442),
            (-0.237812429, -0.957612247, 0.162554706),
        ),
        (
            watson(),
            (1647, 1199),
            (1.15673, 0.0527041, -0.581139),
            (0.22021168, -0.743058965, -0.631957428),
        ),
    ],
)
def test_rays_are_those_of_vicar(
    model: CameraModel, pixel: ArrayLike, origin_m: ArrayLike, direction: ArrayLike
) -> None:
    found_origin_m, found_direction = model.rays(pixel)
    np.testing.assert_allclose(found_origin_m, origin_m, atol=2e-9)
    np.testing.assert_allclose(found_direction, direction, atol=2e-9)


@pytest.mark.parametrize(
    ("model", "point_m", "pixel"),
    [
        (navcam(), (-0.5, -0.6, -2.2), (976.661327, -4.987476)),
        (navcam("1.0;0.0"), (-0.5, -0.6, -2.2), (1003.755627, -15.78941)),
        (navcam("3.0;-0.7"), (-0.5, -0.6, -2.2), (970.660382, -2.595024)),
        (watson(), (1.1, -0.4, -0.8), (639.31535, 466.621084)),
    ],
)
def test_projections_are_those_of_vicar(
    model: CameraModel, point_m: ArrayLike, pixel: ArrayLike
) -> None:
    np.testing.assert_allclose(model.project(point_m), pixel, atol=2e-6)


# Analytic cases


def test_a_pinhole() -> None:
    np.testing.assert_allclose(pinhole().project((10, 0, 0)), (640, 480))
    # One metre to the right and two up, ten ahead.
    np.testing.assert_allclose(pinhole().project((10, 1, -2)), (710, 340))
    origin_m, direction = pinhole().rays((710, 340))
    np.testing.assert_array_equal(origin_m, (0, 0, 0))
    np.testing.assert_allclose(direction, np.array([10, 1, -2]) / np.sqrt(105))
    assert pinhole().centre_px == pytest.approx((640, 480))
    assert pinhole().focal_px == pytest.approx((700, 700))


@pytest.mark.parametrize("r", [(0, 0, 0), (0.01, 0, 0), (0, 0.2, 0), (0.001, -0.1, 0.05)])
def test_radial_distortion(r: tuple[float, float, float]) -> None:
    model = CameraModel.made("CAHVOR", **FORWARD, focal_px=700, centre_px=(640, 480), r=r)
    tangent = 0.5
    bent = tangent * (1 + r[0] + r[1] * tangent**2 + r[2] * tangent**4)
    np.testing.assert_allclose(model.project((2, 1, 0)), (640 + 700 * bent, 480))


@pytest.mark.parametrize("linearity", [1, 0.5, 0, -0.5, -1])
def test_a_lens_between_perspective_and_orthographic(linearity: float) -> None:
    model = CameraModel.made(
        "CAHVORE", **FORWARD, focal_px=700, centre_px=(640, 480), linearity=linearity
    )
    theta = 1.0
    field = {
        1: np.tan(1),
        0.5: 2 * np.tan(0.5),
        0: 1,
        -0.5: 2 * np.sin(0.5),
        -1: np.sin(1),
    }[linearity]
    np.testing.assert_allclose(
        model.project((np.cos(theta), 0, np.sin(theta))), (640, 480 + 700 * field)
    )


def test_the_entrance_pupil_moves_along_the_axis() -> None:
    e = (0.004, 0.01, -0.02)
    model = CameraModel.made("CAHVORE", **FORWARD, focal_px=700, centre_px=(640, 480), e=e)
    theta = 0.8
    shift_m = (theta / np.sin(theta) - 1) * (e[0] + e[1] * theta**2 + e[2] * theta**4)
    origin_m, direction = model.rays((640 + 700 * theta, 480))
    np.testing.assert_allclose(origin_m, (shift_m, 0, 0), atol=1e-12)
    np.testing.assert_allclose(direction, (np.cos(theta), np.sin(theta), 0), atol=1e-12)


def test_a_perspective_cahvore_with_a_still_pupil_is_a_cahvor() -> None:
    flat = watson()
    same = replace(flat, kind="CAHVORE", e=np.zeros(3), linearity=1.0)
    pixels = grid(1648, 1200)
    np.testing.assert_allclose(same.rays(pixels)[1], flat.rays(pixels)[1], atol=1e-12)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(1, 50), st.sampled_from(range(7)))
def test_a_small_step_moves_a_pixel_little(
    right: float, down: float, distance_m: float, which: int
) -> None:
    model = models()[which]
    axis = model.a if model.o is None else model.o
    point_m = model.c_m + distance_m * (axis + 0.5 * np.cross(axis, (right, down, 0.3)))
    step_m = np.array([[0, 0, 0], [1e-6, 0, 0], [0, 1e-6, 0], [0, 0, 1e-6]])
    seen = model.project(point_m + step_m)
    assert np.abs(seen[1:] - seen[0]).max() < 1e-6 / distance_m * 30_000


@pytest.mark.parametrize("model", models())
def test_the_axis_itself_is_no_hole(model: CameraModel) -> None:
    axis = model.a if model.o is None else model.o
    aside = np.cross(axis, (0, 0, 1))
    offsets = np.array([-1e-6, -1e-12, 0, 1e-12, 1e-6])[:, None]
    seen = model.project(model.c_m + 5 * axis + offsets * aside)
    assert np.abs(np.diff(seen, axis=0)).max() < 0.001
    origin_m, direction = model.rays(seen[2])
    np.testing.assert_allclose(origin_m, model.c_m, atol=1e-9)
    np.testing.assert_allclose(direction, axis, atol=1e-9)


# What cannot be seen


@pytest.mark.parametrize("model", models())
def test_points_behind_are_nan(model: CameraModel) -> None:
    axis = model.a if model.o is None else model.o
    aside = np.cross(axis, (0, 0, 1))
    behind = np.array([-axis, -axis + 0.1 * aside, aside - 0.2 * axis, -100 * axis])
    assert np.isnan(model.project(model.c_m + behind)).all()
    assert np.isnan(model.project(model.c_m)).all()
    assert np.isnan(model.project((np.nan, 0, 0))).all()


def test_points_beyond_the_turn_of_the_polynomial_are_nan() -> None:
    model = CameraModel.made(
        "CAHVOR", **FORWARD, focal_px=700, centre_px=(640, 480), r=(0, -0.3, 0)
    )
    turn = 1 / np.sqrt(0.9)
    within, beyond = model.project([(1, 0.99 * turn, 0), (1, 1.01 * turn, 0)])
    assert np.isfinite(within).all()
    assert np.isnan(beyond).all()
    furthest = 700 * turn * (1 - 0.3 * turn**2)
    directions = model.rays([(640 + 0.99 * furthest, 480), (640 + 1.01 * furthest, 480)])[1]
    assert np.isfinite(directions[0]).all()
    assert np.isnan(directions[1]).all()


def test_a_point_within_the_lens_does_not_hang() -> None:
    near = navcam().c_m + np.random.default_rng(1).normal(0, 0.005, (10_000, 3))
    assert navcam().project(near).shape == (10_000, 2)


# Shapes


@pytest.mark.parametrize("model", models())
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 5), (20_000,)])
def test_shapes(model: CameraModel, shape: tuple[int, ...]) -> None:
    pixels = np.full((*shape, 2), 300.0)
    origins, directions = model.rays(pixels)
    assert origins.shape == directions.shape == (*shape, 3)
    seen = model.project(origins + 7 * directions)
    assert seen.shape == pixels.shape
    np.testing.assert_allclose(seen, pixels, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1)


def test_a_model_cannot_be_changed_through_its_arrays() -> None:
    given_m = np.array([1.0, 2, 3])
    model = replace(pinhole(), c_m=given_m)
    given_m[0] = 9
    assert model.c_m[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        model.h_px[0] = 0


# Other frames


@given(angles, st.floats(-60, 60), angles, st.tuples(lengths, lengths, lengths))
def test_a_moved_camera_sees_moved_points_the_same(
    heading: float, pitch: float, roll: float, shift_m: tuple[float, float, float]
) -> None:
    turn = Attitude.from_heading_pitch_roll(heading, pitch, roll).matrix()
    for model in (pinhole(), watson(), navcam()):
        moved = model.moved(turn, shift_m)
        origins, directions = model.rays(grid(600, 240, 4))
        points_m = origins + 5 * directions
        np.testing.assert_allclose(
            moved.project(points_m @ turn.T + shift_m), model.project(points_m), atol=1e-6
        )
        moved_origins, moved_directions = moved.rays(grid(600, 240, 4))
        np.testing.assert_allclose(moved_directions, directions @ turn.T, atol=1e-9)
        np.testing.assert_allclose(moved_origins, origins @ turn.T + shift_m, atol=1e-9)


# Text


@pytest.mark.parametrize("model", models())
@pytest.mark.parametrize("shift_m", [(0, 0, 0), (1234.567891234, -4321.1234567, 100 / 3)])
def test_text_round_trip(model: CameraModel, shift_m: ArrayLike) -> None:
    turn = Attitude.from_heading_pitch_roll(123.456, 7, -8).matrix()
    moved = model.moved(turn, shift_m)
    again = CameraModel.parse(moved.text(), moved.kind)
    assert again.linearity == model.linearity
    origins, directions = moved.rays(grid(600, 400))
    for distance_m in (0.5, 5, 500):
        points_m = origins + distance_m * directions
        np.testing.assert_allclose(again.project(points_m), moved.project(points_m), atol=0.001)


def test_text_is_in_the_form_of_the_feed() -> None:
    assert (
        navcam()
        .text()
        .endswith(";(2e-06,0.049535,-0.015973);(-0.003612,0.013016,-0.023961);2.0;0.0")
    )
    assert navcam().text().startswith("(0.596901,0.700136,-1.97209);(-0.90833")
    assert navcam("3.0;0.25").text().endswith(";3.0;0.25")


def test_spaces_are_allowed() -> None:
    spaced = " " + NAVCAM.replace(",", " , ").replace(";", " ;\n ") + " "
    assert CameraModel.parse(spaced, "CAHVORE").text() == navcam().text()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("UNK", "CAHVORE"),
        ("UNK", "CAHV"),
        ("", "CAHVOR"),
        (NAVCAM, "UNK"),
        (NAVCAM, "NONE"),
        (NAVCAM, "CAHVOR"),
        (WATSON, "CAHVORE"),
        (WATSON, "CAHV"),
        (NAVCAM[:-20], "CAHVORE"),
        (NAVCAM.replace("2.0;0.0", "4.0;0.0"), "CAHVORE"),
        (NAVCAM.replace("2.0;0.0", "UNK;UNK"), "CAHVORE"),
        (NAVCAM.replace("2.0;0.0", "3.0;1.5"), "CAHVORE"),
        (NAVCAM.replace("2.0;0.0", "3.0;nan"), "CAHVORE"),
        (NAVCAM.replace("0.700136", "nan"), "CAHVORE"),
        (NAVCAM.replace("0.700136", "inf"), "CAHVORE"),
        (NAVCAM.replace("0.700136,", ""), "CAHVORE"),
        (NAVCAM.replace("(-0.908339,-0.416313,0.0402249)", "(0,0,0)"), "CAHVORE"),
        (NAVCAM.replace("(-0.907741,", "(0.907741,"), "CAHVORE"),
        (WATSON.replace("(2721.45,-1052.79,396.646)", "(810.245,551.696,-2824.79)"), "CAHVOR"),
    ],
)
def test_damaged_text(text: str, kind: str) -> None:
    with pytest.raises(SolbookError) as caught:
        CameraModel.parse(text, kind)
    assert caught.value.code == "bad_camera_model"
    assert caught.value.found
    assert caught.value.expected
    assert caught.value.help


@given(
    st.text("0123456789.,;()-e UNK", max_size=80), st.sampled_from(["CAHV", "CAHVOR", "CAHVORE"])
)
def test_any_other_text_is_refused(text: str, kind: str) -> None:
    with pytest.raises(SolbookError):
        CameraModel.parse(text, kind)


def test_vectors_must_fit_the_kind() -> None:
    model = navcam()
    for wrong in ({"e": None}, {"kind": "CAHVOR"}, {"r": (1, 2)}, {"kind": "CAHVX"}):
        with pytest.raises(SolbookError, match="camera model"):
            replace(model, **wrong)  # type: ignore[arg-type]


def test_an_up_along_the_axis_is_refused() -> None:
    with pytest.raises(SolbookError, match="camera model"):
        CameraModel.made("CAHV", (0, 0, 0), (1, 0, 0), (2, 0, 0), 700, (640, 480))
