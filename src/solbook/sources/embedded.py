"""Captions that picture files carry themselves: XMP, IPTC and EXIF."""

from __future__ import annotations

import struct
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

# IPTC-NAA, records of the application: https://iptc.org/standards/iim/
_IPTC = {
    (2, 5): "title",
    (2, 120): "caption",
    (2, 110): "credit",
    (2, 80): "creator",
    (2, 55): "date",
    (2, 25): "keywords",
}
# EXIF 2.32, tags of the first directory and of its own.
_EXIF_DIRECTORY = 0x8769
_EXIF = {0x010E: "caption", 0x013B: "creator", 0x8298: "copyright"}
_EXIF_TAKEN, _EXIF_OFFSET = 0x9003, 0x9011
# Names of XMP, as Pillow gives them, the best first.
_XMP = {
    "title": ("title", "Headline"),
    "caption": ("description",),
    "credit": ("Credit",),
    "creator": ("creator",),
    "copyright": ("rights",),
    "date": ("DateCreated", "CreateDate", "date"),
    "keywords": ("subject",),
}
_LISTS = ("Alt", "Seq", "Bag", "li")

# What Pillow and the parsers under it raise over damaged files; XML's own errors are among these.
_DAMAGED = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    ArithmeticError,
    RecursionError,
    struct.error,
)


class Embedded(msgspec.Struct):
    """What a picture's file says of the picture.

    Attributes:
        title: Its title.
        caption: What it shows.
        credit: Whom to credit: the credit line, else the creator, else who has the rights.
        date: When it was made, as the file writes it.
        keywords: Its keywords.
    """

    title: str = ""
    caption: str = ""
    credit: str = ""
    date: str = ""
    keywords: tuple[str, ...] = ()


def embedded(path: Path) -> Embedded:
    """What a picture's file says; nothing where it cannot be read or says nothing."""
    # Commands that read no folders load none of it.
    from PIL import Image  # noqa: PLC0415

    found: dict[str, list[str]] = {}
    with warnings.catch_warnings(), suppress(*_DAMAGED, Image.DecompressionBombError):
        # Of what is wrong with a picture the archive speaks when it stores it.
        warnings.simplefilter("ignore")
        with Image.open(path) as image:
            for read in (_xmp, _iptc, _exif):
                # What one of them cannot read, another may.
                with suppress(*_DAMAGED):
                    for name, texts in read(image).items():
                        found.setdefault(name, texts)
    first = {name: texts[0] for name, texts in found.items() if texts}
    credit = next((first[n] for n in ("credit", "creator", "copyright") if n in first), "")
    return Embedded(
        title=first.get("title", ""),
        caption=first.get("caption", ""),
        credit=credit,
        date=first.get("date", ""),
        keywords=tuple(found.get("keywords", ())),
    )


def _xmp(image: Any) -> dict[str, list[str]]:
    packet = image.getxmp().get("xmpmeta", {}).get("RDF", {}).get("Description", {})
    said: dict[str, Any] = {}
    for part in packet if isinstance(packet, list) else [packet]:
        said |= part if isinstance(part, dict) else {}
    return {
        name: texts
        for name, keys in _XMP.items()
        if (texts := next((t for key in keys if (t := _texts(said.get(key)))), None))
    }


def _texts(value: Any) -> list[str]:
    """The texts of a value of XMP, which may be one, or a list in one of three kinds."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, dict):
        return _texts(value.get("text")) or [
            text for key in _LISTS for text in _texts(value.get(key))
        ]
    return []


def _iptc(image: Any) -> dict[str, list[str]]:
    from PIL import IptcImagePlugin  # noqa: PLC0415 - see embedded()

    found: dict[str, list[str]] = {}
    said: dict[Any, Any] = IptcImagePlugin.getiptcinfo(image) or {}
    for key, value in said.items():
        name = _IPTC.get(key)
        if name is not None:
            values = value if isinstance(value, list) else [value]
            found[name] = [text for each in values if (text := _decoded(each))]
    if "date" in found:
        found["date"] = [_dashed(text) for text in found["date"]]
    return found


def _dashed(date: str) -> str:
    """`20210218` as `2021-02-18`."""
    is_packed = len(date) == len("20210218") and date.isdecimal()
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if is_packed else date


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace").strip()


def _exif(image: Any) -> dict[str, list[str]]:
    exif = image.getexif()
    found = {
        name: [str(exif[tag]).strip("\0 ")] for tag, name in _EXIF.items() if str(exif.get(tag, ""))
    }
    own = exif.get_ifd(_EXIF_DIRECTORY)
    if _EXIF_TAKEN in own:
        found["date"] = [f"{own[_EXIF_TAKEN]}{own.get(_EXIF_OFFSET, '')}".strip("\0 ")]
    return {name: texts for name, texts in found.items() if texts[0]}
