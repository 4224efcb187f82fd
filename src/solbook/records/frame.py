"""A frame: one picture a camera on Mars took, as one source describes it."""

from __future__ import annotations

import msgspec

from solbook.records.product_id import ProductId


class Asset(msgspec.Struct, frozen=True, gc=False):
    """One file of a frame, as the upstream offers it.

    Attributes:
        role: `full`, `large`, `medium` or `small`; `full` is the best the upstream has.
        url: Where the upstream keeps it.
    """

    role: str
    url: str


class PhotoStatement(msgspec.Struct, frozen=True):
    """What an answer of the retired Mars Rover Photos API said of a frame.

    Attributes:
        photo_id: The id that API gave the photo.
        rover_id: Its rover's id.
        camera_id: Its camera's id.
        camera_name: The camera's short name, for example `NAVCAM`.
        camera_full_name: The camera's full name.
        img_src: The address the answer gave for the picture.
    """

    photo_id: int
    rover_id: int
    camera_id: int
    camera_name: str
    camera_full_name: str
    img_src: str


class Frame(msgspec.Struct, kw_only=True):
    """A frame as one upstream record describes it.

    Missing values are `None`, never a placeholder word or number.

    Attributes:
        mission: Mission id, for example `m2020`.
        product_id: The product's name without its version; the public id of the frame.
        version: The product's version, 0 where names carry none.
        upstream_id: The id exactly as the source gave it.
        source: Name of the source, for example `m2020`.
        sol: Sol number on the mission's own count.
        instrument: Camera code as the feed writes it, upper case.
        sample_type: `full`, `thumbnail`, `subframe`, …, lower case as the feed names it.
        utc_ns: Start of the exposure, UTC, ns since 1970-01-01.
        utc_source: How `utc_ns` was found: `mission-clock` (from the local mean solar
            time by the mission's clock) or `upstream` (as the source states it).
        lmst_s: Local solar time on the mission's clock, seconds of the sol, 0 to 86,400.
        lmst_source: `upstream` (as stated) or `mission-clock` (from `utc_ns`).
        ltst_s: Local true solar time where the rover stood, local seconds of the day.
        ls_deg: Ls, the season, degrees from northern spring.
        sun_az_deg: Azimuth of the Sun, degrees from north over east.
        sun_el_deg: Elevation of the Sun's centre over the horizon, degrees; no refraction.
        sun_site: Where these are seen from: `waypoint`, the rover's own place, or `landing site`.
        upstream_utc_ns: The UTC the source states, kept beside `utc_ns`.
        received_ns: When the frame reached the ground, UTC, ns since 1970-01-01.
        title: Title as the source gives it.
        caption: Caption as the source gives it, plain text.
        credit: Credit line as the source gives it.
        width_px: Width of the full picture.
        height_px: Height of the full picture.
        site: Site index of the rover's localisation.
        drive: Drive index of the rover's localisation.
        mast_az_deg: Mast azimuth, degrees, rover frame.
        mast_el_deg: Mast elevation, degrees, rover frame.
        sclk_s: Spacecraft clock at the exposure, seconds.
        filter_name: Filter in the camera, as the source names it.
        scale_factor: Detector pixels for one picture pixel, along a side.
        subframe: `(x, y, width, height)` on the detector, as the source writes it.
        exposure: Key shared by the frames of one exposure (tiles, eyes, thumbnails).
        page_url: The upstream's own page about the frame.
        flags: What a reader should know: unknown camera, unreadable value, new field.
        assets: The files the upstream offers.
        photo: What the Mars Rover Photos API said, when it is the source.
        upstream: The record as it was received.
    """

    # From `mission` to `page_url` the order is that of the catalogue's columns.
    mission: str
    product_id: str
    version: int = 0
    source: str
    sol: int
    instrument: str
    sample_type: str | None = None
    utc_ns: int | None = None
    utc_source: str | None = None
    lmst_s: float | None = None
    lmst_source: str | None = None
    ltst_s: float | None = None
    ls_deg: float | None = None
    sun_az_deg: float | None = None
    sun_el_deg: float | None = None
    sun_site: str | None = None
    upstream_utc_ns: int | None = None
    received_ns: int | None = None
    title: str | None = None
    caption: str | None = None
    credit: str | None = None
    width_px: int | None = None
    height_px: int | None = None
    site: int | None = None
    drive: int | None = None
    mast_az_deg: float | None = None
    mast_el_deg: float | None = None
    sclk_s: float | None = None
    filter_name: str | None = None
    scale_factor: float | None = None
    subframe: str | None = None
    exposure: str | None = None
    page_url: str | None = None
    upstream_id: str
    flags: tuple[str, ...] = ()
    assets: tuple[Asset, ...] = ()
    photo: PhotoStatement | None = None
    upstream: bytes

    @property
    def id(self) -> str:
        """The frame's public id, `mission/product_id`."""
        return frame_id(self.mission, self.product_id)


def product_and_version(name: ProductId | None, upstream_id: str) -> tuple[str, int]:
    """What a frame is called without its version, and the version.

    Only names of Mars 2020 have a version that is renewed in place; elsewhere the whole name is
    the product.

    Args:
        name: The parsed name, where it could be parsed.
        upstream_id: The id as the source gives it.
    """
    if name is None:
        return upstream_id, 0
    if name.convention != "M2020":
        return name.text, 0
    return name.base, name.version or 0


def frame_id(mission: str, product_id: str) -> str:
    """The public id of a frame: `m2020/NLF_0257_…`."""
    return f"{mission}/{product_id}"
