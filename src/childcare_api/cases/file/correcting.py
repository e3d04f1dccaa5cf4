"""Marking a step as entered in error, and saying what goes with it."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file import rules
from childcare_api.cases.file.actions import changed
from childcare_api.cases.file.errors import ClosureStandsOnIt, HarmIsRecorded, NotMarkable
from childcare_api.cases.file.models import CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, fact_of
from childcare_api.cases.placing.keeping import guard_keeper
from childcare_api.shared import clock
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError


async def enter_in_error(
    session: AsyncSession, actor: Actor, file: CaseFile, step: CaseStep, command: EnterInError
) -> list[UUID]:
    """Mark a step as entered in error, and return what no longer counts: it, and what stood on it.

    It stays readable. A closed case is not opened by the way: what its closure stands on is marked after the leader
    has marked the closure itself.
    """
    guard_markable(file, step)
    step.in_error_at, step.in_error_by, step.in_error_reason = clock.now(), actor.id, command.reason
    counted = file.standing.counting
    await changed(session, file, "case.step_entered_in_error", step)
    undone = [one for one in file.steps if one.id in counted - file.standing.counting]
    # Of care elsewhere a death undoes nothing but the end that it was itself.
    if step.kind not in (StepKind.OPENING, StepKind.CHILD_DIED):
        await guard_keeper(session, file, undone)
    guard_harm(file, step, {one.id for one in undone})
    return [one.id for one in undone]


def guard_harm(file: CaseFile, step: CaseStep, undone: AbstractSet[UUID]) -> None:
    """Raise where a mark would take a recorded harm with it, which stands against who had the child (Điều 69.2).

    With its opening a whole case goes; what was found in it stands against the carer all the same.
    """
    says_so = (StepKind.PLACEMENT_VISIT, StepKind.PLACEMENT_ENDED)
    gone = [one for one in file.steps if one.id in undone and one.id != step.id and one.kind in says_so]
    told = [str(one.id) for one in gone if one.informed_at is not None]
    if told and step.kind != StepKind.OPENING:
        raise HarmIsRecorded(harm_step_ids=told)


def guard_markable(file: CaseFile, step: CaseStep) -> None:
    """Raise unless this step may be marked as the file stands."""
    if step.in_error_at is not None:
        raise AlreadyEnteredInError
    if StepKind(step.kind) in rules.NEVER_IN_ERROR:
        raise NotMarkable
    standing = file.standing
    if step.kind == StepKind.PLACEMENT_ENDED and standing.child_died_id in step.stands_on:
        # The death is what may be wrong; without it nobody is in that care, either.
        raise NotMarkable
    if standing.status is CaseStatus.CLOSED and step.id != standing.closure_id and _would_open(file, step):
        raise ClosureStandsOnIt(closure_id=str(standing.closure_id))


def _would_open(file: CaseFile, step: CaseStep) -> bool:
    facts = (fact_of(one) for one in file.steps)
    without = rules.standing_of(replace(fact, in_error=True) if fact.id == step.id else fact for fact in facts)
    return without.status is not CaseStatus.CLOSED
