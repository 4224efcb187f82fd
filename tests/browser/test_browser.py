"""Every kind of page in Chromium: both schemes, phone and desk, scripts on and off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import Server

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = {
    "home": "/",
    "missions": "/missions",
    "mission": "/missions/m2020?at=755",
    "mission-empty": "/missions/opportunity",
    "sol": "/missions/m2020/sols/1110",
    "sol-large": "/missions/m2020/sols/2?thumbnails=show",
    "sol-camera": "/missions/msl/sols/1000?instrument=MAST_LEFT",
    "instrument": "/missions/m2020/instruments/NAVCAM_LEFT",
    "instrument-unsure": "/missions/m2020/instruments/SHERLOC_WATSON",
    "frame": "/frames/m2020/NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J",
    "frame-strip": "/frames/m2020/NLF_0123_0677861657_409ECM_N0041422NCAM00509_01_295J",
    "frame-blank": "/frames/m2020/EAF_0002_0667110211_374ECV_N0010052EDLC00002_0010LUJ",
    "most-liked": "/most-liked?span=all",
    "weeks": "/most-liked/weeks",
    "about": "/about",
}
MISSING = "/missions/m2020/sols/300"
PHONE_PX, DESK_PX = 390, 1440

PICTURES_WITHIN_S = 60
# A picture is asked for when it comes into view. "Network idle" does not wait for that: it may be
# said before the first scroll, and is then said for good.
SHOW_A_PICTURE_TO_COME = """
    (() => {
        const one = [...document.images].find(i => !i.complete);
        if (one) one.scrollIntoView({ block: 'center' });
        return Boolean(one);
    })()
"""
BROKEN_PICTURES = "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
# Pictures shown whole are never wider than they are; those that fill a card are cut to it.
ENLARGED_PICTURES = """
    [...document.images].filter(i => getComputedStyle(i).objectFit === "fill"
        && i.getBoundingClientRect().width > Number(i.getAttribute("width")) + 1).map(i => i.src)
"""
# Links within a line of text are exempt (WCAG 2.5.8); all others stand alone.
SMALL_TARGETS = """
    [...document.querySelectorAll(`button, input:not([type=hidden]), summary, .btn, .menu a,
        .cards a, .rows a, .wall a, .calendar a, .hundreds a, .contents a, .thread-line, .crumbs a,
        .steps a, .downloads a, .day a, .strip > header a, .cameras a`)]
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, b]) => b.width && (b.width < 24 || b.height < 24))
    .map(([e, b]) => `${e.className} ${e.textContent.trim()} ${b.width} x ${b.height}`)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


def load(page: Page, address: str) -> None:
    """Open a page and look at every picture of it until it has come, or has failed to."""
    page.goto(address)
    until = time.monotonic() + PICTURES_WITHIN_S
    while page.evaluate(SHOW_A_PICTURE_TO_COME) and time.monotonic() < until:
        page.wait_for_timeout(20)
    page.evaluate("scrollTo(0, 0)")


@pytest.mark.parametrize("width_px", [PHONE_PX, DESK_PX])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts-on", "scripts-off"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_in_both_schemes(
    browser: Browser, demo_server: Server, kind: str, scripts: bool, width_px: int
) -> None:
    context = browser.new_context(
        viewport={"width": width_px, "height": 900},
        java_script_enabled=scripts,
        # axe is put into the page as a script, which the site's own policy forbids.
        bypass_csp=scripts,
    )
    page = context.new_page()
    said: list[str] = []
    hosts: set[str] = set()
    failed: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    load(page, demo_server.base_url + KINDS[kind])
    assert page.evaluate(BROKEN_PICTURES) == []
    assert page.evaluate(ENLARGED_PICTURES) == []
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
        if scripts:
            assert violations(page) == ""
    context.close()
    assert len(grounds) == 2
    assert said == []
    assert failed == []
    assert hosts == {urlsplit(demo_server.base_url).netloc}


@pytest.mark.parametrize("width_px", [PHONE_PX, DESK_PX])
def test_an_error_is_as_accessible_as_a_page(
    browser: Browser, demo_server: Server, width_px: int
) -> None:
    context = browser.new_context(viewport={"width": width_px, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(demo_server.base_url + MISSING)
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= width_px
    context.close()


def violations(page: Page) -> str:
    """What axe finds, in words; empty for nothing."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert len(found.response["passes"]) > 10
    return found.generate_report() if found.violations_count else ""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts-on", "scripts-off"])
def test_the_first_tab_reaches_the_skip_link(
    browser: Browser, demo_server: Server, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(demo_server.base_url + KINDS["frame"])
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("a => a === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_targets_are_large_enough_and_focus_is_seen(
    browser: Browser, demo_server: Server, kind: str
) -> None:
    context = browser.new_context(viewport={"width": PHONE_PX, "height": 900})
    page = context.new_page()
    page.goto(demo_server.base_url + KINDS[kind])
    small = page.evaluate(SMALL_TARGETS)
    assert small == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    context.close()


def test_the_switch_of_colours_works_without_scripts(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    page.goto(f"{demo_server.base_url}/missions")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(250, 247, 242)"
    page.get_by_role("button", name="Dark").click()
    assert urlsplit(page.url).path == "/missions"
    assert page.evaluate(ground) == "rgb(18, 16, 14)"
    page.get_by_role("button", name="Auto").click()
    assert page.evaluate(ground) == "rgb(250, 247, 242)"
    context.close()


def test_labels_of_the_thread_are_not_stretched(browser: Browser, demo_server: Server) -> None:
    heights: list[float] = []
    for width_px in (PHONE_PX, DESK_PX):
        context = browser.new_context(viewport={"width": width_px, "height": 900})
        page = context.new_page()
        page.goto(demo_server.base_url + KINDS["sol"])
        box = page.locator(".flag-text").bounding_box()
        line = page.locator(".thread-line").bounding_box()
        assert box is not None
        assert line is not None
        heights.append(box["width"] / box["height"])
        assert box["x"] >= line["x"]
        assert box["x"] + box["width"] <= line["x"] + line["width"]
        context.close()
    assert heights[0] == pytest.approx(heights[1], rel=0.02)
