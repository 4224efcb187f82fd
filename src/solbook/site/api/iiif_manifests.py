"""Building manifests and collections of the IIIF Presentation API 3.0.

The library `iiif-prezi3` checks each against the API's schema before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from solbook.clock import format_utc
from solbook.site import words
from solbook.site.presented import Facts, PresentedPicture
from solbook.site.sheets import Placed, Sheet

Json = dict[str, Any]

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
MEDIA_TYPE = f'application/ld+json;profile="{CONTEXT}"'

_THUMBNAIL_PX = 320
# Of the picture that says why there is none, and of a canvas whose picture has no known size.
_STAND_IN_PX = (640, 480)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a manifest or a collection says of itself.

    Attributes:
        path: Its own path.
        label: What it is called.
        summary: What it shows, in a sentence or two.
        page: Path of the page for people.
        twins: Paths of Solbook's JSON that say the same.
        facts: What is known of it.
        part_of: Path and name of the collection it stands in.
    """

    path: str
    label: str
    summary: str
    page: str
    twins: tuple[str, ...] = ()
    facts: Facts = ()
    part_of: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A manifest or collection in a collection."""

    kind: str
    path: str
    label: str


def manifest(base: str, about: About, sheets: Sequence[Sheet]) -> bytes:
    """A manifest.

    Args:
        base: Scheme and host of this site.
        about: What it says of itself.
        sheets: What each of its canvases shows; one at least.
    """
    pictures = [placed.picture for sheet in sheets for placed in sheet.placed]
    one = len(pictures) == 1
    rights = {picture.rights for picture in pictures}
    first = next((picture for picture in pictures if picture.is_here), pictures[0])
    made = _head(base, "Manifest", about) | {
        "requiredStatement": _credit(picture.credit for picture in pictures),
        "behavior": ["individuals"],
        "thumbnail": [_thumbnail(base, first)],
        "items": [_canvas(base, about.path, sheet, alone=one) for sheet in sheets],
    }
    if len(rights) == 1:
        made |= _rights(first)
    return _checked(made | _date(first))


def collection(base: str, about: About, entries: Iterable[Entry]) -> bytes:
    """A collection; what it lists is named, not contained."""
    items = [
        {"id": base + entry.path, "type": entry.kind, "label": _text(entry.label)}
        for entry in entries
    ]
    return _checked(_head(base, "Collection", about) | {"items": items})


def _head(base: str, kind: str, about: About) -> Json:
    made: Json = {
        "id": base + about.path,
        "type": kind,
        "label": _text(about.label),
        "summary": _text(_not_markup(about.summary)),
        "provider": [_provider(base)],
        "homepage": [_homepage(base, about.page, about.label)],
    }
    if about.facts:
        made["metadata"] = _metadata(about.facts)
    if about.twins:
        made["seeAlso"] = [_twin(base, path) for path in about.twins]
    if about.part_of:
        path, label = about.part_of
        made["partOf"] = [{"id": base + path, "type": "Collection", "label": _text(label)}]
    return made


def _canvas(base: str, manifest_path: str, sheet: Sheet, *, alone: bool) -> Json:
    """A canvas; the only one of a manifest does not repeat what the manifest says."""
    first = sheet.placed[0].picture
    identity = f"{base}{manifest_path.partition('?')[0]}/canvas/{first.image_id}"
    width, height = sheet.size_px or _STAND_IN_PX
    tiles = len(sheet.placed)
    part = words.counted(tiles, "tile") if tiles > 1 else first.part
    label = first.label if alone else ", ".join(filter(None, (first.taken_by, part)))
    made: Json = {
        "id": identity,
        "type": "Canvas",
        "label": _text(label),
        "width": width,
        "height": height,
        "thumbnail": [_thumbnail(base, first)],
        "items": [
            {
                "id": f"{identity}/page",
                "type": "AnnotationPage",
                "items": [_painting(base, identity, placed, sheet) for placed in sheet.placed],
            }
        ],
    }
    if sheet.size_px is None and first.is_here:
        note = "The source states no size, so this one is a guess until the file is stored here."
        made["summary"] = _text(note)
    if alone:
        return made
    pictures = [placed.picture for placed in sheet.placed]
    made |= {
        "metadata": _metadata(_shared_facts(pictures)),
        "requiredStatement": _credit(picture.credit for picture in pictures),
        "homepage": [_homepage(base, picture.page, picture.label) for picture in pictures],
        "seeAlso": [_twin(base, picture.twin) for picture in pictures],
    }
    return made | _rights(first) | _date(first)


def _shared_facts(pictures: Sequence[PresentedPicture]) -> Facts:
    """What is true of every one of some pictures."""
    others = [set(picture.facts) for picture in pictures[1:]]
    return tuple(fact for fact in pictures[0].facts if all(fact in other for other in others))


def _painting(base: str, canvas: str, placed: Placed, sheet: Sheet) -> Json:
    picture = placed.picture
    target = canvas
    if len(sheet.placed) > 1:
        width, height = picture.size_px or _STAND_IN_PX
        target = f"{canvas}#xywh={placed.x_px},{placed.y_px},{width},{height}"
    return {
        "id": f"{canvas}/painting/{picture.image_id}",
        "type": "Annotation",
        "motivation": "painting",
        "body": _image(base, picture),
        "target": target,
    }


def _image(base: str, picture: PresentedPicture) -> Json:
    """The picture itself; where there is none, the picture that says why."""
    if not picture.is_here:
        return _stand_in(base, picture)
    made: Json = {
        "id": f"{base}/iiif/3/{picture.image_id}/full/max/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "service": [_service(base, picture)],
    }
    if picture.size_px:
        made["width"], made["height"] = picture.size_px
    return made


def _thumbnail(base: str, picture: PresentedPicture) -> Json:
    if not picture.is_here:
        return _stand_in(base, picture)
    made: Json = {"type": "Image", "format": "image/jpeg", "service": [_service(base, picture)]}
    # Without a size of its own a picture's thumbnail can be any not larger than it.
    size = f"!{_THUMBNAIL_PX},{_THUMBNAIL_PX}"
    if picture.size_px:
        width, height = picture.size_px
        shrunk = min(1.0, _THUMBNAIL_PX / max(width, height))
        made["width"] = max(round(width * shrunk), 1)
        made["height"] = max(round(height * shrunk), 1)
        size = f"{made['width']},{made['height']}"
    return {"id": f"{base}/iiif/3/{picture.image_id}/full/{size}/0/default.jpg"} | made


def _stand_in(base: str, picture: PresentedPicture) -> Json:
    width, height = _STAND_IN_PX
    return {
        "id": base + picture.stand_in,
        "type": "Image",
        "format": "image/svg+xml",
        "width": width,
        "height": height,
    }


def _service(base: str, picture: PresentedPicture) -> Json:
    return {
        "id": f"{base}/iiif/3/{picture.image_id}",
        "type": "ImageService3",
        "profile": "level2",
    }


def _credit(credits_given: Iterable[str]) -> Json:
    each = "; ".join(dict.fromkeys(credits_given))
    return {"label": _text("Credit"), "value": _text(_not_markup(each))}


def _rights(picture: PresentedPicture) -> Json:
    return {"rights": picture.rights} if picture.rights else {}


def _date(picture: PresentedPicture) -> Json:
    return {} if picture.taken_ns is None else {"navDate": format_utc(picture.taken_ns, 0)}


def _metadata(facts: Facts) -> list[Json]:
    return [{"label": _text(name), "value": _text(_not_markup(value))} for name, value in facts]


def _provider(base: str) -> Json:
    about = f"{base}/about"
    home = _homepage(base, "/about", "About this archive")
    return {"id": about, "type": "Agent", "label": _text("Solbook"), "homepage": [home]}


def _homepage(base: str, path: str, label: str) -> Json:
    return {
        "id": base + path,
        "type": "Text",
        "label": _text(label),
        "format": "text/html",
        "language": ["en"],
    }


def _twin(base: str, path: str) -> Json:
    return {
        "id": base + path,
        "type": "Dataset",
        "label": _text("The same in Solbook's JSON"),
        "format": "application/json",
        "profile": f"{base}/api/openapi.json",
    }


def _text(spoken: str) -> Json:
    return {"en": [spoken]}


def _not_markup(spoken: str) -> str:
    """Words that no viewer takes for HTML: it would be what begins with `<` and ends with `>`."""
    return f"{spoken} " if spoken.startswith("<") and spoken.endswith(">") else spoken


def _checked(made: Json) -> bytes:
    # It takes longer to import than a page to make, and most processes never need it.
    from iiif_prezi3 import Collection, Manifest  # noqa: PLC0415

    body = orjson.dumps(made)
    (Manifest if made["type"] == "Manifest" else Collection).model_validate_json(body)
    return orjson.dumps({"@context": CONTEXT} | made)
