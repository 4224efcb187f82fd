"""What could not be read is kept, with the reason."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import schema
from solbook.archive.blocks import compress, record_digest
from solbook.records import Rejected, SourcePage

_INSERT = upsert(schema.QUARANTINE).on_conflict_do_nothing()


def quarantine(connection: sa.Connection, page: SourcePage, rejected: Rejected, at_ns: int) -> None:
    """Keep something of a page that could not be read; the same again changes nothing.

    Args:
        connection: A transaction of the archive.
        page: The page it stood in.
        rejected: It, and the reason.
        at_ns: When it was seen, UTC.
    """
    connection.execute(
        _INSERT,
        {
            "source": page.source,
            "origin": page.origin,
            "position": rejected.position,
            "reason": rejected.reason,
            "found": rejected.found,
            "expected": rejected.expected,
            "digest": record_digest(rejected.upstream),
            "record_zst": compress(rejected.upstream),
            "seen_ns": at_ns,
        },
    )
