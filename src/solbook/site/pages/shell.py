"""The shell of every page: title, menu, breadcrumb, thread, foot; and the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import HTMLResponse

from solbook.archive.catalogue import now_ns
from solbook.missions import Mission
from solbook.records import SIMULATED_WORD
from solbook.site import words
from solbook.site.built import script_address
from solbook.site.pages import links
from solbook.site.pages.holdings import Holdings, holdings
from solbook.site.styles import style_sheet
from solbook.site.thread import ThreadView, view
from solbook.sources.texts import seen

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"

_MENU = (
    ("Latest", "/"),
    ("Missions", "/missions"),
    ("Images", "/images"),
    ("News", "/news"),
    ("Liked", "/most-liked"),
    ("Time", "/time"),
    ("About", "/about"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead; an empty address is where the reader is."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself.

    Attributes:
        title: Its title, without the site's name.
        description: One or two sentences for search engines and previews.
        path: Its canonical path, with the parts of the query that make it another page.
        twin: Path of its JSON; empty where it has none.
        crumbs: The way here.
        mission: Mission of its thread; that of the newest downlink if left out.
        sol: Sol it stands on; `None` for nowhere, or the newest where no mission is named.
        place: What the page is, for the spoken label of the thread.
        previous: Address of the page before, in the order of time.
        next: Address of the page after.
        simulated: Whether what it shows is simulated; so are all pages of a simulated mission.
    """

    title: str
    description: str
    path: str
    twin: str = ""
    crumbs: tuple[Link, ...] = ()
    mission: Mission | None = None
    sol: int | None = None
    place: str = ""
    previous: str = ""
    next: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the menu; `here` is the value of its `aria-current`, or empty."""

    label: str
    href: str
    here: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything of a page that is not its matter."""

    title: str
    description: str
    canonical: str
    twin: str
    crumbs: tuple[Link, ...]
    previous: str
    next: str
    menu: list[MenuItem]
    thread: ThreadView | None
    style_href: str
    script_href: str
    theme: str
    themes: tuple[str, ...]
    back: str
    foot: str
    simulated: bool


def _seen(value: Any) -> Any:
    """What a template is given to write: of strangers' words only what can be seen.

    Ids, file names and records are kept as they were received, and a letter among them that turns
    others about would turn the page about.
    """
    return seen(value) if type(value) is str else value


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("solbook.site", "templates"),
        autoescape=True,
        finalize=_seen,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(
    request: Request,
    connection: sa.Connection,
    template: str,
    head: Head,
    matter: Mapping[str, Any],
    *,
    status: int = 200,
) -> HTMLResponse:
    """A page.

    Args:
        request: The request.
        connection: The page's connection.
        template: The template of its matter.
        head: What it says of itself.
        matter: What the template shows.
        status: HTTP status.
    """
    kept = holdings(request, connection)
    thread = _thread(kept, connection, head)
    shell = _shell(request, head, thread, foot_line(kept))
    return respond(template, shell, matter, status)


def render_bare(
    request: Request, template: str, head: Head, matter: Mapping[str, Any], *, status: int
) -> HTMLResponse:
    """A page without the archive: what is shown when the archive itself cannot be read."""
    return respond(template, _shell(request, head, None, ""), matter, status)


def respond(template: str, shell: Shell, matter: Mapping[str, Any], status: int) -> HTMLResponse:
    """A template filled in."""
    text = fill(template, shell=shell, **matter)
    # The colour scheme comes from a cookie; a page may be kept but is asked after each time.
    headers = {"Cache-Control": "no-cache", "Vary": "Cookie"}
    return HTMLResponse(text, status, headers)


def fill(template: str, **matter: Any) -> str:
    """The text of a template filled in."""
    return _templates().get_template(template).render(**matter)


def theme_of(request: Request) -> str:
    """The colour scheme the reader chose; `auto` follows their system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def foot_line(kept: Holdings) -> str:
    """What the archive holds, in a sentence."""
    simulated = words.counted(kept.simulated_frames, "simulated frame")
    if kept.releases and not kept.frames and not kept.simulated:
        return f"Solbook keeps {words.counted(kept.releases, 'release')} here."
    if not kept.frames:
        return f"Solbook keeps {simulated} here." if kept.simulated else "This archive is empty."
    held = (
        f"Solbook keeps {words.counted(kept.frames, 'frame')} of"
        f" {words.counted(len(kept.real), 'mission')} here"
    )
    held += f", and {simulated}." if kept.simulated else "."
    if kept.newest_received_ns is None:
        return held
    when = words.ago(kept.newest_received_ns, now_ns())
    return f"{held} The newest reached the ground {when}."


def _thread(kept: Holdings, connection: sa.Connection, head: Head) -> ThreadView:
    if head.mission is not None:
        return view(kept.thread(connection, head.mission), head.sol, head.place)
    thread = kept.thread(connection, kept.mission_of_thread())
    return view(thread, kept.newest_sol, "the newest downlink" if kept.newest_sol else "")


def _shell(request: Request, head: Head, thread: ThreadView | None, foot: str) -> Shell:
    base = str(request.base_url).rstrip("/")
    here = request.url.path
    query = f"?{request.url.query}" if request.url.query else ""
    simulated = head.simulated or (head.mission is not None and head.mission.simulated)
    return Shell(
        title=_said_simulated(head.title) if simulated else head.title,
        description=f"Simulated by Solbook. {head.description}" if simulated else head.description,
        canonical=base + head.path,
        twin=head.twin,
        crumbs=head.crumbs,
        previous=head.previous,
        next=head.next,
        menu=[MenuItem(label, href, _here(here, href)) for label, href in _MENU],
        thread=thread,
        style_href=style_sheet().address,
        script_href=script_address("page"),
        theme=theme_of(request),
        themes=THEMES,
        back=here + query,
        foot=foot,
        simulated=simulated,
    )


def _said_simulated(title: str) -> str:
    return title if SIMULATED_WORD in title.lower() else f"{title} ({SIMULATED_WORD})"


def _here(path: str, href: str) -> str:
    if path == href:
        return "page"
    inside = (href + "/", "/frames/") if href == "/missions" else (href + "/",)
    return "true" if href != "/" and path.startswith(inside) else ""


def mission_crumbs(mission: Mission, *more: Link) -> tuple[Link, ...]:
    """The way to a page of a mission."""
    if not more:
        return (Link("Missions", "/missions"), Link(mission.name))
    return (
        Link("Missions", "/missions"),
        Link(mission.name, links.mission_path(mission.id)),
        *more,
    )
