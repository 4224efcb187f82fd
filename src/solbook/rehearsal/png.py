"""PNG files of noisy pictures, with a fifth of the work of a general encoder, and smaller.

In a noisy picture hardly anything repeats, so nothing is looked for that does: every value is told
by how it differs from the mean of its neighbours (PNG's filter `Average`), and the differences are
coded by how frequent they are (Huffman 1952), anew for every block of them (RFC 1951).
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solbook.rehearsal.noise import compiled

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 3: 2}
_AVERAGE = 3
# What a zlib stream begins with that was made quickly (RFC 1950).
_ZLIB = b"\x78\x01"
_BLOCK = 65_536
# Bytes, and the end of a block.
_SYMBOLS = 257
_END = 256
_LONGEST_BITS = 15
# More than a block takes that is written without its codes.
_HEADER_BYTES = 160


def png(picture: NDArray[np.uint8]) -> bytes:
    """A PNG of a picture.

    Args:
        picture: Shape (height, width) or (height, width, 3).
    """
    height, width = picture.shape[:2]
    channels = picture.size // (height * width)
    lines = np.ascontiguousarray(picture).reshape(height, width * channels)
    differences = np.empty((height, 1 + lines.shape[1]), np.uint8)
    _filter(lines, channels, differences)
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0)
    body = deflated(differences.reshape(-1))
    return b"".join(
        [_SIGNATURE, *_chunk(b"IHDR", header), *_chunk(b"IDAT", body), *_chunk(b"IEND", b"")]
    )


def deflated(values: NDArray[np.uint8]) -> bytes:
    """Bytes, shape (n,) with n of 1 or more, as a zlib stream (RFC 1950)."""
    blocks = -(-len(values) // _BLOCK)
    room = len(values) * _LONGEST_BITS // 8 + (blocks + 1) * _HEADER_BYTES
    found = np.empty(room, np.uint8)
    size = _deflate(values, found)
    return b"".join([_ZLIB, found[:size].tobytes(), struct.pack(">I", zlib.adler32(values.data))])


def _chunk(kind: bytes, body: bytes) -> list[bytes]:
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return [struct.pack(">I", len(body)), kind, body, struct.pack(">I", checksum)]


@compiled
def _filter(lines: Any, channels: Any, differences: Any) -> None:
    """Differences from the mean of the values to the left and above, which outside are 0."""
    nothing = np.zeros(lines.shape[1], np.uint8)
    last = lines.shape[1] - channels
    for i in range(lines.shape[0]):
        line, above = lines[i], lines[i - 1] if i else nothing
        differences[i, 0] = _AVERAGE
        made = differences[i, 1:]
        for j in range(channels):
            made[j] = line[j] - (above[j] >> 1)
        right, over, made = line[channels:], above[channels:], made[channels:]
        for j in range(last):
            # The mean, rounded down, in 8 bits.
            a, b = line[j], over[j]
            made[j] = right[j] - ((a & b) + ((a ^ b) >> 1))


@compiled
def _deflate(values: Any, found: Any) -> Any:
    """Write blocks of codes, least bits first; gives how many bytes."""
    lengths = np.empty(_SYMBOLS, np.int64)
    codes = np.empty(_SYMBOLS, np.uint64)
    bits, count, size = np.uint64(0), 0, 0
    for begin in range(0, values.size, _BLOCK):
        block = values[begin : begin + _BLOCK]
        _find_lengths(_counted(block), lengths)
        _find_codes(lengths, codes)
        is_last = begin + _BLOCK >= values.size
        bits, count, size = _write_header(found, bits, count, size, lengths, is_last)
        for k in range(block.size):
            bits |= codes[block[k]] << np.uint64(count)
            count += lengths[block[k]]
            if count >= 32:
                _write_word(found, size, bits)
                bits, count, size = bits >> np.uint64(32), count - 32, size + 4
        bits, count, size = _write(found, bits, count, size, codes[_END], lengths[_END])
    _write_word(found, size, bits)
    return size + (count + 7) // 8


@compiled
def _write_word(found: Any, size: Any, bits: Any) -> None:
    for k in range(4):
        found[size + k] = np.uint8((bits >> np.uint64(8 * k)) & np.uint64(255))


@compiled
def _write(found: Any, bits: Any, count: Any, size: Any, code: Any, length: Any) -> Any:
    """Write up to 32 bits; gives those left over, how many they are, and how much is written."""
    bits |= np.uint64(code) << np.uint64(count)
    count += length
    if count >= 32:
        _write_word(found, size, bits)
        return bits >> np.uint64(32), count - 32, size + 4
    return bits, count, size


@compiled
def _write_header(found: Any, bits: Any, count: Any, size: Any, lengths: Any, is_last: Any) -> Any:
    """Write what a block begins with: the lengths of its codes, four bits each.

    No distances are used; two codes for them, of one bit, please all readers.
    """
    bits, count, size = _write(found, bits, count, size, 5 if is_last else 4, 3)
    # 257 codes of bytes, 2 of distances, all 19 lengths of codes of lengths.
    bits, count, size = _write(found, bits, count, size, 0 | 1 << 5 | 15 << 10, 14)
    for k in range(19):
        # The first three, in the order of the standard, stand for repeated lengths.
        bits, count, size = _write(found, bits, count, size, 0 if k < 3 else 4, 3)
    for symbol in range(_SYMBOLS + 2):
        length = lengths[symbol] if symbol < _SYMBOLS else 1
        bits, count, size = _write(found, bits, count, size, _turned(length, 4), 4)
    return bits, count, size


@compiled
def _counted(block: Any) -> Any:
    """How often each symbol is in a block."""
    # The most frequent follow one another; counted in turns they need not wait for each other.
    parts = np.zeros((4, _SYMBOLS), np.int64)
    for k in range(0, block.size - 3, 4):
        parts[0, block[k]] += 1
        parts[1, block[k + 1]] += 1
        parts[2, block[k + 2]] += 1
        parts[3, block[k + 3]] += 1
    for k in range(block.size // 4 * 4, block.size):
        parts[0, block[k]] += 1
    parts[0, _END] = 1
    return parts[0] + parts[1] + parts[2] + parts[3]


@compiled
def _find_lengths(counts: Any, lengths: Any) -> None:
    """The lengths of the codes of some symbols by how often each occurs, 0 of those that do not."""
    longest = _LONGEST_BITS + 1
    while longest > _LONGEST_BITS:
        longest = _find_best_lengths(counts, lengths)
        # Nearer to each other, the rarest get shorter codes.
        for symbol in range(_SYMBOLS):
            counts[symbol] = (counts[symbol] + 1) // 2


@compiled
def _find_best_lengths(counts: Any, lengths: Any) -> Any:
    """The same, as Huffman has it; gives the greatest."""
    # Sorted by count, and of equal counts by symbol.
    keys = np.sort(counts * 512 + np.arange(_SYMBOLS))
    keys = keys[keys >= 512]
    leaves = keys.size
    nodes = 2 * leaves - 1
    weight, parent = np.empty(nodes, np.int64), np.zeros(nodes, np.int64)
    weight[:leaves] = keys // 512
    leaf, inner = 0, leaves
    for made in range(leaves, nodes):
        weight[made] = 0
        for _ in range(2):
            # The least of the leaves, or of the nodes made, which are in order too.
            if leaf < leaves and (inner >= made or weight[leaf] <= weight[inner]):
                least, leaf = leaf, leaf + 1
            else:
                least, inner = inner, inner + 1
            weight[made] += weight[least]
            parent[least] = made
    depth = np.zeros(nodes, np.int64)
    for node in range(nodes - 2, -1, -1):
        depth[node] = depth[parent[node]] + 1
    lengths[:] = 0
    for k in range(leaves):
        lengths[keys[k] % 512] = depth[k]
    return depth[:leaves].max()


@compiled
def _find_codes(lengths: Any, codes: Any) -> None:
    """The codes of symbols by their lengths, as the standard gives them out."""
    code = 0
    for length in range(1, _LONGEST_BITS + 1):
        for symbol in range(_SYMBOLS):
            if lengths[symbol] == length:
                codes[symbol] = _turned(code, length)
                code += 1
        code *= 2


@compiled
def _turned(code: Any, length: Any) -> Any:
    """The bits of a code from the last to the first."""
    found = 0
    for k in range(length):
        found |= ((code >> k) & 1) << (length - 1 - k)
    return found
