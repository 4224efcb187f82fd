"""`solbook derive`: pictures in other sizes, made before somebody asks for them."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec
import orjson
import typer
from rich.markup import escape

from solbook.archive import Archive
from solbook.archive.pictures import count_shown_files
from solbook.cli.console import EXIT_NOT_ALL, counted, err, errors_explained, making_progress, out
from solbook.cli.where import WHERE

if TYPE_CHECKING:
    from solbook.jobs.derive import DeriveReport


class _Format(StrEnum):
    WEBP = "webp"
    JPG = "jpg"


def derive(
    formats: Annotated[
        list[_Format] | None,
        typer.Option("--format", help="Make only this format; may be given twice."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes [default: one for each core].", min=1)
    ] = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Try files again that were found damaged.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Make the pictures in other sizes that are missing.

    The site makes what it is asked for by itself; this makes it before somebody waits for it.

    Exit code 3: a file is damaged or is not on disk; everything else was made.
    """
    # The pool of processes and what makes pictures: other commands need none of it.
    from solbook.jobs.derive import FORMATS  # noqa: PLC0415
    from solbook.jobs.derive import derive as derive_missing  # noqa: PLC0415

    began_s = time.monotonic()
    with errors_explained():
        archive = Archive(WHERE.or_default())
        with archive.reading() as connection:
            total = count_shown_files(connection)
        done = 0
        with making_progress("pictures") as progress:

            def on_files(more: int) -> None:
                nonlocal done
                done += more
                progress(done, total)

            report = derive_missing(
                archive,
                formats=[each.value for each in formats] if formats else FORMATS,
                workers=workers,
                again=again,
                on_files=on_files,
            )
        archive.close()
    if as_json:
        typer.echo(orjson.dumps(msgspec.to_builtins(report), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(report, time.monotonic() - began_s)
    if report.damaged or report.missing:
        raise typer.Exit(EXIT_NOT_ALL)


def _print(report: DeriveReport, took_s: float) -> None:
    out.print(
        f"[bold]derived[/] {counted(report.made, 'picture')} of {counted(report.files, 'file')}"
        f" · damaged {len(report.damaged):,} · not on disk {len(report.missing):,}"
    )
    if report.made:
        megapixels = report.pixels / 1e6
        rate = megapixels / took_s
        out.print(f"  {megapixels:,.0f} megapixels in {took_s:,.1f} s, {rate:,.0f} a second")
    for frame, reason in report.damaged:
        err.print(f"  {escape(frame)}: {escape(reason)}")
    for frame in report.missing:
        err.print(f"  {escape(frame)}: its file is not on disk")
