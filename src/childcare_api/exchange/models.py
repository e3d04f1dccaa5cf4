"""Tables of the exchange with hotlines. A hotline's rows are its own by `source_id`, wherever the report stands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Versioned


class HotlineReferral(Versioned, Base):
    """A report as a hotline sent it: its own number, and the report that came of it."""

    __tablename__ = "hotline_referrals"
    __table_args__ = (
        UniqueConstraint("source_id", "external_ref", name="hotline_referrals_source_id_external_ref_key"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index("hotline_referrals_intake_id_idx", "intake_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID]
    source: Mapped[str]
    external_ref: Mapped[str]
    body_digest: Mapped[str]
    intake_id: Mapped[UUID] = mapped_column(ForeignKey("intakes.id"))
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdraw_reason: Mapped[str | None]


class HotlineFeedback(Base):
    """One thing that a hotline is told about a referral of its own. It names nobody, and is never rewritten.

    What was told of a step that no longer counts is taken back by a later row, which names it in `corrects_id`.

    `transaction_id` orders the feed: a row becomes visible only once every earlier one is, which the moment of
    writing does not promise. It counts the eras of a restored database as well (`access.place_of`).
    """

    __tablename__ = "hotline_feedback"
    __table_args__ = (
        UniqueConstraint("corrects_id", name="hotline_feedback_corrects_id_key"),
        CheckConstraint("(corrects_id IS NOT NULL) = (kind = 'taken_back')", name="corrects"),
        Index("hotline_feedback_referral_id_idx", "referral_id"),
        Index("hotline_feedback_source_id_transaction_id_idx", "source_id", "transaction_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        BigInteger, server_default=text("access.place_of(pg_current_xact_id())")
    )
    source_id: Mapped[UUID]
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("hotline_referrals.id"))
    kind: Mapped[str]
    case_id: Mapped[UUID | None]
    step_id: Mapped[UUID | None]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("hotline_feedback.id"))
    unit_id: Mapped[int | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
