"""The people in a case."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from childcare_api.cases.file.models import StepDetail, part_of_step

HARM_DOER = "alleged_harm_doer"
"""The role whose bearer is sealed."""


class CaseParty(StepDetail):
    """A person in the case: a parent, a carer, the alleged harm-doer, a witness. Never the reporter, who is sealed."""

    __tablename__ = "case_parties"
    __table_args__ = part_of_step(CheckConstraint("sex IN ('male', 'female', 'unknown')", name="sex"))

    origin_commune_id: Mapped[int]
    role: Mapped[str]
    relation: Mapped[str]
    full_name: Mapped[str | None]
    sex: Mapped[str | None]
    born_year: Mapped[int | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    occupation: Mapped[str | None]
    user_id: Mapped[UUID | None]
