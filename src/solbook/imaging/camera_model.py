"""Camera models of Mars rovers: where a point falls in a picture, and what a pixel looks at.

The mathematics is published; this is our own code:

* CAHV: Yakimovsky and Cunningham, "A system for extracting three-dimensional measurements from a
  stereo pair of TV cameras", Computer Graphics and Image Processing 7 (1978), 195-210.
* CAHVOR, CAHVORE: Gennery, "Generalized camera calibration including fish-eye lenses",
  International Journal of Computer Vision 68 (2006), 239-266.

The feed's model is given in the rover navigation frame and in the pixels of the delivered picture,
`subframeRect` and `scaleFactor` already applied: in the 45 recorded Navcam models of scale factors
1, 2 and 4 the focal length |A x H| is 2958.5, 1479.2 and 739.6 px of the left eye (2951.1, 1475.6,
738.0 of the right), and the image centre (A.H, A.V), put back through the window with the pixel
centres of `Window`, is at each factor the same detector pixel, (2594.8 +- 1.0, 1942.7 +- 0.1) left
and (2578.7 +- 1.0, 1948.5 +- 0.1) right. So a record's model is used on its picture as it is, and
`on_detector` and `in_window` lead from one window to another; only, in the records of sols 2 to 4
`subframeRect` counts pixels of other sizes, and a tile's place on the detector is not told.

Pixels, everywhere here: x is the sample, to the right; y is the line, downwards; (0, 0) is the
centre of the upper left pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solbook.errors import SolbookError
from solbook.imaging.attitude import read_numbers
from solbook.imaging.lens import Lens

Floats = NDArray[np.float64]
Kind = Literal["CAHV", "CAHVOR", "CAHVORE"]

# The order of the feed, and the order of its records of sols 2 to 4.
_ORDERS = {
    "CAHV": ("CAHV",),
    "CAHVOR": ("CAHVOR", "VORCAH"),
    "CAHVORE": ("CAHVORETP", "TPVORECAH"),
}
_FIELDS = {"C": "c_m", "A": "a", "H": "h_px", "V": "v_px", "O": "o", "R": "r", "E": "e"}

# A thumbnail reduced by 64 has 46. Vectors taken for others, which are no camera, have less than
# one.
_LEAST_FOCAL_PX = 1.0
# So many points at a time stay in the processor's cache.
_PIECE = 16_384


@dataclass(frozen=True)
class Window:
    """Which part of a detector a picture shows, and how much it is reduced.

    Args:
        first_sample: The picture's first column on the detector, counted from 1.
        first_line: Its first row, counted from 1.
        width_px: Width on the detector.
        height_px: Height on the detector.
        scale_factor: How many detector pixels one pixel of the picture covers along each side.

    In a picture reduced by n, the pixel (0, 0) covers the detector's 0 to n-1, counted from the
    window's corner, so its centre is at (n-1)/2.
    """

    first_sample: int
    first_line: int
    width_px: int
    height_px: int
    scale_factor: int = 1

    @classmethod
    def parse(cls, subframe_rect: str, scale_factor: str | int = 1) -> Window:
        """Read the feed's `subframeRect`, such as `(1273,1,1296,968)`, and `scaleFactor`.

        Raises:
            SolbookError: `bad_window`: a text is `UNK` or damaged, or a size is not positive.
        """
        numbers = read_numbers(subframe_rect, 4, "window")
        try:
            x, y, width, height = (_whole(number) for number in numbers)
            scale = _whole(float(scale_factor))
        except ValueError as error:
            raise _bad_window(subframe_rect, scale_factor) from error
        if min(width, height, scale) < 1:
            raise _bad_window(subframe_rect, scale_factor)
        return cls(x, y, width, height, scale)

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of the picture, in its own pixels."""
        return self.width_px // self.scale_factor, self.height_px // self.scale_factor

    def to_detector(self, picture_pixels: ArrayLike) -> Floats:
        """Where pixels of the picture are on the detector; shape (..., 2), both from 0."""
        return np.asarray(picture_pixels, dtype=np.float64) * self.scale_factor + self._offset()

    def to_picture(self, detector_pixels: ArrayLike) -> Floats:
        """Where pixels of the detector are in the picture; shape (..., 2), both from 0."""
        return (np.asarray(detector_pixels, dtype=np.float64) - self._offset()) / self.scale_factor

    def _offset(self) -> Floats:
        """Where on the detector the picture's pixel (0, 0) has its centre."""
        return np.array([self.first_sample, self.first_line]) - 1 + (self.scale_factor - 1) / 2


