"""Embedding, downloading and citing in Chromium, without scripts unless axe needs them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Frame

from tests.browser.looking import violations_in_both_schemes
from tests.browser.test_browser import KINDS
from tests.conftest import Server
from tests.upstream import Answer, upstream

pytestmark = pytest.mark.browser

FRAME = KINDS["frame"]
# The picture above its words, nothing of either outside of what the other site gives them.
LAID_OUT = """
    () => {
        const picture = document.querySelector(".embed-picture").getBoundingClientRect();
        const words = document.querySelector("figcaption").getBoundingClientRect();
        const scrolled = document.scrollingElement;
        return picture.height > 60 && picture.bottom <= words.top + 1
            && words.bottom <= innerHeight + 1 && scrolled.scrollWidth <= innerWidth;
    }
"""


def framed(browser: Browser, address: str, width_px: int, height_px: int) -> Frame:
    """What another site shows that puts an address into an `iframe`."""
    body = f'<iframe src="{address}" width="{width_px}" height="{height_px}"></iframe>'
    with upstream(lambda _: Answer(body.encode(), headers={"Content-Type": "text/html"})) as other:
        page = browser.new_page()
        page.goto(other.url)
        page.wait_for_load_state("networkidle")
        return page.frames[1]


@pytest.mark.parametrize("size", [(320, 240), (320, 316), (640, 557), (900, 300)])
@pytest.mark.parametrize("kind", ["frame", "frame-strip", "frame-blank"])
def test_a_frame_stands_in_a_page_of_another_site(
    browser: Browser, demo_server: Server, kind: str, size: tuple[int, int]
) -> None:
    inside = framed(browser, f"{demo_server.base_url}{KINDS[kind]}/embed", *size)
    assert "Credit: NASA/JPL-Caltech" in inside.inner_text("body")
    assert inside.evaluate(LAID_OUT)
    assert inside.evaluate("[...document.images].every(i => i.naturalWidth > 0)")
    inside.page.close()


def test_no_other_page_stands_there(browser: Browser, demo_server: Server) -> None:
    inside = framed(browser, f"{demo_server.base_url}{FRAME}", 640, 480)
    assert not inside.url.startswith(demo_server.base_url)
    inside.page.close()


@pytest.mark.parametrize("kind", ["frame", "frame-blank"])
def test_the_embedded_page_is_accessible(browser: Browser, demo_server: Server, kind: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 320}, bypass_csp=True)
    page.goto(f"{demo_server.base_url}{KINDS[kind]}/embed")
    assert violations_in_both_schemes(page) == ""
    page.close()


def test_what_is_folded_away_is_accessible_too(browser: Browser, demo_server: Server) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900}, bypass_csp=True)
    page.goto(demo_server.base_url + FRAME)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.locator(".iiif-mark").count() == 2
    assert violations_in_both_schemes(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_a_copy_is_downloaded_without_scripts(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo_server.base_url + FRAME)
    page.get_by_label("Size").select_option("640")
    page.get_by_label("Format").select_option("png")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download a copy").click()
    assert waiting.value.suggested_filename.endswith(".png")
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")
    context.close()
