"""What became of records that were fed to an archive."""

from __future__ import annotations

import msgspec


class Tally(msgspec.Struct):
    """What became of the records of one page, or of many."""

    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
