"""Tables of the service providers. Everyone reads them, but for inspections; whoever keeps an entry writes it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.corrections import Retractable, retracted_check
from childcare_api.shared.db import Base, Recorded, Versioned


class ServiceProvider(Recorded, Base, Versioned):
    """A provider of child protection services (Luật Trẻ em, Điều 55); a facility among them takes children in.

    What may change stands in dated parts, so that what an old paper says of it stays true. `keeper_province_id` is
    who keeps the entry: empty for those the centre keeps.
    """

    __tablename__ = "service_providers"
    __table_args__ = (
        CheckConstraint("ownership IN ('public', 'non_public')", name="ownership"),
        CheckConstraint("speciality IN ('specialised', 'partly')", name="speciality"),
        CheckConstraint("valid_from <= valid_to", name="validity"),
        Index("service_providers_area_unit_id_idx", "area_unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    keeper_province_id: Mapped[int | None]
    ownership: Mapped[str]
    speciality: Mapped[str]
    is_facility: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]


class ProviderPart(Recorded, Retractable, Base):
    """Something said of a provider, written by its keeper; marked where it should never have been written."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("service_providers.id"))
    keeper_province_id: Mapped[int | None]


def _part(table: str, *more: CheckConstraint) -> tuple[object, ...]:
    return (
        retracted_check(),
        Index(f"{table}_provider_id_idx", "provider_id"),
        *more,
    )


class ProviderDescription(ProviderPart):
    """What a provider is called and offers from a day on, until the next description begins."""

    __tablename__ = "service_provider_descriptions"
    __table_args__ = _part("service_provider_descriptions", CheckConstraint("places >= 0", name="places"))

    from_on: Mapped[date]
    name: Mapped[str]
    name_en: Mapped[str | None]
    search_name: Mapped[str]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    services: Mapped[list[str]] = mapped_column(ARRAY(Text))
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    places: Mapped[int | None]
    terms: Mapped[str | None]


class ProviderLicence(ProviderPart):
    """The decision that founded a provider or its registration (Luật Trẻ em, Điều 57; NĐ 56/2017, Điều 54.1 a)."""

    __tablename__ = "service_provider_licences"
    __table_args__ = _part(
        "service_provider_licences",
        CheckConstraint("kind IN ('establishment_decision', 'registration')", name="kind"),
        CheckConstraint("issued_on <= valid_to", name="days"),
    )

    kind: Mapped[str]
    number: Mapped[str]
    issued_on: Mapped[date]
    issuer: Mapped[str]
    scope: Mapped[str]
    valid_to: Mapped[date | None]


class ProviderRestriction(ProviderPart):
    """A suspension or an end of all or part of what a provider does, by decision (Luật Trẻ em, Điều 59)."""

    __tablename__ = "service_provider_restrictions"
    __table_args__ = _part(
        "service_provider_restrictions",
        CheckConstraint("kind IN ('suspended', 'ended')", name="kind"),
        CheckConstraint("(affected IS NULL) OR (NOT whole)", name="affected"),
        CheckConstraint("from_on <= until_on AND (until_on IS NULL OR kind = 'suspended')", name="days"),
        CheckConstraint("lifted_on >= from_on AND (lifted_on IS NULL OR kind = 'suspended')", name="lifted"),
    )

    kind: Mapped[str]
    whole: Mapped[bool]
    affected: Mapped[str | None]
    ground: Mapped[str]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    issuer: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    lifted_on: Mapped[date | None]
    lifted_decision: Mapped[str | None]


class ProviderPriceList(ProviderPart):
    """What a provider asks for its services from a day on, until the next list (NĐ 56/2017, Điều 54.1 c)."""

    __tablename__ = "service_provider_price_lists"
    __table_args__ = _part("service_provider_price_lists")

    from_on: Mapped[date]
    document: Mapped[str | None]
    items: Mapped[list[Any]]


class ProviderInspection(ProviderPart):
    """An inspection of a provider (Luật Trẻ em, Điều 58.1 d, 68.1 c): findings, what was asked for, what became of it.

    Read in the keeper's own area and by the centre alone.
    """

    __tablename__ = "service_provider_inspections"
    __table_args__ = _part(
        "service_provider_inspections",
        CheckConstraint("(followed_up_on IS NULL) = (follow_up IS NULL)", name="follow_up"),
    )

    inspected_on: Mapped[date]
    body_name: Mapped[str]
    document: Mapped[str | None]
    findings: Mapped[str]
    recommendation: Mapped[str | None]
    follow_up_due_on: Mapped[date | None]
    followed_up_on: Mapped[date | None]
    follow_up: Mapped[str | None]
