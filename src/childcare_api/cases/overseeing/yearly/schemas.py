"""Bodies and answers of the yearly reports of provinces on alternative care."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from childcare_api.cases.overseeing.schemas import Half, Year
from childcare_api.cases.placing.schemas import CareForm, EndGround
from childcare_api.shared.schemas import Answer, Instant, Line, NewRecord, Reason, Versioned

Words = Annotated[Reason, Field(max_length=20_000)]
Told = Annotated[
    int | None,
    Field(
        multiple_of=5,
        description="By fives, rounded down: 10 is 10 to 14. Empty where it is from 1 to 4, or would let such a number"
        " be reckoned.",
    ),
]


class SendProvinceCareReport(NewRecord):
    """Report how alternative care is carried out in your province to the ministry (TT 14/2020, Điều 15.1 a6)."""

    year: Annotated[Year, Field(description="The year that ends on 24 December.")]
    asked_by: Line | None = Field(
        default=None, description="For a report beside the yearly one: who asked for it, by which paper."
    )
    words: Words = Field(description="What the province says of it itself; no names: the ministry reads it.")


class HalfYearReports(Answer):
    """How many communes sent the report of a half year, and how many of those that had a child did not."""

    year: int
    half: Half
    sent: int
    not_sent: int


class ProvinceCareCounts(Answer):
    """How many children of the province are in care, by families and at facilities, and what changed."""

    in_care: Told = Field(
        description="On the last day of the report: whom a family has received, or a facility has by the decision."
    )
    by_form: dict[CareForm, Told] = Field(description="With relatives, with other families, at facilities.")
    by_duration: dict[str, Told] = Field(description="`temporary`: given at once; `lasting`: decided on for good.")
    assessed: Told = Field(description="Of those with families, whom their commune assessed in that time.")
    overdue: Told = Field(description="Of those with families, whose half-yearly assessment is late (Điều 43.2).")
    begun: Told = Field(description="Children whose care began in that time, also with another carer than before.")
    ended: Told = Field(description="Children whose care with somebody ended in that time.")
    ended_by_ground: dict[EndGround, Told] | None = Field(
        description="Grounds that did not occur are left out; empty where `ended` is."
    )
    half_years: list[HalfYearReports] = Field(description="Of the half years that ended in that time.")


class ProvinceCareReportSummary(Versioned):
    """A report as lists show it."""

    id: UUID
    province_id: int
    year: int
    asked_by: str | None = Field(description="Empty for the yearly report.")
    since_on: date = Field(description="The first day it tells of: after the last day of the last year's report.")
    until_on: date
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None


class ProvinceCareReportOut(ProvinceCareReportSummary):
    """A report as it was sent."""

    words: str
    counts: ProvinceCareCounts
    entered_in_error_by: UUID | None
    entered_in_error_reason: str | None
