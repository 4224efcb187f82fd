"""A watch says when a catalogue was written to, and by whom does not matter."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from solbook.archive import Archive
from solbook.settings import Settings


def test_a_catalogue_has_another_state_after_every_write(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    states = [archive.watch.state()]
    with archive.reading() as connection:
        connection.execute(sa.text("SELECT * FROM items"))
    assert archive.watch.state() == states[-1]
    with archive.writing() as connection:
        connection.execute(sa.text("CREATE TABLE one (x)"))
    states.append(archive.watch.state())
    # Another process.
    other = sqlite3.connect(archive.catalogue_path)
    with other:
        other.execute("INSERT INTO one VALUES (1)")
    states.append(archive.watch.state())
    other.close()
    assert len(set(states)) == 3
    assert archive.watch.state() == states[-1]
    archive.close()
