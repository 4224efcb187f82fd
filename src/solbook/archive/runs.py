"""Runs of the ingester: what each read, what became of it, what the feed said there was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from solbook.archive import schema
from solbook.archive.catalogue import Archive, now_ns
from solbook.archive.tally import Tally


def begin_run(archive: Archive, source: str, origin: str) -> int:
    """Note that a run begins; returns its key.

    A run of the same thing that never ended was cut off; it is noted as `interrupted`.
    """
    with archive.writing() as connection:
        connection.execute(
            sa.update(schema.RUNS)
            .where(
                schema.RUNS.c.source == source,
                schema.RUNS.c.origin == origin,
                schema.RUNS.c.state == "running",
            )
            .values(state="interrupted")
        )
        key = connection.execute(
            sa.insert(schema.RUNS).values(
                source=source, origin=origin, state="running", started_ns=now_ns()
            )
        ).inserted_primary_key
        assert key is not None  # noqa: S101  (SQLite always gives one)
        return int(key[0])


def end_run(
    archive: Archive,
    run: int,
    state: str,
    tally: Tally,
    *,
    pages: int,
    stated_total: int | None,
    message: str,
) -> None:
    """Note how a run ended: `complete`, `short` (of the feed's total) or `failed`."""
    values: dict[str, Any] = {name: getattr(tally, name) for name in tally.__struct_fields__}
    with archive.writing() as connection:
        connection.execute(
            sa.update(schema.RUNS)
            .where(schema.RUNS.c.key == run)
            .values(
                state=state,
                ended_ns=now_ns(),
                pages=pages,
                stated_total=stated_total,
                message=message,
                **values,
            )
        )
