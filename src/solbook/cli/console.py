"""How commands speak: progress bars, one shape of error, exit codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from solbook.archive import Tally
from solbook.errors import SolbookError
from solbook.jobs import AttachReport, IngestReport
from solbook.jobs.ingest import OnPage
from solbook.records import SourcePage

EXIT_ERROR = 1
EXIT_NOT_ALL = 3
"""The command did its work, but not everything could be read; 2 is a wrong command line."""

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def errors_explained() -> Iterator[None]:
    """Turn an error into its message and exit code 1."""
    try:
        yield
    except SolbookError as error:
        err.print(f"[bold red]error[/] {escape(str(error))}")
        raise typer.Exit(EXIT_ERROR) from error


@contextmanager
def page_progress(title: str) -> Iterator[OnPage]:
    """A progress bar of records read; on a terminal only."""
    with _progress() as progress:
        task = progress.add_task(escape(title), total=None)

        def on_page(page: SourcePage, tally: Tally) -> None:
            progress.update(task, advance=tally.read, total=page.total)

        yield on_page


@contextmanager
def file_progress(title: str) -> Iterator[Callable[[Path], None]]:
    """A progress bar of picture files attached; on a terminal only."""
    with _progress() as progress:
        task = progress.add_task(escape(title), total=None)
        yield lambda _: progress.update(task, advance=1)


@contextmanager
def making_progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar of things made, of so many; on a terminal only."""
    with _progress() as progress:
        task = progress.add_task(escape(title), total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=err, disable=not err.is_terminal)


def not_all(reports: list[IngestReport], attached: list[AttachReport]) -> bool:
    """Whether something was left out: quarantined, unusable, or short of the feed's total."""
    return any(files.unusable for files in [*attached, *(r.files for r in reports)]) or any(
        report.state == "short" or report.tally.quarantined for report in reports
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 frame`, `1,341 frames`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_ingest(report: IngestReport) -> None:
    """What became of the records of a run."""
    tally = report.tally
    out.print(f"[bold]{report.source}[/] {escape(report.origin)}")
    out.print(f"  {escape(report.message)}")
    out.print(
        f"  new {tally.new:,} · revised {tally.revised:,} · unchanged {tally.unchanged:,}"
        f" · quarantined {tally.quarantined:,}"
    )
    if tally.quarantined:
        out.print("  what is in quarantine, and why: solbook status")
    if report.files != AttachReport():
        print_attach(report.files)
    if report.passed_over:
        out.print(f"  {counted(len(report.passed_over), 'file')} of other kinds passed over")


def print_attach(report: AttachReport) -> None:
    """What became of the picture files of a folder."""
    out.print(
        f"[bold]pictures[/] attached {report.attached:,} · already there {report.unchanged:,}"
        f" · of no known frame {len(report.unmatched):,} · unusable {len(report.unusable):,}"
    )
    if report.spare:
        out.print(f"  {counted(len(report.spare), 'file')} left beside a larger one of its frame")
    for path, reason in report.unusable:
        err.print(f"  {escape(str(path))}: {escape(reason)}")
