"""What a caption or a story speaks of: missions, cameras, frames, sols, days, places, and more.

    >>> from solbook.records import find_mentions
    >>> text = "Ingenuity's shadow on sol 61, April 22, 2021, at Wright Brothers Field"
    >>> for mention in find_mentions(text):
    ...     print(mention.kind, mention.target, "|", mention.words)
    mission m2020 | Ingenuity
    sol m2020/61 | sol 61
    date 2021-04-22 | April 22, 2021
    place m2020/wright-brothers-field | Wright Brothers Field

It would rather miss a link than make a wrong one: a sol or a camera whose mission is not clear is
none, nor is a name that also means something else, unless its mission stands beside it. That
something is denied ("no frame of sol 14") does not matter: the text speaks of it.

The work is linear in the length of the text, whatever the text is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from solbook.missions import MISSIONS, real_missions
from solbook.records.mentions.cameras import camera_signs, find_cameras
from solbook.records.mentions.counted import find_flights, find_sols
from solbook.records.mentions.crafts import find_crafts, find_helicopters, missions_in_keywords
from solbook.records.mentions.dates import find_dates
from solbook.records.mentions.happenings import find_happenings
from solbook.records.mentions.mention import LinkKind, Mention
from solbook.records.mentions.named import find_named, find_names, name_signs
from solbook.records.mentions.products import find_frames, find_releases, find_tubes
from solbook.records.mentions.reading import Reading
from solbook.records.mentions.whose import Sign, Whose

__all__ = ["LinkKind", "Mention", "find_mentions", "missions_in_keywords"]

_REHEARSAL = "rehearsal"
_REAL = tuple(mission.id for mission in real_missions())


def find_mentions(text: str, *, missions: Sequence[str] = ()) -> list[Mention]:
    """Find what a text speaks of.

    Args:
        text: A title, a caption or the body of a story; of title and caption together, the title
            as the first line.
        missions: Ids of missions the text is known to be about, from its keywords or its sheet;
            ids that are unknown are passed over.

    Returns:
        The mentions in the order of the text, each place in it. One thing may be mentioned often,
        and one phrase may mention several things.
    """
    reading = Reading(text)
    known = [mission for mission in missions if mission in MISSIONS]
    names = find_names(reading)
    crafts = find_crafts(reading, known, name_signs(names))
    is_rehearsal = _is_rehearsal(known, crafts)
    if is_rehearsal:
        known = [_REHEARSAL]
        crafts = [sign for sign in crafts if sign.mission == _REHEARSAL]
    among = frozenset(known if is_rehearsal else [*known, *_REAL])
    names = [found for found in names if found.name.mission in among]
    frames = list(find_frames(reading, is_rehearsal=is_rehearsal))
    signs = [
        *crafts,
        *find_helicopters(reading, _REHEARSAL if is_rehearsal else "m2020"),
        *_frame_signs(frames),
        *name_signs(names),
        *camera_signs(reading, among),
    ]
    whose = Whose(reading, signs, known)
    found = [
        *_craft_mentions(reading, crafts),
        *frames,
        *find_releases(reading),
        *find_tubes(reading),
        *find_dates(reading),
        *find_named(reading, whose, names),
        *find_cameras(reading, whose, among),
        *find_sols(reading, whose),
        *find_flights(reading, whose),
        *find_happenings(reading, whose),
    ]
    return _in_order(found)


def _is_rehearsal(known: Sequence[str], crafts: Iterable[Sign]) -> bool:
    """Whether all of a text is about the rehearsal: then nothing of it is about a real mission."""
    if set(known) - {_REHEARSAL}:
        return False
    return _REHEARSAL in known or any(sign.mission == _REHEARSAL for sign in crafts)


def _craft_mentions(reading: Reading, crafts: list[Sign]) -> Iterator[Mention]:
    for sign in crafts:
        if sign.mission in MISSIONS:
            yield reading.mention("mission", sign.mission, sign.start, sign.end)


def _frame_signs(frames: list[Mention]) -> Iterator[Sign]:
    for frame in frames:
        mission = frame.target.partition("/")[0]
        yield Sign(frame.start, frame.end, mission, is_name=False)


def _in_order(found: list[Mention]) -> list[Mention]:
    """By place, each once; no landing within the name of a place, nor two links of a kind."""
    edges = {
        at
        for mention in found
        if mention.kind in {"place", "frame"}
        for at in (mention.start, mention.end)
    }
    kept = {
        (mention.start, mention.end, mention.kind, mention.target): mention
        for mention in found
        if mention.kind != "event" or mention.end not in edges
    }
    return [kept[key] for key in sorted(kept)]
