"""What has to be worked out of an item before it can be indexed; it may be done in any process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from solbook.imaging.descriptor import DEFAULT_DESCRIPTOR, small_picture
from solbook.imaging.perceptual_hash import perceptual_hash
from solbook.imaging.pictures import NotAPicture
from solbook.imaging.view import view_of_record


class Work(msgspec.Struct, frozen=True):
    """An item, and what its numbers are made of.

    Attributes:
        key: Its key in the catalogue.
        item_id: Its public id.
        mission: Its mission, of a frame.
        utc_ns: When it was taken or published.
        site: Site index of the rover's localisation.
        width_px: Width of a frame's picture, as its record states it.
        height_px: Its height.
        path: The smallest picture of it that is good enough.
        record: The upstream record of a frame.
    """

    key: int
    item_id: str
    mission: str | None
    utc_ns: int | None
    site: int | None
    width_px: int | None
    height_px: int | None
    path: str | None = None
    record: bytes | None = None


class Described(msgspec.Struct, frozen=True):
    """What was worked out of an item; `None` where it cannot be known."""

    key: int
    item_id: str
    vector: Any = None
    hash: int | None = None
    view: Any = None
    damage: str | None = None


def describe(work: Work) -> Described:
    """Work out the descriptor and the hash of an item's picture, and the view of a frame."""
    view = _view(work)
    if work.path is None:
        return Described(work.key, work.item_id, view=view)
    try:
        small = small_picture(Path(work.path))
    except NotAPicture as error:
        return Described(work.key, work.item_id, view=view, damage=str(error))
    except OSError:
        return Described(work.key, work.item_id, view=view, damage="its file is not on disk")
    vector = DEFAULT_DESCRIPTOR.describe(small).astype(np.float16)
    return Described(work.key, work.item_id, vector, perceptual_hash(small), view)


def _view(work: Work) -> NDArray[np.float32] | None:
    """The view of a frame: only within a site are places known to each other."""
    if work.record is None or work.site is None or not work.width_px or not work.height_px:
        return None
    try:
        record = msgspec.json.decode(work.record)
    except msgspec.DecodeError:
        return None
    view = view_of_record(record, work.width_px, work.height_px)
    return None if view is None else view.astype(np.float32)
