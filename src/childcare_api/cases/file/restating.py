"""Writing into the case what its steps add up to, so that lists need not read them."""

from datetime import datetime
from uuid import UUID

from childcare_api.cases.file import rules
from childcare_api.cases.file.clocks import emergencies, protections
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import CaseFile, fact_of


def restate(file: CaseFile) -> None:
    """Write into the case and its plan versions what the steps that count add up to."""
    standing = rules.standing_of(map(fact_of, file.steps))
    file.standing = standing
    case = file.case
    case.status, case.cycle, case.child_id = standing.status.value, standing.cycle, standing.child_id
    case.assessment_id, case.meeting_id, case.plan_id = standing.assessment_id, standing.meeting_id, standing.plan_id
    case.review_id, case.review_outcome = standing.review_id, standing.review_outcome
    case.separation_id, case.separation_ends_at = standing.separation_id, standing.separation_ends_at
    case.emergency = bool(emergencies(file))
    case.emergency_measure_at = min(protections(file), default=None)
    case.plan_approved_at = _time_of(file, standing.decision_id)
    approvals = [step.happened_at for step in file.counting(StepKind.PLAN_APPROVED)]
    case.first_plan_approved_at = min(approvals, default=None)
    case.service_begun_at = min((step.happened_at for step in file.counting(StepKind.SERVICE)), default=None)
    closure = file.step(standing.closure_id)
    case.closed_at = None if closure is None else closure.happened_at
    case.closed_by = None if closure is None else closure.recorded_by
    case.close_reason = standing.close_reason
    for plan in file.plans.values():
        plan.status = standing.plans[plan.id].value


def _time_of(file: CaseFile, step_id: UUID | None) -> datetime | None:
    step = file.step(step_id)
    return None if step is None else step.happened_at
