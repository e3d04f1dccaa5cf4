"""Bodies and answers of services carried out, notes, reviews and closing."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.assessing.schemas import Attendee, Content, Level
from childcare_api.cases.file.models import ReviewOutcome
from childcare_api.cases.file.schemas import Happened, Money, Note, StepHead, Steps
from childcare_api.shared.schemas import Answer, Command, Line, PastDay, Versioned, unfit

Progress = Literal["begun", "done", "stopped"]


class RecordService(Happened):
    """Record that a service of an approved plan was begun, done, or stopped (Điều 29)."""

    plan_service_id: UUID
    progress: Progress
    provided_by: Line
    result: Note | None = Field(default=None, description="What came of it; of what is `stopped`, why it was.")
    ended_on: PastDay | None = None
    cost_vnd: Money | None = None

    @model_validator(mode="after")
    def _stopped_for_a_reason(self) -> Self:
        if self.progress == "stopped" and self.result is None:
            raise unfit(
                "reason_missing",
                "Say why the service was stopped before it was done.",
                "Nêu lý do dừng dịch vụ khi chưa hoàn thành.",
                at="result",
            )
        return self

    @model_validator(mode="after")
    def _ended_once_over(self) -> Self:
        if self.progress == "begun" and self.ended_on is not None:
            raise unfit(
                "not_ended_yet",
                "Give the last day once the service is `done` or `stopped`.",
                "Chỉ nêu ngày kết thúc khi dịch vụ đã xong (`done`) hoặc dừng (`stopped`).",
                at="ended_on",
            )
        return self


class ServiceOut(StepHead):
    """A service of the plan as it was carried out."""

    plan_service_id: UUID
    progress: Progress
    provided_by: str
    result: str | None
    ended_on: date | None
    cost_vnd: int | None


class ServiceList(Versioned):
    """The services carried out in a case."""

    items: Steps[ServiceOut]


class AddNote(Happened):
    """Note how the child and the plan are getting on."""

    note: Content


class NoteOut(StepHead):
    """A note on how the child and the plan are getting on."""

    note: str


class NoteList(Versioned):
    """The notes of a case."""

    items: Steps[NoteOut]


class Stability(Command):
    """Whether the child is stable in each of the four respects that Điều 30.1 b names."""

    physical: bool
    psychological: bool
    cognitive: bool
    emotional: bool


class RecordReview(Happened):
    """Review the child's situation after the plan was carried out (Mẫu 06), with those who carried it out."""

    harm_remaining: Level = Field(description="How serious the harm still is.")
    harm_doer_access: Level = Field(description="How easily the harm-doer can reach the child.")
    care_obstacles: Level = Field(description="Obstacles in the environment of care.")
    self_protection: Level = Field(description="How far the child can protect itself and recover.")
    recovery: Note | None = None
    child_state: Content
    environment_safety: Content
    risk_remains: bool = Field(description="Whether a risk of harm remains. The officer concludes, not the grid.")
    stable: Stability
    participants: list[Attendee] = Field(default=[], max_length=100)
    proposal: Note | None = None


class GridTotals(Answer):
    """How often each level was found. An aid to judgement, never the judgement."""

    high: int
    medium: int
    low: int


class ReviewNoticeOut(Answer):
    """Where the grid says otherwise than the conclusion; nothing was refused for it, and people decide."""

    code: Literal["high_without_risk"]
    pointer: str
    message_vi: str
    message_en: str


class ReviewOut(StepHead):
    """A review, and what follows from it by law: the plan ends, or its cycle runs again."""

    outcome: ReviewOutcome
    plan_id: UUID
    harm_remaining: Level
    harm_doer_access: Level
    care_obstacles: Level
    self_protection: Level
    totals: GridTotals
    recovery: str | None
    child_state: str
    environment_safety: str
    risk_remains: bool
    stable: Stability
    participants: list[Attendee]
    proposal: str | None
    warnings: list[ReviewNoticeOut]


class ReviewList(Versioned):
    """The reviews of a case."""

    items: Steps[ReviewOut]


class CloseCase(Happened):
    """Close the case, now that a review found no remaining risk and the child stable."""

    note: Note | None = None
