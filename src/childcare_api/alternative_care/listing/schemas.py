"""Bodies and answers of the quarterly lists."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.alternative_care.schemas import CarerKind
from childcare_api.shared.schemas import Answer, Instant, NewRecord, PastDay, Text

Year = Annotated[int, Field(ge=2018, le=2100, description="From the first whole year of the decree on.")]
QuarterNumber = Annotated[int, Field(ge=1, le=4)]


class SendCarerList(NewRecord):
    """Bring the list of a quarter up to date and send it (Điều 40.1)."""

    year: Year
    quarter: QuarterNumber
    sent_on: PastDay
    sent_to: Annotated[Text, Field(max_length=500)] = Field(
        description="To whom: the labour office of the district until 2025-06-30; who since is not in our sources."
    )


class CarerEntry(Answer):
    """One carer as the list had them."""

    carer_id: UUID
    kind: CarerKind
    full_name: str
    phone: str | None
    address: str | None
    is_foreigner: bool
    child_count: int
    wishes: str | None


class CarerListSummary(Answer):
    """A list as it was sent, without the people on it."""

    id: UUID
    commune_id: int
    year: int
    quarter: int
    sent_on: date
    sent_to: str
    carer_count: int
    recorded_at: Instant
    recorded_by: UUID


class CarerListOut(CarerListSummary):
    """The list of a quarter (Mẫu 09)."""

    layout: Literal["unverified"] = Field(description="The decree's own layout of Mẫu 09 is not in our sources.")
    entries: list[CarerEntry]
