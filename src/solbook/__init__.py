"""Solbook: the open archive and timeline of a Mars surface mission."""

from importlib.metadata import version

__version__ = version("solbook")
