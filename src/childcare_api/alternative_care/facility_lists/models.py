"""Tables of the lists that facilities send: held by the province; the commune of a carer reads what it is sent."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.corrections import Retractable, retracted_check
from childcare_api.shared.db import Base, Holder, Recorded, Versioned


class FacilityList(Holder, Recorded, Base):
    """A list that the head of a facility sent (NĐ 56/2017, Điều 45.1; TT 14/2020, Điều 3.2); also an empty one."""

    __tablename__ = "facility_lists"
    __table_args__ = (
        CheckConstraint("commune_id IS NULL AND province_id IS NOT NULL", name="holder"),
        Index("facility_lists_provider_id_idx", "provider_id"),
        Index("facility_lists_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("service_providers.id"))
    received_on: Mapped[date]
    note: Mapped[str | None]


class FacilityChild(Holder, Versioned, Recorded, Retractable, Base):
    """A child on such a list: what the province found, what the carer's commune answered, the end of the care there.

    `commune_id` is the commune it was sent to, which then reads it. Who it is stands here as the facility wrote it.
    """

    __tablename__ = "facility_children"
    __table_args__ = (
        CheckConstraint("province_id IS NOT NULL", name="holder"),
        CheckConstraint("appraisal IN ('sent', 'no_carer', 'not_eligible')", name="appraisal"),
        CheckConstraint(
            "(appraised_at IS NULL) = (appraised_by IS NULL) AND (appraised_at IS NULL) = (appraisal IS NULL)",
            name="appraised",
        ),
        CheckConstraint("(appraisal IS NOT DISTINCT FROM 'sent') = (carer_id IS NOT NULL)", name="carer"),
        CheckConstraint("commune_id IS NOT NULL OR appraisal IS DISTINCT FROM 'sent'", name="sent"),
        CheckConstraint("answer IN ('placed', 'declined')", name="answer"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (answer IS NULL)",
            name="answered",
        ),
        CheckConstraint("(answer IS NOT DISTINCT FROM 'placed') = (placement_id IS NOT NULL)", name="placement"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_on IS NULL)", name="ended"
        ),
        retracted_check(),
        Index("facility_children_list_id_idx", "list_id"),
        Index("facility_children_provider_id_idx", "provider_id"),
        Index("facility_children_carer_id_idx", "carer_id"),
        Index("facility_children_placement_id_idx", "placement_id"),
        Index("facility_children_commune_id_idx", "commune_id", "id"),
        Index("facility_children_province_id_idx", "province_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    list_id: Mapped[UUID] = mapped_column(ForeignKey("facility_lists.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("service_providers.id"))
    received_on: Mapped[date]
    full_name: Mapped[str]
    sex: Mapped[str]
    born_on: Mapped[date | None]
    born_on_precision: Mapped[str]
    circumstances: Mapped[str | None]
    wishes: Mapped[str | None]
    dossier: Mapped[str | None]
    appraisal: Mapped[str | None]
    appraisal_reason: Mapped[str | None]
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"))
    appraised_at: Mapped[datetime | None]
    appraised_by: Mapped[UUID | None]
    answer: Mapped[str | None]
    answer_reason: Mapped[str | None]
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    placement_id: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    end_decision_number: Mapped[str | None]
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ends_in_error: Mapped[list[Any]] = mapped_column(default=list)
