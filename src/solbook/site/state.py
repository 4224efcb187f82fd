"""What requests share: the archive, its settings, a connection each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import sqlalchemy as sa
from fastapi import Request

from solbook.archive import Archive
from solbook.jobs import PictureFetcher
from solbook.settings import Settings


def archive(request: Request) -> Archive:
    """The archive this site shows."""
    return cast("Archive", request.app.state.archive)


def settings(request: Request) -> Settings:
    """The archive's settings."""
    return archive(request).settings


def pictures(request: Request) -> PictureFetcher:
    """What fetches pictures the archive does not have yet."""
    return cast("PictureFetcher", request.app.state.pictures)


def connection(request: Request) -> Iterator[sa.Connection]:
    """A connection for one request, on which everything it reads is of one moment."""
    with archive(request).reading() as connection:
        yield connection
