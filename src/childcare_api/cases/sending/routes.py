"""Addresses of sending a decision."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.alternative_care.facility_lists.queries import listed_for
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.queries import open_file
from childcare_api.cases.placing.errors import PlacementElsewhere
from childcare_api.cases.placing.queries import load, lock_placing
from childcare_api.cases.sending import actions, queries
from childcare_api.cases.sending.errors import DecisionNotInForce
from childcare_api.cases.sending.schemas import SendDecision, SendingList, SendingOut, ToldByList, WaitingRecipient
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post(
    "/decisions/{decision_id}/sendings",
    status_code=201,
    responses=problems(*RECORDING, DecisionNotInForce, PlacementElsewhere, ValidationFailed),
)
async def send_decision(
    case_id: UUID,
    decision_id: UUID,
    body: SendDecision,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> SendingOut:
    """Record to whom a decision was sent, when and how: one recipient at a time. Where that cannot be, say why.

    The approval of a plan, with it, goes to each body and provider that the plan names, and a parent or carer (Điều
    28.5). A placement (its id is the decision's) that gives a child of a facility to a carer goes to that facility and
    to who is competent to end its care (Điều 45.4; TT 14/2020, Điều 11.4): the commune that decided sends it.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await lock_placing(session, actor, case_id, if_match)
    step, sending = await actions.send_decision(session, actor, placing, decision_id, body)
    (answer,) = await queries.sendings_out(session, placing.file, [(step, sending)])
    return answer


@router.get("/sendings", responses=problems(NotFound))
async def list_sendings(case_id: UUID, actor: CurrentActor, session: Session) -> SendingList:
    """Read to whom the decisions of a case were sent, and who still has to be told."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "sendings") as file:
        placing = await load(session, file)
        waiting = [(file.standing.decision_id, *one) for one in await queries.still_to_be_told(session, file)]
        by_list = []
        for step, placement in placing.placements:
            listed = await listed_for(session, step.id) if step.id in placing.left_lists else None
            if listed is not None and listed.answered_at is not None:
                told_at = listed.answered_at
                by_list.append(ToldByList(decision_id=step.id, facility_child_id=listed.id, told_at=told_at))
            if placing.is_in_force(step) and actor.commune_id in (None, placing.keeper_of(placement)):
                untold = await queries.still_to_be_told_of(session, placing, step, placement)
                waiting += [(step.id, *one) for one in untold]
        return SendingList(
            row_version=file.case.row_version,
            items=await queries.sendings_out(session, file, placing.sendings),
            told_by_list=by_list,
            still_to_be_told=[
                WaitingRecipient.model_validate({"decision_id": decision, "recipient_kind": kind, "recipient": name})
                for decision, kind, name in waiting
            ],
        )
