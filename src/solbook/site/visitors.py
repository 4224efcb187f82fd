"""Visitors: a random number in a signed cookie, and a keyed hash of it in the archive.

The cookie says nothing of anybody and is set when somebody first likes something. It is sent to
`/likes` only, so that no page can depend on it. What is kept is a keyed hash: who has the cookie
cannot be found by it, nor the cookie by who has a copy of the likes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import NamedTuple

from fastapi import Request, Response

from solbook.site.refused import Refused, is_secure

COOKIE = "visitor"
COOKIE_PATH = "/likes"

_ID_BYTES = 16
_MAC_BYTES = 16
_HASH_BYTES = 16
# As long as browsers keep a cookie at most; it begins anew with each like.
_KEPT_S = 400 * 86_400


class Visitor(NamedTuple):
    """A visitor.

    Attributes:
        cookie: The value of the cookie.
        hashed: What the archive knows him by.
    """

    cookie: str
    hashed: bytes


def new_visitor(secret: bytes) -> Visitor:
    """Somebody who has liked nothing yet."""
    identity = secrets.token_bytes(_ID_BYTES)
    signed = identity + _mac(secret, b"cookie", identity)[:_MAC_BYTES]
    return _visitor(secret, base64.urlsafe_b64encode(signed).decode().rstrip("="), identity)


def visitor_of(request: Request, secret: bytes) -> Visitor | None:
    """The visitor of a request; `None` if he has no cookie yet.

    Raises:
        Refused: The cookie is not one that this archive gave. The answer deletes it.
    """
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return None
    signed = _decoded(cookie)
    identity, mac = signed[:_ID_BYTES], signed[_ID_BYTES:]
    expected = _mac(secret, b"cookie", identity)[:_MAC_BYTES]
    if len(identity) != _ID_BYTES or not hmac.compare_digest(mac, expected):
        gone = Response()
        gone.delete_cookie(COOKIE, path=COOKIE_PATH)
        raise Refused(
            "This cookie is not one that this site gave.",
            code="forbidden",
            found=f"a cookie {COOKIE} with another signature",
            expected="a cookie as it was given, or none",
            help="It is deleted now: go back and like the image again.",
            headers={"Set-Cookie": gone.headers["Set-Cookie"]},
        )
    return _visitor(secret, cookie, identity)


def give_cookie(response: Response, request: Request, visitor: Visitor) -> None:
    """Let a visitor keep his cookie."""
    response.set_cookie(
        COOKIE,
        visitor.cookie,
        max_age=_KEPT_S,
        path=COOKIE_PATH,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def _visitor(secret: bytes, cookie: str, identity: bytes) -> Visitor:
    return Visitor(cookie, _mac(secret, b"visitor", identity)[:_HASH_BYTES])


def _mac(secret: bytes, use: bytes, identity: bytes) -> bytes:
    return hmac.digest(secret, use + b":" + identity, hashlib.sha256)


def _decoded(cookie: str) -> bytes:
    """The bytes of a cookie; none where it is not written as ours are."""
    try:
        decoded = base64.b64decode(cookie + "=" * (-len(cookie) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
    written = base64.urlsafe_b64encode(decoded).decode().rstrip("=")
    return decoded if written == cookie else b""
