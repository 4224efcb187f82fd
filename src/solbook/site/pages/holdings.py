"""What every page shows of the whole archive, computed once for each state of it."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import Request

from solbook.archive import overview, releases
from solbook.archive.catalogue import now_ns
from solbook.archive.frames import latest_frames
from solbook.archive.releases import ReleaseFilter
from solbook.missions import MISSIONS, Mission
from solbook.site.thread import Thread, current_sol, lay_out


class Holdings:
    """Counts and threads of the archive at one number of its change log.

    Requests run in several threads; at worst two of them compute the same thing.

    Args:
        change: The number.
        connection: A connection that sees that state.
    """

    def __init__(self, change: int, connection: sa.Connection) -> None:
        self.change = change
        self.counts = {count.mission: count for count in overview.mission_counts(connection)}
        newest = latest_frames(connection, 1)
        self.newest_received_ns = newest[0].received_ns if newest else None
        self.newest_mission = newest[0].mission if newest else self._largest()
        self.newest_sol = newest[0].sol if newest else self._last_sol()
        self.releases = releases.count_releases(connection, ReleaseFilter())
        self._sols: dict[str, list[tuple[int, int]]] = {}
        self._instruments: dict[str, list[overview.InstrumentCount]] = {}
        self._threads: dict[tuple[str, int], Thread] = {}
        self._sources: list[overview.SourceCount] | None = None

    @property
    def real(self) -> list[overview.MissionCount]:
        """What is held of missions that were on Mars."""
        return [held for held in self.counts.values() if not MISSIONS[held.mission].simulated]

    @property
    def simulated(self) -> list[overview.MissionCount]:
        """What is held of simulated missions."""
        return [held for held in self.counts.values() if MISSIONS[held.mission].simulated]

    @property
    def only_simulated(self) -> bool:
        """Whether there are frames, and all of them are simulated."""
        return bool(self.simulated) and not self.real

    @property
    def frames(self) -> int:
        """Frames of all missions, but for simulated ones."""
        return sum(held.frames for held in self.real)

    @property
    def simulated_frames(self) -> int:
        """Frames of simulated missions."""
        return sum(held.frames for held in self.simulated)

    def sols(self, connection: sa.Connection, mission: str) -> list[tuple[int, int]]:
        """Sols of a mission that have frames, and how many."""
        if mission not in self._sols:
            self._sols[mission] = overview.frames_by_sol(connection, mission)
        return self._sols[mission]

    def instruments(
        self, connection: sa.Connection, mission: str
    ) -> list[overview.InstrumentCount]:
        """Cameras of a mission that have frames."""
        if mission not in self._instruments:
            self._instruments[mission] = overview.instrument_counts(connection, mission)
        return self._instruments[mission]

    def thread(self, connection: sa.Connection, mission: Mission) -> Thread:
        """The thread of a mission; laid out anew on every sol of a mission that still runs."""
        at_ns = now_ns()
        key = (mission.id, current_sol(mission, at_ns) if mission.is_active else 0)
        if key not in self._threads:
            self._threads[key] = lay_out(mission, self.sols(connection, mission.id), at_ns)
        return self._threads[key]

    def sources(self, connection: sa.Connection) -> list[overview.SourceCount]:
        """What each source has given."""
        if self._sources is None:
            self._sources = overview.source_counts(connection)
        return self._sources

    def mission_of_thread(self) -> Mission:
        """The mission whose thread stands on pages of no mission: that of the newest downlink."""
        return MISSIONS[self.newest_mission or next(iter(MISSIONS))]

    def _largest(self) -> str | None:
        """The mission with most frames; a simulated one only where there is no other."""
        return next((held.mission for held in (*self.real, *self.simulated)), None)

    def _last_sol(self) -> int | None:
        if self.newest_mission is None:
            return None
        return self.counts[self.newest_mission].last_sol


def holdings(request: Request, connection: sa.Connection) -> Holdings:
    """The holdings as this request's connection sees them."""
    change = overview.latest_change(connection)
    kept: Holdings | None = getattr(request.app.state, "holdings", None)
    if kept is None or kept.change != change:
        kept = Holdings(change, connection)
        request.app.state.holdings = kept
    return kept
