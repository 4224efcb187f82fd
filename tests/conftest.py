"""Fixtures shared by all rooms: the recorded data, archives made of it, servers over them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from solbook.archive import Archive
from solbook.jobs import attach_files, ingest
from solbook.settings import Settings
from solbook.sources import source_named
from tests.simulated import rehearsal_folder

SHARED = Path(__file__).resolve().parents[2] / "shared"
START_WITHIN_S = 60


# Files that take minutes: they begin first.
_LONG = (
    "jobs/test_kill.py",
    "cli/test_rehearse.py",
    "clients/",
    "browser/",
    "archive/test_likes_kill.py",
    "jobs/test_derive.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that take longest first; those of a file stay together."""

    def place(item: pytest.Item) -> int:
        within = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((n for n, name in enumerate(_LONG) if within.startswith(name)), len(_LONG))

    items.sort(key=place)


@dataclass(frozen=True)
class Server:
    """A `solbook serve` process."""

    base_url: str
    archive: Path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of recorded data beside the clone: `data/`, `facts/`, `truth/`."""
    if SHARED.is_dir():
        return SHARED
    if os.environ.get("CI") == "true":
        pytest.fail(f"the recorded data is missing: no folder {SHARED}")
    pytest.skip("the recorded data is not beside this clone (../shared)")


@pytest.fixture
def offline() -> Settings:
    """Settings of an archive that fetches nothing."""
    return Settings(network=False)


@pytest.fixture
def archive(tmp_path: Path, offline: Settings) -> Iterator[Archive]:
    """An empty archive."""
    made = Archive.create(tmp_path / "archive", offline)
    yield made
    made.close()


def run_solbook(*words: str, archive: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "solbook", "-a", str(archive), *words],
        capture_output=True,
        text=True,
        env={**os.environ, "SOLBOOK_NETWORK": "false", **environment},
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="session")
def demo_archive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of all recorded data with its pictures, made by `solbook demo`."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    words = ("demo", "--from", str(shared_data / "data"), "--no-network", "--no-rehearsal")
    done = run_solbook(*words, "--no-serve", archive=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def photos_archive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of every recorded answer of the Photos API."""
    folder = tmp_path_factory.mktemp("photos") / "archive"
    archive = Archive.create(folder, Settings(network=False))
    ingest(archive, source_named("photos-v1"), str(shared_data / "data" / "02_mars_photos_api"))
    archive.close()
    return folder


@pytest.fixture(scope="session")
def rehearsal_archive(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a rehearsal, and of nothing else."""
    folder = tmp_path_factory.mktemp("rehearsal")
    saved = rehearsal_folder(shared_data / "data", folder / "saved")
    archive = Archive.create(folder / "archive", Settings(network=False))
    ingest(archive, source_named("rehearsal"), str(saved))
    attach_files(archive, saved)
    archive.close()
    return folder / "archive"


@pytest.fixture(scope="session")
def both_archive(
    shared_data: Path, rehearsal_archive: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An archive of a rehearsal and of Perseverance."""
    folder = tmp_path_factory.mktemp("both") / "archive"
    shutil.copytree(rehearsal_archive, folder)
    archive = Archive(folder, Settings(network=False))
    ingest(archive, source_named("m2020"), str(shared_data / "data/01_m2020_feed"))
    attach_files(archive, shared_data / "data/03_pixels/m2020_navcam")
    archive.close()
    return folder


Serve = Callable[[Path], Server]


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Starts `solbook serve` on an archive; every server ends with the session."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(archive: Path) -> Server:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "solbook", "-a", str(archive), "serve", "--port", str(port)],
            env={**os.environ, "SOLBOOK_NETWORK": "false"},
            stdout=subprocess.DEVNULL,
        )
        processes.append(process)
        base_url = f"http://127.0.0.1:{port}"
        wait_until_up(base_url, process)
        return Server(base_url, archive)

    yield start
    for process in processes:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def demo_server(serve: Serve, demo_archive: Path) -> Server:
    """A server of all recorded data."""
    return serve(demo_archive)


@pytest.fixture(scope="session")
def rehearsal_server(serve: Serve, rehearsal_archive: Path) -> Server:
    """A server of a rehearsal, and of nothing else."""
    return serve(rehearsal_archive)


@pytest.fixture(scope="session")
def both_server(serve: Serve, both_archive: Path) -> Server:
    """A server of a rehearsal and of Perseverance."""
    return serve(both_archive)


@pytest.fixture(scope="session")
def photos_server(serve: Serve, photos_archive: Path) -> Server:
    """A server of the recorded answers of the Photos API."""
    return serve(photos_archive)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(base_url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    for _ in range(START_WITHIN_S * 10):
        if process.poll() is not None:
            pytest.fail(f"the server ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{base_url}/api/status", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"the server did not answer within {START_WITHIN_S} s")
