"""Tables of administrative units in time, of what became of them, and of the code lists.

None of them has row-level security: which unit lies where and what a code means is public, the same for everyone.
Only the owner writes them.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base

FIRST_ADDED_ID = 1_000_000
"""Units that an installation adds (villages, units of later reorganisations) are numbered from here."""


class Unit(Base):
    """An administrative unit (đơn vị hành chính) as one list had it. Both ends of its validity are inclusive."""

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("level IN ('central', 'province', 'district', 'commune', 'village')", name="level"),
        CheckConstraint("valid_from <= valid_to", name="validity"),
        CheckConstraint("(level = 'central') = (parent_id IS NULL)", name="parent"),
        Index("units_parent_id_idx", "parent_id"),
        # The same code twice in one list would make a code and a day name two units.
        Index(
            "units_code_valid_to_key",
            "code",
            "valid_to",
            unique=True,
            postgresql_where=text("code IS NOT NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(Identity(start=FIRST_ADDED_ID), primary_key=True)
    code: Mapped[str | None]
    level: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    code_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    search_name: Mapped[str]


class UnitSuccession(Base):
    """Which unit holds the territory of an ended one, or a part of it."""

    __tablename__ = "unit_succession"
    __table_args__ = (
        CheckConstraint("extent IN ('whole', 'part')", name="extent"),
        Index("unit_succession_new_id_idx", "new_id"),
    )

    old_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    extent: Mapped[str]
    is_default: Mapped[bool]


class CodeList(Base):
    """A list of codes that fields take, with where it comes from."""

    __tablename__ = "code_lists"

    name: Mapped[str] = mapped_column(primary_key=True)
    title_vi: Mapped[str]
    title_en: Mapped[str]
    source: Mapped[str]


class CodeListEntry(Base):
    """One code of a list. The law may change what a code means: then it stands twice, with different validity."""

    __tablename__ = "code_list_entries"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="validity"),
        UniqueConstraint("list_name", "code", "valid_from", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    list_name: Mapped[str] = mapped_column(ForeignKey("code_lists.name"))
    position: Mapped[int]
    code: Mapped[str]
    parent_code: Mapped[str | None]
    label_vi: Mapped[str]
    label_en: Mapped[str]
    article: Mapped[str | None]
    note: Mapped[str | None]
    verified: Mapped[bool]
    sensitive_by: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
