"""The shapes of Solbook's own JSON answers; OpenAPI is made from them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class ErrorBody(BaseModel):
    """What is wrong, what was found, what was expected, what to do."""

    code: str
    message: str
    found: str
    expected: str
    help: str


class ErrorAnswer(BaseModel):
    """The one shape of an error."""

    error: ErrorBody


class AssetAnswer(BaseModel):
    """A file of an item."""

    version: int = Field(description="Version of the product; 0 where names carry none.")
    role: str = Field(
        description="full, large, medium or small; of releases also video, audio or captions."
    )
    href: str = Field(description="Where this archive serves it.")
    upstream_url: str | None = Field(description="Where the upstream keeps it.")
    stored: bool = Field(description="Whether its bytes are stored here.")
    sha256: str | None
    media_type: str | None
    byte_count: int | None
    width_px: int | None
    height_px: int | None
    failure: str | None = Field(description="Why it could not be fetched, where it was tried.")


class LinkAnswer(BaseModel):
    """What a release shows or speaks of."""

    kind: str = Field(description="mission, sol, date, place, flight, sample, event, instrument, …")
    target: str = Field(description="Which, for example m2020/257.")
    label: str
    page: str | None = Field(description="Its page here, where it has one.")
    words: str = Field(description="The words that made the link.")
    field: str = Field(description="Where they stand: title, caption, body, keywords, …")
    ruling: str | None = Field(description="added, where somebody made the link by hand.")


class ReleaseAnswer(BaseModel):
    """A release or a story, as lists give it."""

    id: str
    kind: str = Field(description="release, or article for a story.")
    media_type: str = Field(
        description="photo, mosaic, illustration, animation, video, map, chart, audio or article."
    )
    made: bool = Field(description="Whether no camera took it: an illustration or an animation.")
    simulated: bool = Field(description="Whether Solbook computed it.")
    title: str
    page: str = Field(description="Address of its page.")
    published: str | None = Field(
        description="When it was published, as precisely as its source says: 2021, 2021-02, …"
    )
    credit: str | None
    credit_source: str | None = Field(
        description="stated (by a field of its own), caption, or centre (who published it)."
    )
    caption: str | None
    keywords: list[str]
    source: str
    picture: str | None = Field(description="Address of its picture, where one can be had.")


class ReleaseDetailAnswer(ReleaseAnswer):
    """A release or a story, whole."""

    body_html: str | None = Field(description="A story's text, made harmless.")
    location: str | None
    alt: str
    source_page: str | None
    flags: list[str]
    links: list[LinkAnswer]
    files: list[AssetAnswer]
    upstream: list[Any] = Field(description="The records as received, oldest first.")


class ReleasesAnswer(BaseModel):
    """Releases or stories, newest first."""

    total: int
    releases: list[ReleaseAnswer]
    next: str | None = Field(description="Address of what follows.")


class RelatedAnswer(BaseModel):
    """An item that is worth seeing after another."""

    id: str
    kind: str = Field(description="frame, release or article.")
    page: str
    score: float = Field(description="How related it is, 0 to 1.")
    reason: str = Field(description="Why, in words.")


class AfterAnswer(BaseModel):
    """What is worth seeing after an item."""

    item: str
    related: list[RelatedAnswer]
    also: list[RelatedAnswer] = Field(description="You might also like: stories, and releases.")


class FrameAnswer(BaseModel):
    """A frame, as lists give it."""

    id: str
    mission: str
    simulated: bool = Field(description="Whether Solbook computed it, and no camera took it.")
    product_id: str
    page: str = Field(description="Address of its page.")
    sol: int
    instrument: str
    sample_type: str | None
    utc: str | None = Field(description="Start of the exposure, UTC, ISO 8601.")
    utc_source: str | None = Field(
        description="mission-clock (computed from the local time) or upstream (as stated)."
    )
    lmst: str | None = Field(description="Local solar time of the mission's clock, hh:mm:ss.sss.")
    lmst_source: str | None
    received: str | None = Field(description="When it reached the ground, UTC.")
    title: str
    credit: str
    width_px: int | None
    height_px: int | None
    picture: str = Field(description="Address of a thumbnail.")


class UpstreamAnswer(BaseModel):
    """A form of an upstream record."""

    source: str
    upstream_id: str
    first_seen: str
    superseded: str | None
    record: Any = Field(description="The record as it was received.")


class FrameDetailAnswer(FrameAnswer):
    """A frame, whole."""

    version: int
    source: str
    caption: str | None
    ltst: str | None = Field(description="Local true solar time at `sun_site`, hh:mm:ss.")
    ls_deg: float | None = Field(description="Ls, the season, degrees from northern spring.")
    sun_az_deg: float | None = Field(description="The Sun's azimuth, degrees from north over east.")
    sun_el_deg: float | None = Field(
        description="Elevation of the Sun's centre over the horizon, degrees, no refraction."
    )
    sun_up: bool | None = Field(description="Whether the Sun's centre was above the horizon.")
    sun_site: str | None = Field(
        description="Where the Sun is seen from: waypoint (the rover's own place) or landing site."
    )
    upstream_utc: str | None = Field(description="The UTC the source states.")
    site: int | None
    drive: int | None
    mast_az_deg: float | None = Field(description="Mast azimuth, degrees, rover frame.")
    mast_el_deg: float | None = Field(description="Mast elevation, degrees, rover frame.")
    sclk_s: float | None = Field(description="Spacecraft clock, seconds.")
    filter_name: str | None
    scale_factor: float | None
    subframe: str | None
    upstream_page: str | None
    flags: list[str]
    first_seen: str
    changed: str
    assets: list[AssetAnswer]
    previous: str | None = Field(description="Id of the frame before, in time.")
    next: str | None = Field(description="Id of the frame after, in time.")
    exposure: list[str] = Field(description="Ids of the other frames of the same exposure.")
    upstream_records: list[UpstreamAnswer]


class OembedAnswer(BaseModel):
    """What oEmbed 1.0 says of a frame."""

    version: str
    type: str
    title: str
    author_name: str = Field(description="Whom to credit.")
    provider_name: str
    provider_url: str
    cache_age: int = Field(description="Seconds for which this may be kept.")
    html: str
    width: int
    height: int
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None


class InstrumentAnswer(BaseModel):
    """A camera and what is held of it."""

    code: str
    name: str
    known: bool = Field(description="Whether it is in Solbook's table of cameras.")
    frames: int
    thumbnails: int
    sols: int
    first_sol: int
    last_sol: int


class MissionAnswer(BaseModel):
    """A mission and what is held of it."""

    id: str
    name: str
    simulated: bool = Field(description="Whether it is simulated, and never was on Mars.")
    page: str
    kind: str
    landing_date: str
    landing_site: str
    frames: int
    sols: int
    first_sol: int | None
    last_sol: int | None


class SolCountAnswer(BaseModel):
    """How many frames a sol has."""

    sol: int
    frames: int


class MissionDetailAnswer(MissionAnswer):
    """A mission, its cameras and its sols."""

    instruments: list[InstrumentAnswer]
    frames_by_sol: list[SolCountAnswer]


class MissionsAnswer(BaseModel):
    """The missions; simulated ones where frames of them are held."""

    missions: list[MissionAnswer]


class SolAnswer(BaseModel):
    """A sol: its span, its cameras, its frames."""

    mission: str
    simulated: bool = Field(description="Whether the mission is simulated.")
    sol: int
    page: str
    starts: str = Field(description="UTC of local midnight at its start.")
    ends: str = Field(description="UTC of local midnight at its end.")
    previous_sol: int | None = Field(description="The sol before that has frames.")
    next_sol: int | None = Field(description="The sol after that has frames.")
    instruments: list[InstrumentAnswer]
    frames: list[FrameAnswer]
    next: str | None = Field(description="Address of the next page of frames.")


class InstrumentDetailAnswer(InstrumentAnswer):
    """A camera and the sols on which it took frames."""

    mission: str
    simulated: bool = Field(description="Whether the mission is simulated.")
    page: str
    frames_by_sol: list[SolCountAnswer]


class IndexAnswer(BaseModel):
    """Where to begin: addresses by name."""

    links: dict[str, str]


class LatestAnswer(BaseModel):
    """The frames that reached the ground last."""

    frames: list[FrameAnswer]


class SourceAnswer(BaseModel):
    """What a source has given."""

    source: str
    records: int
    frames: int
    quarantined: int


class RunAnswer(BaseModel):
    """A run of the ingester."""

    source: str
    origin: str
    state: str
    started: str
    ended: str | None
    read: int
    new: int
    revised: int
    unchanged: int
    quarantined: int
    stated_total: int | None
    message: str | None


class StatusAnswer(BaseModel):
    """What the archive holds and how it came by it."""

    version: str
    missions: list[MissionAnswer]
    sources: list[SourceAnswer]
    files: int
    file_bytes: int
    damaged_files: int
    runs: list[RunAnswer]


class QuarantinedAnswer(BaseModel):
    """Something that could not be read."""

    key: int
    source: str
    origin: str
    position: int
    reason: str
    found: str
    expected: str
    seen: str


class QuarantineAnswer(BaseModel):
    """Records in quarantine, oldest first."""

    quarantined: list[QuarantinedAnswer]
    next: str | None
