"""The clocks of a case: which of them run, read off the file, and kept in agreement with it after every step.

Nothing starts or stops a clock by hand. So a step entered in error sets its clock running again from where it ran
before, and no order of steps can leave one behind.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.wanted import BEFORE_A_PLAN, Wanted, is_open, last, may_reopen
from childcare_api.cases.gathering.clocks import family_clocks
from childcare_api.cases.placing import clocks as placing_clocks
from childcare_api.cases.placing import finding
from childcare_api.cases.placing import queries as placing_queries
from childcare_api.cases.planning.clocks import plan_clocks
from childcare_api.cases.proceeding.clocks import proceeding_clocks
from childcare_api.cases.referring.clocks import declined
from childcare_api.cases.separating.guards import NO_BY_THE_COURT
from childcare_api.cases.separating.rules import days_in_all
from childcare_api.children.moving import queries as moves
from childcare_api.children.moving.actions import FOLLOW
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.deadlines.models import Task
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of

INTERVENE = "emergency.intervene"
ASSESS, MEET, CLOSE = "case.assess", "case.meet", "case.close"
SIXTEEN = "sixteen.assess"
SEPARATED, PLACE, COURT = "separation.end", "separation.place", "court.answer"
_DIED_HERE = text("SELECT case_child_died_here(:case_id, :now)")


async def keep(
    session: AsyncSession, file: CaseFile, *, origin_unit_id: int | None = None, acted_at: datetime | None = None
) -> None:
    """Start, finish or cancel the case's clocks until they agree with the file.

    What is wanted no more by an act stops when that happened (`acted_at`), whenever it was recorded.
    """
    # One journey for all of them: a step changes one or two, and asks about each.
    await session.flush()
    running = {task.rule_code: task for task in await deadline_queries.open_tasks_of(session, file.case.id)}
    in_care = any(step.kind == StepKind.PLACEMENT for step in file.steps)
    placing = await placing_queries.load(session, file) if in_care else None
    for wanted in (
        _intervene(file, running.get(INTERVENE)),
        *separation_clocks(file),
        _court(file, running.get(COURT)),
        finding.find_carer(file, placing, running.get(finding.FIND)),
        *await family_clocks(session, file),
        _assess(file),
        _meet(file),
        *await plan_clocks(session, file),
        _close(file),
        _sixteen(file),
        await declined(session, file),
        *await proceeding_clocks(session, file),
        await _follow(session, file),
    ):
        await _agree(session, file, wanted, running.get(wanted.rule), origin_unit_id, acted_at)
    if placing is not None:
        await placing_clocks.keep(session, placing, file.case.commune_id, holder_of(file.case), acted_at)
    if any(step.kind == StepKind.CHILD_DIED for step in file.steps):
        # A death, and that it was an error, reach who has the child in care elsewhere, or was asked anything for it.
        await session.execute(_DIED_HERE, {"case_id": file.case.id, "now": clock.now()})


async def _agree(  # noqa: PLR0917 - one call
    session: AsyncSession,
    file: CaseFile,
    wanted: Wanted,
    running: Task | None,
    origin_unit_id: int | None,
    acted_at: datetime | None,
) -> None:
    case = file.case
    if wanted.runs_from is None:
        if running is not None:
            await deadlines.stop(session, running, ended_at=wanted.ended_at, acted_at=acted_at)
        return
    if running is not None and running.starts_at == wanted.runs_from and wanted.length in (None, running.length):
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
        emergency=case.emergency,
        receipt_at=case.opened_at if wanted.rule == INTERVENE and wanted.runs_from == case.received_at else None,
        origin_unit_id=origin_unit_id,
        length=wanted.length,
    )


async def _follow(session: AsyncSession, file: CaseFile) -> Wanted:
    """While the child's record is offered to another commune: the case goes along, or the record is held back."""
    child_id, commune_id = file.standing.child_id, file.case.commune_id
    if child_id is None or commune_id is None or not is_open(file):
        return Wanted(FOLLOW, None)
    return Wanted(FOLLOW, await moves.offered_at(session, child_id, commune_id))


def emergencies(file: CaseFile) -> list[datetime]:
    """Return when the information was received that each emergency of this file rests on, the earliest first."""
    return sorted(step.informed_at for step in _reports(file) if step.informed_at is not None)


