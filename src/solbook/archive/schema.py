"""The catalogue's tables.

Times are UTC in nanoseconds since 1970-01-01 (`_ns`). Migrations bring an older catalogue to
this shape; a test compares the two.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

INSTRUMENTS = sa.Table(
    "instruments",
    METADATA,
    sa.Column("mission", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("known", sa.Boolean, nullable=False),
    sa.Column("first_seen_ns", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Frames, releases and stories. Releases and stories have no sol, instrument and mission of their
# own, what they are published with is in `releases`, and what they show is in `links`.
ITEMS = sa.Table(
    "items",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("mission", sa.Text),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("sol", sa.Integer),
    sa.Column("instrument", sa.Text),
    sa.Column("sample_type", sa.Text),
    sa.Column("utc_ns", sa.BigInteger),
    sa.Column("utc_source", sa.Text),
    sa.Column("lmst_s", sa.Double),
    sa.Column("lmst_source", sa.Text),
    sa.Column("ltst_s", sa.Double),
    sa.Column("ls_deg", sa.Double),
    sa.Column("sun_az_deg", sa.Double),
    sa.Column("sun_el_deg", sa.Double),
    sa.Column("sun_site", sa.Text),
    sa.Column("upstream_utc_ns", sa.BigInteger),
    sa.Column("received_ns", sa.BigInteger),
    sa.Column("title", sa.Text),
    sa.Column("caption", sa.Text),
    sa.Column("credit", sa.Text),
    sa.Column("width_px", sa.Integer),
    sa.Column("height_px", sa.Integer),
    sa.Column("site", sa.Integer),
    sa.Column("drive", sa.Integer),
    sa.Column("mast_az_deg", sa.Double),
    sa.Column("mast_el_deg", sa.Double),
    sa.Column("sclk_s", sa.Double),
    sa.Column("filter_name", sa.Text),
    sa.Column("scale_factor", sa.Double),
    sa.Column("subframe", sa.Text),
    sa.Column("exposure", sa.Text),
    sa.Column("page_url", sa.Text),
    sa.Column("flags", sa.Text),
    sa.Column("first_seen_ns", sa.BigInteger, nullable=False),
    sa.Column("changed_ns", sa.BigInteger, nullable=False),
    sa.Index("items_by_sol", "mission", "sol", "instrument", "utc_ns"),
    sa.Index("items_by_utc", "mission", "utc_ns"),
    sa.Index("items_by_received", "received_ns"),
)

# What releases and stories have beside the columns they share with frames. `missions` are those
# the source names, `keywords` its own, both as JSON.
RELEASES = sa.Table(
    "releases",
    METADATA,
    sa.Column("item", sa.Integer, sa.ForeignKey("items.key"), primary_key=True),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("dated", sa.Text),
    sa.Column("dated_ns", sa.BigInteger),
    sa.Column("credit_source", sa.Text),
    sa.Column("body", sa.Text),
    sa.Column("keywords", sa.Text, nullable=False),
    sa.Column("missions", sa.Text, nullable=False),
    sa.Column("location", sa.Text),
    sa.Column("alt", sa.Text),
    sa.Index("releases_by_date", "dated_ns"),
    sa.Index("releases_by_type", "media_type", "dated_ns"),
)

# What an item shows or speaks of. `words` are those that made the link, `field` says where they
# stand. A `ruling` is what somebody has said of the link: `added` or `removed`; it outlives
# whatever is found later.
LINKS = sa.Table(
    "links",
    METADATA,
    sa.Column("item", sa.Integer, sa.ForeignKey("items.key"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("ruling", sa.Text),
    sa.Index("links_by_target", "kind", "target", "item"),
    sqlite_with_rowid=False,
)

# The files of frames that are stored, or were asked for in vain; where the upstream has them is
# stated by its records.
ASSETS = sa.Table(
    "assets",
    METADATA,
    sa.Column("item", sa.Integer, sa.ForeignKey("items.key"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, sa.ForeignKey("files.sha256")),
    sa.Column("origin", sa.Text),
    sa.Column("stored_ns", sa.BigInteger),
    sa.Column("failed_ns", sa.BigInteger),
    sa.Column("failure", sa.Text),
    sa.Index(
        "assets_by_file",
        "sha256",
        sqlite_where=sa.text("sha256 IS NOT NULL"),
        postgresql_where=sa.text("sha256 IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

FILES = sa.Table(
    "files",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("extension", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("byte_count", sa.BigInteger, nullable=False),
    # Empty where a file is no picture.
    sa.Column("width_px", sa.Integer),
    sa.Column("height_px", sa.Integer),
    sa.Column("stored_ns", sa.BigInteger, nullable=False),
    sa.Column("thumbhash", sa.Text),
    sa.Column("damage", sa.Text),
    sqlite_with_rowid=False,
)

# Every form of every upstream record, newest last; `superseded_ns` is empty for the newest.
# `urls` are the files it names, as JSON, by role; they are of one version of the frame.
# What is received is kept byte for byte, the records of a page together.
UPSTREAM_BLOCKS = sa.Table(
    "upstream_blocks",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("records_zst", sa.LargeBinary, nullable=False),
)

UPSTREAM_RECORDS = sa.Table(
    "upstream_records",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("item", sa.Integer, sa.ForeignKey("items.key"), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("upstream_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("urls", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("block", sa.Integer, sa.ForeignKey("upstream_blocks.key"), nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("seen_ns", sa.BigInteger, nullable=False),
    sa.Column("superseded_ns", sa.BigInteger),
    sa.Index("upstream_records_by_item", "item"),
)

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("started_ns", sa.BigInteger, nullable=False),
    sa.Column("ended_ns", sa.BigInteger),
    sa.Column("pages", sa.Integer, nullable=False, default=0),
    sa.Column("read", sa.Integer, nullable=False, default=0),
    sa.Column("new", sa.Integer, nullable=False, default=0),
    sa.Column("revised", sa.Integer, nullable=False, default=0),
    sa.Column("unchanged", sa.Integer, nullable=False, default=0),
    sa.Column("quarantined", sa.Integer, nullable=False, default=0),
    sa.Column("stated_total", sa.Integer),
    sa.Column("message", sa.Text),
)

QUARANTINE = sa.Table(
    "quarantine",
    METADATA,
    sa.Column("key", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("found", sa.Text, nullable=False),
    sa.Column("expected", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("record_zst", sa.LargeBinary, nullable=False),
    sa.Column("seen_ns", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("source", "digest"),
)

CHANGE_LOG = sa.Table(
    "change_log",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("item", sa.Integer, sa.ForeignKey("items.key"), nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("at_ns", sa.BigInteger, nullable=False),
)

# Counts kept in the transaction that changes them: every page shows them.
SOL_COUNTS = sa.Table(
    "sol_counts",
    METADATA,
    sa.Column("mission", sa.Text, primary_key=True),
    sa.Column("sol", sa.Integer, primary_key=True),
    sa.Column("instrument", sa.Text, primary_key=True),
    sa.Column("sample_type", sa.Text, primary_key=True),
    sa.Column("frames", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

SOURCE_COUNTS = sa.Table(
    "source_counts",
    METADATA,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("frames", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The Mars Rover Photos API, in the order in which it answers.
PHOTOS = sa.Table(
    "photos",
    METADATA,
    sa.Column("rover_id", sa.Integer, primary_key=True),
    sa.Column("sol", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.Integer, primary_key=True),
    sa.Column("photo_id", sa.BigInteger, primary_key=True),
    sa.Column("item", sa.Integer, sa.ForeignKey("items.key"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("img_src", sa.Text, nullable=False),
    sa.Index("photos_by_id", "photo_id", unique=True),
    sa.Index("photos_by_item", "item"),
    sqlite_with_rowid=False,
)

PHOTO_CAMERAS = sa.Table(
    "photo_cameras",
    METADATA,
    sa.Column("camera_id", sa.Integer, primary_key=True),
    sa.Column("rover_id", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("full_name", sa.Text, nullable=False),
)

PHOTO_COUNTS = sa.Table(
    "photo_counts",
    METADATA,
    sa.Column("rover_id", sa.Integer, primary_key=True),
    sa.Column("sol", sa.Integer, primary_key=True),
    sa.Column("camera_id", sa.Integer, primary_key=True),
    sa.Column("photos", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

PHOTO_STATED_SOLS = sa.Table(
    "photo_stated_sols",
    METADATA,
    sa.Column("rover_id", sa.Integer, primary_key=True),
    sa.Column("sol", sa.Integer, primary_key=True),
    sa.Column("total_photos", sa.Integer, nullable=False),
    sa.Column("cameras", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

PHOTO_STATED_ROVERS = sa.Table(
    "photo_stated_rovers",
    METADATA,
    sa.Column("rover_id", sa.Integer, primary_key=True),
    sa.Column("max_sol", sa.Integer),
    sa.Column("total_photos", sa.Integer),
    sa.Column("status", sa.Text),
)
