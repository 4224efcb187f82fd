"""The `raw_image_items` feeds of Curiosity and InSight.

`https://mars.nasa.gov/api/v1/raw_image_items/?condition_1=msl:mission…`

Here `date_taken` is UTC as it should be, and local time is computed from it where the feed gives
none with its sol (InSight's `extended.localtime` has no sol).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import msgspec
import numpy as np

from solbook.clock import mission_clock
from solbook.records import (
    Asset,
    Frame,
    SourcePage,
    exposure_key,
    parse_product_id,
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
from solbook.sources.m2020 import instrument_code, next_numbered
from solbook.sources.page_text import PageError, decode, rejected_page

FEED = "https://mars.nasa.gov/api/v1/raw_image_items/"
SITE = "https://mars.nasa.gov"
PAGE_SIZE = 100

_KNOWN_KEYS = frozenset(
    "attitude camera_model_component_list camera_model_type camera_position camera_vector"
    " created_at date_received date_taken description drive extended https_url id image_credit"
    " imageid instrument instrument_sort is_thumbnail link mission sample_type_sort scale_factor"
    " site sol spacecraft_clock subframe_rect title updated_at url xyz".split()
)
_BREAKS = re.compile(r"<br\s*/?>(?:\s*<br\s*/?>)*", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class _Page(msgspec.Struct):
    items: list[msgspec.Raw] | None = None
    total: Any = None
    more: Any = None
    imageid: Any = None


class RawImageItems(Source):
    """One mission's part of the `raw_image_items` feed.

    Args:
        mission: `msl` or `insight`.
    """

    def __init__(self, mission: str) -> None:
        self.name = mission

    def recognises(self, body: bytes) -> bool:
        """Whether a file is a page or a single record of this mission."""
        if b'"image_files"' in body or b'"https_url"' not in body:
            return False
        if re.search(rb'"mission"\s*:\s*"' + self.name.encode() + b'"', body):
            return True
        # Some saved records lack the mission; the address of the picture tells it.
        return f"/{self.name}-raw-images/".encode() in body

    def open_page(self, body: bytes) -> Envelope:
        """Find the records: a page, a bare list of records, or one record."""
        page = decode(body, list[msgspec.Raw] | _Page)
        if isinstance(page, list):
            return Envelope([bytes(raw) for raw in page])
        if page.items is not None:
            total = FieldReader().integer(page.total, "total")
            more = page.more if isinstance(page.more, bool) else None
            return Envelope([bytes(raw) for raw in page.items], total=total, more=more)
        if page.imageid is not None:
            return Envelope([body.strip()])
        raise PageError(
            rejected_page(
                body, "The page has no items.", "no `items`", "a page of the raw_image_items feed"
            )
        )

    def read_records(self, records: list[bytes]) -> Iterable[Frame | RecordError]:
        """Make frames; local times are computed for all of them together."""
        results = [record_or_reason(record, self._frame) for record in records]
        timed = [
            f for f in results if isinstance(f, Frame) and f.utc_ns is not None and f.lmst_s is None
        ]
        if timed:
            sols, lmst_s = mission_clock(self.name).from_utc(
                np.array([frame.utc_ns for frame in timed])
            )
            for frame, sol, local in zip(timed, sols.tolist(), lmst_s.tolist(), strict=True):
                # Where the feed's sol is not the clock's, its UTC cannot be of this frame.
                if sol == frame.sol:
                    frame.lmst_s, frame.lmst_source = local, "mission-clock"
                else:
                    frame.flags = (*frame.flags, f"date_taken is of sol {sol}")
        return results

    def next_address(self, address: str, page: SourcePage) -> str | None:
        """The next `page=`, while the feed says there is more."""
        if page.more is False or not (page.frames or page.rejected):
            return None
        return next_numbered(address, page, PAGE_SIZE, size_key="per_page")

    def address(self, first_sol: int | None = None, last_sol: int | None = None) -> str:
        """The feed's address, newest sol first, optionally for a range of sols."""
        query = {
            "order": "sol desc,instrument_sort asc,sample_type_sort asc,date_taken desc",
            "per_page": str(PAGE_SIZE),
            "page": "0",
            "condition_1": f"{self.name}:mission",
        }
        if first_sol is not None:
            query["condition_2"] = f"{first_sol}:sol:gte"
        if last_sol is not None:
            query["condition_3"] = f"{last_sol}:sol:lte"
        return f"{FEED}?{urlencode(query)}"

    def _frame(self, data: dict[str, Any], record: bytes) -> Frame:
        upstream_id = required_id(data.get("imageid"))
        sol = required_sol(data.get("sol"))
        mission = data.get("mission")
        if mission not in (None, self.name):
            raise RecordError(
                "The record is of another mission.", found=mission, expected=self.name
            )
        fields = FieldReader()
        fields.flags.extend(f"new field: {key}" for key in sorted(data.keys() - _KNOWN_KEYS))
        extended = object_of(data, "extended")
        url = fields.text(data.get("https_url") or data.get("url"), "https_url")
        name = parse_product_id(upstream_id) or (parse_product_id(stem_of(url)) if url else None)
        local = fields.lmst(extended.get("lmst"), "lmst")
        if local is not None and local[0] != sol:
            fields.flags.append(f"lmst is of sol {local[0]}")
            local = None
        utc_ns = fields.utc_ns(data.get("date_taken"), "date_taken")
        subframe = fields.text(data.get("subframe_rect"), "subframe_rect")
        caption = fields.text(data.get("description"), "description")
        sclk_s = fields.number(data.get("spacecraft_clock"), "spacecraft_clock")
        return Frame(
            mission=self.name,
            product_id=upstream_id,
            upstream_id=upstream_id,
            source=self.name,
            sol=sol,
            instrument=instrument_code(data.get("instrument"), fields),
            sample_type=_sample_type(data, extended, fields),
            utc_ns=utc_ns,
            utc_source=None if utc_ns is None else "upstream",
            lmst_s=local[1] if local else None,
            lmst_source="upstream" if local else None,
            upstream_utc_ns=utc_ns,
            received_ns=fields.utc_ns(data.get("date_received"), "date_received"),
            title=fields.text(data.get("title"), "title"),
            caption=plain_text(caption) if caption else None,
            credit=fields.text(data.get("image_credit"), "image_credit"),
            site=fields.integer(data.get("site"), "site"),
            drive=fields.integer(data.get("drive"), "drive"),
            mast_az_deg=fields.number(extended.get("mast_az"), "mast_az"),
            mast_el_deg=fields.number(extended.get("mast_el"), "mast_el"),
            sclk_s=sclk_s if sclk_s is not None else (name.sclk_s if name else None),
            filter_name=fields.text(extended.get("filter_name"), "filter_name"),
            scale_factor=fields.number(data.get("scale_factor"), "scale_factor"),
            subframe=subframe,
            exposure=exposure_key(name) if name else None,
            page_url=_page_url(fields.text(data.get("link"), "link")),
            flags=tuple(fields.flags),
            assets=(Asset("full", url),) if url else (),
            upstream=record,
        )


def _sample_type(data: dict[str, Any], extended: dict[str, Any], fields: FieldReader) -> str | None:
    stated = fields.text(extended.get("sample_type"), "sample_type")
    if stated is not None:
        return stated.lower()
    thumbnail = data.get("is_thumbnail")
    if isinstance(thumbnail, bool):
        return "thumbnail" if thumbnail else "full"
    return None


def _page_url(link: str | None) -> str | None:
    return SITE + link if link is not None and link.startswith("/") else link


def plain_text(markup: str) -> str:
    """A caption without its markup: breaks become one empty line, other tags go."""
    text = html.unescape(_TAG.sub("", _BREAKS.sub("\n\n", markup)))
    return "\n".join(line.strip() for line in text.split("\n")).strip()
