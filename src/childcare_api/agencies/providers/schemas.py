"""Bodies and answers of service providers."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.agencies.providers.rules import Standing
from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, NewRecord, PastDay, Text, Versioned, unfit
from childcare_api.units.schemas import UnitId

Ownership = Literal["public", "non_public"]
Speciality = Literal["specialised", "partly"]
ProviderService = Literal["health", "education", "psychology", "welfare", "protection", "legal", "alternative_care"]
ProtectionLevel = Literal["prevention", "support", "intervention"]
LicenceKind = Literal["establishment_decision", "registration"]
RestrictionKind = Literal["suspended", "ended"]
RestrictionGround = Literal["conditions_not_met", "child_rights_violated", "funds_misused", "not_remedied"]
ProviderPartName = Literal["descriptions", "licences", "restrictions", "price-lists", "inspections"]
Short = Annotated[Text, Field(max_length=500)]
Long = Annotated[Text, Field(max_length=4000)]


class DescriptionOfProvider(Command):
    """What a provider is called and offers."""

    name: Line
    name_en: Line | None = None
    address: Short | None = None
    phone: Annotated[Line, Field(max_length=40)] | None = None
    email: Annotated[Line, Field(max_length=100)] | None = None
    services: Annotated[list[ProviderService], Field(max_length=7)] = Field(
        default=[], description="Codes of the list `provider_services`."
    )
    levels: Annotated[list[ProtectionLevel], Field(max_length=3)] = Field(
        default=[], description="The levels of protection it works at (Luật Trẻ em, Điều 48-50, 55.1)."
    )
    places: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="How many children a facility can take in; null where not known."
    )
    terms: Long | None = Field(
        default=None, description="How it serves, and what is asked of parents, carers and child (Điều 54.1 d, đ)."
    )


class AddProvider(NewRecord):
    """Add a service provider, with what it is called and offers."""

    unit_id: UnitId = Field(description="Where it works: the unit it serves, inside your own.")
    ownership: Ownership = Field(description="Public or not (Luật Trẻ em, Điều 55.2).")
    speciality: Speciality = Field(description="All or part of what it does is child protection (Điều 55.3).")
    is_facility: bool = Field(default=False, description="A social assistance facility that takes children in.")
    valid_from: Day | None = None
    described_from: Day = Field(description="Since when the description holds.")
    description: DescriptionOfProvider
    source: Short = Field(description="The paper or page that says so.")


class DescribeProvider(NewRecord):
    """Describe a provider anew from a day on: a new name, other services, more places."""

    from_on: Day
    description: DescriptionOfProvider


class AddLicence(NewRecord):
    """Write down the decision that founded a provider, or its registration (Luật Trẻ em, Điều 57)."""

    kind: LicenceKind
    number: Line
    issued_on: PastDay
    issuer: Line
    scope: Long = Field(description="What it covers.")
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.issued_on:
            raise unfit(
                "ends_before_it_begins", "It ends before it begins.", "Ngày kết thúc trước ngày bắt đầu.", at="valid_to"
            )
        return self


class AddRestriction(NewRecord):
    """Write down that all or part of what a provider does was suspended or ended by decision (Điều 59)."""

    kind: RestrictionKind
    whole: bool = Field(description="All of it, or only what `affected` says.")
    affected: Short | None = None
    ground: RestrictionGround
    decision_number: Line
    decided_on: PastDay
    issuer: Line
    from_on: Day
    until_on: Day | None = Field(default=None, description="The last day of a suspension, where it has one.")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.whole is (self.affected is not None):
            raise unfit(
                "affected_and_whole",
                "State `affected` for a part, and only then.",
                "Chỉ nêu `affected` khi một phần.",
                at="affected",
            )
        if self.until_on is not None and (self.kind == "ended" or self.until_on < self.from_on):
            raise unfit(
                "ends_before_it_begins", "It cannot end on that day.", "Ngày kết thúc không hợp lý.", at="until_on"
            )
        return self


class LiftRestriction(Command):
    """Write down that a suspension was lifted, by which decision."""

    lifted_on: PastDay
    decision: Line


class PriceItem(Command):
    """One price."""

    service: ProviderService
    description: Short
    price_vnd: Annotated[int, Field(ge=0, le=1_000_000_000_000)]
    per: Line = Field(description="For what: a session, a month, a day.")


class AddPriceList(NewRecord):
    """Write down a price list that holds from a day on, in place of the one before (NĐ 56/2017, Điều 54.1 c)."""

    from_on: Day
    document: Line | None = None
    items: Annotated[list[PriceItem], Field(min_length=1, max_length=200)]


class AddInspection(NewRecord):
    """Write down an inspection. Name no child: the findings are read by other offices."""

    inspected_on: PastDay
    body_name: Line = Field(description="Who inspected.")
    document: Line | None = None
    findings: Long
    recommendation: Long | None = None
    follow_up_due_on: Day | None = None


class FollowUpInspection(Command):
    """Write down what became of an inspection's recommendation."""

    followed_up_on: PastDay
    follow_up: Long


class CloseProvider(Command):
    """Write down the last day of a provider."""

    valid_to: Day


class PartHead(Answer):
    """What every part says of itself."""

    id: UUID
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None


class ProviderDescriptionOut(PartHead):
    """What a provider is called and offers from a day on."""

    from_on: date
    name: str
    name_en: str | None
    address: str | None
    phone: str | None
    email: str | None
    services: list[ProviderService]
    levels: list[ProtectionLevel]
    places: int | None
    terms: str | None


class LicenceOut(PartHead):
    """A licence."""

    kind: LicenceKind
    number: str
    issued_on: date
    issuer: str
    scope: str
    valid_to: date | None


class RestrictionOut(PartHead):
    """A suspension or an end."""

    kind: RestrictionKind
    whole: bool
    affected: str | None
    ground: RestrictionGround
    decision_number: str
    decided_on: date
    issuer: str
    from_on: date
    until_on: date | None
    lifted_on: date | None
    lifted_decision: str | None


class PriceListOut(PartHead):
    """A price list."""

    from_on: date
    document: str | None
    items: list[PriceItem]


class InspectionOut(PartHead):
    """An inspection."""

    inspected_on: date
    body_name: str
    document: str | None
    findings: str
    recommendation: str | None
    follow_up_due_on: date | None
    followed_up_on: date | None
    follow_up: str | None


class InspectionList(Versioned):
    """The inspections of a provider, the newest first."""

    items: list[InspectionOut]


class ProviderSummary(Versioned):
    """A provider as a list shows it on the day that was asked for."""

    id: UUID
    unit_id: int
    ownership: Ownership
    speciality: Speciality
    is_facility: bool
    name: str
    phone: str | None
    services: list[ProviderService]
    levels: list[ProtectionLevel]
    places: int | None
    standing: Standing
    valid_from: date | None
    valid_to: date | None


class ProviderOut(ProviderSummary):
    """A provider on the day that was asked for, with all that was ever written of it but its inspections."""

    as_of: date
    keeper_province_id: int | None
    name_en: str | None
    address: str | None
    email: str | None
    terms: str | None
    source: str
    descriptions: list[ProviderDescriptionOut]
    licences: list[LicenceOut]
    restrictions: list[RestrictionOut]
    price_lists: list[PriceListOut]
