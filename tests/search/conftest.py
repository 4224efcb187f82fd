"""Archives with an index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from solbook.archive import Archive
from solbook.jobs import attach_files, ingest
from solbook.jobs.index import index
from solbook.settings import Settings
from solbook.sources import source_named


@pytest.fixture(scope="package")
def navcam(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The recorded pages and pictures of Perseverance, with an index; nobody may change it."""
    folder = tmp_path_factory.mktemp("navcam") / "archive"
    archive = Archive.create(folder, Settings(network=False))
    ingest(archive, source_named("m2020"), str(shared_data / "data/01_m2020_feed"))
    attach_files(archive, shared_data / "data/03_pixels/m2020_navcam")
    index(archive)
    yield archive
    archive.close()
