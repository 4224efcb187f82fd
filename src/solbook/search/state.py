"""How an archive's index is doing; it imports neither faiss nor Tantivy where there is none."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from solbook.archive import Archive
from solbook.search.generations import IndexState, IndexStore

_STORES: WeakKeyDictionary[Archive, IndexStore] = WeakKeyDictionary()


def index_of(archive: Archive) -> IndexStore:
    """The index of an archive; the same one each time, so that it is opened once."""
    if archive not in _STORES:
        _STORES[archive] = IndexStore(archive.index_path)
    return _STORES[archive]


def index_state(archive: Archive, latest_change: int) -> IndexState:
    """How the index of an archive is doing.

    Args:
        archive: The archive.
        latest_change: The newest number of the catalogue's change log.
    """
    return index_of(archive).state(latest_change)


__all__ = ["IndexState", "index_of", "index_state"]