def protections(file: CaseFile) -> list[datetime]:
    """Return when the child was protected: by measures, separations, before the reports came here, or out of care."""
    kinds = (StepKind.EMERGENCY_MEASURE, StepKind.SEPARATION)
    measures = [step.happened_at for kind in kinds for step in file.counting(kind)]
    said = [step.protected_at for step in file.steps if step.protected_at is not None and file.counts(step)]
    return sorted([*measures, *said])


def answers(file: CaseFile) -> list[tuple[CaseStep, datetime | None]]:
    """Return the emergencies of this file, each with when the child was first protected since, or seen to be safe.

    A review judges a danger and protects from none: the law wants the intervention itself (Điều 31.2). Who died is in
    no danger.
    """
    if file.standing.child_died_id is not None:
        return []
    done = protections(file)
    return [
        (step, min((at for at in done if at >= step.informed_at), default=None))
        for step in _reports(file)
        if step.informed_at is not None
    ]


def in_danger(file: CaseFile) -> list[CaseStep]:
    """Return by which steps an emergency came in that nothing answered, and that so keeps the case from ending."""
    return [step for step, answered_at in answers(file) if answered_at is None]


def _reports(file: CaseFile) -> list[CaseStep]:
    """Return the steps by which information came into this file.

    Reports, what was added to them, and what a visit of a child in care found, or the decision that ended the care for
    it (Luật Trẻ em, Điều 69.2).
    """
    reports = (StepKind.OPENING, StepKind.REPORT_JOINED, StepKind.REPORT_UPDATED)
    in_care = (StepKind.PLACEMENT_VISIT, StepKind.PLACEMENT_ENDED)
    return [step for kind in (*reports, *in_care) for step in file.counting(kind)]


def _intervene(file: CaseFile, running: Task | None) -> Wanted:
    """At most 12 hours from the receipt of the information in an emergency (Điều 26.3, 31.2), for each of them.

    What ran for information that was an error was not met by what protected the child before it. A child is visited in
    care also when its case is closed: then the hours run as well, and the leader opens the case again.
    """
    done = protections(file)
    unmet = [received for received in emergencies(file) if not any(at >= received for at in done)]
    if unmet:
        return Wanted(INTERVENE, unmet[0] if is_open(file) or may_reopen(file.standing) else None)
    since = [at for at in done if running is None or at >= running.starts_at]
    return Wanted(INTERVENE, None, max(since, default=None))


def separation_clocks(file: CaseFile) -> tuple[Wanted, Wanted]:
    """Return the end of a separation, and the placement in alternative care that it asks for at once (Điều 32.3, 32.4).

    The placement is done by any placement recorded since, and wanted again from when such care ended; where the child
    returned without one it is wanted no more, and was not done. The end is met by a return, by a placement that takes
    over, or by asking the court (TT 14/2020, Điều 14.3), unless the court refused or ended its order, or the request
    was withdrawn.
    """
    standing = file.standing
    separation = file.step(standing.separation_id)
    if separation is None or not is_open(file):
        return _separation_over(file)
    refused = {step.about_id for kind in NO_BY_THE_COURT for step in file.counting(kind)}
    # A decision that ended the court's order has the reason for its note; an order has none.
    refused |= {step.about_id for step in file.counting(StepKind.COURT_GRANTED) if step.note is not None}

    def since(kind: StepKind) -> datetime | None:
        steps = [step for step in file.counting(kind) if step.id not in refused]
        return max((one.happened_at for one in steps if one.happened_at >= separation.happened_at), default=None)

    placed, asked = since(StepKind.PLACEMENT), since(StepKind.COURT_REQUEST)
    left = _left_since(file, separation)
    days = days_in_all(separation.happened_at, standing.separation_ends_at or separation.happened_at)
    return (
        Wanted(SEPARATED, separation.happened_at if asked is None else None, asked, days),
        Wanted(PLACE, (separation.informed_at or separation.happened_at) if placed is None else left, placed),
    )


def _left_since(file: CaseFile, separation: CaseStep) -> datetime | None:
    """Return when the last care ended that a separated child was given into, where it is in none of it any more."""
    given = [step for step in file.counting(StepKind.PLACEMENT) if step.happened_at >= separation.happened_at]
    gone_on = {step.about_id for step in given}
    ended = {step.about_id: step.happened_at for step in file.counting(StepKind.PLACEMENT_ENDED)}
    last = [step for step in given if step.id not in gone_on]
    return max((ended[step.id] for step in last), default=None) if all(step.id in ended for step in last) else None


