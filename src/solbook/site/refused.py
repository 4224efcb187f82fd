"""Requests that are understood and not served: by whom, from where, or how often they are sent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request

from solbook.errors import SolbookError

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Refused(SolbookError):
    """An error whose answer has headers of its own.

    Args:
        message: What is wrong.
        code: `forbidden` or `too_many`.
        found: What was there.
        expected: What should have been there.
        help: What to do about it.
        headers: Headers of the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        found: str = "",
        expected: str = "",
        help: str = "",  # noqa: A002  (the field's public name in every answer)
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, code=code, found=found, expected=expected, help=help)
        self.headers = dict(headers or {})


def too_many(what: str, expected: str, wait_s: float) -> Refused:
    """The refusal of a network that has done something too often.

    Args:
        what: What it did, in the plural.
        expected: How often it may.
        wait_s: When it may again.
    """
    seconds = math.ceil(wait_s)
    return Refused(
        f"Too many {what} from your network.",
        code="too_many",
        found="as many as are taken from one network, yours and your neighbours'",
        expected=expected,
        help=f"Wait {seconds:,} s and try again.",
        headers={"Retry-After": str(seconds)},
    )


def require_own_origin(request: Request) -> None:
    """Make sure that a page of this site sent a form, not one of another site.

    Browsers say where a form comes from in `Origin` and, over TLS, in `Sec-Fetch-Site`; no page can
    change either. One of them has to be there, and both have to fit. Only the host of `Origin` is
    compared, because a proxy may have taken the TLS off.

    Raises:
        Refused: It did not.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    fits = (origin is None or _is_own(request, origin)) and site in (None, "same-origin")
    if not fits or (origin is None and site is None):
        stated = origin if origin is not None else site
        raise Refused(
            "This form was not sent by a page of this site.",
            code="forbidden",
            found=f"a form from {stated[:120]}" if stated else "neither Origin nor Sec-Fetch-Site",
            expected=f"Origin: {request.url.scheme}://{request.url.netloc}",
            help="Open the image on this site and use its heart.",
        )


def is_secure(request: Request) -> bool:
    """Whether the browser reaches the site over TLS, also where a proxy takes it off.

    Only for requests whose origin is this site's.
    """
    return "https" in (request.url.scheme, urlsplit(request.headers.get("Origin", "")).scheme)


def _is_own(request: Request, origin: str) -> bool:
    try:
        stated = urlsplit(origin)
    except ValueError:
        return False
    host = stated.netloc.lower()
    asked = request.url.netloc.lower()
    port = _DEFAULT_PORTS.get(stated.scheme)
    return port is not None and host.removesuffix(port) == asked.removesuffix(port)
