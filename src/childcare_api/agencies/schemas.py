"""Bodies and answers of the directory."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.shared.schemas import Answer, Day, Line, NewRecord, Text, Versioned, unfit
from childcare_api.units.schemas import UnitId

AgencyKind = Literal[
    "ministry",
    "central_department",
    "peoples_committee",
    "province_department",
    "district_office",
    "commune_office",
    "police",
    "prosecution",
    "court",
    "mass_organisation",
    "health_facility",
    "school",
    "service_provider",
    "fund",
    "committee",
    "other",
]


class CreateAgency(NewRecord):
    """An agency to be added to the directory."""

    name: Line
    name_en: Line | None = None
    kind: AgencyKind
    unit_id: UnitId = Field(description="The unit it serves, inside your own.")
    phone: Annotated[Line, Field(max_length=40)] | None = None
    email: Annotated[Line, Field(max_length=100)] | None = None
    address: Annotated[Text, Field(max_length=500)] | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    source: Annotated[Text, Field(max_length=500)] = Field(description="The paper or page that says so.")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise unfit(
                "ends_before_it_begins", "It ends before it begins.", "Ngày kết thúc trước ngày bắt đầu.", at="valid_to"
            )
        return self


class AgencyOut(Versioned):
    """An agency of the directory."""

    id: UUID
    name: str
    name_en: str | None
    kind: AgencyKind
    unit_id: int = Field(
        description="The unit it serves, in the list it was entered with.", validation_alias="area_unit_id"
    )
    phone: str | None
    email: str | None
    address: str | None
    successor_id: UUID | None = Field(description="Who took over its tasks for children.")
    valid_from: date | None
    valid_to: date | None
    source: str


class HotlineOut(Answer):
    """A hotline."""

    id: UUID
    number: str
    name: str
    name_en: str | None
    unit_id: int = Field(description="The area it serves; 1 is the whole country.", validation_alias="area_unit_id")
    opening: str | None
    valid_from: date | None
    valid_to: date | None
    verified: bool = Field(description="False where it is not known whether it answers today.")
    source: str


class HotlineList(Answer):
    """Hotlines."""

    items: list[HotlineOut]
