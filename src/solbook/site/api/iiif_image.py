"""The IIIF Image API, versions 3.0 and 2.1, level 2: any part of a picture in any size and turn."""

from __future__ import annotations

import re
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from solbook.archive import Archive
from solbook.archive.files import sha256_of
from solbook.errors import SolbookError
from solbook.imaging import TILE_PX, NotAPicture
from solbook.jobs.enlarge import Original, PictureMaker
from solbook.site.api.answers import json_ld
from solbook.site.api.iiif_request import FORMATS, QUALITIES, Asked, Limits, Version, asked_for
from solbook.site.api.models import ErrorAnswer
from solbook.site.caching import FOR_AN_HOUR, is_known
from solbook.site.finding import base_address
from solbook.site.originals import Shown, ShownPictures, made_of
from solbook.site.pages import links
from solbook.site.state import archive, use_archive, use_maker, use_shown

router = APIRouter(tags=["IIIF Image API"])

_CONTEXT = "http://iiif.io/api/image/{version}/context.json"
_LEVEL = "http://iiif.io/api/image/{version}/level2.json"
_PROTOCOL = "http://iiif.io/api/image"
_PART = re.compile(r"/iiif/([23])/([^/]+)/([^/]+)/([^/]+)/([^/]+)/([^/]+)")
# Layers are offered down to about this many pixels along the longer side.
_LEAST_LAYER_PX = 128

# What of the standard is answered beyond level 2.
_FEATURES = (
    "canonicalLinkHeader",
    "mirroring",
    "profileLinkHeader",
    "regionSquare",
    "rotationArbitrary",
    "sizeUpscaling",
)
_FEATURES_2 = (
    "canonicalLinkHeader",
    "mirroring",
    "profileLinkHeader",
    "regionSquare",
    "rotationArbitrary",
    "sizeAboveFull",
    "sizeByForcedWh",
)

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "A part of the address cannot be used."},
    404: {"model": ErrorAnswer, "description": "No such picture, or none that can be had."},
    500: {"model": ErrorAnswer, "description": "The stored file is damaged."},
    501: {"model": ErrorAnswer, "description": "A format of the standard that is not made here."},
}
_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in FORMATS.values()}}
}
_REDIRECT: dict[int | str, dict[str, Any]] = {303: {"description": "To the information."}}

Identifier = Annotated[
    str,
    Path(description="An item's id with a colon for the slash: `m2020:NLF_0257_…`."),
]
Keeper = Annotated[Archive, Depends(use_archive)]
Pictures = Annotated[ShownPictures, Depends(use_shown)]
Maker = Annotated[PictureMaker, Depends(use_maker)]


@router.get(
    "/iiif/{version:int}/{identifier}",
    response_class=Response,
    responses=_REDIRECT | _ERRORS,
    status_code=303,
)
def base(request: Request, version: Version, identifier: Identifier) -> Response:
    """The address of a picture as a service leads to what is to be known of it."""
    return RedirectResponse(f"{_service(request, version, identifier)}/info.json", 303)


@router.get("/iiif/{version:int}/{identifier}/info.json", responses=_ERRORS)
def information(
    request: Request,
    version: Version,
    identifier: Identifier,
    keeper: Keeper,
    pictures: Pictures,
) -> Response:
    """What is to be known of a picture: its size, its tiles, the limits, the rights."""
    shown = pictures.find(identifier)
    limits = _limits(keeper)
    service = _service(request, version, identifier)
    headers = {
        "Cache-Control": FOR_AN_HOUR,
        "Link": f'<{_LEVEL.format(version=version)}>;rel="profile"',
    }
    if version == 3:
        manifest = base_address(request) + links.manifest_path(shown.subject.id)
        content = _describe_3(service, manifest, shown, limits)
    else:
        content = _describe_2(service, shown, limits)
    return json_ld(request, content, _CONTEXT.format(version=version), headers)


@router.get(
    "/iiif/{version:int}/{identifier}/{region}/{size}/{rotation}/{quality_format}",
    response_class=FileResponse,
    responses=_PICTURES | _ERRORS,
)
def part(
    request: Request,
    version: Version,
    identifier: Identifier,
    region: str,
    size: str,
    rotation: str,
    quality_format: str,
    keeper: Keeper,
    pictures: Pictures,
    maker: Maker,
    *,
    download: Annotated[bool, Query(description="Whether it is to be kept as a file.")] = False,
) -> Response:
    """A part of a picture."""
    shown = pictures.find(identifier)
    original = shown.original
    words = region, size, rotation, quality_format
    asked = asked_for(version, original.size_px, _limits(keeper), *words)
    headers = _headers(_service(request, version, identifier), version, shown, asked)
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    made = made_of(original, lambda: maker.part(original, asked.cut))
    headers |= _kept_as(shown, asked, "attachment" if download else "inline")
    media_type = FORMATS[asked.cut.format]
    if isinstance(made, bytes):
        return Response(made, media_type=media_type, headers=headers)
    return FileResponse(made, media_type=media_type, headers=headers)


