"""20,000 votes from 4 writers that are killed again and again: none is lost, none counts twice."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from solbook.archive.state import State
from tests.archive import like_writer
from tests.archive.like_writer import Vote, answered, votes
from tests.liking import kept_likes, totals_as_counted, totals_as_kept

WRITERS = 4
VOTES = 20_000
KILLS = 100


class Writers:
    """The writers that run, each in a process of its own, by what they are heard through."""

    def __init__(self, folder: Path) -> None:
        # Forked from a process that has imported everything: a new writer is there at once.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([like_writer.__name__])
        self._folder = folder
        self.running: dict[Connection, tuple[int, BaseProcess]] = {}

    def start(self, writer: int) -> None:
        heard, said = self._context.Pipe(duplex=False)
        words = (self._folder, writer, VOTES // WRITERS, said)
        process = self._context.Process(target=like_writer.write, args=words)
        process.start()
        # Only the writer keeps its end, so that its death is heard.
        said.close()
        self.running[heard] = writer, process

    def end(self, heard: Connection) -> int | None:
        _, process = self.running.pop(heard)
        heard.close()
        process.join()
        code = process.exitcode
        process.close()
        return code

    def kill(self, heard: Connection) -> int | None:
        writer, process = self.running[heard]
        process.kill()
        code = self.end(heard)
        self.start(writer)
        return code


def liked_at_the_end(cast: list[Vote]) -> set[tuple[str, bytes]]:
    found: set[tuple[str, bytes]] = set()
    for vote in cast:
        one = (vote.item.id, vote.visitor)
        found.add(one) if vote.given else found.discard(one)
    return found


def test_no_vote_is_lost_and_none_counts_twice(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    kill_after = sorted(chance.randrange(VOTES // 100, VOTES) for _ in range(KILLS))
    writers = Writers(tmp_path)
    for writer in range(WRITERS):
        writers.start(writer)
    began = time.monotonic()
    heard = killed = 0
    while writers.running:
        for one in wait(list(writers.running)):
            if one not in writers.running:
                continue
            try:
                heard += len(one.recv_bytes())
            except EOFError:
                assert writers.end(one) == 0
            while kill_after and heard >= kill_after[0] and writers.running:
                kill_after.pop(0)
                # Any of them, at whatever it is doing: most are not the one that just spoke.
                killed += writers.kill(chance.choice(list(writers.running))) == -signal.SIGKILL
    took_s = time.monotonic() - began
    print(f"{VOTES:,} votes, {killed} kills, {took_s:.1f} s: {VOTES / took_s:.0f} votes/s")  # noqa: T201

    assert killed > KILLS // 2
    expected = set()
    for writer in range(WRITERS):
        assert answered(tmp_path / f"journal-{writer}") == VOTES // WRITERS
        expected |= liked_at_the_end(votes(writer, VOTES // WRITERS))
    state = State(tmp_path)
    with state.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert kept_likes(connection) == expected
        assert totals_as_kept(connection) == totals_as_counted(connection)
    state.close()
