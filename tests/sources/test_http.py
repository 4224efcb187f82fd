"""Fetching pages over real connections: what is tried again, what is given up, what it costs."""

from __future__ import annotations

import gzip
import itertools
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
import stamina

from solbook.errors import SolbookError
from solbook.settings import Settings
from solbook.sources.http import PageFetcher
from tests.upstream import Answer, Asked, Script, Upstream, upstream

PAGE = b'{"images": []}'

Fetcher = Callable[..., PageFetcher]


@pytest.fixture(autouse=True)
def _without_waits() -> Iterator[None]:
    """Four attempts, as in earnest, but none waits for its turn."""
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def fetcher_with() -> Iterator[Fetcher]:
    opened: list[PageFetcher] = []

    def make(**settings: object) -> PageFetcher:
        opened.append(PageFetcher(Settings.model_validate({"timeout_s": 2.0, **settings})))
        return opened[-1]

    yield make
    for fetcher in opened:
        fetcher.close()


def in_turn(*answers: Answer) -> Script:
    """Answers one after the other; the last again and again."""
    rest = itertools.chain(answers, itertools.repeat(answers[-1]))
    return lambda _: next(rest)


def refused(fetcher: PageFetcher, server: Upstream, path: str = "/") -> SolbookError:
    with pytest.raises(SolbookError) as raised:
        fetcher.fetch(server.url + path)
    error = raised.value
    assert server.url in error.message
    assert error.found
    assert error.expected
    assert error.help
    return error


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=500),
        Answer(status=503, body=b"<html>busy</html>"),
        Answer(status=429),
        Answer(reset=True),
        Answer(PAGE, stated_length=len(PAGE) + 1),
        Answer(b"not gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["500", "503", "429", "reset", "cut", "undecodable"],
)
def test_a_fault_that_passes_is_passed_over(fetcher_with: Fetcher, fault: Answer) -> None:
    with upstream(in_turn(fault, fault, Answer(PAGE))) as server:
        assert fetcher_with().fetch(server.url) == PAGE
        assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (Answer(status=500), "HTTP 500"),
        (Answer(status=429), "HTTP 429"),
        (Answer(reset=True), ""),
        (Answer(PAGE, stated_length=len(PAGE) + 1), "closed"),
    ],
    ids=["500", "429", "reset", "cut"],
)
def test_a_fault_that_stays_is_explained(fetcher_with: Fetcher, fault: Answer, found: str) -> None:
    with upstream(in_turn(fault)) as server:
        error = refused(fetcher_with(), server)
        assert error.code == "upstream_failed"
        assert found in error.found
        assert len(server.asked) == 4


def test_an_answer_that_will_not_change_is_not_asked_for_again(fetcher_with: Fetcher) -> None:
    with upstream(in_turn(Answer(status=404))) as server:
        assert "HTTP 404" in refused(fetcher_with(), server).found
        assert len(server.asked) == 1


def test_nobody_listening_is_explained(fetcher_with: Fetcher) -> None:
    with upstream(in_turn(Answer(PAGE))) as server:
        pass
    assert refused(fetcher_with(), server).code == "upstream_failed"


def test_retry_after_is_obeyed_and_has_a_limit() -> None:
    """Checked on what the retrying asks, for the waits themselves are switched off here."""
    import httpx

    from solbook.sources.http import _Busy, _wait_for

    def wait(stated: str) -> bool | float:
        return _wait_for(_Busy(httpx.Response(429, headers={"Retry-After": stated})))

    assert wait("7") == 7
    assert wait("86400") == 60
    # A date, or no number at all: the usual growing waits.
    assert wait("Wed, 21 Oct 2015 07:28:00 GMT") is True
    assert wait("soon") is True


def test_retry_after_is_waited_for(fetcher_with: Fetcher) -> None:
    busy = Answer(status=429, headers={"Retry-After": "1"})
    with stamina.set_testing(False), upstream(in_turn(busy, Answer(PAGE))) as server:
        began = time.monotonic()
        assert fetcher_with().fetch(server.url) == PAGE
        assert 1 <= time.monotonic() - began < 5


