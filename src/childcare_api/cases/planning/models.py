"""Versions of the intervention plan, their services, and the leader's decisions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import PlanStatus, StepDetail, one_of, part_of_step
from childcare_api.shared.db import Base, Holder


class CasePlan(StepDetail):
    """One version of the plan (Mẫu 04). Once it was submitted it never changes again: what is mended is the next."""

    __tablename__ = "case_plans"
    __table_args__ = part_of_step(
        ForeignKeyConstraint(["case_id", "commune_id"], ["cases.id", "cases.commune_id"], onupdate="CASCADE"),
        UniqueConstraint("id", "commune_id"),
        UniqueConstraint("case_id", "version"),
        CheckConstraint(one_of("status", PlanStatus), name="status"),
        Index("case_plans_case_idx", "case_id", "commune_id"),
    )

    case_id: Mapped[UUID]
    version: Mapped[int]
    cycle: Mapped[int]
    adjusts_id: Mapped[UUID | None]
    revises_id: Mapped[UUID | None]
    adjustment_reason: Mapped[str | None]
    status: Mapped[str]
    protection_level: Mapped[str]
    objectives: Mapped[str | None]
    supervision: Mapped[str | None]
    first_submitted_at: Mapped[datetime | None]
    first_decided_at: Mapped[datetime | None]


class CasePlanService(Base, Holder):
    """One service or task of a plan (Điều 28.3): what, who answers for it, from when to when, at what cost."""

    __tablename__ = "case_plan_services"
    __table_args__ = (
        ForeignKeyConstraint(["plan_id", "commune_id"], ["case_plans.id", "case_plans.commune_id"], onupdate="CASCADE"),
        UniqueConstraint("id", "commune_id"),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        Index("case_plan_services_plan_idx", "plan_id", "commune_id"),
        CheckConstraint("starts_on <= expected_end_on", name="days"),
        CheckConstraint("cost_vnd >= 0", name="cost"),
        CheckConstraint("needs_provider OR provider IS NULL", name="provider"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    position: Mapped[int]
    group: Mapped[str] = mapped_column("service_group")
    description: Mapped[str]
    responsible_body: Mapped[str | None]
    provider: Mapped[str | None]
    needs_provider: Mapped[bool | None]
    starts_on: Mapped[date | None]
    expected_end_on: Mapped[date | None]
    cost_vnd: Mapped[int | None] = mapped_column(BigInteger)


class CaseDecision(StepDetail):
    """The leader's decision approving a plan (Mẫu 05): its number and day, and for whom an acting leader signed."""

    __tablename__ = "case_decisions"
    __table_args__ = part_of_step(Index("case_decisions_number_idx", "decision_number"))

    plan_id: Mapped[UUID]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    facility_agreed_on: Mapped[date | None]
    acting_for_id: Mapped[UUID | None]
