"""Hearts in Chromium: with scripts and without, by keyboard, from other sites; full lists."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from solbook.archive import Archive, likes
from tests.browser.looking import (
    DESK_PX,
    PHONE_PX,
    SMALL_TARGETS,
    load,
    set_width,
    violations_in_both_schemes,
)
from tests.conftest import Serve, Server
from tests.pictured import official_picture, pictured_archive
from tests.upstream import Answer, upstream

pytestmark = pytest.mark.browser

NAMES = [f"NLF_010{n}_0675800000_946ECM_N0032430NCAM00500_01_295J" for n in range(9)]
LIKED = f"/frames/m2020/{NAMES[0]}"
WEEK_NS = 7 * 86_400 * 10**9


def served(folder: Path, shared_data: Path, serve: Serve, per_minute: int) -> Server:
    """A server of nine pictures; the first of them is liked by two, one of those a week ago."""
    pictures = {f"{name}.png": official_picture(shared_data) for name in NAMES}
    archive = pictured_archive(folder, pictures, shared_data)
    (archive.path / "solbook.toml").write_text(f"likes_per_network_minute = {per_minute}\n")
    _like_some(archive)
    archive.close()
    return serve(archive.path)


def _like_some(archive: Archive) -> None:
    with archive.reading() as connection:
        items = likes.likeables(connection, [f"m2020/{name}" for name in NAMES])
    now_ns = time.time_ns()
    likes.like(archive.state, items[f"m2020/{NAMES[0]}"], b"ann", now_ns - WEEK_NS)
    likes.like(archive.state, items[f"m2020/{NAMES[0]}"], b"bob", now_ns)
    likes.like(archive.state, items[f"m2020/{NAMES[1]}"], b"bob", now_ns)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared_data: Path, serve: Serve) -> Server:
    return served(tmp_path_factory.mktemp("likes"), shared_data, serve, 1000)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


def heart(page: Page) -> Locator:
    return page.locator("form[data-like] button")


def test_a_heart_without_scripts(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.base_url + LIKED)
    page.get_by_role("button", name="Like 2", exact=True).click()
    assert page.url == f"{server.base_url}{LIKED}?liked=yes#like"
    page.get_by_role("button", name="Undo like 3", exact=True).click()
    assert page.url == f"{server.base_url}{LIKED}#like"
    expect(page.get_by_role("button", name="Like 2", exact=True)).to_be_visible()
    context.close()


def test_a_heart_with_scripts_stays_on_the_page(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    address = server.base_url + LIKED.replace(NAMES[0], NAMES[2])
    page.goto(address)
    expect(heart(page)).to_have_accessible_name("Like")
    heart(page).focus()
    page.keyboard.press("Enter")
    expect(heart(page)).to_have_accessible_name("Undo like 1")
    expect(page.locator("form[data-like] [role=status]")).to_have_text("Liked. 1 like.")
    # The focus stays where it was, so that the next key undoes.
    assert heart(page).evaluate("b => b === document.activeElement")
    assert page.url == address
    page.keyboard.press("Space")
    expect(heart(page)).to_have_accessible_name("Like")
    expect(page.locator("form[data-like] [role=status]")).to_have_text("Like undone. 0 likes.")


def test_a_page_that_is_loaded_again_knows_its_reader(
    context: BrowserContext, browser: Browser, server: Server
) -> None:
    page = context.new_page()
    address = server.base_url + LIKED.replace(NAMES[0], NAMES[3])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(server.base_url)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # Who never liked anything asks nothing.
    assert not [path for path in asked if path.startswith("/likes")]
    heart(page).click()
    expect(heart(page)).to_have_accessible_name("Undo like 1")
    page.reload()
    expect(heart(page)).to_have_accessible_name("Undo like 1")
    # Somebody else sees a new heart, also by an address that says that it is liked.
    other = browser.new_context()
    theirs = other.new_page()
    theirs.goto(f"{address}?liked=yes")
    expect(heart(theirs)).to_have_accessible_name("Like 1")
    # What the visitor has is out of reach of scripts, and of pages.
    assert "visitor" not in page.evaluate("document.cookie")
    (cookie,) = [c for c in context.cookies() if c["name"] == "visitor"]
    assert (cookie["httpOnly"], cookie["path"], cookie["sameSite"]) == (True, "/likes", "Lax")
    other.close()


def test_too_many_likes_are_said_in_words(
    context: BrowserContext, tmp_path: Path, shared_data: Path, serve: Serve
) -> None:
    server = served(tmp_path, shared_data, serve, 1)
    page = context.new_page()
    page.goto(server.base_url + LIKED)
    heart(page).click()
    expect(heart(page)).to_have_accessible_name("Undo like 3")
    heart(page).click()
    said = page.locator("form[data-like] [role=status]")
    expect(said).to_contain_text("Too many likes from your network. Wait")
    expect(said).to_be_in_viewport()
    assert said.bounding_box()["width"] > 100  # type: ignore[index]
    expect(heart(page)).to_have_accessible_name("Undo like 3")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_no_other_site_can_cast_its_visitors_votes(
    context: BrowserContext, server: Server, name: str
) -> None:
    page = context.new_page()
    page.goto(server.base_url + LIKED)
    before = heart(page).inner_text()
    body = (
        f'<form method="post" action="{server.base_url}/likes">'
        f'<input name="item" value="m2020/{NAMES[0]}"><input name="act" value="like">'
        "<button>A prize</button></form>"
    )
    with upstream(lambda _: Answer(body.encode(), headers={"Content-Type": "text/html"})) as other:
        page.goto(other.url.replace("127.0.0.1", name))
        with page.expect_navigation() as navigation:
            page.get_by_role("button", name="A prize").click()
        assert navigation.value is not None
        assert navigation.value.status == 403
        assert "not sent by a page of this site" in page.inner_text("main")
    page.goto(server.base_url + LIKED)
    assert heart(page).inner_text() == before


@pytest.mark.parametrize(
    "path",
    [LIKED, f"{LIKED}?liked=yes", "/most-liked", "/most-liked?span=sol", "/most-liked/weeks", "/"],
)
def test_full_lists_and_hearts_are_accessible(browser: Browser, server: Server, path: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    set_width(page, DESK_PX)
    load(page, server.base_url + path)
    assert page.locator(".heart").count() > 0
    for width_px in (DESK_PX, PHONE_PX):
        set_width(page, width_px)
        assert violations_in_both_schemes(page) == ""
        assert page.evaluate("document.documentElement.scrollWidth") <= width_px
    assert page.evaluate(SMALL_TARGETS) == []
    context.close()
