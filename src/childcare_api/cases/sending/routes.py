"""Addresses of sending a decision."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import details, lock_file, open_file, told
from childcare_api.cases.sending import actions, queries
from childcare_api.cases.sending.errors import DecisionNotInForce
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.sending.schemas import SendDecision, SendingList, SendingOut, WaitingRecipient
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/decisions/{decision_id}/sendings", status_code=201, responses=problems(*RECORDING, DecisionNotInForce))
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
    """Record to whom the decision and its plan were sent, when and how: one recipient at a time (Điều 28.5).

    Each body and provider that the plan names, and a parent or carer. Where that cannot be, say why.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, sending = await actions.send_decision(session, actor, file, decision_id, body)
    return told(SendingOut, file, step, sending)


@router.get("/sendings", responses=problems(NotFound))
async def list_sendings(case_id: UUID, actor: CurrentActor, session: Session) -> SendingList:
    """Read to whom the decisions of a case were sent, and who still has to be told."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "sendings") as file:
        rows = await details(session, file, CaseSending, StepKind.DECISION_SENT)
        waiting = await queries.still_to_be_told(session, file)
        return SendingList(
            row_version=file.case.row_version,
            items=[told(SendingOut, file, step, row) for step, row in rows],
            still_to_be_told=[WaitingRecipient(recipient_kind=kind, recipient=name) for kind, name in waiting],
        )
