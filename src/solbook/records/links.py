"""What a release shows: found in its words and ids, and in what its source states."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

import msgspec

from solbook.records.mentions import LinkKind, find_mentions, missions_in_keywords
from solbook.records.release import Release

_TAG = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre)>|<br ?/?>")


class Link(msgspec.Struct, frozen=True):
    """A link from a release to something it shows or speaks of.

    Attributes:
        kind: What it leads to.
        target: Which, for example `m2020/257`.
        words: The words that made it, as they stand there.
        field: Where they stand: `missions` (the source states it), `title`, `caption`, `body` or
            `keywords`.
    """

    kind: LinkKind
    target: str
    words: str
    field: str


def links_of_release(release: Release) -> list[Link]:
    """The links of a release, one for each thing it leads to; the surest words count."""
    found: dict[tuple[str, str], Link] = {}
    for link in _all_links(release):
        if (link.kind, link.target) != ("release", release.upstream_id):
            found.setdefault((link.kind, link.target), link)
    return list(found.values())


def _all_links(release: Release) -> Iterator[Link]:
    for mission in release.missions:
        yield Link("mission", mission, mission, "missions")
    keywords = "\n".join(release.keywords)
    context = list(dict.fromkeys((*release.missions, *missions_in_keywords(release.keywords))))
    # The title is the first line of what is said: names in it hold for the rest.
    words = f"{release.title}\n\n{release.caption or ''}"
    yield from _links_in(words, "caption", context)
    if release.body:
        text = html.unescape(_TAG.sub("", _BLOCK.sub("\n\n", release.body)))
        yield from _links_in(f"{release.title}\n\n{text}", "body", context)
    yield from _links_in(keywords, "keywords", context, titled=False)


def _links_in(
    text: str, field: str, missions: Sequence[str], *, titled: bool = True
) -> Iterator[Link]:
    title_ends = text.find("\n\n") if titled else 0
    for mention in find_mentions(text, missions=missions):
        where = "title" if mention.start < title_ends else field
        yield Link(mention.kind, mention.target, mention.words, where)
