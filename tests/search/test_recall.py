"""Related on a simulated mission, where it is known which frames see the same ground."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from solbook.archive import Archive
from solbook.jobs import attach_files, ingest
from solbook.jobs.index import index
from solbook.rehearsal.rehearse import rehearse
from solbook.search.related import related
from solbook.settings import Settings
from solbook.sources import source_named

LEAST_SHARE = 0.3
PLACES = 12
BAR = 0.9


Mission = tuple[Archive, Path]


@pytest.fixture
def mission(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Mission]:
    """The rehearsal that everybody gets who makes one of so many sols, with an index."""
    rehearse(tmp_path / "rehearsal", request.param)
    archive = Archive.create(tmp_path / "archive", Settings(network=False))
    ingest(archive, source_named("rehearsal"), str(tmp_path / "rehearsal"))
    attach_files(archive, tmp_path / "rehearsal")
    index(archive)
    yield archive, tmp_path / "rehearsal" / "truth" / "frames.parquet"
    archive.close()


def overlapping(truth: Path) -> dict[str, set[str]]:
    """The frames that see 30 % or more of what a frame sees; by public id, thumbnails left out."""
    columns = ["product_id", "sample_type", "overlaps"]
    return {
        public(row["product_id"]): {
            public(other["product_id"])
            for other in row["overlaps"] or ()
            if other["share"] >= LEAST_SHARE
        }
        for row in pq.read_table(truth, columns=columns).to_pylist()
        if row["sample_type"] == "Full"
    }


def public(product_id: str) -> str:
    """The id of a product without its version."""
    return f"rehearsal/{product_id[:-2]}"


@pytest.mark.parametrize(
    ("mission", "least"),
    [(3, 50), pytest.param(12, 250, marks=pytest.mark.soak)],
    indirect=["mission"],
)
def test_frames_that_see_the_same_ground_are_found(mission: Mission, least: int) -> None:
    """Recall@12 of a frame: how many of the twelve places have one that overlaps by 30 % or more,
    of as many as could have one, which is twelve or the number of those frames if that is less.
    The mean over all frames that have any; nothing is left out, also not the tiles of a frame's
    own exposure, which take up to four places and overlap by less.
    """
    archive, truth = mission
    recalls = []
    for identity, wanted in overlapping(truth).items():
        if wanted:
            found = {one.item_id for one in related(archive, identity, PLACES)}
            recalls.append(len(found & wanted) / min(PLACES, len(wanted)))
    assert len(recalls) > least
    assert np.mean(recalls) >= BAR, f"recall@12 {np.mean(recalls):.3f} over {len(recalls)} frames"
