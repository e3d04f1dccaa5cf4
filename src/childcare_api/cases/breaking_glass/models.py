"""Who read another commune's child, for which hours, and who looked into it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder


class BrokenGlass(Base, Holder):
    """Leave that one person took to read a child's file. Held by the commune that holds the child."""

    __tablename__ = "broken_glasses"
    __table_args__ = (
        ForeignKeyConstraint(["child_id", "commune_id"], ["children.id", "children.commune_id"], onupdate="CASCADE"),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        CheckConstraint("known_by IN ('identifier', 'name_and_birthday')", name="known_by"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("broken_at < expires_at", name="hours"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (review_note IS NULL)",
            name="reviewed",
        ),
        Index("broken_glasses_child_idx", "child_id", "commune_id"),
        Index("broken_glasses_commune_idx", "commune_id", "broken_at", "id"),
        Index("broken_glasses_province_idx", "province_id", "broken_at", "id"),
        Index("broken_glasses_user_idx", "user_id", "broken_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    breaker_unit_id: Mapped[int]
    known_by: Mapped[str]
    reason: Mapped[str]
    broken_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    review_note: Mapped[str | None]

    @property
    def row_version(self) -> int:
        """It changes once: when it is looked into."""
        return 1 if self.reviewed_at is None else 2


class GlassAttempt(Base):
    """One try to break a glass, counted whatever came of it. Written and read by the gate alone."""

    __tablename__ = "glass_attempts"
    __table_args__ = (Index("glass_attempts_user_idx", "user_id", "attempted_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    attempted_at: Mapped[datetime] = mapped_column(server_default=func.now())
