"""A page's bytes: what it is when it is not the JSON it should be, and what can be saved of it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from solbook.errors import SolbookError
from solbook.records import Rejected
from solbook.settings import Settings
from solbook.sources.fields import shorten

# A page that is not what it should be is kept in the quarantine, up to this much of it.
MAX_KEPT_BYTES = 4 * 2**20

_LISTS = ('"images"', '"items"', '"photos"', '"latest_photos"')


class PageError(Exception):
    """A page that cannot be read as a whole.

    Attributes:
        rejected: What could not be read; `None` where only single records are damaged.
        saved: The records before the damage.
    """

    def __init__(self, rejected: Rejected | None, saved: list[bytes] | None = None) -> None:
        super().__init__(rejected.reason if rejected else "damaged, but every record is whole")
        self.rejected = rejected
        self.saved = saved or []


def decode(body: bytes, kind: Any) -> Any:
    """Decode a page as JSON of a given type.

    Raises:
        PageError: It is empty, HTML, cut off, or JSON of another shape.
    """
    head = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise _page_error(body, "The page is empty.", "nothing", "JSON")
    if head[:1] == b"<":
        raise _page_error(body, "The page is HTML, not JSON.", text_of(head), "JSON")
    try:
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=kind)
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        raise _page_error(
            body, "The page's JSON has another shape.", f"{error}: {text_of(head)}", "a feed's page"
        ) from error
    except RecursionError as error:
        raise _page_error(
            body, "The page's JSON is nested too deeply.", text_of(head), "a feed's page"
        ) from error
    except msgspec.DecodeError as error:
        saved, tail = _whole_objects(body)
        if saved and not tail.strip(b"]} \t\r\n"):
            raise PageError(None, saved) from error
        reason = f"The page breaks off or is damaged after {len(saved)} whole records."
        raise PageError(
            Rejected(len(saved), reason, shorten(error), "a whole page", tail), saved
        ) from error


def error_message(text: Any) -> str | None:
    """The upstream's own complaint, when a page is one."""
    return None if text in (None, "") else shorten(text)


def text_of(body: bytes) -> str:
    """The beginning of some bytes as a message shows it."""
    return shorten(body[:512].decode("utf-8", "replace"))


def rejected_page(body: bytes, reason: str, found: str, expected: str) -> Rejected:
    """A whole page that could not be used, with as much of it as is kept."""
    return Rejected(-1, reason, found, expected, body[:MAX_KEPT_BYTES])


def page_too_large(origin: str, found: str, settings: Settings) -> SolbookError:
    """The error for a page beyond the limit."""
    return SolbookError(
        f"{origin} is too large for a page of a feed.",
        code="page_too_large",
        found=found,
        expected=f"at most {settings.max_page_bytes:,} bytes",
        help="If it is one, raise the setting max_page_bytes.",
    )


def _page_error(body: bytes, reason: str, found: str, expected: str) -> PageError:
    return PageError(rejected_page(body, reason, found, expected))


def _whole_objects(body: bytes) -> tuple[list[bytes], bytes]:
    """The whole objects of the first list of a damaged page, and the bytes after them.

    Where no record is whole, the page itself is what could not be read.
    """
    text = body.decode("utf-8", "replace")
    decoder = json.JSONDecoder()
    position = _first_object(text)
    saved: list[bytes] = []
    end = 0
    while position is not None:
        try:
            _, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        saved.append(text[position:end].encode())
        position = _next_object(text, end)
    return saved, text[end:].encode()[:MAX_KEPT_BYTES]


def _first_object(text: str) -> int | None:
    """The place of the first record: in the list a feed names, or in a page that is a bare list."""
    named = [at for name in _LISTS if (at := text.find(name)) >= 0]
    bracket = text.find("[", min(named, default=0))
    return _next_object(text, bracket + 1) if bracket >= 0 else None


def _next_object(text: str, start: int) -> int | None:
    for position in range(start, len(text)):
        if text[position] == "{":
            return position
        if text[position] not in ", \t\r\n":
            return None
    return None
