"""Comparing catalogues: everything in them but when it was written."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from solbook.archive import Archive, schema

# `runs` says what was done, not what is known; times differ from run to run.
_LEFT_OUT = {"runs"}


def contents(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without times of writing and in a fixed order."""
    found = {}
    with archive.reading() as connection:
        for table in schema.METADATA.sorted_tables:
            if table.name in _LEFT_OUT:
                continue
            columns = [c for c in table.columns if c.name not in _WRITING_TIMES]
            rows = connection.execute(sa.select(*columns).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
    return found


_WRITING_TIMES = {"first_seen_ns", "changed_ns", "seen_ns", "at_ns", "stored_ns", "superseded_ns"}
