"""The downloader: whom it asks, what it refuses, and when it gives up."""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from solbook.archive.download import Downloader, DownloadError
from solbook.settings import Settings
from tests.upstream import Answer, Asked, Script, upstream

HOST = "mars.nasa.gov"
OTHER = "mars.jpl.nasa.gov"
PUBLIC = "137.78.99.24"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

MakeDownloader = Callable[..., Downloader]
Addresses = dict[str, list[list[str]]]


@pytest.fixture
def downloader() -> Iterator[MakeDownloader]:
    """Makes downloaders; hosts may be on this machine unless a test says otherwise."""
    opened: list[Downloader] = []

    def make(**settings: Any) -> Downloader:
        given = {"timeout_s": 2.0, "private_file_hosts": True, "file_hosts": (HOST, OTHER)}
        opened.append(Downloader(Settings.model_validate({**given, **settings})))
        return opened[-1]

    yield make
    for made in opened:
        made.close()


@pytest.fixture
def name_service(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Replaces the name service; returns the list of names it is then asked for."""
    true_getaddrinfo = socket.getaddrinfo

    def install(**answers: list[str] | list[list[str]]) -> list[str]:
        asked: list[str] = []
        turns = {
            name.replace("_", "."): itertools.chain(
                _as_turns(value), itertools.repeat(_as_turns(value)[-1])
            )
            for name, value in answers.items()
        }

        def getaddrinfo(host: str, port: int, *rest: Any, **more: Any) -> Any:
            if host not in turns:
                return true_getaddrinfo(host, port, *rest, **more)
            asked.append(host)
            return [
                (
                    socket.AF_INET6 if ":" in address else socket.AF_INET,
                    socket.SOCK_STREAM,
                    6,
                    "",
                    (address, port),
                )
                for address in next(turns[host])
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return install


def _as_turns(value: list[str] | list[list[str]]) -> list[list[str]]:
    turns = [turn for turn in value if isinstance(turn, list)]
    return turns or [[address for address in value if isinstance(address, str)]]


def refused(made: Downloader, url: str) -> DownloadError:
    with pytest.raises(DownloadError) as raised:
        made.fetch(url)
    return raised.value


def always(answer: Answer) -> Script:
    return lambda _: answer


# --- whom it asks ------------------------------------------------------------------------------


def test_a_picture_comes_whole_and_its_host_is_named(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(always(Answer(PICTURE))) as server:
        made = downloader(user_agent="Solbook test")
        assert made.fetch(f"http://{HOST}:{server.port}/a/b.png?size=1") == PICTURE
        asked = server.asked[0]
    assert (asked.path, asked.query) == ("/a/b.png", {"size": "1"})
    assert asked.headers["host"] == f"{HOST}:{server.port}"
    assert asked.headers["user-agent"] == "Solbook test"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.org/a.png", "file_hosts"),
        (f"http://{HOST}.example.org/a.png", "file_hosts"),
        (f"http://{HOST}@example.org/a.png", "file_hosts"),
        (f"http://example.org#@{HOST}/a.png", "file_hosts"),
        (f"http://example.org\\@{HOST}/a.png", ""),
        ("http://127.0.0.1/a.png", "file_hosts"),
        ("http://[::1]/a.png", "file_hosts"),
        ("http:///a.png", "file_hosts"),
        (f"file://{HOST}/etc/passwd", "scheme"),
        (f"ftp://{HOST}/a.png", "scheme"),
        (f"gopher://{HOST}/a.png", "scheme"),
        (f"//{HOST}/a.png", "scheme"),
        ("/etc/passwd", "scheme"),
        ("", "scheme"),
        (f"http://{HOST}:99999/", "cannot be used"),
        (f"http://{HOST}:port/", "cannot be used"),
        ("http://[::1/", "cannot be used"),
    ],
)
def test_only_allowed_hosts_and_schemes_are_asked(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    url: str,
    reason: str,
) -> None:
    names = name_service(mars_nasa_gov=["127.0.0.1"], example_org=["127.0.0.1"])
    error = refused(downloader(timeout_s=0.2), url)
    assert reason in error.reason
    assert "example.org" not in names


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
    ],
)
@pytest.mark.parametrize("beside_a_public_one", [False, True])
def test_addresses_that_are_not_public_are_refused(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    address: str,
    beside_a_public_one: bool,
) -> None:
    found = [PUBLIC, address] if beside_a_public_one else [address]
    name_service(mars_nasa_gov=found)
    error = refused(downloader(private_file_hosts=False), f"http://{HOST}/a.png")
    assert error.reason == f"{HOST} has a private address"
    assert error.lasting


@pytest.mark.parametrize(
    "address", [PUBLIC, "2600:1901::1", f"::ffff:{PUBLIC}", "64:ff9b::808:808"]
)
def test_public_addresses_are_asked(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    name_service(mars_nasa_gov=[address])
    tried: list[Any] = []

    def create_connection(where: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        tried.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    error = refused(downloader(private_file_hosts=False), f"http://{HOST}/a.png")
    assert error.reason == f"{HOST} cannot be reached"
    assert tried == [(address, 80)]


def test_a_name_that_changes_between_check_and_use_gains_nothing(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is asked for once, and the connection made to the address that was checked."""
    names = name_service(mars_nasa_gov=[[PUBLIC], ["127.0.0.1"]])
    tried: list[Any] = []

    def create_connection(where: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        tried.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with upstream(always(Answer(PICTURE))) as server:
        refused(downloader(private_file_hosts=False), f"http://{HOST}:{server.port}/a.png")
        assert tried == [(PUBLIC, server.port)]
        assert names == [HOST]
        assert server.asked == []


def test_another_address_of_the_host_is_tried_when_one_takes_no_connection(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["::1", "127.0.0.1"])
    with upstream(always(Answer(PICTURE))) as server:
        assert downloader().fetch(f"http://{HOST}:{server.port}/") == PICTURE


def test_the_certificate_is_checked_against_the_host_name_not_the_address(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"], mars_jpl_nasa_gov=["127.0.0.1"])
    seen: list[tuple[Any, bool, ssl.VerifyMode]] = []

    def wrap_socket(
        self: ssl.SSLContext, sock: socket.socket, server_hostname: str | None = None, **_: Any
    ) -> ssl.SSLSocket:
        seen.append((server_hostname, self.check_hostname, self.verify_mode))
        sock.close()
        raise ssl.SSLCertVerificationError("hostname mismatch")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap_socket)
    made = downloader()
    with upstream(always(Answer(PICTURE))) as server:
        for host in (HOST, OTHER):
            assert "cannot be reached" in refused(made, f"https://{host}:{server.port}/").reason
    assert seen == [(HOST, True, ssl.CERT_REQUIRED), (OTHER, True, ssl.CERT_REQUIRED)]


def test_a_server_that_speaks_no_tls_is_not_believed(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(always(Answer(PICTURE))) as server:
        error = refused(downloader(), f"https://{HOST}:{server.port}/")
        assert "cannot be reached" in error.reason
        assert server.asked == []


# --- redirects ---------------------------------------------------------------------------------


def redirecting(to: str) -> Script:
    def script(asked: Asked) -> Answer:
        if asked.path == "/from":
            return Answer(status=302, headers={"Location": to})
        return Answer(PICTURE)

    return script


def test_a_redirect_among_allowed_hosts_is_followed(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"], mars_jpl_nasa_gov=["127.0.0.1"])
    with upstream(always(Answer(PICTURE))) as second:
        with upstream(redirecting(f"http://{OTHER}:{second.port}/to.png")) as first:
            assert downloader().fetch(f"http://{HOST}:{first.port}/from") == PICTURE
        assert second.asked[0].headers["host"] == f"{OTHER}:{second.port}"


def test_a_relative_redirect_stays_with_its_host(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(redirecting("/to.png")) as server:
        assert downloader().fetch(f"http://{HOST}:{server.port}/from") == PICTURE
        assert {asked.headers["host"] for asked in server.asked} == {f"{HOST}:{server.port}"}


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:{port}/to",
        "http://localhost:{port}/to",
        "http://[::1]:{port}/to",
        "//127.0.0.1:{port}/to",
        "http://example.org:{port}/to",
        "file:///etc/passwd",
        "data:image/png;base64,aGVsbG8=",
    ],
)
def test_a_redirect_to_elsewhere_is_refused(
    downloader: MakeDownloader, name_service: Callable[..., list[str]], to: str
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"], example_org=["127.0.0.1"])

    def script(asked: Asked) -> Answer:
        where = to.format(port=asked.headers["host"].partition(":")[2])
        return redirecting(where)(asked)

    with upstream(script) as server:
        assert refused(downloader(), f"http://{HOST}:{server.port}/from").lasting
        assert [asked.path for asked in server.asked] == ["/from"]


def test_a_redirect_to_an_allowed_host_at_a_private_address_is_refused(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first host is public as far as the downloader can tell; the second is not."""
    name_service(mars_nasa_gov=[PUBLIC], mars_jpl_nasa_gov=["10.0.0.1"])
    true_connection = socket.create_connection

    def create_connection(where: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
        assert where[0] == PUBLIC
        return true_connection(("127.0.0.1", where[1]), *rest, **more)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with upstream(redirecting(f"http://{OTHER}/to")) as server:
        made = downloader(private_file_hosts=False)
        error = refused(made, f"http://{HOST}:{server.port}/from")
    assert error.reason == f"{OTHER} has a private address"


@pytest.mark.parametrize("to", ["/from", ""])
def test_redirects_in_a_circle_end(
    downloader: MakeDownloader, name_service: Callable[..., list[str]], to: str
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(redirecting(to)) as server:
        error = refused(downloader(), f"http://{HOST}:{server.port}/from")
        assert (error.reason, error.lasting) == ("too many redirects", True)
        assert len(server.asked) == 5


# --- limits and faults -------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [True, False], ids=["length stated", "streamed"])
def test_a_file_beyond_the_limit_is_left(
    downloader: MakeDownloader, name_service: Callable[..., list[str]], stated: bool
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    parts = itertools.repeat(b"x" * 65536, 3200)
    answer = Answer(parts, stated_length=200 * 2**20 if stated else None)
    with upstream(always(answer)) as server:
        made = downloader(max_file_bytes=2**20)
        error = refused(made, f"http://{HOST}:{server.port}/")
    assert "max_file_bytes" in error.reason
    assert error.lasting
    # Left, not drained: most of it was never sent.
    assert len(list(parts)) > 2000


def test_a_file_of_exactly_the_limit_is_taken(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(always(Answer(PICTURE))) as server:
        made = downloader(max_file_bytes=len(PICTURE))
        assert made.fetch(f"http://{HOST}:{server.port}/") == PICTURE


def test_a_file_that_drips_is_given_up(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(lambda _: Answer([b"x"] * 100, pause_s=0.1)) as server:
        began = time.monotonic()
        error = refused(downloader(timeout_s=0.4), f"http://{HOST}:{server.port}/")
        assert time.monotonic() - began < 3
    assert (error.reason, error.lasting) == (f"{HOST} is too slow", False)


@pytest.mark.parametrize(
    ("answer", "reason", "lasting"),
    [
        (Answer(status=404), "answered 404", True),
        (Answer(status=403), "answered 403", True),
        (Answer(status=410), "answered 410", True),
        (Answer(status=429), "answered 429", False),
        (Answer(status=408), "answered 408", False),
        (Answer(status=500), "answered 500", False),
        (Answer(status=503), "answered 503", False),
        (Answer(PICTURE, stated_length=10_000), "broke off", False),
        (Answer(b"not gzip", headers={"Content-Encoding": "gzip"}), "broke off", False),
        (Answer(reset=True), "cannot be reached", False),
    ],
    ids=["404", "403", "410", "429", "408", "500", "503", "cut", "undecodable", "reset"],
)
def test_what_lasts_is_told_from_what_passes(
    downloader: MakeDownloader,
    name_service: Callable[..., list[str]],
    answer: Answer,
    reason: str,
    lasting: bool,
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    with upstream(always(answer)) as server:
        error = refused(downloader(), f"http://{HOST}:{server.port}/")
    assert reason in error.reason
    assert error.lasting is lasting


def test_a_compressed_answer_is_unpacked(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    packed = Answer(gzip.compress(PICTURE), headers={"Content-Encoding": "gzip"})
    with upstream(always(packed)) as server:
        assert downloader().fetch(f"http://{HOST}:{server.port}/") == PICTURE


def test_a_host_that_is_down_is_left_alone_for_a_while_and_others_are_not(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"], mars_jpl_nasa_gov=["127.0.0.1"])
    made = downloader(retry_host_after_s=0.5)
    with upstream(always(Answer(PICTURE))) as server:
        pass
    url = f"http://{HOST}:{server.port}/"
    assert refused(made, url).reason == f"{HOST} cannot be reached"
    with upstream(always(Answer(PICTURE))) as second:
        url = f"http://{HOST}:{second.port}/"
        error = refused(made, url)
        assert (error.reason, error.lasting) == (f"{HOST} could not be reached a moment ago", False)
        assert made.fetch(f"http://{OTHER}:{second.port}/") == PICTURE
        time.sleep(0.6)
        assert made.fetch(url) == PICTURE


def test_an_answer_of_any_status_does_not_mark_its_host_down(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    answers = iter([Answer(status=500), Answer(status=404), Answer(PICTURE)])
    made = downloader()
    with upstream(lambda _: next(answers)) as server:
        url = f"http://{HOST}:{server.port}/"
        assert not refused(made, url).lasting
        assert refused(made, url).lasting
        assert made.fetch(url) == PICTURE


def test_a_name_that_cannot_be_found_marks_its_host_down(
    downloader: MakeDownloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    made = downloader()
    assert refused(made, f"http://{HOST}/").reason == f"{HOST} cannot be found"
    assert "a moment ago" in refused(made, f"http://{HOST}/").reason
    assert asked == [HOST]


def test_nothing_is_asked_with_the_network_switched_off(downloader: MakeDownloader) -> None:
    error = refused(downloader(network=False), f"http://{HOST}/")
    assert (error.reason, error.lasting) == ("the network is switched off", False)


def test_many_threads_may_fetch_at_once(
    downloader: MakeDownloader, name_service: Callable[..., list[str]]
) -> None:
    name_service(mars_nasa_gov=["127.0.0.1"])
    made = downloader()
    got: list[bytes] = []
    with upstream(lambda asked: Answer(asked.path.encode() * 1000)) as server:
        threads = [
            threading.Thread(
                target=lambda i=i: got.append(made.fetch(f"http://{HOST}:{server.port}/{i}"))
            )
            for i in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got) == sorted(f"/{i}".encode() * 1000 for i in range(16))
