"""The build of the front end: what installs it, what enters the distributions, what fails."""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from solbook.site.built import Manifest
from tests.frontend.conftest import ROOT

BUILT = "src/solbook/site/static/built"


def sdist(folder: Path) -> Path:
    [made] = SdistBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(made)


def copied(hook: ModuleType, folder: Path) -> Path:
    """A tree with the sources of the front end and nothing built."""
    shutil.copytree(ROOT / "frontend", folder / "frontend", ignore=shutil.ignore_patterns("node_*"))
    assert not hook.is_current(folder)
    return folder


def test_the_built_scripts_are_those_of_these_sources(hook: ModuleType, built: Manifest) -> None:
    assert built.sources == hook.digest(ROOT), "they are old; run: make frontend"


@pytest.mark.usefixtures("built")
def test_a_source_distribution_has_what_was_built_and_installs_without_node(
    hook: ModuleType, tmp_path: Path
) -> None:
    packed = sdist(tmp_path)
    with tarfile.open(packed) as tar:
        names = [name.partition("/")[2] for name in tar.getnames()]
        tar.extractall(tmp_path / "unpacked", filter="data")
    assert not [name for name in names if "node_modules" in name]
    assert {f"{BUILT}/manifest.json", f"{BUILT}/THIRD_PARTY_NOTICES.txt"} <= set(names)
    assert {"hatch_build.py", "frontend/package-lock.json", "frontend/src/page.ts"} <= set(names)
    [root] = (tmp_path / "unpacked").iterdir()
    builder = WheelBuilder(str(root))
    assert not [name for name in builder.config.dependencies if "node" in name]
    # Also where the sources of the front end were left out.
    shutil.rmtree(root / "frontend")
    assert hook.is_current(root)
    [wheel] = builder.build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    made = json.loads((root / BUILT / "manifest.json").read_text())
    files = {script["file"] for script in made["scripts"].values()}
    assert {f"solbook/site/static/built/{name}" for name in files | {"manifest.json"}} <= inside


@pytest.mark.usefixtures("built")
def test_what_is_old_or_damaged_is_built_again(hook: ModuleType, tmp_path: Path) -> None:
    root = copied(hook, tmp_path)
    assert hook.FrontEnd.PLUGIN_NAME == "custom"
    shutil.copytree(ROOT / BUILT, root / BUILT)
    assert hook.is_current(root)
    script = next((root / BUILT).glob("page.*.js"))
    script.rename(root / "elsewhere")
    assert not hook.is_current(root)
    (root / "elsewhere").rename(script)
    with (root / "frontend/src/page.ts").open("a") as source:
        source.write("// changed\n")
    assert not hook.is_current(root)


def test_line_ends_do_not_make_other_sources(hook: ModuleType, tmp_path: Path) -> None:
    root = copied(hook, tmp_path)
    before = hook.digest(root)
    page = root / "frontend/src/page.ts"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert hook.digest(root) == before


def test_without_sources_and_without_bundles_it_says_what_to_do(
    hook: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="help: Install from a whole clone"):
        hook.build(tmp_path)


def test_without_a_registry_it_says_what_to_do(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copied(hook, tmp_path)
    # Port 9 of this machine: nobody answers.
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "empty"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(RuntimeError) as caught:
        hook.build(root)
    said = str(caught.value)
    assert "found: code 1" in said
    assert "ECONNREFUSED" in said
    assert "expected: a registry of npm that answers" in said
    assert "help: Go on line" in said
    assert not (root / BUILT).exists()


def test_the_lock_file_names_no_host() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    for name, package in lock["packages"].items():
        assert package.get("resolved", "https://registry.npmjs.org/").startswith(
            "https://registry.npmjs.org/"
        )
        assert not name or package["integrity"].startswith("sha512-")


def test_versions_are_pinned() -> None:
    package = json.loads((ROOT / "frontend/package.json").read_text())
    for version in [*package["dependencies"].values(), *package["devDependencies"].values()]:
        assert version[0].isdecimal()
