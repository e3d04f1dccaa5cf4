"""Bodies and answers of intervention plans."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.assessing.schemas import NeedGroup
from childcare_api.cases.file.models import PlanStatus
from childcare_api.cases.file.schemas import Because, Happened, Money, Note, NumberNoticeOut, StepHead, Steps
from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, PastDay, Text, Versioned, unfit
from childcare_api.units.schemas import Supplied

ProtectionLevel = Literal["support", "intervention"]


class PlanService(Command):
    """A service or task of the plan (Điều 28.3). A draft may leave open what submission will ask for."""

    id: UUID | None = None
    group: NeedGroup
    description: Note
    responsible_body: Line | None = None
    provider: Line | None = Field(default=None, description="The service provider to be called on (Điều 28.3 c).")
    needs_provider: bool | None = Field(
        default=None, description="`false` where none has to be called on; not asked where one is named."
    )
    starts_on: Day | None = None
    expected_end_on: Day | None = None
    cost_vnd: Money | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts_and_says_of_a_provider(self) -> Self:
        if self.starts_on is not None and self.expected_end_on is not None and self.starts_on > self.expected_end_on:
            raise unfit(
                "ends_before_it_begins",
                "It ends before it begins.",
                "Dịch vụ kết thúc trước khi bắt đầu.",
                at="expected_end_on",
            )
        if self.provider is not None and self.needs_provider is False:
            raise unfit(
                "needs_provider", "One is named.", "Đã nêu cơ sở cung cấp dịch vụ cần huy động.", at="needs_provider"
            )
        return self


Services = Annotated[list[PlanService], Field(max_length=100)]
Objectives = Annotated[Text, Field(max_length=10_000)]
Supervision = Annotated[
    Text,
    Field(
        max_length=4000,
        description="Who watches over the carrying out of the plan, how and when (TT 14/2020/TT-BLĐTBXH, Điều 9.3 g). "
        "Asked for once the child's needs of alternative care were recorded (Mẫu 10).",
    ),
]


class DraftInterventionPlan(Happened):
    """Draft a version of the intervention plan (Mẫu 04)."""

    protection_level: ProtectionLevel
    objectives: Objectives | None = None
    supervision: Supervision | None = None
    services: Services = Field(default=[])


class ChangeInterventionPlan(Command):
    """Change a draft that was never submitted. What is absent stays; `services` replaces all of them."""

    protection_level: ProtectionLevel | None = None
    objectives: Objectives | None = None
    supervision: Supervision | None = None
    services: Services | None = None


class ReviseInterventionPlan(Happened):
    """Draft the next version of one that came back. What is absent is as in that one; `services` replaces all."""

    protection_level: ProtectionLevel | None = None
    objectives: Objectives | None = None
    supervision: Supervision | None = None
    services: Services | None = None


class AdjustInterventionPlan(DraftInterventionPlan):
    """Draft a new version of a plan that is being carried out (Điều 29.1 a). The approved one stays as it is."""

    reason: Because


class SubmitInterventionPlan(Happened):
    """Submit the plan with its dossier to the leader (Điều 28.1, 28.2)."""

    unchanged_reason: Because | None = Field(
        default=None,
        description="Why what the leader returned is submitted again word for word: the minutes were mended, say.",
    )


class ReturnInterventionPlan(Happened):
    """Return a submitted plan to the officer."""

    reason: Because


class ApproveInterventionPlan(Happened):
    """Approve a submitted plan by a decision with number and day (Mẫu 05)."""

    decision_number: Annotated[Line, Field(max_length=50)]
    decided_on: PastDay
    facility_agreed_on: PastDay | None = Field(
        default=None,
        description="For a child living in a facility: when you agreed on it with its head (TT 14/2020, Điều 9.5).",
    )


class PlanServiceOut(Answer):
    """A service or task of a plan."""

    id: UUID
    position: int
    group: NeedGroup
    description: str
    responsible_body: str | None
    provider: str | None
    needs_provider: bool | None
    starts_on: date | None
    expected_end_on: date | None
    cost_vnd: int | None


class DecisionOut(Answer):
    """A decision on a plan. One entered in error stays here, marked, beside the one that took its place."""

    id: UUID
    decision_number: str
    decided_on: date
    facility_agreed_on: date | None
    happened_at: Instant
    decided_by: UUID
    acting_for_assignment_id: UUID | None
    counts: bool
    entered_in_error_at: Instant | None
    entered_in_error_by: UUID | None
    entered_in_error_reason: str | None


class ReturnOut(Answer):
    """That a leader returned the plan, and why."""

    id: UUID
    happened_at: Instant
    returned_by: UUID
    reason: str | None
    counts: bool


class MissingOut(Answer):
    """Something the dossier lacks, and the article that asks for it; `service` counts from 1."""

    what: str = Field(description="A code of the list `dossier_contents`.")
    label_vi: str
    label_en: str
    article: str
    service: int | None
    supplied_by: Supplied


class InterventionPlanOut(StepHead):
    """A version of the intervention plan: its services, what its dossier still lacks, and what was decided on it."""

    version: int
    cycle: int
    status: PlanStatus
    changeable: bool = Field(description="Only a draft that was never submitted; any other version is revised.")
    adjusts_id: UUID | None
    revises_id: UUID | None = Field(description="The version that came back and that this one takes the place of.")
    adjustment_reason: str | None
    protection_level: ProtectionLevel
    objectives: str | None
    supervision: str | None
    services: list[PlanServiceOut]
    total_cost_vnd: int
    missing: list[MissingOut]
    submitted_at: Instant | None
    unchanged_reason: str | None = Field(
        description="Why it was submitted again as the leader had returned it, if it was."
    )
    returns: list[ReturnOut]
    decisions: list[DecisionOut]
    warnings: list[NumberNoticeOut] = Field(
        description="Numbers that the commune gave to another case in the same year; told to that commune alone."
    )


class InterventionPlanList(Versioned):
    """All versions of a case's plan."""

    items: Steps[InterventionPlanOut]
