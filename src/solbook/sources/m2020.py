"""The raw-image feed of Mars 2020: Perseverance and, in the same feed, Ingenuity.

Solbook's rehearsal speaks the same form and is read by the same class, under its own mission's id.

`https://mars.nasa.gov/rss/api/?feed=raw_images&category=mars2020,ingenuity&feedtype=json…`

Quirks it knows (DESIGN, section 6): acquisition time comes from `date_taken_mars`, because
`date_taken_utc` is 0.2 to 5.2 s late and in the records of March 2021 hours to days; missing
values are the word `UNK`; ids of the first sols carry the product's two-digit version and later
ones do not, while file names always do; past the end the feed answers 200 with `error_message`;
look-up by id answers with `image` in place of `images`; range filters begin at `condition_2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
import numpy as np

from solbook import missions
from solbook.clock import mission_clock
from solbook.records import (
    SIMULATED_HOST,
    SIMULATED_WORD,
    Asset,
    Frame,
    SourcePage,
    credits_simulation,
    exposure_key,
    is_simulated_address,
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
)
from solbook.sources.page_text import PageError, decode, error_message, rejected_page

FEED = "https://mars.nasa.gov/rss/api/"
REHEARSAL_FEED = f"https://{SIMULATED_HOST}/rss/api/"
# A greater one, which only a damaged record states, has no date that utc_ns could hold.
_LAST_DATED_SOL = 80_000
PAGE_SIZE = 100
"""The feed caps `num` at this."""

_ROLES = {"full_res": "full", "large": "large", "medium": "medium", "small": "small"}
_KNOWN_KEYS = frozenset(
    "attitude camera caption credit date_received date_taken_mars date_taken_utc drive extended"
    " image_files imageid json_link link sample_type site sol title".split()
)
# The files of a record in a page that is not decoded yet; a slash may stand there with a backslash.
_FILES = re.compile(rb'"image_files"\s*:\s*\{[^{}]*\}')
_ON_SIMULATED_HOST = f"/{SIMULATED_HOST}".encode()


class _Page(msgspec.Struct):
    images: list[msgspec.Raw] | None = None
    image: msgspec.Raw = msgspec.Raw()
    imageid: str | None = None
    total_results: Any = None
    error_message: Any = None


class M2020Feed(Source):
    """A raw-image feed in the form of Mars 2020's, for one mission.

    Args:
        mission: Mission id of its frames, and name of the source.
        feed: Where the feed is.
    """

    def __init__(self, mission: str = "m2020", feed: str = FEED) -> None:
        self.name = mission
        self.feed = feed
        self._simulated = missions.mission(mission).simulated

    def recognises(self, body: bytes) -> bool:
        """Whether a file is a page, a bare list, a single record or a complaint of this feed.

        A page is a simulated mission's if the files of any of its records are.
        """
        if b'"image_files"' in body:
            return _has_simulated_files(body) == self._simulated
        return b'"error_message"' in body and not self._simulated

    def open_page(self, body: bytes) -> Envelope:
        """Find the records: a page, a look-up by id, a bare list of records, or one record."""
        page = decode(body, list[msgspec.Raw] | _Page)
        if isinstance(page, list):
            return Envelope([bytes(raw) for raw in page])
        complaint = error_message(page.error_message)
        if complaint is not None:
            return Envelope([], more=False, rejected=_complaint(body, complaint))
        if page.images is not None:
            total = FieldReader().integer(page.total_results, "total_results")
            return Envelope([bytes(raw) for raw in page.images], total=total)
        if bytes(page.image):
            raws = decode(b"[" + bytes(page.image).strip(b" []") + b"]", list[msgspec.Raw])
            return Envelope([bytes(raw) for raw in raws])
        if page.imageid is not None:
            return Envelope([body.strip()])
        raise PageError(
            rejected_page(
                body, "The page has no images.", "no `images`", "a page of the M2020 feed"
            )
        )

    def read_records(self, records: list[bytes]) -> Iterable[Frame | RecordError]:
        """Make frames; acquisition times are computed for all of them together."""
        results = [record_or_reason(record, self._frame) for record in records]
        timed = [
            f
            for f in results
            if isinstance(f, Frame) and f.lmst_s is not None and f.sol < _LAST_DATED_SOL
        ]
        if timed:
            utc_ns = mission_clock(self.name).to_utc(
                np.array([frame.sol for frame in timed]),
                np.array([frame.lmst_s for frame in timed]),
            )
            for frame, value in zip(timed, np.asarray(utc_ns).tolist(), strict=True):
                frame.utc_ns, frame.utc_source = value, "mission-clock"
        return results

    def next_address(self, address: str, page: SourcePage) -> str | None:
        """The next `page=`, until the total is reached or a page is empty."""
        if not page.frames and not page.rejected:
            return None
        return next_numbered(address, page, PAGE_SIZE, size_key="num")

    def address(self, first_sol: int | None = None, last_sol: int | None = None) -> str:
        """The feed's address, newest sol first, optionally for a range of sols."""
        query = {
            "feed": "raw_images",
            "category": "mars2020,ingenuity",
            "feedtype": "json",
            "num": str(PAGE_SIZE),
            "page": "0",
            "order": "sol desc",
        }
        # The feed reads range filters from condition_2 on.
        if first_sol is not None:
            query["condition_2"] = f"{first_sol}:sol:gte"
        if last_sol is not None:
            query["condition_3"] = f"{last_sol}:sol:lte"
        return f"{self.feed}?{urlencode(query)}"

    def _frame(self, data: dict[str, Any], record: bytes) -> Frame:
        upstream_id = required_id(data.get("imageid"))
        sol = required_sol(data.get("sol"))
        fields = FieldReader()
        for key in ("extended", "camera", "image_files"):
            if not isinstance(data.get(key), dict):
                fields.flags.append(f"no {key}")
        extended = object_of(data, "extended")
        camera = object_of(data, "camera")
        credit, assets = fields.text(data.get("credit"), "credit"), _assets(data, fields)
        self._require_own(credit, assets)
        name = parse_product_id(stem_of(assets[0].url)) if assets else None
        # The id may lack the version, the file name never does; another file's name tells nothing.
        if name is None or not upstream_id.startswith(name.base):
            name = parse_product_id(upstream_id)
        product_id, version = product_and_version(name, upstream_id)
        if not data.keys() <= _KNOWN_KEYS:
            fields.flags.extend(f"new field: {key}" for key in sorted(data.keys() - _KNOWN_KEYS))
        local = fields.lmst(data.get("date_taken_mars"), "date_taken_mars")
        if local is not None and local[0] != sol:
            fields.flags.append(f"date_taken_mars is of sol {local[0]}")
            local = None
        upstream_utc_ns = fields.utc_ns(data.get("date_taken_utc"), "date_taken_utc")
        width_px, height_px = fields.size(extended.get("dimension"), "dimension")
        sample_type = fields.text(data.get("sample_type"), "sample_type")
        return Frame(
            mission=self.name,
            product_id=product_id,
            version=version,
            upstream_id=upstream_id,
            source=self.name,
            sol=sol,
            instrument=instrument_code(camera.get("instrument"), fields),
            sample_type=sample_type.lower() if sample_type else None,
            utc_ns=upstream_utc_ns,
            utc_source=None if upstream_utc_ns is None else "upstream",
            lmst_s=local[1] if local else None,
            lmst_source="upstream" if local else None,
            upstream_utc_ns=upstream_utc_ns,
            received_ns=fields.utc_ns(data.get("date_received"), "date_received"),
            title=fields.text(data.get("title"), "title"),
            caption=fields.text(data.get("caption"), "caption"),
            credit=credit,
            width_px=width_px,
            height_px=height_px,
            site=fields.integer(data.get("site"), "site"),
            drive=fields.integer(data.get("drive"), "drive"),
            mast_az_deg=fields.number(extended.get("mastAz"), "mastAz"),
            mast_el_deg=fields.number(extended.get("mastEl"), "mastEl"),
            sclk_s=name.sclk_s if name else None,
            filter_name=fields.text(camera.get("filter_name"), "filter_name"),
            scale_factor=fields.number(extended.get("scaleFactor"), "scaleFactor"),
            subframe=fields.text(extended.get("subframeRect"), "subframeRect"),
            exposure=exposure_key(name, self.name) if name else None,
            page_url=fields.text(data.get("link"), "link"),
            flags=tuple(fields.flags),
            assets=assets,
            upstream=record,
        )

    def _require_own(self, credit: str | None, assets: tuple[Asset, ...]) -> None:
        """Make sure that a record is simulated if the mission is, and not if it is not.

        Raises:
            RecordError: It is not this mission's, or says too little to tell.
        """
        credited = credit is not None and credits_simulation(credit)
        simulated = [is_simulated_address(asset.url) for asset in assets]
        found = f"credit {credit}, {assets[0].url if assets else 'no files'}"
        if self._simulated and not (credited and simulated and all(simulated)):
            raise RecordError(
                "The record is not one of a simulated mission.",
                found=found,
                expected=f"`{SIMULATED_WORD}` in its credit, and files at {SIMULATED_HOST} only",
            )
        if not self._simulated and (credited or any(simulated)):
            raise RecordError(
                "The record is one of a simulated mission.",
                found=found,
                expected=f"a record of {missions.mission(self.name).name}",
            )


