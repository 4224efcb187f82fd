"""What of a frame may be taken along: a size, a citation, a manifest, HTML for another site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request

from solbook.archive.frames import THUMBNAIL, FrameRow
from solbook.archive.releases import ReleaseRow
from solbook.site import words
from solbook.site.citation import citation, release_citation
from solbook.site.embedding import embedding
from solbook.site.finding import base_address
from solbook.site.pages import links
from solbook.site.pages.cards import CardMaker, known_size
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.pages.shell import Link
from solbook.site.presented import presented_frame

_WIDTHS_PX = (320, 640, 960, 1280, 1920, 2560)
_FORMATS = (("jpg", "JPEG"), ("png", "PNG"), ("webp", "WebP"))
_CITATIONS = (("txt", "Text"), ("bib", "BibTeX"), ("json", "CSL-JSON"))
_PREVIEW_PX = 1280


@dataclass(frozen=True, slots=True)
class ManifestLink:
    """A IIIF manifest.

    Attributes:
        label: What it shows.
        href: Where it is.
        drag_href: What the mark leads to: the page, with the manifest's address for the viewer the
            mark is dragged into.
    """

    label: str
    href: str
    drag_href: str


@dataclass(frozen=True, slots=True)
class SizeForm:
    """A form that asks for a picture in a size and a format.

    Attributes:
        action: Where it leads.
        widths: Widths and their words, the picture's own first; empty where that is not known.
        formats: Formats and their names.
    """

    action: str
    widths: list[tuple[int, str]]
    formats: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture for those who link the page."""

    url: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Taking:
    """Everything of it.

    Attributes:
        sizes: The form; `None` where there is no picture.
        cited: The citation, in words.
        citations: It as files.
        manifests: The frame's, and that of its exposure.
        embed_html: What to put into another page.
        embed_href: What it shows.
        oembed_href: Where programs ask for it.
        preview: A picture of the page; `None` where there is none.
    """

    sizes: SizeForm | None
    cited: str
    citations: list[Link]
    manifests: list[ManifestLink]
    embed_html: str
    embed_href: str
    oembed_href: str
    preview: Preview | None


def taking(
    request: Request, frame: FrameRow, same_exposure: Sequence[FrameRow], maker: CardMaker
) -> Taking:
    """What of a frame may be taken along.

    Args:
        request: The request.
        frame: The frame.
        same_exposure: The others of its exposure.
        maker: Has the files of the frame.
    """
    base = base_address(request)
    assets = maker.assets(frame)
    shown = presented_frame(frame, maker)
    embed_href = links.embed_path(frame.id)
    return Taking(
        sizes=_sizes(frame.id, known_size(frame, assets)) if shown.is_here else None,
        cited=citation(frame, assets, base).text(),
        citations=[Link(name, links.citation_path(frame.id, kind)) for kind, name in _CITATIONS],
        manifests=_manifests(base, frame, same_exposure),
        embed_html=embedding(base + embed_href, shown.label, shown.size_px).html(),
        embed_href=embed_href,
        oembed_href=links.with_query("/api/oembed", url=base + shown.page),
        preview=_preview(base, frame.id, shown.size_px) if shown.is_here else None,
    )


@dataclass(frozen=True, slots=True)
class ReleaseTaking:
    """What of a release may be taken along: as `Taking`, without what only frames have."""

    sizes: SizeForm | None
    cited: str
    citations: list[Link]
    manifests: list[ManifestLink]
    preview: Preview | None


def release_taking(request: Request, release: ReleaseRow, maker: ReleaseCards) -> ReleaseTaking:
    """What of a release may be taken along.

    Args:
        request: The request.
        release: The release.
        maker: Has its files.
    """
    base = base_address(request)
    size_px = maker.size_px(release)
    page = links.release_path(release.id, release.kind)
    pictured = maker.has_picture(release)
    manifest = manifest_link(base, "This image", links.manifest_path(release.id), page)
    return ReleaseTaking(
        sizes=_sizes(release.id, size_px) if pictured else None,
        cited=release_citation(release, maker.assets(release), base).text(),
        citations=[Link(name, links.citation_path(release.id, kind)) for kind, name in _CITATIONS],
        manifests=[manifest] if pictured else [],
        preview=_preview(base, release.id, size_px) if pictured else None,
    )


def manifest_link(base: str, label: str, path: str, page: str) -> ManifestLink:
    """A manifest that a page links.

    Args:
        base: Scheme and host of this site.
        label: What it shows.
        path: Its path.
        page: Path of the page, with its query.
    """
    joint = "&" if "?" in page else "?"
    return ManifestLink(label, path, f"{page}{joint}manifest={quote(base + path, safe='')}")


def _manifests(base: str, frame: FrameRow, same_exposure: Sequence[FrameRow]) -> list[ManifestLink]:
    page = links.frame_path(frame.id)
    found = [manifest_link(base, "This frame", links.manifest_path(frame.id), page)]
    together = [f for f in (frame, *same_exposure) if f.sample_type != THUMBNAIL]
    if frame.exposure and len(together) > 1:
        path = links.exposure_manifest_path(frame.mission, frame.sol, frame.exposure)
        count = words.counted(len(together), "frame")
        found.append(manifest_link(base, f"The whole exposure, {count}", path, page))
    return found


def _sizes(item_id: str, size_px: tuple[int, int] | None) -> SizeForm:
    widths: list[tuple[int, str]] = []
    if size_px is not None:
        own, down = size_px
        smaller = [(w, max(round(down * w / own), 1)) for w in reversed(_WIDTHS_PX) if w < own]
        sized = [(own, down), *smaller]
        widths = [(w, str(words.pixel_size(w, h))) for w, h in sized]
    return SizeForm(links.download_path(item_id), widths, _FORMATS)


def _preview(base: str, item_id: str, size_px: tuple[int, int] | None) -> Preview | None:
    if size_px is None:
        return None
    width, height = size_px
    across = min(width, _PREVIEW_PX)
    url = base + links.picture_path(item_id, _PREVIEW_PX, "jpg")
    return Preview(url, across, max(round(height * across / width), 1))
