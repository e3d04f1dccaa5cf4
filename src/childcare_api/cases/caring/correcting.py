"""Taking back what this commune wrote, about a child in care here, into a case that another one leads."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import announce
from childcare_api.cases.file.correcting import guard_harm
from childcare_api.cases.file.elsewhere import running_clocks, task_of
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing import clocks, queries
from childcare_api.cases.placing.errors import PlacementNotInState
from childcare_api.cases.placing.finding import FIND
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.recording import days_from
from childcare_api.cases.placing.rules import END_TEMPORARY
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError


async def _clocks_again(session: AsyncSession, placing: Placing, placement: CaseStep) -> list[dict[str, Any]]:
    """Return the clocks of a separation, and of care to be found, as they run once a placement no longer counts."""
    file = placing.file
    needs = [await task_of(session, file, FIND, step.happened_at) for step, _ in placing.needs]
    ids = {file.standing.separation_id, *placement.stands_on}
    # The latest of both: a child that was separated anew since then is apart by that.
    apart = (step for step in file.steps if step.id in ids and step.kind == StepKind.SEPARATION)
    separation = max(apart, key=lambda step: step.position, default=None)
    if separation is None:
        return needs
    ends = [step.ends_at for step in file.counting(StepKind.SEPARATION_EXTENDED) if separation.id in step.stands_on]
    until = max(at for at in (separation.ends_at, *ends) if at is not None)
    return [*needs, *await running_clocks(session, file, separation, until)]


async def _ended_again(session: AsyncSession, placing: Placing, end: CaseStep) -> list[dict[str, Any]]:
    """Return the task to end care that was given at once, as it runs by each day since: it is in force again.

    What became of the separation after that end is not seen from here.
    """
    given = (step for step, one in placing.placements if step.id == end.about_id and one.temporary)
    days = [at for step in given for at in days_from(step.happened_at)]
    return [await task_of(session, placing.file, END_TEMPORARY, at) for at in days]


async def mark_in_error(
    session: AsyncSession, actor: Actor, placing: Placing, step: CaseStep, command: EnterInError
) -> CaseStep:
    """Mark a step that this commune wrote into another's case; its clocks run again from where they ran before."""
    file = placing.file
    if not file.elsewhere:
        raise PlacementNotInState(why="own_case")
    if step.in_error_at is not None:
        raise AlreadyEnteredInError
    again = await _clocks_again(session, placing, step) if step.kind == StepKind.PLACEMENT else []
    if step.kind == StepKind.PLACEMENT_ENDED:
        again = await _ended_again(session, placing, step)
    await queries.mark_elsewhere(session, file, step, command.reason, clocks=again)
    counted = file.standing.counting
    marked = await queries.load_again(session, actor, file)
    guard_harm(file, step, counted - marked.file.standing.counting)
    undone = [str(one.id) for one in file.steps if one.id in counted - marked.file.standing.counting]
    await announce(session, file, "case.step_entered_in_error", step, undone=undone)
    await clocks.keep(session, marked, actor.commune_id, actor.holder)
    placing.file = marked.file
    return next(one for one in marked.file.steps if one.id == step.id)
