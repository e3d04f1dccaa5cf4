"""The clocks of a plan: from the meeting to its review, and what follows when it is refused."""

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.assessing.queries import meeting_ended_at
from childcare_api.cases.file.models import CaseStatus, CaseStep, PlanStatus, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.rules import PlanEvents, plan_days_from
from childcare_api.cases.file.wanted import BEFORE_A_PLAN, Wanted, is_open
from childcare_api.cases.planning.queries import expected_ends
from childcare_api.cases.refusing.models import CasePlanRefusal
from childcare_api.cases.sending.queries import all_told_at
from childcare_api.cases.sending.rules import PLAN_IS_SENT
from childcare_api.cases.separating.guards import NO_BY_THE_COURT
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.deadlines.limits import limit
from childcare_api.shared import clock

SUBMIT, DECIDE, REVIEW, SEND = "plan.submit", "plan.decide", "plan.review", "decision.send"
ADJUST, REFUSED = "plan.adjust", "plan.refused"

_ANSWERS_A_REFUSAL = (
    *(StepKind.SEPARATION, StepKind.COURT_REQUEST),
    *(StepKind.PLAN_SUBMITTED, StepKind.PLAN_APPROVED, StepKind.REVIEW),
)
"""What a leader or officer may do where a plan is refused (Điều 29.1 a, 30.1, 32.1; Luật Trẻ em, Điều 52.3).

A draft is no answer, for nobody but its writer knows of it, nor is a version that the leader returned.
"""


async def plan_clocks(session: AsyncSession, file: CaseFile) -> tuple[Wanted, ...]:
    """Return the clocks of the plan as the file says they should be."""
    return (
        await _submit(session, file),
        _adjust(file),
        _decide(file),
        await _send(session, file),
        await _refused(session, file),
        await _review(session, file),
    )


async def _submit(session: AsyncSession, file: CaseFile) -> Wanted:
    """5 working days for the plan to reach the leader (Điều 28.1)."""
    standing = file.standing
    if standing.status not in BEFORE_A_PLAN:
        returned = {base for step in file.counting(StepKind.PLAN_RETURNED) for base in step.stands_on}
        submitted = [one.happened_at for one in file.counting(StepKind.PLAN_SUBMITTED) if one.id not in returned]
        return Wanted(SUBMIT, None, max(submitted, default=None))
    assessment, renewed = file.step(standing.assessment_id), file.step(standing.renewed_by_id)
    rule = await deadline_queries.get_clock(session, SUBMIT, clock.today())
    events = PlanEvents(
        received_at=file.case.received_at,
        assessed_at=None if assessment is None else assessment.happened_at,
        meeting_ended_at=await meeting_ended_at(session, file),
        renewed_at=None if renewed is None else renewed.happened_at,
    )
    return Wanted(SUBMIT, plan_days_from(events, rule.start_event))


def _decide(file: CaseFile) -> Wanted:
    """2 working days for the leader to decide on what was submitted (Điều 28.4); what lapsed was not decided on."""
    waiting = [
        file.standing.submission_ids[plan]
        for plan, status in file.standing.plans.items()
        if status is PlanStatus.SUBMITTED and is_open(file)
    ]
    if waiting:
        submission = file.step(waiting[-1])
        return Wanted(DECIDE, None if submission is None else submission.happened_at)
    submitted = max((step.position for step in file.steps if step.kind == StepKind.PLAN_SUBMITTED), default=0)
    decided = [
        step.happened_at
        for kind in (StepKind.PLAN_APPROVED, StepKind.PLAN_RETURNED)
        for step in file.counting(kind)
        if step.position > submitted
    ]
    return Wanted(DECIDE, None, max(decided, default=None))


