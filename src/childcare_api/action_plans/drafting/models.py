"""Tables of a plan and its parts.

A part refers to its plan by `(plan_id, unit_id)`: the unit a plan was made for is never rewritten and never empty,
while a province's plan has no commune that a key could name.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from childcare_api.shared.db import Base, Holder, Versioned

AMOUNT: Final = Numeric(20, 4, asdecimal=False)
"""Percentages with their decimals and money in whole đồng fit the same column exactly."""


class ActionPlan(Holder, Versioned, Base):
    """A plan of a People's Committee (kế hoạch của Ủy ban nhân dân).

    One with a `source_key` was loaded as it was published and never changes. Number and day may be blank, as they are
    in two of the source plans; `issued_on_precision` says how much of the day is known.
    """

    __tablename__ = "action_plans"
    __table_args__ = (
        UniqueConstraint("id", "unit_id"),
        UniqueConstraint("source_key"),
        CheckConstraint("status IN ('draft', 'issued')", name="status"),
        CheckConstraint("period_from <= period_to", name="period"),
        CheckConstraint("issued_on_precision IN ('day', 'month')", name="issued_on_precision"),
        CheckConstraint("(issued_on IS NULL) = (issued_on_precision IS NULL)", name="issued_on"),
        CheckConstraint(
            "(issued_at IS NULL) = (issued_by IS NULL) AND (issued_at IS NULL) = (status = 'draft')", name="issued"
        ),
        CheckConstraint("parent_plan_id <> id", name="parent"),
        CheckConstraint("renewal_year IS NULL OR parent_plan_id IS NOT NULL", name="renewal_year"),
        Index("action_plans_commune_id_idx", "commune_id", "period_from", "id"),
        Index("action_plans_district_id_idx", "district_id", "period_from", "id"),
        Index("action_plans_province_id_idx", "province_id", "period_from", "id"),
        # A plan is renewed once for a unit and a year; whoever comes second finds the draft of the first.
        Index("action_plans_renewal_key", "parent_plan_id", "unit_id", "renewal_year", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_key: Mapped[str | None]
    parent_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("action_plans.id"))
    renewal_year: Mapped[int | None]
    title: Mapped[str]
    number: Mapped[str | None]
    number_note: Mapped[str | None]
    issued_on: Mapped[date | None]
    issued_on_precision: Mapped[str | None]
    period_from: Mapped[date]
    period_to: Mapped[date]
    objective: Mapped[str | None]
    status: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None]


class Part(Holder, Base):
    """What stands in a plan: the words of its source beside it, and what renewing made of it.

    `carry_over` and `carry_over_notes` are set in renewed drafts alone; `from_part_id` is the part it came from.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    position: Mapped[int]
    source_row: Mapped[str | None]
    section: Mapped[str | None]
    quote: Mapped[str | None]
    note: Mapped[str | None]
    carry_over: Mapped[str | None]
    carry_over_notes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    from_part_id: Mapped[UUID | None]


def of_plan(table: str, *more: CheckConstraint | Index | UniqueConstraint) -> tuple[object, ...]:
    """Return what every table of parts declares."""
    return (
        ForeignKeyConstraint(["plan_id", "unit_id"], ["action_plans.id", "action_plans.unit_id"]),
        CheckConstraint("carry_over IN ('carried', 'review', 'not_carried')", name="carry_over"),
        Index(f"{table}_plan_id_idx", "plan_id", "unit_id", "position"),
        *more,
    )


class PlanLegalBasis(Part):
    """A document the plan rests on (căn cứ) or cites."""

    __tablename__ = "plan_legal_bases"
    __table_args__ = of_plan("plan_legal_bases", CheckConstraint("relation IN ('basis', 'cited')", name="relation"))

    relation: Mapped[str]
    kind: Mapped[str | None]
    number: Mapped[str]
    issued_on: Mapped[date | None]
    issuer: Mapped[str | None]


class PlanTarget(Part):
    """A goal or target (mục tiêu, chỉ tiêu), with a number or without.

    `code` names the indicator; `counts` says that activities linked to the target are counted, as `activities`
    (classes, events) or as `participants`, of one `audience` where the target names one. `counts_level` is the level
    of units it counts: where that level has ended it cannot be carried over.
    """

    __tablename__ = "plan_targets"
    __table_args__ = of_plan(
        "plan_targets",
        CheckConstraint(
            "kind IN ('target', 'activity_target', 'qualitative_target', 'obligation', 'classification', 'evaluation',"
            " 'deliverable')",
            name="kind",
        ),
        CheckConstraint("operator IN ('=', '<', '<=', '>', '>=')", name="operator"),
        CheckConstraint("(operator IS NULL) = (value IS NULL)", name="value"),
        CheckConstraint("direction IN ('up', 'down', 'maintain')", name="direction"),
        CheckConstraint("counts IN ('activities', 'participants')", name="counts"),
        CheckConstraint("audience IS NULL OR counts = 'participants'", name="audience"),
        CheckConstraint(
            "counts_level IN ('central', 'province', 'district', 'commune', 'village')", name="counts_level"
        ),
    )

    kind: Mapped[str]
    code: Mapped[str | None]
    statement: Mapped[str]
    operator: Mapped[str | None]
    value: Mapped[float | None] = mapped_column(AMOUNT)
    measure_unit: Mapped[str | None]
    baseline: Mapped[float | None] = mapped_column(AMOUNT)
    baseline_year: Mapped[int | None]
    direction: Mapped[str | None]
    responsible: Mapped[str | None]
    counts: Mapped[str | None]
    audience: Mapped[str | None]
    counts_level: Mapped[str | None]


class PlanBudgetLine(Part):
    """Where the money comes from (kinh phí); the amount is often not stated."""

    __tablename__ = "plan_budget_lines"
    __table_args__ = of_plan("plan_budget_lines", CheckConstraint("amount_vnd >= 0", name="amount_vnd"))

    statement: Mapped[str]
    amount_vnd: Mapped[int | None] = mapped_column(BigInteger)
    responsible: Mapped[str | None]


class PlanStaffingLine(Part):
    """How many people do this work at a level (bố trí cán bộ), in all or in each unit of the level."""

    __tablename__ = "plan_staffing_lines"
    __table_args__ = of_plan(
        "plan_staffing_lines",
        CheckConstraint("level IN ('central', 'province', 'district', 'commune', 'village')", name="level"),
        CheckConstraint("headcount >= 0", name="headcount"),
    )

    statement: Mapped[str]
    level: Mapped[str]
    headcount: Mapped[int]
    per_unit: Mapped[bool]
    responsible: Mapped[str | None]
