"""Upstream records as they were received, compressed."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import msgspec
import zstandard

_LOCAL = threading.local()
_LEVEL = 3
# A quarantined page may be as large as a page may be.
_MAX_RECORD_BYTES = 1 << 30


def digest_of(record: bytes) -> bytes:
    """A 16-byte digest that tells whether a record is the one already kept."""
    return hashlib.blake2b(record, digest_size=16).digest()


def compress(record: bytes) -> bytes:
    """A record as the catalogue keeps it (Zstandard, RFC 8878)."""
    if not hasattr(_LOCAL, "compressor"):
        _LOCAL.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    compressed: bytes = _LOCAL.compressor.compress(record)
    return compressed


def decompress(kept: bytes) -> bytes:
    """The bytes of a record as they were received."""
    return zstandard.ZstdDecompressor().decompress(kept, max_output_size=_MAX_RECORD_BYTES)


def same_content(kept: bytes, record: bytes) -> bool:
    """Whether a kept record and a new one differ in nothing but spacing and order of keys."""
    return bool(_parsed(decompress(kept)) == _parsed(record))


def _parsed(record: bytes) -> Any:
    return msgspec.json.decode(record)
