"""Pages of a rehearsal in Chromium: the mark is seen, legible, and in nobody's way."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import (
    BROKEN_PICTURES,
    DESK_PX,
    PHONE_PX,
    SMALL_TARGETS,
    load,
    set_width,
    violations_in_both_schemes,
)
from tests.conftest import Server

pytestmark = pytest.mark.browser

KINDS = {
    "home": "/",
    "missions": "/missions",
    "mission": "/missions/rehearsal",
    "sol": "/missions/rehearsal/sols/10",
    "sol-rows": "/missions/rehearsal/sols/0",
    "instrument": "/missions/rehearsal/instruments/NAVCAM_LEFT",
    "frame": "",
    "time": "/time?mission=rehearsal",
    "about": "/about",
}
# Marks that do not lie wholly within what they mark, or that something else covers.
LOST_MARKS = """
    [...document.querySelectorAll('.simulated')].filter(mark => {
        mark.scrollIntoView({ block: 'center' });
        const box = mark.getBoundingClientRect();
        const around = mark.parentElement.getBoundingClientRect();
        const inside = box.left >= around.left - 1 && box.right <= around.right + 1
            && box.top >= around.top - 1 && box.bottom <= around.bottom + 1;
        const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
        return !inside || document.elementFromPoint(x, y) !== mark;
    }).map(mark => mark.parentElement.outerHTML.slice(0, 200))
"""
UNMARKED_PICTURES = """
    [...document.images].filter(i => !i.closest('.shot, .plate')?.querySelector('.simulated'))
    .map(i => i.src)
"""


def address_of(server: Server, kind: str) -> str:
    if kind != "frame":
        return server.base_url + KINDS[kind]
    asked = f"{server.base_url}/api/missions/rehearsal/sols/10"
    with urllib.request.urlopen(asked, timeout=30) as answer:
        page: str = json.load(answer)["frames"][0]["page"]
    return server.base_url + page


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_is_seen_in_both_schemes(
    browser: Browser, rehearsal_server: Server, kind: str
) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    set_width(page, DESK_PX)
    load(page, address_of(rehearsal_server, kind))
    assert page.evaluate(BROKEN_PICTURES) == []
    assert page.evaluate(UNMARKED_PICTURES) == []
    assert page.locator(".simulated").count() > 0 or kind in ("about", "time")
    assert page.locator(".simulated-note").count() == (kind not in ("missions", "about"))
    for width_px in (DESK_PX, PHONE_PX):
        set_width(page, width_px)
        assert page.evaluate(LOST_MARKS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
        assert violations_in_both_schemes(page) == ""
    assert page.evaluate(SMALL_TARGETS) == []
    context.close()


def test_beside_real_frames_only_the_rehearsal_is_marked(
    browser: Browser, both_server: Server
) -> None:
    context = browser.new_context(viewport={"width": DESK_PX, "height": 900})
    page = context.new_page()
    load(page, both_server.base_url)
    assert page.locator(".shot .simulated").count() == 0
    assert page.locator(".mission .simulated").count() == 1
    page.goto(f"{both_server.base_url}/missions/m2020")
    assert page.locator(".simulated, .simulated-note").count() == 0
    context.close()
