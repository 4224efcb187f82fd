"""Looking at pages in Chromium: that all of a picture has come, and what axe finds."""

from __future__ import annotations

import time
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
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
# Links within a line of text are exempt (WCAG 2.5.8); all others stand alone.
SMALL_TARGETS = """
    [...document.querySelectorAll(`button, input:not([type=hidden]), summary, .btn, .menu a,
        .cards a, .rows a, .wall a, .calendar a, .hundreds a, .contents a, .thread-line, .crumbs a,
        .steps a, .downloads a, .day a, .strip > header a, .cameras a`)]
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, b]) => b.width && (b.width < 24 || b.height < 24))
    .map(([e, b]) => `${e.className} ${e.textContent.trim()} ${b.width} x ${b.height}`)
"""
_EVERY_RULE = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
}
_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def load(page: Page, address: str) -> None:
    """Open a page and look at every picture of it until it has come, or has failed to."""
    page.goto(address)
    until = time.monotonic() + PICTURES_WITHIN_S
    while page.evaluate(SHOW_A_PICTURE_TO_COME) and time.monotonic() < until:
        page.wait_for_timeout(20)
    page.evaluate("scrollTo(0, 0)")


def set_width(page: Page, width_px: int) -> None:
    """Make the window so wide."""
    page.set_viewport_size({"width": width_px, "height": 900})


def violations(page: Page) -> str:
    """What axe finds, in words; empty for nothing."""
    return _found(page, _EVERY_RULE, more_than=10)


def violations_in_both_schemes(page: Page) -> str:
    """What axe finds in the light, and in the dark of what depends on colours."""
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + _found(page, _OF_COLOURS, more_than=0)


def _found(page: Page, rules: dict[str, Any], more_than: int) -> str:
    # To list every part of a page that is as it should be takes as long as to look at it.
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    passed = found.response["passes"] + found.response["violations"]
    assert len(passed) > more_than, "axe did not look"
    return found.generate_report() if found.violations_count else ""
