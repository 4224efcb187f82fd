"""The source that CONTRIBUTING shows must work as it stands there."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from solbook.archive import Archive, write_page
from solbook.archive.frames import frame_by_id
from solbook.sources import Source

CONTRIBUTING = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
NAME = "C000M0190_613408865EDR_F0000_0461M_"


@pytest.fixture
def mirror(tmp_path: Path) -> Source:
    """The worked example, as a source."""
    blocks = re.findall(r"^```python\n(.*?)^```", CONTRIBUTING.read_text("utf-8"), re.M | re.S)
    [code] = [block for block in blocks if "(Source):" in block]
    return module_of(code, tmp_path).InsightMirror()  # type: ignore[no-any-return]


def module_of(code: str, folder: Path) -> ModuleType:
    file = folder / "worked_example.py"
    file.write_text(code, "utf-8")
    spec = importlib.util.spec_from_file_location("worked_example", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Annotations are read by their module's name.
    sys.modules["worked_example"] = module
    spec.loader.exec_module(module)
    return module


def page(**changes: Any) -> bytes:
    record = {"name": NAME, "sol": 190, "taken": "2019-06-10T03:21:57Z", "url": "https://x/a.png"}
    return json.dumps({"mirror_of": "insight", "count": 120, "frames": [record | changes]}).encode()


def test_its_page_becomes_a_frame_of_the_archive(mirror: Source, archive: Archive) -> None:
    body = page()
    assert mirror.recognises(body)
    read = mirror.read_page(body, "https://x/?page=0")
    assert read.total == 120
    assert write_page(archive, read).new == 1
    with archive.reading() as connection:
        frame = frame_by_id(connection, f"insight/{NAME}")
    assert frame is not None
    assert frame.utc_source == "upstream"


def test_it_asks_for_the_next_page_to_the_end(mirror: Source) -> None:
    read = mirror.read_page(page(), "")
    address: str | None = "https://x/?page=0"
    asked = []
    while address is not None:
        asked.append(address)
        address = mirror.next_address(address, read)
    assert asked == [f"https://x/?page={number}" for number in range(3)]


def test_a_record_without_a_sol_is_rejected_and_the_rest_read(mirror: Source) -> None:
    read = mirror.read_page(page(sol=None), "")
    assert not read.frames
    assert [rejected.position for rejected in read.rejected] == [0]


def test_a_page_of_another_kind_is_rejected_whole(mirror: Source) -> None:
    assert mirror.read_page(b'{"other": 1}', "").rejected[0].position == -1
    assert mirror.read_page(b"<html>Moved</html>", "").rejected[0].reason.startswith("The page is")
