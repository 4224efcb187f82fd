"""Captioned releases, as a page of NASA's Image and Video Library and its asset manifests.

Names and forms are those of images-api.nasa.gov and images-assets.nasa.gov; the host, the ids, the
centre and the credit are the rehearsal's own, so that no release can pass for a real one.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pyvips

from solbook.clock import format_utc
from solbook.records import SIMULATED_HOST
from solbook.rehearsal.artwork import Studio
from solbook.rehearsal.captions import Release, releases_of
from solbook.rehearsal.exposures import Picture, SolPlan
from solbook.rehearsal.folder import IMAGES, RELEASES, write_whole
from solbook.rehearsal.products import packed
from solbook.rehearsal.records import CREDIT
from solbook.rehearsal.timing import MissionTimes

SEARCH_PAGE = "search-page-0000.json"
ID_PREFIX = "REHEARSAL-R"
CENTER = "Solbook"
MOSAIC_WIDTH_PX = 2048

_SITE = f"https://{SIMULATED_HOST}"
# The library's smaller files and their widths; larger than the original there are none.
_WIDTHS_PX = {"large": 1920, "medium": 1280, "small": 640, "thumb": 640}
# No picture is so high.
_ANY_HEIGHT_PX = 100_000
_JPEG_QUALITY = 88
_KEYWORDS = ("Mars", "Rehearsal", "Simulated")
_ABOUT = "Simulated: nothing of this was ever on Mars."

Record = dict[str, Any]


def write_releases(
    folder: Path, plans: Sequence[SolPlan], studio: Studio, times: MissionTimes, threads: int
) -> None:
    """Write the releases of a rehearsal into `releases/`; its `images/` have to be there.

    Args:
        folder: The rehearsal's.
        plans: Its sols.
        studio: Makes those pictures that are not frames.
        times: Its clocks.
        threads: How many pictures are made at once; it changes none of them.
    """
    releases = {
        f"{ID_PREFIX}{number:04d}": release
        for number, release in enumerate(releases_of(plans, times), 1)
    }
    with ThreadPoolExecutor(threads, thread_name_prefix="solbook-releases") as pool:
        names = pool.map(
            lambda nasa_id: _write_pictures(folder, nasa_id, releases[nasa_id], studio), releases
        )
        for nasa_id, files in zip(releases, names, strict=True):
            manifest = msgspec.json.encode(asset_manifest(nasa_id, files))
            write_whole(folder / RELEASES / f"asset-{nasa_id}.json", manifest + b"\n")
    page = msgspec.json.encode(search_page(releases))
    write_whole(folder / RELEASES / SEARCH_PAGE, page + b"\n")


def search_page(releases: dict[str, Release]) -> Record:
    """The answer to a search for all releases, by id; there are too few for a second page."""
    return {
        "collection": {
            "version": "1.0",
            "href": f"{_SITE}/search?q=rehearsal",
            "items": [item_of(nasa_id, release) for nasa_id, release in releases.items()],
            "metadata": {"total_hits": len(releases)},
        }
    }


def item_of(nasa_id: str, release: Release) -> Record:
    """A release as an item of the answer."""
    title = f"{release.title} (Simulated)"
    keywords = [*_KEYWORDS, *release.keywords]
    if release.kind not in {"photo", "mosaic"}:
        keywords.append("Illustration")
    data = {
        "media_type": "image",
        "description_508": title,
        "title": title,
        "date_created": format_utc(release.utc_ns, 0),
        "center": CENTER,
        "secondary_creator": CREDIT,
        "description": f"{_ABOUT} {release.caption} Image Credit: {CREDIT}",
        "nasa_id": nasa_id,
        "keywords": keywords,
    }
    preview = {"rel": "preview", "href": _address(nasa_id, "thumb", "jpg"), "render": "image"}
    return {
        "links": [preview],
        "data": [data],
        "href": f"{_SITE}/image/{nasa_id}/collection.json",
    }


def asset_manifest(nasa_id: str, files: Sequence[str]) -> Record:
    """The answer to the question which files a release has."""
    return {
        "collection": {
            "version": "1.0",
            "href": f"{_SITE}/asset/{nasa_id}",
            "items": [{"href": f"{_SITE}/image/{nasa_id}/{name}"} for name in files],
        }
    }


def _address(nasa_id: str, size: str, extension: str) -> str:
    return f"{_SITE}/image/{nasa_id}/{_name(nasa_id, size, extension)}"


def _name(nasa_id: str, size: str, extension: str) -> str:
    return f"{nasa_id}~{size}.{extension}"


def _write_pictures(folder: Path, nasa_id: str, release: Release, studio: Studio) -> list[str]:
    """Write a release's files, but for those that are there; gives their names, largest first."""
    original = folder / RELEASES / _name(nasa_id, "orig", "png")
    if not original.exists():
        write_whole(original, _original(folder / IMAGES, release, studio))
    picture = pyvips.Image.new_from_file(str(original))
    names = [original.name]
    for size, width_px in _WIDTHS_PX.items():
        if width_px <= picture.width:
            path = original.with_name(_name(nasa_id, size, "jpg"))
            if not path.exists():
                smaller = pyvips.Image.thumbnail(str(original), width_px, height=_ANY_HEIGHT_PX)
                write_whole(path, smaller.jpegsave_buffer(Q=_JPEG_QUALITY))
            names.append(path.name)
    return names


def _original(images: Path, release: Release, studio: Studio) -> bytes:
    if release.paint is not None:
        return packed(release.paint(studio), extension="png")
    if release.kind == "mosaic":
        return _put_together(images, release.frames)
    return _file_of(images, release.frames[0]).read_bytes()


def _put_together(images: Path, tiles: Sequence[Picture]) -> bytes:
    """The tiles of one exposure, each where it is on the detector, reduced."""
    placed = []
    for tile in tiles:
        window = tile.delivery.window
        x, y = (window.first_sample - 1, window.first_line - 1)
        corner = x // window.scale_factor, y // window.scale_factor
        placed.append((corner, pyvips.Image.new_from_file(str(_file_of(images, tile)))))
    width_px = max(x + image.width for (x, _), image in placed)
    height_px = max(y + image.height for (_, y), image in placed)
    whole = pyvips.Image.black(width_px, height_px, bands=3).copy(interpretation="srgb")
    for (x, y), image in placed:
        whole = whole.insert(image, x, y)
    made: bytes = whole.resize(MOSAIC_WIDTH_PX / width_px).pngsave_buffer(compression=6)
    return made


def _file_of(images: Path, picture: Picture) -> Path:
    return images / f"{picture.product_id}.png"
