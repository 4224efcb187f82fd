"""Reading a source from wherever it is: an address, a saved page, or a folder of saved pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from solbook.errors import SolbookError
from solbook.records import Rejected, SourcePage, add_sun
from solbook.settings import Settings
from solbook.sources.base import Source
from solbook.sources.captioned_folder import CaptionedFolder
from solbook.sources.library import NasaLibrary
from solbook.sources.m2020 import REHEARSAL_FEED, M2020Feed
from solbook.sources.news import NewsFeed
from solbook.sources.page_text import page_too_large
from solbook.sources.photos_v1 import PhotosV1
from solbook.sources.raw_image_items import RawImageItems

if TYPE_CHECKING:
    from solbook.sources.http import PageFetcher

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        M2020Feed(),
        RawImageItems("msl"),
        RawImageItems("insight"),
        PhotosV1(),
        M2020Feed("rehearsal", REHEARSAL_FEED),
        NasaLibrary(),
        NasaLibrary("rehearsal-library", "rehearsal"),
        NewsFeed(),
        CaptionedFolder(),
    )
}

SavedFile = tuple[Path, bytes | SolbookError]
"""A saved page, or why it could not be read."""

# Files of one record each are read together, so that a folder of sidecars is not a
# transaction a file.
_SIDECARS_PER_PAGE = 200
_FRAMES_AT_ONCE = 400

# One page may be damaged on the way; after the second in a row there is nothing to read.
_PAGES_WITHOUT_RECORDS = 2


def source_named(name: str) -> Source:
    """The source of this name.

    Raises:
        SolbookError: There is none.
    """
    try:
        return SOURCES[name]
    except KeyError:
        raise SolbookError(
            "There is no such source.",
            code="unknown_source",
            found=name,
            expected=", ".join(SOURCES),
            help="Name one of these.",
        ) from None


def recognise(body: bytes) -> Source | None:
    """The source a file is a page of, if any."""
    return next((source for source in SOURCES.values() if source.recognises(body)), None)


def is_address(where: str) -> bool:
    """Whether a text is a web address, not a path."""
    return where.startswith(("http://", "https://"))


def require_there(where: str) -> None:
    """Make sure a place to read from is an address, or a path that exists.

    Raises:
        SolbookError: It is neither.
    """
    # An empty text would name the folder one is in.
    if not where.strip() or (not is_address(where) and not Path(where).exists()):
        raise _unreadable(where or "''", "No such file or directory")


def read(
    source: Source,
    where: str,
    settings: Settings,
    passed_over: list[Path] | None = None,
) -> Iterator[SourcePage]:
    """The pages of a source, to the end.

    Args:
        source: Which upstream.
        where: An address (followed page by page), a saved page, or a folder of saved pages and
            sidecars (files of other kinds in it are passed over).
        settings: Limits and the network switch.
        passed_over: Gets the files of a folder that are not of this source.

    Raises:
        SolbookError: Nothing can be read there.
    """
    if is_address(where):
        yield from _read_address(source, where, settings)
        return
    path = Path(where)
    of_its_own = source.read_place(path, settings) if path.is_dir() else None
    if of_its_own is not None:
        yield from of_its_own
        return
    if path.is_dir():
        yield from read_folder(source, page_paths(source, path), settings, passed_over)
        return
    yield source.read_page(_read_file(path, settings), str(path))


def read_folder(
    source: Source,
    paths: Iterable[Path],
    settings: Settings,
    passed_over: list[Path] | None = None,
) -> Iterator[SourcePage]:
    """The pages of a source among the files of a folder.

    Args:
        source: Which upstream.
        paths: The files; those of other kinds are passed over.
        settings: Limits.
        passed_over: Gets the files that are not of this source.
    """
    files = _files_of_source(source, saved_files(paths, settings), passed_over)
    yield from read_files(source, files)


def read_files(source: Source, files: Iterable[SavedFile]) -> Iterator[SourcePage]:
    """Pages of saved files; files of one record each are joined into one page."""
    # Some pages together: numpy takes as long for a hundred frames as for four hundred.
    waiting: list[SourcePage] = []
    for page in _parsed_files(source, files):
        waiting.append(page)
        if sum(len(each.frames) for each in waiting) >= _FRAMES_AT_ONCE:
            yield from _with_sun(waiting)
            waiting = []
    yield from _with_sun(waiting)


def _with_sun(pages: list[SourcePage]) -> list[SourcePage]:
    add_sun(frame for page in pages for frame in page.frames)
    return pages


def _parsed_files(source: Source, files: Iterable[SavedFile]) -> Iterator[SourcePage]:
    batch: SourcePage | None = None
    # Files of releases come after the releases, whatever their names are.
    lists: list[SourcePage] = []
    for path, body in files:
        page = _page_of_file(source, path, body)
        if page.release_files:
            lists.append(page)
            continue
        if len(page.frames) != 1 or page.rejected or page.rovers:
            yield page
            continue
        if batch is None:
            batch = msgspec.structs.replace(page, origin=str(Path(page.origin).parent))
        else:
            batch.frames += page.frames
        if len(batch.frames) >= _SIDECARS_PER_PAGE:
            yield batch
            batch = None
    if batch is not None:
        yield batch
    yield from lists


def _page_of_file(source: Source, path: Path, body: bytes | SolbookError) -> SourcePage:
    """The page of a saved file; of one that could not be read, a page with the reason only."""
    if isinstance(body, bytes):
        return source.parse_page(body, str(path))
    rejected = Rejected(-1, body.message, body.found, body.expected, str(path).encode())
    return SourcePage(source.name, str(path), [], [rejected])


def page_paths(source: Source, folder: Path) -> list[Path]:
    """The files below a folder that may be pages of a source, in the order of their names."""
    return sorted(path for suffix in source.suffixes for path in folder.rglob(f"*{suffix}"))


def json_paths(folder: Path) -> list[Path]:
    """The JSON files below a folder, in the order of their names."""
    return sorted(folder.rglob("*.json"))


def saved_files(paths: Iterable[Path], settings: Settings) -> Iterator[SavedFile]:
    """Files with their bytes, or why one cannot be read."""
    for path in paths:
        try:
            yield path, _read_file(path, settings)
        except SolbookError as error:
            yield path, error


def _read_address(source: Source, first: str, settings: Settings) -> Iterator[SourcePage]:
    from solbook.sources.http import PageFetcher  # noqa: PLC0415  (brings an HTTP client)

    fetcher = PageFetcher(settings)
    try:
        address: str | None = first
        before = b""
        total: int | None = None
        without_records = 0
        while address is not None and without_records < _PAGES_WITHOUT_RECORDS:
            body = fetcher.fetch(address)
            # A server that takes no notice of `page` would give the same one for ever.
            if body == before:
                return
            page = source.read_page(body, address)
            # Past its end a feed answers with a complaint; that is an end, not a loss.
            if before and page.more is False and not page.records:
                return
            yield page
            yield from _also_read(source, fetcher, page)
            # A damaged page does not state the total, those before it have.
            page.total = total = total if page.total is None else page.total
            without_records = 0 if page.records else without_records + 1
            before = body
            address = _next_address(source, address, page)
    finally:
        fetcher.close()


def _also_read(source: Source, fetcher: PageFetcher, page: SourcePage) -> Iterator[SourcePage]:
    """The further pages that one needs; what cannot be fetched is said and passed over."""
    for address in source.also_read(page):
        try:
            yield source.read_page(fetcher.fetch(address), address)
        except SolbookError as error:
            rejected = Rejected(-1, error.message, error.found, error.expected, address.encode())
            yield SourcePage(source.name, address, [], [rejected])


def _next_address(source: Source, address: str, page: SourcePage) -> str | None:
    try:
        return source.next_address(address, page)
    except ValueError as error:
        raise SolbookError(
            "The address cannot be followed to the next page.",
            code="bad_address",
            found=address,
            expected="numbers after page=, num= and per_page=",
            help="Mend the address; the page itself is stored.",
        ) from error


def _files_of_source(
    source: Source, files: Iterable[SavedFile], passed_over: list[Path] | None
) -> Iterator[SavedFile]:
    for path, body in files:
        if isinstance(body, SolbookError) or source.recognises(body) or _is_damaged(source, body):
            yield path, body
        elif passed_over is not None:
            passed_over.append(path)


def _is_damaged(source: Source, body: bytes) -> bool:
    """Whether a file should be JSON and is none: that is this source's to report."""
    return ".json" in source.suffixes and not _is_json(body)


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _read_file(path: Path, settings: Settings) -> bytes:
    try:
        size = path.stat().st_size
        if size > settings.max_page_bytes:
            raise page_too_large(str(path), f"{size:,} bytes", settings)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def _unreadable(path: Path | str, found: str) -> SolbookError:
    return SolbookError(
        f"{path} cannot be read.",
        code="unreadable",
        found=found,
        expected="a saved page, a folder of saved pages, or an http(s) address",
        help="Check the path.",
    )
