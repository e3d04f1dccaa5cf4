"""Tables of the registry: the household child book (sổ theo dõi trẻ em trong hộ gia đình), as records.

A child is the record; circumstances, guardians and identifiers are its parts and count in its version.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.corrections import Retractable, retracted_check
from childcare_api.shared.db import Base, Holder, Recorded, Versioned


def _of_household() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["household_id", "commune_id"], ["households.id", "households.commune_id"], onupdate="CASCADE"
    )


def _of_child() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["child_id", "commune_id"], ["children.id", "children.commune_id"], onupdate="CASCADE")


class Changed:
    """Who changed a record or one of its parts last, and when."""

    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]


def _ended() -> CheckConstraint:
    return CheckConstraint(
        "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_on IS NULL)", name="ended"
    )


class Household(Holder, Versioned, Recorded, Changed, Base):
    """A household (hộ gia đình): an address, a head, and whether it is poor by the State's own list."""

    __tablename__ = "households"
    __table_args__ = (
        UniqueConstraint("id", "commune_id"),
        CheckConstraint("commune_id IS NOT NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint("poverty IN ('poor', 'near_poor', 'none', 'unknown')", name="poverty"),
        Index("households_village_id_idx", "village_id", "id"),
        Index("households_commune_id_idx", "commune_id", "id"),
        Index("households_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str | None]
    head_name: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    poverty: Mapped[str]
    note: Mapped[str | None]
    search_names: Mapped[str | None]
    """The names of its head and its grown people as they are looked for, a line for each."""


class HouseholdMember(Holder, Recorded, Retractable, Base):
    """A grown person of a household. Its children are `children.household_id`, never a second row here."""

    __tablename__ = "household_members"
    __table_args__ = (
        _of_household(),
        CheckConstraint("sex IN ('male', 'female', 'unknown')", name="sex"),
        CheckConstraint("left_on >= joined_on", name="period"),
        retracted_check(),
        Index("household_members_household_id_idx", "household_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID]
    full_name: Mapped[str]
    relation: Mapped[str]
    sex: Mapped[str]
    born_year: Mapped[int | None]
    ethnicity: Mapped[str | None]
    occupation: Mapped[str | None]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    left_reason: Mapped[str | None]


class Child(Holder, Versioned, Recorded, Changed, Base):
    """A child as the commune knows it; nearly everything may still be unknown.

    `born_on` is the last day the birthday can be: the day itself, else the last day of the month or the year, so
    that whoever may still be a child is one, and ages are plain comparisons.
    """

    __tablename__ = "children"
    __table_args__ = (
        UniqueConstraint("id", "commune_id"),
        _of_household(),
        CheckConstraint("commune_id IS NOT NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint("sex IN ('male', 'female', 'unknown')", name="sex"),
        CheckConstraint("born_on_precision IN ('day', 'month', 'year', 'estimated')", name="born_on_precision"),
        CheckConstraint("birth_registration IN ('registered', 'not_registered', 'unknown')", name="birth_registration"),
        CheckConstraint("health_card IN ('held', 'none', 'unknown')", name="health_card"),
        CheckConstraint(
            "schooling IN ('not_yet', 'attending', 'out_of_school', 'completed', 'unknown')", name="schooling"
        ),
        Index("children_household_id_idx", "household_id", "commune_id"),
        Index("children_village_id_idx", "village_id", "id"),
        Index("children_commune_id_idx", "commune_id", "id"),
        Index("children_province_id_idx", "province_id", "id"),
        Index("children_commune_name_idx", "commune_id", "search_name", "id"),
        Index("children_province_name_idx", "province_id", "search_name", "id"),
        Index("children_commune_changed_idx", "commune_id", "changed_at", "id"),
        Index("children_province_changed_idx", "province_id", "changed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    household_id: Mapped[UUID | None]
    full_name: Mapped[str]
    search_name: Mapped[str] = mapped_column(Text(collation="C"))
    name_words: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sex: Mapped[str]
    born_on: Mapped[date]
    born_on_precision: Mapped[str]
    ethnicity: Mapped[str | None]
    nationality: Mapped[str | None]
    religion: Mapped[str | None]
    address: Mapped[str | None]
    birth_registration: Mapped[str]
    birth_certificate_number: Mapped[str | None]
    birth_certificate_book: Mapped[str | None]
    birth_registered_on: Mapped[date | None]
    birth_registered_at_place: Mapped[str | None]
    health_card: Mapped[str]
    health_card_number: Mapped[str | None]
    health_card_until: Mapped[date | None]
    schooling: Mapped[str]
    school: Mapped[str | None]
    grade: Mapped[str | None]
    died_on: Mapped[date | None]
    note: Mapped[str | None]


class Circumstance(Holder, Recorded, Retractable, Base):
    """A child in one of the 14 groups (Luật Trẻ em, Điều 10), at risk, or in other difficulty, from a day to a day.

    In force from `from_on` until the day before `ended_on`.
    """

    __tablename__ = "child_circumstances"
    __table_args__ = (
        _of_child(),
        CheckConstraint("kind IN ('special', 'at_risk', 'other_difficult')", name="kind"),
        CheckConstraint("from_on_precision IN ('day', 'month', 'year')", name="from_on_precision"),
        CheckConstraint("ended_on >= from_on", name="period"),
        _ended(),
        retracted_check(),
        Index("child_circumstances_child_id_idx", "child_id", "commune_id"),
        Index(
            "child_circumstances_commune_group_idx",
            "commune_id",
            "group_code",
            "child_id",
            postgresql_where=text("entered_in_error_at IS NULL"),
        ),
        Index(
            "child_circumstances_province_group_idx",
            "province_id",
            "group_code",
            "child_id",
            postgresql_where=text("entered_in_error_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    kind: Mapped[str]
    group_code: Mapped[str]
    subgroup_code: Mapped[str | None]
    sensitive: Mapped[bool] = mapped_column(server_default=text("false"))
    from_on: Mapped[date]
    from_on_precision: Mapped[str]
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None]
    evidence_kind: Mapped[str | None]
    evidence_number: Mapped[str | None]
    evidence_on: Mapped[date | None]
    evidence_issuer: Mapped[str | None]
    evidence_note: Mapped[str | None]


class Guardian(Holder, Recorded, Retractable, Base):
    """A parent, guardian or carer of a child (cha, mẹ, người giám hộ, người chăm sóc trẻ em), from a day to a day."""

    __tablename__ = "child_guardians"
    __table_args__ = (
        _of_child(),
        CheckConstraint("ended_on >= from_on", name="period"),
        _ended(),
        retracted_check(),
        Index("child_guardians_child_id_idx", "child_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    full_name: Mapped[str]
    relation: Mapped[str]
    is_main_carer: Mapped[bool]
    born_year: Mapped[int | None]
    ethnicity: Mapped[str | None]
    occupation: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    from_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    end_reason: Mapped[str | None]


class Identifier(Holder, Recorded, Retractable, Base):
    """A number on a paper. The personal id (số định danh cá nhân) is indexed and not unique: see `PossibleDouble`."""

    __tablename__ = "child_identifiers"
    __table_args__ = (
        _of_child(),
        CheckConstraint("kind IN ('personal_id', 'passport', 'social_insurance', 'school', 'other')", name="kind"),
        retracted_check(),
        Index("child_identifiers_child_id_idx", "child_id", "commune_id"),
        Index("child_identifiers_value_idx", "value", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    kind: Mapped[str]
    value: Mapped[str]
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None]
    note: Mapped[str | None]


class PossibleDouble(Holder, Base):
    """Two records that may be one child, for the province to look into; whoever wrote the second learns nothing."""

    __tablename__ = "possible_doubles"
    __table_args__ = (
        _of_child(),
        Index("possible_doubles_child_id_idx", "child_id", "commune_id", "other_child_id", unique=True),
        Index("possible_doubles_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    child_id: Mapped[UUID]
    other_child_id: Mapped[UUID]
    other_province_id: Mapped[int]
    reason: Mapped[str]
    noticed_at: Mapped[datetime]


class NameWord(Base):
    """Every word that stands in a child's name anywhere: what a mistyped word is compared with. Holds nobody's name."""

    __tablename__ = "child_name_words"

    word: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
