"""The cameras of the simulated rover and its helicopter, with numbers like the real ones.

`data/cameras.csv` has a camera model for each (three for the zoom), in the pixels of its whole
detector and in the frame of what carries it:

* `body`: the rover frame;
* `mast`: the head's frame: its origin is the joint of the two mast motors; at azimuth 0 and
  elevation 0 its axes are the rover's;
* `arm`: the camera's own: x where it looks, y to the right and z down in its picture;
* `helicopter`: the helicopter's body frame.

The joint was fitted to the 45 recorded Navcam models. With it the recorded places of both eyes
follow from `mastAz` and `mastEl` within 2 mm, and where they look within 0.1 degrees. Their roll is
up to half a degree off, because the real mast leans a little.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import radians

import numpy as np

from solbook.errors import SolbookError
from solbook.imaging import CameraModel, Window, azimuth_elevation_deg, camera_vector
from solbook.rehearsal.exposures import ArmPlacing, Floats, MastPointing

HEAD_JOINT_M = (0.80505, 0.55948, -1.919)
"""The mast head's joint in the rover frame; least squares over the recorded models, see above."""
ZOOM_MM = (26, 110)
"""Least and greatest focal length of Mastcam-Z (Bell et al. 2021)."""


@dataclass(frozen=True, slots=True)
class Camera:
    """What stays the same about a camera.

    Attributes:
        code: The feed's `instrument`.
        letters: First two letters of its product ids.
        folder: Its folder in the addresses of files.
        name: As in the feed's titles.
        mount: What carries it: `body`, `mast`, `arm` or `helicopter`.
        width_px: Width of the detector as far as it is read.
        height_px: Its height.
        partner: Code of the other eye, if there is one.
    """

    code: str
    letters: str
    folder: str
    name: str
    mount: str
    width_px: int
    height_px: int
    partner: str | None

    @property
    def detector(self) -> Window:
        """The whole detector."""
        return Window(1, 1, self.width_px, self.height_px)


