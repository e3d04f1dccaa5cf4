"""That the child of a case died."""

from datetime import date

from sqlalchemy.orm import Mapped

from childcare_api.cases.file.models import StepDetail, part_of_step


class CaseDeath(StepDetail):
    """The day of a child's death, and the paper that says so where there is one."""

    __tablename__ = "case_deaths"
    __table_args__ = part_of_step()

    died_on: Mapped[date]
    document_number: Mapped[str | None]
