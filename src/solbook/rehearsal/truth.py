"""The truth of a rehearsal: what each of its pictures shows, as a table beside the feed.

What is seen is kept on a grid over each picture. It is written down, one small file a picture, as
soon as the picture is made; the table is put together when all are there. So nothing large stays in
memory, and a rehearsal that was cut off goes on with the truth of the pictures it had made.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.clock import Site
from solbook.errors import SolbookError
from solbook.rehearsal.cameramen import Developed, machines_at
from solbook.rehearsal.exposures import Delivery, Floats, Picture, SolPlan
from solbook.rehearsal.folder import write_whole
from solbook.rehearsal.overlaps import Overlap, View, overlaps
from solbook.rehearsal.render import Rendered
from solbook.rehearsal.tiles import GROUND, SKY

TRUTH = "truth"
FRAMES = "frames.parquet"
COLUMNS, ROWS = 16, 12
"""Points of the grid over a picture, across and down."""
SEEN = ("sky", "ground", "rock", "machine")
"""What a point of the grid can be; the table has the words."""

_PARTS = "parts"
# Ranges between which a point may be hidden, across and down; see `overlaps`.
_RANGES = (64, 48)
_COMPRESSION = "zstd"

# The columns of a picture: name, type, unit or frame, meaning. Those of the grid are lists.
_GROUND = "ground frame: north, east, down of the landing point"
_SCHEMA: tuple[tuple[str, str, str, str], ...] = (
    ("product_id", "text", "", "the picture's product id, version included"),
    ("sol", "int32", "sol", "when it was taken"),
    ("utc_ns", "int64", "ns since 1970-01-01 UTC", "when it was taken"),
    ("camera", "text", "", "the feed's `instrument`"),
    ("sample_type", "text", "", "`Full` or `Thumbnail`"),
    ("form", "text", "", "`colour`, `bayer` or `grey`"),
    ("exposure", "text", "", "the same for all pictures of one exposure"),
    ("stereo_partner", "text", "", "product id of the same picture of the other eye"),
    ("panorama", "text", "", "the same for all frames of one panorama or mosaic"),
    ("purpose", "text", "", "why it was taken"),
    ("sun_azimuth_deg", "double", "degrees from north over east", "the Sun, as the clock has it"),
    ("sun_elevation_deg", "double", "degrees over the horizon", "the Sun, as the clock has it"),
    ("sun_site", "doubles", "site frame, unit vector", "towards the Sun"),
    ("sun_vehicle", "doubles", "vehicle frame, unit vector", "towards the Sun"),
    ("site", "int32", "", "number of the site frame"),
    ("drive", "int32", "", "drive counter"),
    ("position_m", "doubles", f"m, {_GROUND}", "origin of the vehicle frame"),
    ("site_origin_m", "doubles", f"m, {_GROUND}", "origin of the site frame"),
    ("attitude", "doubles", "quaternion, scalar first", "from the vehicle into the site frame"),
    ("model_kind", "text", "", "`CAHVOR` or `CAHVORE`"),
    ("model", "text", "vehicle frame, pixels of the picture", "the record's camera model"),
    ("first_sample", "int32", "px of the detector, from 1", "the window's first column"),
    ("first_line", "int32", "px of the detector, from 1", "the window's first row"),
    ("window_width_px", "int32", "px of the detector", "the window's width"),
    ("window_height_px", "int32", "px of the detector", "the window's height"),
    ("scale_factor", "int32", "", "detector pixels to one of the picture, along each side"),
    ("width_px", "int32", "px", "the picture's width"),
    ("height_px", "int32", "px", "the picture's height"),
    ("grid_sample_px", "ints", "px of the picture, from 0", "column of each point of the grid"),
    ("grid_line_px", "ints", "px of the picture, from 0", "row of each point of the grid"),
    ("grid_north_m", "doubles", f"m, {_GROUND}", "what is seen there; null in the sky"),
    ("grid_east_m", "doubles", f"m, {_GROUND}", "what is seen there; null in the sky"),
    ("grid_down_m", "doubles", f"m, {_GROUND}", "what is seen there; null in the sky"),
    ("grid_range_m", "doubles", "m from the model's C", "how far it is; null in the sky"),
    ("grid_seen", "texts", "", "`ground`, `rock`, `machine` or `sky`"),
    ("overlaps", "overlaps", "share 0 to 1", "frames that see the same ground, and how much of it"),
)


def column_names() -> tuple[str, ...]:
    """The columns of the table."""
    return tuple(name for name, _, _, _ in _SCHEMA)


class TruthWriter:
    """Writes the truth of a rehearsal beside its feed.

    Args:
        folder: The rehearsal's; `truth/frames.parquet` is written in it.
        plans: Its sols.
        site: Where it landed.
    """

    def __init__(self, folder: Path, plans: Sequence[SolPlan], site: Site) -> None:
        self._folder, self._plans, self._site = folder / TRUTH, plans, site
        self._by_sol = {plan.sol: plan for plan in plans}

    def knows(self, picture: Picture) -> bool:
        """Whether it has what a picture shows; for pictures of earlier runs."""
        return (self._folder / FRAMES).exists() or self._part(picture).exists()

    def add(self, made: Developed) -> None:
        """Keep what a picture shows; of its large arrays nothing is held. Threads may call it."""
        exposure = made.picture.exposure
        plan = self._by_sol[exposure.sol]
        # The machines are the first of a scene's solids; how the rover stands is of no matter here.
        machines = len(machines_at(plan, exposure, exposure.pose))
        body = BytesIO()
        points_m, seen, ranges_m = _sampled(made.picture, made.rendered, machines)
        np.savez(body, points_m=points_m, seen=seen, ranges_m=ranges_m)
        write_whole(self._part(made.picture), body.getvalue())

    def close(self) -> None:
        """Write the table, unless it is there: it is written last, and then there is all of it.

        Raises:
            SolbookError: `truth_missing`: a picture was made, but what it shows is not there.
        """
        table = self._folder / FRAMES
        if not table.exists():
            pictures = [picture for plan in self._plans for picture in plan.pictures]
            grids = [self._read(picture) for picture in pictures]
            write_whole(table, _packed(pictures, grids, self._site))
        for part in sorted((self._folder / _PARTS).glob("*")):
            part.unlink()
        if (self._folder / _PARTS).exists():
            (self._folder / _PARTS).rmdir()

    def _part(self, picture: Picture) -> Path:
        return self._folder / _PARTS / f"{picture.product_id}.npz"

    def _read(self, picture: Picture) -> dict[str, NDArray[Any]]:
        try:
            with np.load(self._part(picture)) as part:
                return dict(part)
        except FileNotFoundError as error:
            raise SolbookError(
                "What a picture shows is not known any more.",
                code="truth_missing",
                found=f"no {self._part(picture)}",
                expected="one such file for every picture that is there already",
                help="Empty the rehearsal's folder and make it again.",
            ) from error


def grid_pixels(width_px: int, height_px: int, columns: int, rows: int) -> NDArray[np.int64]:
    """Pixels spread evenly over a picture, row by row; shape (columns * rows, 2): sample, line."""
    samples = ((np.arange(columns) + 0.5) * width_px / columns).astype(np.int64)
    lines = ((np.arange(rows) + 0.5) * height_px / rows).astype(np.int64)
    return np.stack(np.meshgrid(samples, lines), axis=-1).reshape(-1, 2)


def _sampled(
    picture: Picture, view: Rendered, machines: int
) -> tuple[Floats, NDArray[np.int8], NDArray[np.float32]]:
    """Points of the grid and what they are, and ranges on a finer one."""
    pixels = grid_pixels(picture.width_px, picture.height_px, COLUMNS, ROWS)
    at = pixels[:, 1], pixels[:, 0]
    what = view.what[at]
    seen = np.select([what == SKY, what == GROUND, what >= machines], [0, 1, 2], 3)
    finer = grid_pixels(picture.width_px, picture.height_px, *_RANGES)
    ranges_m = view.range_m[finer[:, 1], finer[:, 0]].astype(np.float32)
    return view.points_m[at], seen.astype(np.int8), ranges_m


def _packed(pictures: list[Picture], grids: list[dict[str, NDArray[Any]]], site: Site) -> bytes:
    """The table's file."""
    import pyarrow as pa  # noqa: PLC0415 - large, and needed here only
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    columns = _columns(pictures, grids, site)
    types = _types(pa)
    fields = [
        pa.field(name, types[kind], metadata={"unit": unit, "meaning": meaning})
        for name, kind, unit, meaning in _SCHEMA
    ]
    schema = pa.schema(fields, metadata={"about": "Solbook rehearsal: simulated, nothing is real"})
    arrays = [pa.array(columns[field.name], field.type) for field in fields]
    body = BytesIO()
    pq.write_table(pa.table(arrays, schema=schema), body, compression=_COMPRESSION)
    return body.getvalue()


