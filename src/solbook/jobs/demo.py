"""The demonstration archive: the newest sols live where NASA can be reached, and saved data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from solbook.archive import Archive
from solbook.errors import SolbookError
from solbook.jobs.attach import AttachReport, attach_files
from solbook.jobs.ingest import IngestReport, OnPage, ingest, together, write_run
from solbook.settings import Settings
from solbook.sources import (
    SOURCES,
    M2020Feed,
    RawImageItems,
    SavedFile,
    json_paths,
    read_files,
    recognise,
    saved_files,
)

LATEST_SOLS = 2
REACH_WITHIN_S = 10.0


class SavedData(msgspec.Struct):
    """What a folder of saved data has."""

    by_source: dict[str, list[Path]]
    unrecognised: list[Path]


def latest_live(
    archive: Archive, say: Callable[[str], None], on_page: OnPage | None = None
) -> list[IngestReport]:
    """Take the last two sols of Perseverance and Curiosity from NASA, if it can be reached."""
    reports: list[IngestReport] = []
    for source in (M2020Feed(), RawImageItems("msl")):
        try:
            newest = _newest_sol(source, archive.settings)
            if newest is None:
                say(f"{source.name}: the feed has no frames.")
                continue
            where = source.address(newest - LATEST_SOLS + 1, newest)
            reports.append(ingest(archive, source, where, on_page))
        except SolbookError as error:
            say(f"{source.name}: not read live. {error.found or error.message}")
    return reports


def saved_data(folder: Path, settings: Settings) -> SavedData:
    """Sort the JSON files below a folder by the source they are of."""
    found = SavedData({}, [])
    for path, body in saved_files(json_paths(folder), settings):
        source = None if isinstance(body, SolbookError) else recognise(body)
        if source is None:
            found.unrecognised.append(path)
        else:
            found.by_source.setdefault(source.name, []).append(path)
    return found


def ingest_saved(
    archive: Archive, folder: Path, on_page: OnPage | None = None
) -> tuple[list[IngestReport], AttachReport, list[Path]]:
    """Read every saved page below a folder, whatever its source, and attach its pictures.

    Returns:
        A report for each source, one on the pictures, and the JSON files of no known source.
    """
    found = saved_data(folder, archive.settings)
    reports = []
    for name in SOURCES:
        files = found.by_source.get(name, [])
        if files:
            pages = read_files(SOURCES[name], _bodies(files))
            report = IngestReport(name, str(folder))
            reports.append(write_run(archive, report, together(pages), on_page))
    return reports, attach_files(archive, folder), found.unrecognised


def _bodies(files: list[Path]) -> Iterator[SavedFile]:
    for path in files:
        yield path, path.read_bytes()


def _newest_sol(source: M2020Feed | RawImageItems, settings: Settings) -> int | None:
    from solbook.sources.http import PageFetcher  # noqa: PLC0415  (brings an HTTP client)

    hasty = settings.model_copy(update={"timeout_s": REACH_WITHIN_S})
    fetcher = PageFetcher(hasty, attempts=1)
    try:
        address = source.address()
        page = source.read_page(fetcher.fetch(address), address)
    finally:
        fetcher.close()
    return max((frame.sol for frame in page.frames), default=None)
