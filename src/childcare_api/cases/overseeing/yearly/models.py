"""The yearly reports of provinces on alternative care."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.corrections import Retractable, retracted_check
from childcare_api.shared.db import Base, Holder, Recorded, Versioned


class ProvinceCareReport(Holder, Versioned, Recorded, Retractable, Base):
    """What a province told the ministry of alternative care: numbers as they were, and its words (Điều 15.1 a6).

    `asked_by` says who wanted a report beside the yearly one; there is one yearly report that counts.
    """

    __tablename__ = "province_care_reports"
    __table_args__ = (
        CheckConstraint("commune_id IS NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint("since_on <= until_on", name="days"),
        retracted_check(),
        Index(
            "province_care_reports_yearly_idx",
            "province_id",
            "year",
            unique=True,
            postgresql_where=text("asked_by IS NULL AND entered_in_error_at IS NULL"),
        ),
        Index("province_care_reports_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    asked_by: Mapped[str | None]
    words: Mapped[str]
    since_on: Mapped[date]
    until_on: Mapped[date]
    counts: Mapped[dict[str, Any]]
