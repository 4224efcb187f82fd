"""What the ranking needs to know of items, read by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec
import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.bulk import BulkSelect
from solbook.archive.frames import FRAME, THUMBNAIL
from solbook.records import ProductId, parse_product_id

_ITEMS, _RELEASES = schema.ITEMS.c, schema.RELEASES.c


class Facts(msgspec.Struct, frozen=True):
    """An item, as far as the ranking is concerned.

    Attributes:
        at_ns: When a frame was taken, or a release published, UTC.
    """

    key: int
    id: str
    kind: str
    mission: str | None
    product_id: str
    sol: int | None
    instrument: str | None
    sample_type: str | None
    at_ns: int | None
    site: int | None
    drive: int | None
    mast_az_deg: float | None
    mast_el_deg: float | None
    exposure: str | None
    title: str | None
    media_type: str | None

    @property
    def is_frame(self) -> bool:
        """Whether it is a frame; otherwise it is a release or a story."""
        return self.kind == FRAME

    @property
    def is_thumbnail(self) -> bool:
        """Whether it is a thumbnail, which shows what its frame shows."""
        return self.sample_type == THUMBNAIL

    @property
    def family(self) -> str:
        """Its camera, both eyes alike."""
        return (self.instrument or "").replace("_LEFT", "").replace("_RIGHT", "")

    @property
    def product(self) -> ProductId | None:
        """Its product id, taken apart."""
        return _product(self.product_id)


_OWN = {
    "at_ns": sa.func.coalesce(_ITEMS.utc_ns, _RELEASES.dated_ns),
    "media_type": _RELEASES.media_type,
}
_COLUMNS = [_OWN[n] if n in _OWN else _ITEMS[n] for n in Facts.__struct_fields__]
_SELECT = sa.select(*_COLUMNS).select_from(schema.ITEMS.outerjoin(schema.RELEASES))
_BY_KEY = BulkSelect(_SELECT, _ITEMS.key)
_BY_ID = BulkSelect(_SELECT, _ITEMS.id)


def facts_of(connection: sa.Connection, keys: Iterable[int]) -> dict[int, Facts]:
    """Some items, by key."""
    found = (Facts(*row) for row in _BY_KEY.rows(connection, sorted(keys)))
    return {facts.key: facts for facts in found}


def facts_by_id(connection: sa.Connection, ids: Iterable[str]) -> list[Facts]:
    """The items with some public ids."""
    return [Facts(*row) for row in _BY_ID.rows(connection, sorted(ids))]


@lru_cache(maxsize=4096)
def _product(product_id: str) -> ProductId | None:
    return parse_product_id(product_id)
