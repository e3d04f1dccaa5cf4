"""That a plan was refused."""

from sqlalchemy import ARRAY, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.file.models import StepDetail, part_of_step


class CasePlanRefusal(StepDetail):
    """Who refuses to carry out a decided plan, what of it, in which words, and what they were told (Điều 29.3)."""

    __tablename__ = "case_plan_refusals"
    __table_args__ = part_of_step(CheckConstraint("whole OR refused IS NOT NULL", name="refused"))

    refused_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    whole: Mapped[bool]
    refused: Mapped[str | None]
    said: Mapped[str | None]
    explained: Mapped[str]
