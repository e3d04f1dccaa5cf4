"""Asking the commune where a carer lives to decide, and what becomes of the question (Điều 42.5, 42.8)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.alternative_care.errors import on_no_list
from childcare_api.cases.file.actions import record_step, revoke_grant
from childcare_api.cases.file.grants import OF_CARER
from childcare_api.cases.file.models import CaseGrant, CaseStep, StepKind
from childcare_api.cases.file.queries import end_tasks, grants_of
from childcare_api.cases.file.schemas import Happened, RevokeGrant
from childcare_api.cases.placing import clocks, harm, queries, rules
from childcare_api.cases.placing.candidates import is_offered
from childcare_api.cases.placing.errors import (
    PlacementAnswered,
    PlacementElsewhere,
    PlacementNotInState,
    PlacementNotReady,
)
from childcare_api.cases.placing.models import CasePlacementRequest
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.recording import record_placing
from childcare_api.cases.placing.schemas import DeclinePlacementRequest, RequestPlacement, WithdrawPlacementRequest
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import no_such_record
from childcare_api.units.queries import find_commune, holder_of_unit
from childcare_api.units.refusals import own_commune


async def request_placement(
    session: AsyncSession, actor: Actor, placing: Placing, command: RequestPlacement
) -> tuple[CaseStep, CasePlacementRequest]:
    """Ask another commune to decide: it sees from now on what the child's care needs it to see, and gets a task.

    Of a sealed case its leader does, and whom that leader names.
    """
    case = placing.file.case
    unit = await find_commune(session, command.commune_id)
    if unit is None:
        raise no_such_record("/commune_id")
    if unit.id == case.commune_id:
        raise own_commune("/commune_id")
    if command.carer_id is not None:
        if not await is_offered(session, command.carer_id, command.commune_id):
            raise on_no_list()
        harmed = (await harm.against(session, placing, [command.carer_id])).get(command.carer_id, [])
        if harmed:
            # That commune could only decline: no decision gives a child there (Luật Trẻ em, Điều 63.2, 69.2).
            raise PlacementNotReady(missing=[lack.told() for lack in harmed])
    request = CasePlacementRequest(
        carer_commune_id=command.commune_id,
        carer_id=command.carer_id,
        relation=command.relation,
        message=command.message,
    )
    step = await record_placing(
        session, actor, placing, kind=StepKind.PLACEMENT_REQUESTED, command=command, detail=request
    )
    await _let_see(session, actor, placing, command.commune_id)
    there_held = (await holder_of_unit(session, command.commune_id)).columns()
    await deadlines.start(
        session,
        clocks.ANSWER,
        subject_kind="placement_request",
        subject_id=step.id,
        holder=there_held,
        from_instant=step.happened_at,
        origin_unit_id=actor.unit_id,
    )
    await session.flush()
    return step, request


async def _let_see(session: AsyncSession, actor: Actor, placing: Placing, commune_id: int) -> None:
    """Let the carer's commune see what concerns the child's care, as 42.5 and 42.8 ask, until the leader revokes it."""
    case, now = placing.file.case, clock.now()
    grant = CaseGrant(
        **holder_of(case),
        id=new_id(),
        origin_commune_id=actor.commune_id,
        case_id=case.id,
        granted_commune_id=commune_id,
        reason=OF_CARER,
        kinds=sorted(kind.value for kind in rules.SEEN_BY_CARERS_COMMUNE),
        valid_from=clock.day_of(now),
        valid_to=None,
        granted_at=now,
        granted_by=actor.id,
        revoked_at=None,
        revoked_by=None,
    )
    session.add(grant)
    await record_step(session, actor, placing.file, kind=StepKind.GRANT, command=Happened(), about_id=grant.id)


async def decline_placement(
    session: AsyncSession, actor: Actor, placing: Placing, request_id: UUID, command: DeclinePlacementRequest
) -> tuple[CaseStep, CasePlacementRequest]:
    """Answer that no carer here takes the child in."""
    step, request = queries.get_of(placing.requests, request_id)
    if request.carer_commune_id != actor.commune_id:
        raise PlacementElsewhere
    require_unanswered(placing, step)
    await record_placing(
        session,
        actor,
        placing,
        kind=StepKind.PLACEMENT_DECLINED,
        command=command,
        detail=None,
        about_id=step.id,
        stands_on=[step.id],
        note=command.reason,
    )
    return step, request


async def withdraw_request(
    session: AsyncSession, actor: Actor, placing: Placing, request_id: UUID, command: WithdrawPlacementRequest
) -> tuple[CaseStep, CasePlacementRequest]:
    """Take a question back before it is answered: nobody there waits for it any more, nor sees the child for it."""
    step, request = queries.get_of(placing.requests, request_id)
    require_unanswered(placing, step)
    await record_placing(
        session,
        actor,
        placing,
        kind=StepKind.PLACEMENT_WITHDRAWN,
        command=command,
        detail=None,
        about_id=step.id,
        stands_on=[step.id],
        note=command.reason,
    )
    await end_tasks(session, step.id, reason="withdrawn")
    await _let_see_no_more(session, actor, placing, request.carer_commune_id, command)
    return step, request


async def _let_see_no_more(
    session: AsyncSession, actor: Actor, placing: Placing, commune_id: int, command: WithdrawPlacementRequest
) -> None:
    """End what that commune saw of the child's care, unless it is asked something else or has the child in care."""
    if placing.followed_by(commune_id):
        return
    for grant in await grants_of(session, placing.file.case):
        seen_by = (grant.reason, grant.granted_commune_id, grant.valid_to, grant.revoked_at)
        if seen_by == (OF_CARER, commune_id, None, None):
            await revoke_grant(session, actor, placing.file, grant.id, RevokeGrant(reason=command.reason))


def require_unanswered(placing: Placing, request: CaseStep) -> None:
    """Raise unless a question counts and waits for its answer."""
    if not placing.file.counts(request):
        raise PlacementNotInState(why="request_in_error")
    if placing.answered_at(request) is not None:
        raise PlacementAnswered
