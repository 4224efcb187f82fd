"""One bad file of a folder never keeps the others out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from solbook.archive import Archive
from solbook.archive.overview import quarantined
from solbook.errors import SolbookError
from solbook.jobs import ingest
from solbook.sources import require_there, source_named


def test_damaged_files_go_to_quarantine_and_the_rest_lands(
    archive: Archive, shared_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    shutil.copytree(shared_data / "data/01_m2020_feed/navcam_sidecars", folder)
    folder.chmod(0o755)
    (folder / "a-deep.json").write_bytes(b"[" * 200_000)
    (folder / "b-moved.json").write_text("<html>301 Moved</html>")
    (folder / "c-other.json").write_text('{"type": "FeatureCollection", "features": []}')
    report = ingest(archive, source_named("m2020"), str(folder))
    assert (report.tally.new, report.tally.quarantined) == (45, 2)
    assert [path.name for path in report.passed_over] == ["c-other.json"]
    with archive.reading() as connection:
        origins = {Path(row.origin).name for row in quarantined(connection, 10)}
    assert origins == {"a-deep.json", "b-moved.json"}


@pytest.mark.parametrize("where", ["", "  ", "no/such/path"])
def test_a_place_that_is_not_there_is_refused(where: str) -> None:
    with pytest.raises(SolbookError) as raised:
        require_there(where)
    assert raised.value.code == "unreadable"
