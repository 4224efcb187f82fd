"""Python sessions in the documentation say what Python says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SESSION = re.compile(r"^```pycon\n(.*?)^```", re.S | re.M)
SESSIONS = [
    (path, session)
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for session in _SESSION.findall(path.read_text("utf-8"))
]


@pytest.mark.parametrize(("path", "session"), SESSIONS, ids=[path.name for path, _ in SESSIONS])
def test_a_python_session_is_true(path: Path, session: str) -> None:
    test = doctest.DocTestParser().get_doctest(session, {}, path.name, str(path), 0)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0
    assert test.examples
