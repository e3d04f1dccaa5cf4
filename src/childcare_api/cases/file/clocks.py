"""The clocks of a case: which of them run, read off the file, and kept in agreement with it after every step.

Nothing starts or stops a clock by hand. So a step entered in error sets its clock running again from where it ran
before, and no order of steps can leave one behind.
"""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.assessing.models import CaseMeeting
from childcare_api.cases.file.models import CaseStatus, PlanStatus, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.rules import PlanEvents, plan_days_from
from childcare_api.cases.planning.models import CasePlanService
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of

INTERVENE, SUBMIT, DECIDE, REVIEW = "emergency.intervene", "plan.submit", "plan.decide", "plan.review"
CLOSE = "case.close"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One clock as the file says it should be: running from an instant, or ended by an event, or neither."""

    rule: str
    runs_from: datetime | None
    ended_at: datetime | None = None


async def keep(session: AsyncSession, file: CaseFile, *, origin_unit_id: int | None = None) -> None:
    """Start, finish or cancel the case's clocks until they agree with the file."""
    submit, review = await _submit(session, file), await _review(session, file)
    for wanted in (_intervene(file), submit, _decide(file), review, _close(file)):
        await _agree(session, file, wanted, origin_unit_id)


async def _agree(session: AsyncSession, file: CaseFile, wanted: Wanted, origin_unit_id: int | None) -> None:
    case = file.case
    running = await deadline_queries.find_open_task(session, wanted.rule, case.id)
    if wanted.runs_from is None:
        if running is not None and wanted.ended_at is not None:
            await deadlines.finish(session, wanted.rule, case.id, happened_at=wanted.ended_at)
        elif running is not None:
            await deadlines.cancel(session, wanted.rule, case.id, reason="no_longer_due")
        return
    if running is not None and running.starts_at == wanted.runs_from:
        return
    if running is not None:
        await deadlines.cancel(session, wanted.rule, case.id, reason="starts_anew")
    await deadlines.start(
        session,
        wanted.rule,
        subject_kind="case",
        subject_id=case.id,
        holder=holder_of(case),
        from_instant=wanted.runs_from,
        emergency=case.is_emergency,
        receipt_at=case.opened_at if wanted.rule == INTERVENE else None,
        origin_unit_id=origin_unit_id,
    )


def emergency_met_at(file: CaseFile) -> datetime | None:
    """Return when the child was first protected: by a measure in this file, or at the initial assessment."""
    measures = [step.happened_at for step in file.counting(StepKind.EMERGENCY_MEASURE)]
    if file.case.protected_at_intake_at is not None:
        measures.append(file.case.protected_at_intake_at)
    return min(measures, default=None)


def _is_open(file: CaseFile) -> bool:
    return file.standing.status not in (CaseStatus.CLOSED, CaseStatus.ENTERED_IN_ERROR, CaseStatus.TRANSFERRED)


def _intervene(file: CaseFile) -> Wanted:
    """At most 12 hours from the receipt of the information in an emergency (Điều 26.3, 31.2)."""
    met = emergency_met_at(file)
    due = file.case.is_emergency and met is None and _is_open(file)
    return Wanted(INTERVENE, file.case.received_at if due else None, met)


async def _submit(session: AsyncSession, file: CaseFile) -> Wanted:
    """5 working days for the plan to reach the leader (Điều 28.1)."""
    standing = file.standing
    submitted = [step.happened_at for step in file.counting(StepKind.PLAN_SUBMITTED)]
    waits = standing.status in (CaseStatus.OPENED, CaseStatus.ASSESSED, CaseStatus.PLANNING, CaseStatus.REPLANNING)
    if not waits:
        return Wanted(SUBMIT, None, max(submitted, default=None))
    meeting = None
    if standing.meeting_id is not None:
        meeting = await session.scalar(select(CaseMeeting.ended_at).where(CaseMeeting.id == standing.meeting_id))
    assessment, review = file.step(standing.assessment_id), file.step(standing.renewing_review_id)
    rule = await deadline_queries.get_clock(session, SUBMIT, clock.today())
    events = PlanEvents(
        received_at=file.case.received_at,
        assessed_at=None if assessment is None else assessment.happened_at,
        meeting_ended_at=meeting,
        renewing_reviewed_at=None if review is None else review.happened_at,
    )
    return Wanted(SUBMIT, plan_days_from(events, rule.start_event))


def _decide(file: CaseFile) -> Wanted:
    """2 working days for the leader to decide on what was submitted (Điều 28.4)."""
    waiting = [
        file.standing.submission_ids[plan]
        for plan, status in file.standing.plans.items()
        if status is PlanStatus.SUBMITTED and _is_open(file)
    ]
    if waiting:
        submission = file.step(waiting[-1])
        return Wanted(DECIDE, None if submission is None else submission.happened_at)
    decided = [
        step.happened_at for kind in (StepKind.PLAN_APPROVED, StepKind.PLAN_RETURNED) for step in file.counting(kind)
    ]
    return Wanted(DECIDE, None, max(decided, default=None))


async def _review(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want a review when the services are expected to have ended (Điều 30); the decree gives no number of days."""
    reviews = [step.happened_at for step in file.counting(StepKind.REVIEW)]
    if file.standing.status is not CaseStatus.IMPLEMENTING:
        return Wanted(REVIEW, None, max(reviews, default=None))
    ends = await session.scalars(
        select(CasePlanService.expected_end_on).where(
            CasePlanService.plan_id == file.standing.plan_id, CasePlanService.commune_id == file.case.commune_id
        )
    )
    last = max((day for day in ends if day is not None), default=None)
    return Wanted(REVIEW, None if last is None else datetime.combine(last, time(12), clock.VIET_NAM))


def _close(file: CaseFile) -> Wanted:
    """Want the leader's word once a review says that the case may end (Điều 30.1 b); the decree names no term."""
    review, closure = file.step(file.standing.review_id), file.step(file.standing.closure_id)
    if file.standing.status is CaseStatus.READY_TO_CLOSE and review is not None:
        return Wanted(CLOSE, review.happened_at)
    return Wanted(CLOSE, None, None if closure is None else closure.happened_at)
