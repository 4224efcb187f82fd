"""A folder of pictures, films and stories, with a sheet of captions or captions in the files.

This is what a museum, a class or a newsroom has. The sheet is a CSV, JSON or TOML file in the
folder; what it does not say is taken from the files' own XMP, IPTC and EXIF.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import msgspec

from solbook.errors import SolbookError
from solbook.missions import MISSIONS
from solbook.records import MEDIA_TYPES, MediaType, Rejected, Release, SourcePage
from solbook.settings import Settings
from solbook.sources.base import Envelope, Record, Source
from solbook.sources.dates import stated_date
from solbook.sources.embedded import Embedded, embedded
from solbook.sources.fields import FieldReader, RecordError, shorten
from solbook.sources.media_types import picture_type
from solbook.sources.page_text import PageError, page_too_large, rejected_page
from solbook.sources.texts import clean, is_markup, one_line, plain_text, safe_html

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif"})
FILMS = frozenset({".mp4", ".m4v", ".webm"})
SOUNDS = frozenset({".mp3", ".m4a", ".ogg", ".wav"})
TEXTS = frozenset({".txt", ".html", ".htm"})
SHEETS = (".csv", ".json", ".toml")

_COLUMNS = frozenset(
    "file id title date credit caption type keywords missions location alt url body poster"
    " captions".split()
)
_MISSION_OF_NAME = {
    name.lower(): known.id
    for known in MISSIONS.values()
    for name in (known.id, known.name, known.full_name)
}
_Row = dict[str, Any]


class CaptionedFolder(Source):
    """A folder of pictures, films and stories."""

    name = "folder"
    suffixes = ()
    gives = "release"

    def recognises(self, body: bytes) -> bool:  # noqa: ARG002  (a folder is no file)
        """No single file is a folder."""
        return False

    def open_page(self, body: bytes) -> Envelope:
        """A folder is read by `read_place`; a file is none."""
        raise PageError(
            rejected_page(body[:0], "This is a file.", "a file", "a folder with files and captions")
        )

    def read_records(self, records: list[bytes]) -> Iterable[Record | RecordError]:  # noqa: ARG002
        """Nothing is read without its folder."""
        return []

    def next_address(self, address: str, page: SourcePage) -> str | None:  # noqa: ARG002
        """A folder has one page."""
        return None

    def read_place(self, folder: Path, settings: Settings) -> Iterator[SourcePage]:
        """The one page of a folder: its sheets' rows, and the files that no row names."""
        yield _Reading(folder, settings, self.name).page()


