"""Releases and stories stand among the items, with what they show; files need not be pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_OF_FRAMES = (("mission", sa.Text()), ("sol", sa.Integer()), ("instrument", sa.Text()))
_OF_PICTURES = ("width_px", "height_px")


def upgrade() -> None:
    """Apply the step."""
    with op.batch_alter_table("items") as table:
        for name, kind in _OF_FRAMES:
            table.alter_column(name, existing_type=kind, nullable=True)
    with op.batch_alter_table("files") as table:
        for name in _OF_PICTURES:
            table.alter_column(name, existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "releases",
        sa.Column("item", sa.Integer(), sa.ForeignKey("items.key"), primary_key=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("dated", sa.Text()),
        sa.Column("dated_ns", sa.BigInteger()),
        sa.Column("credit_source", sa.Text()),
        sa.Column("body", sa.Text()),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("missions", sa.Text(), nullable=False),
        sa.Column("location", sa.Text()),
        sa.Column("alt", sa.Text()),
    )
    op.create_index("releases_by_date", "releases", ["dated_ns"])
    op.create_index("releases_by_type", "releases", ["media_type", "dated_ns"])
    op.create_table(
        "links",
        sa.Column("item", sa.Integer(), sa.ForeignKey("items.key"), primary_key=True),
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text()),
        sqlite_with_rowid=False,
    )
    op.create_index("links_by_target", "links", ["kind", "target", "item"])


def downgrade() -> None:
    """Take the step back: what is not a frame, or not a picture, is lost."""
    op.drop_table("links")
    op.drop_table("releases")
    for table_name, column in (
        ("upstream_records", "item"),
        ("assets", "item"),
        ("change_log", "item"),
    ):
        op.execute(
            f"DELETE FROM {table_name} WHERE {column} IN"  # noqa: S608  (names of our own)
            " (SELECT key FROM items WHERE kind <> 'frame')"
        )
    op.execute("DELETE FROM items WHERE kind <> 'frame'")
    op.execute("DELETE FROM files WHERE width_px IS NULL OR height_px IS NULL")
    with op.batch_alter_table("files") as table:
        for name in _OF_PICTURES:
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("items") as table:
        for name, kind in _OF_FRAMES:
            table.alter_column(name, existing_type=kind, nullable=False)
