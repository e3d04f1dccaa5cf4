"""Tables of administrative units in time, of what became of them, and of the code lists.

None of them has row-level security: which unit is where and what a code means is public, the same for everyone.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base

FIRST_ADDED_ID = 1_000_000
"""Units that an installation adds (villages, units of later reorganisations) are numbered from here."""


class Unit(Base):
    """An administrative unit (đơn vị hành chính) as one list had it: a code alone names no unit, a code and a day do."""

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("level IN ('central', 'province', 'district', 'commune', 'village')", name="level"),
        CheckConstraint("valid_from <= valid_to", name="validity"),
        CheckConstraint("(level = 'central') = (parent_id IS NULL)", name="parent"),
        Index("units_parent_id_idx", "parent_id"),
        Index("units_code_key", "code", "level", "valid_to", unique=True, postgresql_nulls_not_distinct=True)
        .ddl_if(dialect="postgresql")
        if False
        else Index("units_code_idx", "code"),
    )

    id: Mapped[int] = mapped_column(Identity(start=FIRST_ADDED_ID), primary_key=True)
    code: Mapped[str | None]
    level: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    code_verified: Mapped[bool] = mapped_column(default=False)
    search_name: Mapped[str]
