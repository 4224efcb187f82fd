"""The commands; each opens the archive, calls the room that does the work, and prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import stamina
import typer

from solbook import __version__
from solbook.archive import Archive
from solbook.cli.console import (
    EXIT_NOT_ALL,
    errors_explained,
    file_progress,
    not_all,
    out,
    page_progress,
    print_attach,
    print_ingest,
)
from solbook.cli.deriving import derive
from solbook.cli.indexing import index, index_archive
from solbook.cli.linking import link
from solbook.cli.rehearsing import rehearse, show_in_demo
from solbook.cli.status import status_of, status_text
from solbook.cli.times import tell_time
from solbook.cli.where import DEMO_ARCHIVE, WHERE
from solbook.jobs import AttachReport, IngestReport, attach_files, ingest_saved, latest_live
from solbook.jobs import ingest as ingest_source
from solbook.settings import SETTINGS_FILE, Settings, load_settings
from solbook.sources import require_there, source_named

DEFAULT_PORT = 8000

app = typer.Typer(
    help="Solbook: the open archive and timeline of a Mars surface mission.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]


def _print_version(*, value: bool) -> None:
    if value:
        out.print(f"solbook {__version__}")
        raise typer.Exit


@app.callback()
def main(
    archive: Annotated[
        Path | None,
        typer.Option(
            "-a",
            "--archive",
            envvar="SOLBOOK_ARCHIVE",
            help="The archive's folder [default: archive; of demo: demo-archive].",
        ),
    ] = None,
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Take in what a Mars mission makes public, keep it, and show it."""
    WHERE.path = archive
    # Retries are counted in the outcome; the library's own lines about them would break the bars.
    stamina.instrumentation.set_on_retry_hooks([])


@app.command()
def init() -> None:
    """Make an archive."""
    with errors_explained():
        path = WHERE.or_default()
        Archive.create(path).close()
        settings_file = path / SETTINGS_FILE
        if not settings_file.exists():
            settings_file.write_text(
                "# Settings of this archive; see docs/settings.md. For example:\n"
                "# network = false\n",
                "utf-8",
            )
        out.print(f"{path} is an archive.")


@app.command()
def ingest(
    source: Annotated[
        str,
        typer.Argument(
            help="m2020, msl, insight, photos-v1, rehearsal, library, rehearsal-library, rss"
            " or folder."
        ),
    ],
    where: Annotated[
        list[str], typer.Argument(help="Addresses, saved pages, or folders of saved pages.")
    ],
    files: Annotated[
        Path | None,
        typer.Option(
            help="Folder of pictures to attach by product id.", exists=True, file_okay=False
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Read a source into the archive; feeding it twice changes nothing.

    Exit code 3: it landed, but a record is in quarantine, a picture cannot be used, or an address
    gave fewer records than its feed states.
    """
    with errors_explained():
        # A slip in the command line must not leave an archive behind.
        chosen = source_named(source)
        for place in where:
            require_there(place)
        archive = Archive.create(WHERE.or_default())
        reports = []
        for place in where:
            with page_progress(f"{source} {place}") as on_page:
                reports.append(ingest_source(archive, chosen, place, on_page))
        attached = None
        if files is not None:
            with file_progress(str(files)) as on_file:
                attached = attach_files(archive, files, on_file)
        archive.close()
    if as_json:
        _print_json({"runs": reports, "pictures": attached})
    else:
        for report in reports:
            print_ingest(report)
        if attached:
            print_attach(attached)
    if not_all(reports, [attached] if attached else []):
        raise typer.Exit(EXIT_NOT_ALL)


@app.command()
def status(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False
) -> None:
    """What the archive holds, and how it came by it."""
    with errors_explained():
        archive = Archive(WHERE.or_default())
        found = status_of(archive)
        archive.close()
    if as_json:
        _print_json(found)
    else:
        out.print(status_text(found))


app.command()(derive)
app.command()(link)
app.command()(index)
app.command(name="time")(tell_time)
app.command()(rehearse)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.", min=1)] = 1,
) -> None:
    """Serve the archive's pages and APIs."""
    with errors_explained():
        path = WHERE.or_default()
        Archive(path).close()
        _serve(path, host, port, workers)


@app.command()
def demo(
    saved: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Folder of saved data to show as well.", exists=True, file_okay=False
        ),
    ] = None,
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    *,
    network: Annotated[bool, typer.Option(help="Ask NASA for the newest sols.")] = True,
    rehearsal: Annotated[
        bool | None,
        typer.Option(
            "--rehearsal/--no-rehearsal",
            help="Add a simulated mission [default: if there is nothing else to show].",
        ),
    ] = None,
    serving: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the archive when it is made.")
    ] = True,
) -> None:
    """Make an archive of the newest frames and of saved data, and serve it.

    Where NASA cannot be reached and no saved data is named it gets a simulated mission.
    """
    with errors_explained():
        path = WHERE.or_default(DEMO_ARCHIVE)
        if serving:
            _require_free(host, port)
        archive = Archive.create(path, _demo_settings(path, network=network))
        reports: list[IngestReport] = []
        attached: list[AttachReport] = []
        if network:
            out.print("Asking NASA for the newest sols of Perseverance and Curiosity …")
            with page_progress("newest sols") as on_page:
                reports += latest_live(archive, out.print, on_page)
            for report in reports:
                print_ingest(report)
        if saved is not None:
            of_saved, files = _show_saved(archive, saved)
            reports += of_saved
            attached.append(files)
        # It takes minutes to make, so whoever has something to look at is not kept waiting.
        if rehearsal is None:
            rehearsal = not reports
        if rehearsal:
            of_rehearsal, files = show_in_demo(archive)
            reports += of_rehearsal
            attached.append(files)
        index_archive(archive)
        archive.close()
        if serving:
            _serve(path, host, port, 1, network=network)
    if not_all(reports, attached):
        raise typer.Exit(EXIT_NOT_ALL)


def _show_saved(archive: Archive, folder: Path) -> tuple[list[IngestReport], AttachReport]:
    """Put saved data into the demonstration's archive."""
    with page_progress(str(folder)) as on_page:
        reports, attached, unrecognised = ingest_saved(archive, folder, on_page)
    for report in reports:
        print_ingest(report)
    print_attach(attached)
    out.print(f"{len(unrecognised):,} JSON files are of no source Solbook reads.")
    return reports, attached


def _demo_settings(path: Path, *, network: bool) -> Settings:
    settings = load_settings(path)
    return settings if network else settings.model_copy(update={"network": False})


def _require_free(host: str, port: int) -> None:
    """Say that a port is taken before minutes are spent on what would be served there."""
    from solbook.site.server import require_free  # noqa: PLC0415  (the web framework)

    require_free(host, port)


def _serve(path: Path, host: str, port: int, workers: int, *, network: bool = True) -> None:
    # The web framework takes half a second to import; other commands need none of it.
    from solbook.site.server import serve_archive  # noqa: PLC0415

    _require_free(host, port)
    out.print(f"Solbook is at http://{host}:{port}/   (Ctrl-C ends it)")
    serve_archive(path, host, port, workers, network=network)


def _print_json(value: object) -> None:
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=_plain).decode())


def _plain(value: object) -> object:
    import msgspec  # noqa: PLC0415  (only for --json)

    return msgspec.to_builtins(value, enc_hook=str)
