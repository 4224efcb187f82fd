"""What happened in the missions and is spoken of: launches, landings, firsts; `data/events.csv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from solbook.clock import parse_utc
from solbook.missions.facts import VERIFIED
from solbook.missions.names import of_mission, required, several, whole
from solbook.missions.tables import read_table


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a known time or on a known day.

    Attributes:
        mission: Mission id.
        id: Its part of an address, for example `landing`; one of a kind in a mission.
        name: In words, for example "First rock core: Montdenier".
        utc: ISO 8601 UTC; only the date where no source gives the time. Of things on the surface
            that date is as the mission stated it, which may be a day before that of UTC.
        sol: Sol on the mission's count; `None` before landing and where no source gives it.
        aliases: Phrases that mean it in a text about the mission. Launch and landing have none:
            there are too many ways to say them.
        source: Where the facts come from.
        confidence: How sure they are.
    """

    mission: str
    id: str
    name: str
    utc: str
    sol: int | None
    aliases: tuple[str, ...]
    source: str
    confidence: str

    @property
    def is_verified(self) -> bool:
        """Whether all of it was seen in its source."""
        return self.confidence == VERIFIED

    @property
    def precision(self) -> Literal["day", "second"]:
        """How exactly its time is known."""
        return "second" if "T" in self.utc else "day"

    @property
    def date(self) -> date:
        """The day of it."""
        return date.fromisoformat(self.utc[:10])

    @property
    def utc_ns(self) -> int | None:
        """The time of it in UTC, ns since 1970-01-01, or `None` where only the day is known."""
        return parse_utc(self.utc) if self.precision == "second" else None


def _event(row: Mapping[str, str]) -> Event:
    return Event(
        mission=row["mission"],
        id=row["id"],
        name=row["name"],
        utc=row["utc"],
        sol=whole(row["sol"]),
        aliases=several(row["aliases"]),
        source=row["source"],
        confidence=row["confidence"],
    )


@cache
def _events() -> Mapping[tuple[str, str], Event]:
    rows = map(_event, read_table("events.csv"))
    return {(event.mission, event.id): event for event in rows}


def events(mission_id: str) -> tuple[Event, ...]:
    """The events of a mission, in the order of time.

    Args:
        mission_id: For example `m2020`.

    Returns:
        Its events.

    Raises:
        SolbookError: `unknown_mission` if there is no such mission.
    """
    return of_mission(_events(), mission_id)


def event(mission_id: str, event_id: str) -> Event:
    """One event.

    Args:
        mission_id: For example `m2020`.
        event_id: For example `landing`.

    Returns:
        What is known of it.

    Raises:
        SolbookError: `unknown_mission`, or `unknown_event` if the mission has none of that id.
    """
    ids = ", ".join(event.id for event in events(mission_id))
    return required(_events(), mission_id, event_id, "event", ids)
