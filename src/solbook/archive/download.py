"""Fetching pictures from upstreams: only from named hosts, never from private addresses."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from urllib.parse import urljoin, urlsplit

import httpx

from solbook.settings import Settings

_REDIRECTS = 4
_SCHEME_PORTS = {"http": 80, "https": 443}
# Errors that may be gone a moment later, besides the server's own: slow request, too many.
_PASSING = (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS)
# NAT64 (RFC 6052) and the old IPv4-compatible addresses (RFC 4291).
_IPV4_AT_THE_END = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))


class DownloadError(Exception):
    """A picture that could not be fetched.

    Attributes:
        lasting: Whether the fault lies with this picture (and is worth remembering) and not with
            the network or the settings.
    """

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


class Downloader:
    """Fetches pictures; one for a process, safe to use from many threads.

    Every address is resolved here and the connection made to the address that was checked, so a
    name that changes its mind between the check and the use gains nothing; the same holds for
    every redirect.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        trust = httpx.create_ssl_context()
        # A client for each host: two hosts at one address must not share a connection, whose
        # certificate was checked for one of them only.
        self._clients = {
            host: httpx.Client(
                verify=trust,
                timeout=settings.timeout_s,
                headers={"User-Agent": settings.user_agent},
                follow_redirects=False,
            )
            for host in settings.file_hosts
        }
        self._down_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def fetch(self, url: str) -> bytes:
        """The bytes at an address.

        Raises:
            DownloadError: It may not be fetched, cannot be reached, or is too large.
        """
        if not self.settings.network:
            raise DownloadError("the network is switched off", lasting=False)
        deadline = time.monotonic() + self.settings.timeout_s
        for _ in range(_REDIRECTS + 1):
            answer = self._fetch_once(url, deadline)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise DownloadError("too many redirects", lasting=True)

    def _fetch_once(self, url: str, deadline: float) -> bytes | str:
        """The bytes, or the address an answer redirects to."""
        host, port = self._allowed(url)
        self._refuse_if_down(host)
        response = self._ask(url, host, port, deadline)
        try:
            if response.is_redirect:
                return str(response.headers.get("Location", ""))
            if response.is_error:
                passing = response.is_server_error or response.status_code in _PASSING
                raise DownloadError(f"{host} answered {response.status_code}", lasting=not passing)
            return self._body(response, host, deadline)
        finally:
            response.close()

    def _ask(self, url: str, host: str, port: int, deadline: float) -> httpx.Response:
        """The answer of the first address of the host that takes a connection."""
        parts = urlsplit(url)
        client = self._clients[host]
        fault: httpx.TransportError | None = None
        for address in self._resolve(host, port):
            literal = f"[{address}]" if ":" in address else address
            try:
                request = client.build_request(
                    "GET",
                    parts._replace(netloc=f"{literal}:{port}").geturl(),
                    headers={"Host": parts.netloc.rpartition("@")[2]},
                    extensions={"sni_hostname": host},
                )
                return client.send(request, stream=True)
            except httpx.InvalidURL as error:
                raise DownloadError("the address cannot be used", lasting=True) from error
            except httpx.TransportError as error:
                fault = error
            connected = not isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout)
            if connected or time.monotonic() > deadline:
                break
        self._mark_down(host)
        raise DownloadError(f"{host} cannot be reached", lasting=False) from fault

    def _allowed(self, url: str) -> tuple[str, int]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise DownloadError("the address cannot be used", lasting=True) from error
        if parts.scheme not in _SCHEME_PORTS:
            raise DownloadError(f"the scheme {parts.scheme!r} is not allowed", lasting=True)
        if host not in self.settings.file_hosts:
            raise DownloadError(f"the host {host!r} is not one of file_hosts", lasting=True)
        return host, port or _SCHEME_PORTS[parts.scheme]

    def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            self._mark_down(host)
            raise DownloadError(f"{host} cannot be found", lasting=False) from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not self.settings.private_file_hosts and not _is_public(address):
                raise DownloadError(f"{host} has a private address", lasting=True)
        return addresses

    def _body(self, response: httpx.Response, host: str, deadline: float) -> bytes:
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self.settings.max_file_bytes:
                    raise DownloadError("the file is larger than max_file_bytes", lasting=True)
                if time.monotonic() > deadline:
                    # The next one would be as slow, and readers wait for each.
                    self._mark_down(host)
                    raise DownloadError(f"{host} is too slow", lasting=False)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise DownloadError(f"{host} broke off the answer", lasting=False) from error
        return bytes(body)

    def _refuse_if_down(self, host: str) -> None:
        with self._lock:
            if time.monotonic() < self._down_until.get(host, 0.0):
                raise DownloadError(f"{host} could not be reached a moment ago", lasting=False)

    def _mark_down(self, host: str) -> None:
        with self._lock:
            self._down_until[host] = time.monotonic() + self.settings.retry_host_after_s


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = _ipv4_inside(ip) or ip
    return ip.is_global and not ip.is_multicast


def _ipv4_inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it does: there the packets go."""
    if any(ip in network for network in _IPV4_AT_THE_END):
        return ipaddress.IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour
