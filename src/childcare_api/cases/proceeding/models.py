"""What authorities asked of the commune for a child in proceedings, and notices that a child is to be released."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseProceeding(StepDetail):
    """One thing that an authority asks for, or holds, in proceedings about the child (LQ Điều 72.2 to 72.4)."""

    __tablename__ = "case_proceedings"
    __table_args__ = part_of_step(
        CheckConstraint(
            "child_role = 'offender' OR asked NOT IN ('council_meeting', 'measure_support')"
            " AND matter <> 'reformatory_at_court'",
            name="of_offenders",
        ),
    )

    matter: Mapped[str]
    child_role: Mapped[str]
    asked: Mapped[str]
    authority: Mapped[str]
    document_number: Mapped[str | None]
    document_on: Mapped[date | None]
    due_on: Mapped[date | None]
    note: Mapped[str | None]


class CaseReleaseNotice(StepDetail):
    """That a prison or a reformatory gives notice of the day on which the child will have served (LQ Điều 73.2)."""

    __tablename__ = "case_release_notices"
    __table_args__ = part_of_step()

    institution: Mapped[str]
    measure: Mapped[str]
    release_on: Mapped[date]
    document_number: Mapped[str | None]
    document_on: Mapped[date | None]
    about_child: Mapped[str | None]
