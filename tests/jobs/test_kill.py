"""An ingester killed at any moment, then run again, gives what an undisturbed one gives."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench.generate import write_pages

from solbook.archive import Archive
from solbook.settings import Settings
from tests.catalogue import contents

KILLS = 50
RECORDS = 4_000
PAGE_SIZE = 30


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """134 saved pages: enough for the second process that parses them, which dies too."""
    folder = tmp_path_factory.mktemp("feed") / "pages"
    write_pages(folder, RECORDS, PAGE_SIZE)
    return folder


def command(archive: Path, pages: Path) -> list[str]:
    return [sys.executable, "-m", "solbook", "-a", str(archive), "ingest", "m2020", str(pages)]


def test_killed_at_50_random_moments(pages: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SOLBOOK_NETWORK": "false"}
    undisturbed = tmp_path / "undisturbed"
    began = time.monotonic()
    subprocess.run(command(undisturbed, pages), env=environment, check=True, capture_output=True)
    took_s = time.monotonic() - began
    expected = _contents(undisturbed)
    chance = random.Random(20211109)
    killed_at = []
    for kill in range(KILLS):
        archive = tmp_path / "killed"
        # Kill the same archive's ingester again and again, then begin a fresh one.
        if kill % 5 == 0 and archive.exists():
            _finish_and_compare(archive, pages, environment, expected)
        process = subprocess.Popen(
            command(archive, pages),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        delay_s = chance.uniform(0, took_s)
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed_at.append(delay_s)
    _finish_and_compare(archive, pages, environment, expected)
    # Most kills must have met a running ingester, or this test shows nothing.
    assert len(killed_at) > KILLS // 2


def _finish_and_compare(
    archive: Path, pages: Path, environment: dict[str, str], expected: object
) -> None:
    subprocess.run(command(archive, pages), env=environment, check=True, capture_output=True)
    assert _contents(archive) == expected
    shutil.rmtree(archive)


def _contents(path: Path) -> object:
    archive = Archive(path, Settings(network=False))
    try:
        return contents(archive)
    finally:
        archive.close()
