"""The detailed assessment (Mẫu 03) and the meeting about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseAssessment(StepDetail):
    """The eight contents of Điều 27.1; a content nobody could answer stays empty and is asked for at submission."""

    __tablename__ = "case_assessments"
    __table_args__ = part_of_step(
        CheckConstraint("child_was_asked OR child_wishes IS NULL", name="child_wishes"),
    )

    performed_by: Mapped[str]
    performer_name: Mapped[str | None]
    risk_level: Mapped[str]
    child_condition: Mapped[str | None]
    family_and_protection: Mapped[str | None]
    risk_factors: Mapped[str | None]
    learning_and_self_protection: Mapped[str | None]
    community_safety: Mapped[str | None]
    needs: Mapped[list[Any]]
    child_was_asked: Mapped[bool]
    child_wishes: Mapped[str | None]
    child_not_asked_reason: Mapped[str | None]
    carers_wishes: Mapped[list[Any]]
    carers_not_asked_reason: Mapped[str | None]
    carers_ensure_safety: Mapped[bool | None]


class CaseMeeting(StepDetail):
    """The meeting that settles the measures, chaired by the leader, with its minutes (Điều 27.2)."""

    __tablename__ = "case_meetings"
    __table_args__ = part_of_step(CheckConstraint("started_at <= ended_at", name="time"))

    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    place: Mapped[str | None]
    attendees: Mapped[list[Any]]
    carers_absent_reason: Mapped[str | None]
    minutes: Mapped[str]
    conclusions: Mapped[str | None]
