"""The build hook as a module, and what it has built."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from solbook.site.built import Manifest, manifest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def hook() -> ModuleType:
    """`hatch_build.py`, which is in no package."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def built() -> Manifest:
    """What has been built. Its absence is a failure: most proofs of the front end need it."""
    made = manifest()
    if not made.scripts:
        pytest.fail("the front end has not been built; run: make frontend")
    return made