def _has_simulated_files(body: bytes) -> bool:
    """Whether the files of any record of a page are those of a simulated one."""
    # Looking for the host alone takes a hundredth of the time.
    return _ON_SIMULATED_HOST in body and any(
        _ON_SIMULATED_HOST in files[0] for files in _FILES.finditer(body)
    )


def next_numbered(address: str, page: SourcePage, size: int, *, size_key: str) -> str | None:
    """The address with `page` one higher, or `None` when the pages so far hold the total."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    number = int(query.get("page") or 0)
    size = min(size, int(query.get(size_key) or size))
    if page.total is not None and (number + 1) * size >= page.total:
        return None
    query["page"] = str(number + 1)
    return urlunsplit(parts._replace(query=urlencode(query)))


def _complaint(body: bytes, complaint: str) -> Any:
    return rejected_page(
        body, "The feed answered with an error message.", complaint, "a page of images"
    )


def _assets(data: dict[str, Any], fields: FieldReader) -> tuple[Asset, ...]:
    files = object_of(data, "image_files")
    assets = []
    for key, role in _ROLES.items():
        url = fields.text(files.get(key), key)
        if url is not None:
            assets.append(Asset(role, url))
    return tuple(assets)


def instrument_code(value: Any, fields: FieldReader) -> str:
    """The camera's code in upper case; `UNKNOWN`, flagged, where the record names none."""
    code = fields.text(value, "instrument")
    if code is None:
        fields.flags.append("no instrument")
        return "UNKNOWN"
    return code.upper()
