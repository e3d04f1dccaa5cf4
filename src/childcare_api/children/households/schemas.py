"""Bodies and answers of households and the people who live in them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.children.schemas import BirthPrecision, Ethnicity, Note, Sex, UnitId, Year
from childcare_api.shared.schemas import Answer, Command, Instant, Line, NewRecord, PastDay, Versioned
from childcare_api.shared.writing import Phone

Poverty = Literal["poor", "near_poor", "none", "unknown"]
MemberRelation = Literal[
    "head",
    "spouse",
    "father",
    "mother",
    "step_parent",
    "adoptive_parent",
    "grandparent",
    "sibling",
    "other_relative",
    "guardian",
    "carer",
    "other",
    "unknown",
]
LeaveReason = Literal["moved_away", "died", "separated", "other"]


class _HouseholdFields(Command):
    code: Line | None = Field(default=None, description="The number of the household in the commune's own book.")
    head_name: Line | None = None
    address: Line | None = None
    phone: Phone | None = None
    poverty: Poverty = Field(default="unknown", description="A code of the list `poverty_statuses`.")
    note: Note | None = None


class RegisterHousehold(_HouseholdFields, NewRecord):
    """Open the page of a household in the book."""

    village_id: UnitId | None = Field(default=None, description="A village of your commune.")


class ChangeHousehold(_HouseholdFields):
    """A merge patch (RFC 7396) of a household: what is absent stays, null empties."""


class AddHouseholdMember(NewRecord):
    """Write a grown person into a household, or place a registered child in it by its id."""

    child_id: UUID | None = Field(default=None, description="A registered child; then nothing else is given.")
    full_name: Line | None = None
    relation: MemberRelation | None = None
    sex: Sex | None = None
    born_year: Year | None = None
    ethnicity: Ethnicity | None = None
    occupation: Line | None = None
    joined_on: PastDay | None = None


class HouseholdMemberLeaves(Command):
    """Say when a grown person left the household, and why."""

    left_on: PastDay
    reason: LeaveReason


class HouseholdOut(Versioned):
    """A household."""

    id: UUID
    unit_id: int
    village_id: int | None
    commune_id: int
    district_id: int | None
    province_id: int
    code: str | None
    head_name: str | None
    address: str | None
    phone: str | None
    poverty: Poverty
    note: str | None
    recorded_at: Instant
    recorded_by: UUID
    changed_at: Instant
    changed_by: UUID


class HouseholdMemberOut(Answer):
    """Somebody of a household: a grown person, or a registered child by its id."""

    id: UUID = Field(description="Of the child where `kind` is child, else of this entry.")
    kind: Literal["adult", "child"]
    full_name: str
    relation: MemberRelation | Literal["child"]
    sex: Sex
    born_year: int | None
    born_on: date | None
    born_on_precision: BirthPrecision | None
    ethnicity: str | None
    occupation: str | None
    joined_on: date | None
    left_on: date | None
    left_reason: LeaveReason | None
    entered_in_error_at: Instant | None


class HouseholdMembers(Versioned):
    """Everybody of a household: grown people first, children by age."""

    household_id: UUID
    items: Annotated[list[HouseholdMemberOut], Field(max_length=1000)]
