"""Services asked of other bodies, and the answers."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.consenting.models import Consented, consent_check
from childcare_api.cases.file.models import StepDetail, one_of, part_of_step
from childcare_api.shared.db import Versioned


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class CaseReferral(StepDetail, Consented, Versioned):
    """A service asked of another body: another commune, one of the directory, or one in words.

    The child is named only where the body needs it, as it was then: what a body was told does not change under it.
    `row_version` is the referral's own, for the commune that is asked and knows nothing of the rest of the case.
    """

    __tablename__ = "case_referrals"
    __table_args__ = part_of_step(
        CheckConstraint("num_nonnulls(to_commune_id, agency_id, provider_id) <= 1", name="one_body"),
        CheckConstraint(one_of("status", ReferralStatus), name="status"),
        CheckConstraint(
            "names_child OR num_nonnulls(child_name, child_sex, child_born_on, child_born_on_precision,"
            " child_estimated_age) = 0",
            name="unnamed_child",
        ),
        CheckConstraint("names_child OR grant_id IS NULL", name="shown_child"),
        consent_check(),
        Index("case_referrals_case_id_idx", "case_id"),
        Index("case_referrals_agency_id_idx", "agency_id"),
        Index("case_referrals_provider_id_idx", "provider_id"),
        Index("case_referrals_plan_service_id_idx", "plan_service_id"),
        Index("case_referrals_grant_id_idx", "grant_id"),
        Index("case_referrals_asked_of_idx", "to_commune_id", "asked_at", "id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    to_commune_id: Mapped[int | None]
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agencies.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_providers.id"))
    body_name: Mapped[str]
    plan_service_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_plan_services.id"))
    group: Mapped[str] = mapped_column("service_group")
    request: Mapped[str]
    information: Mapped[str | None]
    respond_by: Mapped[datetime]
    needed_by: Mapped[datetime | None]
    names_child: Mapped[bool]
    child_name: Mapped[str | None]
    child_sex: Mapped[str | None]
    child_born_on: Mapped[date | None]
    child_born_on_precision: Mapped[str | None]
    child_estimated_age: Mapped[int | None]
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_grants.id"))
    status: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    readable_until: Mapped[date | None]


class CaseReferralAnswer(StepDetail):
    """What became of a referral: by the commune that was asked itself, or as another body told the officer."""

    __tablename__ = "case_referral_answers"
    __table_args__ = part_of_step(
        CheckConstraint("answer IN ('accepted', 'declined', 'done')", name="answer"),
        CheckConstraint("answer <> 'declined' OR note IS NOT NULL", name="reason"),
        Index("case_referral_answers_referral_id_idx", "referral_id"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("case_referrals.id"))
    answer: Mapped[str]
    answered_by: Mapped[str | None]
    note: Mapped[str | None]