class _Reading:
    """One folder being read."""

    def __init__(self, folder: Path, settings: Settings, source: str) -> None:
        self.folder = folder.resolve()
        self.settings = settings
        self.source = source
        self.releases: list[Release] = []
        self.rejected: list[Rejected] = []
        self.named: set[Path] = set()
        self.names: set[str] = set()

    def page(self) -> SourcePage:
        for sheet in sorted(self.folder.iterdir()):
            if sheet.suffix.lower() in SHEETS and sheet.is_file():
                self._take_sheet(sheet)
        for position, path in enumerate(self._files()):
            # A film's poster and its captions carry its name.
            if path not in self.named and path.suffix.lower() in PICTURES | FILMS | SOUNDS:
                self._take({"file": str(path.relative_to(self.folder))}, position, path.name)
        return SourcePage(
            self.source,
            str(self.folder),
            [],
            self.rejected,
            total=None,
            releases=tuple(self.releases),
        )

    def _files(self) -> list[Path]:
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        # Films first: their posters are theirs.
        return sorted(files, key=lambda path: path.suffix.lower() in PICTURES)

    def _take_sheet(self, sheet: Path) -> None:
        try:
            rows = _rows(sheet, self.settings)
        except SolbookError as error:
            self._reject(-1, sheet.name, error.message, error.found, error.expected, b"")
            return
        for position, row in enumerate(rows):
            self._take(row, position, sheet.name)

    def _take(self, row: Any, position: int, where: str) -> None:
        row = _writable(row)
        received = msgspec.json.encode(row, enc_hook=str)
        try:
            self.releases.append(self._release(_columns(row)))
        except RecordError as error:
            self._reject(position, where, error.reason, error.found, error.expected, received)

    def _reject(
        self, position: int, where: str, reason: str, found: str, expected: str, received: bytes
    ) -> None:
        row = f", row {position + 1}" if position >= 0 else ""
        told = f"{where}{row}: {reason}"
        self.rejected.append(Rejected(position, told, found, expected, received or told.encode()))

    def _release(self, said: _Row) -> Release:
        reader = FieldReader()
        unknown = sorted(said.keys() - _COLUMNS)
        reader.flags += [f"unknown column: {shorten(key)}" for key in unknown]
        path = self._file(said.get("file"), "file")
        paths = self._paths(path, said)
        carried = embedded(path) if path and path.suffix.lower() in PICTURES else Embedded()
        caption = plain_text(_text(said, "caption", reader) or carried.caption)
        title = one_line(_text(said, "title", reader) or carried.title)
        keywords = _words(said.get("keywords")) or tuple(map(one_line, carried.keywords))
        if not title and path is not None:
            title = one_line(escape(path.stem.replace("_", " ").replace("-", " ")))
            reader.flags.append("no title is given; this one is made of the file's name")
        if not title:
            raise RecordError("The row has no title.", found="nothing", expected="a title")
        if path is None and not said.get("body"):
            raise RecordError(
                "The row names no file and has no text.", found=title, expected="`file` or `body`"
            )
        credit = one_line(_text(said, "credit", reader) or carried.credit)
        dated, dated_ns = self._dated(said, carried, reader)
        kept = {**said, "embedded": msgspec.structs.asdict(carried)}
        return Release(
            source=self.source,
            upstream_id=self._id(said, path, title),
            media_type=_media_type(said, path, title, caption, keywords),
            title=title,
            caption=caption or None,
            body=_body(said, path, reader),
            credit=credit or None,
            credit_source="stated" if credit else None,
            dated=dated,
            dated_ns=dated_ns,
            keywords=keywords,
            missions=_missions(said.get("missions")),
            location=one_line(_text(said, "location", reader)) or None,
            alt=one_line(_text(said, "alt", reader)) or None,
            page_url=_url(said, reader),
            flags=tuple(reader.flags),
            paths=paths,
            upstream=msgspec.json.encode(kept, enc_hook=str),
        )

    def _id(self, said: _Row, path: Path | None, title: str) -> str:
        stated = said.get("id")
        own = str(stated).strip() if stated not in (None, "") else ""
        name = f"{self.folder.name}.{own or (path.stem if path else title)}"
        if name in self.names and path is not None and not own:
            # Two files of one name in different folders, or of different kinds.
            name = f"{self.folder.name}.{path.relative_to(self.folder)}"
        if name in self.names:
            raise RecordError("Another row has this id.", found=name, expected="an id of its own")
        self.names.add(name)
        return name

    def _dated(
        self, said: _Row, carried: Embedded, reader: FieldReader
    ) -> tuple[str | None, int | None]:
        stated = said.get("date")
        if stated in (None, ""):
            return stated_date(carried.date, "date in the file", reader)
        found = stated_date(str(stated), "date", reader)
        if found[0] is None:
            raise RecordError(
                "The date cannot be read.", found=stated, expected="2021, 2021-02 or 2021-02-18"
            )
        return found

    def _file(self, value: Any, column: str) -> Path | None:
        if value in (None, ""):
            return None
        path = (self.folder / str(value)).resolve()
        if not path.is_relative_to(self.folder):
            raise RecordError(
                f"The {column} is not in the folder.", found=value, expected="a file of the folder"
            )
        if not path.is_file():
            raise RecordError(
                f"The {column} is not there.", found=value, expected="the path of a file"
            )
        self.named.add(path)
        return path

    def _paths(self, path: Path | None, said: _Row) -> tuple[tuple[str, Path], ...]:
        """The files of a row, by role; a film's poster and captions by its name, or as said."""
        poster = self._file(said.get("poster"), "poster")
        track = self._file(said.get("captions"), "captions")
        if path is None or path.suffix.lower() in TEXTS:
            found = {"full": poster}
        elif path.suffix.lower() in PICTURES:
            found = {"full": path}
        else:
            role = "video" if path.suffix.lower() in FILMS else "audio"
            beside = {p.suffix.lower(): p for p in path.parent.glob(f"{path.stem}.*")}
            pictures = [beside[suffix] for suffix in sorted(PICTURES & beside.keys())]
            found = {
                role: path,
                "full": poster or next(iter(pictures), None),
                "captions": track or beside.get(".vtt"),
            }
        kept = {role: file for role, file in found.items() if file is not None}
        self.named |= set(kept.values())
        return tuple(sorted(kept.items()))


