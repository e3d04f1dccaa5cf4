"""Carrying a plan out, reviewing it, and ending it (NĐ 56/2017, Điều 29, 30)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import record_step
from childcare_api.cases.file.models import CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.rules import review_outcome
from childcare_api.cases.following.closing import hindrances
from childcare_api.cases.following.errors import CaseAlreadyClosed, NoPlanInForce, RiskRemains
from childcare_api.cases.following.models import CaseReview, CaseService
from childcare_api.cases.following.schemas import AddNote, CloseCase, RecordReview, RecordService
from childcare_api.cases.planning.queries import get_decided_service
from childcare_api.shared import clock
from childcare_api.shared.refusals import too_early


async def record_service(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordService
) -> tuple[CaseStep, CaseService]:
    """Record a service carried out. It is a fact, and so stands even where the plan has to be decided on again."""
    if file.standing.plan_id is None:
        raise NoPlanInForce
    planned = await get_decided_service(session, file, command.plan_service_id)
    received_on = clock.day_of(file.case.received_at)
    if command.ended_on is not None and command.ended_on < received_on:
        raise too_early("/ended_on", received_on)
    service = CaseService(
        plan_service_id=planned.id,
        progress=command.progress,
        provided_by=command.provided_by,
        result=command.result,
        ended_on=command.ended_on,
        cost_vnd=command.cost_vnd,
    )
    step = await record_step(
        session, actor, file, kind=StepKind.SERVICE, command=command, detail=service, about_id=planned.plan_id
    )
    return step, service


async def add_note(session: AsyncSession, actor: Actor, file: CaseFile, command: AddNote) -> CaseStep:
    """Note how things are going (Điều 29.1 a)."""
    return await record_step(session, actor, file, kind=StepKind.PROGRESS_NOTE, command=command, note=command.note)


async def record_review(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordReview
) -> tuple[CaseStep, CaseReview]:
    """Record a review of the plan in force; what follows from it is the law's (Điều 30.1 b, c), not a choice."""
    plan_id = file.standing.plan_id
    if plan_id is None:
        raise NoPlanInForce
    stable = command.stable.model_dump()
    outcome = review_outcome(risk_remains=command.risk_remains, child_is_stable=all(stable.values()))
    review = CaseReview(
        **command.model_dump(exclude={"id", "happened_at", "stable", "participants"}),
        plan_id=plan_id,
        stable=stable,
        participants=[one.model_dump() for one in command.participants],
    )
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.REVIEW,
        command=command,
        detail=review,
        stands_on=[file.standing.decision_id],
        about_id=plan_id,
        outcome=outcome,
    )
    return step, review


async def close_case(session: AsyncSession, actor: Actor, file: CaseFile, command: CloseCase) -> CaseStep:
    """End the case on a review without risk and with a stable child (Điều 30.1 b), or on what happened to the child."""
    standing = file.standing
    if standing.status is CaseStatus.CLOSED:
        raise CaseAlreadyClosed
    if standing.status is not CaseStatus.READY_TO_CLOSE:
        raise RiskRemains
    if found := await hindrances(session, file):
        raise found[0]
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.CLOSURE,
        command=command,
        stands_on=[standing.closing_step_id],
        note=command.note,
    )
