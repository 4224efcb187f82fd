"""A process that votes, for the crash test.

After each vote it notes in a journal of its own that the vote was answered, waits until that is on
disk, and says so. Started again, it goes on after the last vote of its journal.
"""

from __future__ import annotations

import os
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from solbook.archive.likes import Likeable, like, unlike
from solbook.archive.state import State

ITEMS = 200
UNDO_EVERY = 10
_UNANSWERED = b"\0"


class Vote(NamedTuple):
    """A vote of a writer."""

    item: Likeable
    visitor: bytes
    given: bool


def votes(writer: int, number: int) -> list[Vote]:
    """What a writer votes: every tenth takes one of its likes back, though perhaps not the last."""
    chance = random.Random(writer)
    made: list[Vote] = []
    for position in range(number):
        if position % UNDO_EVERY == UNDO_EVERY - 1:
            made.append(made[chance.randrange(position)]._replace(given=False))
        else:
            sol = chance.randrange(ITEMS)
            item = Likeable(f"m2020/FRAME_{sol}", "frame", "m2020", sol)
            visitor = f"{writer}:{chance.randrange(number)}".encode()
            made.append(Vote(item, visitor, given=True))
    return made


def answered(journal: Path) -> int:
    """How many votes a journal notes as answered."""
    return len(journal.read_bytes().rstrip(_UNANSWERED)) if journal.exists() else 0


def write(folder: Path, writer: int, number: int, said: Connection) -> None:
    """Cast the votes of a writer that are not answered yet."""
    path = folder / f"journal-{writer}"
    state = State(folder)
    if not path.exists():
        # Of its full length from the start: a note then changes a byte, and not the file's size.
        path.write_bytes(_UNANSWERED * number)
    done = answered(path)
    with path.open("r+b", buffering=0) as journal:
        journal.seek(done)
        for vote in votes(writer, number)[done:]:
            if vote.given:
                like(state, vote.item, vote.visitor, time.time_ns())
            else:
                unlike(state, vote.item.id, vote.visitor, time.time_ns())
            journal.write(b".")
            os.fdatasync(journal.fileno())
            said.send_bytes(b".")
    state.close()
