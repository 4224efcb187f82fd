"""Which stored file is which asset of which frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as upsert

from solbook.archive import schema
from solbook.archive.catalogue import Archive, now_ns

# The best file first: what is shown and downloaded when several are there.
ROLES = ("full", "large", "medium", "small")

OTHER_ROLES = ("video", "audio", "captions")
"""The files of releases that are no pictures."""


class FileKind(msgspec.Struct, frozen=True):
    """What some bytes are, as found by decoding them.

    Attributes:
        media_type: For example `image/png`.
        extension: For example `png`.
        width_px: Width of a picture, upright.
        height_px: Height of a picture, upright.
        thumbhash: What stands in the picture's place until it has come, in Base64.
        damage: Why nothing can be made of them beyond their header.
    """

    media_type: str
    extension: str
    width_px: int | None = None
    height_px: int | None = None
    thumbhash: str | None = None
    damage: str | None = None


class StoredFile(msgspec.Struct, frozen=True):
    """A file of the archive."""

    sha256: str
    extension: str
    media_type: str
    byte_count: int
    width_px: int | None
    height_px: int | None
    stored_ns: int


class ShownFile(msgspec.Struct, frozen=True):
    """The file that a frame's pictures are made of."""

    frame_id: str
    sha256: str
    extension: str
    media_type: str
    width_px: int
    height_px: int
    thumbhash: str | None
    damage: str | None


class Outcome(msgspec.Struct, frozen=True):
    """What was learnt of a file when pictures were made of it.

    Attributes:
        sha256: The file.
        thumbhash: Its ThumbHash, if it was worked out.
        damage: Why nothing can be made of it; `None` if it can.
    """

    sha256: str
    thumbhash: str | None
    damage: str | None


def keep_file(
    archive: Archive,
    item: int,
    version: int,
    role: str,
    body: bytes,
    kind: FileKind,
    *,
    origin: str,
) -> bool:
    """Store a file's bytes and note whose they are.

    Args:
        archive: Where to.
        item: Key of the item.
        version: Version of the product.
        role: Which of its files this is.
        body: The bytes.
        kind: What they are.
        origin: Where they came from, a path or an address.

    Returns:
        Whether this changed anything.
    """
    # The bytes first: a row must never name a file that is not there.
    sha256 = archive.files.store(body, kind.extension)
    at_ns = now_ns()
    with archive.writing() as connection:
        connection.execute(
            upsert(schema.FILES).on_conflict_do_nothing(),
            {
                "sha256": sha256,
                "byte_count": len(body),
                "stored_ns": at_ns,
                **msgspec.structs.asdict(kind),
            },
        )
        asset = schema.ASSETS.c
        before = connection.execute(
            sa.select(asset.sha256).where(
                asset.item == item, asset.version == version, asset.role == role
            )
        ).scalar()
        if before == sha256:
            return False
        row = upsert(schema.ASSETS).values(
            item=item,
            version=version,
            role=role,
            sha256=sha256,
            origin=origin,
            stored_ns=at_ns,
        )
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["item", "version", "role"],
                set_={
                    "sha256": sha256,
                    "origin": origin,
                    "stored_ns": at_ns,
                    "failed_ns": None,
                    "failure": None,
                },
            )
        )
        connection.execute(
            sa.insert(schema.CHANGE_LOG), {"item": item, "change": "file", "at_ns": at_ns}
        )
    return True


def note_failure(archive: Archive, item: int, version: int, role: str, reason: str) -> None:
    """Note that a picture cannot be had from its upstream, so that it is not asked for again."""
    failed = {"failed_ns": now_ns(), "failure": reason}
    with archive.writing() as connection:
        connection.execute(
            upsert(schema.ASSETS)
            .values(item=item, version=version, role=role, **failed)
            .on_conflict_do_update(index_elements=["item", "version", "role"], set_=failed)
        )


def shown_files(connection: sa.Connection, *, damaged: bool = False) -> Iterator[ShownFile]:
    """The best stored file of each frame's newest stored version, in the order of the frames.

    Args:
        connection: A connection of the archive.
        damaged: Whether files that were found damaged are among them.
    """
    asset, file = schema.ASSETS.c, schema.FILES.c
    columns = [file[name] for name in ShownFile.__struct_fields__[1:]]
    rank = sa.case({role: place for place, role in enumerate(ROLES)}, value=asset.role, else_=9)
    rows = connection.execute(
        sa.select(asset.item, schema.ITEMS.c.id, *columns)
        .join_from(schema.ASSETS, schema.FILES, asset.sha256 == file.sha256)
        .join(schema.ITEMS, schema.ITEMS.c.key == asset.item)
        .where(asset.role.in_(ROLES))
        .order_by(asset.item, asset.version.desc(), rank)
        .execution_options(yield_per=1000)
    )
    last = None
    for item, *values in rows:
        if item != last and (damaged or values[-1] is None):
            yield ShownFile(*values)
        last = item


def count_shown_files(connection: sa.Connection) -> int:
    """How many frames have a stored file."""
    found = sa.select(sa.func.count(schema.ASSETS.c.item.distinct()))
    asset = schema.ASSETS.c
    conditions = asset.sha256.is_not(None), asset.role.in_(ROLES)
    return connection.execute(found.where(*conditions)).scalar() or 0


def note_outcomes(archive: Archive, outcomes: Sequence[Outcome]) -> None:
    """Note what was learnt of some files."""
    if not outcomes:
        return
    file = schema.FILES.c
    placeholder: sa.BindParameter[str | None] = sa.bindparam("placeholder")
    statement = (
        sa.update(schema.FILES)
        .where(file.sha256 == sa.bindparam("which"))
        .values(thumbhash=sa.func.coalesce(placeholder, file.thumbhash), damage=sa.bindparam("why"))
    )
    with archive.writing() as connection:
        connection.execute(
            statement,
            [
                {"which": each.sha256, "placeholder": each.thumbhash, "why": each.damage}
                for each in outcomes
            ],
        )


def file_named(connection: sa.Connection, sha256: str) -> StoredFile | None:
    """The file with this sha256, if the archive has it."""
    row = connection.execute(
        sa.select(*(schema.FILES.c[name] for name in StoredFile.__struct_fields__)).where(
            schema.FILES.c.sha256 == sha256
        )
    ).first()
    return StoredFile(*row) if row else None


def path_of(archive: Archive, file: StoredFile) -> Path:
    """Where a file of the archive is on disk."""
    return archive.files.path(file.sha256, file.extension)
