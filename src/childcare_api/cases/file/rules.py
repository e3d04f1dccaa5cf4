"""The procedure of NĐ 56/2017 as pure rules: which steps there are, which of them count, and what state they add up to.

The state of a case is never set: it is read off the steps that count. A step marked entered in error stops counting,
and so does everything that stood on it, so that the state falls back to where the procedure has to be taken up again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from childcare_api.access.permissions import Permission
from childcare_api.cases.file.commands import Guard
from childcare_api.cases.file.guards import GUARDS, ON_REPORTS, allowed_in, permissions_of
from childcare_api.cases.file.models import CaseStatus, PlanStatus, ReviewOutcome, StepKind
from childcare_api.cases.file.schemas import CloseReason

ALLOWED_IN: dict[StepKind, frozenset[CaseStatus]] = allowed_in((*ON_REPORTS, *GUARDS))
"""In which states of the case each step may be recorded. A kind that is not built is not here."""

GUARD_OF: dict[str, Guard] = {guard.operation: guard for guard in GUARDS}
"""The guard of each command, by its operation."""

_PERMISSIONS: dict[StepKind, Permission] = permissions_of((*ON_REPORTS, *GUARDS))

LEFT_FOR_THE_END = 100
"""How many of the steps that a case holds are left for those below."""

TAKEN_TO_THE_LAST = frozenset(
    {
        *(
            StepKind.REPORT_UPDATED,
            StepKind.EMERGENCY_MEASURE,
            StepKind.HANDOVER,
            StepKind.SEPARATION,
            StepKind.SEPARATION_EXTENDED,
        ),
        *(StepKind.SEPARATION_CANCELLED, StepKind.PLACEMENT, StepKind.PLACEMENT_HANDOVER, StepKind.PLACEMENT_VISIT),
        *(StepKind.COURT_GRANTED, StepKind.COURT_REFUSED, StepKind.COURT_WITHDRAWN),
        *(StepKind.PROCEEDING_ANSWERED, StepKind.RELEASE_NOTICE, StepKind.RELEASE_PREPARED),
        *(StepKind.PLACEMENT_DECLINED, StepKind.PLACEMENT_WITHDRAWN),
        *(StepKind.PLACEMENT_ENDED, StepKind.REFERRAL_ANSWERED, StepKind.REFERRAL_WITHDRAWN, StepKind.REVIEW),
        *(StepKind.TRANSFER_OFFERED, StepKind.TRANSFER_ACCEPTED, StepKind.TRANSFER_DECLINED),
        *(StepKind.TRANSFER_WITHDRAWN, StepKind.GRANT_REVOKED, StepKind.CHILD_DIED, StepKind.TURNED_SIXTEEN),
        StepKind.CLOSURE,
    }
)
"""What protects the child at once, answers or ends: recorded as long as the case holds any step more."""

NEVER_IN_ERROR = frozenset(
    {
        *(
            StepKind.REPORT_UPDATED,
            StepKind.GRANT,
            StepKind.GRANT_REVOKED,
            StepKind.PLAN_DRAFTED,
            StepKind.PLACEMENT_REQUESTED,
            StepKind.PLACEMENT_DECLINED,
            StepKind.PLACEMENT_WITHDRAWN,
        ),
        *(StepKind.REFERRAL, StepKind.REFERRAL_ANSWERED, StepKind.REFERRAL_WITHDRAWN),
        *(StepKind.TRANSFER_OFFERED, StepKind.TRANSFER_ACCEPTED, StepKind.TRANSFER_DECLINED),
        StepKind.TRANSFER_WITHDRAWN,
    }
)
"""What is taken back in its own way: an addition is marked in its report, a grant is revoked, a draft changed or left,
what was sent is withdrawn.
"""


def permission_for(kind: StepKind) -> Permission:
    """Return what it takes to record a step of this kind, and so to mark it entered in error."""
    return _PERMISSIONS[kind]


@dataclass(frozen=True, slots=True)
class StepFact:
    """What the rules need to know of one step. `about_id` is the plan or the child record that it is about."""

    id: UUID
    kind: StepKind
    position: int
    in_error: bool = False
    stands_on: tuple[UUID, ...] = ()
    about_id: UUID | None = None
    outcome: ReviewOutcome | None = None
    ends_at: datetime | None = None


@dataclass(slots=True)
class Standing:
    """What the steps of a case add up to."""

    status: CaseStatus = CaseStatus.OPENED
    cycle: int = 1
    counting: set[UUID] = field(default_factory=set)
    plans: dict[UUID, PlanStatus] = field(default_factory=dict)
    plan_cycles: dict[UUID, int] = field(default_factory=dict)
    child_id: UUID | None = None
    assessment_id: UUID | None = None
    meeting_id: UUID | None = None
    submission_ids: dict[UUID, UUID] = field(default_factory=dict)
    plan_id: UUID | None = None
    decision_id: UUID | None = None
    review_id: UUID | None = None
    review_outcome: ReviewOutcome | None = None
    renewed_by_id: UUID | None = None
    closure_id: UUID | None = None
    close_reason: CloseReason | None = None
    separation_id: UUID | None = None
    separation_ends_at: datetime | None = None
    child_died_id: UUID | None = None
    turned_sixteen_id: UUID | None = None

    @property
    def open_plan_id(self) -> UUID | None:
        """The version that is being drafted or waits for a decision; there is at most one in a cycle."""
        waiting = (PlanStatus.DRAFT, PlanStatus.SUBMITTED, PlanStatus.RETURNED)
        return next((plan for plan, status in reversed(self.plans.items()) if status in waiting), None)

    @property
    def plan_in_force(self) -> bool:
        """Whether a plan of this cycle was approved."""
        return self.plan_id is not None and self.plan_cycles.get(self.plan_id) == self.cycle

    @property
    def closing_step_id(self) -> UUID | None:
        """The step that a closure would stand on: the death of the child, a review, or the sixteenth birthday."""
        if self.child_died_id is not None:
            return self.child_died_id
        return self.review_id if self.review_outcome is ReviewOutcome.END else self.turned_sixteen_id

    def leave_open(self, left: PlanStatus) -> None:
        """Leave behind what is being drafted or waits for a decision: it has no plan left to adjust or to become."""
        for plan, status in self.plans.items():
            if status in (PlanStatus.DRAFT, PlanStatus.SUBMITTED, PlanStatus.RETURNED):
                self.plans[plan] = left


def standing_of(steps: Iterable[StepFact]) -> Standing:
    """Return what a case's steps add up to.

    A step counts unless it, or anything it stands on, was entered in error.
    """
    result = Standing()
    ordered = sorted(steps, key=lambda step: step.position)
    for step in ordered:
        if not step.in_error and all(base in result.counting for base in step.stands_on):
            result.counting.add(step.id)
            _take(result, step)
        elif step.kind is StepKind.PLAN_DRAFTED and step.about_id is not None:
            result.plans[step.about_id] = PlanStatus.VOID
    opened = any(step.kind is StepKind.OPENING and step.id in result.counting for step in ordered)
    result.status = _status(result) if opened else CaseStatus.ENTERED_IN_ERROR
    return result


def _take(result: Standing, step: StepFact) -> None:
    match step.kind:
        case StepKind.CHILD_LINKED:
            result.child_id = step.about_id
        case StepKind.ASSESSMENT:
            result.assessment_id = step.id
        case StepKind.MEETING:
            result.meeting_id = step.id
        case StepKind.PLAN_DRAFTED | StepKind.PLAN_SUBMITTED | StepKind.PLAN_RETURNED | StepKind.PLAN_APPROVED:
            _take_plan(result, step)
        case StepKind.SEPARATION | StepKind.SEPARATION_EXTENDED | StepKind.SEPARATION_CANCELLED | StepKind.PLACEMENT:
            _take_separation(result, step)
        case _:
            _take_end(result, step)


def _take_separation(result: Standing, step: StepFact) -> None:
    """Take what concerns a separation. A placement that stands on it takes over from it (TT 14/2020, Điều 14.3)."""
    match step.kind:
        case StepKind.SEPARATION:
            result.separation_id, result.separation_ends_at = step.id, step.ends_at
        case StepKind.SEPARATION_EXTENDED if result.separation_id in step.stands_on:
            result.separation_ends_at = step.ends_at
        case StepKind.SEPARATION_CANCELLED | StepKind.PLACEMENT if result.separation_id in step.stands_on:
            result.separation_id, result.separation_ends_at = None, None
        case _:
            pass


def _take_end(result: Standing, step: StepFact) -> None:
    """Take what ends a cycle or the case, or begins a new one."""
    match step.kind:
        case StepKind.REVIEW:
            result.review_id, result.review_outcome = step.id, step.outcome
            if step.outcome is ReviewOutcome.CONTINUE:
                _renew(result, step)
            else:
                # The plan has come to its end (Điều 30.1 b): nothing of it is left to adjust.
                result.leave_open(PlanStatus.LAPSED)
        case StepKind.CLOSURE:
            result.closure_id, result.close_reason = step.id, _reason_to_close(result)
        case StepKind.REOPENING:
            result.closure_id, result.close_reason, result.review_outcome = None, None, None
            _renew(result, step)
        case StepKind.CHILD_DIED:
            result.child_died_id = step.id
            result.leave_open(PlanStatus.LAPSED)
        case StepKind.TURNED_SIXTEEN:
            result.turned_sixteen_id = step.id
            if not result.plan_in_force:
                result.leave_open(PlanStatus.LAPSED)
        case _:
            pass


def _renew(result: Standing, step: StepFact) -> None:
    """Run the building and approval of a plan again (Điều 30.1 c)."""
    result.cycle += 1
    result.renewed_by_id = step.id
    result.leave_open(PlanStatus.LAPSED)


def _reason_to_close(result: Standing) -> CloseReason:
    if result.child_died_id is not None:
        return "child_died"
    return "no_remaining_risk" if result.review_outcome is ReviewOutcome.END else "turned_16"


def _take_plan(result: Standing, step: StepFact) -> None:
    plan = step.about_id
    if plan is None:
        return
    match step.kind:
        case StepKind.PLAN_DRAFTED:
            # What came back keeps its words, and the next version its place.
            result.leave_open(PlanStatus.SUPERSEDED)
            result.plans[plan] = PlanStatus.DRAFT
            result.plan_cycles[plan] = result.cycle
        case StepKind.PLAN_SUBMITTED:
            result.plans[plan] = PlanStatus.SUBMITTED
            result.submission_ids[plan] = step.id
        case StepKind.PLAN_RETURNED:
            result.plans[plan] = PlanStatus.RETURNED
        case _:
            if result.plan_id is not None:
                result.plans[result.plan_id] = PlanStatus.SUPERSEDED
            result.plans[plan] = PlanStatus.APPROVED
            result.plan_id, result.decision_id = plan, step.id


def _status(result: Standing) -> CaseStatus:
    if result.closure_id is not None:
        return CaseStatus.CLOSED
    if result.child_died_id is not None or result.review_outcome is ReviewOutcome.END:
        return CaseStatus.READY_TO_CLOSE
    if result.plan_in_force:
        return CaseStatus.IMPLEMENTING
    # What was decided for a child is carried out to its review; for one of 16 nothing new is planned (LQ Điều 1).
    return _status_without_plan(result) if result.turned_sixteen_id is None else CaseStatus.READY_TO_CLOSE


def _status_without_plan(result: Standing) -> CaseStatus:
    waiting = result.open_plan_id
    if waiting is not None:
        submitted = result.plans[waiting] is PlanStatus.SUBMITTED
        return CaseStatus.AWAITING_DECISION if submitted else CaseStatus.PLANNING
    if result.cycle > 1:
        return CaseStatus.REPLANNING
    return CaseStatus.OPENED if result.assessment_id is None else CaseStatus.ASSESSED


def review_outcome(*, risk_remains: bool, child_is_stable: bool) -> ReviewOutcome:
    """Return what follows from a review: the plan ends only without risk and with a stable child (Điều 30.1 b, c)."""
    return ReviewOutcome.END if child_is_stable and not risk_remains else ReviewOutcome.CONTINUE


@dataclass(frozen=True, slots=True)
class PlanEvents:
    """The events that may start the working days for a plan, as far as they have happened."""

    received_at: datetime
    assessed_at: datetime | None
    meeting_ended_at: datetime | None
    renewed_at: datetime | None


def plan_days_from(events: PlanEvents, start_event: str) -> datetime | None:
    """Return from when the 5 working days for the plan run, or None while they do not.

    Điều 28.1 does not say, so the clock's `start_event` is a setting: the end of the meeting and until then the
    assessment (our reading), the assessment alone, or the receipt. A cycle that a review or a reopening began again
    runs from there (Điều 30.1 c), or from a meeting held since.
    """
    renewed, meeting = events.renewed_at, events.meeting_ended_at
    if renewed is not None:
        return meeting if meeting is not None and meeting > renewed else renewed
    if start_event == "received":
        return events.received_at
    if start_event == "assessment":
        return events.assessed_at
    return meeting or events.assessed_at