def _writable(value: Any) -> Any:
    """A value of a sheet without letters that no encoding can write."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_writable(each) for each in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(each) for key, each in value.items()}
    return value


def _columns(row: Any) -> _Row:
    """A row by the names of its columns."""
    if not isinstance(row, dict):
        raise RecordError("The row is not an object.", found=row, expected="an object")
    if None in row:
        raise RecordError(
            "The row has more cells than the sheet has columns.",
            found=row[None],
            expected="a cell for each column; words with commas in quotation marks",
        )
    return {str(key).strip().lower(): value for key, value in row.items()}


def _rows(sheet: Path, settings: Settings) -> list[Any]:
    """The rows of a sheet.

    Raises:
        SolbookError: It cannot be read.
    """
    try:
        size = sheet.stat().st_size
        if size > settings.max_page_bytes:
            raise page_too_large(sheet.name, f"{size:,} bytes", settings)
        body = sheet.read_bytes()
        if sheet.suffix.lower() == ".csv":
            text = io.StringIO(_decoded(body), newline="")
            return list(csv.DictReader(text, dialect=_dialect(text)))
        found = (tomllib if sheet.suffix.lower() == ".toml" else json).loads(_decoded(body))
    except (OSError, ValueError, csv.Error, RecursionError) as error:
        raise SolbookError(
            f"The sheet {sheet.name} cannot be read.",
            code="unreadable",
            found=shorten(error),
            expected="a CSV, JSON or TOML file",
            help="Mend the sheet.",
        ) from error
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), [found])
    return list(found) if isinstance(found, list) else [found]


def _dialect(text: io.StringIO) -> type[csv.Dialect]:
    """Commas, or the semicolons and tabs that some programs write."""
    head = text.readline()
    text.seek(0)

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=head.count)

    return Dialect


def _decoded(body: bytes) -> str:
    """UTF-8, or what office programs of the West write where it is none."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _text(said: _Row, name: str, reader: FieldReader) -> str:
    return reader.text(said.get(name), name) or ""


def _words(value: Any) -> tuple[str, ...]:
    """Words of a list, or of a text that has them apart by semicolons or commas."""
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    texts = (one_line(str(each)) for each in (value if isinstance(value, list) else ()))
    return tuple(dict.fromkeys(text for text in texts if text))


def _missions(value: Any) -> tuple[str, ...]:
    found = []
    for word in _words(value):
        mission = _MISSION_OF_NAME.get(word.lower())
        if mission is None:
            raise RecordError(
                "The mission is unknown.", found=word, expected=", ".join(sorted(MISSIONS))
            )
        found.append(mission)
    return tuple(dict.fromkeys(found))


def _media_type(
    said: _Row, path: Path | None, title: str, caption: str, keywords: tuple[str, ...]
) -> MediaType:
    stated = str(said.get("type") or "").strip().lower()
    if stated:
        for known in MEDIA_TYPES:
            if stated in (known, f"{known}s"):
                return known
        raise RecordError("The type is unknown.", found=stated, expected=", ".join(MEDIA_TYPES))
    suffix = path.suffix.lower() if path else ""
    if suffix in FILMS:
        return "video"
    if suffix in SOUNDS:
        return "audio"
    if suffix in PICTURES:
        return picture_type(title, caption, keywords)
    return "article"


def _body(said: _Row, path: Path | None, reader: FieldReader) -> str | None:
    """A story's text: of the sheet, or of a file."""
    text = _text(said, "body", reader)
    is_html = is_markup(text)
    if path is not None and path.suffix.lower() in TEXTS:
        text = _decoded(path.read_bytes())
        is_html = path.suffix.lower() != ".txt"
    if text and not is_html:
        paragraphs = plain_text(text).split("\n\n")
        text = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return safe_html(text) or None


def _url(said: _Row, reader: FieldReader) -> str | None:
    url = _text(said, "url", reader).strip()
    if url and not url.startswith(("https://", "http://")):
        raise RecordError("The url is no web address.", found=url, expected="https://…")
    return url or None
