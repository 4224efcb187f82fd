"""Enlarged and compared pictures in Chromium: by links, by viewer, by keyboard, by address."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import (
    BROKEN_PICTURES,
    DESK_PX,
    PHONE_PX,
    set_width,
    violations_in_both_schemes,
)
from tests.conftest import Server

pytestmark = pytest.mark.browser

LEFT = "m2020/NLF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
RIGHT = "m2020/NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
FRAME = f"/frames/{LEFT}"
ZOOM = f"{FRAME}/zoom"
COMPARE = f"/compare?left={LEFT}&right={RIGHT}"
WIDTH_PX, HEIGHT_PX = 1288, 968
WITHIN_S = 20
# What OpenSeadragon says of tiles that come after it was closed.
LATE = "loaded before reset"

KINDS = {
    "zoom": ZOOM,
    "part": f"{ZOOM}?x=640&y=480&zoom=4&rotation=90",
    "side": COMPARE,
    "slider": f"{COMPARE}&as=slider",
}
SMALL_TARGETS = """
    [...document.querySelectorAll(`button, a.tool, input, .contents a, .downloads a, .side h2 a`)]
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, b]) => b.width && (b.width < 24 || b.height < 24))
    .map(([e, b]) => `${e.className} ${e.textContent.trim()} ${b.width} x ${b.height}`)
"""
# Whether the tiles of every stage have been drawn: something on its canvas is not black.
DRAWN = """
    [...document.querySelectorAll('.stage .openseadragon-canvas canvas')].length > 0 &&
    [...document.querySelectorAll('.stage .openseadragon-canvas canvas')].every(canvas => {
        const copy = new OffscreenCanvas(9, 9).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, canvas.width / 2, canvas.height / 2, 9, 9, 0, 0, 9, 9);
        const { data } = copy.getImageData(0, 0, 9, 9);
        return data.some((value, place) => place % 4 < 3 && value > 0);
    })
"""
FOCUS = "document.activeElement.getAttribute('role')"


def opened(browser: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:
    """A page of the address, and everything that went wrong on it."""
    width_px = options.pop("width_px", DESK_PX)
    context = browser.new_context(viewport={"width": width_px, "height": 900}, **options)
    page = context.new_page()
    host = urlsplit(address).netloc
    wrong: list[str] = []
    page.on(
        "console",
        lambda message: wrong.append(message.text) if LATE not in message.text else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    page.on(
        "request",
        lambda request: (
            wrong.append(request.url)
            if not request.url.startswith("data:") and urlsplit(request.url).netloc != host
            else None
        ),
    )
    page.goto(address)
    return page, wrong


def stated(page: Page) -> dict[str, float]:
    """The view in the address."""
    query = parse_qs(urlsplit(page.url).query)
    return {name: float(values[0]) for name, values in query.items() if name in "x y zoom".split()}


def until(page: Page, condition: str) -> None:
    """Wait for a condition. Playwright's own waiting evaluates text, which the policy forbids."""
    ends = time.monotonic() + WITHIN_S
    while not page.evaluate(condition):
        assert time.monotonic() < ends, f"{condition} never came true at {page.url}"
        page.wait_for_timeout(50)


