"""20,000 votes from 4 writers that are killed again and again: none is lost, none counts twice."""

from __future__ import annotations

import os
import random
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

from solbook.archive.state import State
from tests.archive.like_writer import Vote, answered, votes
from tests.liking import kept_likes, totals_as_counted, totals_as_kept

WRITERS = 4
VOTES = 20_000
KILLS = 24
ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, writer: int) -> subprocess.Popen[bytes]:
    words = ("-m", "tests.archive.like_writer", folder, writer, VOTES // WRITERS)
    return subprocess.Popen([sys.executable, *map(str, words)], cwd=ROOT, stdout=subprocess.PIPE)


def liked_at_the_end(cast: list[Vote]) -> set[tuple[str, bytes]]:
    found: set[tuple[str, bytes]] = set()
    for vote in cast:
        one = (vote.item.id, vote.visitor)
        found.add(one) if vote.given else found.discard(one)
    return found


def test_no_vote_is_lost_and_none_counts_twice(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    kill_after = sorted(chance.randrange(VOTES // 100, VOTES) for _ in range(KILLS))
    began = time.monotonic()
    selector = selectors.DefaultSelector()
    running: dict[int, subprocess.Popen[bytes]] = {}

    def run(writer: int) -> None:
        running[writer] = start(tmp_path, writer)
        selector.register(running[writer].stdout, selectors.EVENT_READ, writer)  # type: ignore[arg-type]

    def end(writer: int) -> int:
        process = running.pop(writer)
        assert process.stdout
        selector.unregister(process.stdout)
        process.stdout.close()
        return process.wait()

    for writer in range(WRITERS):
        run(writer)
    said = killed = 0
    while running:
        for key, _ in selector.select():
            if key.data not in running or running[key.data].stdout is not key.fileobj:
                continue
            heard = os.read(key.fd, 4096)
            said += len(heard)
            if not heard:
                assert end(key.data) == 0
            while kill_after and said >= kill_after[0] and running:
                kill_after.pop(0)
                # Any of them, at whatever it is doing: most are not the one that just spoke.
                victim = chance.choice(sorted(running))
                running[victim].send_signal(signal.SIGKILL)
                killed += end(victim) == -signal.SIGKILL
                run(victim)
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