def _types(pa: Any) -> dict[str, Any]:
    share = pa.struct([pa.field("product_id", pa.string()), pa.field("share", pa.float64())])
    return {
        "text": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "ints": pa.list_(pa.int32()),
        "doubles": pa.list_(pa.float64()),
        "texts": pa.list_(pa.string()),
        "overlaps": pa.list_(share),
    }


def _columns(
    pictures: list[Picture], grids: list[dict[str, NDArray[Any]]], site: Site
) -> dict[str, list[Any]]:
    """The columns of the table, in no order."""
    partners = _stereo_partners(pictures)
    common = _overlaps(pictures, grids)
    rows = [
        {
            **_of_picture(picture),
            **_of_sun(picture, site),
            **_of_pose(picture),
            **_of_grid(picture, grid),
            "stereo_partner": partners.get(picture.product_id),
            "overlaps": [
                {"product_id": other.product_id, "share": other.share}
                for other in common.get(picture.product_id, [])
            ],
        }
        for picture, grid in zip(pictures, grids, strict=True)
    ]
    return {name: [row[name] for row in rows] for name in column_names()}


def _of_picture(picture: Picture) -> dict[str, Any]:
    exposure, delivery, window = picture.exposure, picture.delivery, picture.delivery.window
    return {
        "product_id": picture.product_id,
        "sol": exposure.sol,
        "utc_ns": exposure.utc_ns,
        "camera": exposure.camera,
        "sample_type": delivery.sample_type,
        "form": delivery.form,
        "exposure": exposure.key,
        "panorama": exposure.panorama,
        "purpose": exposure.purpose,
        "model_kind": picture.model.kind,
        "model": picture.model_text,
        "first_sample": window.first_sample,
        "first_line": window.first_line,
        "window_width_px": window.width_px,
        "window_height_px": window.height_px,
        "scale_factor": window.scale_factor,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
    }


