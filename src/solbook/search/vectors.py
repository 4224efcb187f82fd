"""Which pictures look alike: descriptors of one segment of an index.

A segment is written once, sorted by mission and time, so that a mission's span of time is a range
of rows. faiss looks through eight bits a number (flat, every row), and the best are ranked again by
the float16 numbers beside it. Both are mapped into memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solbook.search.columns import Columns, KeyedRows, read_columns, write_columns

NAMES = ("keys", "missions", "utc_ns", "hashes", "values")
_QUANTISED = "sq8.faiss"
# Ranked again: so many times as many as are wanted.
_AHEAD = 4
# faiss learns the range of each number from so many rows.
_LEARNT_FROM = 100_000


class Alike(NamedTuple):
    """An item whose picture is like another, and how much: 1 is the same."""

    key: int
    likeness: float


class Span(NamedTuple):
    """A mission's span of time: the mission's code in the index, and UTC in ns."""

    mission: int
    from_ns: int
    to_ns: int


def write_vectors(folder: Path, columns: Columns) -> None:
    """Write a segment.

    Args:
        folder: Its folder, which must not be there.
        columns: `keys` of the items, `missions` as codes, `utc_ns`, `hashes` (0 for none), and
            `values`: descriptors of length 1, shape (n, dimensions).
    """
    import faiss  # noqa: PLC0415  (a tenth of a second; most commands need none of it)

    order = np.lexsort((columns["keys"], columns["utc_ns"], columns["missions"]))
    ordered = {name: columns[name][order] for name in NAMES}
    ordered["values"] = ordered["values"].astype(np.float16)
    write_columns(folder, ordered)
    rows, dimensions = ordered["values"].shape
    index = faiss.IndexScalarQuantizer(
        dimensions, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    step = max(rows // _LEARNT_FROM, 1)
    index.train(ordered["values"][::step].astype(np.float32))
    for first in range(0, rows, _LEARNT_FROM):
        index.add(ordered["values"][first : first + _LEARNT_FROM].astype(np.float32))
    faiss.write_index(index, str(folder / _QUANTISED))


class VectorSegment(KeyedRows):
    """A segment, open for reading.

    Args:
        folder: Its folder.
        dead: Rows that a later segment replaces, ascending.

    Raises:
        OSError, ValueError, RuntimeError: It is damaged.
    """

    def __init__(self, folder: Path, dead: NDArray[np.int64]) -> None:
        import faiss  # noqa: PLC0415

        self._faiss = faiss
        # One query has nothing to share out; waking other threads takes longer than the search.
        faiss.omp_set_num_threads(1)
        super().__init__(read_columns(folder, NAMES), dead)
        self._index = faiss.read_index(str(folder / _QUANTISED), faiss.IO_FLAG_MMAP_IFC)
        if self._index.ntotal != len(self):
            raise ValueError(f"{_QUANTISED} has {self._index.ntotal} rows, not {len(self)}")

    def nearest(self, vector: NDArray[Any], limit: int, span: Span | None = None) -> list[Alike]:
        """The items whose pictures are most like a descriptor, the likest first.

        Args:
            vector: The descriptor.
            limit: At most so many.
            span: Only of this mission and time.
        """
        wanted = np.asarray(vector, np.float32).reshape(1, -1)
        parameters = self._selected(span)
        found = self._index.search(wanted, min(_AHEAD * limit, len(self)), params=parameters)[1][0]
        rows = np.sort(found[found >= 0])
        exact = self.columns["values"][rows].astype(np.float32) @ wanted[0]
        keys = self.columns["keys"][rows]
        best = np.lexsort((keys, -exact))[:limit]
        return [Alike(int(keys[n]), float(exact[n])) for n in best]

    def hashes_near(self, bits: int, most: int) -> Iterator[int]:
        """Keys of the items whose perceptual hash differs in at most so many bits."""
        from solbook.imaging.perceptual_hash import differing_bits  # noqa: PLC0415

        hashes = self.columns["hashes"]
        for row in np.flatnonzero(differing_bits(hashes, bits) <= most):
            if hashes[row] and not self.is_dead(int(row)):
                yield int(self.columns["keys"][row])

    def _selected(self, span: Span | None) -> Any:
        """What faiss looks at: the rows of a span, without those that are replaced."""
        faiss = self._faiss
        chosen = None
        if span is not None:
            chosen = faiss.IDSelectorRange(*self._range(span))
        if len(self.dead):
            others = faiss.IDSelectorNot(faiss.IDSelectorBatch(self.dead))
            chosen = others if chosen is None else faiss.IDSelectorAnd(chosen, others)
        return None if chosen is None else faiss.SearchParameters(sel=chosen)

    def _range(self, span: Span) -> tuple[int, int]:
        """The rows of a span: from the first to before the last."""
        missions = self.columns["missions"]
        first, last = np.searchsorted(missions, [span.mission, span.mission + 1])
        times = self.columns["utc_ns"][first:last]
        low, high = np.searchsorted(times, [span.from_ns, span.to_ns])
        return int(first + low), int(first + high)
