"""Tables of what was measured against a target, and of the activities that count for it."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.action_plans.drafting.models import AMOUNT
from childcare_api.shared.corrections import Retractable
from childcare_api.shared.db import Base, Holder, Recorded, Versioned


class Measurement(Holder, Versioned, Recorded, Retractable, Base):
    """What was reached of a target by a day, with the paper that says so. The newest one not in error stands."""

    __tablename__ = "plan_measurements"
    __table_args__ = (
        CheckConstraint("value IS NOT NULL OR finding IS NOT NULL", name="value"),
        CheckConstraint(
            "(entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)"
            " AND (entered_in_error_at IS NULL) = (entered_in_error_reason IS NULL)",
            name="entered_in_error",
        ),
        Index("plan_measurements_target_id_idx", "target_id", "measured_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    target_id: Mapped[UUID] = mapped_column(ForeignKey("plan_targets.id"))
    measured_on: Mapped[date]
    value: Mapped[float | None] = mapped_column(AMOUNT)
    finding: Mapped[str | None]
    evidence_kind: Mapped[str]
    evidence_number: Mapped[str | None]
    evidence_on: Mapped[date | None]
    evidence_issuer: Mapped[str | None]
    evidence_note: Mapped[str | None]


class TargetActivity(Holder, Base):
    """That an activity counts for a target. Held by whoever did it, be the plan theirs or their province's."""

    __tablename__ = "plan_target_activities"
    __table_args__ = (
        ForeignKeyConstraint(["activity_id", "unit_id"], ["activities.id", "activities.unit_id"]),
        Index("plan_target_activities_activity_id_idx", "activity_id", "unit_id"),
    )

    target_id: Mapped[UUID] = mapped_column(ForeignKey("plan_targets.id"), primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
