"""Upstream records as they were received, compressed."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import msgspec
import zstandard

_LOCAL = threading.local()
# Single records of 2 kB come out no larger than at higher levels.
_LEVEL = 1
# A quarantined page may be as large as a page may be.
_MAX_RECORD_BYTES = 1 << 30


class UpstreamRecord(msgspec.Struct, frozen=True):
    """A record of a source, byte for byte.

    Attributes:
        digest: 16 bytes that tell whether two records are the same.
        record_zst: The bytes as received, compressed (Zstandard, RFC 8878).
    """

    digest: bytes
    record_zst: bytes

    @classmethod
    def of(cls, received: bytes) -> UpstreamRecord:
        """The record of some received bytes."""
        if not hasattr(_LOCAL, "compressor"):
            _LOCAL.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        digest = hashlib.blake2b(received, digest_size=16).digest()
        return cls(digest, _LOCAL.compressor.compress(received))

    def received(self) -> bytes:
        """The bytes as they were received."""
        whole = zstandard.ZstdDecompressor()
        return whole.decompress(self.record_zst, max_output_size=_MAX_RECORD_BYTES)

    def decoded(self) -> Any:
        """What the record says, decoded from its JSON."""
        return msgspec.json.decode(self.received())

    def says_the_same(self, other: UpstreamRecord) -> bool:
        """Whether two records differ in nothing but spacing and the order of keys."""
        return self.digest == other.digest or bool(self.decoded() == other.decoded())
