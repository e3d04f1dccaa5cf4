"""Bodies and answers of children and what belongs to them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.shared.schemas import (
    Answer,
    Command,
    Day,
    Instant,
    Line,
    NewRecord,
    PastDay,
    Reason,
    Text,
    Versioned,
)
from childcare_api.shared.writing import Code, NumberOnPaper, Phone, Written

Sex = Literal["male", "female", "unknown"]
BirthPrecision = Literal["day", "month", "year", "estimated"]
DayPrecision = Literal["day", "month", "year"]
BirthRegistration = Literal["registered", "not_registered", "unknown"]
HealthCard = Literal["held", "none", "unknown"]
Schooling = Literal["not_yet", "attending", "out_of_school", "completed", "unknown"]
CircumstanceKind = Literal["special", "at_risk", "other_difficult"]
EvidenceKind = Literal[
    "decision", "certificate", "medical_conclusion", "court_judgment", "police_document", "statement", "other"
]
IdentifierKind = Literal["personal_id", "passport", "social_insurance", "school", "other"]
GuardianRelation = Literal[
    "father",
    "mother",
    "step_parent",
    "adoptive_parent",
    "grandparent",
    "sibling",
    "other_relative",
    "guardian",
    "carer",
    "facility_staff",
    "other",
    "unknown",
]

Ethnicity = Annotated[
    str, Written(r"^[0-9]{2}$", "Two digits, as in the list `ethnicities`.", "Hai chữ số, như trong `ethnicities`.")
]
Year = Annotated[int, Field(ge=1900, le=2200)]
UnitId = Annotated[int, Field(ge=1, le=2_147_483_647)]
Note = Annotated[Text, Field(max_length=2000)]
Why = Annotated[Reason, Field(max_length=2000)]
HealthCardNumber = Annotated[
    str,
    Written(
        r"^[0-9A-Za-z]{10,15}$",
        "10 to 15 digits or letters without accents; no spaces.",
        "Từ 10 đến 15 chữ số hoặc chữ cái không dấu; không có dấu cách.",
    ),
]


class CircumstanceEvidence(Command):
    """The paper that a circumstance stands on; its file is not kept here."""

    kind: EvidenceKind
    number: Line | None = None
    issued_on: PastDay | None = None
    issuer: Line | None = None
    note: Note | None = None


class AddCircumstance(NewRecord):
    """Put a child into one of the 14 groups, at risk, or in other difficulty, from a day on."""

    group: Code = Field(description="A code of the list `special_circumstances` or `risk_groups`.")
    subgroup: Code | None = Field(default=None, description="A code of that list below the group.")
    from_on: Day
    from_on_precision: DayPrecision = "day"
    evidence: CircumstanceEvidence | None = None


class EndPartOfChild(Command):
    """Say from which day something no longer holds, and why."""

    ended_on: PastDay = Field(description="The first day on which it no longer holds.")
    reason: Why | None = None


class AddGuardian(NewRecord):
    """Name a parent, guardian or carer of a child."""

    full_name: Line
    relation: GuardianRelation
    is_main_carer: bool = False
    born_year: Year | None = None
    ethnicity: Ethnicity | None = None
    occupation: Line | None = None
    phone: Phone | None = None
    address: Line | None = None
    from_on: PastDay | None = None


class AddIdentifier(NewRecord):
    """Add a number from one of the child's papers."""

    kind: IdentifierKind
    value: NumberOnPaper
    issued_on: PastDay | None = None
    issuer: Line | None = None
    note: Note | None = None


class _ChildFields(Command):
    household_id: UUID | None = None
    sex: Sex = "unknown"
    ethnicity: Ethnicity | None = Field(default=None, description="A code of the list `ethnicities`.")
    nationality: Line | None = None
    religion: Line | None = None
    address: Line | None = None
    birth_registration: BirthRegistration = "unknown"
    birth_certificate_number: Line | None = None
    birth_certificate_book: Line | None = None
    birth_registered_on: PastDay | None = None
    birth_registered_at_place: Line | None = None
    health_card: HealthCard = "unknown"
    health_card_number: HealthCardNumber | None = None
    health_card_until: Day | None = None
    schooling: Schooling = "unknown"
    school: Line | None = None
    grade: Line | None = None
    note: Note | None = None


