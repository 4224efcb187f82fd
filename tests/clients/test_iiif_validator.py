"""iiif-validator 1.0.5, the standard's own: every test of level 2 in both versions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.pictured import OFFICIAL, official_picture, pictured_archive

if TYPE_CHECKING:
    from conftest import Client

pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def official_server(serve: Any, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server that has the validator's test picture."""
    pictures = {f"{OFFICIAL}.png": official_picture(shared_data)}
    archive = pictured_archive(tmp_path_factory.mktemp("official"), pictures, shared_data)
    archive.close()
    return serve(archive.path)


@pytest.mark.parametrize(("version", "tests"), [("3.0", 33), ("2.0", 30)])
def test_the_validator_finds_nothing_wrong(
    iiif_validator: Client, official_server: Any, version: str, tests: int
) -> None:
    done = subprocess.run(
        [
            iiif_validator.python,
            iiif_validator.home / "venv/bin/iiif-validate.py",
            "-s",
            urlsplit(official_server.base_url).netloc,
            "-p",
            f"iiif/{version[0]}",
            "-i",
            f"m2020:{OFFICIAL}",
            f"--version={version}",
            "--level=2",
            "-v",
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert re.search(rf"Done \({tests} tests, 0 failures\)", said), said
