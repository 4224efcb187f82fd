"""A frame as pages show it: its picture, its words, the reason it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import Request

from solbook.archive.frames import AssetRow, FrameRow, assets_of_all, best_stored, pictures_among
from solbook.archive.likes import likes_of
from solbook.imaging import PICTURE_WIDTHS_PX, widths_of
from solbook.jobs.fetch import PictureFetcher
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.tiles import part_name
from solbook.site.state import archive, pictures
from solbook.site.titles import alt_text, is_simulated, sol_and_time

# Where neither the source nor a stored file tells a size: that of the placeholder.
UNKNOWN_SIZE_PX = (640, 480)
# Narrower or lower pictures are shown whole, not cut to fill a card.
_LEAST_FILLING_PX = 240
# Longer than this for their height, panoramas and strips are shown whole as well.
_MOST_FILLING_RATIO = 3.0

CARD_SIZES = "(max-width: 720px) 47vw, 320px"
WALL_SIZES = "(max-width: 720px) 47vw, 420px"


@dataclass(frozen=True, slots=True)
class Picture:
    """An `img` element's attributes.

    Attributes:
        src: Address of a thumbnail of middling width.
        srcset: Every width there is, none wider than the picture.
        width_px: Width of the picture itself.
        height_px: Height of the picture itself.
        alt: What it shows, from its metadata.
        whole: Whether to show all of it on black, not a cut that fills its box.
        thumbhash: What a script shows in its place until it has come; empty where not known.
    """

    src: str
    srcset: str
    width_px: int
    height_px: int
    alt: str
    whole: bool
    thumbhash: str


@dataclass(frozen=True, slots=True)
class Card:
    """An item among others.

    Attributes:
        href: The item's page.
        picture: Its picture; `None` where none is stored and none may be fetched.
        title: A few words.
        meta: Time, size or place, small.
        why: Why it is here; empty where that is plain.
        alt: What it shows, also where there is no picture.
        simulated: Whether Solbook computed it.
        kind: What it is, where that is more than a picture a camera took: `Illustration`, `Video`.
        likes: How many visitors like it, in figures; empty for none.
    """

    href: str
    picture: Picture | None
    title: str
    meta: str
    why: str
    alt: str
    simulated: bool
    kind: str = ""
    likes: str = ""


Words = Callable[[FrameRow], tuple[str, str, str]]
"""Gives a card's title, meta and why."""


def picture_of(frame: FrameRow, assets: Sequence[AssetRow]) -> Picture:
    """The attributes of a frame's picture."""
    return picture_in(frame.id, true_size(frame, assets), alt_text(frame), assets)


def picture_in(
    item_id: str, size_px: tuple[int, int], alt: str, assets: Sequence[AssetRow]
) -> Picture:
    """The attributes of an item's picture.

    Args:
        item_id: The item.
        size_px: Width and height of its picture.
        alt: What it shows.
        assets: Its files.
    """
    width_px, height_px = size_px
    stored = best_stored(assets)
    steps = [
        f"{links.picture_path(item_id, step)} {min(step, width_px)}w"
        for step in widths_of(width_px)
    ]
    middle = 640 if width_px > PICTURE_WIDTHS_PX[0] else PICTURE_WIDTHS_PX[0]
    small = min(width_px, height_px) < _LEAST_FILLING_PX
    long = max(width_px, height_px) > _MOST_FILLING_RATIO * min(width_px, height_px)
    return Picture(
        src=links.picture_path(item_id, middle),
        srcset=", ".join(steps),
        width_px=width_px,
        height_px=height_px,
        alt=alt,
        whole=small or long,
        thumbhash=(stored.thumbhash or "") if stored else "",
    )


def true_size(frame: FrameRow, assets: Sequence[AssetRow]) -> tuple[int, int]:
    """Width and height of the best picture there is, in pixels."""
    return known_size(frame, assets) or UNKNOWN_SIZE_PX


def has_picture(assets: Sequence[AssetRow], fetcher: PictureFetcher) -> bool:
    """Whether one of an item's pictures is stored, or may be fetched."""
    return any(
        asset.sha256 is not None or fetcher.may_fetch(asset) for asset in pictures_among(assets)
    )


def stored_size(assets: Sequence[AssetRow]) -> tuple[int, int] | None:
    """Width and height of the best picture that is stored, if one is."""
    stored = best_stored(assets)
    if stored is not None and stored.width_px and stored.height_px:
        return stored.width_px, stored.height_px
    return None


def known_size(frame: FrameRow, assets: Sequence[AssetRow]) -> tuple[int, int] | None:
    """The same, or `None` where neither a stored file nor the source tells it."""
    stored = stored_size(assets)
    if stored is not None:
        return stored
    if frame.width_px and frame.height_px:
        return frame.width_px, frame.height_px
    return None


class CardMaker:
    """Makes the cards of one page; the files of all its frames are read at once.

    Args:
        request: The request.
        connection: The page's connection.
        frames: Every frame that will be shown.
    """

    def __init__(
        self, request: Request, connection: sa.Connection, frames: Iterable[FrameRow]
    ) -> None:
        self._fetcher = pictures(request)
        self._state = archive(request).state
        known = list(frames)
        self._ids = [frame.id for frame in known]
        self._likes: dict[str, int] | None = None
        keys = [frame.key for frame in known]
        self._assets = assets_of_all(connection, keys) if keys else {}

    def assets(self, frame: FrameRow) -> list[AssetRow]:
        """The files of a frame, newest version and best file first."""
        return self._assets.get(frame.key, [])

    def has_picture(self, frame: FrameRow) -> bool:
        """Whether a picture is stored, or may be fetched."""
        return has_picture(self.assets(frame), self._fetcher)

    def picture(self, frame: FrameRow) -> Picture | None:
        """A frame's picture, if there is one to show."""
        return picture_of(frame, self.assets(frame)) if self.has_picture(frame) else None

    def likes(self, frame: FrameRow) -> int:
        """How many visitors like a frame; read for all at once when it is first asked."""
        if self._likes is None:
            with self._state.reading() as connection:
                self._likes = likes_of(connection, self._ids)
        return self._likes.get(frame.id, 0)

    def card(self, frame: FrameRow, say: Words, likes: int | None = None) -> Card:
        """A frame's card; with other likes than all it ever had, where these are given."""
        title, meta, why = say(frame)
        count = self.likes(frame) if likes is None else likes
        return Card(
            links.frame_path(frame.id),
            self.picture(frame),
            title,
            meta,
            why,
            alt_text(frame),
            is_simulated(frame),
            likes=words.number(count) if count else "",
        )

    def cards(self, frames: Iterable[FrameRow], say: Words) -> list[Card]:
        """The cards of frames."""
        return [self.card(frame, say) for frame in frames]


def say_in_sol(frame: FrameRow) -> tuple[str, str, str]:
    """Words among frames of one camera and sol: the time and the size tell them apart."""
    if frame.lmst_s is None:
        return frame.product_id, _kind(frame), ""
    return words.local_second(frame.lmst_s), _kind(frame), ""


def say_anywhere(frame: FrameRow) -> tuple[str, str, str]:
    """Words among frames of several cameras and sols."""
    camera = camera_name(frame.mission, frame.instrument)
    return camera.name, sol_and_time(frame), ""


def _kind(frame: FrameRow) -> str:
    size = words.pixel_size(frame.width_px, frame.height_px)
    kind = frame.sample_type if frame.sample_type not in (None, "full") else None
    return " · ".join(part for part in (part_name(frame.product_id), size, kind) if part)
