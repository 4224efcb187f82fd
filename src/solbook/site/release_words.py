"""What a release is called, when it was published, whom to credit, what it shows."""

from __future__ import annotations

from solbook.archive.releases import ReleaseRow
from solbook.records import SIMULATED_WORD, credits_simulation
from solbook.site import words

UNKNOWN_CREDIT = "not stated by the source"

_TYPE_NAMES = {
    "photo": "Photo",
    "mosaic": "Mosaic",
    "illustration": "Illustration",
    "animation": "Animation",
    "video": "Video",
    "map": "Map",
    "chart": "Chart",
    "audio": "Audio",
    "article": "Story",
}
_TYPE_PLURALS = {"chart": "Charts and diagrams", "article": "Stories", "audio": "Audio"}

# What no camera took is marked wherever it is shown.
_MADE = frozenset({"illustration", "animation"})
_DAY, _MONTH = len("2021-02-18"), len("2021-02")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def type_name(media_type: str) -> str:
    """What a type is called on pages: `Illustration`."""
    return _TYPE_NAMES.get(media_type, media_type)


def type_plural(media_type: str) -> str:
    """Several of a type: `Illustrations`."""
    return _TYPE_PLURALS.get(media_type, f"{type_name(media_type)}s")


def is_made(release: ReleaseRow) -> bool:
    """Whether no camera took it."""
    return release.media_type in _MADE


def release_date(release: ReleaseRow) -> str:
    """When it was published, as precisely as its source says; empty where it does not."""
    stated = release.dated
    if stated is None or release.dated_ns is None:
        return ""
    if len(stated) >= _DAY:
        return words.utc_day(release.dated_ns)
    if len(stated) == _MONTH:
        return f"{_MONTHS[int(stated[5:]) - 1]} {stated[:4]}"
    return stated


def release_credit(release: ReleaseRow) -> str:
    """Whom to credit."""
    return release.credit or UNKNOWN_CREDIT


def credit_note(release: ReleaseRow) -> str:
    """Where the credit was found, if no field of the source states it."""
    if release.credit_source == "caption":
        return "as its caption says"
    if release.credit_source == "centre":
        return "who published it; the source names nobody else"
    return ""


def release_simulated(release: ReleaseRow) -> bool:
    """Whether Solbook computed it."""
    return credits_simulation(release.credit or "") or SIMULATED_WORD in release.title.lower()


def release_alt(release: ReleaseRow) -> str:
    """What it shows, for those who do not see it: as its source says, else type and title."""
    if release.alt and release.alt != release.title:
        return release.alt
    return f"{type_name(release.media_type)}: {release.title}"
