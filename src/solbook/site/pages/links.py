"""The addresses of pages, pictures and files."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from solbook.missions import MISSIONS
from solbook.records import is_simulated_address
from solbook.site import originals


def mission_path(mission: str) -> str:
    """A mission's page."""
    return f"/missions/{quote(mission, safe='')}"


def sol_path(mission: str, sol: int) -> str:
    """A sol's page."""
    return f"{mission_path(mission)}/sols/{sol}"


def instrument_path(mission: str, code: str) -> str:
    """A camera's page."""
    return f"{mission_path(mission)}/instruments/{quote(code, safe='')}"


def frame_path(frame_id: str) -> str:
    """A frame's page; its id is `mission/product_id`."""
    return f"/frames/{quote(frame_id)}"


def release_path(release_id: str, kind: str = "release") -> str:
    """A release's page, or a story's; its id is `source/name`."""
    return f"/{'news' if kind == 'article' else 'images'}/{quote(release_id)}"


def item_path(item_id: str, kind: str) -> str:
    """The page of an item of any kind."""
    return frame_path(item_id) if kind == "frame" else release_path(item_id, kind)


def picture_page_path(item_id: str) -> str:
    """The page of an item's picture: what is its picture's alone has addresses below it.

    Ids of frames begin with a mission, those of releases with a source, and no source is called
    like a mission.
    """
    is_frame = item_id.partition("/")[0] in MISSIONS
    return frame_path(item_id) if is_frame else release_path(item_id)


def picture_path(item_id: str, width_px: int, extension: str = "webp") -> str:
    """An item's picture in one of the widths of pages."""
    return f"{picture_page_path(item_id)}/picture/{width_px}.{extension}"


def zoom_path(item_id: str, **view: object) -> str:
    """The page that shows a part of an item's picture."""
    return with_query(f"{picture_page_path(item_id)}/zoom", **view)


def compare_path(left: str, right: str, **view: object) -> str:
    """The page of two frames beside each other."""
    return with_query("/compare", left=left, right=right, **view)


def file_path(item_id: str, version: int, role: str, *, download: bool = False) -> str:
    """A file of an item as the upstream published it."""
    path = f"{picture_page_path(item_id)}/files/{version}/{quote(role, safe='')}"
    return f"{path}?download=1" if download else path


def image_id(item_id: str) -> str:
    """An item's name in IIIF addresses, one segment of them."""
    return quote(originals.image_id(item_id), safe=":")


def image_service_path(item_id: str) -> str:
    """An item's service of the IIIF Image API."""
    return f"/iiif/3/{image_id(item_id)}"


def image_path(item_id: str, size: str = "max", extension: str = "jpg") -> str:
    """An item's whole picture from the IIIF Image API."""
    return f"{image_service_path(item_id)}/full/{size}/0/default.{extension}"


def manifest_path(item_id: str) -> str:
    """An item's IIIF manifest."""
    return f"/iiif/manifests{picture_page_path(item_id)}"


def exposure_manifest_path(mission: str, sol: int, exposure: str) -> str:
    """The IIIF manifest of an exposure; its key begins with the mission."""
    key = quote(exposure.removeprefix(f"{mission}:"), safe=":")
    return f"/iiif/manifests/exposures/{quote(mission, safe='')}/{sol}/{key}"


def sol_manifest_path(mission: str, sol: int, code: str, page: int = 1) -> str:
    """The IIIF manifest of a camera's frames of a sol."""
    path = f"/iiif/manifests/sols/{quote(mission, safe='')}/{sol}/{quote(code, safe='')}"
    return with_query(path, page=page if page > 1 else None)


def collection_path(mission: str | None = None, sol: int | None = None) -> str:
    """The IIIF collection of all missions, of a mission, or of a sol."""
    path = "/iiif/collections"
    if mission is not None:
        path += f"/{quote(mission, safe='')}"
    return path if sol is None else f"{path}/sols/{sol}"


def citation_path(item_id: str, extension: str) -> str:
    """An item's citation as a file: `txt`, `bib` or `json`."""
    return f"{picture_page_path(item_id)}/citation.{extension}"


def download_path(item_id: str) -> str:
    """Where a form asks for an item's picture in a size and a format."""
    return f"{picture_page_path(item_id)}/download"


def embed_path(frame_id: str) -> str:
    """A frame in a page that may stand in a page of another site."""
    return f"{frame_path(frame_id)}/embed"


def time_path(when: str | None = None, mission: str | None = None) -> str:
    """The page of an instant; of now if none is given."""
    return with_query("/time", when=when or None, mission=mission or None)


def outside(address: str | None) -> str:
    """An address of an upstream's, if it is one a browser opens as a page; else empty.

    That of a simulated record leads nowhere.
    """
    if address is None or not address.lower().startswith(("https://", "http://")):
        return ""
    return "" if is_simulated_address(address) else address


def with_query(path: str, **query: object) -> str:
    """A path with the parts of a query that are not `None`."""
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given, safe='/')}" if given else path


def json_twin(path: str) -> str:
    """The JSON that says what a page says."""
    return "/api/latest" if path == "/" else f"/api{path}"
