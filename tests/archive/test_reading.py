"""Reading what was written: neighbours, exposures, counts, and that no question scans the whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from solbook.archive import Archive, frames, overview, schema
from solbook.settings import Settings


@pytest.fixture(scope="module")
def recorded(demo_archive: Path) -> Iterator[Archive]:
    archive = Archive(demo_archive, Settings(network=False))
    yield archive
    archive.close()


def test_next_and_next_visit_every_timed_frame_in_order(recorded: Archive) -> None:
    items = schema.ITEMS.c
    with recorded.reading() as connection:
        expected = connection.execute(
            sa.select(items.id)
            .where(
                items.mission == "m2020",
                items.utc_ns.is_not(None),
                items.sample_type.is_distinct_from("thumbnail"),
            )
            .order_by(items.utc_ns, items.key)
        ).scalars()
        order = list(expected)
        frame = frames.frame_by_id(connection, order[0])
        visited = []
        while frame is not None:
            visited.append(frame.id)
            before, after = frames.neighbours(connection, frame)
            assert (before.id if before else None) == (visited[-2] if visited[1:] else None)
            frame = after
    assert visited == order


def test_frames_without_time_have_neighbours_on_their_sol(recorded: Archive) -> None:
    with recorded.reading() as connection:
        found = frames.frames_of_sol(connection, "msl", 1000, None, thumbnails=True, limit=1000)
        assert len(found) == 856
        frame = found[1]
        before, after = frames.neighbours(connection, frame)
        assert before is not None
        assert after is not None
        assert {before.sol, after.sol} == {1000}


def test_an_exposure_has_its_tiles_and_both_eyes(recorded: Archive) -> None:
    with recorded.reading() as connection:
        tile = frames.find_frame(connection, "NLF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J")
        assert tile is not None
        others = {frame.product_id for frame in frames.exposure_of(connection, tile)}
    assert others == {
        "NLF_1110_0765465872_675ECM_N0512578NCAM13109_04_195J",
        "NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J",
        "NRF_1110_0765465872_675ECM_N0512578NCAM13109_04_195J",
    }


def test_what_each_source_gave_is_counted(recorded: Archive) -> None:
    table = schema.UPSTREAM_RECORDS.c
    with recorded.reading() as connection:
        counted = {
            (row.source, row.records, row.frames) for row in overview.source_counts(connection)
        }
        real = connection.execute(
            sa.select(table.source, sa.func.count(), sa.func.count(table.item.distinct()))
            .where(table.superseded_ns.is_(None))
            .group_by(table.source)
        )
        assert counted == {tuple(row) for row in real}
    # 1,196 + 100 + 45 sidecars; three of the records are versions of one product.
    assert ("m2020", 1341, 1339) in counted
    assert ("msl", 2, 2) in counted
    assert ("insight", 1, 1) in counted


@pytest.mark.parametrize("timed", [True, False])
def test_no_page_sorts_or_scans_a_mission(recorded: Archive, timed: bool) -> None:
    asked: list[str] = []
    with recorded.reading() as connection:
        frame = frames.find_frame(
            connection,
            "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
            if timed
            else "FLB_486265257EDR_F0481570FHAZ00323M_",
        )
        assert frame is not None

        def note(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
            asked.append(statement)
            values_of[statement] = values

        values_of: dict[str, object] = {}
        sa.event.listen(connection, "before_cursor_execute", note)
        frames.neighbours(connection, frame)
        frames.exposure_of(connection, frame)
        frames.latest_frames(connection, 10)
        frames.assets_of(connection, frame.key)
        frames.upstream_of(connection, frame.key)
        sa.event.remove(connection, "before_cursor_execute", note)
        for statement in asked:
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}",
                values_of[statement],  # type: ignore[arg-type]
            )
            steps = [row[3] for row in plan]
            assert not any(step.startswith("SCAN items") and "INDEX" not in step for step in steps)
            # Sorting is for what one sol or one frame has, never for a mission.
            if any("TEMP B-TREE" in step for step in steps):
                assert any("sol=?" in step or "item=?" in step for step in steps), steps
