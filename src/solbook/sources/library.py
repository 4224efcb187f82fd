"""NASA's Image and Video Library: captioned pictures, videos and sounds, with their files.

`https://images-api.nasa.gov/search?q=…&page=…`, and for each item a list of its files at
`https://images-assets.nasa.gov/…/ID/collection.json` or `https://images-api.nasa.gov/asset/ID`.

Quirks it knows: ids may have spaces, even at their end; addresses of files have them unescaped and
begin with `http:`; the list of an item's files is an array where it is at the assets' host and a
collection where the API gives it; who is to be credited is in `photographer`, `secondary_creator`,
the words of the description, or nowhere; older captions repeat the title; `center` is all that
some records say of their origin; the API says it has 10,000 results at most and has no page beyond.

Solbook's rehearsal publishes releases in the same form, which the same class reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import msgspec

from solbook.records import (
    SIMULATED_HOST,
    Asset,
    MediaType,
    Release,
    ReleaseFiles,
    SourcePage,
)
from solbook.sources.base import Envelope, Source, record_or_reason
from solbook.sources.dates import stated_date
from solbook.sources.fields import FieldReader, RecordError, required_text, shorten
from solbook.sources.media_types import moving_type, picture_type
from solbook.sources.page_text import PageError, decode, error_message, rejected_page
from solbook.sources.texts import one_line, plain_text

SEARCH = "https://images-api.nasa.gov/search"
DETAILS = "https://images.nasa.gov/details/"
_NASA = ".nasa.gov"
_GREATEST_PAGE = 100

# NASA's centres have names of their own in credits; JPL's image use policy asks for the institute.
# https://www.jpl.nasa.gov/jpl-image-use-policy
_CREDIT_OF_CENTRE = {"HQ": "NASA", "JPL": "NASA/JPL-Caltech"}
_CREDIT_WORDS = re.compile(
    r"(?:^|[\s(;.])(?:(?:image|photo|video|animation|picture|visual)s?[\s/]*)?"
    r"(?:credit(?:s|\s+line)?|courtesy(?:\s+of)?)\s*:\s*(?P<credit>[^\n]{2,200})",
    re.IGNORECASE,
)
_AFTER_CREDIT = re.compile(
    r"(?<=[a-z)])\.\s|\n|\s+-{2,}\s|\s(?:for\s+(?:more|further|additional)|visit)\s|https?://",
    re.IGNORECASE,
)
# What a file is, by the end of its name: `ID~large.jpg`.
_VARIANT = re.compile(r"~(?P<variant>[a-z0-9_]+)\.(?P<extension>[a-z0-9]+)$", re.IGNORECASE)
_PICTURES = {"orig": "full", "large": "large", "medium": "medium", "small": "small"}
_PICTURE_EXTENSIONS = frozenset({"jpg", "jpeg", "png", "tif", "tiff", "gif", "webp"})
_FILM_EXTENSIONS = frozenset({"mp4", "m4v", "webm"})
_SOUND_EXTENSIONS = frozenset({"m4a", "mp3", "ogg", "wav"})
_TRACK_EXTENSIONS = frozenset({"vtt"})
# A film in the middle of its sizes: originals are gigabytes.
_FILM_ORDER = ("large", "medium", "orig", "small", "mobile", "preview")
_KNOWN_KEYS = frozenset(
    "album center date_created description description_508 keywords location media_type nasa_id"
    " photographer secondary_creator title".split()
)


class _Collection(msgspec.Struct):
    items: list[msgspec.Raw] | None = None
    metadata: dict[str, Any] | None = None
    links: list[dict[str, Any]] | None = None
    href: Any = None


class _Page(msgspec.Struct):
    collection: _Collection | None = None
    reason: Any = None


class NasaLibrary(Source):
    """The library of NASA, or one in its form.

    Args:
        name: Name of the source.
        mission: The mission all of it is of, if it is of one.
    """

    gives = "release"

    def __init__(self, name: str = "library", mission: str | None = None) -> None:
        self.name = name
        self._missions = (mission,) if mission else ()

    def recognises(self, body: bytes) -> bool:
        """Whether a file is a page of a search, or a list of an item's files."""
        if b'"collection"' not in body and not body.lstrip().startswith(b'["http'):
            return False
        if b'"href"' not in body and b"images-assets.nasa.gov" not in body:
            return False
        simulated = f"//{SIMULATED_HOST}/".encode() in body
        return simulated == bool(self._missions)

    def open_page(self, body: bytes) -> Envelope:
        """Find the items of a page; a list of files is a page with one record, the list."""
        page = decode(body, list[str] | _Page)
        if isinstance(page, list):
            return Envelope([body.strip()], more=False)
        if page.collection is None or page.collection.items is None:
            complaint = error_message(page.reason) or "no `collection.items`"
            reason = "The page has no items."
            raise PageError(rejected_page(body, reason, complaint, "a page of the library"))
        collection = page.collection
        if _is_file_list(collection):
            return Envelope([body.strip()], more=False)
        total = FieldReader().integer((collection.metadata or {}).get("total_hits"), "total_hits")
        more = any(link.get("rel") == "next" for link in collection.links or ())
        return Envelope([bytes(raw) for raw in collection.items or ()], total=total, more=more)

    def read_records(self, records: list[bytes]) -> Iterable[Release | ReleaseFiles | RecordError]:
        """Make a release of every item."""
        return [
            _file_list(record)
            if _looks_like_files(record)
            else record_or_reason(record, self._release)
            for record in records
        ]

    def next_address(self, address: str, page: SourcePage) -> str | None:
        """The next page of the search."""
        if not page.more:
            return None
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        number = int(query.get("page", "1"))
        if number >= _GREATEST_PAGE:
            return None
        query["page"] = str(number + 1)
        return urlunsplit(parts._replace(query=urlencode(query)))

    def also_read(self, page: SourcePage) -> list[str]:
        """The lists of the files of those items that do not state their own."""
        return [
            release.files_url
            for release in page.releases
            if release.files_url and not _states_original(release)
        ]

    def _release(self, data: dict[str, Any], record: bytes) -> Release:
        about = data.get("data")
        if not isinstance(about, list) or not about or not isinstance(about[0], dict):
            raise RecordError(
                "The item says nothing of itself.", found=about, expected="`data` with an object"
            )
        fields: dict[str, Any] = about[0]
        reader = FieldReader()
        upstream_id = required_text(fields.get("nasa_id"), "nasa_id")
        title = one_line(required_text(fields.get("title"), "title"))
        caption = plain_text(reader.text(fields.get("description"), "description") or "")
        keywords = _keywords(fields.get("keywords"), reader)
        dated, dated_ns = stated_date(fields.get("date_created"), "date_created", reader)
        credit, credit_source = _credit(fields, caption, reader)
        kind = required_text(fields.get("media_type"), "media_type")
        for name in sorted(fields.keys() - _KNOWN_KEYS):
            reader.flags.append(f"new field: {shorten(name)}")
        return Release(
            source=self.name,
            upstream_id=upstream_id,
            media_type=_media_type(kind, title, caption, keywords),
            title=title,
            caption=caption or None,
            credit=credit,
            credit_source=credit_source,
            dated=dated,
            dated_ns=dated_ns,
            keywords=keywords,
            missions=self._missions,
            location=_words(fields, "location", reader),
            alt=_words(fields, "description_508", reader),
            page_url=None if self._missions else DETAILS + quote(upstream_id, safe=""),
            flags=tuple(reader.flags),
            assets=_assets_of_item(data),
            files_url=_address(data.get("href")),
            upstream=record,
        )


