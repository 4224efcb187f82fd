"""What was found out from the catalogue and holds until something is written to it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Remembered(Generic[_Value]):
    """Values of one state of the catalogue; what was asked for longest ago goes first.

    States are those of `archive.watch`. Ask for the state first, then read the catalogue: what is
    read may be newer than its state says, and then it is forgotten, but it is never older.

    Args:
        budget: How much all values together may cost.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._cost = 0
        self._state: int | None = None
        self._kept: OrderedDict[Hashable, tuple[_Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable, state: int) -> _Value | None:
        """The value, if it was kept in this state."""
        with self._lock:
            self._forget_other_than(state)
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, state: int, value: _Value, cost: int = 1) -> None:
        """Keep a value that was found out after the catalogue had this state, if there is room."""
        with self._lock:
            self._forget_other_than(state)
            if cost > self._budget:
                return
            _, before = self._kept.pop(key, (None, 0))
            self._kept[key] = value, cost
            self._cost += cost - before
            while self._cost > self._budget:
                _, (_, gone) = self._kept.popitem(last=False)
                self._cost -= gone

    def _forget_other_than(self, state: int) -> None:
        if state != self._state:
            self._kept.clear()
            self._cost = 0
            self._state = state
