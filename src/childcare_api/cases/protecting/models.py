"""Emergency measures and hand-overs."""

from datetime import date

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseEmergencyMeasure(StepDetail):
    """Something done at once to keep the child safe (Điều 26.3, 31.3)."""

    __tablename__ = "case_emergency_measures"
    __table_args__ = part_of_step()

    measure: Mapped[str]
    description: Mapped[str]
    done_by: Mapped[str]


class CaseHandover(StepDetail):
    """The case, or what may be evidence, handed to the police or another body (Điều 25.3, 31.3 a)."""

    __tablename__ = "case_handovers"
    __table_args__ = part_of_step()

    origin_commune_id: Mapped[int]
    body: Mapped[str]
    body_name: Mapped[str]
    received_by: Mapped[str | None]
    document_number: Mapped[str | None]
    document_on: Mapped[date | None]
    subject: Mapped[str]
    evidence: Mapped[list[str]] = mapped_column(ARRAY(Text))
