"""The report a file was opened on: the intake and its initial assessment, as handed over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseReport(StepDetail):
    """Mẫu 01 and Mẫu 02 as they stood when the file was opened (Điều 28.2 a).

    A copy on purpose: the intake stays with the commune of the incident, and the dossier must show what the
    decision rested on. The reporter is not in it.
    """

    __tablename__ = "case_reports"
    __table_args__ = part_of_step(Index("case_reports_intake_id_idx", "intake_id"))

    origin_commune_id: Mapped[int]
    intake_id: Mapped[UUID] = mapped_column(ForeignKey("intakes.id"))
    channel: Mapped[str]
    received_at: Mapped[datetime]
    place_unit_id: Mapped[int | None]
    narrative: Mapped[str | None]
    condition: Mapped[str | None]
    initial_assessment: Mapped[dict[str, Any]]
