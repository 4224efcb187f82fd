"""The vocabulary of the rehearsal: where the rover stands, what it exposes, what is delivered.

Frames of reference, all right-handed with z down and in metres:

* ground frame: x north, y east of the landing point;
* site frame: the ground frame, shifted to where the rover stood when it declared the site;
* vehicle frame: of the rover (origin on the ground below its middle) or, for the helicopter's
  cameras, of the helicopter (origin in its body): x forward, y to the right.

One exposure is what one camera takes at one moment. It may be delivered several times: as tiles,
reduced, as a thumbnail, as the raw mosaic and as colour. Each of these is a picture and a record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from solbook.imaging import Attitude, CameraModel, Window

Floats = NDArray[np.float64]
Vector = tuple[float, float, float]
Heights = Callable[[Floats, Floats], Floats]
"""Heights of the ground, metres up, of places in metres north and east of the landing point."""
HeightsAround = Callable[[float, float, Floats], Heights]
"""The same with all detail, as it is seen from a stop: north and east of the stop, and the path
driven so far, shape (n, 2), whose marks are on the ground."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a vehicle stands (or flies) and how.

    Attributes:
        site: Number of the site frame, counted from 1.
        drive: The rover's drive counter within the site; even, it grows as the wheels turn.
        position_m: Origin of the vehicle frame, in the ground frame.
        site_origin_m: Origin of the site frame, in the ground frame.
        attitude: From the vehicle frame into the site frame.
        driven: Number of points of `SolPlan.path_m`, of all sols together, that the rover has
            driven over; the marks of its wheels are on the ground as far as there.
    """

    site: int
    drive: int
    position_m: Vector
    site_origin_m: Vector
    attitude: Attitude
    driven: int

    @property
    def xyz_m(self) -> Vector:
        """Origin of the vehicle frame in the site frame: the feed's `xyz`."""
        x, y, z = (p - o for p, o in zip(self.position_m, self.site_origin_m, strict=True))
        return x, y, z

    def to_ground(self, points_m: Floats) -> Floats:
        """Points of the vehicle frame, shape (..., 3), in the ground frame."""
        turned: Floats = points_m @ self.attitude.matrix().T + np.array(self.position_m)
        return turned

    def to_vehicle(self, points_m: Floats) -> Floats:
        """Points of the ground frame, shape (..., 3), in the vehicle frame."""
        turned: Floats = (points_m - np.array(self.position_m)) @ self.attitude.matrix()
        return turned


@dataclass(frozen=True, slots=True)
class MastPointing:
    """How the mast's head is turned.

    Attributes:
        azimuth_deg: Clockwise from the rover's front, seen from above.
        elevation_deg: Above the rover's horizontal plane, -90 to 90.
    """

    azimuth_deg: float
    elevation_deg: float


