"""Tables of what a plan binds others to report, and of the reports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.action_plans.drafting.models import Part, of_plan
from childcare_api.shared.db import Base, Holder, Versioned


class ReportObligation(Part):
    """That the units of a level report to the plan's unit before a day, each year of the plan or once.

    The day itself is already too late: the sources say "trước ngày 15/6". Without a day the plan names none.
    """

    __tablename__ = "report_obligations"
    __table_args__ = of_plan(
        "report_obligations",
        CheckConstraint("sender_level IN ('province', 'district', 'commune')", name="sender_level"),
        CheckConstraint("(before_month IS NULL) = (before_day IS NULL)", name="before"),
        CheckConstraint("before_month BETWEEN 1 AND 12 AND before_day BETWEEN 1 AND 31", name="before_day"),
    )

    kind: Mapped[str]
    statement: Mapped[str]
    before_month: Mapped[int | None]
    before_day: Mapped[int | None]
    recurs: Mapped[bool]
    sender_level: Mapped[str]
    sender_text: Mapped[str | None]
    recipient_text: Mapped[str | None]


class Report(Holder, Versioned, Base):
    """A report on a plan (báo cáo), held by the unit that sends it; `recipient_unit_id` accepts or returns it."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'submitted', 'returned', 'accepted')", name="status"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", name="submitted"),
        CheckConstraint(
            "(returned_at IS NULL) = (returned_by IS NULL) AND (returned_at IS NULL) = (return_reason IS NULL)",
            name="returned",
        ),
        CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL) AND (accepted_at IS NOT NULL) = (status = 'accepted')",
            name="accepted",
        ),
        CheckConstraint("status = 'draft' OR submitted_at IS NOT NULL", name="status_submitted"),
        Index("reports_plan_id_idx", "plan_id"),
        # One report of a kind, a year and a sender; ad hoc ones may come any number of times.
        Index(
            "reports_obligation_key",
            "obligation_id",
            "unit_id",
            "year",
            unique=True,
            postgresql_where="kind <> 'ad_hoc'",
        ),
        Index("reports_commune_id_idx", "commune_id", "created_at", "id"),
        Index("reports_province_id_idx", "province_id", "created_at", "id"),
        Index("reports_district_id_idx", "district_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("action_plans.id"))
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("report_obligations.id"))
    kind: Mapped[str]
    year: Mapped[int]
    due_before: Mapped[date | None]
    recipient_unit_id: Mapped[int]
    title: Mapped[str]
    content: Mapped[str]
    figures: Mapped[list[Any]]
    status: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None]
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[UUID | None]
    return_reason: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
