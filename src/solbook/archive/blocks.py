"""Upstream records on disk: those that one page adds are compressed together, as a block.

Records of a page resemble each other, so a block takes a quarter of the room and a quarter of the
time of the same records one by one; finding one means to unpack some hundred kilobytes.
"""

from __future__ import annotations

import hashlib
import threading

import msgspec
import sqlalchemy as sa
import zstandard

from solbook.archive import schema

_LOCAL = threading.local()
_LEVEL = 3
_DIGEST_BYTES = 16
# A quarantined page may be as large as a page may be.
_MAX_BLOCK_BYTES = 1 << 30


def compress(body: bytes) -> bytes:
    """Bytes as the catalogue keeps them (Zstandard, RFC 8878)."""
    if not hasattr(_LOCAL, "compressor"):
        _LOCAL.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    compressed: bytes = _LOCAL.compressor.compress(body)
    return compressed


def decompress(kept: bytes) -> bytes:
    """The bytes that were compressed."""
    return zstandard.ZstdDecompressor().decompress(kept, max_output_size=_MAX_BLOCK_BYTES)


def record_digest(received: bytes) -> bytes:
    """What tells whether two records are the same: the first 16 bytes of their SHA-256."""
    return hashlib.sha256(received).digest()[:_DIGEST_BYTES]


class BlockPlace(msgspec.Struct, frozen=True):
    """Where a record is: in which block, from which byte, how many bytes."""

    block: int
    start: int
    length: int

    def read(self, connection: sa.Connection) -> bytes:
        """The record as it was received."""
        table = schema.UPSTREAM_BLOCKS.c
        kept = connection.execute(
            sa.select(table.records_zst).where(table.key == self.block)
        ).scalar_one()
        return decompress(kept)[self.start : self.start + self.length]


def says_the_same(
    connection: sa.Connection, digest: bytes, place: BlockPlace, received: bytes
) -> bool:
    """Whether a record differs from a kept one in nothing but spacing and order of keys.

    Args:
        connection: A connection of the archive.
        digest: That of the kept record.
        place: Where the kept record is.
        received: The record.
    """
    if digest == record_digest(received):
        return True
    before = place.read(connection)
    return bool(msgspec.json.decode(before) == msgspec.json.decode(received))


class BlockWriter:
    """Gathers the records of one page and writes them as one block.

    Args:
        connection: A transaction that holds the write lock.
        key: The key the block will have.
    """

    def __init__(self, connection: sa.Connection, key: int) -> None:
        self.connection = connection
        self.key = key
        self.records: list[bytes] = []
        self.size = 0

    def add(self, received: bytes) -> tuple[int, int, int]:
        """Take a record in; returns where it will be: block, start, length."""
        start, length = self.size, len(received)
        self.records.append(received)
        self.size += length
        return self.key, start, length

    def flush(self) -> None:
        """Write the block, if anything is in it."""
        if self.records:
            self.connection.execute(
                sa.insert(schema.UPSTREAM_BLOCKS),
                {"key": self.key, "records_zst": compress(b"".join(self.records))},
            )
