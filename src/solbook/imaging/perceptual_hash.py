"""The perceptual hash of a picture: 64 bits that stay, nearly all, when it is scaled or compressed.

It is the DCT hash of Zauner ("Implementation and benchmarking of perceptual image hash functions",
2010), as libraries such as `imagehash` have it: which of the lowest frequencies are above their
median. Bits say nothing of a picture without contrast, so such a one has no hash.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solbook.imaging.descriptor import DCT, Floats

DUPLICATE_BITS = 4
"""Pictures whose hashes differ in at most so many bits may be the same picture."""

DUPLICATE_LIKENESS = 0.985
"""Their descriptors must be as near as this as well: two cloudless skies may have one hash."""

_SIDE = 8
# Below this standard deviation of brightness (of 1) bits are noise.
_LEAST_CONTRAST = 0.02


def perceptual_hash(small: Floats) -> int | None:
    """The hash of a picture as `small_picture` gives it; `None` where it has no contrast."""
    grey = small.mean(axis=2)
    if float(grey.std()) < _LEAST_CONTRAST:
        return None
    lowest = (DCT[:_SIDE] @ grey @ DCT[:_SIDE].T).ravel()
    # The first is the mean brightness, which is no part of the median.
    bits = lowest > np.median(lowest[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def differing_bits(hashes: NDArray[np.uint64], other: int) -> NDArray[np.uint8]:
    """In how many bits each of some hashes differs from another."""
    made: NDArray[np.uint8] = np.bitwise_count(hashes ^ np.uint64(other))
    return made
