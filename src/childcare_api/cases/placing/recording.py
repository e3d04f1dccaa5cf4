"""Recording a step of alternative care: in the own case, or through the gate in that of another commune."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import NO_TIMES, StepTimes, announce, guard_state, held, new_step, record_step
from childcare_api.cases.file.elsewhere import task_of
from childcare_api.cases.file.events import EVENT_NAMES
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.schemas import Happened
from childcare_api.cases.placing import clocks, queries
from childcare_api.cases.placing.finding import FIND
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd, PlacingDetail
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.rules import END_AT_FACILITY, END_TEMPORARY
from childcare_api.cases.sending.models import CaseSending
from childcare_api.shared import clock

_WAITED_FOR = (
    *(StepKind.PLACEMENT, StepKind.PLACEMENT_DECLINED, StepKind.PLACEMENT_ENDED),
    StepKind.DECISION_SENT,
)
"""What whoever leads the case waits for from the commune of a carer."""


async def record_placing(
    session: AsyncSession,
    actor: Actor,
    placing: Placing,
    *,
    kind: StepKind,
    command: Happened,
    detail: PlacingDetail | None,
    about_id: UUID | None = None,
    stands_on: list[UUID] | None = None,
    happened_at: datetime | None = None,
    note: str | None = None,
    times: StepTimes = NO_TIMES,
) -> CaseStep:
    """Record a step in the own case, or through the gate in that of another commune, and keep the clocks of both."""
    file = placing.file
    if detail is not None:
        detail.origin_commune_id = actor.commune_id or 0
    if not file.elsewhere:
        return await record_step(
            session,
            actor,
            file,
            kind=kind,
            command=command,
            detail=detail,
            happened_at=happened_at,
            about_id=about_id,
            stands_on=stands_on or [],
            note=note,
            times=times,
        )
    guard_state(file, kind)
    step = new_step(
        actor,
        file,
        kind=kind,
        step_id=command.id,
        happened_at=happened_at or command.happened_at,
        stands_on=stands_on or [],
        about_id=about_id,
        note=note,
        times=times,
    )
    file.standing.counting.add(step.id)
    clocks_there = await _clocks_there(session, placing, step, detail)
    await queries.act_elsewhere(session, file, step, None if detail is None else held(detail, step), clocks_there)
    await announce(session, file, EVENT_NAMES[kind], step)
    now = await queries.load_again(session, actor, file)
    await clocks.keep(session, now, actor.commune_id, actor.holder, step.happened_at)
    return step


async def _clocks_there(
    session: AsyncSession, placing: Placing, step: CaseStep, detail: PlacingDetail | None
) -> list[dict[str, Any]]:
    """Return the tasks of whoever leads the case as they would run by a step: to find care, or to end it.

    The gate judges which of them do: what others answered is not seen from here.
    """
    if step.kind not in _WAITED_FOR:
        return []
    given = [(step, detail)] if isinstance(detail, CasePlacement) else []
    ended = [(step, detail)] if isinstance(detail, CasePlacementEnd) else []
    sent = [(step, detail)] if isinstance(detail, CaseSending) else []
    then = replace(
        placing,
        placements=[*placing.placements, *given],
        ends=[*placing.ends, *ended],
        sendings=[*placing.sendings, *sent],
    )
    facility = next((one for one in then.in_force() if one[1].provider_id is not None), None)
    wanted = [
        *((FIND, at) for at in days_from(step.happened_at)),
        (END_TEMPORARY, (await clocks.end_temporary(session, then)).runs_from),
        (END_AT_FACILITY, clocks.leave_facility(then, facility).runs_from),
    ]
    return [await task_of(session, placing.file, rule, since) for rule, since in wanted if since is not None]


def days_from(first: datetime) -> list[datetime]:
    """Return a moment of each day from one on to today, for the gate alone knows on which of them a clock began."""
    days = (clock.today() - clock.day_of(first)).days
    return [first + timedelta(days=one) for one in range(days + 1)]
