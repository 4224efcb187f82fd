"""Archives with something in them that is related."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from solbook.archive import Archive, schema, write_page
from solbook.archive.links import write_links
from solbook.records import Link, Release, SourcePage

DAY_NS = 86_400 * 10**9
FIRST_NS = 1_620_000_000 * 10**9


def release(name: str, title: str, day: int = 0, **more: object) -> Release:
    """A release of a day; `body` and others as a `Release` has them."""
    fields: dict[str, object] = {
        "source": "library",
        "upstream_id": name,
        "media_type": "photo",
        "title": title,
        "dated": "2021-05-03",
        "dated_ns": FIRST_NS + day * DAY_NS,
        "missions": ("m2020",),
        **more,
    }
    record = msgspec.json.encode({"name": name, **{k: str(v) for k, v in fields.items()}})
    return Release(**fields, upstream=record)  # type: ignore[arg-type]


def story(name: str, title: str, day: int = 0, **more: object) -> Release:
    """A news story of a day."""
    return release(name, title, day, media_type="article", **more)


def publish(archive: Archive, *releases: Release) -> None:
    """Take releases into an archive."""
    write_page(archive, SourcePage("library", "a test", [], [], releases=releases))


def link(archive: Archive, item_id: str, *links: Link) -> None:
    """Links of an item, as the finder would write them, beside those of its missions."""
    with archive.writing() as connection:
        key = key_of(connection, item_id)
        missions = [Link("mission", "m2020", "m2020", "missions")]
        write_links(connection, key, [*missions, *links])
        connection.execute(
            sa.insert(schema.CHANGE_LOG), {"item": key, "change": "link", "at_ns": 0}
        )


def key_of(connection: sa.Connection, item_id: str) -> int:
    """The key of an item."""
    key: int = connection.execute(
        sa.select(schema.ITEMS.c.key).where(schema.ITEMS.c.id == item_id)
    ).scalar_one()
    return key


def flight(number: int) -> Link:
    """A link to a flight."""
    return Link("flight", f"m2020/{number}", f"flight {number}", "caption")


def place(name: str) -> Link:
    """A link to a place."""
    return Link("place", f"m2020/{name.lower().replace(' ', '-')}", name, "caption")
