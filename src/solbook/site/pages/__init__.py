"""The pages people read: one module a kind of page, templates that do no computing."""

from fastapi import APIRouter

from solbook.site.pages.about import router as about
from solbook.site.pages.assets import router as assets
from solbook.site.pages.compare import router as compare
from solbook.site.pages.embed import router as embed
from solbook.site.pages.errors import error_page
from solbook.site.pages.frame import router as frame
from solbook.site.pages.home import router as home
from solbook.site.pages.instrument import router as instrument
from solbook.site.pages.likes import router as likes
from solbook.site.pages.mission import router as mission
from solbook.site.pages.most_liked import router as most_liked
from solbook.site.pages.release import router as release
from solbook.site.pages.releases import router as releases
from solbook.site.pages.sol import router as sol
from solbook.site.pages.time import router as time
from solbook.site.pages.zoom import router as zoom

__all__ = ["error_page", "router"]

router = APIRouter(include_in_schema=False)
for _part in (
    home,
    mission,
    sol,
    instrument,
    frame,
    releases,
    release,
    zoom,
    compare,
    embed,
    likes,
    most_liked,
    time,
    about,
    assets,
):
    router.include_router(_part)
