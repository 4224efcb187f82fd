"""Pictures over HTTP: thumbnails, original files, and a placeholder that says why there is none."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, Response

from solbook.archive import Archive
from solbook.archive.frames import AssetRow, best_stored, pictures_among
from solbook.archive.pictures import ROLES
from solbook.errors import SolbookError
from solbook.imaging import PICTURE_WIDTHS_PX, NotAPicture, Size
from solbook.jobs.enlarge import PictureMaker
from solbook.jobs.fetch import PictureFetcher
from solbook.records import frame_id, is_simulated_address
from solbook.site.api.iiif_request import FORMATS
from solbook.site.api.models import ErrorAnswer
from solbook.site.caching import FOR_AN_HOUR, IMMUTABLE, is_known
from solbook.site.originals import original_of
from solbook.site.state import use_archive, use_maker, use_pictures
from solbook.site.subjects import Subject, subject_and_assets

router = APIRouter(tags=["Pictures"])


def _fault(description: str) -> dict[str, Any]:
    """What OpenAPI says of an error: a page for people, JSON for programs."""
    return {"model": ErrorAnswer, "description": description, "content": {"text/html": {}}}


_FAULTS: dict[int | str, dict[str, Any]] = {
    400: _fault("A part of the address cannot be used."),
    404: _fault("No such frame or file, or it cannot be fetched."),
}

# Upstream sizes, smallest first, with the width that is enough of each: a thumbnail needs no more.
_FETCH_ORDER = (("medium", 640), ("large", 1280), ("full", 1 << 31))

Keeper = Annotated[Archive, Depends(use_archive)]
Fetcher = Annotated[PictureFetcher, Depends(use_pictures)]
Maker = Annotated[PictureMaker, Depends(use_maker)]


_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/webp": {}, "image/jpeg": {}, "image/svg+xml": {}}},
    **_FAULTS,
}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/*": {}}},
    500: _fault("The stored file is damaged."),
    **_FAULTS,
}


@router.get(
    "/frames/{mission}/{product_id}/picture/{width}.{picture_format}",
    response_class=Response,
    responses=_PICTURES,
)
def picture(
    request: Request,
    mission: str,
    product_id: str,
    width: int,
    picture_format: Literal["webp", "jpg"],
    keeper: Keeper,
    fetcher: Fetcher,
    maker: Maker,
) -> Response:
    """A picture in a width of pages, of the best stored file; fetched once where none is stored.

    Where there is nothing to make it from, the answer is a placeholder that says why, with a
    status of 200 so that a page shows the words and not a broken picture.
    """
    size = Size(width, picture_format)
    return _picture(request, frame_id(mission, product_id), size, keeper, fetcher, maker)


@router.get(
    "/images/{source}/{name}/picture/{width}.{picture_format}",
    response_class=Response,
    responses=_PICTURES,
)
def release_picture(
    request: Request,
    source: str,
    name: str,
    width: int,
    picture_format: Literal["webp", "jpg"],
    keeper: Keeper,
    fetcher: Fetcher,
    maker: Maker,
) -> Response:
    """A release's picture in a width of pages, or a film's poster, as that of a frame."""
    size = Size(width, picture_format)
    return _picture(request, f"{source}/{name}", size, keeper, fetcher, maker)


def _picture(
    request: Request,
    identity: str,
    size: Size,
    keeper: Archive,
    fetcher: PictureFetcher,
    maker: PictureMaker,
) -> Response:
    width = size.width_px
    if width not in PICTURE_WIDTHS_PX:
        raise SolbookError(
            "There are no pictures of this width.",
            code="not_found",
            found=str(width),
            expected=", ".join(map(str, PICTURE_WIDTHS_PX)),
            help="Ask for one of these widths.",
        )
    subject, assets = subject_and_assets(keeper, identity)
    asset, reason = best_stored(assets), "no picture is known"
    wanted = _to_fetch(assets, width)
    if wanted is not None and (asset is None or _is_too_small(asset, wanted, width, fetcher)):
        reason = fetcher.fetch(subject.key, wanted.version, wanted.role) or ""
        asset = best_stored(subject_and_assets(keeper, identity)[1])
    original = original_of(asset)
    if original is None:
        return _placeholder(subject, reason)
    etag = f'"{original.sha256}-{size.name}"'
    headers = {"Cache-Control": FOR_AN_HOUR, "ETag": etag}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    try:
        path = maker.sized(original, size)
    except NotAPicture as error:
        return _placeholder(subject, f"the stored file is damaged: {error}")
    except OSError as error:
        # Its own words name a path of this machine.
        return _placeholder(subject, f"the stored file cannot be read: {error.strerror}")
    return FileResponse(path, media_type=FORMATS[size.format], headers=headers)


@router.get(
    "/frames/{mission}/{product_id}/files/{version}/{role}",
    response_class=FileResponse,
    responses=_FILES,
)
def file(
    request: Request,
    mission: str,
    product_id: str,
    version: int,
    role: str,
    keeper: Keeper,
    fetcher: Fetcher,
    *,
    download: Annotated[bool, Query()] = False,
) -> Response:
    """A file of a frame as the upstream published it; fetched once where it is not stored."""
    identity = frame_id(mission, product_id)
    return _file(request, identity, version, role, keeper, fetcher, download=download)


@router.get(
    "/images/{source}/{name}/files/{version}/{role}",
    response_class=FileResponse,
    responses=_FILES | {200: {"content": {"image/*": {}, "video/*": {}, "audio/*": {}}}},
)
def release_file(
    request: Request,
    source: str,
    name: str,
    version: int,
    role: str,
    keeper: Keeper,
    fetcher: Fetcher,
    *,
    download: Annotated[bool, Query()] = False,
) -> Response:
    """A file of a release or a story as it was published: picture, film, sound or captions."""
    identity = f"{source}/{name}"
    return _file(request, identity, version, role, keeper, fetcher, download=download)


def _file(
    request: Request,
    identity: str,
    version: int,
    role: str,
    keeper: Archive,
    fetcher: PictureFetcher,
    *,
    download: bool,
) -> Response:
    subject, assets = subject_and_assets(keeper, identity)
    asset = _asset(assets, version, role)
    reason = None
    if asset is not None and asset.sha256 is None:
        reason = fetcher.fetch(subject.key, version, role)
        asset = _asset(subject_and_assets(keeper, identity)[1], version, role)
    if asset is None or asset.sha256 is None or asset.extension is None:
        raise SolbookError(
            "This file is not stored here." if asset else "The item has no such file.",
            code="not_found",
            found=reason or f"version {version}, {role}",
            expected=", ".join(f"{a.version}/{a.role}" for a in assets) or "none",
            help=_elsewhere(asset) if asset else "Ask for one of these.",
        )
    # A file of a product's version never changes, and its address has the version.
    headers = {"Cache-Control": IMMUTABLE, "ETag": f'"{asset.sha256}"'}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = keeper.files.path(asset.sha256, asset.extension)
    _require_whole(path, asset)
    suffix = f"{asset.version:02d}" if asset.version else ""
    size = "" if role == "full" else f"_{role}"
    return FileResponse(
        path,
        media_type=asset.media_type,
        filename=f"{subject.name}{suffix}{size}.{asset.extension}",
        content_disposition_type="attachment" if download else "inline",
        headers=headers,
    )


def _asset(assets: list[AssetRow], version: int, role: str) -> AssetRow | None:
    return next((a for a in assets if a.version == version and a.role == role), None)


def _to_fetch(assets: list[AssetRow], width_px: int) -> AssetRow | None:
    """The smallest file of the newest version that is enough for a thumbnail."""
    offered = {
        a.role: a for a in pictures_among(assets) if a.url and a.version == assets[0].version
    }
    for role, enough_px in _FETCH_ORDER:
        if role in offered and enough_px >= width_px:
            return offered[role]
    return next(iter(offered.values()), None)


def _is_too_small(
    stored: AssetRow, wanted: AssetRow, width_px: int, fetcher: PictureFetcher
) -> bool:
    """Whether a stored file would make a smaller thumbnail than one the upstream has."""
    if stored.width_px is None or stored.width_px >= width_px:
        return False
    better = ROLES.index(wanted.role) < ROLES.index(stored.role)
    return better and fetcher.may_fetch(wanted)


def _require_whole(path: Path, asset: AssetRow) -> None:
    """Make sure a stored file is there with all its bytes.

    Raises:
        SolbookError: It is not.
    """
    size = path.stat().st_size if path.is_file() else None
    if size != asset.byte_count:
        raise SolbookError(
            "The stored file is damaged.",
            code="file_damaged",
            found="no file" if size is None else f"{size:,} bytes",
            expected=f"{asset.byte_count:,} bytes",
            help=_elsewhere(asset),
        )


def _elsewhere(asset: AssetRow) -> str:
    """Where else than here a file is to be had."""
    if asset.url is None:
        return "Put back a copy."
    if is_simulated_address(asset.url):
        return "Attach it: solbook ingest rehearsal FOLDER --files FOLDER"
    return f"The upstream has it at {asset.url}"


def _placeholder(subject: Subject, reason: str) -> Response:
    text = escape(reason or "it could not be fetched")
    # Greys that are legible on both themes: a picture cannot know which one it stands in.
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" role="img">'
        '<rect width="640" height="480" fill="#4a433c"/>'
        '<g fill="#f4efe9" font-family="system-ui,sans-serif" text-anchor="middle">'
        '<text x="320" y="228" font-size="26">Picture not stored here</text>'
        f'<text x="320" y="264" font-size="17">{text}</text></g></svg>'
    )
    return Response(
        svg,
        media_type="image/svg+xml",
        headers={"Cache-Control": "no-store", "X-Solbook-Placeholder": subject.id},
    )
