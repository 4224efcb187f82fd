"""The addresses of pages, pictures and files."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from solbook.records import is_simulated_address
from solbook.site.originals import image_id


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


def picture_path(frame_id: str, width_px: int, kind: str = "webp") -> str:
    """A frame's picture in a width of pages."""
    return f"{frame_path(frame_id)}/picture/{width_px}.{kind}"


def zoom_path(frame_id: str, **view: object) -> str:
    """The page that shows a part of a frame."""
    return with_query(f"{frame_path(frame_id)}/zoom", **view)


def compare_path(left: str, right: str, **view: object) -> str:
    """The page of two frames beside each other."""
    return with_query("/compare", left=left, right=right, **view)


def image_service_path(frame_id: str) -> str:
    """A frame's picture as a service of the IIIF Image API."""
    return f"/iiif/3/{quote(image_id(frame_id), safe=':')}"


def file_path(frame_id: str, version: int, role: str, *, download: bool = False) -> str:
    """A file of a frame as the upstream published it."""
    path = f"{frame_path(frame_id)}/files/{version}/{quote(role, safe='')}"
    return f"{path}?download=1" if download else path


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
