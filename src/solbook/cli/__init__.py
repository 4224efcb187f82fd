"""The `solbook` command."""

from solbook.cli.main import app

__all__ = ["app"]
