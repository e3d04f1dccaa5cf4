"""Bodies and answers of overseeing children in family care."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from childcare_api.cases.caring.schemas import Proposal, VisitOccasion
from childcare_api.cases.file.schemas import Note
from childcare_api.cases.placing.schemas import CareForm
from childcare_api.shared.schemas import Answer, Command, Instant, NewRecord, Versioned

Year = Annotated[int, Field(ge=2018, le=2100, description="From the first whole year of the decree on.")]
Half = Annotated[int, Field(ge=1, le=2, description="1: January to June; 2: July to December.")]


class SendCareReport(NewRecord):
    """Report each child in family care in your commune to the province (Luật Trẻ em, Điều 68.2)."""

    year: Year
    half: Half
    note: Note | None = Field(default=None, description="What you ask the province for; no names.")


class AcknowledgeCareReport(Command):
    """Say that the report was read, and what is done to support or to step in."""

    measures: Note


class ChildInCare(Answer):
    """A child in family care, without a name: since when, how it was last assessed, and until when it is due again."""

    placement_id: UUID
    case_id: UUID
    commune_id: int = Field(description="The commune of the carer, which follows the child.")
    form: CareForm
    temporary: bool
    received_on: date | None = Field(description="Empty until the child was handed over.")
    assessed_on: date | None
    occasion: VisitOccasion | None
    proposal: Proposal | None
    due_on: date | None = Field(description="When the next half-yearly assessment is due (NĐ 56/2017, Điều 43.2).")


class CareReportSummary(Versioned):
    """A report as lists show it."""

    id: UUID
    commune_id: int
    year: int
    half: int
    children: int = Field(description="Those whom their carers have received.")
    not_yet_received: int = Field(
        description="Those whose carer is decided on and has not received them; nobody's to assess, in no other number."
    )
    unassessed: int = Field(description="Those whom nobody assessed in that half year.")
    proposed: int = Field(description="Those for whom something else than going on was proposed last.")
    recorded_at: Instant
    recorded_by: UUID
    acknowledged_at: Instant | None


class CareReportOut(CareReportSummary):
    """A report as it was sent."""

    note: str | None
    measures: str | None
    acknowledged_by: UUID | None
    entries: list[ChildInCare]
