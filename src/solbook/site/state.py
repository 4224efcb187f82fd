"""What requests share: the archive, its settings, a connection each.

Handlers call the plain functions; `Depends` takes the `use_…` coroutines, because FastAPI runs a
plain function that is depended on in a thread, and two hops between threads take longer than most
questions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import sqlalchemy as sa
from fastapi import Request

from solbook.archive import Archive
from solbook.archive.limits import NetworkLimits
from solbook.jobs.enlarge import PictureMaker
from solbook.jobs.fetch import PictureFetcher
from solbook.settings import Settings
from solbook.site.originals import ShownPictures


def archive(request: Request) -> Archive:
    """The archive this site shows."""
    return cast("Archive", request.app.state.archive)


def pictures(request: Request) -> PictureFetcher:
    """What fetches pictures the archive does not have yet."""
    return cast("PictureFetcher", request.app.state.pictures)


def limits(request: Request) -> NetworkLimits:
    """What counts how often a network changes likes."""
    return cast("NetworkLimits", request.app.state.limits)


def shown_pictures(request: Request) -> ShownPictures:
    """The pictures that identifiers of IIIF name."""
    return cast("ShownPictures", request.app.state.shown)


async def use_maker(request: Request) -> PictureMaker:
    """What makes pictures of stored files."""
    return cast("PictureMaker", request.app.state.maker)


async def use_archive(request: Request) -> Archive:
    """The archive this site shows."""
    return archive(request)


async def use_settings(request: Request) -> Settings:
    """The archive's settings."""
    return archive(request).settings


async def use_pictures(request: Request) -> PictureFetcher:
    """What fetches pictures the archive does not have yet."""
    return pictures(request)


async def use_shown(request: Request) -> ShownPictures:
    """The pictures that identifiers of IIIF name."""
    return shown_pictures(request)


async def use_connection(request: Request) -> AsyncIterator[sa.Connection]:
    """A connection for one request, on which everything it reads is of one moment."""
    with archive(request).reading() as connection:
        yield connection