@dataclass(frozen=True, slots=True)
class ArmPlacing:
    """Where the arm holds its camera.

    Attributes:
        position_m: The camera's place, in the rover frame.
        axis: Where it looks, a unit vector of the rover frame.
        up: What is up in its picture, a unit vector of the rover frame.
        distance_m: From the camera to the ground it looks at, along `axis`.
    """

    position_m: Vector
    axis: Vector
    up: Vector
    distance_m: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """In what form a part of an exposure is sent.

    Attributes:
        window: Which part of the detector, and how much it is reduced.
        tile: Number of the tile as in product ids; 0 where the camera's ids have none.
        form: `colour`; `bayer`, the raw mosaic of the colour filters; `grey`.
        compression: The two letters or digits of product ids: `95` is JPEG of quality 95, `LL`,
            `LM`, `LU` are lossless, `I1` is a thumbnail's.
        sample_type: `Full` or `Thumbnail`.
    """

    window: Window
    tile: int
    form: Literal["colour", "bayer", "grey"]
    compression: str
    sample_type: Literal["Full", "Thumbnail"] = "Full"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one camera takes at one moment.

    Attributes:
        key: Unique in the mission; sol, number in the sol, camera.
        sol: Sol.
        lmst_s: Local mean solar time, whole milliseconds, local seconds.
        utc_ns: UTC, ns since 1970-01-01; what the mission's clock makes of `sol` and `lmst_s`.
        sclk_s: Spacecraft clock, whole milliseconds, seconds.
        exposure_s: How much later the record's `sclk` and `date_taken_utc` are, seconds; the
            real feed has from 0.2 to 5.2 there.
        camera: The feed's code, for example `NAVCAM_LEFT`.
        pose: The rover's; for the helicopter's cameras the helicopter's.
        aim: How the camera is turned; None for those fixed to the vehicle.
        sequence: Nine letters of the command sequence, for example `NCAM00501`.
        focal_mm: Focal length of a zoom; None elsewhere.
        model: In the pixels of the whole detector and in the vehicle frame.
        deliveries: Everything that is sent of it.
        stereo: The same for the left and the right eye exposed together; None elsewhere.
        panorama: The same for the frames of one panorama or mosaic; None elsewhere.
        purpose: In plain words, for captions and for truth: `end of drive`.
    """

    key: str
    sol: int
    lmst_s: float
    utc_ns: int
    sclk_s: float
    exposure_s: float
    camera: str
    pose: Pose
    aim: MastPointing | ArmPlacing | None
    sequence: str
    focal_mm: int | None
    model: CameraModel
    deliveries: tuple[Delivery, ...]
    stereo: str | None
    panorama: str | None
    purpose: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One delivered file: one record of the feed.

    Attributes:
        exposure: What it is of.
        delivery: In what form.
        product_id: With the two-digit version, as in file names.
        model: What is to be rendered: the camera model as the record states it, read back from
            its text; in the picture's own pixels and in the vehicle frame.
        model_text: That text.
        received_ns: When it reached the Earth; UTC, ns since 1970-01-01.
    """

    exposure: Exposure
    delivery: Delivery
    product_id: str
    model: CameraModel
    model_text: str
    received_ns: int

    @property
    def upstream_id(self) -> str:
        """The feed's `imageid`: the product id without its version."""
        return self.product_id[:-2]

    @property
    def width_px(self) -> int:
        """Width of the file."""
        return self.delivery.window.picture_size[0]

    @property
    def height_px(self) -> int:
        """Height of the file."""
        return self.delivery.window.picture_size[1]


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A place the rover stopped at, or where its counters changed.

    Attributes:
        sol: Sol.
        utc_ns: When it came there; UTC, ns since 1970-01-01.
        pose: How it stands there.
        driven_m: Way driven since landing, metres.
    """

    sol: int
    utc_ns: int
    pose: Pose
    driven_m: float


@dataclass(frozen=True, slots=True)
class Flight:
    """A flight of the helicopter.

    Attributes:
        number: Counted from 1.
        sol: Sol.
        takeoff_ns: UTC, ns since 1970-01-01.
        landing_ns: UTC, ns since 1970-01-01.
        path: Times (UTC ns) and places (ground frame, metres) of its corners; straight and even
            in between.
        heading_deg: Where its front points, clockwise from north.
        greatest_height_m: Over the place it starts from.
    """

    number: int
    sol: int
    takeoff_ns: int
    landing_ns: int
    path: tuple[tuple[int, Vector], ...]
    heading_deg: float
    greatest_height_m: float


@dataclass(frozen=True, slots=True)
class Pass:
    """A relay orbiter overhead: what is sent down with it.

    Attributes:
        orbiter: `MRO`, `ODY`, `MVN` or `TGO`.
        begins_ns: UTC, ns since 1970-01-01.
        ends_ns: When its data has reached the Earth; UTC, ns since 1970-01-01.
    """

    orbiter: str
    begins_ns: int
    ends_ns: int


@dataclass(frozen=True, slots=True)
class SolPlan:
    """Everything that happens on one sol.

    Attributes:
        sol: Sol.
        kind: `landing`, `checkout`, `drive`, `stay`, `panorama`, `flight` or `quiet`.
        exposures: In the order of time.
        pictures: Every delivered file, in the order of its exposure.
        path_m: Points driven over on this sol, (north, east) metres; on sol 0 the landing point.
        waypoints: Stops of this sol.
        helicopter: Since when (UTC ns) it stands how; the first from before the sol, and empty
            while the rover carries it. See `flights.helicopter_at`.
        flight: The sol's flight, if there is one.
        passes: Relay passes that begin on this sol.
    """

    sol: int
    kind: str
    exposures: tuple[Exposure, ...]
    pictures: tuple[Picture, ...]
    path_m: tuple[tuple[float, float], ...]
    waypoints: tuple[Waypoint, ...]
    helicopter: tuple[tuple[int, Pose], ...]
    flight: Flight | None
    passes: tuple[Pass, ...]
