"""Writing the releases of a page, and lists of their files, in the page's transaction."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import schema
from solbook.archive.blocks import BlockPlace, BlockWriter, record_digest, says_the_same
from solbook.archive.links import write_links
from solbook.archive.quarantine import quarantine
from solbook.archive.tally import Tally
from solbook.records import (
    Asset,
    Rejected,
    Release,
    ReleaseFiles,
    SourcePage,
    links_of_release,
    release_id,
)

_ITEMS, _UPSTREAM = schema.ITEMS.c, schema.UPSTREAM_RECORDS.c

# Under which id the list of a release's files is kept beside its record.
_FILES_ID = "{}#files"


class ReleaseWriter:
    """Writes the releases of one page; there are thousands of them where frames are millions.

    Args:
        connection: A transaction that holds the write lock.
        page: The page.
        at_ns: When it was seen, UTC.
    """

    def __init__(self, connection: sa.Connection, page: SourcePage, at_ns: int) -> None:
        self._connection = connection
        self._page = page
        self._at_ns = at_ns
        self._tally = Tally()
        self._new_records = 0
        block = connection.execute(sa.select(sa.func.max(schema.UPSTREAM_BLOCKS.c.key))).scalar()
        self._block = BlockWriter(connection, (block or 0) + 1)

    def write(self) -> Tally:
        """Write them; feeding a page again changes nothing."""
        for release in self._page.releases:
            self._tally.read += 1
            self._take(release)
        for files in self._page.release_files:
            self._tally.read += 1
            self._take_files(files)
        self._block.flush()
        self._count()
        return self._tally

    def _take(self, release: Release) -> None:
        item = self._key(release.id)
        is_new = item is None
        if item is None:
            item = self._add(release)
        elif not self._is_news(item, release.upstream_id, release.upstream):
            self._tally.unchanged += 1
            return
        else:
            self._revise(item, release)
        self._keep(item, release.upstream_id, release.upstream, release.assets)
        write_links(self._connection, item, links_of_release(release))
        self._note(item, is_new=is_new)

    def _take_files(self, files: ReleaseFiles) -> None:
        item = self._key(release_id(self._page.source, files.upstream_id))
        if item is None:
            self._tally.quarantined += 1
            reason = "These are the files of a release that is not here."
            rejected = Rejected(
                -1, reason, files.upstream_id, "the id of a release that was read", files.upstream
            )
            quarantine(self._connection, self._page, rejected, self._at_ns)
            return
        identity = _FILES_ID.format(files.upstream_id)
        if not self._is_news(item, identity, files.upstream):
            self._tally.unchanged += 1
            return
        self._keep(item, identity, files.upstream, files.assets)
        self._note(item, is_new=False)

    def _note(self, item: int, *, is_new: bool) -> None:
        self._tally.new += is_new
        self._tally.revised += not is_new
        change = "new" if is_new else "revised"
        self._connection.execute(
            sa.insert(schema.CHANGE_LOG), {"item": item, "change": change, "at_ns": self._at_ns}
        )

    def _key(self, identity: str) -> int | None:
        found = self._connection.execute(sa.select(_ITEMS.key).where(_ITEMS.id == identity))
        key: int | None = found.scalar()
        return key

    def _add(self, release: Release) -> int:
        key: int = self._connection.execute(
            sa.insert(schema.ITEMS).returning(_ITEMS.key),
            {
                "id": release.id,
                "kind": release.kind,
                "product_id": release.name,
                "version": 0,
                "source": release.source,
                "first_seen_ns": self._at_ns,
                **self._shared(release),
            },
        ).scalar_one()
        self._connection.execute(sa.insert(schema.RELEASES), {"item": key, **_own(release)})
        return key

    def _revise(self, item: int, release: Release) -> None:
        self._connection.execute(
            sa.update(schema.ITEMS).where(_ITEMS.key == item).values(**self._shared(release))
        )
        self._connection.execute(
            sa.update(schema.RELEASES).where(schema.RELEASES.c.item == item).values(**_own(release))
        )

    def _shared(self, release: Release) -> dict[str, Any]:
        return {
            "kind": release.kind,
            "title": release.title,
            "caption": release.caption,
            "credit": release.credit,
            "page_url": release.page_url,
            "flags": _as_json(release.flags) if release.flags else None,
            "changed_ns": self._at_ns,
        }

    def _is_news(self, item: int, upstream_id: str, received: bytes) -> bool:
        """Whether a record says something new; an older form of it is marked as superseded.

        A saved page may be older than what is here, so that a form which was seen before and has
        been superseded is no news; where the upstream itself says it, it is.
        """
        rows = self._connection.execute(
            sa.select(schema.UPSTREAM_RECORDS)
            .where(
                _UPSTREAM.item == item,
                _UPSTREAM.source == self._page.source,
                _UPSTREAM.upstream_id == upstream_id,
            )
            .order_by(_UPSTREAM.key.desc())
        ).all()
        if not rows:
            self._new_records += 1
            return True
        known = rows[:1] if self._page.is_live else rows
        if any(self._says(row, received) for row in known):
            return False
        self._connection.execute(
            sa.update(schema.UPSTREAM_RECORDS)
            .where(_UPSTREAM.key == rows[0].key)
            .values(superseded_ns=self._at_ns)
        )
        return True

    def _says(self, row: sa.Row[Any], received: bytes) -> bool:
        """Whether a record that is kept says the same."""
        if row.block == self._block.key:
            # It came in this very page: its block is not written yet.
            return bool(row.digest == record_digest(received))
        place = BlockPlace(row.block, row.start, row.length)
        return says_the_same(self._connection, row.digest, place, received)

    def _keep(
        self, item: int, upstream_id: str, received: bytes, assets: tuple[Asset, ...]
    ) -> None:
        block, start, length = self._block.add(received)
        self._connection.execute(
            sa.insert(schema.UPSTREAM_RECORDS),
            {
                "item": item,
                "source": self._page.source,
                "upstream_id": upstream_id,
                "version": 0,
                "urls": _as_json({asset.role: asset.url for asset in assets}),
                "digest": record_digest(received),
                "block": block,
                "start": start,
                "length": length,
                "seen_ns": self._at_ns,
            },
        )

    def _count(self) -> None:
        records = self._tally.new + self._new_records
        if not records:
            return
        statement = upsert(schema.SOURCE_COUNTS).values(
            source=self._page.source, records=records, frames=self._tally.new
        )
        counts = schema.SOURCE_COUNTS.c
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["source"],
                set_={
                    name: counts[name] + statement.excluded[name] for name in ("records", "frames")
                },
            )
        )


def _own(release: Release) -> dict[str, Any]:
    return {
        "media_type": release.media_type,
        "dated": release.dated,
        "dated_ns": release.dated_ns,
        "credit_source": release.credit_source,
        "body": release.body,
        "keywords": _as_json(release.keywords),
        "missions": _as_json(release.missions),
        "location": release.location,
        "alt": release.alt,
    }


def _as_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
