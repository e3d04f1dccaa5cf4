"""Bodies and answers of assessments and meetings."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.intake.receiving.schemas import Relation
from childcare_api.shared.schemas import Command, Instant, Line, PastInstant, Text, Versioned, unfit

Level = Literal["high", "medium", "low"]
NeedGroup = Literal["health", "education", "psychology", "welfare", "protection", "legal"]
Performer = Literal["officer", "hotline_111", "service_provider"]
Content = Annotated[Text, Field(max_length=10_000)]


class AssessedNeed(Command):
    """One need of the child (Điều 27.1 e)."""

    group: NeedGroup
    description: Note


class CarerWish(Command):
    """What a parent or carer wishes (Điều 27.1 h). Harm-doers are not asked."""

    relation: Relation
    wishes: Note


class RecordAssessment(Happened):
    """Record the detailed assessment (Mẫu 03) in its eight contents; what is not known yet stays empty."""

    performed_by: Performer = "officer"
    performer_name: Line | None = None
    risk_level: Level
    child_condition: Content | None = Field(default=None, description="a) Physical, psychological, emotional state.")
    family_and_protection: Content | None = Field(
        default=None, description="b) Family, relations, and how far parents and family can protect the child."
    )
    risk_factors: Content | None = Field(default=None, description="c) What may lead to harm, or to harm again.")
    learning_and_self_protection: Content | None = Field(
        default=None, description="d) Conditions of learning, and how far the child can protect itself."
    )
    community_safety: Content | None = Field(default=None, description="đ) How safe and helpful the community is.")
    needs: Annotated[list[AssessedNeed], Field(max_length=50)] = Field(default=[], description="e) The child's needs.")
    child_was_asked: bool = Field(description="g) Whether the child's own wishes were asked for.")
    child_wishes: Content | None = None
    child_not_asked_reason: Because | None = None
    carers_wishes: Annotated[list[CarerWish], Field(max_length=20)] = Field(
        default=[], description="h) The wishes of parents and carers, but not of those who did the harm."
    )
    carers_not_asked_reason: Because | None = None
    carers_ensure_safety: bool | None = Field(
        default=None,
        description="Whether the parents or carers are found to keep the child safe: what cancels a separation (32.3).",
    )

    @model_validator(mode="after")
    def _child_speaks_or_a_reason_does(self) -> Self:
        if self.child_was_asked and self.child_wishes is None:
            raise unfit(
                "child_wishes_missing",
                "Write down what the child said.",
                "Hãy ghi ý kiến của trẻ em.",
                at="child_wishes",
            )
        if not self.child_was_asked and (self.child_wishes is not None or self.child_not_asked_reason is None):
            raise unfit(
                "child_not_asked_reason_missing",
                "Say why the child was not asked, and write no wishes.",
                "Hãy nêu lý do chưa hỏi trẻ em và không ghi ý kiến.",
                at="child_not_asked_reason" if self.child_not_asked_reason is None else "child_wishes",
            )
        return self


class CaseAssessmentOut(StepHead):
    """A detailed assessment."""

    performed_by: Performer
    performer_name: str | None
    risk_level: Level
    child_condition: str | None
    family_and_protection: str | None
    risk_factors: str | None
    learning_and_self_protection: str | None
    community_safety: str | None
    needs: list[AssessedNeed]
    child_was_asked: bool
    child_wishes: str | None
    child_not_asked_reason: str | None
    carers_wishes: list[CarerWish]
    carers_not_asked_reason: str | None
    carers_ensure_safety: bool | None


class AssessmentList(Versioned):
    """The detailed assessments of a case."""

    items: Steps[CaseAssessmentOut]


AttendeeRole = Literal[
    "chair",
    "officer",
    "neighbourhood_representative",
    "parent",
    "carer",
    "child",
    "police",
    "health",
    "education",
    "justice",
    "service_provider",
    "mass_organisation",
    "hotline_111",
    "other",
]


class Attendee(Command):
    """Someone at the meeting."""

    role: AttendeeRole
    full_name: Line
    body_name: Line | None = None


class RecordMeeting(Happened):
    """Record the meeting that settles the measures, with its minutes and who was there. It happened when it ended."""

    started_at: PastInstant
    ended_at: PastInstant
    place: Line | None = None
    attendees: Annotated[list[Attendee], Field(min_length=1, max_length=100)]
    carers_absent_reason: Because | None = Field(
        default=None, description="Why neither a parent nor a carer was there, if none was."
    )
    minutes: Content
    conclusions: Content | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.started_at > self.ended_at:
            raise unfit(
                "ends_before_it_begins",
                "It ends before it begins.",
                "Cuộc họp kết thúc trước khi bắt đầu.",
                at="ended_at",
            )
        if self.happened_at is not None and self.happened_at != self.ended_at:
            raise unfit(
                "happened_when_ended",
                "A meeting happened when it ended.",
                "Cuộc họp tính theo lúc kết thúc.",
                at="happened_at",
            )
        return self


class MeetingOut(StepHead):
    """A meeting, with its minutes."""

    started_at: Instant
    ended_at: Instant
    place: str | None
    attendees: list[Attendee]
    carers_absent_reason: str | None
    minutes: str
    conclusions: str | None


class MeetingList(Versioned):
    """The meetings of a case."""

    items: Steps[MeetingOut]
