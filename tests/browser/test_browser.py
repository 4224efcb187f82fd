"""Every kind of page in Chromium: both schemes, phone and desk, scripts on and off."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import (
    BROKEN_PICTURES,
    DESK_PX,
    PHONE_PX,
    SMALL_TARGETS,
    load,
    set_width,
    violations,
    violations_in_both_schemes,
)
from tests.conftest import Server

pytestmark = pytest.mark.browser

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
# Pictures shown whole are never wider than they are; those that fill a card are cut to it.
ENLARGED_PICTURES = """
    [...document.images].filter(i => getComputedStyle(i).objectFit === "fill"
        && i.getBoundingClientRect().width > Number(i.getAttribute("width")) + 1).map(i => i.src)
"""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts-on", "scripts-off"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_at_a_desk_and_on_a_phone_in_both_schemes(
    browser: Browser, demo_server: Server, kind: str, scripts: bool
) -> None:
    # axe is put into the page as a script, which the site's own policy forbids.
    context = browser.new_context(java_script_enabled=scripts, bypass_csp=scripts)
    page = context.new_page()
    set_width(page, DESK_PX)
    said: list[str] = []
    hosts: set[str] = set()
    failed: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    load(page, demo_server.base_url + KINDS[kind])
    assert page.evaluate(BROKEN_PICTURES) == []
    for width_px in (DESK_PX, PHONE_PX):
        set_width(page, width_px)
        grounds = set()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            assert page.evaluate("document.documentElement.scrollWidth") <= width_px
        assert len(grounds) == 2
        assert page.evaluate(ENLARGED_PICTURES) == []
        if scripts:
            assert violations_in_both_schemes(page) == ""
    assert page.evaluate(SMALL_TARGETS) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()
    assert said == []
    assert failed == []
    assert hosts == {urlsplit(demo_server.base_url).netloc}


def test_an_error_is_as_accessible_as_a_page(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(demo_server.base_url + MISSING)
    for width_px in (DESK_PX, PHONE_PX):
        set_width(page, width_px)
        assert violations(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
    context.close()


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
