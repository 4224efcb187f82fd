"""Words of upstreams: HTML made plain or harmless, and what must not reach a page taken out."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

# Letters that are not seen: control characters, and those that turn the order of others about.
_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# A `<` that begins one of these is markup; any other is a less-than sign.
_MARKUP = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|br|center|cite|code|dd|div|dl|dt|em|figcaption|figure|font"
    r"|h[1-6]|hr|i|iframe|img|li|link|object|ol|p|pre|q|s|script|section|small|span|strong|style"
    r"|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|video)\b[^<>]*>|<!--",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article|dd|dt)\b[^<>]*>",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\u00a0]+")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")

_KEPT_TAGS = frozenset(
    {
        *("p", "br", "em", "strong", "b", "i", "u", "a", "ul", "ol", "li", "blockquote"),
        *("h2", "h3", "h4", "sub", "sup", "code", "pre", "cite", "q"),
    }
)
_EMPTIED_TAGS = frozenset({"script", "style", "iframe", "object", "svg", "math", "template"})
_LINK_SCHEMES = frozenset({"http", "https"})


def clean(text: str) -> str:
    """Text without letters that cannot be seen or that turn others about, in composed form (NFC).

    Lone surrogates, which no encoding can write, become U+FFFD.
    """
    return unicodedata.normalize("NFC", seen(_NEWLINES.sub("\n", text)))


def seen(text: str) -> str:
    """Text without letters that cannot be seen or that turn others about, else as it is."""
    if text.isprintable():
        return text
    return _UNSEEN.sub("", _SURROGATES.sub("\ufffd", text))


def is_markup(text: str) -> bool:
    """Whether a text is HTML, and not words with a less-than sign in them."""
    return _MARKUP.search(text) is not None


def plain_text(text: str) -> str:
    """Words without markup; paragraphs are apart by an empty line.

    Args:
        text: Plain text or HTML, as upstreams mix them.
    """
    text = clean(text)
    if is_markup(text):
        text = _BLOCK.sub("\n\n", _BREAK.sub("\n", text))
        # The cleaner writes `&` and `<` of the words as entities.
        text = html.unescape(_nh3().clean(text, tags=set(), clean_content_tags=_EMPTIED_TAGS))
    elif "&" in text:
        text = html.unescape(text)
    # What was an entity may be such a letter.
    return tidy(clean(text))


def one_line(text: str) -> str:
    """Words without markup and line breaks, for titles and names."""
    return " ".join(plain_text(text).split())


def tidy(text: str) -> str:
    """Plain text with single spaces, and paragraphs apart by one empty line."""
    paragraphs = _PARAGRAPHS.split(text.strip())
    lines = ("\n".join(_SPACES.sub(" ", x).strip() for x in p.split("\n")) for p in paragraphs)
    return "\n\n".join(line for line in lines if line)


def safe_html(text: str) -> str:
    """HTML of which nothing is left but words, paragraphs, lists and links to the web.

    Pictures are left out: they would be loaded from other hosts.
    """
    cleaned: str = _nh3().clean(
        clean(text),
        tags=_KEPT_TAGS,
        clean_content_tags=_EMPTIED_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_LINK_SCHEMES,
        link_rel="external noreferrer nofollow",
    )
    return cleaned.strip()


@cache
def _nh3():  # type: ignore[no-untyped-def]
    # Feeds of frames need none of it.
    import nh3  # noqa: PLC0415

    return nh3
