"""The half-yearly reports on children in family care."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder, Recorded, Versioned


class CareReport(Holder, Versioned, Recorded, Base):
    """What a commune told the province of each child in family care, without names (Luật Trẻ em, Điều 68.2).

    `entries` stay as they were sent; what the province does about it is written beside them.
    """

    __tablename__ = "care_reports"
    __table_args__ = (
        CheckConstraint("commune_id IS NOT NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint("half BETWEEN 1 AND 2", name="half"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        Unique("commune_id", "year", "half"),
        Index("care_reports_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    half: Mapped[int]
    note: Mapped[str | None]
    entries: Mapped[list[Any]]
    measures: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
