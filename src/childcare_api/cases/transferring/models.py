"""Offers of a whole case to another commune."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.consenting.models import Consented, consent_check
from childcare_api.cases.file.models import StepDetail, one_of, part_of_step
from childcare_api.shared.db import Versioned


class TransferStatus(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CaseTransfer(StepDetail, Consented, Versioned):
    """An offer of the case, with all that the commune it goes to sees before it accepts.

    `row_version` is the offer's own, as in a referral.
    """

    __tablename__ = "case_transfers"
    __table_args__ = part_of_step(
        CheckConstraint("from_commune_id <> to_commune_id", name="elsewhere"),
        CheckConstraint(one_of("status", TransferStatus), name="status"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (status = 'offered')",
            name="answered",
        ),
        CheckConstraint("status NOT IN ('declined', 'withdrawn') OR answer_note IS NOT NULL", name="reason"),
        consent_check(),
        Index("case_transfers_case_id_idx", "case_id"),
        # One offer at a time: of two that are accepted at once, one would move what is not there any more.
        Index("case_transfers_offered_key", "case_id", unique=True, postgresql_where="status = 'offered'"),
        Index(
            "case_transfers_offered_to_idx", "to_commune_id", "offered_at", "id", postgresql_where="status = 'offered'"
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    from_commune_id: Mapped[int]
    to_commune_id: Mapped[int]
    to_village_id: Mapped[int | None]
    address: Mapped[str | None]
    moved_on: Mapped[date]
    reason: Mapped[str]
    summary: Mapped[str]
    emergency: Mapped[bool]
    case_status: Mapped[str]
    child_name: Mapped[str | None]
    child_sex: Mapped[str | None]
    child_born_on: Mapped[date | None]
    child_born_on_precision: Mapped[str | None]
    child_estimated_age: Mapped[int | None]
    status: Mapped[str]
    offered_at: Mapped[datetime]
    offered_by: Mapped[UUID]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    answer_note: Mapped[str | None]
