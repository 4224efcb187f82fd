"""News: the stories of an RSS or Atom feed.

Their text is made harmless, and pictures in it are left out: they would be loaded from other
hosts. A story's own picture is kept like any other file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from time import struct_time
from typing import Any
from urllib.parse import urlsplit

import msgspec

from solbook.clock import format_utc, parse_utc
from solbook.records import Asset, Release, SourcePage, release_name
from solbook.sources.base import Envelope, Source, record_or_reason
from solbook.sources.fields import FieldReader, RecordError, required_text
from solbook.sources.page_text import PageError, rejected_page, text_of
from solbook.sources.texts import one_line, plain_text, safe_html

_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_HEAD_BYTES = 4096
_MOST_CAPTION = 1200
_DIGITS = 6
_PICTURE_IN_TEXT = re.compile(r"<img\b[^>]*\bsrc\s*=\s*[\"'](https?://[^\"'\s>]+)", re.IGNORECASE)
_TYPES_OF_PICTURES = "image/"


class NewsFeed(Source):
    """The stories of an RSS or Atom feed."""

    name = "rss"
    suffixes = (".xml", ".rss", ".atom")
    gives = "release"

    def recognises(self, body: bytes) -> bool:
        """Whether a file is a feed."""
        return _ROOT.search(body[:_HEAD_BYTES]) is not None

    def open_page(self, body: bytes) -> Envelope:
        """Find the entries; each is kept as the feed's parser reads it, as JSON."""
        # It takes a tenth of a second to load, and only feeds need it.
        import feedparser  # noqa: PLC0415

        if not self.recognises(body):
            reason = "The page is neither RSS nor Atom."
            raise PageError(rejected_page(body, reason, text_of(body), "an RSS or Atom feed"))
        parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        publisher = one_line(str(parsed.feed.get("title", "")))
        records = [_as_record(entry, publisher) for entry in parsed.entries]
        if not records and parsed.bozo:
            reason = "The feed is damaged, and no story in it is whole."
            found = str(parsed.get("bozo_exception", ""))
            raise PageError(rejected_page(body, reason, found, "a feed with stories"))
        return Envelope(records, more=False)

    def read_records(self, records: list[bytes]) -> Iterable[Release | RecordError]:
        """Make a story of every entry."""
        return [record_or_reason(record, self._story) for record in records]

    def next_address(self, address: str, page: SourcePage) -> str | None:  # noqa: ARG002
        """A feed has one page."""
        return None

    def _story(self, data: dict[str, Any], record: bytes) -> Release:
        reader = FieldReader()
        title = one_line(required_text(data.get("title"), "title"))
        link = _web_address(data.get("link"))
        upstream_id = reader.text(data.get("id"), "id") or link
        if not upstream_id:
            raise RecordError(
                "The story has neither an id nor an address.", found=title, expected="one of them"
            )
        body = _body(data)
        summary = plain_text(reader.text(data.get("summary"), "summary") or "")
        words = [
            label
            for tag in data.get("tags") or ()
            if isinstance(tag, dict) and (label := one_line(str(tag.get("term") or "")))
        ]
        dated, dated_ns = _date(data)
        who = one_line(str(data.get("author") or data.get("publisher") or ""))
        return Release(
            source=self.name,
            upstream_id=upstream_id,
            name=_name(link, title, upstream_id),
            media_type="article",
            title=title or "Untitled",
            caption=_shortened(summary or plain_text(body)) or None,
            body=safe_html(body) or None,
            credit=who or None,
            credit_source="stated" if who else None,
            dated=dated,
            dated_ns=dated_ns,
            keywords=tuple(dict.fromkeys(words)),
            page_url=link,
            flags=tuple(reader.flags),
            assets=_picture(data, body),
            upstream=record,
        )


def _as_record(entry: dict[str, Any], publisher: str) -> bytes:
    """An entry as it is kept: all that the parser read of it."""
    kept = {key: value for key, value in entry.items() if not key.endswith("_detail")}
    return msgspec.json.encode({**kept, "publisher": publisher}, enc_hook=_plain)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, struct_time) else str(value)


def _body(data: dict[str, Any]) -> str:
    """The whole text, where the feed has it, else the summary."""
    contents = data.get("content")
    texts = [
        str(each.get("value") or "")
        for each in (contents if isinstance(contents, list) else [])
        if isinstance(each, dict)
    ]
    return max(texts, key=len, default="") or str(data.get("summary") or "")


def _date(data: dict[str, Any]) -> tuple[str | None, int | None]:
    """When it was published, else when it was changed; the parser gives both in UTC."""
    for name in ("published_parsed", "updated_parsed"):
        parts = data.get(name)
        if isinstance(parts, list) and len(parts) >= 6:
            year, month, day, hour, minute, second = parts[:6]
            stated = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
            utc_ns = parse_utc(stated)
            return format_utc(utc_ns, 0), utc_ns
    return None, None


def _name(link: str | None, title: str, upstream_id: str) -> str:
    """What the story is called in addresses: the end of its own address, and digits of its id."""
    last = urlsplit(link).path.rstrip("/").rsplit("/", 1)[-1] if link else title
    words = release_name(last.rsplit(".", 1)[0] or title)[:60].strip("-.")
    digest = hashlib.sha256(upstream_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{words}-{digest[:_DIGITS]}"


def _shortened(text: str) -> str:
    """The beginning of a text, to the end of a word."""
    if len(text) <= _MOST_CAPTION:
        return text
    return text[:_MOST_CAPTION].rsplit(" ", 1)[0] + " …"


def _picture(data: dict[str, Any], body: str) -> tuple[Asset, ...]:
    """The story's own picture: as media, as an enclosure, or the first in its text."""
    offered: list[tuple[str, Any]] = []
    for name in ("media_content", "enclosures", "links", "media_thumbnail"):
        for each in data.get(name) or ():
            if isinstance(each, dict):
                kind = str(each.get("medium") or each.get("type") or "")
                if name == "media_thumbnail" or kind.startswith((_TYPES_OF_PICTURES, "image")):
                    offered.append((name, each.get("url") or each.get("href")))
    offered += [("text", found[1]) for found in _PICTURE_IN_TEXT.finditer(body)]
    address = next((a for _, url in offered if (a := _web_address(url))), None)
    return (Asset("full", address),) if address else ()


def _web_address(value: Any) -> str | None:
    """An address a page may link."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme in ("http", "https") and parts.hostname else None
