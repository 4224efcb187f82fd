"""What is worth seeing after an item, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query

from solbook.archive import Archive
from solbook.search.also_like import you_might_also_like
from solbook.search.related import RelatedItem, related
from solbook.site.api import models
from solbook.site.api.own import ERRORS
from solbook.site.pages import links
from solbook.site.state import use_archive, use_connection
from solbook.site.subjects import require_subject

router = APIRouter(tags=["Solbook"], responses=ERRORS)

MOST = 48


@router.get("/related")
def after(
    item: Annotated[str, Query(max_length=200, description="Id of a frame, release or story.")],
    db: Annotated[sa.Connection, Depends(use_connection)],
    keeper: Annotated[Archive, Depends(use_archive)],
    limit: Annotated[int, Query(ge=1, le=MOST, description="At most so many related items.")] = 12,
) -> models.AfterAnswer:
    """Related items, the best first, and what you might also like; each with its reason."""
    subject = require_subject(db, item)
    found = related(keeper, subject.id, limit)
    also = you_might_also_like(keeper, subject.id, {one.item_id for one in found})
    return models.AfterAnswer(item=subject.id, related=_answers(found), also=_answers(also))


def _answers(items: Sequence[RelatedItem]) -> list[models.RelatedAnswer]:
    return [
        models.RelatedAnswer(
            id=one.item_id,
            kind=one.kind,
            page=links.item_path(one.item_id, one.kind),
            score=one.score,
            reason=one.reason,
        )
        for one in items
    ]
