"""Marking what should never have been written, or has ended: the body that says why, and refusals of doing it twice."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from childcare_api.shared import clock
from childcare_api.shared.problems import Problem
from childcare_api.shared.schemas import Command, Reason


class EnterInError(Command):
    """Say why something should never have been written. It stays readable and counts no longer."""

    reason: Annotated[Reason, Field(max_length=1000)]


class AlreadyEnteredInError(Problem):
    """It was marked as entered in error before: nothing more can be done with it."""

    status = 409
    title_en, title_vi = "It was entered in error", "Mục này đã được đánh dấu ghi nhầm"
    detail_en = "It was marked as entered in error before and counts no longer. Write down anew what is right."
    detail_vi = "Mục này đã được đánh dấu ghi nhầm và không còn được tính. Hãy ghi mới nội dung đúng."


class AlreadyEnded(Problem):
    """It has ended already: it was ended, lifted, revoked or left before, or its last day has passed."""

    status = 409
    title_en, title_vi = "Already ended", "Đã chấm dứt"
    detail_en = "It has ended already and cannot be ended again. Read it anew."
    detail_vi = "Mục này đã chấm dứt, không thể chấm dứt lần nữa. Hãy đọc lại."


class Retractable:
    """A record that should never have been written: still readable, no longer counted."""

    entered_in_error_at: Mapped[datetime | None]
    entered_in_error_by: Mapped[UUID | None]
    entered_in_error_reason: Mapped[str | None]


def retracted_check() -> CheckConstraint:
    """Return the check that somebody marked what was marked."""
    return CheckConstraint("(entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)", name="entered_in_error")


def retract(record: Retractable, command: EnterInError, *, by: UUID) -> None:
    """Mark a record as entered in error. Raises AlreadyEnteredInError."""
    if record.entered_in_error_at is not None:
        raise AlreadyEnteredInError
    record.entered_in_error_at, record.entered_in_error_by = clock.now(), by
    record.entered_in_error_reason = command.reason
