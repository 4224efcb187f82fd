"""Upstream records as they were received."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

_DIGEST_BYTES = 16


class UpstreamRecord(msgspec.Struct, frozen=True):
    """A record of a source, byte for byte.

    Attributes:
        received: The bytes as received.
        digest: The first 16 bytes of their SHA-256, which tell whether two records are the same.
    """

    received: bytes
    digest: bytes

    @classmethod
    def of(cls, received: bytes) -> UpstreamRecord:
        """The record of some received bytes."""
        return cls(received, hashlib.sha256(received).digest()[:_DIGEST_BYTES])

    def decoded(self) -> Any:
        """What the record says, decoded from its JSON."""
        return msgspec.json.decode(self.received)