def wait_for_viewer(page: Page) -> None:
    until(page, DRAWN)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts-on", "scripts-off"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_accessible_fits_and_keeps_to_the_policy(
    browser: Browser, demo_server: Server, kind: str, scripts: bool
) -> None:
    address = demo_server.base_url + KINDS[kind]
    page, wrong = opened(browser, address, java_script_enabled=scripts)
    for width_px in (DESK_PX, PHONE_PX):
        set_width(page, width_px)
        if scripts:
            wait_for_viewer(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
        assert page.evaluate(SMALL_TARGETS) == []
        assert page.evaluate(BROKEN_PICTURES) == []
    assert wrong == []
    page.context.close()
    if scripts:
        # axe is put into the page as a script, which the policy forbids.
        page, _ = opened(browser, address, bypass_csp=True)
        for width_px in (DESK_PX, PHONE_PX):
            set_width(page, width_px)
            wait_for_viewer(page)
            assert violations_in_both_schemes(page) == ""
        page.context.close()


def test_links_lead_through_the_picture_without_scripts(
    browser: Browser, demo_server: Server
) -> None:
    page, wrong = opened(browser, demo_server.base_url + FRAME, java_script_enabled=False)
    page.get_by_role("link", name="Enlarge", exact=True).click()
    assert urlsplit(page.url).path == ZOOM
    shown = page.locator(".stage img")

    def region() -> str:
        return str(shown.get_attribute("src")).split("/")[4]

    assert region() == "full"
    tools = page.get_by_role("navigation", name="Another part of the picture")
    # What would change nothing is no link.
    assert tools.get_by_role("link").all_inner_texts() == ["Closer", "Turn left", "Turn right"]
    tools.get_by_role("link", name="Closer").click()
    assert stated(page) == {"x": WIDTH_PX / 2, "y": HEIGHT_PX / 2, "zoom": 2}
    assert region() == "322,242,644,484"
    tools.get_by_role("link", name="Move right").click()
    assert region() == "644,242,644,484"
    tools.get_by_role("link", name="Turn right").click()
    assert "/90/default.jpg" in str(shown.get_attribute("src"))
    # Up is where the reader sees it, and the left of the picture is up now.
    tools.get_by_role("link", name="Move up").click()
    assert region() == "322,242,644,484"
    tools.get_by_role("link", name="Whole picture").click()
    assert region() == "full"
    assert urlsplit(page.url).query == ""
    assert wrong == []
    page.get_by_role("link", name=re.compile("^JPEG.*640 px wide")).click()
    assert page.url.endswith("/picture/640.jpg")
    page.context.close()


def test_the_part_marked_in_the_overview_is_the_part_shown(
    browser: Browser, demo_server: Server
) -> None:
    address = f"{demo_server.base_url}{ZOOM}?x=320&y=240&zoom=4"
    for scripts in (True, False):
        page, _ = opened(browser, address, java_script_enabled=scripts)
        mark = page.locator("[data-shown]")
        assert float(mark.get_attribute("x") or "") == pytest.approx(320 - WIDTH_PX / 8, abs=1)
        assert float(mark.get_attribute("width") or "") == pytest.approx(WIDTH_PX / 4, abs=1)
        if scripts:
            wait_for_viewer(page)
            page.get_by_role("button", name="Farther").click()
            expect(mark).to_have_attribute("width", str(WIDTH_PX // 2))
        page.context.close()


def test_enlarge_opens_over_the_page_and_gives_the_focus_back(
    browser: Browser, demo_server: Server
) -> None:
    page, wrong = opened(browser, demo_server.base_url + FRAME)
    enlarge = page.get_by_role("link", name="Enlarge", exact=True)
    enlarge.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    wait_for_viewer(page)
    assert urlsplit(page.url).path == ZOOM
    until(page, f"{FOCUS} === 'application'")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.wait_for_url(f"**{FRAME}")
    assert enlarge.evaluate("a => a === document.activeElement")
    # Back closes it as well, and forward opens it again.
    enlarge.click()
    expect(dialog).to_be_visible()
    page.go_back()
    expect(dialog).to_have_count(0)
    page.go_forward()
    expect(dialog).to_be_visible()
    wait_for_viewer(page)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).to_have_count(0)
    page.wait_for_url(f"**{FRAME}")
    assert wrong == []
    page.context.close()


def test_the_dialog_is_accessible(browser: Browser, demo_server: Server) -> None:
    for width_px in (PHONE_PX, DESK_PX):
        page, _ = opened(browser, demo_server.base_url + FRAME, width_px=width_px, bypass_csp=True)
        page.get_by_role("link", name="Enlarge", exact=True).click()
        wait_for_viewer(page)
        page.get_by_role("button", name="Brightness and contrast").click()
        assert violations_in_both_schemes(page) == ""
        assert page.evaluate(SMALL_TARGETS) == []
        tools = page.get_by_role("toolbar").bounding_box()
        assert tools is not None
        assert tools["y"] + tools["height"] <= 900
        page.context.close()


def test_the_keyboard_does_what_the_tools_do(browser: Browser, demo_server: Server) -> None:
    page, wrong = opened(browser, demo_server.base_url + ZOOM)
    wait_for_viewer(page)
    canvas = page.get_by_role("application")
    canvas.focus()
    for _ in range(3):
        page.keyboard.press("+")
    until(page, "new URLSearchParams(location.search).get('zoom') > 3")
    assert stated(page)["x"] == pytest.approx(WIDTH_PX / 2, abs=1)
    page.keyboard.press("ArrowLeft")
    until(page, "new URLSearchParams(location.search).get('x') < 600")
    page.keyboard.press("]")
    until(page, "new URLSearchParams(location.search).get('rotation') === '90'")
    page.keyboard.press("0")
    until(page, "location.search === ''")
    # Every tool is a button that says what it does, and Tab reaches it.
    names = page.get_by_role("toolbar").get_by_role("button").all_inner_texts()
    assert len(names) == 12
    assert all(names)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Closer"
    assert wrong == []
    page.context.close()


def test_an_address_shows_what_it_was_copied_from(browser: Browser, demo_server: Server) -> None:
    page, _ = opened(browser, f"{demo_server.base_url}{ZOOM}?x=700&y=500&zoom=5&rotation=90")
    wait_for_viewer(page)
    page.get_by_role("button", name="Closer").click()
    until(page, "new URLSearchParams(location.search).get('zoom') === '10'")
    page.get_by_role("button", name="Brightness and contrast").click()
    slider = page.get_by_role("slider", name="Brightness")
    slider.fill("150")
    until(page, "location.search.includes('brightness=150')")
    address, at = page.url, stated(page)
    assert at == {"x": 700, "y": 500, "zoom": 10}
    page.context.close()
    again, _ = opened(browser, address)
    wait_for_viewer(again)
    again.wait_for_timeout(600)
    assert again.url == address
    light = again.locator(".openseadragon-canvas canvas").evaluate("c => c.style.filter")
    assert light == "brightness(150%) contrast(100%)"
    # The page without scripts shows the same part.
    plain, _ = opened(browser, address, java_script_enabled=False)
    source = plain.locator(".stage img").get_attribute("src")
    assert source is not None
    assert source.split("/")[4] == "636,452,129,97"
    for page in (again, plain):
        page.context.close()


def test_the_scale_is_the_camera_s(browser: Browser, demo_server: Server) -> None:
    page, _ = opened(browser, demo_server.base_url + ZOOM)
    wait_for_viewer(page)
    degrees = float(page.locator("[data-viewer]").get_attribute("data-degrees") or "")
    # A Navcam sees 96 degrees with 5,120 pixels, and two of them are one here.
    assert degrees == pytest.approx(96 / 5120 * 2, rel=0.03)
    bar = page.locator(".scale-line").bounding_box()
    stage = page.locator(".stage").bounding_box()
    assert bar is not None
    assert stage is not None
    said = float(page.locator(".scale").inner_text().removesuffix("°"))
    assert bar["width"] * degrees * HEIGHT_PX / stage["height"] == pytest.approx(said, rel=0.03)
    page.context.close()


def test_full_screen_takes_the_tools_along(browser: Browser, demo_server: Server) -> None:
    page, _ = opened(browser, demo_server.base_url + ZOOM)
    wait_for_viewer(page)
    button = page.get_by_role("button", name="Full screen")
    button.click()
    until(page, "document.fullscreenElement?.classList.contains('enlarged')")
    assert button.is_visible()
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    until(page, "document.fullscreenElement === null")
    page.context.close()


@pytest.mark.parametrize("manner", ["side", "slider"])
def test_compared_pictures_move_together(
    browser: Browser, demo_server: Server, manner: str
) -> None:
    page, wrong = opened(browser, f"{demo_server.base_url}{COMPARE}&as={manner}&zoom=2")
    wait_for_viewer(page)
    shots = [page.locator(".openseadragon-canvas canvas").nth(place) for place in (0, 1)]
    assert all(shot.is_visible() for shot in shots)
    before = [shot.screenshot() for shot in shots]
    page.get_by_role("application").nth(1).focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    until(page, "new URLSearchParams(location.search).get('zoom') === '3'")
    page.wait_for_timeout(900)
    assert [shot.screenshot() for shot in shots] != before
    at = stated(page)
    assert at["x"] > WIDTH_PX / 2
    # The address is of the left picture, which followed the right.
    page.reload()
    wait_for_viewer(page)
    page.wait_for_timeout(600)
    assert stated(page) == at
    assert wrong == []
    page.context.close()


def test_the_line_between_two_pictures_moves_by_key(browser: Browser, demo_server: Server) -> None:
    page, wrong = opened(browser, f"{demo_server.base_url}{COMPARE}&as=slider")
    wait_for_viewer(page)
    slider = page.get_by_role("group", name="Before and after")
    slider.focus()
    before = slider.evaluate("s => s.value")
    page.keyboard.down("ArrowRight")
    page.wait_for_timeout(300)
    page.keyboard.up("ArrowRight")
    moved = slider.evaluate("s => s.value")
    assert moved > before
    # A drag of its handle moves the line, and not the pictures under it.
    handle = page.locator(".over-handle").bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + 22, handle["y"] + 22)
    page.mouse.down()
    page.mouse.move(handle["x"] - 200, handle["y"] + 22, steps=4)
    page.mouse.up()
    assert slider.evaluate("s => s.value") < moved - 10
    page.wait_for_timeout(600)
    assert urlsplit(page.url).query.endswith("as=slider")
    assert wrong == []
    page.context.close()


def test_a_frame_offers_what_it_can_be_compared_with(browser: Browser, demo_server: Server) -> None:
    page, _ = opened(browser, demo_server.base_url + FRAME, java_script_enabled=False)
    page.locator("#compare").get_by_role("link", name=re.compile("other eye$")).click()
    assert page.url.endswith(COMPARE)
    assert page.locator(".stage img").count() == 2
    page.get_by_role("link", name="Swap the two").click()
    assert page.url.endswith(f"/compare?left={RIGHT}&right={LEFT}")
    tools = page.get_by_role("navigation", name="Another part of both pictures")
    tools.get_by_role("link", name="Closer").click()
    regions = [
        str(image.get_attribute("src")).split("/")[4] for image in page.locator(".stage img").all()
    ]
    assert regions == ["322,242,644,484"] * 2
    page.context.close()


def test_nothing_moves_of_itself_where_motion_is_unwanted(
    browser: Browser, demo_server: Server
) -> None:
    page, _ = opened(browser, demo_server.base_url + ZOOM, reduced_motion="reduce")
    wait_for_viewer(page)
    settled = "document.querySelector('.scale-line').style.width"
    page.get_by_role("button", name="Closer").click()
    # At once, not after a glide: what is drawn next is what stays.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    first = page.evaluate(settled)
    page.wait_for_timeout(700)
    assert page.evaluate(settled) == first
    page.context.close()


def test_a_picture_that_cannot_be_shown_leaves_the_links(
    browser: Browser, demo_server: Server
) -> None:
    page, _ = opened(browser, f"{demo_server.base_url}/about")
    page.route("**/info.json", lambda route: route.abort())
    page.goto(demo_server.base_url + ZOOM)
    page.wait_for_timeout(500)
    assert page.locator(".stage img").is_visible()
    assert page.get_by_role("link", name="Closer").is_visible()
    page.context.close()


def test_the_frame_s_picture_comes_first_and_nothing_shifts(
    browser: Browser, demo_server: Server
) -> None:
    for address in (FRAME, ZOOM, COMPARE):
        page, _ = opened(browser, f"{demo_server.base_url}/about", width_px=PHONE_PX)
        page.add_init_script(
            """
            window.shifted = 0;
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) window.shifted += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
            """
        )
        page.goto(demo_server.base_url + address)
        page.wait_for_timeout(1500)
        assert page.evaluate("window.shifted") < 0.01, address
        page.context.close()
    page, _ = opened(browser, demo_server.base_url + FRAME, width_px=PHONE_PX)
    first = page.locator("main img").first
    assert first.get_attribute("fetchpriority") == "high"
    assert first.get_attribute("width")
    page.context.close()
