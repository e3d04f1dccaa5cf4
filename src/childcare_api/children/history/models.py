"""What became of a child's record, change by change."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder, Recorded


class ChildChange(Holder, Recorded, Base):
    """One change of a child's record: which version it made, and the old and new value of each field it touched."""

    __tablename__ = "child_changes"
    __table_args__ = (
        ForeignKeyConstraint(["child_id", "commune_id"], ["children.id", "children.commune_id"], onupdate="CASCADE"),
        Index("child_changes_child_id_idx", "child_id", "commune_id", "row_version", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    row_version: Mapped[int]
    action: Mapped[str]
    part: Mapped[str]
    part_id: Mapped[UUID | None]
    fields: Mapped[dict[str, Any]]
