"""Saved answers of the Mars Rover Photos API, retired in October 2025.

For Spirit and Opportunity they are the only listing left. An answer says little of a frame (sol,
camera, address, and the API's own id), and its `earth_date` is a convention counted from the sol,
not the time of the picture; so a frame known from here alone has no UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from solbook.missions import photos_v1
from solbook.records import (
    Asset,
    Frame,
    ManifestSol,
    PhotoStatement,
    ProductId,
    RoverStatement,
    SourcePage,
    exposure_key,
    parse_product_id,
    product_and_version,
    stem_of,
)
from solbook.sources.base import Envelope, Source, record_or_reason
from solbook.sources.fields import (
    FieldReader,
    RecordError,
    object_of,
    required_id,
    required_sol,
    shorten,
)
from solbook.sources.page_text import PageError, decode, error_message, rejected_page

# The sizes of the M2020 feed's files; an answer gives one address and the others follow from it.
_IMG_SRC_ROLE = {"m2020": "large"}

# Curiosity's cameras by the letters its product ids begin with; the API folded them together.
_MSL_OPGS_CODES = {
    "NL": "NAV_LEFT",
    "NR": "NAV_RIGHT",
    "FL": "FHAZ_LEFT",
    "FR": "FHAZ_RIGHT",
    "RL": "RHAZ_LEFT",
    "RR": "RHAZ_RIGHT",
}
_MSL_CODES = {
    "CR": "CHEMCAM_RMI",
    "ML": "MAST_LEFT",
    "MR": "MAST_RIGHT",
    "MH": "MAHLI",
    "MD": "MARDI",
}
_SAMPLE_TYPES = {"F": "full", "S": "subframe", "T": "thumbnail", "D": "downsampled"}


class _Answer(msgspec.Struct):
    photos: list[msgspec.Raw] | None = None
    latest_photos: list[msgspec.Raw] | None = None
    photo: msgspec.Raw = msgspec.Raw()
    photo_manifest: dict[str, Any] | None = None
    rovers: list[dict[str, Any]] | None = None
    rover: dict[str, Any] | None = None
    errors: Any = None
    error: Any = None


class PhotosV1(Source):
    """Answers of the Mars Rover Photos API, as files or from a server that still speaks it."""

    name = "photos-v1"

    def recognises(self, body: bytes) -> bool:
        """Whether a file is an answer of this API."""
        head = body[:200].lstrip()
        return (
            (b'"img_src"' in body and b'"earth_date"' in body)
            or head.startswith((b'{"photo_manifest"', b'{"rovers"', b'{"errors"'))
            or b'"photo_manifest"' in head
        )

    def open_page(self, body: bytes) -> Envelope:
        """Find the photos, and what the answer says of rovers."""
        answer = decode(body, _Answer)
        complaint = error_message(answer.errors or answer.error)
        if complaint is not None:
            return Envelope(
                [],
                more=False,
                rejected=rejected_page(
                    body, "The API answered with an error.", complaint, "photos or a manifest"
                ),
            )
        if answer.photo_manifest is not None:
            return Envelope([], rovers=(_manifest(answer.photo_manifest, body),))
        if answer.rovers is not None or answer.rover is not None:
            rovers = answer.rovers or [answer.rover or {}]
            return Envelope([], rovers=tuple(_rover(rover) for rover in rovers))
        photos = answer.photos if answer.photos is not None else answer.latest_photos
        if photos is None and bytes(answer.photo):
            photos = [answer.photo]
        if photos is None:
            raise PageError(
                rejected_page(
                    body,
                    "The answer has no photos.",
                    "none of the API's keys",
                    "photos, latest_photos, photo, photo_manifest, rovers or rover",
                )
            )
        records = [bytes(raw) for raw in photos]
        return Envelope(records, rovers=_rovers_of(records))

    def read_records(self, records: list[bytes]) -> Iterable[Frame | RecordError]:
        """Make a frame of every photo."""
        return [record_or_reason(record, _frame) for record in records]

    def next_address(self, address: str, page: SourcePage) -> str | None:
        """The next `page=`, where the address asks for pages; else all came in one."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "page" not in query or not (page.frames or page.rejected):
            return None
        query["page"] = str(int(query["page"] or 1) + 1)
        return urlunsplit(parts._replace(query=urlencode(query)))


