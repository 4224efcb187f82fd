"""Programs' interfaces, one module for each standard."""

from solbook.site.api.own import router

__all__ = ["router"]
