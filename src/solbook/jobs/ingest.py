"""Reading a source into an archive, page by page."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from solbook.archive import Archive, Tally, write_pages
from solbook.archive.runs import begin_run, end_run
from solbook.errors import SolbookError
from solbook.jobs.attach import AttachReport, attach_releases
from solbook.records import SourcePage
from solbook.sources import Source, is_address
from solbook.sources.ahead import read_ahead

# More would gain little and hold the write lock longer than a twentieth of a second.
_RECORDS_TOGETHER = 400

OnPage = Callable[[SourcePage, Tally], None]


class IngestReport(msgspec.Struct):
    """How a run went.

    Attributes:
        source: Name of the source.
        origin: What was read.
        state: `complete`; or `short`, when fewer records came than the feed says it has.
        message: One sentence that compares what is stored with what the feed states.
        pages: Pages read.
        tally: What became of the records.
        stated_total: How many records the feed says it has, where it says.
        of_total: How many records came in pages that state a total.
        passed_over: Files of a folder that are not of this source.
        files: What became of the files that a source has on this machine.
    """

    source: str
    origin: str
    state: str = "complete"
    message: str = ""
    pages: int = 0
    tally: Tally = msgspec.field(default_factory=Tally)
    stated_total: int | None = None
    of_total: int = 0
    passed_over: list[Path] = msgspec.field(default_factory=list)
    files: AttachReport = msgspec.field(default_factory=AttachReport)


def ingest(
    archive: Archive, source: Source, where: str, on_page: OnPage | None = None
) -> IngestReport:
    """Read a source from an address, a saved page or a folder into an archive.

    Each page lands whole or not at all; a run that is cut off is made good by running it again.

    Args:
        archive: Where to.
        source: Which upstream.
        where: An address, a saved page or a folder.
        on_page: Called after every page, for progress.

    Raises:
        SolbookError: Nothing could be read there, or reading broke off; the pages before the
            break are kept.
    """
    report = IngestReport(source.name, where)
    pages = read_ahead(source, where, archive.settings, report.passed_over)
    # What comes over the network is slow, and should be seen at once.
    batches = ([page] for page in pages) if is_address(where) else together(pages)
    return write_run(archive, report, batches, on_page)


def together(pages: Iterable[SourcePage]) -> Iterator[list[SourcePage]]:
    """Pages by the handful, each a transaction: that takes a fifth less time than one by one."""
    batch: list[SourcePage] = []
    records = 0
    try:
        for page in pages:
            batch.append(page)
            records += page.records
            if records >= _RECORDS_TOGETHER:
                yield batch
                batch, records = [], 0
    except SolbookError:
        # What was read before the break is kept.
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def write_run(
    archive: Archive,
    report: IngestReport,
    batches: Iterable[list[SourcePage]],
    on_page: OnPage | None = None,
) -> IngestReport:
    """Write pages as one run, which is noted in the catalogue however it ends."""
    run = begin_run(archive, report.source, report.origin)
    try:
        with _few_collections():
            _write_all(archive, report, batches, on_page)
        _conclude(report)
    except SolbookError as error:
        report.state, report.message = "failed", error.message
        raise
    except BaseException as error:
        report.state, report.message = "failed", type(error).__name__
        raise
    finally:
        end_run(
            archive,
            run,
            report.state,
            report.tally,
            pages=report.pages,
            stated_total=report.stated_total,
            message=report.message,
        )
    return report


def _write_all(
    archive: Archive,
    report: IngestReport,
    batches: Iterable[list[SourcePage]],
    on_page: OnPage | None,
) -> None:
    for batch in batches:
        tallies = write_pages(archive, batch)
        for page in batch:
            attach_releases(archive, page.releases, report.files)
        for page, tally in zip(batch, tallies, strict=True):
            report.tally.add(tally)
            report.pages += 1
            if page.total is not None:
                report.stated_total = page.total
                report.of_total += tally.read - tally.quarantined
            if on_page is not None:
                on_page(page, tally)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cyclic garbage a hundred times less often: records and rows hold no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(100 * before[0], *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _conclude(report: IngestReport) -> None:
    tally = report.tally
    stored = tally.new + tally.revised + tally.unchanged
    report.message = f"{stored:,} {'record' if stored == 1 else 'records'} stored"
    if tally.quarantined:
        report.message += f", {tally.quarantined:,} in quarantine"
    if report.stated_total is None:
        report.message += "; the feed states no total."
        return
    if report.of_total == stored:
        report.message += f"; the feed states {report.stated_total:,}."
    else:
        report.message += (
            f"; for {report.of_total:,} of them the feed states a total of {report.stated_total:,}."
        )
    if report.of_total < report.stated_total:
        # One saved page of a long answer is short too, but nothing went wrong with it.
        report.state = "short" if is_address(report.origin) else "partial"
