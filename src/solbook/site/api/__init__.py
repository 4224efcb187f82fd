"""Programs' interfaces, one module for each standard."""

from solbook.site.api.likes import router as likes
from solbook.site.api.own import router
from solbook.site.api.related import router as related
from solbook.site.api.releases import router as releases
from solbook.site.api.time import router as time

__all__ = ["router"]

router.include_router(releases)
router.include_router(related)
router.include_router(time)
router.include_router(likes)
