"""Recording what authorities ask for a child in proceedings, and preparing its return (LQ Điều 72, 73)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import guard_state, record_step, when
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.following.errors import NoPlanInForce
from childcare_api.cases.proceeding.errors import ProceedingAnswered
from childcare_api.cases.proceeding.models import CaseProceeding, CaseReleaseNotice
from childcare_api.cases.proceeding.schemas import (
    AnswerProceeding,
    RecordProceeding,
    RecordReleaseNotice,
    RecordReleasePrepared,
)
from childcare_api.cases.proceeding.waiting import done_for, release_ahead
from childcare_api.shared import clock
from childcare_api.shared.corrections import AlreadyEnteredInError
from childcare_api.shared.refusals import too_early


async def record_proceeding(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordProceeding
) -> tuple[CaseStep, CaseProceeding]:
    """Record one thing asked (Điều 72.2 to 72.4); the task stands until the day that the authority named."""
    guard_state(file, StepKind.PROCEEDING)
    asked_on = clock.day_of(when(file, command.happened_at))
    if command.due_on is not None and command.due_on < asked_on:
        raise too_early("/due_on", asked_on)
    proceeding = CaseProceeding(**command.model_dump(exclude={"id", "happened_at"}))
    step = await record_step(session, actor, file, kind=StepKind.PROCEEDING, command=command, detail=proceeding)
    return step, proceeding


async def answer_proceeding(
    session: AsyncSession, actor: Actor, file: CaseFile, asked: CaseStep, command: AnswerProceeding
) -> CaseStep:
    """Record what was done, or why nothing was; once."""
    guard_state(file, StepKind.PROCEEDING_ANSWERED)
    _guard_waits(file, asked)
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.PROCEEDING_ANSWERED,
        command=command,
        stands_on=[asked.id],
        about_id=asked.id,
        note=command.result,
    )


async def record_release_notice(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordReleaseNotice
) -> tuple[CaseStep, CaseReleaseNotice]:
    """Record a notice (Điều 73.2). One that came too late is a notice all the same: the child comes on that day."""
    notice = CaseReleaseNotice(**command.model_dump(exclude={"id", "happened_at"}))
    step = await record_step(session, actor, file, kind=StepKind.RELEASE_NOTICE, command=command, detail=notice)
    return step, notice


async def record_release_prepared(
    session: AsyncSession, actor: Actor, file: CaseFile, notice: CaseStep, command: RecordReleasePrepared
) -> CaseStep:
    """Record that the reception is prepared. It stands on the plan that the chair has made for it (Điều 73.3)."""
    guard_state(file, StepKind.RELEASE_PREPARED)
    _guard_waits(file, notice)
    if notice is not release_ahead(file):
        raise ProceedingAnswered
    if not file.standing.plan_in_force:
        raise NoPlanInForce
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.RELEASE_PREPARED,
        command=command,
        stands_on=[notice.id, file.standing.decision_id],
        about_id=notice.id,
        note=command.how,
    )


def _guard_waits(file: CaseFile, step: CaseStep) -> None:
    if not file.counts(step):
        raise AlreadyEnteredInError
    if done_for(file, step) is not None:
        raise ProceedingAnswered