_NAMES = {
    "NAVCAM_LEFT": ("NL", "ncam", "Left Navigation Camera (Navcam)", "NAVCAM_RIGHT"),
    "NAVCAM_RIGHT": ("NR", "ncam", "Right Navigation Camera (Navcam)", "NAVCAM_LEFT"),
    "FRONT_HAZCAM_LEFT_A": (
        "FL",
        "fcam",
        "Front Left Hazard Avoidance Camera (Hazcam)",
        "FRONT_HAZCAM_RIGHT_A",
    ),
    "FRONT_HAZCAM_RIGHT_A": (
        "FR",
        "fcam",
        "Front Right Hazard Avoidance Camera (Hazcam)",
        "FRONT_HAZCAM_LEFT_A",
    ),
    "REAR_HAZCAM_LEFT": (
        "RL",
        "rcam",
        "Rear Left Hazard Avoidance Camera (Hazcam)",
        "REAR_HAZCAM_RIGHT",
    ),
    "REAR_HAZCAM_RIGHT": (
        "RR",
        "rcam",
        "Rear Right Hazard Avoidance Camera (Hazcam)",
        "REAR_HAZCAM_LEFT",
    ),
    "MCZ_LEFT": ("ZL", "zcam", "Left Mastcam-Z Camera", "MCZ_RIGHT"),
    "MCZ_RIGHT": ("ZR", "zcam", "Right Mastcam-Z Camera", "MCZ_LEFT"),
    "SHERLOC_WATSON": ("SI", "shrlc", "WATSON Camera", None),
    "HELI_NAV": ("HN", "heli", "Mars Helicopter Navigation Camera", None),
    "HELI_RTE": ("HS", "heli", "Mars Helicopter Color Camera", None),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table."""

    camera: Camera
    focal_mm: float
    model: CameraModel


def camera_named(code: str) -> Camera:
    """The camera of a feed's code.

    Raises:
        SolbookError: `unknown_camera`.
    """
    return _rows(code)[0].camera


def camera_codes() -> tuple[str, ...]:
    """The codes of all cameras, in the order of the table."""
    return tuple(_table())


def camera_model(
    code: str, aim: MastPointing | ArmPlacing | None = None, focal_mm: float | None = None
) -> CameraModel:
    """A camera as it is turned and zoomed.

    Args:
        code: The feed's code.
        aim: A `MastPointing` for cameras on the mast, an `ArmPlacing` for one on the arm, nothing
            for the others.
        focal_mm: Focal length of Mastcam-Z, 26 to 110 mm; nothing for the others.

    Returns:
        Its model in the pixels of the whole detector, in the frame of the rover or, for the
        helicopter's cameras, of the helicopter.

    Raises:
        SolbookError: `bad_argument`: the aim or the focal length is not one of this camera.
    """
    rows = _rows(code)
    mount = rows[0].camera.mount
    model = _at_focal_length(rows, focal_mm)
    if mount == "mast" and isinstance(aim, MastPointing):
        return model.moved(head_rotation(aim), HEAD_JOINT_M)
    if mount == "arm" and isinstance(aim, ArmPlacing):
        return model.moved(_arm_rotation(aim), aim.position_m)
    if mount in {"body", "helicopter"} and aim is None:
        return model
    raise SolbookError(
        f"The camera {code} cannot be aimed so.",
        code="bad_argument",
        found=repr(aim),
        expected={"mast": "a MastPointing", "arm": "an ArmPlacing"}.get(mount, "no aim"),
        help="Cameras of the body and of the helicopter look where the vehicle turns them.",
    )


def head_rotation(aim: MastPointing) -> Floats:
    """The rotation from the mast head's frame into the rover frame, shape (3, 3)."""
    az, el = radians(aim.azimuth_deg), radians(aim.elevation_deg)
    turn = np.array([[np.cos(az), -np.sin(az), 0], [np.sin(az), np.cos(az), 0], [0, 0, 1]])
    raised = np.array([[np.cos(el), 0, np.sin(el)], [0, 1, 0], [-np.sin(el), 0, np.cos(el)]])
    rotation: Floats = turn @ raised
    return rotation


def pointing_at(target_m: Floats) -> MastPointing:
    """How to turn the head so that it faces a place.

    Args:
        target_m: Shape (3,), in the rover frame.
    """
    azimuth, elevation = azimuth_elevation_deg(np.asarray(target_m) - np.array(HEAD_JOINT_M))
    return MastPointing(float(azimuth), float(elevation))


def direction_deg(model: CameraModel, detector: Window) -> tuple[float, float]:
    """Where the middle of a camera looks: the feed's `mastAz` and `mastEl`.

    The real feed states them so, by camera and not by motor, for the mast and for the arm.

    Args:
        model: In the pixels of the detector, in the vehicle frame.
        detector: The whole detector.

    Returns:
        Azimuth, -180 to 180 degrees clockwise from the vehicle's front, and elevation above its
        horizontal plane, -90 to 90 degrees.
    """
    azimuth, elevation = azimuth_elevation_deg(camera_vector(model, detector))
    return float((azimuth + 180) % 360 - 180), float(elevation)


def _arm_rotation(aim: ArmPlacing) -> Floats:
    ahead = np.array(aim.axis)
    across = np.cross(ahead, np.array(aim.up))
    right = across / np.linalg.norm(across)
    return np.stack([ahead, right, np.cross(ahead, right)], axis=1)


def _at_focal_length(rows: tuple[_Row, ...], focal_mm: float | None) -> CameraModel:
    """The model between the two rows of a zoom that a focal length lies between."""
    if (focal_mm is not None) != (len(rows) > 1) or not (
        focal_mm is None or ZOOM_MM[0] <= focal_mm <= ZOOM_MM[1]
    ):
        raise SolbookError(
            f"The camera {rows[0].camera.code} has no such focal length.",
            code="bad_argument",
            found=f"{focal_mm} mm",
            expected=f"{ZOOM_MM[0]} to {ZOOM_MM[1]} mm for Mastcam-Z, none for the others",
            help="Give focal_mm for Mastcam-Z only.",
        )
    if focal_mm is None:
        return rows[0].model
    upper = next(k for k in range(1, len(rows)) if focal_mm <= rows[k].focal_mm)
    low, high = rows[upper - 1], rows[upper]
    share = (focal_mm - low.focal_mm) / (high.focal_mm - low.focal_mm)

    def between(start: Floats | None, end: Floats | None) -> Floats:
        if start is None or end is None:
            raise TypeError("a zoom's models are CAHVOR, which has all six vectors")
        mixed: Floats = start + share * (end - start)
        return mixed

    near, far = low.model, high.model
    return CameraModel(
        kind="CAHVOR",
        c_m=between(near.c_m, far.c_m),
        a=between(near.a, far.a),
        h_px=between(near.h_px, far.h_px),
        v_px=between(near.v_px, far.v_px),
        o=between(near.o, far.o),
        r=between(near.r, far.r),
    )


def _rows(code: str) -> tuple[_Row, ...]:
    rows = _table().get(code)
    if rows is None:
        raise SolbookError(
            "The rehearsal has no such camera.",
            code="unknown_camera",
            found=code,
            expected=", ".join(_table()),
            help="Use one of the codes.",
        )
    return rows


@cache
def _table() -> dict[str, tuple[_Row, ...]]:
    text = (files("solbook.rehearsal") / "data" / "cameras.csv").read_text(encoding="utf-8")
    table: dict[str, tuple[_Row, ...]] = {}
    for line in csv.DictReader(text.splitlines()):
        code = line["camera"]
        letters, folder, name, partner = _NAMES[code]
        size = int(line["width_px"]), int(line["height_px"])
        camera = Camera(code, letters, folder, name, line["mount"], *size, partner)
        model = CameraModel.parse(line["camera_model"], line["camera_model_type"])
        row = _Row(camera, float(line["focal_mm"] or 0), model)
        table[code] = (*table.get(code, ()), row)
    return table
