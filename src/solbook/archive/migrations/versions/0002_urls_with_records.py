"""Addresses of files move from the files to the upstream records that state them.

A row of `assets` for every address took a sixth of the time of an ingest.
"""

import json

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the step."""
    op.add_column(
        "upstream_records", sa.Column("version", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "upstream_records", sa.Column("urls", sa.Text(), nullable=False, server_default="{}")
    )
    op.execute(
        """
        UPDATE upstream_records SET
            version = (SELECT version FROM items WHERE items.key = upstream_records.item),
            urls = (
                SELECT json_group_object(role, url) FROM assets
                WHERE assets.item = upstream_records.item AND url IS NOT NULL
            )
        """
    )
    _part_versions()
    op.execute("ALTER TABLE assets RENAME TO assets_with_url")
    op.execute("DROP INDEX assets_by_file")
    _create_assets()
    op.execute(
        """
        INSERT INTO assets
        SELECT item, version, role, sha256, origin, stored_ns, failed_ns, failure
        FROM assets_with_url WHERE sha256 IS NOT NULL OR failed_ns IS NOT NULL
        """
    )
    op.drop_table("assets_with_url")


def downgrade() -> None:
    """Take the step back."""
    op.add_column("assets", sa.Column("url", sa.Text(), nullable=True))
    op.execute(
        """
        INSERT INTO assets (item, version, role, url)
        SELECT item, version, stated.key, stated.value
        FROM upstream_records, json_each(urls) AS stated WHERE true
        ON CONFLICT (item, version, role) DO UPDATE SET url = excluded.url
        """
    )
    with op.batch_alter_table("upstream_records") as table:
        table.drop_column("urls")
        table.drop_column("version")


def _create_assets() -> None:
    op.create_table(
        "assets",
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("stored_ns", sa.BigInteger(), nullable=True),
        sa.Column("failed_ns", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["item"], ["items.key"]),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"]),
        sa.PrimaryKeyConstraint("item", "version", "role"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "assets_by_file", "assets", ["sha256"], sqlite_where=sa.text("sha256 IS NOT NULL")
    )


def _part_versions() -> None:
    """Give the records of frames with several versions the version whose addresses they hold."""
    connection = op.get_bind()
    rows = connection.exec_driver_sql(
        """
        SELECT r.key, r.start, r.length, b.records_zst, a.version, a.role, a.url
        FROM upstream_records r
        JOIN upstream_blocks b ON b.key = r.block
        JOIN assets a ON a.item = r.item AND a.url IS NOT NULL
        WHERE r.item IN (
            SELECT item FROM assets WHERE url IS NOT NULL
            GROUP BY item HAVING count(DISTINCT version) > 1
        )
        """
    )
    held: dict[int, dict[int, dict[str, str]]] = {}
    for key, start, length, block, version, role, url in rows:
        record = zstandard.ZstdDecompressor().decompress(block)[start : start + length]
        if url.encode() in record.replace(b"\\/", b"/"):
            held.setdefault(key, {}).setdefault(version, {})[role] = url
    for key, by_version in held.items():
        version, urls = max(by_version.items())
        connection.exec_driver_sql(
            "UPDATE upstream_records SET version = ?, urls = ? WHERE key = ?",
            (version, json.dumps(urls), key),
        )