def _of_sun(picture: Picture, site: Site) -> dict[str, Any]:
    exposure = picture.exposure
    sun = site.sun(exposure.utc_ns)
    azimuth, elevation = np.radians([float(sun.az_deg), float(sun.el_deg)])
    across = np.cos(elevation)
    towards = np.array([across * np.cos(azimuth), across * np.sin(azimuth), -np.sin(elevation)])
    return {
        "sun_azimuth_deg": float(sun.az_deg),
        "sun_elevation_deg": float(sun.el_deg),
        "sun_site": towards.tolist(),
        "sun_vehicle": (exposure.pose.attitude.matrix().T @ towards).tolist(),
    }


def _of_pose(picture: Picture) -> dict[str, Any]:
    pose = picture.exposure.pose
    turn = pose.attitude
    return {
        "site": pose.site,
        "drive": pose.drive,
        "position_m": list(pose.position_m),
        "site_origin_m": list(pose.site_origin_m),
        "attitude": [turn.q0, turn.q1, turn.q2, turn.q3],
    }


def _of_grid(picture: Picture, grid: dict[str, NDArray[Any]]) -> dict[str, Any]:
    pixels = grid_pixels(picture.width_px, picture.height_px, COLUMNS, ROWS)
    points_m = grid["points_m"]
    range_m = np.linalg.norm(points_m - camera_place_m(picture), axis=1)
    north, east, down, away = (_known(column) for column in (*points_m.T, range_m))
    return {
        "grid_sample_px": pixels[:, 0].tolist(),
        "grid_line_px": pixels[:, 1].tolist(),
        "grid_north_m": north,
        "grid_east_m": east,
        "grid_down_m": down,
        "grid_range_m": away,
        "grid_seen": [SEEN[code] for code in grid["seen"]],
    }


def _known(numbers: Floats) -> list[float | None]:
    """Numbers, with None for those that are not."""
    found = numbers.astype(object)
    found[np.isnan(numbers)] = None
    return list(found)


def camera_place_m(picture: Picture) -> Floats:
    """C of a picture's camera model, in the ground frame."""
    return picture.exposure.pose.to_ground(picture.model.c_m)


def _stereo_partners(pictures: list[Picture]) -> dict[str, str]:
    """The same picture of the other eye, by product id."""
    pairs: dict[tuple[str, Delivery], list[str]] = {}
    for picture in pictures:
        if picture.exposure.stereo is not None:
            key = picture.exposure.stereo, picture.delivery
            pairs.setdefault(key, []).append(picture.product_id)
    found = {}
    for pair in pairs.values():
        if len(pair) == 2:
            found.update({pair[0]: pair[1], pair[1]: pair[0]})
    return found


def _overlaps(
    pictures: list[Picture], grids: list[dict[str, NDArray[Any]]]
) -> dict[str, list[Overlap]]:
    """Of every frame, not of thumbnails: they show what their frames show."""
    views = []
    for picture, grid in zip(pictures, grids, strict=True):
        if picture.delivery.sample_type == "Full":
            pose = picture.exposure.pose
            standing = np.isin(grid["seen"], [SEEN.index("ground"), SEEN.index("rock")])
            views.append(
                View(
                    product_id=picture.product_id,
                    model=picture.model.moved(pose.attitude.matrix(), pose.position_m),
                    size_px=(picture.width_px, picture.height_px),
                    points_m=grid["points_m"][standing],
                    ranges_m=grid["ranges_m"].reshape(_RANGES[::-1]).astype(np.float64),
                    place_m=np.array(pose.position_m),
                )
            )
    return overlaps(views)
