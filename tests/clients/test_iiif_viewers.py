"""OpenSeadragon, Mirador and TIFY, each on a page of another origin, in Chromium.

They open a picture by its information or its manifest, and draw it: what is seen has its colours.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.browser.looking import ARGUMENTS, CHROMIUM
from tests.conftest import Server
from tests.pictured import pictured_archive

if TYPE_CHECKING:
    from conftest import Client

pytestmark = [pytest.mark.clients, pytest.mark.browser]

PRODUCT = "NLF_1000_0000000001_001ECM_N0490000NCAM00001_01_295J"
# Large enough for a pyramid; a quarter of it in each colour.
WIDTH_PX, HEIGHT_PX = 3000, 2000
COLOURS = ((200, 40, 40), (40, 160, 60), (40, 70, 200), (220, 190, 50))
WITHIN_S = 40.0
TILE = re.compile(r"/iiif/[23]/[^/]+/(\d+,\d+,\d+,\d+|full)/[^/]+/0/default\.(jpg|webp)$")

PAGES = {
    "openseadragon": """
        <script src="/node_modules/openseadragon/build/openseadragon/openseadragon.min.js"></script>
        <script>OpenSeadragon({id: "viewer", tileSources: ["OPENED"],
            crossOriginPolicy: "Anonymous", showNavigationControl: false})</script>
    """,
    "mirador": """
        <script src="/node_modules/mirador/dist/mirador.min.js"></script>
        <script>Mirador.viewer({id: "viewer", windows: [{manifestId: "OPENED"}]})</script>
    """,
    "tify": """
        <link rel="stylesheet" href="/node_modules/tify/dist/tify.css">
        <script type="module">
            import Tify from "/node_modules/tify/dist/tify.js";
            new Tify({container: "#viewer", manifestUrl: "OPENED"});
        </script>
    """,
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A viewer</title>
<style>html, body, #viewer {{ margin: 0; height: 100%; position: relative }}</style>
<div id="viewer"></div>{scripts}</html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_words: Any) -> None:
        pass


@dataclass
class Opened:
    """A page with a viewer, and what it asked of Solbook."""

    page: Page
    answers: list[Response] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def tiles(self) -> list[Response]:
        return [answer for answer in self.answers if TILE.search(answer.url)]

    def shares(self) -> list[float]:
        """How much of what is seen has each of the picture's colours."""
        seen = pyvips.Image.new_from_buffer(self.page.screenshot(), "")[0:3]
        return [((seen - list(colour)).abs() < 30).bandand().avg() / 255 for colour in COLOURS]


@pytest.fixture(scope="module")
def pictured_server(serve: Any, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server that has one large picture."""
    quarters = [
        pyvips.Image.black(WIDTH_PX // 2, HEIGHT_PX // 2).linear(0, list(colour)).cast("uchar")
        for colour in COLOURS
    ]
    image = pyvips.Image.arrayjoin(quarters, across=2).copy(interpretation="srgb")
    folder = tmp_path_factory.mktemp("viewed")
    archive = pictured_archive(folder, {f"{PRODUCT}.jpg": image.jpegsave_buffer(Q=95)}, shared_data)
    archive.close()
    return serve(archive.path)


@pytest.fixture(scope="module")
def pages(iiif_viewers: Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Makes the page of a viewer, on another port than Solbook's."""
    folder = tmp_path_factory.mktemp("viewers")
    (folder / "node_modules").symlink_to(iiif_viewers.home / "node_modules")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def make(viewer: str, opened: str) -> str:
        scripts = PAGES[viewer].replace("OPENED", opened)
        (folder / f"{viewer}.html").write_text(PAGE.format(scripts=scripts))
        return f"http://127.0.0.1:{server.server_port}/{viewer}.html"

    yield make
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def opened(browser: Browser, pictured_server: Server) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    # Fonts and the like of other hosts are the viewer's affair, and are not to be had here.
    context.route(
        re.compile(r"^https?://(?!127\.0\.0\.1[:/])"), lambda route: route.abort("blockedbyclient")
    )
    found = Opened(context.new_page())
    base = pictured_server.base_url
    found.page.on("response", lambda a: found.answers.append(a) if a.url.startswith(base) else None)
    found.page.on("pageerror", lambda error: found.errors.append(str(error)))
    found.page.on(
        "requestfailed",
        lambda request: (
            found.errors.append(f"{request.url}: {request.failure}")
            if request.url.startswith(base) and "ERR_ABORTED" not in (request.failure or "")
            else None
        ),
    )
    yield found
    context.close()


def require_drawn(opened: Opened) -> None:
    """Wait until each quarter of the picture is seen."""
    ends = time.monotonic() + WITHIN_S
    while min(opened.shares()) < 0.05:
        said = [f"{answer.status} {answer.url}" for answer in opened.answers]
        assert time.monotonic() < ends, (opened.shares(), opened.errors, said)
        opened.page.wait_for_timeout(200)
    assert opened.tiles()
    assert {answer.status for answer in opened.answers} <= {200, 204, 304}
    assert not opened.errors


@pytest.mark.parametrize("version", [2, 3])
def test_openseadragon_opens_the_information(
    opened: Opened, pages: Any, pictured_server: Server, version: int
) -> None:
    info = f"{pictured_server.base_url}/iiif/{version}/m2020:{PRODUCT}/info.json"
    opened.page.goto(pages("openseadragon", info))
    require_drawn(opened)
    # Closer, where tiles come out of the pyramid as they stand there.
    opened.page.mouse.dblclick(600, 400)
    opened.page.mouse.dblclick(600, 400)
    ends = time.monotonic() + WITHIN_S
    while not any(",512,512/512," in answer.url for answer in opened.tiles()):
        assert time.monotonic() < ends, [answer.url for answer in opened.tiles()]
        opened.page.wait_for_timeout(200)
    require_drawn(opened)


@pytest.mark.parametrize("viewer", ["mirador", "tify"])
def test_a_viewer_opens_a_manifest(
    opened: Opened, pages: Any, pictured_server: Server, viewer: str
) -> None:
    manifest = f"{pictured_server.base_url}/iiif/manifests/frames/m2020/{PRODUCT}"
    opened.page.goto(pages(viewer, manifest))
    require_drawn(opened)
    asked = [answer.url for answer in opened.answers]
    assert manifest in asked
    assert any(url.endswith("/info.json") for url in asked)
