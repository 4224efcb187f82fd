"""Work that many ask for at once and one thread does."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class OneAtATime:
    """Lets one thread at a time see to each thing."""

    def __init__(self) -> None:
        self._under_way: set[Hashable] = set()
        self._done = threading.Condition()

    @contextmanager
    def on(self, thing: Hashable) -> Iterator[None]:
        """Wait until nobody else sees to it."""
        with self._done:
            self._done.wait_for(lambda: thing not in self._under_way)
            self._under_way.add(thing)
        try:
            yield
        finally:
            with self._done:
                self._under_way.remove(thing)
                self._done.notify_all()
