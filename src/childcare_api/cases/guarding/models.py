"""Who is kept from a report or a case, whatever the role, and who alone may open a sealed one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder


class ExclusionGround(StrEnum):
    """Why a person is kept from a case."""

    PARTY = "party"
    RELATED = "related"
    DECLARED = "declared"


class Exclusion(Base, Holder):
    """That a person sees nothing of a report or a case. One naming has one id over all that hangs together."""

    __tablename__ = "exclusions"
    __table_args__ = (
        CheckConstraint("subject_kind IN ('case', 'intake')", name="subject_kind"),
        CheckConstraint("ground IN ('party', 'related', 'declared')", name="ground"),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"
        ),
        Index(
            "exclusions_in_force_idx", "user_id", "subject_id", unique=True, postgresql_where=text("lifted_at IS NULL")
        ),
        Index("exclusions_user_id_idx", "user_id"),
        Index("exclusions_province_id_idx", "province_id", postgresql_where=text("lifted_at IS NULL")),
        Index("exclusions_subject_id_idx", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ground: Mapped[str]
    reason: Mapped[str]
    named_at: Mapped[datetime]
    named_by: Mapped[UUID]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lift_reason: Mapped[str | None]

    @property
    def row_version(self) -> int:
        """It changes once: when it is lifted."""
        return 1 if self.lifted_at is None else 2


class CaseRecipient(Base, Holder):
    """Leave for one person to open a sealed case (NĐ 56/2017, Điều 24.3: to whom it is told), while they work there.

    `works_in_id` is the office of the post they had when they were named, which the database writes. With a `grant_id`
    the leader of the commune that follows the child by it named them, as long as it does.
    """

    __tablename__ = "case_recipients"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "commune_id"], ["cases.id", "cases.commune_id"], onupdate="CASCADE"),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index("case_recipients_case_idx", "case_id", "commune_id"),
        Index("case_recipients_user_id_idx", "user_id"),
        Index(
            "case_recipients_in_force_idx",
            "case_id",
            "user_id",
            "works_in_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("case_recipients_grant_id_idx", "grant_id", postgresql_where=text("grant_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]
    works_in_id: Mapped[int] = mapped_column(server_default=FetchedValue())
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_grants.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
