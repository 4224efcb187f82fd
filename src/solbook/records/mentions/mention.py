"""A link that a text makes, with the words that make it."""

from __future__ import annotations

from typing import Literal

import msgspec

LinkKind = Literal[
    "mission",
    "instrument",
    "frame",
    "release",
    "sol",
    "date",
    "flight",
    "place",
    "sample",
    "event",
]


class Mention(msgspec.Struct, frozen=True, gc=False):
    """Something that a text speaks of.

    | kind | target |
    |---|---|
    | `mission` | `m2020` |
    | `instrument` | `m2020/Navcam`, a group of cameras; `m2020/NAVCAM_LEFT` if one is named |
    | `frame` | `m2020/NLF_0257_…`, without its version |
    | `release` | `PIA24546` |
    | `sol` | `m2020/257` |
    | `date` | `2021-11-09` |
    | `flight` | `m2020/13` |
    | `place`, `sample`, `event` | `m2020/wright-brothers-field`: mission and id |

    Attributes:
        kind: What sort of thing it is.
        target: Which one.
        words: The words as they stand in the text; of a range such as "sols 4-6" each member has
            all of it.
        start: Where they begin in the text.
        end: Where they end: `words == text[start:end]`.
    """

    kind: LinkKind
    target: str
    words: str
    start: int
    end: int
