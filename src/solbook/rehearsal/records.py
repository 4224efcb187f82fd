"""The feed of the rehearsal: records of the form that the Mars 2020 feed has, name for name.

Every record says that it is simulated: in its credit, its title, its caption, and by the host of
its addresses, which no network resolves. What differs from the real feed is only precision: vectors
are written with ten to twelve digits where the real feed has six, so that a picture and its record
agree to a thousandth of a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from solbook.clock import format_lmst, format_utc
from solbook.imaging import CameraModel, Window, camera_vector
from solbook.records import SIMULATED_HOST
from solbook.rehearsal.cameras import Camera, camera_codes, camera_named, direction_deg
from solbook.rehearsal.drive import vector_text
from solbook.rehearsal.exposures import Delivery, Exposure, Picture

CREDIT = "Solbook rehearsal (simulated)"
PAGE_SIZE = 100
"""Records on a page, as in the real feed."""

DAY_NS = 86_400 * 10**9

Record = dict[str, Any]

_SITE = f"https://{SIMULATED_HOST}"
_RAW_IMAGES = f"{_SITE}/rehearsal-raw-images/pub/ods/surface"
_UNKNOWN = "UNK"
_VERSION = 1
_MONTHS = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.".split()
# Ids of these name colour, raw mosaic or grey by a letter; those of the others have a digit there.
_CONFIG = {"colour": "F", "bayer": "E", "grey": "M"}
_LETTERED = frozenset(("ncam", "fcam", "rcam", "heli"))
_FILTERS = {"ZL": "ZCAM_L0_RGB", "ZR": "ZCAM_R0_RGB", "SI": "OPEN"}
# The feed states where these cameras look; of the others it has UNK.
_POINTED = frozenset(("mast", "arm"))


def product_id(exposure: Exposure, delivery: Delivery) -> str:
    """The id of a delivered file, 54 characters, version included; see `records/product_id.py`."""
    camera = camera_named(exposure.camera)
    seconds, milliseconds = divmod(round(exposure.sclk_s * 1000), 1000)
    is_thumbnail = delivery.sample_type == "Thumbnail"
    # Colour made on the ground of a lossless raw frame is a product of its own type.
    made_here = delivery.form == "colour" and delivery.compression.startswith("L")
    return (
        f"{camera.letters}{_CONFIG[delivery.form] if camera.folder in _LETTERED else '0'}"
        f"_{exposure.sol:04d}_{seconds:010d}_{milliseconds:03d}{'EBY' if made_here else 'ECM'}"
        f"_{'T' if is_thumbnail else 'N'}{exposure.pose.site:03d}{exposure.pose.drive:04d}"
        f"{exposure.sequence}_{_camera_field(camera, exposure, delivery)}"
        f"{delivery.window.scale_factor.bit_length() - 1}{delivery.compression}J{_VERSION:02d}"
    )


def pictures_of(exposure: Exposure, received_ns: Callable[[str], int]) -> Iterator[Picture]:
    """The files delivered of an exposure.

    Args:
        exposure: What was taken.
        received_ns: When a file of a sample type reaches the Earth.
    """
    for delivery in exposure.deliveries:
        text = exposure.model.in_window(delivery.window).text()
        yield Picture(
            exposure=exposure,
            delivery=delivery,
            product_id=product_id(exposure, delivery),
            model=CameraModel.parse(text, exposure.model.kind),
            model_text=text,
            received_ns=received_ns(delivery.sample_type),
        )


def record_of(picture: Picture) -> Record:
    """The record of a picture, its 17 keys in the order of the real feed."""
    exposure, delivery = picture.exposure, picture.delivery
    camera = camera_named(exposure.camera)
    window, pose = delivery.window, exposure.pose
    azimuth, elevation = _UNKNOWN, _UNKNOWN
    if camera.mount in _POINTED:
        azimuth, elevation = (
            f"{angle:.6g}" for angle in direction_deg(exposure.model, camera.detector)
        )
    stated_ns = exposure.utc_ns + round(exposure.exposure_s * 1e9)
    return {
        "extended": {
            "mastAz": azimuth,
            "mastEl": elevation,
            "sclk": f"{exposure.sclk_s + exposure.exposure_s:.3f}",
            "scaleFactor": str(window.scale_factor),
            "xyz": vector_text(pose.xyz_m),
            "subframeRect": window_text(window),
            "dimension": f"({picture.width_px},{picture.height_px})",
        },
        "sol": exposure.sol,
        "attitude": pose.attitude.text(),
        "image_files": image_files(camera, exposure.sol, picture.product_id),
        "imageid": picture.upstream_id,
        "camera": {
            "filter_name": _FILTERS.get(camera.letters, _UNKNOWN),
            "camera_vector": _ray_text(picture.model, window),
            "camera_model_component_list": picture.model_text,
            "camera_position": picture.model_text.partition(";")[0],
            "instrument": exposure.camera,
            "camera_model_type": picture.model.kind,
        },
        "caption": caption(exposure),
        "sample_type": delivery.sample_type,
        "date_taken_mars": f"Sol-{exposure.sol:05d}M{format_lmst(exposure.lmst_s, 3)}",
        "credit": CREDIT,
        "date_taken_utc": format_utc(stated_ns, 3).removesuffix("Z"),
        "json_link": json_link(picture.upstream_id),
        "link": f"{_SITE}/rehearsal/multimedia/raw-images/{picture.upstream_id}",
        "drive": str(pose.drive),
        "title": title(camera, exposure.sol),
        "site": pose.site,
        "date_received": format_utc(picture.received_ns, 0),
    }


def image_files(camera: Camera, sol: int, versioned_id: str) -> dict[str, str]:
    """Where the four sizes of a file would be."""
    stem = f"{_RAW_IMAGES}/sol/{sol:05d}/ids/edr/browse/{camera.folder}/{versioned_id}"
    return {
        "medium": f"{stem}_800.jpg",
        "small": f"{stem}_320.jpg",
        "full_res": f"{stem}.png",
        "large": f"{stem}_1200.jpg",
    }


def title(camera: Camera, sol: int) -> str:
    """A record's title."""
    return f"Mars Rehearsal (simulated) Sol {sol}: {camera.name}"


