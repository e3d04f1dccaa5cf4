"""The case, its steps in order, the people in it, and who else may look.

Every act is a row of `case_steps`; what it says beyond its head, a row of another table: so all of that exists once.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Constraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from childcare_api.shared.db import Base, Holder, Versioned


class StepKind(StrEnum):
    """What can be recorded in a case file: the kinds of step of the whole procedure."""

    OPENING = "opening"
    REPORT_JOINED = "report_joined"
    REPORT_UPDATED = "report_updated"
    PARTY = "party"
    CHILD_LINKED = "child_linked"
    EMERGENCY_MEASURE = "emergency_measure"
    HANDOVER = "handover"
    SEPARATION = "separation"
    SEPARATION_EXTENDED = "separation_extended"
    SEPARATION_CANCELLED = "separation_cancelled"
    COURT_REQUEST = "court_request"
    COURT_GRANTED = "court_granted"
    COURT_REFUSED = "court_refused"
    COURT_WITHDRAWN = "court_withdrawn"
    PROCEEDING = "proceeding"
    PROCEEDING_ANSWERED = "proceeding_answered"
    RELEASE_NOTICE = "release_notice"
    RELEASE_PREPARED = "release_prepared"
    CARE_NEEDS = "care_needs"
    CARE_PAPERS = "care_papers"
    FAMILY_NOTICE = "family_notice"
    PLACEMENT_REQUESTED = "placement_requested"
    PLACEMENT_DECLINED = "placement_declined"
    PLACEMENT_WITHDRAWN = "placement_withdrawn"
    PLACEMENT = "placement"
    PLACEMENT_HANDOVER = "placement_handover"
    PLACEMENT_VISIT = "placement_visit"
    CARER_REPORT = "carer_report"
    PLACEMENT_END_REQUESTED = "placement_end_requested"
    PLACEMENT_ENDED = "placement_ended"
    ASSESSMENT = "assessment"
    MEETING = "meeting"
    PLAN_DRAFTED = "plan_drafted"
    PLAN_SUBMITTED = "plan_submitted"
    PLAN_RETURNED = "plan_returned"
    PLAN_APPROVED = "plan_approved"
    DECISION_SENT = "decision_sent"
    PLAN_REFUSED = "plan_refused"
    PLAN_REFUSAL_ENDED = "plan_refusal_ended"
    SERVICE = "service"
    PROGRESS_NOTE = "progress_note"
    REFERRAL = "referral"
    REFERRAL_ANSWERED = "referral_answered"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    REVIEW = "review"
    CLOSURE = "closure"
    REOPENING = "reopening"
    TRANSFER_OFFERED = "transfer_offered"
    TRANSFER_ACCEPTED = "transfer_accepted"
    TRANSFER_DECLINED = "transfer_declined"
    TRANSFER_WITHDRAWN = "transfer_withdrawn"
    CHILD_DIED = "child_died"
    TURNED_SIXTEEN = "turned_sixteen"
    GRANT = "grant"
    GRANT_REVOKED = "grant_revoked"


class CaseStatus(StrEnum):
    """Where a case stands in the procedure."""

    OPENED = "opened"
    ASSESSED = "assessed"
    PLANNING = "planning"
    AWAITING_DECISION = "awaiting_decision"
    IMPLEMENTING = "implementing"
    REPLANNING = "replanning"
    READY_TO_CLOSE = "ready_to_close"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


class PlanStatus(StrEnum):
    """Where one version of an intervention plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    LAPSED = "lapsed"
    VOID = "void"


class Confidentiality(StrEnum):
    """How secret a report and its case are (NĐ 56/2017, Điều 24.3)."""

    NORMAL = "normal"
    SENSITIVE = "sensitive"
    SEALED = "sealed"


class ReviewOutcome(StrEnum):
    """What the law makes of a review: end the plan, or run its building and approval again (Điều 30.1 b, c)."""

    END = "end"
    CONTINUE = "continue"


def one_of(column: str, values: type[StrEnum]) -> str:
    """Return the CHECK that keeps a text column to the values the rules know."""
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


_MEANT = "status <> 'entered_in_error'"


