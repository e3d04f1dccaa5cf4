"""Tables of a report of concern and its parts.

A report that no commune holds yet (its province routes it, or the hotline that brought it) has empty holder columns
below that level. `origin_unit_id` and `source_id` say who made it: by them a row may be created elsewhere.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime, Text

from childcare_api.shared.corrections import Retractable, retracted_check
from childcare_api.shared.db import Base, Holder, Recorded, Versioned


class Intake(Holder, Versioned, Retractable, Base):
    """A report about one or several children as it was received (Mẫu 01, NĐ 56/2017 Điều 25).

    `received_at` is when the first office was told, as stated; `recorded_at` when it stood here; `arrived_at` when it
    reached the office that holds it now. `reported_grounds` are why what was told makes it an emergency (Điều 31.1),
    `emergency_grounds` why it is one now that it was assessed; `emergencies` from when each runs, the earliest first.
    """

    __tablename__ = "intakes"
    __table_args__ = (
        UniqueConstraint("id", "commune_id"),
        CheckConstraint(
            "status IN ('received', 'acknowledged', 'assessed', 'case_opened', 'dismissed', 'withdrawn',"
            " 'entered_in_error')",
            name="status",
        ),
        CheckConstraint("category IN ('abused', 'at_risk', 'special_circumstances')", name="category"),
        CheckConstraint("harm_level IN ('high', 'medium', 'low')", name="harm_level"),
        CheckConstraint("emergency = (cardinality(emergency_grounds) > 0)", name="emergency_grounds"),
        CheckConstraint("emergency = (cardinality(emergencies) > 0)", name="emergencies"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        CheckConstraint("(case_opened_at IS NULL) = (case_opened_by IS NULL)", name="case_opened"),
        CheckConstraint("(dismissed_at IS NULL) = (dismissed_by IS NULL)", name="dismissed"),
        CheckConstraint("(reexamined_at IS NULL) = (reexamined_by IS NULL)", name="reexamined"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        retracted_check(),
        Index("intakes_commune_id_received_at_idx", "commune_id", "received_at", "id"),
        Index("intakes_province_id_received_at_idx", "province_id", "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_unit_id: Mapped[int]
    source_id: Mapped[UUID | None]
    created_by: Mapped[UUID]
    channel: Mapped[str]
    external_ref: Mapped[str | None]
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    arrived_at: Mapped[datetime]
    place_unit_id: Mapped[int | None]
    place_divided: Mapped[bool]
    place_text: Mapped[str | None]
    occurred_on: Mapped[date | None]
    occurred_text: Mapped[str | None]
    category: Mapped[str | None]
    harm_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    harm_level: Mapped[str | None]
    harm_doers: Mapped[list[Any]]
    emergency: Mapped[bool]
    reported_grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    emergency_grounds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    emergencies: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    narrative: Mapped[str | None]
    presumed_consequences: Mapped[str | None]
    father: Mapped[dict[str, Any] | None]
    mother: Mapped[dict[str, Any] | None]
    family_circumstances: Mapped[str | None]
    current_carer: Mapped[str | None]
    help_given: Mapped[str | None]
    requested_action: Mapped[str | None]
    confidentiality: Mapped[str | None]
    allowed_recipients: Mapped[str | None]
    reporter_known: Mapped[bool]
    note: Mapped[str | None]
    status: Mapped[str]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    case_opened_at: Mapped[datetime | None]
    case_opened_by: Mapped[UUID | None]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[UUID | None]
    dismiss_reason: Mapped[str | None]
    reexamined_at: Mapped[datetime | None]
    reexamined_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdraw_reason: Mapped[str | None]
    same_as_id: Mapped[UUID | None]

    @property
    def heard_at(self) -> datetime:
        """When the information came that is worked on: the report's, or what was new since it was put aside."""
        return self.reexamined_at or self.received_at


def _part_of_intake() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["intake_id", "commune_id"], ["intakes.id", "intakes.commune_id"], onupdate="CASCADE")


