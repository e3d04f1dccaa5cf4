"""Tables of the carers. They are people: the commune where they live holds them, its province reads them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Uuid, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.corrections import Retractable, retracted_check
from childcare_api.shared.db import Base, Holder, Recorded, Versioned

_OFFERED, _LISTED = ("is_foreigner", "applied_on", "id"), text("status = 'listed'")
"""In which order those of other communes are offered for a child (NĐ 56/2017, Điều 42.3 c, d)."""


def _of_carer() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["carer_id", "commune_id"], ["carers.id", "carers.commune_id"], onupdate="CASCADE")


class Carer(Holder, Versioned, Recorded, Base):
    """A person, or somebody for a family, who would take a child into care (cá nhân, gia đình nhận chăm sóc thay thế).

    `basis` says how they came into the register: by application (Mẫu 08), or as a relative who only has to give
    notice (Luật Trẻ em, Điều 65.4).
    """

    __tablename__ = "carers"
    __table_args__ = (
        Unique("id", "commune_id"),
        CheckConstraint("commune_id IS NOT NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint("basis IN ('application', 'relative_notice')", name="basis"),
        CheckConstraint("kind IN ('individual', 'family')", name="kind"),
        CheckConstraint("sex IN ('male', 'female', 'unknown')", name="sex"),
        CheckConstraint("born_on_precision IN ('day', 'month', 'year')", name="born_on_precision"),
        CheckConstraint(
            "status IN ('applied', 'verified', 'listed', 'refused', 'withdrawn', 'struck_off')", name="status"
        ),
        CheckConstraint("child_count BETWEEN 1 AND 20", name="child_count"),
        CheckConstraint("child_age_from <= child_age_to", name="child_ages"),
        CheckConstraint("(listed_at IS NULL) = (listed_by IS NULL)", name="listed"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        CheckConstraint("(ended_at IS NULL) = (status IN ('applied', 'verified', 'listed'))", name="ended_status"),
        Index("carers_commune_id_idx", "commune_id", "id"),
        Index("carers_district_id_idx", "district_id", "id"),
        Index("carers_province_id_idx", "province_id", "id"),
        Index("carers_listed_idx", *_OFFERED, postgresql_where=_LISTED),
        Index("carers_province_listed_idx", "province_id", *_OFFERED, postgresql_where=_LISTED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    basis: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    full_name: Mapped[str]
    search_name: Mapped[str]
    sex: Mapped[str]
    born_on: Mapped[date]
    born_on_precision: Mapped[str]
    is_foreigner: Mapped[bool]
    nationality: Mapped[str | None]
    identity_number: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    occupation: Mapped[str | None]
    applied_on: Mapped[date]
    commitment: Mapped[bool]
    health_certificate_on: Mapped[date | None]
    health_certificate_issuer: Mapped[str | None]
    judicial_record_on: Mapped[date | None]
    judicial_record_number: Mapped[str | None]
    resident_from: Mapped[date | None]
    resident_until: Mapped[date | None]
    counselled_on: Mapped[date | None]
    counselled_by: Mapped[str | None]
    child_count: Mapped[int]
    child_age_from: Mapped[int | None]
    child_age_to: Mapped[int | None]
    child_sex: Mapped[str | None]
    wishes: Mapped[str | None]
    listed_at: Mapped[datetime | None]
    listed_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_ground: Mapped[str | None]
    end_reason: Mapped[str | None]


class CarerMember(Holder, Recorded, Base):
    """Somebody else of the carer's household; what Luật Trẻ em, Điều 63.2 c asks of the family is asked of them."""

    __tablename__ = "carer_members"
    __table_args__ = (
        _of_carer(),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        Index("carer_members_carer_id_idx", "carer_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    carer_id: Mapped[UUID]
    full_name: Mapped[str]
    relation: Mapped[str]
    born_year: Mapped[int | None]
    occupation: Mapped[str | None]
    left_on: Mapped[date | None]


class CarerVerification(Holder, Recorded, Retractable, Base):
    """What the commune found of the conditions of Luật Trẻ em, Điều 63.2, one by one (Mẫu 11)."""

    __tablename__ = "carer_verifications"
    __table_args__ = (
        _of_carer(),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        CheckConstraint("result IN ('meets', 'does_not_meet')", name="result"),
        retracted_check(),
        Index("carer_verifications_carer_id_idx", "carer_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    carer_id: Mapped[UUID]
    verified_on: Mapped[date]
    conditions: Mapped[list[Any]]
    suitability: Mapped[str | None]
    result: Mapped[str]


class CarerList(Holder, Base):
    """The list of a quarter as it was sent (Mẫu 09): who stood on it, with what was written of them that day."""

    __tablename__ = "carer_lists"
    __table_args__ = (
        CheckConstraint("commune_id IS NOT NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
        Unique("commune_id", "year", "quarter"),
        Index("carer_lists_district_id_idx", "district_id", "id"),
        Index("carer_lists_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    quarter: Mapped[int]
    sent_on: Mapped[date]
    sent_to: Mapped[str]
    carer_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    entries: Mapped[list[Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
