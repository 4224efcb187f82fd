"""Ids that stand in a text as they are: frames, releases, tubes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from solbook.missions import MISSIONS, samples
from solbook.records.frame import frame_id, product_and_version
from solbook.records.mentions.mention import Mention
from solbook.records.mentions.reading import Reading
from solbook.records.product_id import parse_product_id, stem_of

# The longest id has 54 letters; with prefix and endings it is not near 100.
_FRAME = re.compile(r"[A-Za-z0-9_#]{23,100}")
_RELEASE = re.compile(r"(?<![a-z0-9])(?:pia[0-9]{5}(?![0-9a-z])|rehearsal-r[0-9]{4,6}(?![0-9a-z]))")
_TUBE = re.compile(r"(?<![a-z0-9])(?:m2020|rehearsal)-[0-9]{1,4}-[0-9]{1,3}(?![0-9a-z])")


def find_frames(reading: Reading, *, is_rehearsal: bool) -> Iterator[Mention]:
    """Product ids, with or without version, extension and size.

    Args:
        reading: The text.
        is_rehearsal: Whether ids that look like those of Mars 2020 are the rehearsal's.
    """
    end = 0
    for run in _FRAME.finditer(reading.plain):
        follows, end = run.start() == end > 0, run.end()
        if follows:
            continue  # the rest of a run that is too long
        stem = stem_of(run[0])
        product = parse_product_id(stem)
        if product is None:
            continue
        mission = "rehearsal" if is_rehearsal and product.mission == "m2020" else product.mission
        start = run.start() + run[0].index(stem)
        target = frame_id(mission, product_and_version(product, stem)[0])
        yield reading.mention("frame", target, start, start + len(stem))


def find_releases(reading: Reading) -> Iterator[Mention]:
    """Numbers of the Planetary Photojournal, and ids of the rehearsal's releases."""
    for number in _RELEASE.finditer(reading.folded):
        yield reading.mention("release", number[0].upper(), number.start(), number.end())


def find_tubes(reading: Reading) -> Iterator[Mention]:
    """Designations of sample tubes, for example `M2020-164-2`."""
    for tube in _TUBE.finditer(reading.folded):
        target = _tubes().get(tube[0].upper())
        if target is not None:
            yield reading.mention("sample", target, tube.start(), tube.end())


@cache
def _tubes() -> dict[str, str]:
    return {
        sample.designation: f"{sample.mission}/{sample.id}"
        for mission in MISSIONS
        for sample in samples(mission)
        if sample.designation
    }
