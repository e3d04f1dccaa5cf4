"""To whom a decision was sent, when and how."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from childcare_api.cases.file.models import part_of_step
from childcare_api.cases.placing.models import PlacingDetail


class CaseSending(PlacingDetail):
    """A decision sent to one recipient, or why not: on a plan, with it (Điều 28.5), or on care (Điều 45.4).

    `decision_id` is the approval of the plan, or the placement; that one the commune of the carer sends.
    """

    __tablename__ = "case_sendings"
    __table_args__ = part_of_step(
        ForeignKeyConstraint(
            ["decision_id", "commune_id"], ["case_steps.id", "case_steps.commune_id"], onupdate="CASCADE"
        ),
        Index("case_sendings_decision_idx", "decision_id", "commune_id"),
        CheckConstraint("(way = 'not_possible') = (not_sent_reason IS NOT NULL)", name="not_sent"),
    )

    decision_id: Mapped[UUID]
    recipient_kind: Mapped[str]
    recipient: Mapped[str]
    way: Mapped[str]
    received_by: Mapped[str | None]
    not_sent_reason: Mapped[str | None]
