"""Files carry what stands in their place until they have come, and what is wrong with them.

`solbook derive` fills both in for the files that are there already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the step."""
    op.add_column("files", sa.Column("thumbhash", sa.Text(), nullable=True))
    op.add_column("files", sa.Column("damage", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("files") as table:
        table.drop_column("damage")
        table.drop_column("thumbhash")
