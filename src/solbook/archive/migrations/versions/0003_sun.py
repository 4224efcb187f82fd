"""Frames carry the Sun: local true solar time, season, where it stood."""

import sqlalchemy as sa
from alembic import op

from solbook.records import Frame, add_sun

revision = "0003"
down_revision = "0002"

_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[float] | sa.Text], ...] = (
    ("ltst_s", sa.Double()),
    ("ls_deg", sa.Double()),
    ("sun_az_deg", sa.Double()),
    ("sun_el_deg", sa.Double()),
    ("sun_site", sa.Text()),
)
_AT_ONCE = 10_000


def upgrade() -> None:
    """Apply the step, and work out the Sun of the frames that are there."""
    for name, kind in _COLUMNS:
        op.add_column("items", sa.Column(name, kind, nullable=True))
    connection = op.get_bind()
    last = -1
    while rows := connection.exec_driver_sql(
        "SELECT key, mission, sol, utc_ns, site, drive FROM items"
        " WHERE key > ? AND utc_ns IS NOT NULL ORDER BY key LIMIT ?",
        (last, _AT_ONCE),
    ).all():
        last = rows[-1].key
        frames = [
            Frame(
                mission=row.mission,
                product_id="",
                source="",
                sol=row.sol,
                instrument="",
                utc_ns=row.utc_ns,
                site=row.site,
                drive=row.drive,
                upstream_id="",
                upstream=b"",
            )
            for row in rows
        ]
        add_sun(frames)
        connection.exec_driver_sql(
            "UPDATE items SET ltst_s = ?, ls_deg = ?, sun_az_deg = ?, sun_el_deg = ?, sun_site = ?"
            " WHERE key = ?",
            [
                (f.ltst_s, f.ls_deg, f.sun_az_deg, f.sun_el_deg, f.sun_site, row.key)
                for f, row in zip(frames, rows, strict=True)
            ],
        )


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("items") as table:
        for name, _ in reversed(_COLUMNS):
            table.drop_column(name)
