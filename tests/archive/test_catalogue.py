"""Opening archives: migrations, settings, errors."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from solbook.archive import Archive, schema, write_page
from solbook.archive.catalogue import HEAD
from solbook.archive.frames import AssetRow, assets_of_all
from solbook.archive.pictures import note_failure
from solbook.errors import SolbookError
from solbook.jobs import ingest
from solbook.settings import Settings, load_settings
from solbook.sources import SOURCES


def test_migrations_lead_to_the_schema(archive: Archive) -> None:
    migrate(archive, "base")
    migrate(archive, HEAD)
    with archive.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_a_new_catalogue_is_at_the_newest_migration(archive: Archive) -> None:
    with archive.reading() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    assert at == HEAD


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "solbook.archive:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_every_migration_can_be_taken_back(archive: Archive) -> None:
    migrate(archive, "base")
    with archive.reading() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]


def test_migrations_keep_where_files_are_and_what_became_of_them(
    archive: Archive, shared_data: Path
) -> None:
    page = shared_data / "data" / "01_m2020_feed" / "sample_rss_response_sol23_24_100.json"
    body = page.read_bytes()
    ingest(archive, SOURCES["m2020"], str(page))
    newer = body.replace(b"J01.png", b"J02.png").replace(b"J01_", b"J02_")
    write_page(archive, SOURCES["m2020"].read_page(newer, "newer versions"))
    with archive.reading() as connection:
        item = connection.execute(sa.select(schema.ITEMS.c.key).limit(1)).scalar_one()
    note_failure(archive, item, 1, "full", "gone")

    before = known_assets(archive)
    migrate(archive, "0001")
    archive.close()
    assert known_assets(Archive(archive.path)) == before
    assert {asset.version for assets in before.values() for asset in assets} == {1, 2}


def known_assets(archive: Archive) -> dict[int, list[AssetRow]]:
    with archive.reading() as connection:
        items = connection.execute(sa.select(schema.ITEMS.c.key)).scalars().all()
        return assets_of_all(connection, items)


def migrate(archive: Archive, revision: str) -> None:
    """Bring an archive's catalogue to a migration, older or newer."""
    config = Config()
    config.set_main_option("script_location", "solbook.archive:migrations")
    with archive.writing() as connection:
        config.attributes["connection"] = connection
        if revision == HEAD:
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)


def test_a_folder_that_is_no_archive_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SolbookError) as raised:
        Archive(tmp_path / "nothing")
    assert raised.value.code == "no_archive"
    assert "init" in raised.value.help


def test_a_newer_archive_is_not_touched(archive: Archive) -> None:
    with archive.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SolbookError) as raised:
        Archive(archive.path)
    assert raised.value.code == "newer_archive"


def test_the_catalogue_survives_power_cuts_by_its_own_means(archive: Archive) -> None:
    with archive.reading() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"


def test_settings_come_from_the_file_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "solbook.toml").write_text("network = false\nlatest_frames = 7\n")
    assert load_settings(tmp_path).latest_frames == 7
    monkeypatch.setenv("SOLBOOK_LATEST_FRAMES", "9")
    stated = load_settings(tmp_path)
    assert (stated.network, stated.latest_frames) == (False, 9)


@pytest.mark.parametrize("text", ["netwok = true", "latest_frames = 0", "not toml", "\udcff"])
def test_bad_settings_are_explained(tmp_path: Path, text: str) -> None:
    (tmp_path / "solbook.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SolbookError) as raised:
        load_settings(tmp_path)
    assert raised.value.code == "bad_settings"
    assert "solbook.toml" in raised.value.help


def test_defaults_are_complete() -> None:
    assert Settings().file_hosts == ("mars.nasa.gov", "mars.jpl.nasa.gov", "images-assets.nasa.gov")
