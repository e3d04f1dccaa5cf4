"""Bodies and answers of report obligations and reports."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.action_plans.drafting.schemas import Number, PartOut, Patch, Statement, Year
from childcare_api.action_plans.reporting.rules import DueStatus, ReportStatus
from childcare_api.shared.schemas import Answer, Command, Day, Instant, NewRecord, Reason, Text, Versioned, unfit

ReportKind = Literal[
    "half_year", "year", "ad_hoc", "mid_term", "final", "month_of_action", "children_forum", "peoples_council"
]
SenderLevel = Literal["province", "district", "commune"]
Title = Annotated[Text, Field(max_length=500)]
_NO_LEAP_YEAR = 2025


class AddObligation(NewRecord):
    """Bind the units directly below to a report."""

    kind: ReportKind = Field(description="A code of the list `report_kinds`.")
    statement: Statement
    before_month: Annotated[int, Field(ge=1, le=12)] | None = None
    before_day: Annotated[int, Field(ge=1, le=31)] | None = Field(
        default=None, description="The report is due before this day, which is itself too late."
    )
    sender_text: Annotated[Text, Field(max_length=1000)] | None = Field(
        default=None, description="Who else reports: departments, organisations."
    )
    recipient_text: Annotated[Text, Field(max_length=1000)] | None = None
    note: Statement | None = None

    @model_validator(mode="after")
    def _is_a_day_of_every_year(self) -> Self:
        if (self.before_month is None) != (self.before_day is None):
            lacking = "before_day" if self.before_day is None else "before_month"
            raise unfit("half_a_day", "State month and day together.", "Cần cả ngày và tháng.", at=lacking)
        if self.before_month is not None and self.before_day is not None:
            try:
                date(_NO_LEAP_YEAR, self.before_month, self.before_day)
            except ValueError:
                raise unfit(
                    "no_such_day", "There is no such day every year.", "Ngày này không có hằng năm.", at="before_day"
                ) from None
        return self


class ObligationOut(PartOut):
    """What a plan binds the units of a level to report (chế độ báo cáo)."""

    kind: ReportKind
    statement: str
    before_month: int | None
    before_day: int | None
    recurs: bool
    sender_level: SenderLevel
    sender_text: str | None
    recipient_text: str | None


class DuePlanReport(Answer):
    """One report that one unit owes for one year of a plan."""

    obligation_id: UUID
    plan_id: UUID
    plan_number: str | None
    kind: ReportKind
    statement: str
    quote: str | None
    section: str | None
    year: int
    due_before: Day | None = Field(description="The first day that is too late; null where the plan names none.")
    sender_unit_id: int
    sender_name: str
    recipient_unit_id: int
    report_id: UUID | None
    status: DueStatus


class ReportFigure(Command):
    """What the sender reached of one target of the plan."""

    target_id: UUID
    value: Number | None = None
    note: Statement | None = None


class ReportFigureOut(Answer):
    """What the sender reached of one target of the plan."""

    target_id: UUID
    value: Number | None
    note: str | None


Figures = Annotated[list[ReportFigure], Field(max_length=200)]


class DraftPlanReport(NewRecord):
    """Draft a report that your unit owes."""

    obligation_id: UUID
    year: Year
    title: Title
    content: Text
    figures: Figures = Field(default=[])


class ChangePlanReport(Patch):
    """Change a report that is a draft or was returned."""

    never_null = frozenset({"title", "content", "figures"})

    title: Title | None = None
    content: Text | None = None
    figures: Figures | None = None


class ReturnPlanReport(Command):
    """Say what has to be done again."""

    reason: Annotated[Reason, Field(max_length=4000)]


class PlanReportSummary(Versioned):
    """A report in a list."""

    id: UUID
    plan_id: UUID
    obligation_id: UUID
    kind: ReportKind
    year: int
    unit_id: int = Field(description="Who sends it.")
    recipient_unit_id: int
    title: str
    status: ReportStatus
    due_before: Day | None
    submitted_at: Instant | None


class PlanReportOut(PlanReportSummary):
    """A report on a plan (báo cáo)."""

    content: str
    figures: list[ReportFigureOut]
    is_late: bool = Field(description="Submitted on or after `due_before`, or not submitted by today.")
    created_at: Instant
    created_by: UUID
    changed_at: Instant
    submitted_by: UUID | None
    returned_at: Instant | None
    returned_by: UUID | None
    return_reason: str | None
    accepted_at: Instant | None
    accepted_by: UUID | None
