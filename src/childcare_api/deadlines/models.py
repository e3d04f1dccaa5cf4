"""Tables of the calendar, the clocks and the tasks that run by them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from childcare_api.shared.db import Base, Holder, Versioned

_OPEN = text("done_at IS NULL AND cancelled_at IS NULL")


class CalendarDayRow(Base):
    """A day that differs from its place in the week; a later edition replaces an earlier one and deletes nothing."""

    __tablename__ = "calendar_days"
    __table_args__ = (
        CheckConstraint("status IN ('announced', 'statute', 'derived', 'pending', 'estimate')", name="status"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    works: Mapped[bool]
    status: Mapped[str]
    kind: Mapped[str]
    name_vi: Mapped[str]
    document: Mapped[str]
    source: Mapped[str]
    confidence: Mapped[str]
    note: Mapped[str]


class CalendarYearRow(Base):
    """Whether the days off of a year have been announced; until then its working days are provisional."""

    __tablename__ = "calendar_years"
    __table_args__ = (CheckConstraint("status IN ('announced', 'not_announced')", name="status"),)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str]
    note: Mapped[str]


class ClockRule(Base):
    """One term of the law for a span of time."""

    __tablename__ = "clock_rules"
    __table_args__ = (
        CheckConstraint("unit IN ('hours', 'days', 'working_days', 'months')", name="unit"),
        CheckConstraint("basis IN ('law', 'derived', 'house')", name="basis"),
        CheckConstraint("length >= 0", name="length"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        CheckConstraint("extension_length > 0", name="extension"),
        CheckConstraint("escalate_before_hours >= 0", name="escalate_before"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    article: Mapped[str]
    basis: Mapped[str]
    length: Mapped[int]
    unit: Mapped[str]
    start_event: Mapped[str]
    start_choices: Mapped[list[str]] = mapped_column(ARRAY(Text))
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    escalates_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    as_soon_as_possible: Mapped[bool]
    emergency_article: Mapped[str | None]
    extension_length: Mapped[int | None]
    escalate_before_hours: Mapped[int]


class Task(Holder, Versioned, Base):
    """What the law wants of somebody, by when, by which article.

    `starts_at` is the stated event that started the clock, `due_at` its last moment. `receipt_at` is when the
    holder's office itself learned of it, with the moment the same term would end from there beside it. The article
    and the roles are copied from the clock as it was, so that a later edition changes no running task. `length` is
    what it runs by where that is not the clock's own; `extension` is what was added with a reason.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("cancelled_at IS NULL OR done_at IS NULL", name="one_end"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason IS NULL)", name="cancel_reason"),
        CheckConstraint("(done_at IS NULL) = (done_recorded_at IS NULL)", name="done_recorded"),
        Index("tasks_one_open_idx", "subject_id", "rule_code", unique=True, postgresql_where=_OPEN),
        Index("tasks_done_idx", "subject_id", "rule_code", postgresql_where=text("done_at IS NOT NULL")),
        Index("tasks_cancelled_idx", "subject_id", postgresql_where=text("cancelled_at IS NOT NULL")),
        Index("tasks_commune_id_due_at_idx", "commune_id", "due_at", "id", postgresql_where=_OPEN),
        Index("tasks_province_id_due_at_idx", "province_id", "due_at", "id", postgresql_where=_OPEN),
        Index(
            "tasks_escalate_at_idx",
            "escalate_at",
            postgresql_where=text("done_at IS NULL AND cancelled_at IS NULL AND escalated_at IS NULL"),
        ),
        Index(
            "tasks_of_provinces_idx",
            "due_at",
            "id",
            postgresql_where=text("subject_kind = 'province_care_report' AND done_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index("tasks_source_id_idx", "source_id", postgresql_where=text("source_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_unit_id: Mapped[int]
    source_id: Mapped[UUID | None]
    rule_code: Mapped[str]
    rule_valid_from: Mapped[date]
    article: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    escalates_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    as_soon_as_possible: Mapped[bool]
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    escalate_at: Mapped[datetime]
    receipt_at: Mapped[datetime | None]
    receipt_due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_recorded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    length: Mapped[int | None]
    extension: Mapped[int | None]
    escalated_at: Mapped[datetime | None]


class UnitTerm(Base):
    """A term that a unit promises, shorter than the law's; `length` is empty where it takes the promise back."""

    __tablename__ = "unit_terms"
    __table_args__ = (
        CheckConstraint("length > 0", name="length"),
        Index("unit_terms_unit_idx", "unit_id", "rule_code", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[int]
    rule_code: Mapped[str]
    length: Mapped[int | None]
    valid_from: Mapped[date]
    reason: Mapped[str]
    promised_at: Mapped[datetime]
    promised_by: Mapped[UUID]


class TaskExtension(Holder, Base):
    """That a task was given more time, by how much of its clock's unit, and why."""

    __tablename__ = "task_extensions"
    __table_args__ = (
        CheckConstraint("length > 0", name="length"),
        Index("task_extensions_task_id_idx", "task_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    length: Mapped[int]
    reason: Mapped[str]
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    extended_at: Mapped[datetime]
    extended_by: Mapped[UUID]
