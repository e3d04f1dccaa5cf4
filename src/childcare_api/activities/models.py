"""The table of activities. Which target of a plan one counts for is the business of `action_plans`."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.corrections import Retractable
from childcare_api.shared.db import Base, Holder, Recorded, Versioned


class Activity(Holder, Versioned, Recorded, Retractable, Base):
    """Something a unit did (hoạt động): one training class, forum, campaign, inspection, or several of one kind.

    `audiences` holds how many people of each audience took part; `participant_count` is their sum, so that nobody
    has to add up what the database can.
    """

    __tablename__ = "activities"
    __table_args__ = (
        UniqueConstraint("id", "unit_id"),
        CheckConstraint("started_on <= ended_on", name="days"),
        CheckConstraint("session_count >= 1", name="session_count"),
        CheckConstraint("participant_count >= 0", name="participant_count"),
        CheckConstraint("cost_vnd >= 0", name="cost_vnd"),
        CheckConstraint(
            "(entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)"
            " AND (entered_in_error_at IS NULL) = (entered_in_error_reason IS NULL)",
            name="entered_in_error",
        ),
        Index("activities_commune_id_started_on_idx", "commune_id", "started_on", "id"),
        Index("activities_district_id_started_on_idx", "district_id", "started_on", "id"),
        Index("activities_province_id_started_on_idx", "province_id", "started_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    description: Mapped[str | None]
    result: Mapped[str | None]
    place_text: Mapped[str | None]
    started_on: Mapped[date]
    ended_on: Mapped[date]
    session_count: Mapped[int]
    participant_count: Mapped[int]
    audiences: Mapped[dict[str, Any]]
    cost_vnd: Mapped[int | None] = mapped_column(BigInteger)
    evidence: Mapped[dict[str, Any] | None]
