"""Which archive the command line names."""

from __future__ import annotations

from pathlib import Path

DEFAULT_ARCHIVE = Path("archive")
DEMO_ARCHIVE = Path("demo-archive")


class _Where:
    """The archive the command line names, if it names one."""

    path: Path | None = None

    def or_default(self, default: Path = DEFAULT_ARCHIVE) -> Path:
        return self.path if self.path is not None else default


WHERE = _Where()
