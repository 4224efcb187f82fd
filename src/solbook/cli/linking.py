"""`solbook link`: what an item shows, put right by hand."""

from __future__ import annotations

from typing import Annotated, get_args

import orjson
import typer
from rich.markup import escape

from solbook.archive import Archive
from solbook.archive.links import ADDED, REMOVED, LinkRow, links_of, rule
from solbook.archive.releases import ReleaseRow, find_links_again, release_by_id
from solbook.cli.console import counted, errors_explained, out
from solbook.cli.where import WHERE
from solbook.errors import SolbookError
from solbook.records import LinkKind

KINDS: tuple[str, ...] = get_args(LinkKind)


def link(
    item: Annotated[
        str, typer.Argument(help="A release or a story, such as library/PIA24546.")
    ] = "",
    add: Annotated[
        list[str] | None, typer.Option(help="Add a link, KIND:TARGET such as sol:m2020/257.")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="Remove a link, KIND:TARGET.")] = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Find the links of all releases anew.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the links as JSON.")] = False,
) -> None:
    """Show what a release is linked to, and put it right."""
    with errors_explained():
        archive = Archive(WHERE.or_default())
        if again:
            out.print(f"{counted(find_links_again(archive), 'release')} looked at again.")
        if item:
            release = _release(archive, item)
            for text, ruling in [(t, ADDED) for t in add or ()] + [
                (t, REMOVED) for t in remove or ()
            ]:
                rule(archive, release.key, *_link_of(text), ruling)
            with archive.reading() as connection:
                found = links_of(connection, release.key, removed=True)
            _print(release, found, as_json=as_json)
        elif not again:
            raise SolbookError(
                "Nothing to do.",
                code="bad_request",
                found="neither a release nor --again",
                expected="a release's id, or --again",
                help="For example: solbook link library/PIA24546",
            )
        archive.close()


def _release(archive: Archive, item: str) -> ReleaseRow:
    source, _, name = item.partition("/")
    with archive.reading() as connection:
        release = release_by_id(connection, source, name)
    if release is None:
        raise SolbookError(
            "There is no such release here.",
            code="not_found",
            found=item,
            expected="the id of a release or a story, such as library/PIA24546",
            help="It is on the release's page, and in its address.",
        )
    return release


def _link_of(text: str) -> tuple[str, str]:
    kind, _, target = text.partition(":")
    if kind not in KINDS or not target:
        raise SolbookError(
            "This is no link.",
            code="bad_request",
            found=text,
            expected=f"KIND:TARGET, where KIND is one of {', '.join(KINDS)}",
            help="For example: sol:m2020/257, place:m2020/rochette, frame:m2020/NLF_0257_…",
        )
    return kind, target


def _print(release: ReleaseRow, found: list[LinkRow], *, as_json: bool) -> None:
    if as_json:
        rows = [{name: getattr(row, name) for name in row.__struct_fields__} for row in found]
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    out.print(f"[bold]{escape(release.id)}[/] {escape(release.title)}")
    for row in found:
        said = f" “{row.words}” in {row.field}" if row.words else ""
        ruled = f" · {row.ruling} by hand" if row.ruling else ""
        out.print(f"  {row.kind}:{escape(row.target)}{escape(said)}{ruled}")
    if not found:
        out.print("  no links")
