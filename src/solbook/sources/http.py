"""Fetching pages of feeds: politely, with a limit on size, again when it fails for a moment."""

from __future__ import annotations

import time

import httpx
import stamina

from solbook.errors import SolbookError
from solbook.settings import Settings
from solbook.sources.page_text import page_too_large

_ATTEMPTS = 4
_LONGEST_RETRY_AFTER_S = 60.0


class _PassingFault(Exception):
    """An answer that may be better a moment later."""


class PageFetcher:
    """Fetches pages over HTTP.

    Args:
        settings: Timeout, user agent and the largest page.
        attempts: How often a page is asked for before giving up.
    """

    def __init__(self, settings: Settings, attempts: int = _ATTEMPTS) -> None:
        self.settings = settings
        self.attempts = attempts
        self.client = httpx.Client(
            timeout=settings.timeout_s,
            headers={"User-Agent": settings.user_agent, "Accept": "application/json"},
            follow_redirects=True,
        )

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def fetch(self, address: str) -> bytes:
        """The body of a page.

        Raises:
            SolbookError: The network is switched off, the upstream cannot be reached or answers
                with an error, or the page is too large.
        """
        if not self.settings.network:
            raise SolbookError(
                f"{address} cannot be read: the network is switched off.",
                code="no_network",
                found="the setting network = false",
                expected="network = true",
                help="Give a saved page, or switch the network on.",
            )
        try:
            for attempt in stamina.retry_context(
                on=_wait_for, attempts=self.attempts, timeout=None, wait_jitter=0.5
            ):
                with attempt:
                    return self._fetch_once(address)
        except (httpx.HTTPError, httpx.InvalidURL, _PassingFault) as error:
            raise SolbookError(
                f"{address} could not be read.",
                code="upstream_failed",
                found=str(error) or type(error).__name__,
                expected="a page of the feed",
                help="Try again later, or give a saved page.",
            ) from error
        raise AssertionError("unreachable")  # pragma: no cover

    def _fetch_once(self, address: str) -> bytes:
        deadline = time.monotonic() + self.settings.timeout_s
        with self.client.stream("GET", address) as response:
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
                raise _Busy(response)
            if response.is_error:
                raise SolbookError(
                    f"{address} answered {response.status_code}.",
                    code="upstream_failed",
                    found=f"HTTP {response.status_code} {response.reason_phrase}",
                    expected="HTTP 200",
                    help="Check the address.",
                )
            return self._body(response, address, deadline)

    def _body(self, response: httpx.Response, address: str, deadline: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self.settings.max_page_bytes:
                raise page_too_large(address, f"more than {len(body):,} bytes", self.settings)
            # Each read has its own time-out; an answer in drips would pass them all.
            if time.monotonic() > deadline:
                raise _PassingFault(f"{len(body):,} bytes in {self.settings.timeout_s:g} s")
        return bytes(body)


class _Busy(_PassingFault):
    """An answer 429 or 5xx, with the wait it asks for."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"HTTP {response.status_code} {response.reason_phrase}")
        self.retry_after_s: float | None = None
        stated = response.headers.get("Retry-After", "")
        if stated.isdecimal():
            self.retry_after_s = min(float(stated), _LONGEST_RETRY_AFTER_S)


def _wait_for(error: Exception) -> bool | float:
    if isinstance(error, _Busy) and error.retry_after_s is not None:
        return error.retry_after_s
    return isinstance(error, httpx.TransportError | httpx.DecodingError | _PassingFault)
