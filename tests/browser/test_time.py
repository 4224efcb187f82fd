"""The page of the time in Chromium: its clocks tick, its form works without scripts."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import DESK_PX, PHONE_PX, set_width, violations_in_both_schemes
from tests.conftest import Server

pytestmark = pytest.mark.browser

KINDS = {
    "now": "/time",
    "sol": "/time?when=sol+257+18:03:17&mission=m2020",
    "conjunction": "/time?when=2021-10-08&mission=zhurong",
    "old": "/time?when=1800-01-01&mission=m2020",
    "unread": "/time?when=next+tuesday",
}
SMALL_TARGETS = """
    [...document.querySelectorAll(`button, input:not([type=hidden]), select, .btn, .menu a, .hint a,
        .steps a, .mission-times a, .strip > header a`)]
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, b]) => b.width && (b.width < 24 || b.height < 24))
    .map(([e, b]) => `${e.className} ${e.textContent.trim()} ${b.width} x ${b.height}`)
"""
CLOCKS = "[...document.querySelectorAll('[data-clock=%s]')].map(c => c.textContent)"
# What every clock shows, and where everything stands.
SHOWN = "[...document.querySelectorAll('[data-clock]')].map(c => c.textContent)"
PLACES = """
    [...document.querySelectorAll('main *')].map(e => {
        const b = e.getBoundingClientRect();
        return [b.x, b.y, b.height].map(Math.round).join(' ');
    }).join('\\n')
"""
HIDDEN = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => %s });"


def opened(browser: Browser, address: str, **options: object) -> tuple[Page, list[str]]:
    """A page of the address, and what the console says from now on."""
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    return page, said


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_accessible_and_fits(browser: Browser, demo_server: Server, kind: str) -> None:
    page, _ = opened(browser, demo_server.base_url + KINDS[kind], bypass_csp=True)
    for width_px in (DESK_PX, PHONE_PX):
        set_width(page, width_px)
        assert violations_in_both_schemes(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
        assert page.evaluate(SMALL_TARGETS) == []
    page.context.close()


def test_the_menu_stays_on_one_line_on_a_phone(browser: Browser, demo_server: Server) -> None:
    for width_px in (360, PHONE_PX):
        page, _ = opened(browser, demo_server.base_url, viewport={"width": width_px, "height": 900})
        mark = page.locator(".mark").bounding_box()
        menu = page.locator(".menu").bounding_box()
        assert mark is not None
        assert menu is not None
        assert abs(mark["y"] - menu["y"]) < 2
        assert menu["x"] + menu["width"] <= width_px
        page.context.close()


@pytest.mark.parametrize("width_px", [PHONE_PX, DESK_PX])
def test_the_clocks_tick_under_the_site_s_own_policy(
    browser: Browser, demo_server: Server, width_px: int
) -> None:
    page, said = opened(
        browser,
        f"{demo_server.base_url}/time?mission=m2020",
        viewport={"width": width_px, "height": 900},
    )
    first, places = page.evaluate(SHOWN), page.evaluate(PLACES)
    page.wait_for_timeout(2600)
    second = page.evaluate(SHOWN)
    assert len(first) == 13
    assert all(before != after for before, after in zip(first, second, strict=True))
    assert page.evaluate(PLACES) == places
    assert said == []
    # In a hidden tab they stand still; seen again, they are right at once.
    page.evaluate(HIDDEN % "true")
    page.wait_for_timeout(1100)
    still = page.evaluate(SHOWN)
    page.wait_for_timeout(1500)
    assert page.evaluate(SHOWN) == still
    page.evaluate(HIDDEN % "false")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate(SHOWN) != still
    page.context.close()


def test_the_script_computes_what_the_server_does(browser: Browser, demo_server: Server) -> None:
    """After days of being open the page shows what a fresh one does."""
    page, _ = opened(
        browser, f"{demo_server.base_url}/time", viewport={"width": 1440, "height": 900}
    )
    later = "new Date(Date.now() + 40 * 86400e3)"
    now = page.evaluate(f"{later}.toISOString()")
    script = page.locator("script[src*='/clocks.']").get_attribute("src")
    ticked = page.evaluate(
        f"""async (ms) => {{
            const {{ localTime, utc }} = await import("{script}");
            return [...document.querySelectorAll("[data-clock=local]")].map(c => {{
                const d = c.dataset;
                const at = localTime(ms, Number(d.sol), Number(d.startsMs), Number(d.solMs));
                const sol = c.querySelector("[data-part=sol]");
                return (sol ? `sol\\u00a0${{at.sol}} ` : "") + at.time;
            }}).concat(utc(ms).day + " " + utc(ms).time);
        }}""",
        page.evaluate(f"Date.parse('{now}')"),
    )
    page.goto(f"{demo_server.base_url}/time?when={now}")
    served = [
        *page.evaluate(CLOCKS % "local"),
        *page.evaluate(CLOCKS % "utc"),
    ]
    differing = [pair for pair in zip(ticked, served, strict=True) if pair[0] != pair[1]]
    # A clock may be read just before its second turns.
    assert len(differing) <= 1, differing
    page.context.close()


def test_a_fixed_time_stands_still(browser: Browser, demo_server: Server) -> None:
    page, said = opened(browser, demo_server.base_url + KINDS["sol"])
    first = page.evaluate(SHOWN)
    page.wait_for_timeout(1300)
    assert page.evaluate(SHOWN) == first
    assert said == []
    page.context.close()


def test_the_form_works_without_scripts(browser: Browser, demo_server: Server) -> None:
    page, _ = opened(browser, f"{demo_server.base_url}/time", java_script_enabled=False)
    page.get_by_label("UTC, or a sol and its local time").fill("Sol-00257M18:03:17")
    page.get_by_label("Mission", exact=True).select_option("Perseverance")
    page.get_by_role("button", name="Convert").click()
    query = parse_qs(urlsplit(page.url).query)
    assert query == {"when": ["Sol-00257M18:03:17"], "mission": ["m2020"]}
    expect(page.get_by_role("heading", name="Perseverance, sol 257")).to_be_visible()
    page.get_by_role("link", name="sol 258").click()
    expect(page.get_by_role("heading", name="Perseverance, sol 258")).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("heading", name="Perseverance, sol 258")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 16, 14)"
    page.get_by_role("link", name="Now").click()
    assert parse_qs(urlsplit(page.url).query) == {"mission": ["m2020"]}
    page.context.close()