@dataclass(frozen=True, eq=False)
class CameraModel:
    """A CAHV, CAHVOR or CAHVORE camera.

    Args:
        kind: Which model.
        c_m: The entrance pupil's place, metres, in the model's frame.
        a: The unit vector across the image plane.
        h_px: The horizontal vector: focal length times the direction to the right, plus the image
            centre's sample times `a`.
        v_px: The vertical vector, the same downwards.
        o: The optical axis, a unit vector; CAHVOR and CAHVORE.
        r: Three coefficients of the radial distortion; CAHVOR and CAHVORE.
        e: Three coefficients, metres, of how the entrance pupil moves along `o`; CAHVORE.
        linearity: Gennery's L: 1 for a perspective lens, 0 for an equidistant fish-eye, between
            or down to -1 for others; CAHVORE. A CAHVOR is a CAHVORE of L = 1 with `e` zero.

    `a` and `o` are brought to unit length. Arrays are copied and cannot be written.

    Raises:
        SolbookError: `bad_camera_model`: a vector is missing, of a wrong shape or not finite, the
            image vectors are no camera's, or `a` and `o` look opposite ways.
    """

    kind: Kind
    c_m: Floats
    a: Floats
    h_px: Floats
    v_px: Floats
    o: Floats | None = None
    r: Floats | None = None
    e: Floats | None = None
    linearity: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise _bad_model(repr(self.kind), "CAHV, CAHVOR or CAHVORE")
        for letter, name in _FIELDS.items():
            given = getattr(self, name)
            if (given is not None) != (letter in self.kind):
                raise _bad_model(f"{letter} of {self.kind}: {given}", f"the vectors {self.kind}")
            if given is not None:
                vector = _vector(letter, given)
                object.__setattr__(self, name, _unit(letter, vector) if letter in "AO" else vector)
        if not -1 <= self.linearity <= 1:
            raise _bad_model(f"linearity {self.linearity}", "a number from -1 to 1")
        if abs(np.linalg.det(self._image())) < _LEAST_FOCAL_PX**2:
            raise _bad_model(self.text(), "vectors A, H, V of a camera, not all in one plane")
        if self.o is not None and self.a @ self.o <= 0:
            raise _bad_model(self.text(), "vectors A and O that point the same way")

    @classmethod
    def parse(cls, text: str, kind: str) -> CameraModel:
        """Read the feed's `camera_model_component_list`.

        Args:
            text: Vectors and numbers, separated by semicolons, in the order of the model's name;
                CAHVORE ends with the type (1 perspective, 2 fish-eye, 3 general) and, of type 3,
                the linearity. The order of the records of sols 2 to 4 (V O R C A H; type,
                parameter, V O R E C A H) is recognised.
            kind: The feed's `camera_model_type`.

        Raises:
            SolbookError: `bad_camera_model`: the text is `UNK` or damaged, or not of this kind.
        """
        if kind not in _ORDERS:
            raise _bad_model(f"camera_model_type {kind!r}", "CAHV, CAHVOR or CAHVORE")
        parts = [part.strip() for part in text.split(";")]
        names = _order(parts, kind)
        if names is None:
            raise _bad_model(repr(text)[:200], " ; ".join(_ORDERS[kind][0]))
        by_letter = dict(zip(names, parts, strict=True))
        vectors = {
            name: np.array(read_numbers(by_letter[letter], 3, "camera_model"))
            for letter, name in _FIELDS.items()
            if letter in by_letter
        }
        linearity = _linearity(by_letter["T"], by_letter["P"]) if kind == "CAHVORE" else 1.0
        return cls(kind=kind, linearity=linearity, **vectors)  # type: ignore[arg-type]

    @classmethod
    def made(
        cls,
        kind: Kind,
        c_m: ArrayLike,
        axis: ArrayLike,
        up: ArrayLike,
        focal_px: float,
        centre_px: ArrayLike,
        *,
        r: ArrayLike = (0.0, 0.0, 0.0),
        e: ArrayLike = (0.0, 0.0, 0.0),
        linearity: float = 0.0,
    ) -> CameraModel:
        """A camera without flaws of assembly: square pixels, its optical axis across the image.

        Args:
            kind: Which model.
            c_m: Its place, metres.
            axis: Where it looks; any length.
            up: What is up in its picture; any direction that is not along `axis`.
            focal_px: Focal length; of a fish-eye, pixels per radian near the axis.
            centre_px: Sample and line where the axis meets the image.
            r: Radial distortion; CAHVOR and CAHVORE.
            e: Motion of the entrance pupil, metres; CAHVORE.
            linearity: Gennery's L; CAHVORE.

        Raises:
            SolbookError: `bad_camera_model`: `axis` or `up` is zero, or they are parallel.
        """
        ahead = _unit("A", _vector("A", axis))
        right = _unit("H", np.cross(ahead, _vector("up", up)))
        down = np.cross(ahead, right)
        centre = np.asarray(centre_px, dtype=np.float64)
        distorted, moving = kind in {"CAHVOR", "CAHVORE"}, kind == "CAHVORE"
        return cls(
            kind=kind,
            c_m=_vector("C", c_m),
            a=ahead,
            h_px=focal_px * right + centre[0] * ahead,
            v_px=focal_px * down + centre[1] * ahead,
            o=ahead if distorted else None,
            r=_vector("R", r) if distorted else None,
            e=_vector("E", e) if moving else None,
            linearity=linearity if moving else 1.0,
        )

    @property
    def centre_px(self) -> tuple[float, float]:
        """Sample and line where `a` meets the image: A.H and A.V."""
        return float(self.a @ self.h_px), float(self.a @ self.v_px)

    @property
    def focal_px(self) -> tuple[float, float]:
        """Focal lengths along samples and lines: |A x H| and |A x V|."""
        across, down = np.cross(self.a, self.h_px), np.cross(self.a, self.v_px)
        return float(np.linalg.norm(across)), float(np.linalg.norm(down))

    def text(self) -> str:
        """The model as the feed writes it, with twelve digits: pixels stay within 0.001."""
        parts = [
            "(" + ",".join(f"{number:.12g}" for number in getattr(self, _FIELDS[letter])) + ")"
            for letter in self.kind
        ]
        if self.kind == "CAHVORE":
            lens = {1.0: "1.0;0.0", 0.0: "2.0;0.0"}
            parts.append(lens.get(self.linearity, f"3.0;{self.linearity:.12g}"))
        return ";".join(parts)

    def project(self, points_m: ArrayLike) -> Floats:
        """Where points fall in the picture.

        Args:
            points_m: Shape (..., 3), metres, in the model's frame.

        Returns:
            Shape (..., 2): sample and line, also outside the picture. NaN for a point behind the
            camera (90 degrees or more from the axis) or so far off the axis that the radial
            polynomial has turned back.
        """
        points = np.asarray(points_m, dtype=np.float64)
        pixels = np.empty((*points.shape[:-1], 2))
        rows, into = points.reshape(-1, 3), pixels.reshape(-1, 2)
        with np.errstate(all="ignore"):
            for piece in _pieces(len(rows)):
                into[piece] = self._project(rows[piece].T).T
        return pixels

    def rays(self, pixels: ArrayLike) -> tuple[Floats, Floats]:
        """What pixels look at.

        Args:
            pixels: Shape (..., 2): sample and line, also outside the picture.

        Returns:
            Origins, shape (..., 3), metres, and unit directions, shape (..., 3), in the model's
            frame. A CAHVORE's origin is `c_m` moved along the optical axis, with the entrance
            pupil. NaN where no direction leads to the pixel. `project` leads back within
            0.000001 px from any distance beyond the reach of the pupil.
        """
        given = np.asarray(pixels, dtype=np.float64)
        origins = np.empty((*given.shape[:-1], 3))
        directions = np.empty_like(origins)
        rows = given.reshape(-1, 2)
        starts, ways = origins.reshape(-1, 3), directions.reshape(-1, 3)
        with np.errstate(all="ignore"):
            for piece in _pieces(len(rows)):
                start, way = self._rays(rows[piece].T)
                starts[piece], ways[piece] = start.T, way.T
        return origins, directions

    def moved(self, rotation: ArrayLike, translation_m: ArrayLike) -> CameraModel:
        """The same camera in another frame.

        Args:
            rotation: Shape (3, 3), from the model's frame into the other.
            translation_m: Where the model's frame has its origin in the other, metres.
        """
        turn = np.asarray(rotation, dtype=np.float64)
        return replace(
            self,
            c_m=turn @ self.c_m + np.asarray(translation_m, dtype=np.float64),
            a=turn @ self.a,
            h_px=turn @ self.h_px,
            v_px=turn @ self.v_px,
            o=None if self.o is None else turn @ self.o,
        )

    def in_window(self, window: Window) -> CameraModel:
        """The model in a picture's pixels, of this one in the detector's pixels."""
        x, y = window.to_detector((0, 0))
        scale = window.scale_factor
        return replace(
            self, h_px=(self.h_px - x * self.a) / scale, v_px=(self.v_px - y * self.a) / scale
        )

    def on_detector(self, window: Window) -> CameraModel:
        """The model in the detector's pixels, of this one in a picture's pixels."""
        x, y = window.to_detector((0, 0))
        scale = window.scale_factor
        return replace(
            self, h_px=self.h_px * scale + x * self.a, v_px=self.v_px * scale + y * self.a
        )

    def _image(self) -> Floats:
        """The rows H, V, A: what leads from a direction to homogeneous pixels."""
        return np.array([self.h_px, self.v_px, self.a])

    def _lens(self) -> Lens | None:
        if self.r is None:
            return None
        return Lens(self.r, np.zeros(3) if self.e is None else self.e, self.linearity)

    def _optical_frame(self) -> Floats:
        """Three unit rows: two across the optical axis, and the axis."""
        axis = self.a if self.o is None else self.o
        across = _unit("H", np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))]))
        return np.array([across, np.cross(axis, across), axis])

    def _project(self, points_m: Floats) -> Floats:
        """Pixels (2, n) of points (3, n)."""
        frame = self._optical_frame()
        x, y, along = frame @ (points_m - self.c_m[:, None])
        if lens := self._lens():
            stretch = lens.stretch(np.sqrt(x * x + y * y), along)
        else:
            stretch = np.where(along > 0, 1 / along, np.nan)
        bent = np.array([x * stretch, y * stretch, np.ones_like(x)])
        homogeneous = (self._image() @ frame.T) @ bent
        depth = np.where(homogeneous[2] > 0, homogeneous[2], np.nan)
        pixels: Floats = homogeneous[:2] / depth
        return pixels

    def _rays(self, pixels: Floats) -> tuple[Floats, Floats]:
        """Origins and directions (3, n) of pixels (2, n)."""
        frame = self._optical_frame()
        # A direction w with H.w = x, V.w = y and A.w = 1 is seen at (x, y).
        back = np.linalg.inv(self._image() @ frame.T)
        x, y, along = back[:, :2] @ pixels + back[:, 2:]
        across = np.sqrt(x * x + y * y)
        start = np.repeat(self.c_m[:, None], pixels.shape[1], axis=1)
        if lens := self._lens():
            angle = lens.angle(np.where(along > 0, across / along, np.nan))
            sine = np.sin(angle)
            part = np.where(across > 0, sine / across, sine)
            way = np.array([x * part, y * part, np.cos(angle)])
            start += frame[2][:, None] * lens.pupil_shift_m(angle)
        else:
            way = np.array([x, y, along]) / np.sqrt(across * across + along * along)
        return start, frame.T @ way


