"""`python -m solbook` is the `solbook` command."""

from solbook.cli import app

# Processes that a command starts import this module as well.
if __name__ == "__main__":
    app()