class IntakeChild(Holder, Base):
    """A child as the report describes it; perhaps without a name. It is not the child of the registry."""

    __tablename__ = "intake_children"
    __table_args__ = (
        _part_of_intake(),
        CheckConstraint("sex IN ('male', 'female', 'unknown')", name="sex"),
        CheckConstraint("birth_precision IN ('day', 'month', 'year')", name="birth_precision"),
        CheckConstraint("(born_on IS NULL) = (birth_precision IS NULL)", name="born_on"),
        Index("intake_children_intake_id_commune_id_idx", "intake_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID]
    origin_unit_id: Mapped[int]
    source_id: Mapped[UUID | None]
    position: Mapped[int]
    full_name: Mapped[str | None]
    born_on: Mapped[date | None]
    born_on_precision: Mapped[str | None] = mapped_column("birth_precision")
    estimated_age: Mapped[int | None]
    sex: Mapped[str | None]
    ethnicity: Mapped[str | None]
    residence: Mapped[str | None]
    condition: Mapped[str | None]


class IntakeReporter(Holder, Base):
    """Who reported, sealed: no role of a level may read this table (NĐ 56/2017, Điều 24)."""

    __tablename__ = "intake_reporters"
    __table_args__ = (
        _part_of_intake(),
        Index("intake_reporters_intake_id_commune_id_idx", "intake_id", "commune_id"),
    )

    intake_id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_unit_id: Mapped[int]
    source_id: Mapped[UUID | None]
    kind: Mapped[str | None]
    full_name: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    relation: Mapped[str | None]


class IntakeAssessment(Holder, Recorded, Retractable, Base):
    """The initial assessment of risk and harm (Mẫu 02, NĐ 56/2017 Điều 26.2).

    The official layout of the form is not known; these are the contents that the decree and the procedure demand.
    """

    __tablename__ = "intake_assessments"
    __table_args__ = (
        _part_of_intake(),
        UniqueConstraint("id", "commune_id"),
        CheckConstraint("harm_level IN ('high', 'medium', 'low')", name="harm_level"),
        CheckConstraint("perpetrator_access IN ('high', 'medium', 'low')", name="perpetrator_access"),
        CheckConstraint("care_obstacles IN ('high', 'medium', 'low')", name="care_obstacles"),
        CheckConstraint("self_protection IN ('high', 'medium', 'low')", name="self_protection"),
        retracted_check(),
        Index("intake_assessments_intake_id_commune_id_idx", "intake_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID]
    happened_at: Mapped[datetime]
    harm_level: Mapped[str]
    harm_doer_access: Mapped[str] = mapped_column("perpetrator_access")
    care_obstacles: Mapped[str]
    self_protection: Mapped[str]
    emergency: Mapped[bool]
    conclusion: Mapped[str]


class IntakeSafetyMeasure(Holder, Base):
    """What was done at once to keep the child safe, recorded with the initial assessment."""

    __tablename__ = "intake_safety_measures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["assessment_id", "commune_id"],
            ["intake_assessments.id", "intake_assessments.commune_id"],
            onupdate="CASCADE",
        ),
        Index("intake_safety_measures_assessment_id_commune_id_idx", "assessment_id", "commune_id"),
        # The report is read with all its measures, and handed over with them.
        Index("intake_safety_measures_intake_id_idx", "intake_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID]
    intake_id: Mapped[UUID]
    kind: Mapped[str]
    description: Mapped[str]
    responsible: Mapped[str | None]
    happened_at: Mapped[datetime]


class IntakeTransfer(Holder, Base):
    """One hand-over of a report from an office to another."""

    __tablename__ = "intake_transfers"
    __table_args__ = (
        _part_of_intake(),
        Index("intake_transfers_intake_id_commune_id_idx", "intake_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID]
    from_unit_id: Mapped[int]
    to_unit_id: Mapped[int]
    reason: Mapped[str]
    happened_at: Mapped[datetime]
    transferred_at: Mapped[datetime]
    transferred_by: Mapped[UUID]


class IntakeUpdate(Holder, Recorded, Retractable, Base):
    """What was learned later, beside what was first told: sent by who told of it from elsewhere, or written here."""

    __tablename__ = "intake_updates"
    __table_args__ = (
        _part_of_intake(),
        retracted_check(),
        Index("intake_updates_intake_id_commune_id_idx", "intake_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID]
    source_id: Mapped[UUID | None]
    told_from_unit_id: Mapped[int | None]
    takes_back: Mapped[bool]
    channel: Mapped[str | None]
    told_by: Mapped[str | None]
    text: Mapped[str]
    emergency: Mapped[bool]
    place_unit_id: Mapped[int | None]
    place_text: Mapped[str | None]
    happened_at: Mapped[datetime]


class IntakeReexamination(Holder, Base):
    """That a report which was put aside was taken up again: why it was put aside, and what was new."""

    __tablename__ = "intake_reexaminations"
    __table_args__ = (
        _part_of_intake(),
        Index("intake_reexaminations_intake_id_commune_id_idx", "intake_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID]
    dismissed_at: Mapped[datetime]
    dismissed_by: Mapped[UUID]
    dismiss_reason: Mapped[str]
    reason: Mapped[str]
    emergency: Mapped[bool]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]


class IntakeGrant(Holder, Base):
    """That another commune may read this report: the one that handed it over or took it, or that leads its case."""

    __tablename__ = "intake_grants"
    __table_args__ = (
        _part_of_intake(),
        CheckConstraint("kind IN ('handed_over', 'reported', 'leads_case')", name="kind"),
        Index("intake_grants_intake_id_commune_id_idx", "intake_id", "commune_id"),
        Index("intake_grants_grantee_commune_id_idx", "grantee_commune_id", "intake_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID]
    origin_unit_id: Mapped[int]
    grantee_commune_id: Mapped[int]
    kind: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID]
    ended_at: Mapped[datetime | None]