def test_a_redirect_is_followed(fetcher_with: Fetcher) -> None:
    def script(asked: Asked) -> Answer:
        moved = Answer(status=301, headers={"Location": "/new?page=3"})
        return moved if asked.path == "/old" else Answer(PAGE)

    with upstream(script) as server:
        assert fetcher_with().fetch(f"{server.url}/old") == PAGE
        assert server.asked[1].query == {"page": "3"}


def test_a_redirect_in_a_circle_is_explained(fetcher_with: Fetcher) -> None:
    with upstream(in_turn(Answer(status=302, headers={"Location": "/"}))) as server:
        assert "redirect" in refused(fetcher_with(), server).found


def test_a_compressed_page_is_unpacked(fetcher_with: Fetcher) -> None:
    packed = Answer(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})
    with upstream(in_turn(packed)) as server:
        assert fetcher_with().fetch(server.url) == PAGE


@pytest.mark.parametrize("stated", [True, False], ids=["length stated", "streamed"])
def test_a_page_of_200_mb_is_left_at_the_limit(fetcher_with: Fetcher, stated: bool) -> None:
    """Nothing near its size is ever held, and it is not asked for again."""
    part = b" " * 2**20
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            yield part
            sent += len(part)

    script = in_turn(Answer(parts(), stated_length=200 * 2**20 if stated else None))
    with upstream(script) as server:
        fetcher = fetcher_with(max_page_bytes=4 * 2**20)
        tracemalloc.start()
        error = refused(fetcher, server)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert error.code == "page_too_large"
        assert "4,194,304" in error.expected
        assert "max_page_bytes" in error.help
        assert len(server.asked) == 1
        assert most < 24 * 2**20
        # What is on its way when the connection is closed is the kernel's.
        assert sent < 64 * 2**20


def test_a_small_page_that_unpacks_to_a_large_one_is_left_at_the_limit(
    fetcher_with: Fetcher,
) -> None:
    bomb = Answer(gzip.compress(b" " * 32 * 2**20), headers={"Content-Encoding": "gzip"})
    with upstream(in_turn(bomb)) as server:
        assert refused(fetcher_with(max_page_bytes=2**20), server).code == "page_too_large"


def test_a_page_that_drips_is_given_up(fetcher_with: Fetcher) -> None:
    """Each byte comes within the time-out, the page does not."""
    with (
        stamina.set_testing(True, attempts=1),
        upstream(lambda _: Answer([b" "] * 100, pause_s=0.1)) as server,
    ):
        began = time.monotonic()
        error = refused(fetcher_with(timeout_s=0.5), server)
        assert error.code == "upstream_failed"
        assert time.monotonic() - began < 3


def test_an_answer_that_does_not_come_is_given_up(fetcher_with: Fetcher) -> None:
    with (
        stamina.set_testing(True, attempts=1),
        upstream(lambda _: Answer([PAGE], pause_s=2)) as server,
    ):
        assert refused(fetcher_with(timeout_s=0.2), server).code == "upstream_failed"


def test_nothing_is_asked_with_the_network_switched_off(fetcher_with: Fetcher) -> None:
    with upstream(in_turn(Answer(PAGE))) as server:
        error = refused(fetcher_with(network=False), server)
        assert error.code == "no_network"
        assert "network = true" in error.expected
        assert server.asked == []


def test_upstreams_are_told_who_asks(fetcher_with: Fetcher) -> None:
    with upstream(in_turn(Answer(PAGE))) as server:
        fetcher_with(user_agent="Solbook test").fetch(server.url)
        assert server.asked[0].headers["user-agent"] == "Solbook test"


@pytest.mark.parametrize("address", ["http://", "http://[::1", "https://a b/", "http://x:99999/"])
def test_an_address_that_is_none_is_explained(fetcher_with: Fetcher, address: str) -> None:
    with pytest.raises(SolbookError) as raised:
        fetcher_with().fetch(address)
    assert raised.value.code == "upstream_failed"
