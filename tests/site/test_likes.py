"""Hearts over HTTP: one like a visitor and image, undo, and all that is refused."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive, likes
from solbook.archive.limits import LIMITS_FILE
from solbook.site.app import create_app
from solbook.site.visitors import COOKIE, new_visitor
from tests.conftest import Serve
from tests.pictured import official_picture, pictured_archive

NAME = "NLF_0100_0675800000_946ECM_N0032430NCAM00500_01_295J"
FRAME = f"m2020/{NAME}"
PAGE = f"/frames/{FRAME}"
OWN = {"Origin": "http://testserver"}
PROGRAM = OWN | {"Accept": "application/json"}


@pytest.fixture
def archive(tmp_path: Path, shared_data: Path) -> Iterator[Archive]:
    picture = official_picture(shared_data)
    made = pictured_archive(tmp_path, {f"{NAME}.png": picture}, shared_data)
    yield made
    made.close()


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive), follow_redirects=False) as made:
        yield made


def send(
    client: TestClient, act: str = "like", item: str = FRAME, **headers: str
) -> httpx.Response:
    return client.post("/likes", data={"item": item, "act": act}, headers=OWN | headers)


def count(archive: Archive) -> int:
    with archive.state.reading() as connection:
        return likes.likes_of(connection, [FRAME]).get(FRAME, 0)


# --- A plain form ------------------------------------------------------------------------------


def test_a_like_and_its_undo_without_scripts(client: TestClient, archive: Archive) -> None:
    page = client.get(PAGE).text
    assert 'action="/likes"' in page
    assert f'value="{FRAME}"' in page
    answer = send(client)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{PAGE}?liked=yes#like"
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = client.get(answer.headers["Location"]).text
    assert "Undo like" in page
    assert 'name="act" value="undo"' in page
    assert count(archive) == 1
    answer = send(client, "undo")
    assert answer.headers["Location"] == f"{PAGE}#like"
    assert "Undo like" not in client.get(answer.headers["Location"]).text
    assert count(archive) == 0


def test_a_visitor_counts_once_and_each_visitor_counts(
    client: TestClient, archive: Archive
) -> None:
    for _ in range(5):
        assert send(client).status_code == 303
    assert count(archive) == 1
    client.cookies.clear()
    send(client)
    assert count(archive) == 2


def test_who_likes_nothing_can_undo_nothing(client: TestClient, archive: Archive) -> None:
    send(client)
    client.cookies.clear()
    answer = send(client, "undo")
    assert answer.status_code == 303
    assert "set-cookie" not in answer.headers
    assert count(archive) == 1


def test_the_script_is_told_in_json(client: TestClient) -> None:
    ask = {"params": {"item": FRAME}}
    assert client.get("/likes", **ask).json() == {"item": FRAME, "likes": 0, "liked": False}
    body = {"item": FRAME, "act": "like"}
    answer = client.post("/likes", data=body, headers=PROGRAM)
    assert answer.json() == {"item": FRAME, "likes": 1, "liked": True}
    again = client.get("/likes", **ask)
    assert again.json() == answer.json()
    assert again.headers["Cache-Control"] == "private, no-store"
    # No other site's page may read who likes what.
    assert "Access-Control-Allow-Origin" not in again.headers
    client.cookies.clear()
    assert client.get("/likes", **ask).json() == {"item": FRAME, "likes": 1, "liked": False}


@pytest.mark.parametrize("item", ["m2020/NOTHING", "nothing", "", "x" * 3000])
def test_only_what_is_there_can_be_liked(client: TestClient, item: str) -> None:
    assert send(client, item=item).status_code == 404
    assert client.get("/likes", params={"item": item}).status_code == 404


@pytest.mark.parametrize("form", [{}, {"item": FRAME}, {"item": FRAME, "act": "love"}])
def test_a_form_that_is_none_of_ours_is_refused(client: TestClient, form: dict[str, str]) -> None:
    assert client.post("/likes", data=form, headers=OWN).status_code == 400
    assert client.post("/likes", content=b"x" * 9000, headers=OWN).status_code == 400


# --- The cookie --------------------------------------------------------------------------------


def test_the_cookie_is_for_likes_alone(client: TestClient) -> None:
    stated = send(client).headers["Set-Cookie"]
    parts = {part.strip().lower() for part in stated.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/likes"} <= parts
    assert "secure" not in parts
    # No page and no answer for programs gets it, so none can depend on it.
    for path in ("/", PAGE, "/most-liked", "/api/likes"):
        request = client.build_request("GET", path)
        assert COOKIE not in request.headers.get("Cookie", "")
        assert "Set-Cookie" not in client.get(path).headers


def test_over_tls_the_cookie_stays_there(archive: Archive) -> None:
    secure = TestClient(create_app(archive), "https://testserver", follow_redirects=False)
    answer = secure.post(
        "/likes", data={"item": FRAME, "act": "like"}, headers={"Origin": "https://testserver"}
    )
    assert "; Secure" in answer.headers["Set-Cookie"]
    # Also where a proxy takes the TLS off and does not say so.
    plain = TestClient(create_app(archive), follow_redirects=False)
    answer = plain.post(
        "/likes", data={"item": FRAME, "act": "like"}, headers={"Origin": "https://testserver"}
    )
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_forged_and_altered_cookies_are_refused(client: TestClient, archive: Archive) -> None:
    genuine = new_visitor(archive.state.secret).cookie
    forged = [
        new_visitor(b"another secret").cookie,
        genuine[:-1] + ("A" if genuine[-1] != "A" else "Q"),
        ("B" if genuine[0] != "B" else "C") + genuine[1:],
        genuine[:22],
        genuine + "AAAA",
        genuine + "=",
        "%00",
        "",
        "a" * 3000,
    ]
    for cookie in forged:
        for act in ("like", "undo"):
            answer = send(client, act, Cookie=f"{COOKIE}={cookie}")
            assert answer.status_code == 403, cookie
            # It is taken away, and no other is given on the same request.
            assert re.match(rf'{COOKIE}=""; .*Max-Age=0; Path=/likes', answer.headers["Set-Cookie"])
    assert count(archive) == 0
    answer = client.post(
        "/likes",
        data={"item": FRAME, "act": "like"},
        headers=PROGRAM | {"Cookie": f"{COOKIE}={forged[0]}"},
    )
    assert answer.json()["error"]["code"] == "forbidden"
    assert "like the image again" in answer.json()["error"]["help"]
    assert send(client, Cookie=f"{COOKIE}={genuine}").status_code == 303
    assert count(archive) == 1


def test_neither_file_says_who_or_where(client: TestClient, archive: Archive) -> None:
    cookie = send(client).cookies[COOKIE]
    archive.state.close()
    for path in (archive.state.path, archive.path / LIMITS_FILE):
        with sqlite3.connect(path) as connection:
            dump = "\n".join(connection.iterdump())
        connection.close()
        assert "uses" in dump or "likes" in dump
        for trace in (cookie, cookie[:20], "testclient", "testserver", "python-httpx"):
            assert trace not in dump


# --- Other sites -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://testserver.example.org"},
        {"Origin": "http://testserver:8080"},
        {"Origin": "ftp://testserver"},
        {"Origin": "http://[bad"},
        {"Origin": "http://user@testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://example.org", "Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_a_form_of_another_site_is_refused(
    client: TestClient, archive: Archive, headers: dict[str, str]
) -> None:
    answer = client.post("/likes", data={"item": FRAME, "act": "like"}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
    assert count(archive) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://testserver"},
        {"Origin": "http://testserver:80"},
        {"Origin": "HTTP://TestServer"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_of_this_site_is_taken(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/likes", data={"item": FRAME, "act": "like"}, headers=headers)
    assert answer.status_code == 303


def test_another_site_gets_no_leave_to_send(client: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = client.options("/likes", headers=asked)
    assert "Access-Control-Allow-Origin" not in answer.headers


# --- Too many ----------------------------------------------------------------------------------


def test_a_thousand_likes_a_minute_from_one_network(client: TestClient, archive: Archive) -> None:
    statuses = []
    for _ in range(1000):
        client.cookies.clear()
        statuses.append(send(client).status_code)
    limit = archive.settings.likes_per_network_minute
    # All of it took less than a minute, or somewhat more were due.
    taken = statuses.count(303)
    assert limit <= taken <= 2 * limit
    assert statuses.count(429) == 1000 - taken
    assert count(archive) == taken
    refused = send(client)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    answer = client.post("/likes", data={"item": FRAME, "act": "like"}, headers=PROGRAM)
    assert answer.json()["error"]["code"] == "too_many"
    assert "at most 30 in a minute" in answer.json()["error"]["expected"]


@pytest.mark.parametrize("setting", ["likes_per_network_day", "likes_per_network_image_day"])
def test_undoing_counts_as_well_and_settings_set_the_limits(
    tmp_path: Path, shared_data: Path, setting: str
) -> None:
    archive = pictured_archive(
        tmp_path,
        {f"{NAME}.png": official_picture(shared_data)},
        shared_data,
        likes_per_network_minute=100,
        **{setting: 4},
    )
    with TestClient(create_app(archive), follow_redirects=False) as client:
        acts = ["like", "undo", "like", "undo", "like"]
        assert [send(client, act).status_code for act in acts] == [303, 303, 303, 303, 429]
        # Until the UTC day ends.
        assert int(send(client).headers["Retry-After"]) <= 86_400


def test_networks_do_not_hold_each_other_up(archive: Archive) -> None:
    app = create_app(archive)
    sent = {}
    for host in ("198.51.100.7", "198.51.100.200", "203.0.113.9", "2001:db8::1"):
        client = TestClient(app, follow_redirects=False, client=(host, 50_000))
        sent[host] = [send(client).status_code for _ in range(20)].count(303)
    assert sent == {
        "198.51.100.7": 20,
        "198.51.100.200": 10,
        "203.0.113.9": 20,
        "2001:db8::1": 20,
    }


# --- Pages -------------------------------------------------------------------------------------


def test_pages_are_the_same_for_everybody(client: TestClient, archive: Archive) -> None:
    send(client)
    other = TestClient(create_app(archive))
    for path in (PAGE, "/most-liked"):
        mine, theirs = client.get(path), other.get(path)
        assert mine.text == theirs.text
        assert mine.headers["Cache-Control"] == theirs.headers["Cache-Control"] == "no-cache"


def test_the_count_is_on_the_page_and_on_cards(client: TestClient, archive: Archive) -> None:
    item = likes.Likeable(FRAME, "frame", "m2020", 100)
    for visitor in (b"ann", b"bob", b"cay"):
        likes.like(archive.state, item, visitor, 1_000)
    assert '<span class="num">3</span>' in client.get(PAGE).text
    assert '<span class="num">3</span>' in client.get("/most-liked?span=all").text


def test_what_was_asked_for_is_shown_as_text(client: TestClient) -> None:
    answer = send(client, item='m2020/<script>alert("x")</script>')
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


# --- A real server -----------------------------------------------------------------------------


def test_behind_a_proxy_networks_are_told_apart(archive: Archive, serve: Serve) -> None:
    """Over real connections, which all come from one address; the limit holds for each network."""
    base_url = serve(archive.path).base_url
    sent = {}
    with httpx.Client(base_url=base_url) as plain:
        for visitor in ("198.51.100.7", "203.0.113.9, 198.51.100.8", "2001:db8::1"):
            forwarded = {"X-Forwarded-For": visitor, "X-Forwarded-Proto": "https"}
            headers = forwarded | {"Origin": base_url.replace("http", "https")}
            answers = []
            for _ in range(20):
                plain.cookies.clear()
                form = {"item": FRAME, "act": "like"}
                answers.append(plain.post("/likes", data=form, headers=headers))
            sent[visitor] = [answer.status_code for answer in answers].count(303)
            assert all("; Secure" in a.headers["Set-Cookie"] for a in answers if a.is_redirect)
    # The second went through another proxy, whose word is not taken: it counts with the first.
    assert sent == {"198.51.100.7": 20, "203.0.113.9, 198.51.100.8": 10, "2001:db8::1": 20}
    assert count(archive) == 50