def caption(exposure: Exposure) -> str:
    """A record's caption, its last sentence as in the real feed."""
    return (
        f"Simulated: no camera on Mars acquired this image. Solbook's rehearsal made it as the"
        f" {camera_named(exposure.camera).name} of an imagined rover would see it"
        f" ({exposure.purpose}). \n\n"
        f"This image was acquired on {day_text(exposure.utc_ns // DAY_NS)}"
        f" (Sol {exposure.sol}) at the local mean solar time of {format_lmst(exposure.lmst_s)}."
    )


def day_text(days: int) -> str:
    """A date as captions write it, of whole UTC days since 1970-01-01."""
    day = datetime.fromtimestamp(days * 86_400, UTC)
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def json_link(upstream_id: str) -> str:
    """Where the feed would answer with this record alone."""
    return f"{_SITE}/rss/api/?feed=raw_images&category=rehearsal&feedtype=json&id={upstream_id}"


def window_text(window: Window) -> str:
    """A window as the feed's `subframeRect`."""
    return f"({window.first_sample},{window.first_line},{window.width_px},{window.height_px})"


def feed_pages(pictures: Iterable[Picture]) -> Iterator[bytes]:
    """The feed's pages of some pictures, newest sol first, as JSON."""
    ordered = sorted(pictures, key=lambda one: (-one.exposure.utc_ns, one.product_id))
    for first in range(0, len(ordered), PAGE_SIZE):
        records = [record_of(picture) for picture in ordered[first : first + PAGE_SIZE]]
        page = {
            **envelope(first // PAGE_SIZE, len(ordered)),
            "images": records,
        }
        yield msgspec.json.encode(page)


def envelope(page: int, total: int) -> Record:
    """What stands around the records of a page.

    Args:
        page: Number of the page, from 0.
        total: Records on all pages.
    """
    return {
        "nav": [
            {
                "checkboxes": [
                    {"value": code, "label": camera_named(code).name} for code in camera_codes()
                ],
                "name": "Simulated Cameras",
            }
        ],
        "images": [],
        "per_page": str(PAGE_SIZE),
        "total_results": total,
        "type": "mars2020-images-list-1.1",
        "page": page,
        "mission": "rehearsal",
        "total_images": total,
    }


def _camera_field(camera: Camera, exposure: Exposure, delivery: Delivery) -> str:
    """Three characters: the tile, or the focal length in millimetres."""
    if camera.folder in {"ncam", "fcam", "rcam"}:
        return f"{delivery.tile:02d}_"
    is_thumbnail = delivery.sample_type == "Thumbnail"
    return f"{0 if is_thumbnail else exposure.focal_mm or 0:03d}"


def _ray_text(model: CameraModel, window: Window) -> str:
    return "(" + ",".join(repr(float(part)) for part in camera_vector(model, window)) + ")"