async def _send(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want everybody told whom the decision names, and a parent or carer (Điều 28.5); a review does not spare it."""
    decision = file.step(file.standing.decision_id)
    if decision is None or file.standing.status not in PLAN_IS_SENT or not is_open(file):
        return Wanted(SEND, None)
    told_at = await all_told_at(session, file)
    waits = told_at is None and file.standing.plan_in_force
    return Wanted(SEND, decision.happened_at if waits else None, told_at)


async def _review(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want a review when the services are expected to have ended (Điều 30); the decree gives no number of days."""
    reviews = [step.happened_at for step in file.counting(StepKind.REVIEW)]
    if file.standing.status is not CaseStatus.IMPLEMENTING:
        return Wanted(REVIEW, None, max(reviews, default=None))
    last = max(await expected_ends(session, file), default=None)
    return Wanted(REVIEW, None if last is None else datetime.combine(last, time(12), clock.VIET_NAM))


def _adjust(file: CaseFile) -> Wanted:
    """Want a version that adjusts the plan in force brought before the leader (Điều 29.1 a), also when it came back.

    Drafting the next version of one that came back moves nothing: it runs from there. Before there is a plan, the 5
    working days of Điều 28.1 run on, whatever the leader returned.
    """
    standing, version = file.standing, file.standing.open_plan_id
    newest = max((step.position for step in file.steps if step.kind == StepKind.PLAN_DRAFTED), default=0)
    since = [step.happened_at for step in file.counting(StepKind.PLAN_SUBMITTED) if step.position > newest]
    submitted = max(since, default=None)
    if version is None or standing.status is not CaseStatus.IMPLEMENTING:
        return Wanted(ADJUST, None, submitted)
    if standing.plans[version] is PlanStatus.SUBMITTED:
        return Wanted(ADJUST, None, submitted)
    chain = {version}
    while version is not None and (version := file.plans[version].revises_id) is not None:
        chain.add(version)
    returned = [step.happened_at for step in file.counting(StepKind.PLAN_RETURNED) if step.about_id in chain]
    drafted = [step.happened_at for step in file.counting(StepKind.PLAN_DRAFTED) if step.about_id in chain]
    return Wanted(ADJUST, max(returned, default=min(drafted, default=None)), submitted)


async def _refused(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want the leader to say what follows a refusal of the plan in force, within the 12 hours of Điều 32.2.

    Those are the hours to separate a child whose parents or carers refuse it; where the child alone does, nothing in
    the decree is in such a hurry, and the house gives days (`plan.refused_by_child`). A separation, a request to the
    court that was not refused or withdrawn, an adjusted plan that lies with the leader or was approved, or a review
    answers it, and so does that who refused carries it out after all. What the court refuses, or the leader returns or
    withdraws, was no answer: the hours run from the refusal again.
    """
    waiting, answered = [], []
    for refusal in file.counting(StepKind.PLAN_REFUSED):
        answer = _answer_to(file, refusal)
        if answer is not None:
            answered.append(answer.happened_at)
        elif refusal.about_id == file.standing.plan_id and file.standing.status is CaseStatus.IMPLEMENTING:
            waiting.append(refusal)
    if not waiting:
        return Wanted(REFUSED, None, max(answered, default=None))
    by = {
        row.id: set(row.refused_by)
        for row in await session.scalars(
            select(CasePlanRefusal).where(
                CasePlanRefusal.id.in_([one.id for one in waiting]), CasePlanRefusal.commune_id == file.case.commune_id
            )
        )
    }
    by_child = [one for one in waiting if by[one.id] == {"child"}]
    if len(by_child) == len(waiting):
        since = min(one.happened_at for one in waiting)
        return Wanted(REFUSED, since, length=24 * limit("plan.refused_by_child", clock.day_of(since)))
    return Wanted(REFUSED, min(one.happened_at for one in waiting if one not in by_child))


def _answer_to(file: CaseFile, refusal: CaseStep) -> CaseStep | None:
    taken_back = {step.about_id for kind in NO_BY_THE_COURT for step in file.counting(kind)}
    taken_back |= {base for step in file.counting(StepKind.PLAN_RETURNED) for base in step.stands_on}
    later = [one for kind in _ANSWERS_A_REFUSAL for one in file.counting(kind) if one.position > refusal.position]
    ended = [one for one in file.counting(StepKind.PLAN_REFUSAL_ENDED) if one.about_id == refusal.id]
    answers = [one for one in (*later, *ended) if one.id not in taken_back]
    return min(answers, key=lambda one: one.position, default=None)
