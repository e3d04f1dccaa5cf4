"""Recording a step of alternative care: in the own case, or through the gate in that of another commune."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import NO_TIMES, StepTimes, announce, guard_state, held, new_step, record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.schemas import Happened
from childcare_api.cases.placing import clocks, queries
from childcare_api.cases.placing.guards import EVENTS_IN_CARE
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd, PlacingDetail
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.rules import END_TEMPORARY, GOES_TO_OTHER_CARE
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared.db import holder_of


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
    await announce(session, file, EVENTS_IN_CARE[kind], step)
    now = await queries.load_again(session, actor, file)
    await clocks.keep(session, now, actor.commune_id, actor.holder)
    return step


async def _clocks_there(
    session: AsyncSession, placing: Placing, step: CaseStep, detail: PlacingDetail | None
) -> list[dict[str, Any]]:
    """Return the tasks that whoever leads the case has by a step.

    To end care that was given at once here, and to find other care for a child whose care ended here.
    """
    case, runs_from, rule = placing.file.case, None, clocks.FIND
    if isinstance(detail, CasePlacement) and detail.temporary:
        given = replace(placing, placements=[*placing.placements, (step, detail)])
        rule, runs_from = END_TEMPORARY, (await clocks.end_temporary(session, given)).runs_from
    elif isinstance(detail, CasePlacementEnd) and detail.goes_to in GOES_TO_OTHER_CARE:
        runs_from = step.happened_at
    if runs_from is None:
        return []
    return [
        await deadlines.prepare(
            session,
            rule,
            subject_kind="case",
            subject_id=case.id,
            holder=holder_of(case),
            from_instant=runs_from,
            emergency=case.emergency,
        )
    ]
