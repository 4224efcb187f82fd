"""What a release shows: found in its words and ids, and in what its source states."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from solbook.records.release import Release


class Link(msgspec.Struct, frozen=True):
    """A link from a release to something it shows or speaks of.

    Attributes:
        kind: What it leads to: `mission`, `sol`, `date`, `place`, `flight`, `sample`, `event`,
            `instrument`, `frame` or `release`.
        target: Which, for example `m2020/257`.
        words: The words that made it, as they stand there.
        field: Where they stand: `missions`, `id`, `title`, `caption`, `body`, `keywords` or
            `location`.
    """

    kind: str
    target: str
    words: str
    field: str


def links_of_release(release: Release) -> Iterator[Link]:
    """The links of a release, the surest first."""
    for mission in release.missions:
        yield Link("mission", mission, mission, "missions")
