"""Decisions to separate a child for a time (Mẫu 07), with what changes them; requests to the court, and its answers."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseSeparation(StepDetail):
    """The decision to separate a child for a time, and where the child stays safely meanwhile (Điều 32.1, 32.2)."""

    __tablename__ = "case_separations"
    __table_args__ = part_of_step(
        CheckConstraint("days > 0", name="days"), Index("case_separations_number_idx", "decision_number")
    )

    origin_commune_id: Mapped[int]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    acting_for_id: Mapped[UUID | None]
    grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    separated_from: Mapped[list[str]] = mapped_column(ARRAY(Text))
    needs_and_safety: Mapped[str]
    days: Mapped[int]
    stay_kind: Mapped[str]
    stay_name: Mapped[str]
    stay_relation: Mapped[str | None]
    stay_address: Mapped[str | None]
    stay_phone: Mapped[str | None]


class CaseSeparationChange(StepDetail):
    """A decision that extends a separation, or cancels it on an assessment that finds the child safe (Điều 32.3)."""

    __tablename__ = "case_separation_changes"
    __table_args__ = part_of_step(
        ForeignKeyConstraint(
            ["separation_id", "commune_id"], ["case_steps.id", "case_steps.commune_id"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["assessment_id", "commune_id"], ["case_steps.id", "case_steps.commune_id"], onupdate="CASCADE"
        ),
        Index("case_separation_changes_separation_idx", "separation_id", "commune_id"),
        Index("case_separation_changes_assessment_idx", "assessment_id", "commune_id"),
        Index("case_separation_changes_number_idx", "decision_number"),
        CheckConstraint("(days IS NULL) = (assessment_id IS NOT NULL)", name="one_kind"),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint(
            "num_nonnulls(authority_issuer, authority_number, authority_issued_on) IN (0, 3)", name="authority"
        ),
    )

    origin_commune_id: Mapped[int]
    separation_id: Mapped[UUID]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    acting_for_id: Mapped[UUID | None]
    reason: Mapped[str]
    days: Mapped[int | None]
    authority_issuer: Mapped[str | None]
    authority_number: Mapped[str | None]
    authority_issued_on: Mapped[date | None]
    assessment_id: Mapped[UUID | None]
    returned_to: Mapped[str | None]


class CaseCourtRequest(StepDetail):
    """A request to the court to restrict the rights of parents or carers, or to separate the child (LQ Điều 52.3)."""

    __tablename__ = "case_court_requests"
    __table_args__ = part_of_step()

    court: Mapped[str]
    request_number: Mapped[str]
    requested_on: Mapped[date]
    acting_for_id: Mapped[UUID | None]
    measures: Mapped[list[str]] = mapped_column(ARRAY(Text))
    grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str]


class CaseCourtAnswer(StepDetail):
    """What the court answered: the measures it ordered, or why it ordered none; or why it was asked no more (52.3).

    A decision that changes or ends what it ordered before stands on that order; one that ends it has no measures.
    """

    __tablename__ = "case_court_answers"
    __table_args__ = part_of_step(
        CheckConstraint(
            "(cardinality(measures) = 0 OR decision_number IS NOT NULL) "
            "AND (cardinality(measures) = 0) = (reason IS NOT NULL)",
            name="granted",
        ),
    )

    decision_number: Mapped[str | None]
    decided_on: Mapped[date]
    measures: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_to: Mapped[date | None]
    reason: Mapped[str | None]