def _media_type(kind: str, title: str, caption: str, keywords: tuple[str, ...]) -> MediaType:
    if kind == "image":
        return picture_type(title, caption, keywords)
    if kind == "video":
        return moving_type(title, caption, keywords)
    if kind == "audio":
        return "audio"
    raise RecordError("Its type is unknown.", found=kind, expected="image, video or audio")


def _keywords(value: Any, reader: FieldReader) -> tuple[str, ...]:
    """The keywords; some records have all of them in one text."""
    if value is None:
        return ()
    texts = value if isinstance(value, list) else [value]
    words = [reader.text(text, "keywords") or "" for text in texts]
    if len(words) == 1:
        words = re.split(r"[,;]", words[0])
    return tuple(dict.fromkeys(word for text in words if (word := one_line(text))))


def _words(fields: dict[str, Any], name: str, reader: FieldReader) -> str | None:
    return one_line(reader.text(fields.get(name), name) or "") or None


def _credit(
    fields: dict[str, Any], caption: str, reader: FieldReader
) -> tuple[str | None, str | None]:
    """Whom to credit, and where that was found."""
    stated: list[str] = []
    for name in ("photographer", "secondary_creator"):
        who = _words(fields, name, reader)
        if who and not any(who in other for other in stated):
            stated = [*(other for other in stated if other not in who), who]
    if stated:
        return "; ".join(stated), "stated"
    said = credit_in(caption)
    if said:
        return said, "caption"
    centre = _words(fields, "center", reader)
    if centre:
        return _CREDIT_OF_CENTRE.get(centre, f"NASA/{centre}"), "centre"
    return None, None


