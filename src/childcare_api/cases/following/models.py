"""Services as carried out, and reviews."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseService(StepDetail):
    """A service of the plan carried out, begun or ended (Điều 29)."""

    __tablename__ = "case_services"
    __table_args__ = part_of_step(
        ForeignKeyConstraint(
            ["plan_service_id", "commune_id"],
            ["case_plan_services.id", "case_plan_services.commune_id"],
            onupdate="CASCADE",
        ),
        Index("case_services_plan_service_idx", "plan_service_id", "commune_id"),
        CheckConstraint("progress IN ('begun', 'done', 'stopped')", name="progress"),
        CheckConstraint("cost_vnd >= 0", name="cost"),
    )

    plan_service_id: Mapped[UUID]
    progress: Mapped[str]
    provided_by: Mapped[str]
    result: Mapped[str | None]
    ended_on: Mapped[date | None]
    cost_vnd: Mapped[int | None] = mapped_column(BigInteger)


class CaseReview(StepDetail):
    """The review after carrying out the plan (Mẫu 06). The officer concludes; the grid's totals are only shown."""

    __tablename__ = "case_reviews"
    __table_args__ = part_of_step()

    plan_id: Mapped[UUID]
    harm_remaining: Mapped[str]
    harm_doer_access: Mapped[str]
    care_obstacles: Mapped[str]
    self_protection: Mapped[str]
    recovery: Mapped[str | None]
    child_state: Mapped[str]
    environment_safety: Mapped[str]
    risk_remains: Mapped[bool]
    stable: Mapped[dict[str, Any]]
    participants: Mapped[list[Any]]
    proposal: Mapped[str | None]
