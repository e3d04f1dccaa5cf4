"""What the steps of alternative care say beyond their heads."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.cases.consenting.models import Consented, consent_check_or_none
from childcare_api.cases.file.models import StepDetail, part_of_step


class PlacingDetail(StepDetail):
    """A detail that the commune of a carer may write into a case which another commune leads (Điều 42.7, 42.8)."""

    __abstract__ = True

    origin_commune_id: Mapped[int]


class CaseCareNeeds(PlacingDetail):
    """The child's circumstances, state, needs and wishes (Mẫu 10; NĐ 56/2017, Điều 38.3 d; TT 14/2020, Điều 4).

    `father` and `mother` say what has become of each, as stated with a reason, else as the child's record had it then.
    """

    __tablename__ = "case_care_needs"
    __table_args__ = part_of_step(
        CheckConstraint("father IN ('left', 'dead', 'missing', 'never_known', 'rights_restricted')", name="father"),
        CheckConstraint("mother IN ('left', 'dead', 'missing', 'never_known', 'rights_restricted')", name="mother"),
    )

    ground: Mapped[str]
    found_abandoned: Mapped[bool]
    circumstances: Mapped[str]
    physical_health: Mapped[str | None]
    mental_health: Mapped[str | None]
    learning: Mapped[str | None]
    current_care: Mapped[str | None]
    risks: Mapped[str | None]
    causes: Mapped[str | None]
    family: Mapped[str | None]
    relatives: Mapped[list[Any]]
    needs: Mapped[list[Any]]
    child_was_asked: Mapped[bool]
    child_wishes: Mapped[str | None]
    child_not_asked_reason: Mapped[str | None]
    papers: Mapped[list[Any]]
    father: Mapped[str | None]
    mother: Mapped[str | None]
    parents_reason: Mapped[str | None]


class CasePlacementRequest(PlacingDetail):
    """The commune of a carer was asked to decide on taking the child in (NĐ 56/2017, Điều 42.7, 42.8)."""

    __tablename__ = "case_placement_requests"
    __table_args__ = part_of_step(Index("case_placement_requests_carer_id_idx", "carer_id"))

    carer_commune_id: Mapped[int]
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"))
    relation: Mapped[str | None]
    message: Mapped[str]


class CasePlacement(PlacingDetail, Consented):
    """A decision that gives the child into care (Mẫu 12), with a carer or in a facility.

    `carer_commune_id` is the commune that decides on it, visits and ends it; empty for a facility. `left_open` is what
    the law still asked for or left open on that day, though nothing was refused for it.
    """

    __tablename__ = "case_placements"
    __table_args__ = part_of_step(
        CheckConstraint("form IN ('relative', 'non_relative', 'facility')", name="form"),
        CheckConstraint("(form = 'facility') = (provider_id IS NOT NULL)", name="provider"),
        CheckConstraint("(form = 'facility') = (carer_id IS NULL)", name="carer"),
        CheckConstraint("(carer_id IS NULL) = (carer_commune_id IS NULL)", name="carer_commune"),
        CheckConstraint("guardian_appointed = (guardian_agreed_on IS NOT NULL)", name="guardian_agreed"),
        CheckConstraint("NOT guardian_appointed OR carer_id IS NOT NULL", name="guardian_is_carer"),
        CheckConstraint("decided_by IN ('commune_chair', 'facility_authority', 'court')", name="decided_by"),
        consent_check_or_none(),
        Index("case_placements_carer_id_idx", "carer_id"),
        Index("case_placements_carer_commune_id_idx", "carer_commune_id"),
        Index("case_placements_provider_id_idx", "provider_id"),
        Index("case_placements_number_idx", "decision_number"),
    )

    form: Mapped[str]
    temporary: Mapped[bool]
    carer_id: Mapped[UUID | None] = mapped_column(ForeignKey("carers.id"))
    carer_commune_id: Mapped[int | None]
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_providers.id"))
    facility_ground: Mapped[str | None]
    over_places_reason: Mapped[str | None]
    facility_agreed_on: Mapped[date | None]
    same_child_reason: Mapped[str | None]
    relation: Mapped[str | None]
    decided_by: Mapped[str]
    issuer: Mapped[str | None]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    starts_on: Mapped[date]
    guardian_appointed: Mapped[bool]
    guardian_agreed_on: Mapped[date | None]
    court_order_id: Mapped[UUID | None]
    left_open: Mapped[list[Any]]
    child_was_asked: Mapped[bool]
    child_opinion: Mapped[str | None]
    acting_for_id: Mapped[UUID | None]


class CasePlacementHandover(PlacingDetail):
    """The child was handed over to the carer (NĐ 56/2017, Điều 42.7)."""

    __tablename__ = "case_placement_handovers"
    __table_args__ = part_of_step()

    handed_over_by: Mapped[str]
    received_by: Mapped[str]
    met_on: Mapped[list[date]] = mapped_column(ARRAY(Date))
    minutes: Mapped[str | None]


class CasePlacementVisit(PlacingDetail):
    """How the child fares with the carer (Mẫu 13; NĐ 56/2017, Điều 43.2; TT 14/2020, Điều 13)."""

    __tablename__ = "case_placement_visits"
    __table_args__ = part_of_step(
        CheckConstraint("carer_harmed_child = (harm IS NOT NULL)", name="harm"),
        CheckConstraint("(moved_out_at IS NULL) = (moved_to IS NULL)", name="moved"),
        CheckConstraint("carer_harmed_child OR moved_out_at IS NULL", name="moved_from_harm"),
    )

    occasion: Mapped[str]
    living_conditions: Mapped[str]
    health: Mapped[str]
    physical: Mapped[str | None]
    mental: Mapped[str]
    integration: Mapped[str]
    child_seen: Mapped[bool]
    child_words: Mapped[str | None]
    facility_representative: Mapped[str | None]
    others_present: Mapped[list[str]] = mapped_column(ARRAY(Text))
    carer_harmed_child: Mapped[bool]
    harm: Mapped[str | None]
    moved_out_at: Mapped[datetime | None]
    moved_to: Mapped[str | None]
    proposal: Mapped[str]
    proposal_note: Mapped[str | None]


class CaseCarerReport(PlacingDetail):
    """What the carer told the commune of the child (Luật Trẻ em, Điều 64.1 b)."""

    __tablename__ = "case_carer_reports"
    __table_args__ = part_of_step()

    occasion: Mapped[str]
    physical: Mapped[str]
    mental: Mapped[str]
    integration: Mapped[str]
    other: Mapped[str | None]


class CasePlacementEndRequest(PlacingDetail):
    """Somebody asked to end a placement (Mẫu 15; Luật Trẻ em, Điều 69.1 c, d, 69.3)."""

    __tablename__ = "case_placement_end_requests"
    __table_args__ = part_of_step()

    asked_by: Mapped[str]
    ground: Mapped[str]
    reason: Mapped[str]


class CasePlacementEnd(PlacingDetail):
    """The decision that ended a placement, and where the child went (Mẫu 16; Luật Trẻ em, Điều 69)."""

    __tablename__ = "case_placement_ends"
    __table_args__ = part_of_step(
        Index("case_placement_ends_placement_id_idx", "placement_id"),
        Index("case_placement_ends_number_idx", "decision_number"),
    )

    placement_id: Mapped[UUID]
    ground: Mapped[str]
    decision_number: Mapped[str | None]
    ended_on: Mapped[date]
    goes_to: Mapped[str]
    reason: Mapped[str | None]
    child_opinion: Mapped[str | None]
    acting_for_id: Mapped[UUID | None]
