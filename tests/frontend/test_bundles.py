"""What browsers load: how much, under which address and policy, by whose licence."""

from __future__ import annotations

import gzip
import json
import logging
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from solbook.archive import Archive
from solbook.settings import Settings
from solbook.site import built as module
from solbook.site.app import create_app
from solbook.site.built import Manifest
from tests.frontend.conftest import ROOT

FOLDER = Path(str(files("solbook.site"))) / "static" / "built"
AT_ONCE_BYTES = 15_000
"""The budget of all scripts that any page loads at once, gzipped."""
EVERY_PAGE_BYTES = 3_000
"""What every page loads, gzipped."""
LATER_BYTES = 110_000
"""The largest script that is loaded when it is asked for, gzipped."""

PAGES = ("/", "/missions", "/missions/m2020", "/time", "/about", "/nowhere")

_SCRIPT = re.compile(r'<script type="module"[^>]* src="/static/built/([^"]+)"')


@pytest.fixture
def client(archive: Archive) -> Iterator[TestClient]:
    with TestClient(create_app(archive)) as made:
        yield made


def weight(name: str) -> int:
    return len(gzip.compress((FOLDER / name).read_bytes(), 9))


def at_once(built: Manifest, name: str) -> set[str]:
    """A file and all that it imports, and so on."""
    by_file = {script.file: script for script in built.scripts.values()}
    found, waiting = set(), [name]
    while waiting:
        file = waiting.pop()
        found.add(file)
        waiting += set(by_file[file].imports) - found
    return found


def test_everything_the_manifest_names_is_there_and_nothing_else(built: Manifest) -> None:
    assert {"page", "clocks"} <= set(built.scripts)
    there = {path.name for path in FOLDER.iterdir()}
    assert there == built.files | {"manifest.json"}
    for script in built.scripts.values():
        assert re.fullmatch(r"[a-z-]+\.[A-Z0-9]{8}\.js", script.file)
        assert {*script.imports, *script.later} <= there


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_little(client: TestClient, built: Manifest, path: str) -> None:
    names = _SCRIPT.findall(client.get(path).text)
    assert built.scripts["page"].file in names
    loaded = set().union(*(at_once(built, name) for name in names))
    assert sum(map(weight, loaded)) <= AT_ONCE_BYTES


def test_pages_with_pictures_load_the_viewer_later(demo_archive: Path, built: Manifest) -> None:
    frame = "m2020/NLF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J"
    paths = (f"/frames/{frame}", f"/frames/{frame}/zoom", f"/compare?left={frame}&right={frame}")
    with TestClient(create_app(Archive(demo_archive, Settings(network=False)))) as client:
        for path in paths:
            names = _SCRIPT.findall(client.get(path).text)
            loaded = set().union(*(at_once(built, name) for name in names))
            assert sum(map(weight, loaded)) <= AT_ONCE_BYTES
            assert built.scripts["openseadragon"].file not in loaded


def test_every_script_keeps_its_budget(built: Manifest) -> None:
    page = at_once(built, built.scripts["page"].file)
    assert sum(map(weight, page)) <= EVERY_PAGE_BYTES
    for script in built.scripts.values():
        assert weight(script.file) <= LATER_BYTES


def test_scripts_are_kept_for_ever_and_sent_small(client: TestClient, built: Manifest) -> None:
    address = module.script_address("page")
    for accepted, encoding in (("gzip", "gzip"), ("identity", None)):
        answer = client.get(address, headers={"Accept-Encoding": accepted})
        assert answer.content == (FOLDER / built.scripts["page"].file).read_bytes()
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers.get("content-encoding") == encoding
        assert "immutable" in answer.headers["cache-control"]
    for name in ("page.js", "manifest.json", "..%2Ffavicon.svg", "page.AAAAAAAA.js"):
        assert client.get(f"/static/built/{name}").status_code == 404


def test_every_bundled_package_has_its_licence_in_the_notices(
    client: TestClient, built: Manifest
) -> None:
    assert f'href="{module.notices_address()}"' in client.get("/about").text
    text = client.get(module.notices_address()).text
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]
    for name in built.packages:
        package = lock[f"node_modules/{name}"]
        title = f"{name} {package['version']} ({package['license']})"
        _, found, licence = text.partition(f"{title}\n{'=' * len(title)}\n")
        assert found, f"{name} has no notice"
        assert "Copyright" in licence.partition("=====")[0]
    # esbuild makes the bundles and is not in them.
    assert "esbuild" not in built.packages


@pytest.mark.parametrize("path", [*PAGES, "/api", "/static/site.css"])
def test_the_policy_lets_nothing_in_from_the_page_or_from_elsewhere(
    client: TestClient, path: str
) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert "unsafe" not in policy
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    assert rules.pop("img-src") == "'self' data:"
    assert set(rules.values()) <= {"'self'", "'none'"}


def test_pages_come_without_scripts_where_none_were_built(
    archive: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "static_folder", lambda: tmp_path)
    caches = (module.manifest, module.built_file)
    for cached in caches:
        cached.cache_clear()
    with caplog.at_level(logging.WARNING), TestClient(create_app(archive)) as client:
        for path in (*PAGES, "/time"):
            assert "<script" not in client.get(path).text
        assert client.get("/static/built/THIRD_PARTY_NOTICES.txt").status_code == 404
    for cached in caches:
        cached.cache_clear()
    said = [record.message for record in caplog.records if "front end" in record.message]
    assert len(said) == 1
    assert "python hatch_build.py build" in said[0]
