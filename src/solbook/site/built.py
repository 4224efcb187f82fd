"""The scripts: ES modules built from `frontend/`, at addresses that have their hashes.

No page needs one; they only add to what a page does without. Where they have not been built, as
in a source tree that was not installed, pages come without them.
"""

from __future__ import annotations

import logging
from functools import cache

import msgspec

from solbook.site.styles import static_folder

NOTICES = "THIRD_PARTY_NOTICES.txt"

_ADDRESS = "/static/built/"
_LOG = logging.getLogger(__name__)


class Script(msgspec.Struct, frozen=True):
    """A script.

    Attributes:
        file: Its file, with a hash of what is in it.
        imports: Files that it loads at once.
        later: Files that it loads when they are asked for.
    """

    file: str
    imports: tuple[str, ...]
    later: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True):
    """What the build of the front end made.

    Attributes:
        sources: A digest of what it was made of.
        scripts: Every script, by its name in `frontend/src`.
        packages: The packages of others that are in them.
    """

    sources: str
    scripts: dict[str, Script]
    packages: tuple[str, ...]

    @property
    def files(self) -> frozenset[str]:
        """Everything that is served."""
        return frozenset({NOTICES} | {script.file for script in self.scripts.values()})


class BuiltFile(msgspec.Struct, frozen=True):
    """A file as it is sent."""

    body: bytes
    media_type: str


@cache
def manifest() -> Manifest:
    """What has been built; empty where nothing was, which is logged once."""
    try:
        text = (static_folder() / "built" / "manifest.json").read_bytes()
    except OSError:
        _LOG.warning(
            "The front end has not been built, so pages come without scripts."
            " Install the package again, or run: python hatch_build.py build"
        )
        return Manifest("", {}, ())
    return msgspec.json.decode(text, type=Manifest)


def script_address(name: str) -> str:
    """Where a script is served; empty where it was not built."""
    script = manifest().scripts.get(name)
    return _ADDRESS + script.file if script else ""


def notices_address() -> str:
    """Where the licences of others' works are; empty where nothing was built."""
    return _ADDRESS + NOTICES if manifest().scripts else ""


@cache
def built_file(name: str) -> BuiltFile | None:
    """A built file; `None` if there is none of this name."""
    if not manifest().scripts or name not in manifest().files:
        return None
    body = (static_folder() / "built" / name).read_bytes()
    kind = "text/javascript" if name.endswith(".js") else "text/plain"
    return BuiltFile(body, f"{kind}; charset=utf-8")
