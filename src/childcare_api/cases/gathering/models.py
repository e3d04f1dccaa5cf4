"""Papers of a child that are there, and notices that look for its family."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseCarePapers(StepDetail):
    """Papers of the child's dossier that came after the report on its needs (NĐ 56/2017, Điều 38.3, 38.4)."""

    __tablename__ = "case_care_papers"
    __table_args__ = part_of_step()

    papers: Mapped[list[Any]]


class CaseFamilyNotice(StepDetail):
    """The family of a child found abandoned was looked for by notice, or why not (TT 14/2020, Điều 10.1 a2)."""

    __tablename__ = "case_family_notices"
    __table_args__ = part_of_step(
        CheckConstraint("(posted_on IS NULL) = (not_posted_reason IS NOT NULL)", name="posted"),
        CheckConstraint("posted_on <= until_on", name="days"),
    )

    posted_on: Mapped[date | None]
    until_on: Mapped[date | None]
    places: Mapped[list[str]] = mapped_column(ARRAY(Text))
    number: Mapped[str | None]
    words: Mapped[str | None]
    not_posted_reason: Mapped[str | None]
