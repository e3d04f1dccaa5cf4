"""Bodies and answers of activities."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, NewRecord, PastDay, Text, Versioned, unfit

ActivityKind = Literal[
    "training", "communication", "forum", "campaign", "inspection", "support", "model", "event", "other"
]
EvidenceKind = Literal["report", "decision", "plan", "minutes", "dispatch", "statistics", "receipt", "other"]
Audience = Literal["children", "parents", "collaborators", "officials", "facilitators", "community", "other"]
Words = Annotated[Text, Field(max_length=4000)]
Vnd = Annotated[int, Field(ge=0, le=10**15)]


class Evidence(Command):
    """The paper that says so, by what identifies it; the paper itself is not kept here."""

    kind: EvidenceKind = Field(description="A code of the list `evidence_kinds`.")
    number: Line | None = Field(default=None, description="Such as `125/BC-SYT`.")
    issued_on: PastDay | None = None
    issuer: Line | None = None
    note: Annotated[Text, Field(max_length=2000)] | None = None


class EvidenceOut(Answer):
    """The paper that says so."""

    kind: EvidenceKind
    number: str | None
    issued_on: Day | None
    issuer: str | None
    note: str | None


class Participants(Command):
    """How many people of one audience took part."""

    audience: Audience
    count: Annotated[int, Field(ge=0, le=10_000_000)]


class ParticipantsOut(Answer):
    """How many people of one audience took part."""

    audience: Audience
    count: int


class RecordActivity(NewRecord):
    """Write down something your unit did: what, when, for whom, how many."""

    kind: ActivityKind = Field(description="A code of the list `activity_kinds`.")
    title: Annotated[Text, Field(max_length=500)]
    description: Words | None = None
    result: Words | None = Field(default=None, description="What came of it; for an inspection, what was found.")
    place_text: Annotated[Text, Field(max_length=500)] | None = None
    started_on: PastDay
    ended_on: PastDay | None = Field(default=None, description="The day it began where it is not given.")
    session_count: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=1, description="How many classes, events or visits of the same kind this is."
    )
    participants: Annotated[list[Participants], Field(max_length=7)] = Field(
        default=[], description="How many took part, by audience; their sum is counted."
    )
    cost_vnd: Vnd | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.ended_on is not None and self.ended_on < self.started_on:
            raise unfit("days_reversed", "It ends before it begins.", "Kết thúc trước khi bắt đầu.", at="ended_on")
        if len({group.audience for group in self.participants}) < len(self.participants):
            raise unfit(
                "audience_twice", "An audience stands twice.", "Một đối tượng bị nêu hai lần.", at="participants"
            )
        return self


class ActivitySummary(Versioned):
    """An activity in a list."""

    id: UUID
    unit_id: int
    commune_id: int | None
    province_id: int | None
    kind: ActivityKind
    title: str
    started_on: Day
    ended_on: Day
    session_count: int
    participant_count: int
    entered_in_error_at: Instant | None


class ActivityOut(ActivitySummary):
    """An activity: what was done, when, for whom, how many."""

    description: str | None
    result: str | None
    place_text: str | None
    participants: list[ParticipantsOut]
    cost_vnd: int | None
    evidence: EvidenceOut | None
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_reason: str | None
