"""The plan: what is exposed where and when, and when it reaches the Earth."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from solbook.clock import LMST_S_PER_SOL, landing_site, mission_clock
from solbook.imaging import Window
from solbook.missions import mission
from solbook.rehearsal import observations as obs
from solbook.rehearsal.drive import WHEELS_M, standing, vector_text
from solbook.rehearsal.exposures import ArmPlacing, Floats, Heights, MastPointing
from solbook.rehearsal.flights import helicopter_at
from solbook.rehearsal.ground import WHEEL_TRACK_M
from solbook.rehearsal.plan import PER_SOL_RICH, plan_mission
from tests.rehearsal.planned import SEED, exposures, frames, hills, pictures, planned


def test_the_same_seed_gives_the_same_plan() -> None:
    again = plan_mission(12, SEED, hills)
    for before, after in zip(planned(), again, strict=True):
        assert [one.product_id for one in before.pictures] == [
            one.product_id for one in after.pictures
        ]
        assert [one.model_text for one in before.pictures] == [
            one.model_text for one in after.pictures
        ]
        assert [one.received_ns for one in before.pictures] == [
            one.received_ns for one in after.pictures
        ]
        assert (before.path_m, before.waypoints, before.flight) == (
            after.path_m,
            after.waypoints,
            after.flight,
        )


def test_a_sol_does_not_depend_on_how_many_are_asked_for() -> None:
    few = plan_mission(3, SEED, hills)
    for before, after in zip(planned(), few, strict=False):
        assert [one.product_id for one in before.pictures] == [
            one.product_id for one in after.pictures
        ]
        assert before.passes == after.passes


def test_another_seed_gives_another_mission() -> None:
    assert planned()[2].path_m != planned(3, seed=SEED + 1)[2].path_m


@pytest.mark.parametrize("seed", [0, SEED, 2**63 + 5])
def test_how_many_frames_there_are(seed: int) -> None:
    assert 285 <= len(frames(planned(seed=seed))) <= 315


def test_a_rich_mission_has_about_two_thousand_frames() -> None:
    plans = planned(30, per_sol=PER_SOL_RICH)
    assert 1_850 <= len(frames(plans)) <= 2_150
    assert {plan.kind for plan in plans} >= {"landing", "drive", "stay", "flight", "panorama"}


def test_few_frames_can_be_asked_for() -> None:
    for plan in planned(per_sol=8):
        assert plan.pictures


def test_frames_are_of_the_sizes_that_are_quickly_made() -> None:
    sizes = Counter(one.width_px for one in frames(planned()))
    assert min(sizes) >= 320
    assert max(sizes) <= 1296
    reduced = sum(one.delivery.window.scale_factor > 1 for one in frames(planned()))
    assert reduced > 0.7 * len(frames(planned()))


def test_every_camera_and_every_form_of_delivery_occurs() -> None:
    plans = planned()
    assert len({one.camera for one in exposures(plans)}) == 11
    assert {one.delivery.form for one in frames(plans)} == {"colour", "bayer", "grey"}
    windows = {one.delivery.window for one in frames(plans)}
    assert Window(1, 1441, 5120, 960, 4) in windows
    assert Window(1273, 1, 1296, 968) in windows
    assert Window(2545, 1905, 2576, 1936, 2) in windows
    purposes = {one.purpose for one in exposures(plans)}
    assert {"sunset", "the night sky", "sunrise", "watching for dust devils"} <= purposes


@pytest.mark.parametrize(("tiles", "overlap_px"), [(obs.FULL_TILES, 16), (obs.HALF_TILES, 32)])
def test_tiles_cover_the_detector(tiles: tuple[obs.Delivery, ...], overlap_px: int) -> None:
    covered = np.zeros((3840, 5120), dtype=int)
    for tile in tiles:
        window = tile.window
        y, x = window.first_line - 1, window.first_sample - 1
        covered[y : y + window.height_px, x : x + window.width_px] += 1
        assert window.width_px % window.scale_factor == 0
        assert window.height_px % window.scale_factor == 0
    assert covered.min() == 1
    across = covered[0]
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[1], across, [1]]))))[::2]
    assert set(runs.tolist()) == {overlap_px}
    assert len({tile.tile for tile in tiles}) == len(tiles)


def test_times_are_those_of_the_mission_s_clock() -> None:
    clock = mission_clock("rehearsal")
    for plan in planned():
        times = [one.utc_ns for one in plan.exposures]
        assert times == sorted(times)
        for one in plan.exposures:
            assert one.sol == plan.sol
            assert 0 <= one.lmst_s < LMST_S_PER_SOL
            assert one.lmst_s == round(one.lmst_s, 3)
            assert one.utc_ns == clock.to_utc(one.sol, one.lmst_s)


def test_the_first_frame_comes_after_the_landing() -> None:
    landed_ns = mission("rehearsal").landing_utc_ns
    assert landed_ns is not None
    first = planned()[0]
    assert first.kind == "landing"
    assert 0 < first.exposures[0].utc_ns - landed_ns < 600e9
    assert first.waypoints[0].utc_ns == landed_ns


def test_the_spacecraft_clock_counts_seconds() -> None:
    every = exposures(planned())
    first, last = every[0], every[-1]
    seconds = (last.utc_ns - first.utc_ns) / 1e9
    assert last.sclk_s - first.sclk_s == pytest.approx(seconds, rel=1e-5)
    for one in every:
        assert round(one.sclk_s * 1000) == pytest.approx(one.sclk_s * 1000, abs=1e-3)


def test_no_camera_does_two_things_at_once() -> None:
    moments = Counter((one.camera, one.utc_ns) for one in exposures(planned(30)))
    assert max(moments.values()) == 1


def test_local_times_are_believable() -> None:
    site = landing_site("rehearsal")
    for one in exposures(planned()):
        sun_deg = site.sun(one.utc_ns).el_deg
        if one.purpose in {"sunset", "sunrise"}:
            assert -6 < sun_deg < 6
        elif one.purpose == "the night sky":
            assert sun_deg < -10
        else:
            assert sun_deg > 2
        if one.purpose in {"before the drive", "end of drive", "on the way"}:
            assert 11 * 3600 < one.lmst_s < 16 * 3600


def test_counters_count_as_the_real_ones() -> None:
    stops = [stop for plan in planned(40) for stop in plan.waypoints]
    assert stops[-1].pose.site > 2
    for before, after in pairwise(stops):
        assert after.driven_m > before.driven_m
        if after.pose.site == before.pose.site:
            assert after.pose.drive > before.pose.drive
            assert after.pose.site_origin_m == before.pose.site_origin_m
        else:
            assert after.pose.site == before.pose.site + 1
            assert after.pose.drive == 0
            assert vector_text(after.pose.xyz_m) == "(0.0,0.0,0.0)"
    for stop in stops:
        assert stop.pose.drive % 2 == 0
        assert stop.pose.drive < 10_000


def test_the_path_leads_from_stop_to_stop() -> None:
    plans = planned()
    path = np.array([point for plan in plans for point in plan.path_m])
    assert path[0].tolist() == [0.0, 0.0]
    assert np.linalg.norm(np.diff(path, axis=0), axis=1).max() < 0.501
    for plan in plans:
        for stop in plan.waypoints:
            here = path[stop.pose.driven - 1]
            assert np.abs(here - stop.pose.position_m[:2]).max() < 1e-3
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    assert length == pytest.approx(plans[-1].waypoints[-1].driven_m, rel=1e-3)


def test_it_stays_near_the_landing_point_and_off_steep_ground() -> None:
    def cliff(north_m: Floats, east_m: Floats) -> Floats:
        return hills(north_m, east_m) + 40 / (1 + np.exp(-(north_m - 60) / 4))

    path = np.array([p for plan in plan_mission(60, 3, cliff, per_sol=10) for p in plan.path_m])
    assert np.hypot(*path.T).max() < 1_500
    up_m = cliff(path[:, 0], path[:, 1])
    assert np.abs(np.diff(up_m)).max() / 0.5 < 0.8


def test_wheels_stand_on_the_ground() -> None:
    def slope(north_m: Floats, east_m: Floats) -> Floats:
        return 0.2 * north_m - 0.1 * east_m + 7.0

    down_m, attitude = standing(slope, 10.0, 20.0, 65.0)
    turned = np.column_stack([WHEELS_M, np.zeros(6)]) @ attitude.matrix().T
    places = turned + np.array([10.0, 20.0, down_m])
    # The wheels are as far apart on the slope as on the level, so they touch it exactly.
    assert np.abs(-places[:, 2] - slope(places[:, 0], places[:, 1])).max() < 1e-9
    assert attitude.heading_pitch_roll_deg()[0] == pytest.approx(65.0)
    assert np.ptp(WHEELS_M[:, 1]) == WHEEL_TRACK_M


def test_the_rover_stands_on_the_detailed_ground() -> None:
    asked = []

    def around(north_m: float, east_m: float, path_m: Floats) -> Heights:
        asked.append(len(path_m))
        return lambda north, east: hills(north, east) + 0.25

    raised = plan_mission(5, SEED, hills, around)
    for plan, before in zip(raised, planned(), strict=False):
        for one, other in zip(plan.waypoints, before.waypoints, strict=True):
            assert one.pose.position_m[2] == pytest.approx(other.pose.position_m[2] - 0.25)
    assert asked == sorted(set(asked))


def test_pairs_and_panoramas_hang_together() -> None:
    pairs, rounds = defaultdict(list), defaultdict(list)
    for one in exposures(planned()):
        if one.stereo:
            pairs[one.stereo].append(one)
        if one.panorama:
            rounds[one.panorama].append(one)
    assert len(pairs) > 50
    for left, right in pairs.values():
        assert left.sclk_s == right.sclk_s
        assert left.aim == right.aim
        assert (left.model.c_m != right.model.c_m).any()
    full_circles = 0
    for members in rounds.values():
        azimuths = sorted(
            {one.aim.azimuth_deg for one in members if isinstance(one.aim, MastPointing)}
        )
        full_circles += len(azimuths) == 6 and np.ptp(azimuths) == pytest.approx(300)
    assert full_circles >= 2


def test_close_ups_are_as_far_from_the_ground_as_they_say() -> None:
    placings = [one for one in exposures(planned()) if isinstance(one.aim, ArmPlacing)]
    assert len({one.aim.distance_m for one in placings if isinstance(one.aim, ArmPlacing)}) >= 3
    for one in placings:
        aim = one.aim
        assert isinstance(aim, ArmPlacing)
        spot = np.array(aim.position_m) + aim.distance_m * np.array(aim.axis)
        north, east, down = one.pose.to_ground(spot)
        assert -down == pytest.approx(float(hills(north, east)), abs=0.002)
        assert np.linalg.norm(aim.axis) == pytest.approx(1)


def test_sunset_frames_have_the_sun_in_them() -> None:
    site = landing_site("rehearsal")
    for one in exposures(planned()):
        if one.purpose == "sunset" and one.camera.startswith("NAVCAM"):
            sun = site.sun(one.utc_ns)
            az, el = np.radians([sun.az_deg, sun.el_deg])
            towards = np.array([np.cos(el) * np.cos(az), np.cos(el) * np.sin(az), -np.sin(el)])
            far = one.pose.attitude.matrix().T @ towards * 1e9
            x, y = one.model.project(far)
            assert 0 < x < 5119
            assert 0 < y < 3839


def test_poses_turn_points_there_and_back() -> None:
    pose = planned()[4].waypoints[-1].pose
    points = np.array([[1.0, 2.0, 3.0], [-4.0, 0.5, 0.0]])
    assert np.allclose(pose.to_vehicle(pose.to_ground(points)), points)
    ahead = pose.to_ground(np.array([1.0, 0.0, 0.0])) - pose.position_m
    heading_deg = np.degrees(np.arctan2(ahead[1], ahead[0])) % 360
    assert heading_deg == pytest.approx(pose.attitude.heading_pitch_roll_deg()[0])


def test_flights_lead_from_where_the_helicopter_stood() -> None:
    plans = planned(30)
    flights = [plan for plan in plans if plan.flight]
    assert [plan.flight.number for plan in flights if plan.flight] == list(
        range(1, len(flights) + 1)
    )
    for plan in flights:
        flight = plan.flight
        assert flight is not None
        start, end = helicopter_at(plan, flight.takeoff_ns), helicopter_at(plan, flight.landing_ns)
        assert start is not None
        assert end is not None
        assert np.allclose(start.position_m, flight.path[0][1], atol=1e-5)
        assert np.allclose(end.position_m, flight.path[-1][1], atol=1e-5)
        assert flight.greatest_height_m > 4
        taken = [one for one in plan.exposures if one.camera.startswith("HELI")]
        assert {one.camera for one in taken} == {"HELI_NAV", "HELI_RTE"}
        for one in taken:
            assert flight.takeoff_ns < one.utc_ns < flight.landing_ns
            there = helicopter_at(plan, one.utc_ns)
            assert there is not None
            assert np.allclose(one.pose.position_m, there.position_m, atol=0.01)
            north, east, down = one.pose.position_m
            assert -down > hills(np.array(north), np.array(east)) + 0.25
    assert helicopter_at(plans[0], plans[0].exposures[0].utc_ns) is None


def test_the_rover_sees_the_helicopter_in_the_air() -> None:
    plans = [plan for plan in planned() if plan.flight]
    for plan in plans:
        seen = [one for one in plan.exposures if one.purpose == "the helicopter in flight"]
        assert len(seen) == 2
        for one in seen:
            there = helicopter_at(plan, one.utc_ns)
            assert there is not None
            x, y = one.model.project(one.pose.to_vehicle(np.array(there.position_m)))
            assert 0 < x < 1647
            assert 0 < y < 1199


def test_data_comes_down_with_relay_passes() -> None:
    plans = planned()
    for plan in plans:
        assert 2 <= len(plan.passes) <= 3
        for one in plan.passes:
            assert 0 < one.ends_ns - one.begins_ns < 3600 * 10**9
    by_exposure = defaultdict(list)
    ends = sorted(one.ends_ns for plan in planned(20) for one in plan.passes)
    for picture in pictures(plans):
        by_exposure[picture.exposure.key].append(picture)
        pass_ended_ns = max(end for end in ends if end <= picture.received_ns)
        assert picture.received_ns - pass_ended_ns < 600 * 10**9
        assert picture.received_ns > picture.exposure.utc_ns + 600 * 10**9
    with_thumbnail = 0
    for together in by_exposure.values():
        thumbnails = [one for one in together if one.delivery.sample_type == "Thumbnail"]
        with_thumbnail += bool(thumbnails)
        for thumbnail in thumbnails:
            assert all(
                thumbnail.received_ns < one.received_ns for one in together if one is not thumbnail
            )
    assert 0.75 < with_thumbnail / len(by_exposure) < 0.95


def test_all_files_of_an_exposure_look_the_same_way() -> None:
    for plan in planned():
        for picture in plan.pictures:
            corners = [[0, 0], [picture.width_px - 1, picture.height_px - 1]]
            window, model = picture.delivery.window, picture.exposure.model
            ways = picture.model.rays(np.array(corners))[1]
            of_detector = model.rays(window.to_detector(corners))[1]
            assert np.abs(ways - of_detector).max() < 1e-9