class Case(Base, Holder, Versioned):
    """One child's file, held by the commune where the child lives.

    The facts of its state are read off its steps by the rules and written here, so that lists need not read them.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("id", "commune_id"),
        CheckConstraint("commune_id IS NOT NULL AND province_id IS NOT NULL", name="holder"),
        CheckConstraint(one_of("status", CaseStatus), name="status"),
        CheckConstraint(one_of("confidentiality", Confidentiality), name="confidentiality"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_pair"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_status"),
        *(Index(f"cases_{of}_list_idx", f"{of}_id", "opened_at", "id") for of in ("commune", "province", "district")),
        Index("cases_siblings_idx", "commune_id", "sibling_group_id"),
        Index("cases_intake_id_idx", "intake_id"),
        Index("cases_child_id_idx", "child_id"),
        Index("cases_intake_child_id_idx", "intake_child_id"),
        # One file for a reported child, unless the first was opened by mistake.
        Index("cases_intake_child_id_key", "intake_child_id", unique=True, postgresql_where=_MEANT),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_commune_id: Mapped[int]
    intake_id: Mapped[UUID] = mapped_column(ForeignKey("intakes.id"))
    intake_child_id: Mapped[UUID] = mapped_column(ForeignKey("intake_children.id"))
    sibling_group_id: Mapped[UUID]
    status: Mapped[str]
    cycle: Mapped[int]
    confidentiality: Mapped[str]
    step_count: Mapped[int]
    emergency: Mapped[bool]
    harm_doer_is_carer: Mapped[bool]
    harm_doer_relations: Mapped[list[str]] = mapped_column(ARRAY(Text))
    harm_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    received_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    child_id: Mapped[UUID | None] = mapped_column(ForeignKey("children.id"))
    child_name: Mapped[str | None]
    child_name_registered: Mapped[bool]
    child_sex: Mapped[str | None]
    child_born_on: Mapped[date | None]
    child_born_on_precision: Mapped[str | None] = mapped_column("child_birth_precision")
    child_estimated_age: Mapped[int | None]
    emergency_measure_at: Mapped[datetime | None]
    assessment_id: Mapped[UUID | None]
    meeting_id: Mapped[UUID | None]
    plan_id: Mapped[UUID | None]
    plan_approved_at: Mapped[datetime | None]
    first_plan_approved_at: Mapped[datetime | None]
    service_begun_at: Mapped[datetime | None]
    review_id: Mapped[UUID | None]
    review_outcome: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    close_reason: Mapped[str | None]
    separation_id: Mapped[UUID | None]
    separation_ends_at: Mapped[datetime | None]


class CaseStep(Base, Holder):
    """The head of one recorded act: what, when it happened, who recorded it, and what it stands on.

    `informed_at` is the receipt from which hours run: of an emergency, a separation. `protected_at` is when a child was
    protected by no measure of its own: before a report came here, or out of the care of who harmed it. `ends_at` is
    until when what a step decides holds.
    """

    __tablename__ = "case_steps"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "commune_id"], ["cases.id", "cases.commune_id"], onupdate="CASCADE"),
        UniqueConstraint("id", "commune_id"),
        UniqueConstraint("case_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 2000", name="position"),
        # A key with an empty column is not checked at all, so no part may lose its commune.
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        CheckConstraint(one_of("kind", StepKind), name="kind"),
        CheckConstraint(one_of("outcome", ReviewOutcome), name="outcome"),
        CheckConstraint("(outcome IS NOT NULL) = (kind = 'review')", name="outcome_of_review"),
        CheckConstraint("happened_at <= recorded_at", name="not_in_future"),
        CheckConstraint(
            "(in_error_at IS NULL) = (in_error_by IS NULL) AND (in_error_at IS NULL) = (in_error_reason IS NULL)",
            name="in_error_pair",
        ),
        CheckConstraint("(ends_at IS NOT NULL) = (kind IN ('separation', 'separation_extended'))", name="ends"),
        Index("case_steps_case_idx", "case_id", "commune_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_commune_id: Mapped[int]
    case_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[str]
    about_id: Mapped[UUID | None]
    outcome: Mapped[str | None]
    stands_on: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    note: Mapped[str | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    in_error_at: Mapped[datetime | None]
    in_error_by: Mapped[UUID | None]
    in_error_reason: Mapped[str | None]
    informed_at: Mapped[datetime | None]
    protected_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class StepDetail(Base, Holder):
    """What an act says beyond its head: a row with its step's id and holder, in a table of its own for each kind."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)


def part_of_step(*more: Constraint | Index) -> tuple[object, ...]:
    """Return what every detail table declares: it hangs on its step, and moves with it to another holder."""
    return (
        ForeignKeyConstraint(["id", "commune_id"], ["case_steps.id", "case_steps.commune_id"], onupdate="CASCADE"),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        *more,
    )


class CaseGrant(Base, Holder):
    """Leave for another commune to see some kinds of step of this case, from a day on, and why and when it ends."""

    __tablename__ = "case_grants"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "commune_id"], ["cases.id", "cases.commune_id"], onupdate="CASCADE"),
        CheckConstraint("commune_id IS NOT NULL", name="holder"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="days"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_pair"),
        Index("case_grants_case_idx", "case_id", "commune_id"),
        Index("case_grants_granted_idx", "granted_commune_id", "case_id"),
        Index(
            "case_grants_of_carer_idx",
            "granted_commune_id",
            "case_id",
            postgresql_where=text("reason = 'commune_of_carer'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin_commune_id: Mapped[int]
    case_id: Mapped[UUID]
    granted_commune_id: Mapped[int]
    reason: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    end_reason: Mapped[str | None]
    until_position: Mapped[int | None]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
