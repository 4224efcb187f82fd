"""What a release is, beyond image and video: told from its title, keywords and caption.

NASA's library has three types only. What no camera took must not pass for a photograph, so that
it is one is believed only where nothing says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from solbook.records import MediaType

_ILLUSTRATION = re.compile(
    r"""\b(?:
        artist(?:'s|s'|s|\ \N{RIGHT SINGLE QUOTATION MARK}s)?\s+
            (?:concept|conception|impression|rendering|rendition|depiction|view|illustration|portrayal|interpretation)s?
        | (?:this|an|the|is|are|in\ this|picture\ is\ an?)\s+(?:\w+\s+)?illustration
        | illustrations?\s+(?:of|shows?|depicts?|made)
        | computer[-\ ]generated\s+(?:image|view|scene|picture)
        | (?:concept|conceptual)\s+(?:art|artwork|drawing|image)
        | artwork | rendering\s+of | depiction\s+of
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ILLUSTRATION_TITLE = re.compile(
    r"\b(?:illustration|artist|artwork|poster|infographic|rendering|concept\s+art)s?\b"
    r"|\((?:artist'?s?\s+)?concept\)",
    re.IGNORECASE,
)
_ANIMATION = re.compile(
    r"\b(?:(?:this|an|the)\s+(?:\w+\s+)?animation|computer\s+(?:animation|simulation)"
    r"|animated\s+(?:gif|image|sequence|view|video)|animation\s+(?:of|shows?|depicts?|made))\b",
    re.IGNORECASE,
)
_ANIMATION_TITLE = re.compile(r"\banimat(?:ion|ed)\b", re.IGNORECASE)
_MAP_TITLE = re.compile(
    r"\b(?:(?:traverse|route|geologic(?:al)?|topographic|elevation|location|global|context|road)\s+"
    r"maps?|maps?\s+(?:of|showing|with)|landing\s+ellipses?)\b|\bmap$|^map\b",
    re.IGNORECASE,
)
_MAP = re.compile(
    r"\b(?:this|the)\s+(?:\w+\s+)?map\s+(?:shows?|indicates?|depicts?|traces?)", re.IGNORECASE
)
_CHART_TITLE = re.compile(
    r"\b(?:charts?|graphs?|graphic|diagrams?|plots?|spectr(?:um|a)|timeline|histogram)\b",
    re.IGNORECASE,
)
_CHART = re.compile(
    r"\bthis\s+(?:\w+\s+)?(?:chart|graph|diagram|plot|graphic)\s+"
    r"(?:shows?|compares?|depicts?|indicates?|presents?)",
    re.IGNORECASE,
)
_MOSAIC_TITLE = re.compile(r"\b(?:mosaics?|panoramas?|panoramic)\b", re.IGNORECASE)
_MOSAIC = re.compile(
    r"""\b(?:
        (?:this|the\ first|the\ full)\s+(?:[\w-]+\s+){0,3}(?:mosaic|panorama)
        | (?:mosaic|panorama)\s+(?:is|was|shows?|combines|consists|includes|from|taken|made
            |composed|acquired|captured|assembled)
        | (?:stitched|put|pieced|taped)\s+together
        | (?:composed|made|built|assembled)\s+(?:up\s+)?(?:of|from)\s+[\w,]+\s+
            (?:individual\s+|separate\s+)?(?:images|frames|pictures|photos)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def picture_type(title: str, caption: str, keywords: Iterable[str] = ()) -> MediaType:
    """What a still picture is.

    Args:
        title: Its title.
        caption: Its caption.
        keywords: Its keywords.
    """
    named = " ; ".join((title, *keywords))
    if _ILLUSTRATION_TITLE.search(named) or _ILLUSTRATION.search(caption):
        return "illustration"
    if _MAP_TITLE.search(title) or _MAP.search(caption) or _is_keyword("map", keywords):
        return "map"
    if _CHART_TITLE.search(title) or _CHART.search(caption):
        return "chart"
    if _MOSAIC_TITLE.search(named) or _MOSAIC.search(caption):
        return "mosaic"
    return "photo"


def moving_type(title: str, caption: str, keywords: Iterable[str] = ()) -> MediaType:
    """What a film is: a video, or an animation, which no camera took."""
    named = " ; ".join((title, *keywords))
    if _ANIMATION_TITLE.search(named) or _ANIMATION.search(caption):
        return "animation"
    return "video"


def _is_keyword(word: str, keywords: Iterable[str]) -> bool:
    return any(keyword.strip().lower() == word for keyword in keywords)
