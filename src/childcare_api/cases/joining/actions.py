"""Joining a report to a case: the report's clocks end, and an emergency of its own gives 12 hours again (Điều 26.3)."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import guard_state, record_step
from childcare_api.cases.file.models import Case, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.schemas import Happened
from childcare_api.cases.joining.errors import ReportJoined
from childcare_api.cases.joining.schemas import JoinCase
from childcare_api.cases.opening.actions import report_of, times_of
from childcare_api.cases.opening.errors import ChildHasCase
from childcare_api.cases.opening.queries import Reported
from childcare_api.intake.actions import mark_case_opened
from childcare_api.shared import clock
from childcare_api.shared.refusals import no_such_record


async def join_case(
    session: AsyncSession, actor: Actor, file: CaseFile, reported: Reported, command: JoinCase
) -> CaseStep:
    """Put a report into the file of the same child, and end the clocks that ran for it."""
    guard_state(file, StepKind.REPORT_JOINED)
    child = reported.child(command.intake_child_id)
    if child is None:
        raise no_such_record("/intake_child_id")
    joined = {step.about_id for step in file.counting(StepKind.REPORT_JOINED)} | {file.case.intake_child_id}
    if child.id in joined:
        raise ReportJoined
    other = select(Case.id).where(Case.intake_child_id == child.id, Case.status != "entered_in_error")
    if await session.scalar(other) is not None:
        raise ChildHasCase
    happened_at = command.happened_at or clock.now()
    await mark_case_opened(session, actor, reported.intake, happened_at=happened_at)
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.REPORT_JOINED,
        command=Happened(happened_at=happened_at),
        detail=report_of(actor, reported, child),
        about_id=child.id,
        times=times_of(reported),
    )
