"""What pages of enlarged pictures share: the part as an image, the way on from it, the viewer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solbook.archive.frames import FrameRow, UpstreamRow
from solbook.imaging import degrees_per_pixel, model_of_record
from solbook.jobs.enlarge import Original
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.view import LEAST_LIGHT, MOST_LIGHT, View, most_zoom
from solbook.site.subjects import Subject, subject_of_frame

# Widths in which a part is offered, by its longer side. A part is not enlarged here but shown
# larger by the browser.
_PART_SIDES_PX = (800, 1600)
# A part so small is shown as the pixels it is made of.
_PIXELS_BELOW_PX = 320
# One pixel that covers more than this is no camera's: the record does not belong to its picture.
_MOST_DEG = 5.0


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a picture, as an `img` element's attributes.

    Attributes:
        src: Its address at the Image API.
        srcset: The widths there are; empty where there is one.
        width_px: Width, turned.
        height_px: Height, turned.
        alt: What it shows.
        pixelated: Whether single pixels should be told apart.
    """

    src: str
    srcset: str
    width_px: int
    height_px: int
    alt: str
    pixelated: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A way to another part: what it does, its mark, its address; empty where it leads nowhere."""

    label: str
    mark: str
    href: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the script of the viewer needs of an item.

    Attributes:
        id: The item's.
        title: Its title.
        when: Its sol and local time.
        credit: Whom to credit.
        alt: What it shows.
        href: Its page.
        zoom_href: The page of its enlarged picture.
        service: The picture at the Image API.
        width_px: Width of the picture.
        height_px: Height of the picture.
        most_zoom: How many times larger than whole it may be shown.
        degrees: What one pixel in its middle covers; empty where no camera model tells.
        simulated: Whether Solbook computed it.
    """

    id: str
    title: str
    when: str
    credit: str
    alt: str
    href: str
    zoom_href: str
    service: str
    width_px: int
    height_px: int
    most_zoom: str
    degrees: str
    simulated: bool

    @property
    def least_light(self) -> int:
        """Least brightness and contrast, percent."""
        return int(LEAST_LIGHT)

    @property
    def most_light(self) -> int:
        """Greatest brightness and contrast, percent."""
        return int(MOST_LIGHT)


def picture_for_viewer(
    frame: FrameRow, records: Sequence[UpstreamRow], size_px: tuple[int, int]
) -> Picture:
    """What the viewer needs of a frame.

    Args:
        frame: The frame.
        records: Its upstream records, oldest first.
        size_px: Width and height of the stored picture.
    """
    scale = pixel_degrees(frame, records, size_px[0])
    return picture_of_subject(subject_of_frame(frame), size_px, scale)


def picture_of_subject(
    subject: Subject, size_px: tuple[int, int], scale_deg: float | None = None
) -> Picture:
    """What the viewer needs of an item.

    Args:
        subject: The item.
        size_px: Width and height of the stored picture.
        scale_deg: What a pixel in its middle covers, where a camera model tells.
    """
    return Picture(
        id=subject.id,
        title=subject.title,
        when=subject.when,
        credit=subject.credit,
        alt=subject.alt,
        href=links.picture_page_path(subject.id),
        zoom_href=links.zoom_path(subject.id),
        service=links.image_service_path(subject.id),
        width_px=size_px[0],
        height_px=size_px[1],
        most_zoom=f"{most_zoom(size_px):.6g}",
        degrees="" if scale_deg is None else f"{scale_deg:.6g}",
        simulated=subject.simulated,
    )


def pixel_degrees(frame: FrameRow, records: Sequence[UpstreamRow], width_px: int) -> float | None:
    """What a pixel of the stored picture covers, by the newest record that tells.

    Args:
        frame: The frame.
        records: Its upstream records, oldest first.
        width_px: Width of the stored picture, which may be a smaller size of the product.
    """
    if frame.width_px is None or frame.height_px is None:
        return None
    for row in reversed(records):
        model = model_of_record(row.record())
        if model is None:
            continue
        degrees = degrees_per_pixel(model, frame.width_px, frame.height_px)
        if degrees is not None and degrees < _MOST_DEG:
            return degrees * frame.width_px / width_px
    return None


def part_of(item_id: str, view: View, alt: str) -> Part:
    """The part of an item's picture that a view shows."""
    box = view.box
    longer = max(box.width, box.height)
    region = "full" if view.is_whole else f"{box.x},{box.y},{box.width},{box.height}"
    rotation = f"{round(view.rotation, 1):g}"
    # Turned by less than a right angle it has empty corners, which JPEG cannot leave empty.
    kind = "jpg" if view.rotation % 90 == 0 else "webp"
    width, height = view.turned_size_px
    base = f"{links.image_service_path(item_id)}/{region}"
    sizes = [(f"!{side},{side}", side / longer) for side in _PART_SIDES_PX if side < longer]
    if longer <= _PART_SIDES_PX[-1]:
        sizes.append(("max", 1.0))
    offered = [
        (f"{base}/{size}/{rotation}/default.{kind}", round(width * share)) for size, share in sizes
    ]
    return Part(
        src=offered[-1][0],
        srcset=", ".join(f"{href} {across}w" for href, across in offered)
        if len(offered) > 1
        else "",
        width_px=width,
        height_px=height,
        alt=alt if view.is_whole else f"Part of: {alt}",
        pixelated=longer < _PIXELS_BELOW_PX,
    )


def moves(view: View, address: Callable[[View], str]) -> list[Move]:
    """The ways on from a view; those that would change nothing lead nowhere."""
    here = address(view)
    offered = (
        ("Closer", "closer", view.zoomed(2)),
        ("Farther", "farther", view.zoomed(0.5)),
        ("Whole picture", "whole", view.whole()),
        ("Turn left", "turn-left", view.turned(-1)),
        ("Turn right", "turn-right", view.turned(1)),
        ("Move left", "left", view.moved(-1, 0)),
        ("Move up", "up", view.moved(0, -1)),
        ("Move down", "down", view.moved(0, 1)),
        ("Move right", "right", view.moved(1, 0)),
    )
    found = []
    for label, mark, there in offered:
        href = address(there)
        found.append(Move(label, mark, "" if href == here else href))
    return found


def size_of(original: Original) -> tuple[int, int]:
    """Width and height of a stored picture."""
    return original.width_px, original.height_px


def angle_words(degrees: float) -> str:
    """A small angle: `4.2°`, `0.067°`."""
    return words.degrees(degrees, 1 if degrees >= 1 else 3)
