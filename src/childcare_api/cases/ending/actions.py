"""Reopening, and what happens to a child while its case is open: events with consequences, never deletions."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.caring.ending import end_by_death
from childcare_api.cases.ending import queries
from childcare_api.cases.ending.errors import NobodyToPlanFor, RecordedBefore, StillAChild
from childcare_api.cases.ending.models import CaseDeath
from childcare_api.cases.ending.schemas import RecordDeath, RecordSixteenth, ReopenCase
from childcare_api.cases.file.actions import guard_state, record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.joining.actions import take_in_missed
from childcare_api.children import rules as children
from childcare_api.shared import clock
from childcare_api.shared.problems import Spoken
from childcare_api.shared.refusals import too_early

_OF_DEATH = Spoken("the day of the death (`died_on`)", "ngày trẻ em tử vong (`died_on`)")


async def reopen_case(session: AsyncSession, actor: Actor, file: CaseFile, command: ReopenCase) -> CaseStep:
    """Open a closed case again; a plan is built once more, as after a review that found risk (Điều 30.1 c).

    What was added to its reports meanwhile, while a brother's case went on, comes into it.
    """
    guard_state(file, StepKind.REOPENING)
    standing = file.standing
    if standing.child_died_id is not None or standing.turned_sixteen_id is not None:
        raise NobodyToPlanFor
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.REOPENING,
        command=command,
        stands_on=[standing.closure_id],
        note=command.reason,
    )
    await take_in_missed(session, actor, file, step.happened_at)
    return step


async def record_death(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordDeath
) -> tuple[CaseStep, CaseDeath]:
    """Record that the child died: no clock runs any more, what was being drafted lapses, the leader closes the case.

    The care that it was in is over by it, wherever the carer lives.
    """
    guard_state(file, StepKind.CHILD_DIED)
    if file.standing.child_died_id is not None:
        raise RecordedBefore
    # A death of before the report may be what is reported; only nobody dies before being born.
    born_on = await queries.birthday_of(session, file)
    if born_on is not None and command.died_on < born_on:
        raise too_early("/died_on", born_on)
    if clock.day_of(command.happened_at or clock.now()) < command.died_on:
        raise too_early("/happened_at", command.died_on, _OF_DEATH)
    death = CaseDeath(died_on=command.died_on, document_number=command.document_number)
    step = await record_step(
        session, actor, file, kind=StepKind.CHILD_DIED, command=command, detail=death, note=command.note
    )
    await end_by_death(session, actor, file, step, command.died_on)
    return step, death


async def record_sixteenth(session: AsyncSession, actor: Actor, file: CaseFile, command: RecordSixteenth) -> CaseStep:
    """Record that the child turned 16 (Luật Trẻ em, Điều 1): a plan in force runs to its review, nothing new begins."""
    guard_state(file, StepKind.TURNED_SIXTEEN)
    if file.standing.turned_sixteen_id is not None:
        raise RecordedBefore
    born_on = await queries.birthday_of(session, file)
    if born_on is None and file.case.child_estimated_age is not None:
        guessed = children.birthday_of_age(file.case.child_estimated_age, clock.day_of(file.case.received_at))
        born_on = children.earliest_birthday(guessed, "estimated")
    if born_on is not None and children.is_child_on(born_on, clock.day_of(command.happened_at or clock.now())):
        raise StillAChild
    return await record_step(session, actor, file, kind=StepKind.TURNED_SIXTEEN, command=command, note=command.note)
