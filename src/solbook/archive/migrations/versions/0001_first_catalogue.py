"""The first catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("stored_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instruments",
        sa.Column("mission", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("first_seen_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mission", "code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "items",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mission", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sol", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("sample_type", sa.Text(), nullable=True),
        sa.Column("utc_ns", sa.BigInteger(), nullable=True),
        sa.Column("utc_source", sa.Text(), nullable=True),
        sa.Column("lmst_s", sa.Double(), nullable=True),
        sa.Column("lmst_source", sa.Text(), nullable=True),
        sa.Column("upstream_utc_ns", sa.BigInteger(), nullable=True),
        sa.Column("received_ns", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("credit", sa.Text(), nullable=True),
        sa.Column("width_px", sa.Integer(), nullable=True),
        sa.Column("height_px", sa.Integer(), nullable=True),
        sa.Column("site", sa.Integer(), nullable=True),
        sa.Column("drive", sa.Integer(), nullable=True),
        sa.Column("mast_az_deg", sa.Double(), nullable=True),
        sa.Column("mast_el_deg", sa.Double(), nullable=True),
        sa.Column("sclk_s", sa.Double(), nullable=True),
        sa.Column("filter_name", sa.Text(), nullable=True),
        sa.Column("scale_factor", sa.Double(), nullable=True),
        sa.Column("subframe", sa.Text(), nullable=True),
        sa.Column("exposure", sa.Text(), nullable=True),
        sa.Column("page_url", sa.Text(), nullable=True),
        sa.Column("flags", sa.Text(), nullable=True),
        sa.Column("first_seen_ns", sa.BigInteger(), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("items_by_received", "items", ["received_ns"], unique=False)
    op.create_index(
        "items_by_sol", "items", ["mission", "sol", "instrument", "utc_ns"], unique=False
    )
    op.create_index("items_by_utc", "items", ["mission", "utc_ns"], unique=False)
    op.create_table(
        "photo_cameras",
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("rover_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("camera_id"),
    )
    op.create_table(
        "photo_counts",
        sa.Column("rover_id", sa.Integer(), nullable=False),
        sa.Column("sol", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rover_id", "sol", "camera_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "photo_stated_rovers",
        sa.Column("rover_id", sa.Integer(), nullable=False),
        sa.Column("max_sol", sa.Integer(), nullable=True),
        sa.Column("total_photos", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("rover_id"),
    )
    op.create_table(
        "photo_stated_sols",
        sa.Column("rover_id", sa.Integer(), nullable=False),
        sa.Column("sol", sa.Integer(), nullable=False),
        sa.Column("total_photos", sa.Integer(), nullable=False),
        sa.Column("cameras", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rover_id", "sol"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quarantine",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("record_zst", sa.LargeBinary(), nullable=False),
        sa.Column("seen_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("source", "digest"),
    )
    op.create_table(
        "runs",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_ns", sa.BigInteger(), nullable=False),
        sa.Column("ended_ns", sa.BigInteger(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("stated_total", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "source_counts",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sol_counts",
        sa.Column("mission", sa.Text(), nullable=False),
        sa.Column("sol", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("sample_type", sa.Text(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mission", "sol", "instrument", "sample_type"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "assets",
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("stored_ns", sa.BigInteger(), nullable=True),
        sa.Column("failed_ns", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item"],
            ["items.key"],
        ),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["files.sha256"],
        ),
        sa.PrimaryKeyConstraint("item", "version", "role"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "assets_by_file",
        "assets",
        ["sha256"],
        unique=False,
        sqlite_where=sa.text("sha256 IS NOT NULL"),
        postgresql_where=sa.text("sha256 IS NOT NULL"),
    )
    op.create_table(
        "change_log",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"],
            ["items.key"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "photos",
        sa.Column("rover_id", sa.Integer(), nullable=False),
        sa.Column("sol", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("img_src", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"],
            ["items.key"],
        ),
        sa.PrimaryKeyConstraint("rover_id", "sol", "camera_id", "photo_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("photos_by_id", "photos", ["photo_id"], unique=True)
    op.create_index("photos_by_item", "photos", ["item"], unique=False)
    op.create_table(
        "upstream_blocks",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("records_zst", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "upstream_records",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("upstream_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("seen_ns", sa.BigInteger(), nullable=False),
        sa.Column("superseded_ns", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["block"],
            ["upstream_blocks.key"],
        ),
        sa.ForeignKeyConstraint(
            ["item"],
            ["items.key"],
        ),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("upstream_records_by_item", "upstream_records", ["item"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("upstream_records_by_item", table_name="upstream_records")
    op.drop_table("upstream_records")
    op.drop_table("upstream_blocks")
    op.drop_index("photos_by_item", table_name="photos")
    op.drop_index("photos_by_id", table_name="photos")
    op.drop_table("photos")
    op.drop_table("change_log")
    op.drop_index(
        "assets_by_file",
        table_name="assets",
        sqlite_where=sa.text("sha256 IS NOT NULL"),
        postgresql_where=sa.text("sha256 IS NOT NULL"),
    )
    op.drop_table("assets")
    op.drop_table("sol_counts")
    op.drop_table("source_counts")
    op.drop_table("runs")
    op.drop_table("quarantine")
    op.drop_table("photo_stated_sols")
    op.drop_table("photo_stated_rovers")
    op.drop_table("photo_counts")
    op.drop_table("photo_cameras")
    op.drop_index("items_by_utc", table_name="items")
    op.drop_index("items_by_sol", table_name="items")
    op.drop_index("items_by_received", table_name="items")
    op.drop_table("items")
    op.drop_table("instruments")
    op.drop_table("files")
