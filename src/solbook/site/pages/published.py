"""What was published of a frame, a sol or a mission: releases and stories that are linked to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request

from solbook.archive.links import items_linked_to
from solbook.archive.releases import ReleaseRow, releases_by_key
from solbook.site.pages import links
from solbook.site.pages.cards import Card, Picture
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.pages.releases import Story, told
from solbook.site.targets import target_label

_MOST = 12


@dataclass(frozen=True, slots=True)
class Published:
    """Releases as cards, stories as a list, where all of them are, and the ids of those shown."""

    cards: list[Card]
    stories: list[tuple[Story, Picture | None]]
    all_href: str
    ids: frozenset[str]


def published_of(
    request: Request, connection: sa.Connection, targets: Sequence[tuple[str, str]]
) -> Published:
    """What is linked to some targets, each with the reason.

    Args:
        request: The request.
        connection: The page's connection.
        targets: Kinds and targets, the nearest first; the last is that of the list of all.
    """
    why: dict[int, str] = {}
    for kind, target in targets:
        said = "shows this frame" if kind == "frame" else f"about {target_label(kind, target)}"
        # On a page about one thing nothing has to say that it is about it.
        said = said if len(targets) > 1 else ""
        for key in items_linked_to(connection, kind, target, limit=_MOST):
            why.setdefault(key, said)
    found = releases_by_key(connection, list(why)[:_MOST]) if why else {}
    shown = [found[key] for key in why if key in found]
    maker = ReleaseCards(request, connection, shown)

    def reason(release: ReleaseRow) -> str:
        return why[release.key]

    kind, target = targets[-1]
    return Published(
        maker.cards([r for r in shown if r.kind == "release"], reason),
        told([r for r in shown if r.kind == "article"], maker, reason),
        links.with_query("/images", about=f"{kind}:{target}") if shown else "",
        frozenset(release.id for release in shown),
    )
