"""Offers of a child's record to another commune."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder, Versioned


class ChildMove(Holder, Versioned, Base):
    """That a child moved, and that its record was offered: with what the other commune sees before it takes it."""

    __tablename__ = "child_moves"
    __table_args__ = (
        ForeignKeyConstraint(["child_id", "commune_id"], ["children.id", "children.commune_id"], onupdate="CASCADE"),
        CheckConstraint("from_commune_id <> to_commune_id", name="elsewhere"),
        CheckConstraint("status IN ('offered', 'accepted', 'declined', 'withdrawn')", name="status"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (status = 'offered')",
            name="answered",
        ),
        CheckConstraint("status <> 'declined' OR answer_note IS NOT NULL", name="reason"),
        Index("child_moves_child_id_idx", "child_id", "commune_id"),
        Index("child_moves_offered_key", "child_id", unique=True, postgresql_where="status = 'offered'"),
        Index("child_moves_offered_to_idx", "to_commune_id", "offered_at", "id", postgresql_where="status = 'offered'"),
        Index("child_moves_sent_idx", "from_commune_id", "offered_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    from_commune_id: Mapped[int]
    to_commune_id: Mapped[int]
    to_village_id: Mapped[int | None]
    address: Mapped[str | None]
    moved_on: Mapped[date]
    reason: Mapped[str | None]
    child_name: Mapped[str]
    child_sex: Mapped[str]
    child_born_on: Mapped[date]
    child_born_on_precision: Mapped[str]
    status: Mapped[str]
    offered_at: Mapped[datetime]
    offered_by: Mapped[UUID]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    answer_note: Mapped[str | None]
