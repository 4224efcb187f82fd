"""The shapes of answers on likes; OpenAPI is made from them."""

from __future__ import annotations

from pydantic import BaseModel, Field


class LikedAnswer(BaseModel):
    """An image and its likes."""

    item: str = Field(description="Its public id.")
    likes: int = Field(description="Likes that count for this list.")
    page: str = Field(description="Address of its page.")
    title: str
    credit: str
    mission: str | None
    sol: int | None
    simulated: bool = Field(description="Whether Solbook computed it, and no camera took it.")
    picture: str = Field(description="Address of a thumbnail.")


class LeaderAnswer(LikedAnswer):
    """An image in a list of the most liked."""

    rank: int


class LikesAnswer(BaseModel):
    """The most liked images of a period."""

    span: str = Field(description="week, sol, year or all.")
    period: str | None = Field(description="2026-W48, a sol, a year; null for all time.")
    mission: str | None = Field(description="Only of this mission's images; null for all.")
    starts: str | None = Field(description="First day on which likes count, UTC.")
    ends: str | None = Field(description="Last day on which likes count, UTC.")
    over: bool = Field(description="Whether no like can be added any more.")
    page: str = Field(description="Address of its page.")
    leaders: list[LeaderAnswer]
    next: str | None


class WeekImageAnswer(LikedAnswer):
    """The image of a week, with the likes it had when the week ended."""

    week: str
    starts: str
    ends: str


class WeekImagesAnswer(BaseModel):
    """The images of the weeks that are over, newest first."""

    weeks: list[WeekImageAnswer]
    next: str | None


class DayLikesAnswer(BaseModel):
    """Likes that were given on a day and not taken back."""

    date: str = Field(description="UTC.")
    likes: int


class ItemLikesAnswer(BaseModel):
    """An image and how many like it."""

    item: str
    page: str
    likes: int
    days: list[DayLikesAnswer] = Field(description="By day; without days of none.")
