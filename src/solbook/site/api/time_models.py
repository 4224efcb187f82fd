"""The shape of the JSON of `/api/time`; OpenAPI is made from it."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ConjunctionAnswer(BaseModel):
    """A solar conjunction: Mars within 2 degrees of the Sun in the Earth's sky."""

    begins: str = Field(description="UTC, ISO 8601.")
    ends: str
    nearest: str = Field(description="UTC of the least angle.")
    nearest_deg: float


class MarsAnswer(BaseModel):
    """Mars as a whole. What is not known for the year is null."""

    mars_year: int | None = Field(description="Mars Year; known from December 1960 to 2052.")
    sol_of_year: float | None = Field(description="Mean sols since Ls was 0.")
    ls_deg: float | None = Field(
        description="Areocentric longitude of the Sun; known from 1874 to 2127."
    )
    season: str | None = Field(description="Season of the northern hemisphere.")
    mars_sol_date: float = Field(description="MSD, mean sols.")
    mtc: str = Field(description="Coordinated Mars Time, hh:mm:ss.sss.")
    mtc_s: float = Field(description="The same in local seconds, 86,400 to a sol.")
    sun_distance_au: float | None
    earth_distance_au: float | None = Field(description="Known from 1960 to 2052.")
    light_time_leaving_s: float | None = Field(
        description="One way, for a signal that leaves Mars now."
    )
    light_time_arriving_s: float | None = Field(
        description="One way, for a signal from the Earth that arrives at Mars now."
    )
    sun_earth_mars_deg: float | None = Field(
        description="Angle between Sun and Mars in the Earth's sky."
    )
    conjunction: ConjunctionAnswer | None = Field(
        description="The solar conjunction the time is in; null where it is in none."
    )


class BodyAnswer(BaseModel):
    """Where a body stands over a place."""

    az_deg: float = Field(description="Azimuth, from north over east.")
    el_deg: float = Field(description="Elevation over the horizon.")
    is_up: bool = Field(description="Whether its centre is over the horizon.")


class SkyAnswer(BaseModel):
    """Sun and Earth over a place."""

    ltst: str | None = Field(description="Local true solar time, hh:mm:ss.sss.")
    ltst_s: float | None = Field(description="The same in local seconds, 86,400 to a sol.")
    sun: BodyAnswer | None
    earth: BodyAnswer | None
    words: str | None = Field(description="Part of the sol and place of the Sun, in words.")


class TwilightAnswer(BaseModel):
    """A twilight: until the Sun's centre is so far below the horizon."""

    name: str = Field(description="civil (-6 degrees), nautical (-12), astronomical (-18).")
    begins: str | None = Field(description="UTC before sunrise; null where it does not happen.")
    ends: str | None = Field(description="UTC after sunset; null where it does not happen.")


class SunDayAnswer(BaseModel):
    """The Sun over a place in one sol; UTC, null for what does not happen or is not known."""

    begins: str = Field(description="UTC of local midnight at its start.")
    ends: str
    sunrise: str | None = Field(description="The Sun's centre on the horizon.")
    noon: str | None = Field(description="The Sun in the meridian.")
    sunset: str | None
    stays: str | None = Field(description="up or down, where the Sun neither rises nor sets.")
    twilights: list[TwilightAnswer]


class MissionTimeAnswer(SkyAnswer):
    """The time by a mission's clock; Sun and Earth are those of its landing site."""

    mission: str
    name: str
    simulated: bool = Field(description="Whether it is simulated, and never was on Mars.")
    clock: str = Field(description="LMST, HLST or LLT: what the clock keeps.")
    clock_source: str = Field(
        description="mission, or landing site: local mean solar time there, where the"
        " mission's own clock is not published."
    )
    landed: bool = Field(description="Whether it had landed.")
    sol: int | None = Field(description="The sol; null before the sol of landing.")
    lmst: str | None = Field(description="Local time of the mission's clock, hh:mm:ss.sss.")
    lmst_s: float | None = Field(description="The same in local seconds, 86,400 to a sol.")
    sun_times: SunDayAnswer | None = Field(
        description="The sol and its Sun; only for missions that were asked for."
    )


class SiteTimeAnswer(SkyAnswer):
    """The time at a place."""

    lat_deg: float = Field(description="Areographic latitude, north positive.")
    lon_e_deg: float = Field(description="East longitude.")
    lmst: str = Field(description="Local mean solar time, hh:mm:ss.sss.")
    lmst_s: float
    sun_times: SunDayAnswer = Field(description="The local mean solar sol and its Sun.")


class TimeAnswer(BaseModel):
    """An instant on Mars."""

    utc: str = Field(description="UTC, ISO 8601.")
    page: str = Field(description="Address of its page.")
    mars: MarsAnswer
    missions: list[MissionTimeAnswer]
    site: SiteTimeAnswer | None = Field(description="The place asked for with lat and lon.")
    unknown: list[str] = Field(description="Why values are null, a sentence each.")