def _separation_over(file: CaseFile) -> tuple[Wanted, Wanted]:
    """Return what met the clocks of the latest separation; one that was an error was met by nothing before it."""
    latest = max((step for step in file.steps if step.kind == StepKind.SEPARATION), key=_position, default=None)
    if latest is None or not file.counts(latest):
        return Wanted(SEPARATED, None), Wanted(PLACE, None)
    placed = file.counting(StepKind.PLACEMENT)
    ends = (*file.counting(StepKind.SEPARATION_CANCELLED), *placed)
    ended = max((step.happened_at for step in ends if latest.id in step.stands_on), default=None)
    # What was decided once it was over is no care of it, and one may have been given after another had ended.
    then = [step.happened_at for step in placed if step.happened_at >= latest.happened_at]
    given = max((at for at in then if ended is None or at <= ended), default=None)
    return Wanted(SEPARATED, None, ended), Wanted(PLACE, None, given)


def _position(step: CaseStep) -> int:
    return step.position


def _court(file: CaseFile, running: Task | None) -> Wanted:
    """Want the court asked for its answer (LQ, Điều 52.3): in a separation before its end, else after days of ours.

    What runs for one request is done by the answer to that one, whatever was answered before.
    """
    answers = [step for kind in (StepKind.COURT_GRANTED, *NO_BY_THE_COURT) for step in file.counting(kind)]
    answered = {step.about_id for step in answers}
    waiting = [step.happened_at for step in file.counting(StepKind.COURT_REQUEST) if step.id not in answered]
    if not waiting or not is_open(file):
        asked = {
            step.id
            for step in file.counting(StepKind.COURT_REQUEST)
            if running is not None and step.happened_at == running.starts_at
        }
        latest = max((step for step in answers if step.about_id in asked), key=_position, default=None)
        # Nobody answers what was withdrawn: the task is wanted no more, and was not done.
        if latest is None or latest.kind == StepKind.COURT_WITHDRAWN:
            return Wanted(COURT, None)
        return Wanted(COURT, None, latest.happened_at)
    until = file.standing.separation_ends_at
    return Wanted(COURT, min(waiting), length=None if until is None else max(1, days_in_all(min(waiting), until)))


def _assess(file: CaseFile) -> Wanted:
    """Want the detailed assessment once the case is open (Điều 27.1); the decree names no term."""
    waits = file.standing.status in BEFORE_A_PLAN and file.standing.assessment_id is None
    return Wanted(ASSESS, file.case.opened_at if waits else None, last(file, StepKind.ASSESSMENT))


def _meet(file: CaseFile) -> Wanted:
    """Want the meeting that settles the measures after the assessment (Điều 27.2), without a term in the decree."""
    assessment = file.step(file.standing.assessment_id)
    waits = file.standing.status in BEFORE_A_PLAN and file.standing.meeting_id is None
    starts = assessment.happened_at if waits and assessment is not None else None
    return Wanted(MEET, starts, last(file, StepKind.MEETING))


def _close(file: CaseFile) -> Wanted:
    """Want the leader's word once the case may end (Điều 30.1 b), also where the child died; no term is named.

    An emergency is answered first, and the leader's days run from there.
    """
    basis, closure = file.step(file.standing.closing_step_id), file.step(file.standing.closure_id)
    if file.standing.status is CaseStatus.READY_TO_CLOSE and basis is not None:
        answered = [at for _, at in answers(file)]
        if None in answered:
            return Wanted(CLOSE, None)
        return Wanted(CLOSE, max([basis.happened_at, *(at for at in answered if at is not None)]))
    return Wanted(CLOSE, None, None if closure is None else closure.happened_at)


def _sixteen(file: CaseFile) -> Wanted:
    """Want the situation of a child who turned 16 assessed and handed over; a review or the closure does it."""
    turned = file.step(file.standing.turned_sixteen_id)
    if turned is None:
        return Wanted(SIXTEEN, None)
    reviews = [step.happened_at for step in file.counting(StepKind.REVIEW) if step.happened_at >= turned.happened_at]
    closure = file.step(file.standing.closure_id)
    done = min(reviews, default=None if closure is None else closure.happened_at)
    return Wanted(SIXTEEN, turned.happened_at if done is None and is_open(file) else None, done)
