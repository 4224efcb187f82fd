"""`solbook index`: what Related is found with."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import msgspec
import orjson
import typer
from rich.markup import escape

from solbook.archive import Archive
from solbook.cli.console import EXIT_NOT_ALL, counted, err, errors_explained, making_progress, out
from solbook.cli.where import WHERE

if TYPE_CHECKING:
    from solbook.search.indexing import IndexReport


def index(
    workers: Annotated[
        int | None, typer.Option(help="Processes [default: one for each core].", min=1)
    ] = None,
    *,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make everything again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Bring the index up to date, with which related pictures and texts are found.

    Killed anywhere, it leaves the index that was there. Pages work without an index as well.

    Exit code 3: a picture is damaged or is not on disk; everything else is in the index.
    """
    began_s = time.monotonic()
    with errors_explained():
        archive = Archive(WHERE.or_default())
        report = index_archive(archive, rebuild=rebuild, workers=workers)
        archive.close()
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(report), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(report, time.monotonic() - began_s)
    if report.damaged:
        raise typer.Exit(EXIT_NOT_ALL)


def index_archive(
    archive: Archive, *, rebuild: bool = False, workers: int | None = None
) -> IndexReport:
    """Bring an archive's index up to date, with a progress bar."""
    # faiss and Tantivy: other commands need neither.
    from solbook.jobs.index import index as bring_up_to_date  # noqa: PLC0415

    with making_progress("items") as progress:
        return bring_up_to_date(archive, rebuild=rebuild, workers=workers, on_items=progress)


def _print(report: IndexReport, took_s: float) -> None:
    if not report.made:
        out.print("[bold]index[/] is up to date")
    else:
        out.print(f"[bold]indexed[/] {counted(report.items, 'item')} in {took_s:,.1f} s")
    out.print(
        f"  {counted(report.pictures, 'picture')} · {counted(report.views, 'view')}"
        f" · {counted(report.texts, 'text')}"
    )
    for item, reason in report.damaged:
        err.print(f"  {escape(item)}: {escape(reason)}")
