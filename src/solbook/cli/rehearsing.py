"""`solbook rehearse`: a simulated mission in a folder; and the one that `solbook demo` shows.

The renderer takes a second to import, so only what is run here imports it.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import orjson
import typer
from rich.markup import escape

from solbook.archive import Archive
from solbook.cli.console import (
    counted,
    errors_explained,
    file_progress,
    making_progress,
    out,
    page_progress,
    print_attach,
    print_ingest,
)
from solbook.errors import SolbookError
from solbook.jobs import AttachReport, IngestReport

if TYPE_CHECKING:
    from solbook.rehearsal.rehearse import Rehearsed

DEMO_SOLS = 12
DEMO_FOLDER = Path(".cache/rehearsal")
_DEFAULT_SOLS = 12


def rehearse(
    folder: Annotated[Path, typer.Argument(help="Folder to make it in.")],
    sols: Annotated[
        int | None, typer.Option(help="How many sols [default: 12].", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="Whatever is left to chance comes from it.")] = 7,
    per_sol: Annotated[
        float | None, typer.Option(help="Pictures a sol, without thumbnails [default: 25].")
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(help="Pictures made at once [default: one for each core, four at most]."),
    ] = None,
    records_only: Annotated[
        int | None, typer.Option(help="Make so many records, and no pictures.")
    ] = None,
    *,
    rich: Annotated[
        bool, typer.Option("--rich", help="As many pictures a sol as a busy mission: 66.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Make a simulated mission in a folder: pages of a feed, and pictures.

    Run again with the same options it goes on where it was cut off.
    """
    with errors_explained():
        if records_only is not None:
            _require_alone(sols=sols, per_sol=per_sol, rich=rich or None, threads=threads)
            made = _records(folder, records_only, seed)
        else:
            if rich and per_sol is not None:
                raise _not_together("--rich with --per-sol", "one of them")
            wanted = _DEFAULT_SOLS if sols is None else sols
            made = _mission(folder, wanted, seed, per_sol, rich=rich, threads=threads)
    if as_json:
        typer.echo(orjson.dumps(_facts(folder, made), option=orjson.OPT_INDENT_2).decode())
    else:
        _print_made(folder, made)


def show_in_demo(archive: Archive) -> tuple[list[IngestReport], AttachReport]:
    """Put the demonstration's rehearsal into an archive; it is made if it is not kept yet."""
    from solbook.jobs.rehearsal import kept_rehearsal, take_in  # noqa: PLC0415  (the renderer)

    out.print(
        f"Rehearsing {counted(DEMO_SOLS, 'sol')}: a simulated rover on simulated ground, so that"
        " there is something to see."
    )
    out.print(f"  made once, which takes some minutes, and kept in {DEMO_FOLDER}")
    with making_progress("pictures made") as on_file:
        made = kept_rehearsal(DEMO_FOLDER, DEMO_SOLS, on_file=on_file)
    _print_counts(made)
    with page_progress("records") as on_page, file_progress("pictures kept") as on_picture:
        reports, attached = take_in(archive, DEMO_FOLDER, on_page, on_picture)
    for report in reports:
        print_ingest(report)
    print_attach(attached)
    out.print(
        "[bold]Simulated:[/] no camera took the rehearsal's pictures. For real ones run this where"
        " NASA can be reached,\nor read saved pages: solbook ingest m2020 FOLDER_OR_ADDRESS"
    )
    return reports, attached


def _mission(
    folder: Path,
    sols: int,
    seed: int,
    per_sol: float | None,
    *,
    rich: bool,
    threads: int | None,
) -> Rehearsed:
    from solbook.jobs.rehearsal import default_threads  # noqa: PLC0415  (the renderer)
    from solbook.rehearsal.plan import PER_SOL, PER_SOL_RICH  # noqa: PLC0415
    from solbook.rehearsal.rehearse import rehearse as make  # noqa: PLC0415

    if per_sol is None:
        per_sol = PER_SOL_RICH if rich else PER_SOL
    if threads is None:
        threads = default_threads()
    with making_progress(str(folder)) as on_file:
        return make(folder, sols, seed=seed, per_sol=per_sol, threads=threads, on_file=on_file)


def _records(folder: Path, count: int, seed: int) -> Rehearsed:
    from solbook.rehearsal.rehearse import rehearse_records  # noqa: PLC0415  (the renderer)

    with making_progress(str(folder)) as on_record:
        return rehearse_records(folder, count, seed=seed, on_record=on_record)


def _require_alone(**beside: float | None) -> None:
    """Refuse what does not go with --records-only."""
    given = [f"--{name.replace('_', '-')}" for name, value in beside.items() if value is not None]
    if given:
        found = f"--records-only with {', '.join(given)}"
        raise _not_together(found, "--records-only with --seed and --json alone")


def _not_together(found: str, expected: str) -> SolbookError:
    return SolbookError(
        "These options do not go together.",
        code="bad_argument",
        found=found,
        expected=expected,
        help="See solbook rehearse --help.",
    )


def _facts(folder: Path, rehearsed: Rehearsed) -> dict[str, object]:
    """What was made, for programs."""
    note = msgspec.structs.asdict(rehearsed.note)
    note.pop("made")
    made = msgspec.structs.asdict(rehearsed.made)
    feed, images = _feed_and_images(folder, rehearsed)
    return {"feed": feed, "images": images, **note, **made, "already": rehearsed.already}


def _print_made(folder: Path, rehearsed: Rehearsed) -> None:
    note = rehearsed.note
    what = "" if note.sols is None else f"{counted(note.sols, 'sol')} of "
    out.print(f"{escape(str(folder))} has {what}the rehearsal with seed {note.seed}.")
    _print_counts(rehearsed)
    feed, images = _feed_and_images(folder, rehearsed)
    files = "" if images is None else f" --files {shlex.quote(images)}"
    out.print(
        f"next: solbook -a ARCHIVE ingest rehearsal {escape(shlex.quote(feed))}{escape(files)}"
    )


def _print_counts(rehearsed: Rehearsed) -> None:
    made = rehearsed.made
    said = [counted(made.records, "record"), counted(made.files, "picture")]
    if rehearsed.already:
        said[1] += f" ({rehearsed.already:,} were there)"
    out.print(f"  {' · '.join(said)} · {made.bytes / 1e6:,.1f} MB")


def _feed_and_images(folder: Path, rehearsed: Rehearsed) -> tuple[str, str | None]:
    from solbook.rehearsal.folder import FEED, IMAGES  # noqa: PLC0415  (its room is big)

    has_pictures = rehearsed.note.records_only is None
    return str(folder / FEED), str(folder / IMAGES) if has_pictures else None