def camera_vector(model: CameraModel, window: Window) -> Floats:
    """The feed's `camera_vector`: where the middle of the picture looks.

    It is the straight CAHV ray, without distortion, of the point (width / 2, height / 2) of the
    picture (half a pixel from its middle), in the model's own frame: the attitude has no part in
    it. So computed, it is within 0.00001 of the feed's in every recorded picture that has one,
    also in those whose `subframeRect` counts reduced pixels and whose vector is therefore wrong.
    The feed's `camera_position` is `c_m`.

    Args:
        model: In the pixels of the picture, as the feed gives it.
        window: The picture's.

    Returns:
        A unit vector, shape (3,).
    """
    middle = np.array([window.width_px, window.height_px]) / (2 * window.scale_factor)
    pinhole = CameraModel("CAHV", model.c_m, model.a, model.h_px, model.v_px)
    return pinhole.rays(middle)[1]


def _pieces(count: int) -> Iterator[slice]:
    edges = [*range(0, count, _PIECE), count]
    return (slice(start, end) for start, end in pairwise(edges))


def _order(parts: list[str], kind: str) -> str | None:
    """The letters of a component list, one a part; None if it is no list of this kind."""
    orders = [order for order in _ORDERS[kind] if len(order) == len(parts)]
    if not orders:
        return None
    if kind == "CAHVORE":
        # Type and parameter stand without brackets, at the end or, formerly, at the beginning.
        return orders[1] if not parts[0].startswith("(") else orders[0]
    if kind == "CAHVOR":
        # A.(H x V) is the square of the focal length, thousands at least; in the other order the
        # same places hold the place, the axis and the distortion.
        return max(orders, key=lambda order: _volume(parts, order))
    return orders[0]


