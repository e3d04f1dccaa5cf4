"""Tables of the directory. Everyone reads it; row-level security only says who may add to it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base


class Agency(Base):
    """An office, organisation or service provider that children's work needs to find.

    `area_unit_id` is the unit it serves. `keeper_province_id` is who keeps the entry: empty for national ones.
    """

    __tablename__ = "agencies"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="validity"),
        CheckConstraint(
            "kind IN ('ministry', 'central_department', 'peoples_committee', 'province_department', 'district_office',"
            " 'commune_office', 'police', 'prosecution', 'court', 'mass_organisation', 'health_facility', 'school',"
            " 'service_provider', 'fund', 'committee', 'other')",
            name="kind",
        ),
        Index("agencies_area_unit_id_idx", "area_unit_id"),
        Index("agencies_successor_id_idx", "successor_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    search_name: Mapped[str]
    kind: Mapped[str]
    area_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    keeper_province_id: Mapped[int | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("agencies.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str]
    row_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Hotline(Base):
    """A telephone number for children and those who worry about one (đường dây nóng)."""

    __tablename__ = "hotlines"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="validity"),
        Index("hotlines_area_unit_id_idx", "area_unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    area_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    keeper_province_id: Mapped[int | None]
    opening: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    verified: Mapped[bool]
    source: Mapped[str]