def _frame(data: dict[str, Any], record: bytes) -> Frame:
    fields = FieldReader()
    photo_id = fields.integer(data.get("id"), "id")
    if photo_id is None or photo_id < 0:
        raise RecordError("The photo has no id.", found=data.get("id"), expected="a whole number")
    sol = required_sol(data.get("sol"))
    rover = _rover_facts(data.get("rover"))
    camera = object_of(data, "camera")
    camera_id = fields.integer(camera.get("id"), "camera.id")
    camera_name = fields.text(camera.get("name"), "camera.name")
    img_src = fields.text(data.get("img_src"), "img_src")
    if camera_id is None or camera_name is None or img_src is None:
        raise RecordError(
            "The photo lacks its camera or its address.",
            found={"camera": camera, "img_src": img_src},
            expected="camera.id, camera.name and img_src",
        )
    stem = required_id(stem_of(img_src))
    name = parse_product_id(stem)
    product_id, version = product_and_version(name, stem)
    return Frame(
        mission=rover.mission,
        product_id=product_id,
        version=version,
        upstream_id=str(photo_id),
        source=PhotosV1.name,
        sol=sol,
        instrument=_instrument(name, camera_name),
        sample_type="full" if rover.mission == "m2020" else _sample_type(name),
        sclk_s=name.sclk_s if name else None,
        site=name.site if name else None,
        drive=name.drive if name else None,
        exposure=exposure_key(name) if name else None,
        flags=tuple(fields.flags),
        assets=(Asset(_IMG_SRC_ROLE.get(rover.mission, "full"), img_src),),
        photo=PhotoStatement(
            photo_id,
            rover.id,
            camera_id,
            camera_name,
            fields.text(camera.get("full_name"), "camera.full_name") or camera_name,
            img_src,
        ),
        upstream=record,
    )


def _instrument(name: ProductId | None, camera_name: str) -> str:
    """The feed's code of the camera, where the product id tells it; else the API's own name."""
    if name is None or not name.convention.startswith("MSL"):
        return camera_name.upper()
    letters = name.instrument[:2]
    if letters in _MSL_OPGS_CODES and name.config in ("A", "B"):
        return f"{_MSL_OPGS_CODES[letters]}_{name.config}"
    return _MSL_CODES.get(letters, camera_name.upper())


def _sample_type(name: ProductId | None) -> str | None:
    return None if name is None else _SAMPLE_TYPES.get(name.sample_type or "")


def _rover_facts(stated: Any) -> photos_v1.Rover:
    name = stated.get("name") if isinstance(stated, dict) else None
    rover = photos_v1.rover(name) if isinstance(name, str) else None
    if rover is None:
        raise RecordError(
            "The rover is not one this API served.",
            found=name,
            expected=", ".join(r.name for r in photos_v1.ROVERS.values()),
        )
    return rover


def _rover(stated: dict[str, Any]) -> RoverStatement:
    try:
        rover = _rover_facts(stated)
    except RecordError as error:
        raise PageError(
            rejected_page(msgspec.json.encode(stated), error.reason, error.found, error.expected)
        ) from error
    return RoverStatement(
        rover.id,
        max_sol=_count(stated.get("max_sol"), below=100_000),
        total_photos=_count(stated.get("total_photos"), below=1 << 31),
        status=FieldReader().text(stated.get("status"), "status"),
    )


def _count(stated: Any, below: int) -> int | None:
    """A number a rover can have; a date is made of the sol, so no other will do."""
    number = FieldReader().integer(stated, "count")
    return number if number is not None and 0 <= number < below else None


def _manifest(stated: dict[str, Any], body: bytes) -> RoverStatement:
    try:
        days = msgspec.convert(stated.get("photos") or (), tuple[ManifestSol, ...])
    except msgspec.ValidationError as error:
        raise PageError(
            rejected_page(
                body,
                "A sol of the manifest cannot be read.",
                shorten(error),
                "a list of sols, each with sol, total_photos and cameras",
            )
        ) from error
    # A manifest's totals are those of its sols, so they need no statement of their own.
    return msgspec.structs.replace(_rover(stated), max_sol=None, total_photos=None, manifest=days)


def _rovers_of(records: list[bytes]) -> tuple[RoverStatement, ...]:
    """What the photos of an answer say of their rovers; older answers give totals in each."""
    stated: dict[int, RoverStatement] = {}
    for record in records:
        try:
            rover = msgspec.json.decode(record, type=_PhotoRover).rover
            statement = _rover(rover)
        except (msgspec.DecodeError, PageError):
            continue  # read_records rejects this photo and says why
        if statement.max_sol is not None:
            stated[statement.rover_id] = statement
    return tuple(stated.values())


class _PhotoRover(msgspec.Struct):
    rover: dict[str, Any]