def ready_part(request: Request) -> Response | None:
    """The answer to a request for a part, if it only has to be read.

    It is what `part` would answer, without what the framework does to call that, which takes ten
    times as long.
    """
    found = _PART.fullmatch(request.scope["path"])
    if found is None or request.scope["query_string"]:
        return None
    identifier, *words = found.groups()[1:]
    version: Version = 3 if found[1] == "3" else 2
    shown = cast("ShownPictures", request.app.state.shown).known(identifier)
    if shown is None:
        return None
    try:
        asked = asked_for(version, shown.original.size_px, _limits(archive(request)), *words)
        made = cast("PictureMaker", request.app.state.maker).ready(shown.original, asked.cut)
    except (SolbookError, NotAPicture, OSError):
        # `part` says what is wrong with it.
        return None
    if made is None:
        return None
    headers = _headers(_service(request, version, identifier), version, shown, asked)
    headers |= _kept_as(shown, asked, "inline")
    return Response(made, media_type=FORMATS[asked.cut.format], headers=headers)


def _headers(service: str, version: Version, shown: Shown, asked: Asked) -> dict[str, str]:
    tag = sha256_of(f"{shown.original.sha256}/{asked.canonical}".encode())[:32]
    return {
        "Cache-Control": FOR_AN_HOUR,
        "ETag": f'"{tag}"',
        "Link": f'<{service}/{asked.canonical}>;rel="canonical",'
        f'<{_LEVEL.format(version=version)}>;rel="profile"',
    }


def _kept_as(shown: Shown, asked: Asked, how: str) -> dict[str, str]:
    # An item's name has no characters that would have to be quoted.
    name = f"{shown.subject.name}.{asked.cut.format}"
    return {"Content-Disposition": f'{how}; filename="{name}"'}


def _service(request: Request, version: Version, identifier: str) -> str:
    return f"{base_address(request)}/iiif/{version}/{identifier}"


def _limits(keeper: Archive) -> Limits:
    return Limits(keeper.settings.iiif_max_pixels)


def _describe_3(service: str, manifest: str, shown: Shown, limits: Limits) -> dict[str, Any]:
    original, rights = shown.original, shown.subject.rights
    return {
        "@context": _CONTEXT.format(version=3),
        "id": service,
        "type": "ImageService3",
        "protocol": _PROTOCOL,
        "profile": "level2",
        "width": original.width_px,
        "height": original.height_px,
        "maxWidth": limits.side_px,
        "maxHeight": limits.side_px,
        "maxArea": limits.area_px,
        "sizes": _sizes(original, limits),
        "tiles": _tiles(original),
        "preferredFormats": ["webp", "jpg"],
        "extraFormats": ["webp"],
        "extraQualities": list(QUALITIES),
        "extraFeatures": list(_FEATURES),
        # This version has no place for the credit; the manifest requires it to be shown.
        "partOf": [{"id": manifest, "type": "Manifest"}],
    } | ({"rights": rights} if rights else {})


def _describe_2(service: str, shown: Shown, limits: Limits) -> dict[str, Any]:
    original, rights = shown.original, shown.subject.rights
    return {
        "@context": _CONTEXT.format(version=2),
        "@id": service,
        "protocol": _PROTOCOL,
        "width": original.width_px,
        "height": original.height_px,
        "sizes": _sizes(original, limits),
        "tiles": _tiles(original),
        "profile": [
            _LEVEL.format(version=2),
            {
                "formats": list(FORMATS),
                "qualities": list(QUALITIES),
                "supports": list(_FEATURES_2),
                "maxWidth": limits.side_px,
                "maxHeight": limits.side_px,
                "maxArea": limits.area_px,
            },
        ],
        "attribution": shown.subject.credit,
    } | ({"license": rights} if rights else {})


def _scale_factors(original: Original) -> list[int]:
    """1, 2, 4 … as long as a layer is worth offering."""
    longer = max(original.width_px, original.height_px)
    factors = [1]
    while longer // (2 * factors[-1]) >= _LEAST_LAYER_PX:
        factors.append(2 * factors[-1])
    return factors


def _sizes(original: Original, limits: Limits) -> list[dict[str, int]]:
    """The whole picture in the sizes of its layers, smallest first."""
    found = []
    for factor in reversed(_scale_factors(original)):
        # Upwards, as viewers reckon the sizes of layers.
        width, height = -(-original.width_px // factor), -(-original.height_px // factor)
        if limits.allow(width, height):
            found.append({"width": width, "height": height})
    return found


def _tiles(original: Original) -> list[dict[str, Any]]:
    return [{"width": TILE_PX, "height": TILE_PX, "scaleFactors": _scale_factors(original)}]
