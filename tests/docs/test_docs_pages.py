"""The Markdown files: links lead somewhere, decisions are short, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "changelog/*.md") for path in ROOT.glob(pattern)
)
LONGEST_DECISION_LINES = 60
LONGEST_DECISION_WORDS = 550
KINDS = ("added", "changed", "fixed", "removed")

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def prose(path: Path) -> str:
    """A file without its blocks of code."""
    return _FENCE.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> set[str]:
    """The anchors of a file's headings, as forges make them."""
    found = set()
    for heading in _HEADING.findall(prose(path)):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(words.replace(" ", "-"))
    return found


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_relative_links_lead_somewhere(path: Path) -> None:
    for link in _LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve() if target else path
        assert there.exists(), f"{link} leads nowhere"
        assert there.is_relative_to(ROOT), f"{link} leads out of the repository"
        if anchor:
            assert anchor in anchors(there), f"{link}: there is no such heading"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_begins_with_its_title(path: Path) -> None:
    if path.parent.name == "changelog" and path.name != "README.md":
        return
    assert path.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").iterdir()), ids=name_of)
def test_a_decision_is_a_page_at_most(path: Path) -> None:
    assert re.fullmatch(r"[0-9]{3}-[a-z0-9-]+\.md", path.name)
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_DECISION_LINES
    assert len(text.split()) <= LONGEST_DECISION_WORDS
    assert _HEADING.findall(text)[1:] == ["Context", "Decision", "Consequences"]


def test_every_page_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {
        (index.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(prose(index))
    }
    missing = {path for path in (ROOT / "docs").rglob("*.md") if path != index} - linked
    assert not missing


def test_the_readmes_commands_come_first_and_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    first_block = _FENCE.search(readme)
    assert first_block is not None
    tasks = re.findall(r"^\$ make ([a-z-]+)", first_block[0], re.MULTILINE)
    assert tasks == ["demo", "test"]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_tasks_named_anywhere_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:`|\$ )make ([a-z-]+)", path.read_text("utf-8")))
    assert named <= known


def test_fragments_are_named_as_they_should_be() -> None:
    for path in (ROOT / "changelog").iterdir():
        if path.name != "README.md":
            kinds = "|".join(KINDS)
            assert re.fullmatch(rf"[0-9]{{4}}-[a-z0-9-]+\.({kinds})\.md", path.name), path.name
            assert path.read_text("utf-8").startswith("* ")