def _volume(parts: list[str], order: str) -> float:
    a, h, v = (read_numbers(parts[order.index(name)], 3, "camera_model") for name in "AHV")
    return abs(float(np.dot(a, np.cross(h, v))))


def _linearity(lens_type: str, parameter: str) -> float:
    try:
        return {1.0: 1.0, 2.0: 0.0, 3.0: float(parameter)}[float(lens_type)]
    except (KeyError, ValueError) as error:
        found = f"type {lens_type!r}, parameter {parameter!r}"
        raise _bad_model(found, "type 1, 2, or 3 and a number") from error


def _vector(letter: str, given: ArrayLike) -> Floats:
    vector = np.array(given, dtype=np.float64)
    if vector.shape != (3,) or not np.all(np.isfinite(vector)):
        raise _bad_model(f"{letter} = {given!r}", "three finite numbers")
    vector.setflags(write=False)
    return vector


def _unit(letter: str, vector: Floats) -> Floats:
    length = np.linalg.norm(vector)
    if length == 0:
        raise _bad_model(f"{letter} has no direction", "a vector that is not zero")
    unit: Floats = vector / length
    unit.setflags(write=False)
    return unit


def _whole(number: float) -> int:
    if not number.is_integer():
        raise ValueError(number)
    return int(number)


def _bad_model(found: str, expected: str) -> SolbookError:
    return SolbookError(
        "The camera model cannot be used.",
        code="bad_camera_model",
        found=found,
        expected=expected,
        help="UNK means that the feed knows no model. Treat the frame as one without a model.",
    )


def _bad_window(subframe_rect: str, scale_factor: str | int) -> SolbookError:
    return SolbookError(
        "The window of a picture cannot be read.",
        code="bad_window",
        found=f"subframeRect {subframe_rect!r}, scaleFactor {scale_factor!r}",
        expected="(x,y,width,height) and a factor, all whole, sizes and factor positive",
        help="UNK means that the feed does not know it. Treat the window as unknown.",
    )