def credit_in(caption: str) -> str | None:
    """The credit that a caption's words give: "Image credit: NASA/JPL-Caltech"."""
    said = None
    for match in _CREDIT_WORDS.finditer(caption):
        who = _AFTER_CREDIT.split(match["credit"], maxsplit=1)[0].strip(" .;,")
        if who.startswith("(") and who.endswith(")"):
            who = who[1:-1].strip()
        elif who.endswith(")") and who.count(")") > who.count("("):
            who = who[:-1].strip()
        said = who or said
    return said


# --- files -------------------------------------------------------------------------------------


def _is_file_list(collection: _Collection) -> bool:
    """Whether a collection lists the files of one item: its items have an address and no more."""
    items = collection.items
    if not items:
        return False
    try:
        first = msgspec.json.decode(bytes(items[0]))
    except (msgspec.DecodeError, RecursionError):
        return False
    return isinstance(first, dict) and "data" not in first and isinstance(first.get("href"), str)


def _looks_like_files(record: bytes) -> bool:
    return record.startswith((b"[", b'{"collection"')) or b'"data"' not in record


def _file_list(record: bytes) -> ReleaseFiles | RecordError:
    """The list of an item's files, whose name is in every address."""
    try:
        data = msgspec.json.decode(record)
    except (msgspec.DecodeError, RecursionError) as error:
        return RecordError("The list cannot be decoded.", found=error, expected="a list of files")
    if isinstance(data, dict):
        collection = data.get("collection")
        listed = collection.get("items") if isinstance(collection, dict) else None
        data = [item.get("href") for item in listed or () if isinstance(item, dict)]
    addresses = [address for text in data if (address := _address(text))]
    if not addresses:
        return RecordError("The list names no files.", found=data, expected="addresses of files")
    ids = {unquote(urlsplit(address).path.rsplit("/", 2)[-2]) for address in addresses}
    if len(ids) != 1:
        return RecordError(
            "The list is of several items.", found=sorted(ids), expected="the files of one"
        )
    return ReleaseFiles(ids.pop(), _assets(addresses), record)


def _assets_of_item(data: dict[str, Any]) -> tuple[Asset, ...]:
    """The files an item states itself."""
    links = data.get("links")
    addresses = [
        address
        for link in (links if isinstance(links, list) else [])
        if isinstance(link, dict) and (address := _address(link.get("href")))
    ]
    return _assets(addresses)


def _states_original(release: Release) -> bool:
    return any(asset.role in {"full", "video", "audio"} for asset in release.assets)


def _assets(addresses: Iterable[str]) -> tuple[Asset, ...]:
    """The files among some addresses that are of use, by role."""
    pictures: dict[str, str] = {}
    films: dict[str, str] = {}
    found: dict[str, str] = {}
    for address in addresses:
        match = _VARIANT.search(unquote(urlsplit(address).path))
        extension = address.rsplit(".", 1)[-1].lower()
        variant = match["variant"].lower() if match else ""
        if extension in _PICTURE_EXTENSIONS:
            pictures.setdefault(variant, address)
        elif extension in _FILM_EXTENSIONS:
            films.setdefault(variant, address)
        elif extension in _SOUND_EXTENSIONS:
            found.setdefault("audio", address)
        elif extension in _TRACK_EXTENSIONS:
            found.setdefault("captions", address)
    found |= {role: pictures[name] for name, role in _PICTURES.items() if name in pictures}
    # Posters of films have names of their own, and so have the thumbnails of pictures.
    spare = [pictures[name] for name in sorted(pictures, key=_posters_first) if name]
    if spare and not found.keys() & {"full", "large", "medium", "small"}:
        found["full" if films else "small"] = spare[0]
    film = next((films[name] for name in _FILM_ORDER if name in films), None)
    film = film or next(iter(films.values()), None)
    if film:
        found["video"] = film
    return tuple(Asset(role, url) for role, url in sorted(found.items()))


def _posters_first(variant: str) -> tuple[bool, str]:
    return not variant.startswith("large"), variant


def _address(value: Any) -> str | None:
    """An address of a file, as it should have been written."""
    if not isinstance(value, str):
        return None
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    scheme = "https" if parts.hostname.endswith(_NASA) else parts.scheme
    return urlunsplit(
        parts._replace(scheme=scheme, path=quote(parts.path, safe="/~%:@!$&'()*+,;="))
    )
