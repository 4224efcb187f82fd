"""`python -m solbook` is the `solbook` command."""

from solbook.cli import app

app()
