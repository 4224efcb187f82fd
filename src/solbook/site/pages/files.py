"""The files of an item, as a reader may take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solbook.archive.frames import AssetRow, pictures_among
from solbook.jobs.fetch import PictureFetcher
from solbook.site import words
from solbook.site.pages import links

_ROLE_NAMES = {
    "full": "Full size",
    "large": "Large",
    "medium": "Medium",
    "small": "Small",
    "video": "Film",
    "audio": "Sound",
    "captions": "Captions",
}
_TYPE_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WebP",
    "image/tiff": "TIFF",
    "image/gif": "GIF",
    "video/mp4": "MP4",
    "video/webm": "WebM",
    "audio/mpeg": "MP3",
    "audio/mp4": "M4A",
    "audio/ogg": "Ogg",
    "audio/wav": "WAV",
    "text/vtt": "WebVTT",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is stored here or offered by the source.

    Attributes:
        name: `Full size`.
        version: Version of the product, in words; empty where names carry none.
        about: Type, size in pixels and in bytes; empty while unknown.
        state: Where it is.
        href: Where to take it; empty where it cannot be had from here.
        upstream: Where the source keeps it; empty where unknown.
        sha256: Its checksum; empty where it is not stored.
    """

    name: str
    version: str
    about: str
    state: str
    href: str
    upstream: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BestFile:
    """The largest file to be had: to look at, and to keep."""

    open_href: str
    save_href: str
    about: str


def downloads(
    item_id: str, version: int, assets: Sequence[AssetRow], fetcher: PictureFetcher
) -> tuple[list[Download], list[Download]]:
    """The files of the newest version, and those of older ones.

    Args:
        item_id: The item.
        version: Its newest version.
        assets: Its files.
        fetcher: Knows what may be fetched.
    """
    current: list[Download] = []
    older: list[Download] = []
    for asset in assets:
        made = _download(item_id, asset, fetcher)
        (current if asset.version == version else older).append(made)
    return current, older


def best_file(item_id: str, assets: Sequence[AssetRow], fetcher: PictureFetcher) -> BestFile | None:
    """The best picture of the newest version that is stored or may be fetched."""
    for asset in pictures_among(assets):
        if asset.sha256 is not None or fetcher.may_fetch(asset):
            return BestFile(
                links.file_path(item_id, asset.version, asset.role),
                links.file_path(item_id, asset.version, asset.role, download=True),
                _about(asset),
            )
    return None


def _download(item_id: str, asset: AssetRow, fetcher: PictureFetcher) -> Download:
    stored = asset.sha256 is not None
    may_fetch = not stored and fetcher.may_fetch(asset)
    href = links.file_path(item_id, asset.version, asset.role, download=True)
    return Download(
        name=_ROLE_NAMES.get(asset.role, asset.role),
        version=f"version {asset.version}" if asset.version else "",
        about=_about(asset),
        state=_state(asset, may_fetch=may_fetch),
        href=href if stored or may_fetch else "",
        upstream=links.outside(asset.url),
        sha256=asset.sha256 or "",
    )


def _about(asset: AssetRow) -> str:
    parts = [
        _TYPE_NAMES.get(asset.media_type or "", asset.media_type),
        words.pixel_size(asset.width_px, asset.height_px),
        words.byte_size(asset.byte_count) if asset.byte_count is not None else None,
    ]
    return ", ".join(part for part in parts if part)


def _state(asset: AssetRow, *, may_fetch: bool) -> str:
    if asset.sha256 is not None:
        return f"stored here, but damaged: {asset.damage}" if asset.damage else "stored here"
    if may_fetch:
        return "fetched from the source when first asked for"
    if asset.failure:
        return f"could not be fetched: {asset.failure}"
    return "not stored here"
