"""Bodies and answers of joining a report to a case, and the reports of a case."""

from typing import Any
from uuid import UUID

from pydantic import Field

from childcare_api.cases.file.models import CaseStatus
from childcare_api.cases.file.schemas import Because, StepHead, Steps
from childcare_api.shared.schemas import Answer, Command, Instant, PastInstant, Versioned


class JoinCase(Command):
    """Join a report about a child to the case of the same child that is open in your commune."""

    case_id: UUID
    intake_child_id: UUID = Field(description="Which child of the report it is.")
    happened_at: PastInstant | None = None


class JoinedCase(Versioned):
    """A report that was joined. `row_version` is the report's; the case has its own."""

    intake_id: UUID
    case_id: UUID
    case_row_version: int
    step_id: UUID
    status: CaseStatus
    emergency: bool


class JoinOtherCase(Command):
    """Join a case that was just opened to another one of your commune on the same child."""

    case_id: UUID = Field(description="The case that goes on.")
    reason: Because = Field(description="How you know that it is the same child.")


class JoinedCases(Versioned):
    """Two cases that are one now. `row_version` is that of the case which was joined and is entered in error."""

    joined_case_id: UUID
    case_id: UUID
    case_row_version: int
    step_ids: list[UUID] = Field(description="The steps by which its reports stand in the case that goes on.")
    status: CaseStatus
    emergency: bool


class ReportAdditionOut(Answer):
    """What was learned of a report later, as it stands in the case. Who told of it is not in it."""

    step_id: UUID
    update_id: UUID = Field(description="Its id among the `updates` of the report.")
    text: str = Field(
        description="Empty where another case seals the report while this one is not sealed: the leader reads it there."
    )
    emergency_since: Instant | None = Field(description="From when its own 12 hours ran, if it told of danger.")
    happened_at: Instant
    recorded_at: Instant
    counts: bool = Field(description="False where it was taken back as an error, or its report was.")


class CaseReportOut(StepHead):
    """A report in the file as it stood when it came in (Mẫu 01 and 02). Who reported is not in it."""

    intake_id: UUID
    channel: str
    received_at: Instant
    place_unit_id: int | None
    narrative: str | None
    condition: str | None
    initial_assessment: dict[str, Any]
    emergency_since: Instant | None = Field(description="From when its 12 hours ran, if it was an emergency.")
    updates: list[ReportAdditionOut] = Field(description="What was added to it since, in the order it was recorded.")


class ReportList(Versioned):
    """The reports of a case, the one it was opened on first."""

    items: Steps[CaseReportOut]