class RegisterChild(_ChildFields, NewRecord):
    """Register a child. Nothing but a name and some idea of the age is needed: papers may come later, or never."""

    full_name: Line
    village_id: UnitId | None = Field(default=None, description="A village of your commune.")
    born_on: Day | None = Field(
        default=None, description="For precision month or year any day of it. This or `estimated_age` is needed."
    )
    born_on_precision: BirthPrecision = "day"
    estimated_age: Annotated[int, Field(ge=0, le=120)] | None = Field(
        default=None, description="Years, where no part of the birthday is known."
    )
    circumstances: Annotated[list[AddCircumstance], Field(max_length=20, default_factory=list)]
    guardians: Annotated[list[AddGuardian], Field(max_length=10, default_factory=list)]
    identifiers: Annotated[list[AddIdentifier], Field(max_length=10, default_factory=list)]


class ChangeChild(_ChildFields):
    """A merge patch (RFC 7396) of a child's own fields: what is absent stays, null empties."""

    full_name: Line | None = None
    village_id: UnitId | None = None
    born_on: Day | None = Field(
        default=None,
        description="Together with `born_on_precision`, unless the birthday is and stays known to the day.",
    )
    born_on_precision: BirthPrecision | None = Field(default=None, description="Together with `born_on`.")
    died_on: PastDay | None = None


class CircumstanceOut(Answer):
    """A circumstance of a child, with what it stands on."""

    id: UUID
    kind: CircumstanceKind
    group: str
    subgroup: str | None
    from_on: date
    from_on_precision: DayPrecision
    ended_on: date | None
    end_reason: str | None
    evidence: CircumstanceEvidence | None
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None


class GuardianOut(Answer):
    """A parent, guardian or carer."""

    id: UUID
    full_name: str
    relation: GuardianRelation
    is_main_carer: bool
    born_year: int | None
    ethnicity: str | None
    occupation: str | None
    phone: str | None
    address: str | None
    from_on: date | None
    ended_on: date | None
    end_reason: str | None
    recorded_at: Instant
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None


class IdentifierOut(Answer):
    """A number on one of the child's papers."""

    id: UUID
    kind: IdentifierKind
    value: str
    issued_on: date | None
    issuer: str | None
    note: str | None
    recorded_at: Instant
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None


class ChildSummary(Versioned):
    """A child as a list shows it."""

    id: UUID
    village_id: int | None
    commune_id: int
    province_id: int
    household_id: UUID | None
    full_name: str
    sex: Sex
    born_on: date = Field(description="The last day the birthday can be, by its precision.")
    born_on_precision: BirthPrecision
    ethnicity: str | None
    birth_registration: BirthRegistration
    health_card: HealthCard
    schooling: Schooling
    died_on: date | None
    changed_at: Instant


class ChildOut(ChildSummary):
    """A child's file."""

    unit_id: int
    district_id: int | None
    nationality: str | None
    religion: str | None
    address: str | None
    birth_certificate_number: str | None
    birth_certificate_book: str | None
    birth_registered_on: date | None
    birth_registered_at_place: str | None
    health_card_number: str | None
    health_card_until: date | None
    school: str | None
    grade: str | None
    note: str | None
    recorded_at: Instant
    recorded_by: UUID
    changed_by: UUID
    circumstances: list[CircumstanceOut]
    guardians: list[GuardianOut]
    identifiers: list[IdentifierOut]


class NoticeOut(Answer):
    """Something that looks wrong and may still be right; nothing was refused for it."""

    code: str
    pointer: str
    message_vi: str
    message_en: str
    child_id: UUID | None


class ChildRecorded(ChildOut):
    """A child's file after a change, with what looked wrong about the change."""

    warnings: list[NoticeOut]


class AccessOut(Answer):
    """One time that data of a child was opened or changed, or stood in a list that somebody was shown."""

    id: int
    recorded_at: Instant
    action: str
    subject_kind: str = Field(description="What it was seen by: the `child`, a `case`, an `intake`, the `household`.")
    actor_id: UUID | None
    actor_kind: str | None
    actor_name: str | None = Field(description="Of a person or machine client, as it is today.")
    actor_role: str | None = Field(description="The role they acted in.")
    actor_unit_id: int | None
    actor_unit_name: str | None
    assignment_id: UUID | None
    request_id: str | None
    reason: str | None
    in_a_list: bool
